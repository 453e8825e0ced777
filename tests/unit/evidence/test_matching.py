"""Which asset a source speaks of: case by case."""

from __future__ import annotations

import pytest

from plantproof.errors import InputError
from plantproof.evidence.collectors.protocol import AssetDraft, AssetKey
from plantproof.evidence.identities import read_identities
from plantproof.evidence.identity_lines import encode
from plantproof.evidence.matching import Matched, match
from plantproof.model.evidence import Identities, IdentityLine


def identities(*lines: tuple[str, str, str]) -> Identities:
    return read_identities(encode([IdentityLine(key=key, value=value, id=asset) for key, value, asset in lines]), "i")


def draft(local: str, *keys: tuple[str, str], refers: bool = False, line: int = 1) -> AssetDraft:
    return AssetDraft(local, [AssetKey(key, value) for key, value in keys], {}, "x.json", line=line, refers=refers)


def run(*drafts: AssetDraft, known: Identities | None = None, addresses: dict[str, set[str]] | None = None) -> Matched:
    return match("works", "src", drafts, known or identities(), addresses or {})


def test_mints_once_and_finds_again() -> None:
    first = run(draft("1", ("id", "1"), ("serial", "ABB/1"), ("name", "Robot")))
    assert first.minted == [first.ids["1"]]
    known = read_identities(encode(first.lines), "i")
    second = run(draft("1", ("id", "1"), ("serial", "ABB/1"), ("name", "Robot")), known=known)
    assert second.ids == first.ids
    assert second.lines == []
    assert second.minted == []


def test_a_strong_key_wins_over_the_name() -> None:
    known = identities(("serial", "abb/1", "a-1"), ("name", "robot", "a-2"))
    assert run(draft("x", ("serial", "ABB/1"), ("name", "Robot")), known=known).ids == {"x": "a-1"}


def test_a_unique_name_matches_without_case() -> None:
    known = identities(("name", "robot", "a-1"))
    found = run(draft("x", ("id", "7"), ("name", "ROBOT")), known=known)
    assert found.ids == {"x": "a-1"}
    assert found.lines == [IdentityLine(key="src:id", value="7", id="a-1")]


def test_a_name_of_two_assets_matches_none() -> None:
    known = identities(("name", "robot", "a-1"), ("name", "robot", "a-2"))
    assert run(draft("x", ("id", "7"), ("name", "robot")), known=known).ids["x"] not in ("a-1", "a-2")


def test_a_name_that_a_serial_contradicts_does_not_match() -> None:
    known = identities(("name", "robot", "a-1"), ("serial", "abb/1", "a-1"))
    assert run(draft("x", ("serial", "ABB/2"), ("name", "robot")), known=known).ids["x"] != "a-1"


def test_one_serial_under_two_vendor_names_does_not_contradict() -> None:
    known = identities(("name", "robot", "a-1"), ("serial", "abb/1", "a-1"))
    assert run(draft("x", ("serial", "Asea/1"), ("name", "robot")), known=known).ids["x"] == "a-1"


def test_two_rows_with_one_name_do_not_share_an_asset() -> None:
    known = identities(("name", "robot", "a-1"))
    found = run(draft("x", ("id", "1"), ("name", "robot")), draft("y", ("id", "2"), ("name", "robot")), known=known)
    assert len({*found.ids.values(), "a-1"}) == 3


def test_two_rows_that_nothing_but_a_name_tells_apart_are_refused() -> None:
    with pytest.raises(InputError, match="two assets under one identity"):
        run(draft("x", ("name", "robot")), draft("y", ("name", "robot"), line=2))


def test_two_rows_under_one_id_are_refused() -> None:
    with pytest.raises(InputError) as refused:
        run(draft("x", ("id", "1")), draft("y", ("id", "1"), line=9))
    assert [problem.line for problem in refused.value.problems] == [9]


def test_strong_keys_that_lead_to_two_assets_are_refused_with_the_merge() -> None:
    known = identities(("src:id", "1", "a-1"), ("serial", "abb/1", "a-2"))
    with pytest.raises(InputError, match="plantproof asset merge a-1 a-2"):
        run(draft("x", ("id", "1"), ("serial", "ABB/1")), known=known)


