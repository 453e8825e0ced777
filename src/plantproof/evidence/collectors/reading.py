"""From bytes to text, JSON and CSV, with lines, for all collectors. What is no such file is refused with the reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from plantproof.errors import InputError, Problem, refuse
from plantproof.evidence.collectors.protocol import Export
from plantproof.spelling import did_you_mean
from plantproof.text import shown

LONGEST_CELL = 1_000_000
LONGEST_NAME = 60
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def encoding_of(data: bytes) -> str:
    """The encoding that the first bytes declare (Windows tools mark UTF-16 and UTF-8); UTF-8 without a mark."""
    return next((encoding for mark, encoding in _BOMS if data.startswith(mark)), "utf-8")


def decode(export: Export, encoding: str = "") -> str:
    """The text of an export. Raises `InputError` where it is empty, binary, or not in its encoding."""
    name, data = export
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise refuse("the file is empty", "export it again", path=name)
    if data.startswith(b"version https://git-lfs.github.com/spec/"):
        raise refuse(
            "this is a pointer of Git LFS, not the file", "run `git lfs pull`, then collect the file itself", path=name
        )
    encoding = encoding_of(data) if encoding in ("", "utf-8", "utf-8-sig") else encoding
    try:
        text = data.decode(encoding)
    except LookupError:
        raise refuse(
            f"encoding `{shown(encoding)}` is not known", "a name such as utf-8-sig or cp1252", path=name
        ) from None
    except (UnicodeError, ValueError) as error:
        start = getattr(error, "start", len(data))
        line = data.count(b"\n", 0, start) + 1
        raise refuse(
            f"the file is not {encoding}: byte {start} does not fit",
            "export it as UTF-8; a binary file cannot be collected",
            path=name,
            line=line,
        ) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise refuse("the file is binary", "collect the tool's text, JSON or CSV export", path=name, line=line)
    return text.removeprefix("\ufeff")


class Element(NamedTuple):
    """One element of a JSON array, with the line on which it begins."""

    value: Any
    line: int
    pointer: str


def json_value(export: Export) -> Any:
    """The JSON value of an export. Raises `InputError`, with the line, where it is cut off or no JSON."""
    return _decoded(export, decode(export).encode("utf-8", "replace"), msgspec.json.Decoder())


def json_elements(export: Export, under: str = "") -> list[Element]:
    """The elements of the array `under` a key of the top object, or of the top array. Raises `InputError`."""
    data = decode(export).encode("utf-8", "replace")
    place = 0
    pointer = ""
    part: Any = msgspec.Raw(data)
    if under:
        top = _decoded(export, data, msgspec.json.Decoder(dict[str, msgspec.Raw]))
        if under not in top:
            raise refuse(f"there is no `{under}` in it", path=export.name)
        part, pointer = top[under], f"/{under}"
        place = data.rfind(bytes(part)) if len(bytes(part)) > 2 else data.find(bytes(part))
    elements = []
    for index, raw in enumerate(_decoded(export, bytes(part), msgspec.json.Decoder(list[msgspec.Raw]))):
        piece = bytes(raw)
        # Between two elements there are only blanks and a comma, so the next find is the element itself.
        found = data.find(piece, place)
        line_at = found if found >= 0 else place
        elements.append((piece, line_at, f"{pointer}/{index}"))
        place = line_at + len(piece)
    lines = _lines(data, [at for _, at, _ in elements])
    plain = msgspec.json.Decoder()
    return [
        Element(_decoded(export, piece, plain), line, where)
        for (piece, _, where), line in zip(elements, lines, strict=True)
    ]


def _lines(data: bytes, places: list[int]) -> list[int]:
    lines, line, last = [], 1, 0
    for place in places:
        line += data.count(b"\n", last, place)
        last = max(last, place)
        lines.append(line)
    return lines


def _decoded(export: Export, data: bytes, decoder: msgspec.json.Decoder[Any]) -> Any:
    try:
        return decoder.decode(data)
    except RecursionError:
        raise refuse("the JSON is nested too deep", "no tool writes this", path=export.name) from None
    except (msgspec.MsgspecError, ValueError) as error:
        reason = str(error)
        hint = (
            "the file is cut off: export it again" if "truncated" in reason else "is this the export itself, and whole?"
        )
        line = 0
        if "byte " in reason:
            digits = "".join(sign for sign in reason.rsplit("byte ", 1)[1] if sign.isdecimal())
            line = data.count(b"\n", 0, int(digits)) + 1 if digits else 0
        elif "truncated" in reason:
            line = data.count(b"\n") + 1
        raise refuse(f"no valid JSON: {shown(reason)}", hint, path=export.name, line=line) from None


class Row(NamedTuple):
    """One row of a CSV: its cells by column, the line on which it begins, and the columns whose cell is a formula."""

    cells: dict[str, str]
    line: int
    formulas: tuple[str, ...]


class Sheet(NamedTuple):
    columns: tuple[str, ...]
    rows: list[Row]
    uneven: list[tuple[int, str]]
    """(line, what) of rows with more or fewer cells than the header: they cannot be read safely."""


def sheet(export: Export, delimiter: str = ",", encoding: str = "") -> Sheet:
    """A CSV with a header. Raises `InputError` where it has no header, repeats a column, or a quote never ends."""
    text = decode(export, encoding)
    rows = _rows(export, text, delimiter)
    header = next(rows, None)
    if header is None:
        raise refuse("there is no header line", "export it again", path=export.name)
    columns = tuple(cell.strip() for cell in header[1])
    twice = sorted({column for column in columns if columns.count(column) > 1 and column})
    if twice:
        # By their places: a first line that is no header may hold anything, passwords too.
        first = columns.index(twice[0])
        second = columns.index(twice[0], first + 1)
        raise refuse(
            f"columns {first + 1} and {second + 1} have the same name",
            "rename one of them; is the first line the header?",
            path=export.name,
            line=header[0],
        )
    read, uneven = [], []
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            uneven.append((line, f"{len(cells)} cells where the header has {len(columns)}"))
            continue
        formulas = tuple(column for column, cell in zip(columns, cells, strict=True) if is_formula(cell))
        read.append(Row(dict(zip(columns, cells, strict=True)), line, formulas))
    return Sheet(columns, read, uneven)


def require_columns(export: Export, columns: tuple[str, ...], needed: tuple[str, ...]) -> None:
    """Raises `InputError` naming every column that is missing, and those that there are."""
    missing = [column for column in needed if column not in columns]
    if missing:
        raise InputError(
            *(
                Problem(export.name, 1, f"column `{shown(column)}` is missing", _instead(column, columns, needed))
                for column in missing
            )
        )


def _instead(missing: str, columns: tuple[str, ...], needed: tuple[str, ...]) -> str:
    """What to do about a missing column. Where not one of those needed is there, the first line may be no header, or be
    cut at the wrong sign: it is not shown then, for it may hold whatever the rows hold, passwords too."""
    names = [column for column in columns if _looks_like_a_name(column)]
    if not set(needed) & set(columns):
        number = "one column" if len(columns) == 1 else f"{len(columns)} columns"
        return did_you_mean(missing, names) or (
            f"the first line has {number}, and none of those asked for: "
            "is it the header, and is another sign the delimiter?"
        )
    others = len(columns) - len(names)
    return shown(f"there are: {', '.join(names)}", 300) + (f", and {others} not like a name" if others else "")


def _looks_like_a_name(column: str) -> bool:
    return len(column) <= LONGEST_NAME and column[:1].isalpha() and not any(sign in column for sign in ',;|\t"')


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run the cell. A bare sign and a plain number are none."""
    head = cell.lstrip(" ")
    if not head.startswith(("=", "+", "-", "@", "\t", "\r")) or len(head) < 2:
        return False
    return not head[1:].replace(".", "", 1).replace(",", "").isdecimal()


def _rows(export: Export, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except (TypeError, ValueError):
        raise refuse(f"`{shown(delimiter)}` is no delimiter", "one character", path="plantproof.yaml") from None
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        reason = str(error)
        if "unexpected end" in reason:
            raise refuse(
                "a quote is never closed", "the file is cut off: export it again", path=export.name, line=line
            ) from None
        if "field larger" in reason:
            raise refuse(
                f"a cell has more than {LONGEST_CELL} characters",
                "is this the export itself?",
                path=export.name,
                line=line,
            ) from None
        raise refuse(f"no valid CSV: {shown(reason)}", "export it again", path=export.name, line=line) from None
