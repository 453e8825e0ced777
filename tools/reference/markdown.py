"""Little pieces of Markdown that the pages share."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

NOTE = "<!-- Made by tools/generate_reference.py from the code and the content. Change those, then run `make docs`. -->"


def page(title: str, *blocks: str) -> str:
    """A whole page: the note that it is generated, its title, its blocks with an empty line between."""
    return "\n\n".join([NOTE, f"# {title}", *(block.strip("\n") for block in blocks if block.strip("\n"))]) + "\n"


def prose(text: str) -> str:
    """A paragraph, its lines filled anew."""
    return textwrap.fill(" ".join(text.split()), 110, break_long_words=False, break_on_hyphens=False)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table. Bars in cells are escaped, newlines become spaces."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(cell(value) for value in row)} |" for row in rows]
    return "\n".join(lines)


def cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def code(text: object) -> str:
    """Inline code; an empty text stays empty."""
    return f"`{text}`" if str(text) else ""


def codes(texts: Iterable[object]) -> str:
    return ", ".join(code(text) for text in texts)


def summary(documentation: str | None) -> str:
    """A docstring as prose: its paragraphs joined, in one line each."""
    paragraphs = (documentation or "").strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
