"""The safety net under the collectors: what is a secret in any tool's export, by its shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple


class Shape(NamedTuple):
    """`pattern` has one group: the secret itself. Only a text with one of the `marks` can hold it.

    `folded` patterns are for text in lower case: ten times faster than a pattern that ignores case.
    """

    what: str
    marks: tuple[str, ...]
    pattern: re.Pattern[str]
    how: Literal["token", "placeholder"] = "token"
    folded: bool = False


class Hit(NamedTuple):
    shape: Shape
    start: int
    end: int


_BEGIN = r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
_END = r"-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY"
_WORD = (
    r"(?:pass(?:word|wd|phrase)|pwd|secret|psk|pre[-_ ]?shared[-_ ]?key|api[-_]?key|auth[-_]?key|private[-_]?key"
    r"|access[-_]?token|community)"
)
_WORD_MARKS = ("pass", "pwd", "secret", "psk", "key", "token", "community")

PRIVATE_KEY = "private key"

SHAPES: tuple[Shape, ...] = (
    Shape(PRIVATE_KEY, ("PRIVATE KEY",), re.compile(f"{_BEGIN}(.+?){_END}", re.DOTALL), "placeholder"),
    # A key that the export cuts off is a secret all the same.
    Shape(PRIVATE_KEY, ("PRIVATE KEY",), re.compile(f"{_BEGIN}((?!.*-----END).+)", re.DOTALL), "placeholder"),
    Shape("password in JSON", _WORD_MARKS, re.compile(rf'{_WORD}"\s*:\s*"((?:[^"\\]|\\.)+)"'), folded=True),
    Shape(
        "password in text",
        _WORD_MARKS,
        re.compile(rf"{_WORD}\s{{0,3}}[:=]\s{{0,3}}['\"]?([^\s'\",;]{{3,}})"),
        folded=True,
    ),
    Shape("password in an address", ("://",), re.compile(r"://[^\s:@/\"']{1,80}:([^\s@/\"']{1,200})@")),
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
    Shape("access token", ("eyJ",), re.compile(r"\b(eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,})")),
)

NO_SECRET = frozenset({"true", "false", "null", "none", "yes", "no", "enabled", "disabled", "required", "***", "****"})
"""Words that stand where a secret could, in lower case."""

_UPPER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def hits(text: str) -> Iterator[Hit]:
    """Where the text holds what looks like a secret, by the characters of the secret itself."""
    folded = text.lower()
    if len(folded) != len(text):  # a few letters grow in lower case, and places would shift
        folded = text.translate(_UPPER)
    for shape in SHAPES:
        searched = folded if shape.folded else text
        if any(mark in searched for mark in shape.marks):
            for found in shape.pattern.finditer(searched):
                secret = found[1].strip()
                if secret and secret.lower() not in NO_SECRET:
                    yield Hit(shape, found.start(1), found.end(1))
