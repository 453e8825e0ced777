"""The safety net under the collectors: what is a secret in any tool's export, by its shape."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple


class Shape(NamedTuple):
    """`pattern` has one group: the secret itself."""

    what: str
    pattern: re.Pattern[str]
    how: Literal["token", "placeholder"] = "token"


_BEGIN = r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
_END = r"-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY"
_WORD = (
    r"(?:pass(?:word|wd|phrase)|pwd|secret|psk|pre[-_ ]?shared[-_ ]?key|api[-_]?key|auth[-_]?key|private[-_]?key"
    r"|access[-_]?token|community)"
)

PRIVATE_KEY = "private key"

SHAPES: tuple[Shape, ...] = (
    Shape(PRIVATE_KEY, re.compile(f"{_BEGIN}(.+?){_END}", re.DOTALL), "placeholder"),
    # A key that the export cuts off is a secret all the same.
    Shape(PRIVATE_KEY, re.compile(f"{_BEGIN}((?!.*-----END).+)", re.DOTALL), "placeholder"),
    Shape("password in JSON", re.compile(rf'"[\w .-]{{0,40}}?{_WORD}"\s*:\s*"((?:[^"\\]|\\.)+)"', re.IGNORECASE)),
    Shape(
        "password in text",
        re.compile(rf"\b(?:\w{{1,20}}[-_])?{_WORD}\s{{0,3}}[:=]\s{{0,3}}['\"]?([^\s'\",;]{{3,}})", re.IGNORECASE),
    ),
    Shape(
        "password in an address",
        re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:@/\"']{1,80}:([^\s@/\"']{1,200})@", re.IGNORECASE),
    ),
    Shape("access token", re.compile(r"\b(?:Bearer|Basic)\s+([A-Za-z0-9+/._~-]{16,}={0,2})")),
    Shape(
        "access token",
        re.compile(r"\b((?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{36,}|glpat-[\w-]{20,}|xox[abpr]-[\w-]{10,})"),
    ),
    Shape("access token", re.compile(r"\b(eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,})")),
)

NO_SECRET = frozenset({"true", "false", "null", "none", "yes", "no", "enabled", "disabled", "required", "***", "****"})
"""Words that stand where a secret could, in lower case."""
