"""A small diagram of the zones between which ways open and close, in Mermaid: forges draw it within a comment."""

from __future__ import annotations

import re
from collections.abc import Sequence

from plantproof.model.paths import PathChange

MOST = 12
"""Arrows; with more, nobody follows them."""
_LONGEST = 60
_ARROWS = {"opened": "==>", "wider": "==>", "changed": "-->", "narrower": "-.->", "closed": "-.->"}


def zones_diagram(changes: Sequence[PathChange]) -> str:
    """A flow chart: thick arrows open or widen, dotted ones close or narrow. "" for nothing, and for too much."""
    if not 0 < len(changes) <= MOST:
        return ""
    ids: dict[tuple[str, str], str] = {}
    names: list[str] = []
    arrows = []
    for change in changes:
        ends = []
        for zone, title in ((change.src_zone, change.src_title), (change.dst_zone, change.dst_title)):
            key = (change.site, zone)
            if key not in ids:
                ids[key] = f"z{len(ids)}"
                names.append(f'  {ids[key]}["{_word(title or zone)}"]')
            ends.append(ids[key])
        moved = [path.service for path in (*change.opened, *change.closed, *change.changed)]
        services = sorted(dict.fromkeys(moved))
        told = ", ".join(services[:3]) + (f" and {len(services) - 3} more" if len(services) > 3 else "")
        label = _word(f"{change.status}: {told}" if told else change.status)
        arrows.append(f'  {ends[0]} {_ARROWS[change.status]}|"{label}"| {ends[1]}')
    return "\n".join(["flowchart LR", *names, *arrows])


def _word(text: str) -> str:
    """Letters, digits and what means nothing to Mermaid, Markdown or HTML; anything else is a dot."""
    kept = re.sub(r"[^\w +~.,/:-]", "·", text)
    # What begins like a list is one to Mermaid, which it then refuses to draw.
    kept = re.sub(r"^(\d+[.)]|[-+])(?=\s)", lambda found: f"{found[0]}·", kept)
    return kept if len(kept) <= _LONGEST else f"{kept[: _LONGEST - 1]}…"
