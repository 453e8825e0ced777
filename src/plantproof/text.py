"""Text of unknown origin made safe to show. One place, so that a name reads alike in messages, pages and tables."""

from __future__ import annotations

import re
import unicodedata

# Written out instead of asking `unicodedata`, whose tables differ between Python versions: all must give one result.
_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    """The text on one line with every control, bidirectional and zero-width character, and every byte that was no
    UTF-8, spelled out as ⟨U+202E⟩; line breaks as ⏎."""
    if text.isascii() and text.isprintable():
        return text
    return spelled_out(text).replace("\n", "⏎")


def spelled_out(text: str) -> str:
    """The same with line breaks left as they are."""
    return _INVISIBLE.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def plain(text: str) -> str:
    """The letters and digits alone, in one form: what two spellings of a name have in common. "" for a text that says
    nothing, whatever invisible characters it consists of."""
    seen = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return "".join(character for character in seen.casefold() if character.isalnum())


def shown(value: object, longest: int = 80) -> str:
    """A value for a message: visible, and not for ever long."""
    # Cut before, too: a cell of a megabyte is not spelled out first.
    words = visible(str(value)[: 5 * longest])
    return words if len(words) <= longest else words[: longest - 1] + "…"


def says_something(text: str) -> bool:
    """Whether a text has a letter or a digit: blanks, dashes and question marks name nobody and nothing."""
    return any(map(str.isalnum, text))
