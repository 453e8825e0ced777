"""The design intent of a plant: zones, conduits, targets. Everything wrong with a site file is found at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from plantproof.controls.addresses import Held, Mistake, is_anything, overlaps, read_subnet, service_mistake
from plantproof.errors import InputError, Problem
from plantproof.files import YamlDocument, parse_yaml
from plantproof.model.draft import draft_words, unconfirmed_zones
from plantproof.model.site import Conduit, Site, Zone
from plantproof.spelling import did_you_mean

FOLDER = "controls/sites"

Pointer = tuple[str | int, ...]

_PURDUE: dict[str, tuple[float, float]] = {"business": (4, 5), "dmz": (3, 4), "control": (0, 3), "safety": (0, 2)}
"""The Purdue levels on which zones of a kind usually lie; other kinds may lie anywhere."""
_PROSE = frozenset({"remarks", "threat", "consequence", "unmitigated_risk", "tolerable_risk", "residual_risk"})
"""Fields that may have several lines."""


class SiteFile(NamedTuple):
    """A site and what is allowed in it but deserves a word (a target of unknown origin, an unusual level)."""

    site: Site
    warnings: list[Problem]


def site_path(site: str) -> str:
    """Where the file of a site lies."""
    return f"{FOLDER}/{site}.yaml"


def load_site(data: bytes, path: str) -> SiteFile:
    """One site. Raises `InputError` with every mistake, each with its line."""
    document = parse_yaml(data, path)
    site = document.convert(Site)
    problems = sorted(_problems(document, site), key=lambda problem: (problem.line, problem.column))
    if problems:
        raise InputError(*problems)
    warnings = sorted(_warnings(document, site), key=lambda problem: (problem.line, problem.column))
    return SiteFile(site, warnings)


def _problems(document: YamlDocument, site: Site) -> Iterator[Problem]:
    stem = PurePosixPath(document.path).stem
    if site.id != stem:
        yield document.problem(("id",), f"the id `{site.id}` is not the name of the file", f"write `{stem}`")
    yield from _unprintable(document, document.value, ())
    if not site.zones:
        yield document.problem(("zones",), "a site has at least one zone", "without zones nothing can be placed")
    units = [("zones", number, zone.id) for number, zone in enumerate(site.zones)]
    units += [("conduits", number, conduit.id) for number, conduit in enumerate(site.conduits)]
    yield from _twice(document, units, "zone or conduit")
    named = [("essential_functions", number, function.id) for number, function in enumerate(site.essential_functions)]
    yield from _twice(document, named, "function")
    functions = [function.id for function in site.essential_functions]
    zones = [zone.id for zone in site.zones]
    for number, zone in enumerate(site.zones):
        here = ("zones", number, "essential_functions")
        yield from _undeclared(document, here, zone.essential_functions, functions, "essential function")
        yield from _bad_date(document, ("zones", number), zone)
    yield from _subnet_problems(document, site)
    for number, conduit in enumerate(site.conduits):
        yield from _conduit_problems(document, number, conduit, zones)
        yield from _bad_date(document, ("conduits", number), conduit)
    for number, shared in enumerate(site.shared_systems):
        yield from _undeclared(document, ("shared_systems", number, "serves"), shared.serves, zones, "zone")
    for number, expected in enumerate(site.expected_assets):
        if expected.zone and expected.zone not in zones:
            yield document.problem(("expected_assets", number, "zone"), *_not_declared(expected.zone, zones, "zone"))
    assets = [("expected_assets", number, asset.name) for number, asset in enumerate(site.expected_assets)]
    yield from _twice(document, assets, "asset", "name")


def _conduit_problems(document: YamlDocument, number: int, conduit: Conduit, zones: Sequence[str]) -> Iterator[Problem]:
    here: Pointer = ("conduits", number)
    yield from _undeclared(document, (*here, "zones"), conduit.zones, zones, "zone")
    for index, permitted in enumerate(conduit.permitted):
        entry = (*here, "permitted", index)
        for field, end in (("from", permitted.from_), ("to", permitted.to)):
            if end not in zones:
                yield document.problem((*entry, field), *_not_declared(end, zones, "zone"))
            elif end not in conduit.zones:
                message = f"the conduit `{conduit.id}` does not join the zone `{end}`"
                yield document.problem((*entry, field), message, f"it joins {', '.join(conduit.zones)}")
        if permitted.from_ == permitted.to:
            yield document.problem(entry, f"from `{permitted.from_}` to itself: no conduit is needed within a zone")
        if not permitted.services:
            yield document.problem((*entry, "services"), "permits no service", "name them, or leave the entry out")
        for place, service in enumerate(permitted.services):
            mistake = service_mistake(service)
            if mistake:
                yield document.problem((*entry, "services", place), *mistake)


def _subnet_problems(document: YamlDocument, site: Site) -> Iterator[Problem]:
    held: list[Held[Pointer]] = []
    for number, zone in enumerate(site.zones):
        for index, text in enumerate(zone.subnets):
            here: Pointer = ("zones", number, "subnets", index)
            network = read_subnet(text)
            if isinstance(network, Mistake):
                yield document.problem(here, *network)
            else:
                held.append(Held(network, here))
    for wide, narrow in overlaps(held):
        first, second = (site.zones[int(item.owner[1])].id for item in (wide, narrow))
        line = document.place_of(wide.owner).line
        if first != second:
            message = f"{narrow.network} of zone `{second}` overlaps {wide.network} of zone `{first}` (line {line})"
            yield document.problem(narrow.owner, message, "an address lies in one zone; split the wider subnet")
        elif wide.network == narrow.network:
            yield document.problem(narrow.owner, f"{narrow.network} is in zone `{first}` twice (line {line})")


def _warnings(document: YamlDocument, site: Site) -> Iterator[Problem]:
    if words := draft_words(site):
        hint = "answer the questions, correct the file, and take `unconfirmed: true` away where it is right"
        yield document.problem(("zones",), words, hint)
    waiting = unconfirmed_zones(site)
    for number, conduit in enumerate(site.conduits):
        if not conduit.unconfirmed and (open_ := sorted(waiting.intersection(conduit.zones))):
            message = f"the conduit `{conduit.id}` permits nothing yet: its zone `{open_[0]}` is unconfirmed"
            yield document.problem(("conduits", number, "zones"), message, "confirm the zone first")
    for number, zone in enumerate(site.zones):
        here: Pointer = ("zones", number)
        yield from _target_warnings(document, here, zone)
        low, high = _PURDUE.get(zone.kind, (0.0, 5.0))
        if not low <= zone.purdue_level <= high:
            message = f"the {zone.kind} zone `{zone.id}` is on Purdue level {zone.purdue_level:g}"
            yield document.problem((*here, "purdue_level"), message, f"usual are {low:g} to {high:g}")
        empty = not zone.subnets and not zone.members and not any(a.zone == zone.id for a in site.expected_assets)
        if (
            empty and zone.kind != "external" and not zone.unconfirmed
        ):  # the internet is a zone, and has no list of what is in it
            message = f"nothing can be placed in the zone `{zone.id}`"
            yield document.problem(here, message, "give it `subnets` or `members`")
        if zone.sl_target is None and zone.kind not in ("business", "external") and not zone.unconfirmed:
            message = f"the zone `{zone.id}` has no sl_target"
            yield document.problem(here, message, "what it reaches is compared with nothing")
    for number, conduit in enumerate(site.conduits):
        yield from _target_warnings(document, ("conduits", number), conduit)
        for index, permitted in enumerate(conduit.permitted):
            for place, service in enumerate(permitted.services):
                if is_anything(service):
                    message = (
                        f"the conduit `{conduit.id}` permits all of `{service}` from `{permitted.from_}` to "
                        f"`{permitted.to}`: nothing of it that passes there is a gap"
                    )
                    pointer: Pointer = ("conduits", number, "permitted", index, "services", place)
                    yield document.problem(pointer, message, "name the services that the process needs")


def _target_warnings(document: YamlDocument, here: Pointer, unit: Zone | Conduit) -> Iterator[Problem]:
    if unit.sl_target is not None and unit.derived_from is None:
        message = f"the sl_target of `{unit.id}` does not say what it is derived from"
        yield document.problem((*here, "sl_target"), message, "62443-3-2: threat, consequence, risks, approver")
    if unit.sl_target is None and unit.derived_from is not None:
        yield document.problem((*here, "derived_from"), f"`{unit.id}` has a risk assessment, but no sl_target")


def _bad_date(document: YamlDocument, here: Pointer, unit: Zone | Conduit) -> Iterator[Problem]:
    if unit.derived_from is not None:
        try:
            date.fromisoformat(unit.derived_from.date[:10])
        except ValueError:
            message = f"{unit.derived_from.date} is not in the calendar"
            yield document.problem((*here, "derived_from", "date"), message)


def _twice(
    document: YamlDocument, entries: Iterable[tuple[str, int, str]], what: str, field: str = "id"
) -> Iterator[Problem]:
    """Names that are there twice. Names that differ in case only count: on paper nobody could tell them apart."""
    first: dict[str, Pointer] = {}
    for group, number, name in entries:
        pointer: Pointer = (group, number, field)
        before = first.setdefault(name.casefold(), pointer)
        if before != pointer:
            message = f"two of the name `{name}` (the other in line {document.place_of(before).line})"
            yield document.problem(pointer, message, f"each {what} needs its own")


def _undeclared(
    document: YamlDocument, here: Pointer, names: Sequence[str], declared: Sequence[str], what: str
) -> Iterator[Problem]:
    for number, name in enumerate(names):
        if name not in declared:
            yield document.problem((*here, number), *_not_declared(name, declared, what))
        elif names.index(name) != number:
            yield document.problem((*here, number), f"`{name}` is named twice")


def _not_declared(name: str, declared: Sequence[str], what: str) -> tuple[str, str]:
    hint = did_you_mean(name, declared) or f"declared: {', '.join(sorted(declared)) or 'none'}"
    return f"the {what} `{name}` is not declared", hint


def _unprintable(document: YamlDocument, value: Any, here: Pointer) -> Iterator[Problem]:
    """Names must be what they look like: no line breaks, no terminal escapes, no invisible letters."""
    if isinstance(value, str):
        prose = any(step in _PROSE for step in here)
        if not all(letter.isprintable() or (prose and letter == "\n") for letter in value):
            yield document.problem(here, f"holds a line break or an invisible character: {value!r:.80}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _unprintable(document, item, (*here, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _unprintable(document, item, (*here, number))
