"""Whether custody says of a source what people agreed on: for whom it speaks, from where, in which format.

No export says these, so reading it again proves none of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from plantproof.model.evidence import Covers, Custody
from plantproof.model.project_file import SourceSettings

SAID = frozenset({"covers", "format", "vantage"})
"""The settings that custody repeats. By the others an export is read."""


def not_agreed(custody: Custody, before: Custody | None, settings: SourceSettings) -> list[str]:
    """Which of `SAID` custody says as neither `settings` do nor the custody of `before`, sorted."""
    found = []
    if not any(_same_scopes(custody.covers, each.covers) for each in (settings, before) if each):
        found.append("covers")
    if settings.format not in ("", custody.format) and (before is None or before.format != custody.format):
        found.append("format")
    if all(custody.vantage != each.vantage for each in (settings, before) if each):
        found.append("vantage")
    return found


def _same_scopes(some: Sequence[Covers], others: Sequence[Covers]) -> bool:
    return all(each in others for each in some) and all(each in some for each in others)
