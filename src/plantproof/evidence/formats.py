"""Which collector reads which export: by content; where that does not decide, the candidates are named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plantproof.errors import InputError, Problem, refuse
from plantproof.evidence.collectors import BUILT_IN
from plantproof.evidence.collectors.protocol import Collector, Export
from plantproof.plugins import Table, load_table
from plantproof.text import shown

CLAIM = 50
"""From this confidence on a collector claims an export."""

CLEAR = 20
"""By so much the best must lead, or a person decides."""


Formats = Mapping[str, Collector]
"""Format -> collector."""

SHIPPED: Formats = Table[Collector](BUILT_IN)


def installed() -> Formats:
    """The built-in formats with those that installed packages add. Raises `InputError` where a name is there twice."""
    return load_table("plantproof.collectors", BUILT_IN)


def collector(name: str, formats: Formats = SHIPPED) -> Collector:
    """The collector of a format. Raises `InputError` that lists the formats there are."""
    if name not in formats:
        raise refuse(f"there is no format `{shown(name)}`", f"there are: {', '.join(sorted(formats))}")
    return formats[name]


def recognise(exports: Sequence[Export], formats: Formats = SHIPPED) -> Collector:
    """The one collector that claims all the exports. Raises `InputError` with the candidates for each otherwise."""
    known = dict(sorted(formats.items()))
    problems = []
    found: dict[str, list[str]] = {}
    for export in exports:
        scores = sorted(((-module.recognise(export), name) for name, module in known.items()))
        scores = [(-score, name) for score, name in scores]
        best, name = scores[0]
        if best >= CLAIM and best - scores[1][0] >= CLEAR:
            found.setdefault(name, []).append(export.name)
            continue
        if not export.data.strip():
            problems.append(Problem(export.name, 0, "the file is empty", "export it again"))
            continue
        wide = export.data[:2] in (b"\xff\xfe", b"\xfe\xff")
        if b"\0" in export.data[:4_000] and not wide:
            problems.append(
                Problem(export.name, 0, "the file is binary", "collect the tool's text, JSON or CSV export")
            )
            continue
        likely = [other for score, other in scores if score > 0][:4]
        message = "the format is not recognised" if best < CLAIM else "the format is not clear from the content"
        hint = (
            f"candidates: {', '.join(likely)}; say which with `--format {likely[0]}`"
            if likely
            else (f"say which with `--format FORMAT`, one of: {', '.join(known)}")
        )
        if wide:
            hint = f"it is UTF-16, which few formats are: convert it to UTF-8, or {hint}"
        problems.append(Problem(export.name, 0, message, hint))
    if not problems and len(found) > 1:
        told = "; ".join(f"{name}: {', '.join(map(shown, names))}" for name, names in sorted(found.items()))
        problems.append(
            Problem("", 0, f"these exports are of different formats ({told})", "collect each into a source of its own")
        )
    if problems:
        raise InputError(*problems)
    return known[next(iter(found))]