def test_a_serial_on_two_rows_identifies_neither_and_proposes() -> None:
    found = run(draft("x", ("id", "1"), ("serial", "V/0123")), draft("y", ("id", "2"), ("serial", "V/0123")))
    assert len(set(found.ids.values())) == 2
    assert [proposal.why for proposal in found.proposals] == [
        "serial v/0123 twice in this export; it identifies neither"
    ]
    assert not any(line.key == "serial" for line in found.lines)


@pytest.mark.parametrize(
    "serial", ["0", "000000", "xxx", "-.-", "9999", "123456789", "0123456789", "T.B.D.", "To be filled by O.E.M."]
)
def test_what_stands_for_a_serial_makes_no_two_devices_one(serial: str) -> None:
    known = identities(("serial", f"siemens/{serial.lower()}", "a-1"), ("name", "plc-1", "a-1"))
    found = run(draft("x", ("id", "7"), ("serial", f"Siemens AG/{serial}"), ("name", "plc-2")), known=known)
    assert found.ids["x"] != "a-1"
    assert [line.key for line in found.lines] == ["src:id", "name"]
    # It contradicts nothing either: the device behind it has a serial that nobody wrote down.
    named = run(draft("x", ("serial", "Siemens/S-7"), ("name", "plc-1")), known=known)
    assert named.ids["x"] == "a-1"


@pytest.mark.parametrize("serial", ["1", "42", "4567", "112233", "SN-0", "TEST-1"])
def test_a_short_serial_is_one(serial: str) -> None:
    known = identities(("serial", f"siemens/{serial.lower()}", "a-1"))
    assert run(draft("x", ("serial", f"Siemens/{serial}")), known=known).ids["x"] == "a-1"


def test_rows_of_one_serial_that_a_merge_made_one_asset_are_refused_with_the_way_back() -> None:
    merged = identities(("src:id", "1", "a-1"), ("src:id", "2", "a-1"))
    with pytest.raises(InputError, match=r"two assets under one identity.*\n?.*`same` line"):
        run(draft("1", ("id", "1"), ("serial", "ABB/7")), draft("2", ("id", "2"), ("serial", "ABB/7")), known=merged)


def test_a_bare_name_that_two_assets_bear_is_asked_about() -> None:
    """The replacement of a device has its name: a list of names alone may mean either."""
    first = run(draft("x", ("name", "plc-1"))).ids["x"]
    known = identities(("name", "plc-1", first), ("name", "plc-1", "a-0"), ("src:id", "9", "a-0"))
    found = run(draft("x", ("name", "PLC-1")), known=known)
    assert found.ids == {"x": first}
    assert [(each.first, each.second) for each in found.proposals] == [("a-0", first)]
    assert run(draft("x", ("name", "plc-1")), known=identities(("name", "plc-1", first))).proposals == []


def test_addresses_only_propose() -> None:
    found = run(draft("x", ("id", "1"), ("mac", "02:00:00:00:00:01")), addresses={"02:00:00:00:00:01": {"a-9"}})
    mine = found.ids["x"]
    assert mine != "a-9"
    assert [(p.first, p.second, p.why) for p in found.proposals] == [
        (*sorted((mine, "a-9")), "same mac 02:00:00:00:00:01")
    ]


def test_an_address_of_several_assets_proposes_nothing() -> None:
    found = run(draft("x", ("id", "1"), ("mac", "02:00:00:00:00:01")), addresses={"02:00:00:00:00:01": {"a-8", "a-9"}})
    assert found.proposals == []


def test_a_reference_never_mints() -> None:
    found = run(draft("job:x", ("name", "hist-01"), refers=True))
    assert found.ids == {}
    assert found.lines == []
    known = identities(("name", "hist-01", "a-1"))
    assert run(draft("job:x", ("name", "HIST-01"), refers=True), known=known).ids == {"job:x": "a-1"}


def test_order_of_rows_changes_nothing() -> None:
    known = identities(("name", "robot", "a-1"))
    rows = [draft(str(n), ("id", str(n)), ("name", name)) for n, name in enumerate(("robot", "plc", "hmi"))]
    forward, backward = run(*rows, known=known), run(*rows[::-1], known=known)
    assert forward.ids == backward.ids
    assert encode(forward.lines) == encode(backward.lines)
