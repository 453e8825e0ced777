"""A site file is checked at once and as a whole: every mistake, with its line."""

from __future__ import annotations

import pytest

from plantproof.controls.sites import load_site
from plantproof.errors import InputError

PATH = "controls/sites/mill.yaml"

DERIVED = (
    "derived_from: {threat: t, consequence: c, unmitigated_risk: high, tolerable_risk: low, residual_risk: low, "
    "participants: [P], approver: A, date: %s}"
)

GOOD = f"""\
schema: plantproof/site/1
id: mill
title: A mill that does not exist
fictional: true
owner: Plant manager
essential_functions:
  - {{id: stop, title: Stop the press, kind: safety}}
zones:
  - {{id: office, title: Office, kind: business, purdue_level: 4, subnets: [10.1.0.0/16]}}
  - id: cell
    title: Cell
    kind: control
    purdue_level: 2
    subnets: [10.2.0.0/24, "fd00:2::/64"]
    sl_target: [2, 2, 2, 1, 2, 1, 2]
    essential_functions: [stop]
    {DERIVED % "2026-01-01"}
conduits:
  - id: office-cell
    title: Office to cell
    zones: [office, cell]
    permitted:
      - {{from: office, to: cell, services: [tcp/443, udp/161-162, icmp]}}
shared_systems:
  - {{asset: dc-01, serves: [office, cell]}}
expected_assets:
  - {{name: plc-01, zone: cell, role: plc}}
"""


def refusal(text: str) -> list[tuple[int, str]]:
    with pytest.raises(InputError) as error:
        load_site(text.encode(), PATH)
    return [(problem.line, f"{problem.message} ({problem.hint})") for problem in error.value.problems]


def warnings(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in load_site(text.encode(), PATH).warnings]


def test_a_site_in_order_gives_no_word() -> None:
    site, words = load_site(GOOD.encode(), PATH)
    assert [zone.id for zone in site.zones] == ["office", "cell"]
    assert words == []


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("id: mill", "id: will", 2, "the id `will` is not the name of the file"),
        ("  - id: cell", "  - id: Office", 10, "two of the name `Office` (the other in line 9)"),
        ("  - id: office-cell", "  - id: cell", 19, "two of the name `cell` (the other in line 10)"),
        ("zones: [office, cell]", "zones: [office, cel]", 21, "the zone `cel` is not declared (did you mean `cell`?)"),
        ("zones: [office, cell]", "zones: [cell, cell]", 21, "`cell` is named twice"),
        ("from: office", "from: dmz", 23, "the zone `dmz` is not declared (declared: cell, office)"),
        ("to: cell", "to: office", 23, "from `office` to itself"),
        ("tcp/443,", "tcp/99999,", 23, "`tcp/99999` has a port above 65535"),
        ("services: [tcp/443, udp/161-162, icmp]", "services: []", 23, "permits no service"),
        ("serves: [office, cell]", "serves: [office, shop]", 25, "the zone `shop` is not declared"),
        ("zone: cell, role", "zone: sell, role", 27, "the zone `sell` is not declared (did you mean `cell`?)"),
        ("[stop]", "[start]", 16, "the essential function `start` is not declared"),
        ("10.2.0.0/24", "10.2.0.1/24", 14, "`10.2.0.1/24` has host bits (write `10.2.0.0/24`"),
        ("10.2.0.0/24", "10.2.0.0/24, 10.2.0.0/24", 14, "10.2.0.0/24 is in zone `cell` twice (line 14)"),
        ("10.2.0.0/24", "10.1.7.0/24", 14, "10.1.7.0/24 of zone `cell` overlaps 10.1.0.0/16 of zone `office` (line 9)"),
        ("10.2.0.0/24", "10.0.0.0/8", 9, "10.1.0.0/16 of zone `office` overlaps 10.0.0.0/8 of zone `cell` (line 14)"),
        ("sl_target: [2, 2, 2, 1, 2, 1, 2]", "sl_target: [2, 2]", 15, ""),
        ("sl_target: [2, 2, 2, 1, 2, 1, 2]", "sl_target: [2, 2, 2, 1, 2, 1, 5]", 15, ""),
        ("title: Cell", 'title: "Cell\\nof two lines"', 11, "holds a line break or an invisible character"),
        ("title: Cell", 'title: "Cell\\e[31m"', 11, "holds a line break or an invisible character"),
        ("name: plc-01", 'name: "plc\\u202e01"', 27, "holds a line break or an invisible character"),
        ("2026-01-01", "2026-02-30", 17, "2026-02-30 is not in the calendar"),
        ("kind: control", "kind: factory", 12, ""),
        ("title: Cell", "titel: Cell", 11, ""),
    ],
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, line: int, message: str) -> None:
    found = refusal(GOOD.replace(old, new, 1))
    assert any(at == line and message in words for at, words in found), found


