"""Records line by line: what `validate` checks and a fast reading skips, since custody holds the hash of every file."""

from __future__ import annotations

from typing import Any

import msgspec

from plantproof.errors import InputError, Problem
from plantproof.files import encode_json, load_lines
from plantproof.model.evidence import Identities, RecordsFile, Source
from plantproof.model.records import KINDS, Sighting


def odd_line(data: bytes) -> tuple[int, str]:
    """The first line that no collection writes so, and why; (0, "") where the form gives nothing away."""
    decoder = msgspec.json.Decoder()
    last = ""
    for number, raw in enumerate(data.split(b"\n")[:-1] if data.endswith(b"\n") else data.split(b"\n"), 1):
        if raw.endswith(b"\r"):
            return number, "its line end was rewritten: `.gitattributes` needs `evidence/** -text`"
        try:
            value = decoder.decode(raw)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return number, "no JSON"
        if not isinstance(value, dict) or not isinstance(value.get("id"), str):
            return number, "no `id`"
        if encode_json(value) != raw:
            return number, "not in canonical form"
        if value["id"] <= last:
            return number, "out of order"
        last = value["id"]
    return 0, ""


def records_problems(source: Source, folder: str, identities: Identities) -> list[Problem]:
    """Every mistake in the records and sightings of one source. `folder` ends with a slash."""
    problems: list[Problem] = []
    entries = {entry.path: entry for entry in [*source.custody.records, *source.custody.sightings]}
    for kind in sorted(source.records):
        seen: dict[str, str] = {}
        for path, data in source.records[kind]:
            problems += _file_problems(path, data, KINDS[kind], entries[path.removeprefix(folder)], seen)
            problems += _unminted(path, data, kind, identities)
    for kind in sorted(source.sightings):
        seen = {}
        for path, data in source.sightings[kind]:
            problems += _file_problems(path, data, Sighting, entries[path.removeprefix(folder)], seen)
    return problems


def _file_problems(path: str, data: bytes, kind: Any, entry: RecordsFile, seen: dict[str, str]) -> list[Problem]:
    try:
        rows = load_lines(data, path, kind)
    except InputError as error:
        return list(error.problems)
    problems = []
    if len(rows) != entry.rows:
        problems.append(Problem(path, 0, f"{len(rows)} records where custody counts {entry.rows}"))
    line, why = odd_line(data)
    if line:
        problems.append(Problem(path, line, why, "records come from `plantproof collect` and nothing else"))
    for number, row in enumerate(rows, 1):
        if row.id in seen:
            problems.append(Problem(path, number, f"the id `{row.id}` is at {seen[row.id]} too", "one id, one record"))
        seen.setdefault(row.id, f"{path}:{number}")
    return problems


def _unminted(path: str, data: bytes, kind: str, identities: Identities) -> list[Problem]:
    """Records of assets that identities.jsonl does not know: it was edited, or a merge lost its lines."""
    problems = []
    field = "id" if kind == "asset" else "asset"
    for number, raw in enumerate(data.splitlines(), 1):
        try:
            asset = msgspec.json.decode(raw).get(field)
        except (msgspec.MsgspecError, ValueError, AttributeError, RecursionError):
            continue
        if isinstance(asset, str) and asset not in identities.canonical:
            problems.append(
                Problem(
                    path,
                    number,
                    f"identities.jsonl knows no asset `{asset}`",
                    "restore its lines from git, or collect again",
                )
            )
    return problems
