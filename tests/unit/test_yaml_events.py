"""The strict subset of YAML: what each form means, what is refused and where."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from plantproof.errors import InputError, Problem
from plantproof.files import parse_yaml
from plantproof.yaml_events import MAX_BYTES, MAX_DEPTH, decode, resolve_plain

AMBIGUOUS = """
    NO no Yes on OFF y N True FALSE Null 010 0x1F 0o17 0b1 1_000 +1 -0 1.10 1. .5 1e3 1.0e3 .inf -.INF .NaN
    12:30:45 1:30 9223372036854775808 99999999999999999999 = <<
"""


def problems_of(data: bytes) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        parse_yaml(data, "file.yaml")
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("0", 0),
        ("-12", -12),
        ("3.5", 3.5),
        ("2026-01-31", "2026-01-31"),
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
        ("10.0.0.0/24", "10.0.0.0/24"),
        ("1.2.3", "1.2.3"),
        ("62443-3-3", "62443-3-3"),
        ("00:1b:1b:0a:2f:3c", "00:1b:1b:0a:2f:3c"),
        ("AC-2(1)", "AC-2(1)"),
        ("northern", "northern"),
        ("-", "-"),
    ],
)
def test_plain_scalar_means_one_thing(text: str, value: Any) -> None:
    assert resolve_plain(text) == value
    assert type(resolve_plain(text)) is type(value)


@pytest.mark.parametrize(
    "text",
    AMBIGUOUS.split(),
)
def test_ambiguous_scalar_is_refused(text: str) -> None:
    assert resolve_plain(text) is msgspec.UNSET


def test_ambiguous_scalar_says_quote_it() -> None:
    assert problems_of(b"a: 1\ncountry: NO\n") == [
        Problem("file.yaml", 2, "`NO` means different things to different readers", 'quote it: "NO"', 10)
    ]


def test_quoted_scalar_is_text() -> None:
    assert parse_yaml(b"a: \"NO\"\nb: '010'\nc: |\n  1.10\n", "x").value == {"a": "NO", "b": "010", "c": "1.10\n"}


def test_key_is_the_text_as_written() -> None:
    assert parse_yaml(b"on: a\n1.10: b\n010: c\n", "x").value == {"on": "a", "1.10": "b", "010": "c"}


def test_every_mistake_is_told_at_once() -> None:
    data = b"a: NO\na: 1\nb: &x 1\nc: *x\nd: !!str 1\n<<: {}\n~: 1\n"
    assert [(problem.line, problem.column) for problem in problems_of(data)] == [
        (1, 4),
        (2, 1),
        (3, 4),
        (4, 4),
        (5, 4),
        (6, 1),
        (7, 1),
    ]


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        (b"a: 1\nb:\n  c: 1\n  c: 2\n", 4, 3, "`c` stands here twice"),
        (b"a:\n\tb: 1\n", 2, 1, "a tab"),
        (b"a: 1\t# remark\n", 1, 5, "a tab"),
        (b"a: 'x\x1b[31m'\n", 1, 6, "the character U+001B may not stand here"),
        (b"a: x\x00\n", 1, 5, "the character U+0000 may not stand here"),
        ("a: x\u202ey\n".encode(), 1, 5, "the character U+202E may not stand here"),
        ("a: x\u2028b: 1\n".encode(), 1, 5, "the character U+2028 may not stand here"),
        (b"a: 1\rb: 2\n", 1, 5, "the character U+000D may not stand here"),
        (b"a: 1\nb: \xff\n", 2, 4, "the byte 0xff is not UTF-8"),
        ("a: 1\n".encode("utf-16"), 1, 1, "the byte 0xff is not UTF-8"),
        (b"", 0, 0, "the file is empty"),
        (b"# remarks only\n", 0, 0, "the file is empty"),
        (b"a: 1\n---\nb: 2\n", 2, 1, "a second document"),
        (b"? [a]\n: 1\n", 1, 3, "a key that is no text"),
        (b"a: &x [1]\n", 1, 4, "an anchor (&x)"),
        (b"a: !python/object:os.system x\n", 1, 4, "a tag (!python/object:os.system)"),
        (b"a: ! x\n", 1, 4, "a tag (!)"),
    ],
)
def test_form_is_refused(data: bytes, line: int, column: int, message: str) -> None:
    found = problems_of(data)[0]
    assert (found.line, found.column, found.message) == (line, column, message)


def test_unclosed_bracket_names_its_line() -> None:
    assert problems_of(b"a: 1\nb: [1, 2\nc: 3\n")[0].line in (2, 3)


def test_colon_in_text_gets_a_hint_to_quote() -> None:
    assert problems_of(b"title: zone: north\n")[0].hint == "put the text after the colon in quotes"


@pytest.mark.parametrize("data", [b"[" * 10_000, b"{a: " * 10_000, b"- " * 10_000, b"[" * 200_000, b"? " * 10_000])
def test_deep_nesting_is_a_mistake_like_any_other(data: bytes) -> None:
    assert len(problems_of(data)) == 1


def test_depth_up_to_the_limit_is_read() -> None:
    assert parse_yaml(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, "x").value is not None
    assert "nested deeper" in problems_of(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))[0].message


def test_alias_bomb_costs_nothing() -> None:
    rows = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    assert len(problems_of("\n".join(rows).encode())) == 60 + 2 * 59


def test_alias_in_place_of_a_key_is_refused() -> None:
    assert [problem.line for problem in problems_of(b"a: &x b\n*x : 1\n")] == [1, 2]


def test_byte_order_mark_and_windows_line_ends_are_read() -> None:
    assert parse_yaml(b"\xef\xbb\xbfa: 1\r\nb: x\r\n", "x").value == {"a": 1, "b": "x"}


def test_too_large_a_file_is_not_read() -> None:
    assert "for people" in decode(b" " * (MAX_BYTES + 1), "x")[1][0].hint


def test_escapes_never_reach_the_terminal() -> None:
    problems = problems_of(b'"\\e[2J": 1\n"\\e[2J": 2\na: !%1b[2J x\nb: 1.10\n')
    assert len(problems) >= 2
    assert all(str(problem).isprintable() for problem in problems)
