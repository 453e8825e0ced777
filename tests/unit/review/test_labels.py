"""Calling a device otherwise takes the question away, and closes nothing."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from tests.support import mapper_world as world
from tests.support.review_world import APART, FAIL, PASS, POLICY, judged

from plantproof.model.moves import MIRRORED
from plantproof.model.plant import Column
from plantproof.model.vocabulary import Outcome
from plantproof.review.gap_moves import Moves, gap_moves
from plantproof.review.judged import JudgedSite
from plantproof.review.labels import relabelled


def site(outcomes: Mapping[str, Outcome], **fields: str | bool) -> JudgedSite:
    """A site whose assets all have these values."""
    built = judged(outcomes)
    table = built.plant.tables["asset"]
    for name, value in fields.items():
        values: list[bytes | None] = [msgspec.json.encode(value)] * len(table.ids)
        table.columns[name] = Column(values=values, methods=bytearray(len(values)), disputed={}, stale=set())
    return built


def moved(base: JudgedSite, head: JudgedSite, wanted: Mapping[str, list[str | bool]]) -> Moves:
    return gap_moves(base, head, {POLICY: world.policy(POLICY, for_=dict(wanted))})


ROLES: dict[str, list[str | bool]] = {"role": ["switch"]}


def test_a_gap_of_a_switch_that_is_called_a_sensor_is_not_known_any_more() -> None:
    (move,) = moved(site({"a-1": FAIL}, role="switch"), site({"a-1": APART}, role="sensor"), ROLES).gaps
    assert (move.status, move.was, move.now) == ("unknown-now", "fail", "not-applicable")
    assert move.why == "not asked of it any more: its role is sensor, and was switch"


def test_what_passed_and_is_called_otherwise_is_lost_from_sight() -> None:
    found = moved(site({"a-1": PASS}, role="switch"), site({"a-1": APART}, role="sensor"), ROLES)
    assert [(each.reason, each.why) for each in found.lost] == [("not-asked", "its role is sensor, and was switch")]


def test_a_role_that_is_put_right_is_known_now_and_not_opened() -> None:
    (move,) = moved(site({"a-1": APART}, role="sensor"), site({"a-1": FAIL}, role="switch"), ROLES).gaps
    assert move.status == MIRRORED["unknown-now"] == "known-now"


def test_an_account_that_is_disabled_has_its_gap_closed() -> None:
    before, after = site({"a-1": FAIL}, enabled=True), site({"a-1": APART}, enabled=False)
    assert [move.status for move in moved(before, after, {"enabled": [True]}).gaps] == ["closed"]


def test_a_device_of_another_zone_is_asked_something_else() -> None:
    before, after = site({"a-1": FAIL}), site({"a-1": APART})
    plant = after.plant
    table = plant.tables["asset"]
    elsewhere = msgspec.structs.replace(
        after,
        plant=msgspec.structs.replace(
            plant, tables={**plant.tables, "asset": msgspec.structs.replace(table, zones=[("hall",)])}
        ),
    )
    (move,) = moved(before, elsewhere, {}).gaps
    assert move.status == "unknown-now"
    assert "it lies in hall (not declared)" in move.why


def test_a_gap_that_closes_where_a_zone_is_called_otherwise_says_so() -> None:
    """Asked the same, it passes under the other name: whoever reads the review decides whether that mends it."""
    before, after = judged({"a-1": FAIL}), judged({"a-1": PASS})
    (zone, *others) = after.plant.site.zones
    called = msgspec.structs.replace(after.plant.site, zones=[msgspec.structs.replace(zone, kind="dmz"), *others])
    after = msgspec.structs.replace(after, plant=msgspec.structs.replace(after.plant, site=called))
    (move,) = moved(before, after, {}).gaps
    assert (move.status, move.why) == ("closed", "passes now: it lies in cell (dmz), and lay in cell (control)")


def test_what_is_called_the_same_has_no_words() -> None:
    places = [(site({"a-1": PASS}, role="switch").plant, 0) for _ in range(2)]
    assert relabelled(world.policy(POLICY, for_={"role": ["switch"]}), "asset", *places) == ""
