"""What a change edits of its own judge: found by bytes, told by values, never used on the change itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
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
            whole = _told_whole(was, now)
            was, now = _judging(was, whole), _judging(now, whole)
            if was == now:
                continue
        told = value_changes(path, was, now) if how == "edited" else []
        found.append(JudgeChange(kind=kind, path=path, how=how, title=_title(now or was), values=told))
    return found


def judged_by_base(base: ProjectFile, head: ProjectFile) -> ProjectFile:
    """The project file under which the base judges the head: all of the base's, for the sites that the head has.

    The settings of a source that the base knows are the base's: what it covers, from where, how it is read, how long it
    is fresh. A source that the change adds has the head's, with the base's default for its age, so that nobody brings
    stale evidence and the limit under which it is fresh.
    """
    sites = {}
    for name, settings in head.sites.items():
        known = base.sites[name].sources if name in base.sites else {}
        added = {
            source: msgspec.structs.replace(each, max_age_days=None)
            for source, each in settings.sources.items()
            if source not in known
        }
        # A source that the change takes out of the project file is still expected: that it is silent must show.
        sites[name] = msgspec.structs.replace(settings, sources={**added, **known})
    return msgspec.structs.replace(base, sites=sites)


_TELL = frozenset({"collected_by", "steps", "tool", "tool_version"})
"""Settings of a source that only tell who collected it, and with what: nothing is judged by them."""


def edited_settings(before: SourceSettings, after: SourceSettings) -> list[str]:
    """The settings that say what a source speaks for and how its export is read, as far as they are edited, sorted."""
    names = {*before.__struct_fields__} - _TELL - {"max_age_days"}
    return sorted(name for name in names if getattr(before, name) != getattr(after, name))


def _judging(values: Any, whole: Collection[str]) -> Any:
    """What of the project file judges, as plain YAML. Of the sources in `whole`, all by which they are read and judged;
    of another its age limit alone, since what else is said of it comes or goes with it, and shows there."""
    if not isinstance(values, dict):
        return values
    rest = {key: value for key, value in values.items() if key != "sites"}
    told = {
        source: {key: value for key, value in each.items() if key == "max_age_days" or source in whole}
        for source, each in _sources(values).items()
    }
    found = {source: each for source, each in told.items() if each or source in whole}
    return {**rest, "sources": found} if found else rest


def _told_whole(was: Any, now: Any) -> set[str]:
    """The sources that the base knows, of sites that the head has as well: one that is taken out of the project file is
    expected no more, once that file judges."""
    sites = now.get("sites") if isinstance(now, dict) else None
    return {source for source in _sources(was) if isinstance(sites, dict) and source.partition("/")[0] in sites}


def _sources(values: Any) -> dict[str, dict[str, Any]]:
    """The settings of every source by which it is read and judged, by site/source."""
    found = {}
    sites = values.get("sites") if isinstance(values, dict) else None
    for site, settings in sites.items() if isinstance(sites, dict) else ():
        sources = settings.get("sources") if isinstance(settings, dict) else None
        for source, each in sources.items() if isinstance(sources, dict) else ():
            settings_of = each if isinstance(each, dict) else {}
            found[f"{site}/{source}"] = {key: value for key, value in settings_of.items() if key not in _TELL}
    return found


def _title(values: Any) -> str:
    title = values.get("title") or values.get("reason") if isinstance(values, dict) else None
    return title if isinstance(title, str) else ""


def by_path(entries: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The files of the judge among (path, id of its bytes)."""
    return {path: identifier for path, identifier in entries if kind_of(path) is not None}
