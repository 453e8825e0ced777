"""Lists that a tool hands out page by page: whether all pages are there. What a missing one held looks as if gone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from plantproof.errors import Problem
from plantproof.evidence.collectors import values


class Page(NamedTuple):
    """A list as exported: what is in it, how many rows the tool counts for all its pages, and the ids of those here."""

    raw: str
    kind: str
    counted: int
    ids: frozenset[str]


def page(raw: str, kind: str, counted: object, rows: Iterable[Any]) -> Page:
    """A page of these rows. A row without an id is one of its own; without a count, the tool states none."""
    ids = (values.text(row.get("id")) if isinstance(row, dict) else "" for row in rows)
    known = frozenset(own or f"{raw} {place}" for place, own in enumerate(ids))
    return Page(raw, kind, counted if isinstance(counted, int) else 0, known)


def incomplete(pages: Iterable[Page], hint: str) -> list[Problem]:
    """A problem for every list that lacks rows. Pages of one kind and one count are one list, but a list that is whole
    by itself completes no other: two filters can count alike. A page that is there twice counts once."""
    parts: dict[tuple[str, int], list[Page]] = {}
    for one in pages:
        if len(one.ids) < one.counted:
            parts.setdefault((one.kind, one.counted), []).append(one)
    found = []
    for (kind, counted), some in sorted(parts.items()):
        there = len(frozenset[str]().union(*(one.ids for one in some)))
        if there < counted:
            rows = f"{kind} rows" if kind else "rows"
            found.append(Problem(some[0].raw, 0, f"the list holds {there} of {counted} {rows}", hint))
    return found
