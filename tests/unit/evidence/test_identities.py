"""identities.jsonl: any order gives the same answer, and what cannot be true is refused with its line."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plantproof.errors import InputError
from plantproof.evidence.identities import IdentitiesInPart, read_identities
from plantproof.evidence.identity_keys import mint, normal
from plantproof.evidence.identity_lines import encode
from plantproof.model.evidence import Identities, IdentityLine

PATH = "evidence/works/identities.jsonl"


def read(*lines: dict[str, object]) -> Identities:
    return read_identities(b"".join(json.dumps(line).encode() + b"\n" for line in lines), PATH)


def refused(*lines: dict[str, object]) -> list[str]:
    with pytest.raises(InputError) as error:
        read(*lines)
    return [str(problem) for problem in error.value.problems]


def test_keys_names_and_retirement_of_two_assets() -> None:
    found = read(
        {"key": "serial", "value": "siemens/s-1", "id": "a-1"},
        {"key": "name", "value": "PLC-1", "id": "a-1"},
        {"key": "name", "value": "plc-2", "id": "a-2"},
        {"retired": "a-2", "approved_by": "Kim", "date": "2026-01-31", "reason": "scrapped"},
    )
    assert found.ids == {"a-1"}
    assert found.by_key == {("name", "plc-1"): "a-1", ("name", "plc-2"): "a-2", ("serial", "siemens/s-1"): "a-1"}
    assert found.names == {"a-1": ["plc-1"], "a-2": ["plc-2"]}
    assert found.retired == {"a-2": ("2026-01-31", "Kim", "scrapped")}


@pytest.mark.parametrize(
    "wrong",
    [
        {"approved_by": " "},
        {"approved_by": "-"},
        {"reason": " "},
        {"reason": "?"},
        {"date": "2026-02-31"},
        {"date": "0000-00-00"},
        {"date": "2026-2-3"},
    ],
)
def test_nobody_leaves_by_blanks_or_on_a_day_that_there_is_not(wrong: dict[str, object]) -> None:
    line: dict[str, object] = {"retired": "a-1", "approved_by": "Kim", "date": "2026-01-31", "reason": "scrapped"}
    (problem,) = refused({"key": "name", "value": "PLC-1", "id": "a-1"}, line | wrong)
    assert problem == (
        f"{PATH}:2: an asset retires with `approved_by`, `date` (YYYY-MM-DD, a day that there is) and `reason`"
    )


def left(asset: str, date: str = "2026-01-31") -> dict[str, object]:
    return {"retired": asset, "approved_by": "Kim", "date": date, "reason": "scrapped"}


THREE = [{"key": "src:id", "value": each, "id": f"a-{each}"} for each in "123"]


def test_a_merge_with_a_retired_asset_retires_nobody() -> None:
    found = read(*THREE, left("a-3"), {"same": ["a-3", "a-2", "a-1"]})
    assert found.ids == {"a-1"}
    assert found.retired == {}
    assert found.retired_in_part == {"a-1": ("a-1", "a-2")}


def test_a_merged_asset_leaves_when_the_last_of_its_ids_does() -> None:
    found = read(*THREE, {"same": ["a-1", "a-2"]}, left("a-2", "2026-03-01"), left("a-1"), left("a-2", "2026-02-01"))
    assert found.retired == {"a-1": ("2026-02-01", "Kim", "scrapped")}
    assert (found.ids, found.retired_in_part) == ({"a-3"}, {})


def test_a_merge_of_ids_with_two_serials_is_doubtful() -> None:
    serials = [
        {"key": "serial", "value": value, "id": each}
        for each, value in (("a-1", "ABB/1"), ("a-2", "abb/2"), ("a-2", "ABB/3"))
    ]
    merge = {"same": ["a-1", "a-2"]}
    names = [{"key": "name", "value": each, "id": each} for each in ("a-1", "a-2")]
    assert read(*names, *serials, merge).doubtful_merges == {"a-1": ("`serial` abb/1 and abb/2 and abb/3",)}
    assert read(*names, *serials).doubtful_merges == {}
    shared = {"key": "serial", "value": "ABB Ltd/2", "id": "a-1"}
    assert read(*names, *serials, merge, shared).doubtful_merges == {}, "of one device both know one"
    assert read(*names, merge).doubtful_merges == {}, "names and addresses are not strong"


def test_merged_assets_live_on_under_the_first_id() -> None:
    found = read(
        {"key": "src:id", "value": "1", "id": "a-2"},
        {"key": "src:id", "value": "2", "id": "a-1"},
        {"key": "src:id", "value": "3", "id": "a-3"},
        {"same": ["a-3", "a-2"]},
        {"same": ["a-2", "a-1"]},
    )
    assert found.canonical == {"a-1": "a-1", "a-2": "a-1", "a-3": "a-1"}
    assert found.ids == {"a-1"}


def test_a_name_of_two_assets_finds_neither() -> None:
    found = read({"key": "name", "value": "pump", "id": "a-1"}, {"key": "name", "value": "Pump", "id": "a-2"})
    assert ("name", "pump") not in found.by_key
    assert found.names == {"a-1": ["pump"], "a-2": ["pump"]}


def test_a_strong_key_of_two_assets_is_refused_with_the_way_out() -> None:
    lines = ({"key": "serial", "value": "x/1", "id": "a-2"}, {"key": "serial", "value": "X Ltd/1", "id": "a-1"})
    (problem,) = refused(*lines)
    assert problem == (
        f"{PATH}:2: `serial` `x/1` belongs to 2 assets: a-1, a-2 "
        "(one asset: `plantproof asset merge a-1 a-2`; else remove the wrong line)"
    )
    assert read(*lines, {"same": ["a-1", "a-2"]}).ids == {"a-1"}


def test_all_mistakes_at_once_each_with_its_line() -> None:
    data = (
        b'{"key":"name","value":"x","id":"a-1"}\n<<<<<<< ours\n{"key":"name","value":"x"}\n{"same":["a-1"]}\n'
        b'{"same":["a-1","a-9"]}\n{"retired":"a-1"}\n{"key":"name","value":"x","id":"../x"}\n{"colour":"red"}\n[]\n'
    )
    with pytest.raises(InputError) as error:
        read_identities(data, PATH)
    assert [problem.line for problem in error.value.problems] == [2, 3, 4, 5, 6, 7, 8, 9]


def test_vendor_spellings_do_not_part_a_serial() -> None:
    assert normal("serial", "Cisco Systems, Inc./FOC1") == normal("serial", "CISCO/foc1")
    assert normal("serial", "ABB/FOC1") != normal("serial", "Cisco/FOC1")
    assert mint("works", "serial", "Cisco/FOC1") == mint("works", "serial", "cisco systems/foc1")
    assert mint("works", "name", "x") != mint("mill", "name", "x")


def test_encoding_is_canonical() -> None:
    one, two = IdentityLine(key="name", value="b", id="a-1"), IdentityLine(key="name", value="a", id="a-1")
    assert encode([one, two, one]) == b'{"id":"a-1","key":"name","value":"a"}\n{"id":"a-1","key":"name","value":"b"}\n'


IDS = st.sampled_from(["a-1", "a-2", "a-3", "a-4"])
LINES = st.one_of(
    st.builds(lambda i, v: {"key": "name", "value": v, "id": i}, IDS, st.sampled_from("pqr")),
    st.builds(lambda i: {"key": "src:id", "value": i, "id": i}, IDS),
    st.builds(lambda i, j: {"same": [i, j]}, IDS, IDS),
    st.builds(
        lambda i, d: {"retired": i, "approved_by": "Kim", "date": f"2026-01-0{d}", "reason": "r"},
        IDS,
        st.integers(1, 3),
    ),
)


@settings(max_examples=200)
@given(lines=st.lists(LINES, max_size=12), seed=st.integers(0, 1000))
def test_no_order_of_lines_changes_the_answer(lines: list[dict[str, object]], seed: int) -> None:
    base = [{"key": "src:id", "value": i, "id": i} for i in ("a-1", "a-2", "a-3", "a-4")]
    shuffled = [*base, *lines]
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - no secret
    assert read(*base, *lines) == read(*shuffled) == read(*shuffled, *shuffled)


IN_PART = b"".join(
    [
        b'{"id":"a-1","key":"name","value":"plc"}\n',
        b'{"id":"a-2","key":"name","value":"hmi"}\n',
        b'{"id":"a-3","key":"name","value":"drive"}\n',
        b'{"id":"a-4","key":"name","value":"rack"}\n',
        b'{"id":"a-1","key":"serial","value":"x/1"}\n',
        b'{"id":"a-2","key":"serial","value":"x/2"}\n',
        b'{"id":"a-5","key":"name","value":"fan"}\n',
        b'{"same":["a-1","a-2"]}\n',
        b'{"approved_by":"Lee","date":"2026-11-01","reason":"gone","retired":"a-1"}\n',
        b'{"approved_by":"Lee","date":"2026-11-01","reason":"gone","retired":"a-4"}\n',
    ]
)


@pytest.mark.parametrize("asked", [[], ["a-3"], ["a-2"], ["a-1", "a-3"], ["a-9"]])
def test_identities_in_part_say_of_some_what_all_say(asked: list[str]) -> None:
    whole, part = read_identities(IN_PART, "x", keys=False), IdentitiesInPart(lambda: IN_PART, "x").about(asked)
    assert part.retired == whole.retired
    assert part.retired_in_part == whole.retired_in_part == {"a-1": ("a-2",)}
    assert part.doubtful_merges == whole.doubtful_merges == {"a-1": ("`serial` x/1 and x/2",)}
    for asset in {"a-1", "a-2", "a-4", *asked}:
        assert part.canonical.get(asset) == whole.canonical.get(asset)
        assert part.names.get(asset) == whole.names.get(asset)
        assert (asset in part.ids) is (asset in whole.ids)
    assert ("a-3" in part.ids) is ("a-3" in asked)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"id":"a-3"', b'"id": "a-3"'),
        (b'"id":"a-3"', b'"id" :"a-3"'),
        (b'"id":"a-3"', b'"id":"a\\u002d3"'),
        (b'"retired":"a-4"', b'"retired" : "a-4"'),
        (b'"same":', b'"same" :'),
    ],
)
def test_lines_that_people_wrote_count_in_part_too(old: bytes, new: bytes) -> None:
    data = IN_PART.replace(old, new)
    whole = read_identities(IN_PART, "x", keys=False)
    assert read_identities(data, "x", keys=False) == whole
    part = IdentitiesInPart(lambda: data, "x").about(["a-3"])
    assert (part.names["a-3"], part.canonical["a-2"], part.retired) == (["drive"], "a-1", whole.retired)


def test_identities_in_part_are_asked_again_and_again() -> None:
    identities = IdentitiesInPart(lambda: IN_PART, "x")
    assert identities.about(["a-3"]) == identities.about(["a-3"])
    assert "a-3" not in identities.about([]).names
