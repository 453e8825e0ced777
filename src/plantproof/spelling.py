"""What was probably meant by a name that does not exist: the way out that every such mistake shows."""

from __future__ import annotations

from collections.abc import Iterable

from plantproof.text import visible

LONGEST = 200
"""What is longer is no typing mistake, and comparing it would only cost time."""


def did_you_mean(text: str, words: Iterable[str]) -> str:
    """A hint with the word that looks most like `text`, or "" where none does. Case, blanks and dashes count little."""
    import difflib  # 6 ms, for mistakes only

    known = sorted(words)
    wanted = text[:LONGEST]
    near = [word for word in known if _plain(word) == _plain(wanted) != ""]
    if len(near) != 1:
        folded = {word.casefold(): word for word in known}
        near = [folded[word] for word in difflib.get_close_matches(wanted.casefold(), list(folded), n=1, cutoff=0.6)]
    return f"did you mean `{visible(near[0])}`?" if near else ""


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
