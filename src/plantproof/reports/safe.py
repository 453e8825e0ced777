"""Evidence text made safe where something would obey it: terminals, spreadsheets, addresses."""

from __future__ import annotations

import re

from plantproof.text import spelled_out, visible

_TERMINAL_SEQUENCE = re.compile(
    "\x1b(?:\\[[0-?]*[ -/]*[@-~]?|[\\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?|[ -/]*[0-~])"
    "|\x9b[0-?]*[ -/]*[@-~]?|[\x90\x98\x9d-\x9f][^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?"
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|", "%")


def for_terminal(text: str) -> str:
    """The text without terminal sequences, and with what else cannot be seen spelled out."""
    if text.isascii() and text.isprintable():
        return text
    return visible(_TERMINAL_SEQUENCE.sub("", text))


def for_spreadsheet(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula: an apostrophe goes before what would start one.

    Whitespace and quotes before the sign count too, since some programs skip them (OWASP, CSV injection).
    """
    shown = spelled_out(text)
    return f"'{shown}" if text.lstrip(" \u00a0\"'").startswith(_FORMULA_STARTS) else shown


def for_address(text: str, kept: str = "/") -> str:
    """The text as part of an address: percent-encoded but for letters, digits, `-._~` and what is `kept`."""
    return "".join(
        chr(byte) if chr(byte) in _UNRESERVED or chr(byte) in kept else f"%{byte:02X}"
        for byte in spelled_out(text).encode("utf-8")
    )


_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
"""RFC 3986, 2.3."""
