"""What moved, in plant words: one thing of each kind that a decision right can speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from plantproof.model.approvals import Moved, MovedFile, OpenedPath, Place
from plantproof.model.intent import Intent
from plantproof.model.programme import When
from plantproof.model.site import Site, Zone
from plantproof.text import visible


class Thing(NamedTuple):
    """One thing that moved: its kind, its site ("" where it judges all sites), where it lies, and in words what it
    is."""

    kind: When
    site: str
    words: str
    zones: tuple[str, ...] = ()
    conduits: tuple[str, ...] = ()
    severity: str = ""


_FOLDERS: dict[str, When] = {
    "controls/adopted": "adopted",
    "controls/catalogs": "catalog",
    "controls/profiles": "profile",
    "controls/programme": "programme",
    "mappers": "mapping",
    "policies": "policy",
}
OF_THE_FORGE = (
    ".github/",
    ".gitlab-ci.yml",
    ".gitlab-ci/",
    ".gitlab/",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    ".gitattributes",
)
"""What runs the gate, and who is asked: whoever edits it could take the gate away. Forge and git read these from the
root of the repository, wherever the project lies in it."""
_PIPELINE = (*OF_THE_FORGE, ".gitlab-ci", "plantproof.yaml")
"""Beside them the parts of a pipeline that lie next to it, and the settings: each path that begins so."""

_JUDGES: dict[When, str] = {
    "adopted": "what is adopted as known",
    "catalog": "a catalog of requirements",
    "mapping": "a mapping from policies to requirements",
    "policy": "a policy",
    "profile": "a profile of requirements",
    "programme": "who answers for what and who must agree",
    "project": "the settings of the project or of its pipeline",
}


def moved_files(paths: Iterable[str], waivers: Mapping[str, str] | None = None) -> Moved:
    """What a list of changed paths moves by itself, relative to the project: design intent, waivers, approved
    configurations, what judges, and the sites whose evidence was collected. `waivers` says of which site each waiver
    is, by id, on either side."""
    files: set[MovedFile] = set()
    evidence: set[str] = set()
    for path in paths:
        parts = path.split("/")
        stem = parts[-1].removesuffix(".yaml")
        folder = next((kind for prefix, kind in _FOLDERS.items() if path.startswith(prefix + "/")), None)
        if parts[-1] == "README.md":
            continue
        if parts[0] == "evidence" and len(parts) > 2:
            evidence.add(parts[1])
        elif path.startswith("controls/sites/"):
            files.add(MovedFile("design", path, stem))
        elif path.startswith("controls/waivers/"):
            files.add(MovedFile("waiver", path, (waivers or {}).get(stem, "")))
        elif path.startswith("controls/approved/") and len(parts) > 3:
            files.add(MovedFile("approved", path, parts[2]))
        elif folder:
            files.add(MovedFile(folder, path))
        elif path.startswith(_PIPELINE):
            files.add(MovedFile("project", path))
    return Moved(evidence=frozenset(evidence), files=frozenset(files))


def safety_functions(site: Site, zone: Zone) -> list[str]:
    """The titles of the essential functions of kind safety that rest on a zone; the zone's own title for a safety zone
    that names none."""
    functions = {function.id: function for function in site.essential_functions}
    named = [functions[name] for name in zone.essential_functions if name in functions]
    titles = [function.title for function in named if function.kind == "safety"]
    return titles or ([zone.title] if zone.kind == "safety" else [])


def things_of(moved: Moved, intent: Intent) -> Iterator[Thing]:
    """Every thing that moved. What is of a site that `intent` does not know is a matter of the project as a whole: the
    base has nobody yet who could answer for the site."""
    for thing in _things(moved, intent):
        if not thing.site or thing.site in intent.sites:
            yield thing
        else:
            yield Thing("project", "", f"{thing.words}; the site {visible(thing.site)} is new")


def _things(moved: Moved, intent: Intent) -> Iterator[Thing]:
    for site in moved.evidence:
        yield Thing("evidence", site, f"evidence of {visible(site)} was collected")
    for place in moved.zones:
        words = f"the zone {_zone_words(intent, place.site, place.id)} is touched"
        yield Thing("zone", place.site, words, (place.id,))
    for place in moved.conduits:
        words = f"the conduit {_conduit_words(intent, place)} is touched"
        yield Thing("conduit", place.site, words, _zones_of(intent, place.site, {place.id}), (place.id,))
    for place in moved.devices:
        enforced = _enforced(intent, place)
        behind = f", which enforces {', '.join(map(visible, enforced))}" if enforced else ""
        words = f"the rules of {visible(place.id)} change{behind}"
        yield Thing("device", place.site, words, _zones_of(intent, place.site, set(enforced)), enforced)
    for path in moved.paths:
        yield from _path_things(path, intent)
    for place in moved.safety:
        words = f"results of {visible(place.id)} move; what they ask for may affect safety"
        yield Thing("safety", place.site, words)
    for gap in moved.gaps:
        where = f" in the zone {_zone_words(intent, gap.site, gap.zone)}" if gap.zone else f" at {visible(gap.site)}"
        words = f"a gap of severity {gap.severity} opens{where}"
        yield Thing("severity", gap.site, words, (gap.zone,) if gap.zone else (), (), gap.severity)
    for file in moved.files:
        yield _file_thing(file)


def _path_things(path: OpenedPath, intent: Intent) -> Iterator[Thing]:
    ends = (path.source, path.destination)
    source, destination = (_zone_words(intent, path.site, end) for end in ends)
    what = f" ({visible(path.what)})" if path.what else ""
    joining = tuple(
        conduit.id
        for conduit in (intent.sites[path.site].conduits if path.site in intent.sites else ())
        if set(ends) <= set(conduit.zones)
    )
    yield Thing("path", path.site, f"a path opens from {source} to {destination}{what}", ends, joining)
    site = intent.sites.get(path.site)
    zone = next((zone for zone in site.zones if zone.id == path.destination), None) if site else None
    functions = safety_functions(site, zone) if site and zone else []
    if functions or path.safety:
        behind = f", behind which lies: {'; '.join(map(visible, functions))}" if functions else ""
        words = f"{destination} becomes reachable from {source}{what}{behind}"
        yield Thing("safety", path.site, words, ends, joining)


def _file_thing(file: MovedFile) -> Thing:
    path = visible(file.path)
    if file.kind == "design":
        return Thing("design", file.site, f"the design intent of {visible(file.site)} is edited ({path})")
    if file.kind == "waiver":
        return Thing("waiver", file.site, f"a waiver is added, edited or withdrawn ({path})")
    if file.kind == "approved":
        return Thing("approved", file.site, f"a configuration of {visible(file.site)} is recorded as approved ({path})")
    return Thing(file.kind, file.site, f"{_JUDGES.get(file.kind, file.kind)} is edited ({path})")


def _zone_words(intent: Intent, site: str, zone: str) -> str:
    known = intent.sites.get(site)
    title = next((each.title for each in known.zones if each.id == zone), "") if known else ""
    return f"{visible(title)} ({visible(zone)})" if title else f"{visible(zone)} (new)"


def _conduit_words(intent: Intent, place: Place) -> str:
    known = intent.sites.get(place.site)
    title = next((each.title for each in known.conduits if each.id == place.id), "") if known else ""
    return f"{visible(title)} ({visible(place.id)})" if title else f"{visible(place.id)} (new)"


def _enforced(intent: Intent, device: Place) -> tuple[str, ...]:
    site = intent.sites.get(device.site)
    return tuple(each.id for each in site.conduits if device.id in each.enforcement_points) if site else ()


def _zones_of(intent: Intent, site: str, conduits: set[str]) -> tuple[str, ...]:
    known = intent.sites.get(site)
    return (
        tuple(sorted({zone for each in known.conduits if each.id in conduits for zone in each.zones})) if known else ()
    )
