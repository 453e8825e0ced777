"""The rules of a path down to the line of the configuration: a reviewer looks at the file, not at our record of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from plantproof.model.assessment import EvidenceLink
from plantproof.model.paths import PathChange, ServicePath

PlaceOf = Callable[[Sequence[EvidenceLink]], Sequence[tuple[str, int, str]]]
"""Links to records -> raw file, line and pointer of each."""


def traced(changes: Iterable[PathChange], before: PlaceOf, after: PlaceOf) -> list[PathChange]:
    """The changes with the raw lines of their rules: what closes is looked up `before`, all else `after`."""
    return [
        msgspec.structs.replace(
            change,
            opened=[_path(path, after) for path in change.opened],
            changed=[_path(path, after) for path in change.changed],
            closed=[_path(path, before) for path in change.closed],
        )
        for change in changes
    ]


def _path(path: ServicePath, place_of: PlaceOf) -> ServicePath:
    rules = []
    for rule in path.rules:
        places = place_of(rule.evidence)
        evidence = [
            msgspec.structs.replace(link, raw=raw, raw_line=line, pointer=pointer)
            for link, (raw, line, pointer) in zip(rule.evidence, places, strict=True)
        ]
        rules.append(msgspec.structs.replace(rule, evidence=evidence))
    return msgspec.structs.replace(path, rules=rules)
