"""What a change edits of its own judge: found by bytes, told by values, never used on the change itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import msgspec

from plantproof.model.delta import JudgeChange
from plantproof.model.project_file import ProjectFile, SourceSettings
from plantproof.review.value_changes import value_changes

Kind = Literal[
    "waiver", "adopted", "approved", "profile", "catalog", "policy", "mapping", "programme", "project", "content"
]

FOLDERS: dict[str, Kind] = {
    "controls/adopted": "adopted",
    "controls/approved": "approved",
    "controls/catalogs": "catalog",
    "controls/profiles": "profile",
    "controls/programme": "programme",
    "controls/waivers": "waiver",
    "mappers": "mapping",
    "policies": "policy",
}
"""Folder -> what its files are to the judge."""

PROJECT_FILE = "plantproof.yaml"


def kind_of(path: str) -> Kind | None:
    """What a file is to the judge; None where it is none of its."""
    if path == PROJECT_FILE:
        return "project"
    return next((kind for folder, kind in FOLDERS.items() if path.startswith(f"{folder}/")), None)


def judge_changes(
    before: Mapping[str, str], after: Mapping[str, str], values: Callable[[str, bool], Any]
) -> list[JudgeChange]:
    """The files of the judge that differ, by path. `before` and `after` map a path to the id of its bytes; `values`
    gives the parsed YAML of a path, of the head where its second argument says so, None where there is nothing to
    parse."""
    found = []
    for path in sorted({*before, *after}):
        kind = kind_of(path)
        if kind is None or before.get(path) == after.get(path) or path.endswith((".md", "_test.rego")):
            continue
        how: Literal["added", "removed", "edited"] = "edited"
        if path not in before:
            how = "added"
        elif path not in after:
            how = "removed"
        was = values(path, False) if path in before else None
        now = values(path, True) if path in after else None
        if kind == "project":
            was, now = _without_sites(was), _without_sites(now)
            if was == now:
                continue
        told = value_changes(path, was, now) if how == "edited" else []
        found.append(JudgeChange(kind=kind, path=path, how=how, title=_title(now or was), values=told))
    return found


def judged_by_base(base: ProjectFile, head: ProjectFile) -> ProjectFile:
    """The project file under which the base judges the head: all of the base's, for the sites that the head has.

    Age limits are the base's for every source that the base knows; a source that the change adds has the base's
    defaults, so that nobody brings stale evidence and the limit under which it is fresh.
    """
    sites = {}
    for name, settings in head.sites.items():
        known = base.sites[name].sources if name in base.sites else {}
        sources = {
            source: msgspec.structs.replace(each, max_age_days=known.get(source, SourceSettings()).max_age_days)
            for source, each in settings.sources.items()
        }
        # A source that the change takes out of the project file is still expected: that it is silent must show.
        sources |= {source: each for source, each in known.items() if source not in sources}
        sites[name] = msgspec.structs.replace(settings, sources=sources)
    return msgspec.structs.replace(base, sites=sites)


def _without_sites(values: Any) -> Any:
    """The project file without what it says of the sources, but for their age limits: only those judge."""
    if not isinstance(values, dict):
        return values
    rest = {key: value for key, value in values.items() if key != "sites"}
    limits: dict[str, Any] = {}
    sites = values.get("sites")
    for site, settings in sites.items() if isinstance(sites, dict) else ():
        sources = settings.get("sources") if isinstance(settings, dict) else None
        for source, each in sources.items() if isinstance(sources, dict) else ():
            if isinstance(each, dict) and "max_age_days" in each:
                limits[f"{site}/{source}"] = each["max_age_days"]
    return {**rest, "age limits of sources": limits} if limits else rest


def _title(values: Any) -> str:
    title = values.get("title") or values.get("reason") if isinstance(values, dict) else None
    return title if isinstance(title, str) else ""


def by_path(entries: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The files of the judge among (path, id of its bytes)."""
    return {path: identifier for path, identifier in entries if kind_of(path) is not None}
