"""Devices that stand in one zone now, and stood in two: nothing bars the way between them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import pytest
from tests.support import mapper_world as world
from tests.support.delta_example import example_delta
from tests.support.review_world import PASS, judged

from plantproof.model.approvals import OpenedPath
from plantproof.model.delta import SiteDelta
from plantproof.plant.zones import UNPLACED
from plantproof.review.judged import JudgedSite
from plantproof.review.site_delta import Revisions
from plantproof.review.stood_apart import stood, stood_apart
from plantproof.review.what_moved import TOGETHER, what_moved

APART = {"plc-1": ("line",), "sis-1": ("safety",)}
SAFETY = frozenset({"safety"})


def side(places: Mapping[str, tuple[str, ...]], **more: object) -> JudgedSite:
    """A site whose assets stand in these zones."""
    built = world.simple(dict.fromkeys(places, PASS), where=places)
    return msgspec.structs.replace(judged({}), plant=msgspec.structs.replace(built.plant, **more))


def together(before: JudgedSite, after: JudgedSite) -> list[tuple[str, str]]:
    return sorted(set(stood_apart(stood(before, after), SAFETY)))


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (APART, []),
        ({"plc-1": ("line",), "sis-1": ("cell",)}, []),
        ({"plc-1": ("line",), "sis-1": ("line",)}, [("line", "safety")]),
        ({"plc-1": ("safety",), "sis-1": ("safety",)}, [("line", "safety")]),
        ({"plc-1": ("line", "safety"), "sis-1": ("safety",)}, [("line", "safety")]),
        ({"plc-1": ("new",), "sis-1": ("new",)}, [("line", "safety")]),
        ({"plc-1": ("line",), "sis-1": ("safety",), "plc-9": ("safety",)}, []),
    ],
)
def test_what_stands_in_one_zone_now_reaches_each_other(
    after: dict[str, tuple[str, ...]], found: list[tuple[str, str]]
) -> None:
    assert together(side(APART), side(after)) == found


def test_what_stood_together_before_and_whose_place_is_not_certain_opens_nothing() -> None:
    joined = {"plc-1": ("line", "safety"), "sis-1": ("safety",)}
    assert together(side(joined), side({"plc-1": ("safety",), "sis-1": ("safety",)})) == []
    lost = side({"plc-1": ("line", "safety"), "sis-1": ("safety",)}, placement={"plc-1": UNPLACED})
    assert together(side(APART), lost) == []


def test_an_asset_keeps_its_place_through_a_merger() -> None:
    merged = msgspec.structs.replace(side({"plc-9": ("safety",), "sis-1": ("safety",)}), canonical={"plc-1": "plc-9"})
    assert together(side(APART), merged) == [("line", "safety")]


def test_a_zone_of_safety_that_is_merged_is_a_way_to_its_functions() -> None:
    """The zone has lost its kind and its functions with its name; what stands in it has not."""
    zones = [world.zone("line"), world.zone("safety", kind="safety")]
    base = side(APART, site=world.site(zones))
    head = side({"plc-1": ("line",), "sis-1": ("line",)}, site=world.site(zones[:1]))
    name = base.plant.site.id
    delta = msgspec.structs.replace(example_delta(), sites=[SiteDelta(site=name, title="Works")])
    moved = what_moved(delta, {name: Revisions(base=base, head=head)}, {}, [])
    assert moved.paths == {OpenedPath(name, "line", "safety", TOGETHER, safety=True)}
