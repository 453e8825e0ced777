"""From bytes to typed values: every mistake at once, each with its line; and back."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from plantproof.errors import InputError, Problem
from plantproof.files import dump_yaml, encode_json, load_json, load_lines, load_yaml, parse_yaml
from plantproof.model.evidence import Form
from plantproof.model.records import Date, Flow
from plantproof.model.site import Site


class Person(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    name: str
    age: int = 0
    role: Literal["owner", "engineer"] = "owner"
    since: Date | None = None
    weight: float = 0.0
    friends: list[Person] = []
    alias: str | list[str] = ""


DATE_HINT = "a date: 2026-01-31 or 2026-01-31T12:00:00Z, in UTC"


def told(data: bytes, type: Any = Person) -> list[str]:  # noqa: A002  named as in `load_yaml`
    with pytest.raises(InputError) as caught:
        load_yaml(data, "p.yaml", type)
    return [str(problem) for problem in caught.value.problems]


def test_loads_a_typed_value() -> None:
    assert load_yaml(b"name: Ada\nweight: 3\nfriends:\n  - {name: Bob}\n", "p.yaml", Person) == Person(
        name="Ada", weight=3.0, friends=[Person(name="Bob")]
    )


def test_all_mistakes_at_once_with_line_and_hint() -> None:
    data = b"nam: Ada\nage: old\nrole: enginer\nsince: yesterday\nfriends:\n  - name: 1.2\n    colour: red\nalias: {}\n"
    assert told(data) == [
        "p.yaml:1:1: the field `name` is missing",
        "p.yaml:1:1: unknown field `nam` (did you mean `name`?)",
        "p.yaml:2:6: expected a whole number, found the text `old`",
        "p.yaml:3:7: `enginer` is none of the words that may stand here (did you mean `engineer`?)",
        f"p.yaml:4:8: `yesterday` has not the form that is wanted here ({DATE_HINT})",
        'p.yaml:6:11: expected text, found the number `1.2` (quote it: "1.2")',
        "p.yaml:7:5: unknown field `colour` (known here: age, alias, friends, name, role, since, weight)",
        "p.yaml:8:8: expected a list or text, found fields (name: value)",
    ]


def test_a_list_where_fields_belong() -> None:
    assert told(b"- a\n") == ["p.yaml:1:1: expected fields (name: value), found a list"]


def test_no_value_where_one_is_needed() -> None:
    assert told(b"name:\n") == ["p.yaml:1:6: expected text, found nothing (give a value, or remove the field)"]


def test_limits_are_told() -> None:
    site = b"schema: plantproof/site/1\nid: a\ntitle: A\nowner: B\nzones:\n  - id: z\n    title: Z\n    kind: dmzz\n"
    assert told(site + b"    purdue_level: 7\n    sl_target: [1, 2, 9]\n", Site) == [
        "p.yaml:8:11: `dmzz` is none of the words that may stand here (did you mean `dmz`?)",
        "p.yaml:9:19: 7 is too large (at most 5)",
        "p.yaml:10:16: the list has 3 items (at least 7)",
        "p.yaml:10:23: 9 is too large (at most 4)",
    ]


def test_line_of_key_and_place_of_value() -> None:
    document = parse_yaml(b"a:\n  - x\n  - b:\n      [1, 2]\n", "p.yaml")
    assert document.line_of(("a",)) == 1
    assert document.line_of(("a", 1)) == 3
    assert document.line_of(("a", 1, "b")) == 3
    assert document.place_of(("a", 1, "b", 1)) == (4, 11)
    assert document.line_of(("a", 1, "missing")) == 3
    assert document.problem(("a", 1, "b"), "wrong") == Problem("p.yaml", 4, "wrong", "", 7)


def test_jsonschema_is_imported_for_mistakes_only() -> None:
    program = (
        "import sys\nfrom plantproof.files import load_yaml\n"
        "load_yaml(b'a: 1', 'x', dict)\nassert 'jsonschema' not in sys.modules, 'imported too early'\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env={"PYTHONPATH": "src"})


# --- JSON -------------------------------------------------------------------------------------------------------------


def test_json_mistakes_are_told_with_their_place_in_the_value() -> None:
    with pytest.raises(InputError) as caught:
        load_json(b'{"name": 1, "friends": [{"nme": "x"}]}', "p.json", Person)
    assert [str(problem) for problem in caught.value.problems] == [
        "p.json:1: `friends/0`: the field `name` is missing",
        "p.json:1: `friends/0/nme`: unknown field `nme` (did you mean `name`?)",
        'p.json:1: `name`: expected text, found the number `1` (quote it: "1")',
    ]


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b'{"name": "a"', b"\xff\xfe", b'{"name": "\xff"}', b'{"x": ' * 10_000, b"PK\x03\x04", b"[" * 100_000],
)
def test_broken_json_is_a_problem(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        load_json(data, "p.json", Person)
    assert caught.value.problems[0].path == "p.json"
    assert caught.value.problems[0].line == 1


def test_truncated_json_names_line_and_column() -> None:
    with pytest.raises(InputError) as caught:
        load_json(b'{"name":\n  nul}', "p.json", Person)
    assert caught.value.problems[0].line == 2


def test_lines_are_read() -> None:
    assert load_lines(b'{"name":"a"}\n{"name":"b"}\n', "p.jsonl", Person) == [Person(name="a"), Person(name="b")]
    assert load_lines(b"", "p.jsonl", Person) == []


def test_each_broken_line_is_told() -> None:
    with pytest.raises(InputError) as caught:
        load_lines(b'{"name":"a"}\n{"name":2,"x":1}\nnonsense\n{"name":"b"}\n{"na', "p.jsonl", Person)
    assert [problem.line for problem in caught.value.problems] == [5, 2, 2, 3, 5]


def test_a_file_that_is_wrong_throughout_is_told_line_by_line() -> None:
    with pytest.raises(InputError) as caught:
        load_lines(b'{"name":1}\n' * 500, "p.jsonl", Person)
    assert [problem.line for problem in caught.value.problems] == list(range(1, 501))


def test_a_port_out_of_range_in_a_record() -> None:
    with pytest.raises(InputError) as caught:
        load_lines(b'{"id":"f","method":"passive","port":70000}\n', "flow.jsonl", Flow)
    assert str(caught.value) == "flow.jsonl:1: `port`: 70000 is too large (at most 65535)"


# --- writing ----------------------------------------------------------------------------------------------------------


def test_canonical_json_sorts_keys() -> None:
    assert encode_json({"b": 1, "a": [1, 2]}) == b'{"a":[1,2],"b":1}'
    assert encode_json({"b": 1, "a": []}, indent=2) == b'{\n  "a": [],\n  "b": 1\n}\n'


def test_canonical_yaml_reads_well() -> None:
    value = {
        "zones": [{"id": "dmz", "tags": [], "level": 3.5}, {"id": "NO", "since": "2026-01-01"}],
        "text": "two\nlines\n",
        "escape": "a\tb\x1b",
    }
    assert dump_yaml(value).decode() == (
        'escape: "a\\tb\\x1b"\n'
        "text: |\n  two\n  lines\n"
        "zones:\n"
        "  - id: dmz\n    level: 3.5\n    tags: []\n"
        '  - id: "NO"\n    since: 2026-01-01\n'
    )


def test_fields_keep_the_order_of_their_type() -> None:
    assert dump_yaml(Person(name="Ada", role="engineer", age=3)) == b"name: Ada\nage: 3\nrole: engineer\n"


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 2**64])
def test_what_has_no_common_form_is_not_written(value: Any) -> None:
    with pytest.raises((TypeError, OverflowError)):
        dump_yaml({"a": value})


letters = some.text(some.characters(exclude_categories=["Cs"]), max_size=12)
AWKWARD = """NO on 010 1.10 12:30:45 ~ null true - ? : # a:b a: -x *x &x !x %x @x `x | > \\ ' " [ { , 1e3 1e16 <<"""
EDGES = ["", " ", " x", "x ", "x #y", "a\nb", "a\n", "\na", "a\n\nb", "a\r\nb", " a\nb", "#a\nb", "a \nb", "---", "..."]
words = some.sampled_from([*AWKWARD.split(), *EDGES])
scalars = (
    some.none()
    | some.booleans()
    | some.integers(-(2**63), 2**63 - 1)
    | some.floats(allow_nan=False, allow_infinity=False)
    | letters
    | words
)
values = some.recursive(
    scalars,
    lambda child: some.lists(child, max_size=4) | some.dictionaries(letters | words, child, max_size=4),
    max_leaves=12,
)


@given(values)
def test_what_is_written_is_read_back(value: Any) -> None:
    read = parse_yaml(dump_yaml(value), "x").value
    assert msgspec.json.encode(read, order="sorted") == msgspec.json.encode(value, order="sorted")
    assert dump_yaml(read) == dump_yaml(value)


@given(some.binary(max_size=200) | letters.map(str.encode))
def test_any_bytes_give_a_value_or_problems(data: bytes) -> None:
    for load in (load_yaml, load_json, load_lines):
        with contextlib.suppress(InputError):  # anything else that is raised fails the test
            load(data, "x", Person)


def test_long_keys_are_read_back() -> None:
    value = {"k" * 3000: 1, "b" * 600: {"a": [1]}, "c" * 600: ["x"]}
    assert parse_yaml(dump_yaml(value), "x").value == value
