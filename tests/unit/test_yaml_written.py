"""What this program wrote is read line by line as it is read by events; anything else is not."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.documents import ROOT

from plantproof import files
from plantproof.errors import InputError
from plantproof.files import dump_yaml, load_written_yaml, load_yaml, parse_yaml
from plantproof.model.evidence import Custody
from plantproof.yaml_events import emit
from plantproof.yaml_written import read_written

TEXTS = st.text("ab:-# \"'\\\n\té1.0{}[]&*|>~", max_size=8) | st.sampled_from(
    ["true", "null", "~", "yes", "2026-11-20", "1e3", "0x1f", "a: b", "- a", "", "raw/a b.json", "key:"]
)
SCALARS = (
    TEXTS
    | st.integers(-(2**63), 2**63 - 1)
    | st.booleans()
    | st.none()
    | st.floats(allow_nan=False).filter(lambda number: number == number and abs(number) < 1e15)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["a", "b_1", "raw", "C"]) | TEXTS, inner, max_size=4)
    ),
    max_leaves=12,
)
SOME_LINES = ("a:", "a: 1", "b: x", "- a", "- a: 1", "- - a", "  a: 1", "  - a", "    b: 2", '  c: "x"', "1: b", "")
OTHER_LINES = ("  d: >-", "# no", "---", "a: [b]", "a: &x 1", "? a")
LINES = st.lists(st.sampled_from((*SOME_LINES, *OTHER_LINES)), max_size=7)


def written(value: object) -> str:
    return "\n".join(emit(value)) + "\n"


@given(VALUES)
def test_what_is_read_is_what_was_written(value: object) -> None:
    try:
        text = written(value)
    except TypeError:
        return  # it has no form
    found = read_written(text)
    assert found is msgspec.UNSET or (found == value and written(found) == text)


@given(LINES)
def test_no_text_is_read_otherwise_than_by_events(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    found = read_written(text)
    if found is not msgspec.UNSET:
        assert parse_yaml(text.encode(), "x").value == found


@pytest.mark.parametrize(
    "path", sorted((ROOT / "evidence").glob("*/*/custody.yaml")), ids=lambda path: path.parent.name
)
def test_every_custody_is_read_so(path: Path) -> None:
    data = path.read_bytes()
    assert read_written(data.decode()) == parse_yaml(data, "x").value
    assert load_written_yaml(data, "x", Custody) == load_yaml(data, "x", Custody)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"covers:", b"covers: # everything\n"),
        lambda data: b"---\n" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"format: ", b"format:   "),
        lambda data: b"# by hand\n" + data,
    ],
)
def test_what_somebody_wrote_otherwise_says_the_same(change: object) -> None:
    assert callable(change)
    data = next((ROOT / "evidence").glob("*/*/custody.yaml")).read_bytes()
    other = change(data)
    assert read_written(other.decode()) is msgspec.UNSET
    assert load_written_yaml(other, "x", Custody) == load_yaml(data, "x", Custody)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"format:", b"formatt:"),
        lambda data: data + b"format: csv\n",
        lambda data: data[:-10] + b"\xff" + data[-10:],
        lambda data: b"- " * 3000 + b"a\n",
        lambda data: b"",
    ],
)
def test_a_mistake_is_told_as_by_reading_events(change: object) -> None:
    assert callable(change)
    data = change(next((ROOT / "evidence").glob("*/*/custody.yaml")).read_bytes())
    told = []
    for load in (load_written_yaml, load_yaml):
        with pytest.raises(InputError) as caught:
            load(data, "x", Custody)
        told.append(caught.value.problems)
    assert told[0] == told[1]


def test_a_long_list_is_not_read_by_events(monkeypatch: pytest.MonkeyPatch) -> None:
    value = {"records": [{"kind": "asset", "path": f"records/asset.{number:03x}.jsonl"} for number in range(1024)]}
    data = dump_yaml(value)
    monkeypatch.setattr(files, "read_events", None)
    assert load_written_yaml(data, "x", dict) == value
