"""Records that point at the subject: present, absent, not covered, incomplete, disputed."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.policy_world import column, observe, plant_of, policy_source, table, words

from plantproof.model.plant import Plant
from plantproof.model.vocabulary import Method
from plantproof.policies.embedded import EmbeddedEngine

JOIN = policy_source(
    "violations contains v if {\n\tsome setting in input.joins.setting\n\tsetting.value == true\n"
    '\tv := {"message": setting.key, "seen": count(input.joins.setting)}\n}\n',
    "joins:\n  setting:\n    where:\n      key: [telnet.enabled]\n    fields: [key, value]\n    covered: required",
)


def plant(keys: list[Any], values: list[Any], rows: list[int], covered: list[int], **given: Any) -> Plant:
    settings = table(
        "setting",
        len(keys),
        {"key": column(keys), "value": column(values, disputed=given.pop("disputed", {}))},
        asset_rows=rows,
        fresh=given.pop("fresh", [1] * len(keys)),
    )
    names = given.pop("covered_as", "setting")
    return plant_of(table("asset", len(covered)), settings, covered={names: covered})


def test_joined_records_are_judged(engine: EmbeddedEngine) -> None:
    keys = ["telnet.enabled", "telnet.enabled", "ssh.enabled"]
    found = observe(engine, JOIN, plant(keys, [True, False, True], [0, 1, 1], [1, 1]))
    assert words(found) == ["fail", "pass"]


def test_empty_join_is_a_pass_only_where_a_source_speaks(engine: EmbeddedEngine) -> None:
    found = observe(engine, JOIN, plant(["ssh.enabled"], [True], [0], [1, 0]))
    assert words(found) == ["pass", "no-evidence: not-covered"]
    optional = JOIN.replace("covered: required", "covered: optional")
    assert words(observe(engine, optional, plant(["ssh.enabled"], [True], [0], [1, 0]))) == ["pass", "pass"]


def test_source_that_covers_one_key_only(engine: EmbeddedEngine) -> None:
    found = observe(engine, JOIN, plant([], [], [], [1, 0], covered_as="setting:telnet.enabled"))
    assert words(found) == ["pass", "no-evidence: not-covered"]
    found = observe(engine, JOIN, plant([], [], [], [1, 1], covered_as="setting:ssh.enabled"))
    assert words(found) == ["no-evidence: not-covered"] * 2


def test_record_that_nobody_reports_any_more_is_not_joined(engine: EmbeddedEngine) -> None:
    found = observe(engine, JOIN, plant(["telnet.enabled"], [True], [0], [0], fresh=[0]))
    assert words(found) == ["no-evidence: not-covered"]


def test_a_narrower_role_brings_its_records_too(engine: EmbeddedEngine) -> None:
    """A policy for servers is for historians: their records are joined like those of a server. A panel is neither."""
    servers = JOIN.replace("#   joins:", "#   for:\n#     role: [server]\n#   joins:", 1)
    settings = table(
        "setting", 3, {"key": column(["telnet.enabled"] * 3), "value": column([True] * 3)}, asset_rows=[0, 1, 2]
    )
    assets = table("asset", 3, {"role": column(["historian", "server", "hmi"])})
    found = observe(engine, servers, plant_of(assets, settings, covered={"setting": [1, 1, 1]}))
    assert words(found) == ["fail", "fail", "not-applicable"]


def test_pass_that_rests_on_an_incomplete_record_is_none(engine: EmbeddedEngine) -> None:
    key = "telnet.enabled"
    found = observe(engine, JOIN, plant([key, key, key], [None, None, True], [0, 1, 1], [1, 1]))
    assert words(found) == ["no-evidence: missing-field", "fail"]
    assert found.reasons[0] == ("missing-field", "value of a setting record is unknown")
    optional = JOIN.replace("[key, value]", '[key, "value?"]')
    assert words(observe(engine, optional, plant([key], [None], [0], [1]))) == ["pass"]


def test_record_that_may_match_is_incomplete(engine: EmbeddedEngine) -> None:
    assert words(observe(engine, JOIN, plant([None], [True], [0], [1]))) == ["no-evidence: missing-field"]


def test_disputed_record(engine: EmbeddedEngine) -> None:
    keys = ["telnet.enabled"] * 2
    found = observe(engine, JOIN, plant(keys, [False, 0], [0, 1], [1, 1], disputed={0: [False, True], 1: [0, 1]}))
    assert words(found) == ["fail", "no-evidence: disputed"]


def test_too_many_disputes_are_given_up(engine: EmbeddedEngine) -> None:
    count = 6
    disputed = {row: [False, 0] for row in range(count)}
    found = observe(
        engine, JOIN, plant(["telnet.enabled"] * count, [False] * count, [0] * count, [1], disputed=disputed)
    )
    assert words(found) == ["no-evidence: disputed"]


def test_records_are_sorted_and_complete(engine: EmbeddedEngine) -> None:
    keys, values = ["telnet.enabled"] * 3, [3, True, 1]
    one = observe(engine, JOIN, plant(keys, values, [0, 0, 0], [1]))
    other = observe(engine, JOIN, plant(keys, values[::-1], [0, 0, 0], [1]))
    assert one == other
    assert one.violations[0][0].seen == 3


def test_method_of_joined_records_counts(engine: EmbeddedEngine) -> None:
    made = plant(["telnet.enabled", "ssh.enabled"], [False, True], [0, 0], [1])
    made.tables["setting"].columns["value"].methods = bytearray([Method.DECLARED, Method.ATTESTED])
    assert list(observe(engine, JOIN, made).methods) == [Method.DECLARED]


ZONE = policy_source(
    'violations contains v if {\n\tsome asset in input.joins.asset\n\tasset.role == "hmi"\n'
    '\tv := {"message": input.id}\n}\n',
    "reads:\n  id: required\njoins:\n  asset:\n    fields: [role]",
    subject="zone",
)


def test_assets_of_a_zone(engine: EmbeddedEngine) -> None:
    names = ["cell", "dmz", "void"]
    zones = table("zone", 3, {"id": column(names)}, ids=names, zones=[(name,) for name in names])
    assets = table("asset", 3, {"role": column(["hmi", "plc", "plc"])}, zones=[("cell",), ("dmz",), ("dmz",)])
    assert words(observe(engine, ZONE, plant_of(zones, assets))) == ["fail", "pass", "no-evidence: not-covered"]


def of_either(first: int, value: bool, covered: list[int], *, must: bool = False) -> tuple[str, Plant]:
    """A setting that one source has on asset 0, another on asset 1; `first` is shown. `must`: a policy that fails where
    there is none."""
    body = JOIN
    if must:
        body = JOIN.replace(
            "some setting in input.joins.setting\n\tsetting.value == true", "not input.joins.setting[0]"
        )
        body = body.replace("setting.key", '"none"')
    owners = ["asset-0", "asset-1"] if first == 0 else ["asset-1", "asset-0"]
    settings = table(
        "setting",
        1,
        {
            "asset": column(owners[:1], disputed={0: owners}),
            "key": column(["telnet.enabled"]),
            "value": column([value]),
        },
        asset_rows=[first],
    )
    return body, plant_of(table("asset", 2), settings, covered={"setting": covered})


@pytest.mark.parametrize("first", [0, 1])
def test_a_record_on_whose_asset_sources_differ_may_be_any_of_theirs(first: int, engine: EmbeddedEngine) -> None:
    """Whichever is shown first: it fails where it may be, and passes nowhere that it alone speaks for."""
    assert words(observe(engine, *of_either(first, value=True, covered=[1, 1]))) == ["fail", "fail"]
    assert words(observe(engine, *of_either(first, value=True, covered=[0, 0]))) == ["fail", "fail"]
    assert words(observe(engine, *of_either(first, value=False, covered=[1, 0]))) == ["no-evidence: disputed"] * 2


@pytest.mark.parametrize("first", [0, 1])
def test_what_may_be_anothers_is_no_record_to_pass_by(first: int, engine: EmbeddedEngine) -> None:
    assert words(observe(engine, *of_either(first, value=False, covered=[1, 1], must=True))) == ["fail", "fail"]
    found = words(observe(engine, *of_either(first, value=False, covered=[0, 0], must=True)))
    assert found == ["no-evidence: disputed"] * 2


@pytest.mark.parametrize("first", ["asset-0", "asset-1"])
def test_a_subject_is_judged_by_the_records_of_every_asset_that_it_may_be_of(
    first: str, engine: EmbeddedEngine
) -> None:
    """An account of asset 0 or of asset 1; telnet is on at asset 1."""
    policy = JOIN.replace("subject: asset", "subject: account")
    both = [first, "asset-1" if first == "asset-0" else "asset-0"]
    accounts = table("account", 1, {"asset": column([first], disputed={0: both})}, asset_rows=[int(first[-1])])
    settings = {"key": column(["telnet.enabled"]), "value": column([True])}
    built = plant_of(
        table("asset", 2), accounts, table("setting", 1, settings, asset_rows=[1]), covered={"setting": [1, 1]}
    )
    assert words(observe(engine, policy, built)) == ["fail"]


@pytest.mark.parametrize("first", [0, 1])
def test_what_a_disputed_reference_points_at_is_all_that_it_may_be(first: int, engine: EmbeddedEngine) -> None:
    """An account of the PLC, or of an asset whose role nobody knows."""
    policy = policy_source(
        'violations contains v if {\n\tinput.asset.role == "plc"\n\tv := {"message": "on a PLC"}\n}\n',
        "follow:\n  asset: [role?]",
        subject="account",
    )
    owners = ["asset-0", "asset-1"] if first == 0 else ["asset-1", "asset-0"]
    accounts = table("account", 1, {"asset": column(owners[:1], disputed={0: owners})}, asset_rows=[first])
    assets = table("asset", 2, {"role": column(["plc", None])})
    assert words(observe(engine, policy, plant_of(assets, accounts))) == ["fail"]
    assert words(observe(engine, policy, plant_of(table("asset", 2, {"role": column(["hmi", None])}), accounts))) == [
        "no-evidence: disputed"
    ]
