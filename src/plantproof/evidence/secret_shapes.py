"""The safety net under the collectors: what is a secret in any tool's export, by its shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from plantproof.evidence.secret_fields import delimiter_of, json_fields, table_fields
from plantproof.evidence.secret_prose import NO_SECRET, Kind, announced


class Shape(NamedTuple):
    """`pattern` has one group: the secret itself. Only a text with one of the `marks` can hold it."""

    what: str
    marks: tuple[str, ...]
    pattern: re.Pattern[str]
    how: Literal["token", "placeholder"] = "token"


class Hit(NamedTuple):
    what: str
    start: int
    end: int
    how: Literal["token", "placeholder"] = "token"
    quoted: bool = False


_KEY = r"(?:[A-Z0-9]+ ){0,3}PRIVATE KEY|OpenVPN Static key V1"
_BEGIN = re.compile(rf"----[- ]BEGIN (?:{_KEY})(?: BLOCK)?[- ]----")
_END = re.compile(rf"----[- ]END (?:{_KEY})")
PRIVATE_KEY = "private key"

SHAPES: tuple[Shape, ...] = (
    # The last `@` before the host: a password may hold one.
    Shape("password in an address", ("://", ":\\/\\/"), re.compile(r":\\?/\\?/[^\s:@/\"']{0,80}:([^\s/\"']{1,200})@")),
    Shape(
        "password in an address",
        ("://", ":\\/\\/"),
        re.compile(r":\\?/\\?/[^\s:@/\"']{1,80}:(?!\d{1,5}/)([^\s@\"',;]{1,200})@[\w\[]"),
    ),
    Shape(
        "access token",
        ("Bearer", "Basic"),
        re.compile(r"\b(?:Bearer|Basic)\s+([A-Za-z0-9+/._~-]{16,}={0,2})"),
    ),
    Shape(
        "access token",
        ("AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "glpat-", "xox"),
        re.compile(r"\b((?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{36,}|glpat-[\w-]{20,}|xox[abpr]-[\w-]{10,})"),
    ),
    Shape(
        "stored password hash",
        ("$1$", "$2", "$5$", "$6$", "$8$", "$9$", "$14$", "$y$", "$argon2", "$apr1$", "pbkdf2_", "{SSHA", "{CRYPT}"),
        re.compile(
            r"(?<!\$)((?:\$(?:1|2[abxy]|5|6|8|9|14|y|apr1|argon2\w{1,2})\$|pbkdf2_\w{1,10}\$|\{SSHA\d{0,3}\}|\{CRYPT\})"
            r"[^\s\"',;|<>\\]{6,})"
        ),
        "placeholder",
    ),
    Shape(
        "stored password hash", (":",), re.compile(r"(?<![0-9A-Fa-f])([0-9A-Fa-f]{32}:[0-9A-Fa-f]{32})(?![0-9A-Fa-f])")
    ),
    Shape("access token", ("eyJ",), re.compile(r"\b(eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,})")),
)

_UPPER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def hits(text: str) -> Iterator[Hit]:
    """Where the text holds what looks like a secret, by the characters of the secret itself."""
    folded = text.lower()
    if len(folded) != len(text):  # a few letters grow in lower case, and places would shift
        folded = text.translate(_UPPER)
    kind = kind_of(text)
    yield from _private_keys(text)
    for shape in SHAPES:
        if any(mark in text for mark in shape.marks):
            for found in shape.pattern.finditer(text):
                if found[1].strip().lower() not in NO_SECRET:
                    yield Hit(shape.what, found.start(1), found.end(1), shape.how)
    if kind == "json":
        yield from (Hit("secret in JSON", *field[:2], quoted=field.quoted) for field in json_fields(text, folded))
    elif kind == "csv":
        yield from (Hit("column of secrets", *field[:2]) for field in table_fields(text))
    yield from (Hit("password in text", *span) for span in announced(text, folded, kind))


def _private_keys(text: str) -> Iterator[Hit]:
    place = 0
    while begin := _BEGIN.search(text, place):
        end = _END.search(text, begin.end())
        # A key that the export cuts off is a secret all the same.
        place = end.start() if end else len(text)
        if text[begin.end() : place].strip():
            yield Hit(PRIVATE_KEY, begin.end(), place, "placeholder")


def kind_of(text: str) -> Kind:
    """What ends a value in it: the quotes of JSON, the cells of a table, or the line."""
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return "json"
    first, _, rest = text.partition("\n")
    sign = delimiter_of(first)
    return "csv" if sign and first.count(sign) and sign in rest.partition("\n")[0] else "plain"
