"""The diagram of zones: every line of a grammar so narrow that nothing in it can mean anything else."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.delta_example import PATHS, VENDOR

from plantproof.reports.mermaid import MOST, zones_diagram

LABEL = r"\"[\w +~.,/:·…-]{1,60}\""
LINE = re.compile(rf"flowchart LR|  z\d+\[{LABEL}\]|  z\d+ (==>|-->|-\.->)\|{LABEL}\| z\d+")
TEXT = st.text(min_size=1, max_size=90)


def test_ways_are_arrows_between_zones_by_their_titles() -> None:
    assert zones_diagram(PATHS).splitlines() == [
        "flowchart LR",
        '  z0["Office"]',
        '  z1["plant-dmz"]',
        '  z2["Filling cell"]',
        '  z0 -.->|"narrower: ip"| z1',
        '  z1 ==>|"opened: tcp/3389"| z2',
    ]


def test_zones_of_two_sites_are_two() -> None:
    elsewhere = msgspec.structs.replace(PATHS[1], site="elsewhere")
    assert zones_diagram([PATHS[1], elsewhere]).count('["Filling cell"]') == 2


def test_many_services_are_counted() -> None:
    services = [msgspec.structs.replace(VENDOR, service=f"tcp/{number}") for number in range(10, 20)]
    assert '|"opened: tcp/10, tcp/11, tcp/12 and 7 more"|' in zones_diagram(
        [msgspec.structs.replace(PATHS[1], opened=services)]
    )


@pytest.mark.parametrize(("count", "drawn"), [(0, False), (1, True), (MOST, True), (MOST + 1, False)])
def test_none_is_drawn_of_nothing_and_of_too_much(count: int, drawn: bool) -> None:
    changes = [msgspec.structs.replace(PATHS[1], dst_zone=f"z{number}") for number in range(count)]
    assert bool(zones_diagram(changes)) == drawn


@given(TEXT, TEXT, TEXT)
def test_no_name_leaves_its_label(source: str, destination: str, service: str) -> None:
    vendor = msgspec.structs.replace(VENDOR, service=service)
    change = msgspec.structs.replace(PATHS[1], src_title=source, dst_title=destination, opened=[vendor])
    lines = zones_diagram([change]).split("\n")
    assert len(lines) == 4
    assert [line for line in lines if not LINE.fullmatch(line)] == []


@pytest.mark.parametrize("title", ["1. Line", "2) Line", "- Line", "+ Line"])
def test_no_label_begins_like_a_list(title: str) -> None:
    """Mermaid takes such a label for Markdown, and draws `Unsupported markdown: list` in its place."""
    drawn = zones_diagram([msgspec.structs.replace(PATHS[1], src_title=title)])
    assert not re.search(r"\[\"(\d+[.)]|[-+*])\s", drawn)
    assert "Line" in drawn
