"""Sections of a comment within a limit of bytes: what matters most first, and never a cut without a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from plantproof.reports.delta_words import severity_words
from plantproof.reports.markdown import size, within_html
from plantproof.reports.words import counted

_RESERVED = 1_500
"""Bytes that each later section is sure of."""
_HEAD = 2_500
"""Bytes that the lines before the items of a section take at most."""
_FRAME = 320
"""What the frame of a section and its counts of what is left out take at most, besides its title."""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A collapsible section. The lines of `head` stand before the items; `line` makes an item's Markdown, as an entry
    of a list."""

    title: str
    head: Sequence[str] = ()
    items: Sequence[Any] = ()
    line: Callable[[Any], str] = str
    expanded: bool = False
    speaks: bool = False
    """Alone a reason for a comment."""


def laid_out(head: str, sections: Sequence[Section], foot: str, limit: int, see_all: str) -> str:
    """Head, sections and foot in at most `limit` bytes. Items are taken in their order, which is by severity."""
    left = limit - size(head) - size(foot) - sum(_frame(section) + size(see_all) for section in sections)
    heads = []
    for section in sections:
        taken, used = _taken(section.head, str, min(_HEAD, left))
        heads.append(taken)
        left -= used
    parts = [head]
    for number, section in enumerate(sections):
        later = sum(1 for each in sections[number + 1 :] if each.items)
        taken, used = _taken(section.items, section.line, left - later * _RESERVED)
        left -= used
        parts.append(_written(section, heads[number], taken, see_all))
    return "\n".join([*parts, foot])


def _taken(items: Sequence[Any], line: Callable[[Any], str], room: int) -> tuple[list[str], int]:
    lines: list[str] = []
    used = 0
    for item in items:
        written = line(item)
        used_with = used + size(written) + 1
        if used_with > room:
            break
        lines.append(written)
        used = used_with
    return lines, used


def _written(section: Section, head: Sequence[str], taken: Sequence[str], see_all: str) -> str:
    expanded = " open" if section.expanded else ""
    parts = [f"<details{expanded}><summary>{within_html(section.title, 200)}</summary>\n"]
    if head:
        parts.append("\n".join(head) + "\n")
    if len(head) < len(section.head):
        parts.append(f"… and {counted(len(section.head) - len(head), 'line')} more{see_all}\n")
    if taken:
        parts.append("\n".join(taken) + "\n")
    left_out = section.items[len(taken) :]
    if left_out:
        parts.append(f"… and {len(left_out):,} more{_severities(left_out)}{see_all}\n")
    return "\n".join([*parts, "</details>\n"])


def _severities(items: Sequence[Any]) -> str:
    found = Counter(_of(items))
    return f" ({severity_words(found)})" if found else ""


def _of(items: Sequence[Any]) -> Iterator[str]:
    for item in items:
        severity = getattr(item, "severity", "")
        if isinstance(severity, str) and severity:
            yield severity


def _frame(section: Section) -> int:
    return _FRAME + size(within_html(section.title, 200))
