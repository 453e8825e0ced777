"""Evidence text made safe to show: the invisible is spelled out, commands are disarmed."""

from __future__ import annotations

import re

# Written out instead of asking `unicodedata`, whose tables differ between Python versions: all must give one result.
_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_TERMINAL_SEQUENCE = re.compile(
    "\x1b(?:\\[[0-?]*[ -/]*[@-~]?|[\\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?|[ -/]*[0-~])"
    "|\x9b[0-?]*[ -/]*[@-~]?|[\x90\x98\x9d-\x9f][^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?"
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|", "%")


def visible(text: str) -> str:
    """The text with every control, bidirectional and zero-width character spelled out as ⟨U+202E⟩; line breaks as ⏎."""
    if text.isascii() and text.isprintable():
        return text
    return _INVISIBLE.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text).replace("\n", "⏎")


def for_terminal(text: str) -> str:
    """The text without terminal sequences, and with what else cannot be seen spelled out."""
    if text.isascii() and text.isprintable():
        return text
    return visible(_TERMINAL_SEQUENCE.sub("", text))


def for_spreadsheet(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula: an apostrophe goes before what would start one.

    Whitespace and quotes before the sign count too, since some programs skip them (OWASP, CSV injection).
    """
    shown = _INVISIBLE.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)
    return f"'{shown}" if text.lstrip(" \u00a0\"'").startswith(_FORMULA_STARTS) else shown
