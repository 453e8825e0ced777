"""The drawing: lanes, lines that keep off the boxes, nothing lost."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.assessment_example import example
from tests.support.assessment_hostile import hostile
from tests.support.example_names import SITE

from plantproof.model.assessment import CrossingRow, UnitResult
from plantproof.reports.drawing import draw_site
from plantproof.reports.drawing_layout import BOX_HEIGHT, BOX_WIDTH, Layout, lay_out
from plantproof.reports.view import build_view
from plantproof.reports.view_types import SiteView


def site_of(levels: list[float], conduits: list[list[int]], shadows: list[tuple[int, int]]) -> SiteView:
    given_ = example()
    zones = [
        UnitResult(site=SITE, kind="zone", id=f"z{i}", title=f"Zone {i}", purdue_level=level)
        for i, level in enumerate(levels)
    ]
    joined = [
        UnitResult(
            site=SITE, kind="conduit", id=f"c{i}", title=f"Conduit {i}", zones=[f"z{n % len(levels)}" for n in ends]
        )
        for i, ends in enumerate(conduits)
    ]
    crossings = [
        CrossingRow(site=SITE, src_zone=f"z{a % len(levels)}", dst_zone=f"z{b % len(levels)}", service="tcp/1")
        for a, b in shadows
    ]
    site = msgspec.structs.replace(given_.sites[0], zones=zones, conduits=joined, crossings=crossings)
    return build_view(msgspec.structs.replace(given_, sites=[site], gaps=[], causes=[])).sites[0]


SITES = st.builds(
    site_of,
    st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0, 3.5, 4.0, 5.0]), min_size=1, max_size=14),
    st.lists(st.lists(st.integers(0, 13), min_size=2, max_size=4), max_size=10),
    st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=8),
)


def inside(layout: Layout, x: int, y: int) -> bool:
    return any(box.x < x < box.x + BOX_WIDTH and box.y < y < box.y + BOX_HEIGHT for box in layout.boxes)


@settings(max_examples=60)
@given(SITES)
def test_boxes_never_overlap_and_lines_bend_outside_of_them(site: SiteView) -> None:
    layout = lay_out(site)
    assert len(layout.boxes) == len(site.zones)
    for one in layout.boxes:
        assert 0 <= one.x <= layout.width - BOX_WIDTH
        assert one.y + BOX_HEIGHT <= layout.height
        for other in layout.boxes:
            apart = abs(one.x - other.x) >= BOX_WIDTH or abs(one.y - other.y) >= BOX_HEIGHT
            assert one is other or apart
    for line in layout.lines:
        assert not any(inside(layout, x, y) for x, y in line.points)


@settings(max_examples=30)
@given(SITES)
def test_the_drawing_is_xml_and_names_every_zone(site: SiteView) -> None:
    text = str(draw_site(site, lambda kind, identity: f"{kind}/{identity}.html"))
    root = ElementTree.fromstring(text)  # noqa: S314 - our own output
    assert len([g for g in root.iter() if (g.get("class") or "").startswith("zone zone-")]) == len(site.zones)


def test_what_passes_without_a_conduit_is_dashed_and_told() -> None:
    text = str(draw_site(build_view(example()).sites[0], lambda kind, identity: "x"))
    assert text.count('class="shadow"') == 1
    assert "No conduit allows: tcp/3389" in text
    assert "<title id=" in text
    assert "<desc id=" in text


def test_a_crossing_to_outside_all_zones_is_counted() -> None:
    site = site_of([1.0, 2.0], [[0, 1]], [])
    crossing = example().sites[0].crossings[2]
    outside = msgspec.structs.replace(crossing, dst_zone="nowhere")
    given_ = example()
    made = msgspec.structs.replace(given_.sites[0], crossings=[outside])
    assert lay_out(build_view(msgspec.structs.replace(given_, sites=[made])).sites[0]).outside == 1
    assert lay_out(site).outside == 0


def test_hostile_names_are_text_in_the_drawing() -> None:
    text = str(draw_site(build_view(hostile()).sites[0], lambda kind, identity: "x"))
    ElementTree.fromstring(text)  # noqa: S314 - our own output
    assert "<script" not in text
