"""From bytes to text, JSON and CSV: what is no such file is refused with its reason and line."""

from __future__ import annotations

import pytest

from plantproof.errors import InputError
from plantproof.evidence.collectors import reading
from plantproof.evidence.collectors.protocol import Export


def problem(data: bytes, read: object = reading.decode) -> str:
    with pytest.raises(InputError) as refused:
        read(Export("x", data))
    return str(refused.value)


@pytest.mark.parametrize(
    "data",
    [
        b"a,\xc3\xbc\n",
        b"\xef\xbb\xbfa,\xc3\xbc\n",
        "\ufeffa,ü\n".encode("utf-16-le"),
        "\ufeffa,ü\n".encode("utf-16-be"),
    ],
)
def test_the_encodings_of_windows_give_one_text(data: bytes) -> None:
    assert reading.decode(Export("x", data)) == "a,ü\n"


def test_an_encoding_that_a_person_states() -> None:
    assert reading.decode(Export("x", b"a,\xfc\n"), "cp1252") == "a,ü\n"
    with pytest.raises(InputError, match="not known"):
        reading.decode(Export("x", b"a"), "klingon")


def test_bytes_that_do_not_fit_are_named_with_their_line() -> None:
    assert problem(b"a\nb\n\xfc\n").startswith("x:3: the file is not utf-8: byte 4")
    assert problem(b"a\n\x00\x01").startswith("x:2: the file is binary")
    assert problem("\ufeffabc".encode("utf-16-le")[:-1]).startswith("x:1: the file is not utf-16")


def test_elements_of_an_array_know_their_lines() -> None:
    export = Export("x", b'{"count": 2,\n "results": [\n  {"id": 1},\n  7,\n  {"id":\n 2}\n]}')
    found = reading.json_elements(export, "results")
    assert [(one.value, one.line, one.pointer) for one in found] == [
        ({"id": 1}, 3, "/results/0"), (7, 4, "/results/1"), ({"id": 2}, 5, "/results/2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a": [1,\n2', "cut off"),
        (b'{"a": \n x}', "no valid JSON"),
        (b'{"a": ' + b"[" * 1_000_000, "nested too deep"),
        (b'{"b": 1}', "there is no `a`"),
        (b'{"a": 7}', "no valid JSON"),
        (b"[]", "no valid JSON"),
        (b'{"a": [1e999]}', "no valid JSON"),
        (b'{"a": ["\\ud800"]}', "no valid JSON"),
    ],
)
def test_json_that_is_none_is_refused(data: bytes, said: str) -> None:
    assert said in problem(data, lambda export: reading.json_elements(export, "a"))


def test_rows_of_a_table_know_their_lines_and_formulas() -> None:
    data = b'a,b\n"x\ny",=cmd()\n\n-5,+1.5\n@sum,-\n1,2,3\n'
    found = reading.sheet(Export("x", data))
    assert [(row.cells, row.line, row.formulas) for row in found.rows] == [
        ({"a": "x\ny", "b": "=cmd()"}, 2, ("b",)),
        ({"a": "-5", "b": "+1.5"}, 5, ()),
        ({"a": "@sum", "b": "-"}, 6, ("a",)),
    ]
    assert found.uneven == [(7, "3 cells where the header has 2")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'a,b\n1,"2\n3', "x:2: a quote is never closed"),
        (b"b,a,a\n0,1,2\n", "columns 2 and 3 have the same name"),
        (b"a,b\n" + b"x" * 1_100_000 + b",1\n", "a cell has more than"),
        (b'a,b\n"1"x,2\n', "no valid CSV"),
    ],
)
def test_tables_that_are_none_are_refused(data: bytes, said: str) -> None:
    assert said in problem(data, reading.sheet)


def test_every_missing_column_is_named() -> None:
    with pytest.raises(InputError) as refused:
        reading.require_columns(Export("x", b""), ("a", "b"), ("a", "c", "d"))
    assert [str(one) for one in refused.value.problems] == [
        "x:1: column `c` is missing (there are: a, b)",
        "x:1: column `d` is missing (there are: a, b)",
    ]


def test_a_first_line_that_may_be_no_header_is_not_shown() -> None:
    """A file without a header, or with another delimiter, would show its first row on the terminal and in logs."""

    def said(needed: tuple[str, ...], *columns: str) -> str:
        with pytest.raises(InputError) as refused:
            reading.require_columns(Export("x", b""), columns, needed)
        return str(refused.value)

    asked = "none of those asked for: is it the header, and is another sign the delimiter?"
    assert said(("Name",), "admin", "S3cret!") == (
        f"x:1: column `Name` is missing (the first line has 2 columns, and {asked})"
    )
    assert said(("Name",), "Name;S3cret!") == (
        f"x:1: column `Name` is missing (the first line has one column, and {asked})"
    )
    assert said(("User Name",), "UserName", "S3cret!") == (
        "x:1: column `User Name` is missing (did you mean `UserName`?)"
    )
    assert said(("Name", "Port"), "Name", "Password", "4711", "a;b") == (
        "x:1: column `Port` is missing (there are: Name, Password, and 2 not like a name)"
    )
    with pytest.raises(InputError) as refused:
        reading.sheet(Export("x", b"admin,S3cret!,S3cret!\n"))
    assert "S3cret" not in str(refused.value)