def test_a_conduit_permits_between_its_own_zones_only() -> None:
    text = GOOD.replace("conduits:", "  - {id: lab, title: Lab, kind: temporary, purdue_level: 3}\nconduits:").replace(
        "from: office", "from: lab"
    )
    assert refusal(text) == [(24, "the conduit `office-cell` does not join the zone `lab` (it joins office, cell)")]


def test_a_site_without_zones_is_refused() -> None:
    head = GOOD.partition("essential_functions:")[0]
    assert refusal(head + "zones: []\n") == [(6, "a site has at least one zone (without zones nothing can be placed)")]


def test_names_twice_on_one_line_are_found() -> None:
    text = GOOD.replace("expected_assets:\n", "expected_assets: [{name: a}, {name: A}]\n").rpartition("  - {name: plc")[
        0
    ]
    assert refusal(text) == [(26, "two of the name `A` (the other in line 26) (each asset needs its own)")]


def test_all_mistakes_are_told_at_once() -> None:
    text = GOOD.replace("10.2.0.0/24", "10.2.0.9/24").replace("to: cell", "to: sell").replace("[stop]", "[halt]")
    assert [line for line, _ in refusal(text)] == [14, 16, 23]


def test_remarks_may_have_several_lines() -> None:
    text = GOOD.replace("    purdue_level: 2\n", "    purdue_level: 2\n    remarks: |\n      one\n      two\n")
    assert load_site(text.encode(), PATH).site.zones[1].remarks == "one\ntwo\n"


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (f"    {DERIVED % '2026-01-01'}\n", "", 15, "the sl_target of `cell` does not say what it is derived from"),
        ("    sl_target: [2, 2, 2, 1, 2, 1, 2]\n", "", 16, "`cell` has a risk assessment, but no sl_target"),
        ("    sl_target: [2, 2, 2, 1, 2, 1, 2]\n", "", 10, "the zone `cell` has no sl_target"),
        ("purdue_level: 2", "purdue_level: 4.5", 13, "the control zone `cell` is on Purdue level 4.5"),
        (", subnets: [10.1.0.0/16]", "", 9, "nothing can be placed in the zone `office`"),
    ],
)
def test_what_is_allowed_but_odd_gets_a_word(old: str, new: str, line: int, message: str) -> None:
    assert (line, message) in warnings(GOOD.replace(old, new, 1))


@pytest.mark.parametrize("service", ["ip", "tcp/1-65535", "udp/1-65535", "tcp/443", "tcp/1024-65535"])
def test_a_conduit_that_permits_everything_is_told(service: str) -> None:
    found = warnings(GOOD.replace("tcp/443", service))
    everything = (
        f"the conduit `office-cell` permits all of `{service}` from `office` to `cell`: "
        "nothing of it that passes there is a gap"
    )
    assert found == ([] if service in ("tcp/443", "tcp/1024-65535") else [(23, everything)])


def test_the_outside_needs_no_subnets() -> None:
    outside = "  - {id: internet, title: Internet, kind: external, purdue_level: 5}\n"
    assert warnings(GOOD.replace("conduits:", f"{outside}conduits:")) == []
