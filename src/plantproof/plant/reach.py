"""Derived: what really passes from zone to zone through each device, after order, shadowing and implicit denial."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from itertools import groupby
from typing import NamedTuple

from msgspec import UNSET

from plantproof.model.plant import Table
from plantproof.model.reach import Reach, Sample
from plantproof.model.site import Site
from plantproof.plant.address_space import NOWHERE, AddressSpace
from plantproof.plant.between import Between, Support
from plantproof.plant.ground import DESTINATION, SOURCE, Ground
from plantproof.plant.places import Attachments, Places
from plantproof.plant.rulebase import devices_of
from plantproof.plant.weighing import Decision, Way, accepting_rules, decide, is_shadowed, ways
from plantproof.plant.zones import claims_of


class Part(NamedTuple):
    """What one decision adds to one service."""

    decision: Decision
    mask: int
    """The service, and what of it passes by this decision."""
    passing: int


def reach_rows(site: Site, assets: Table, rules: Table | None, interfaces: Table | None, places: Places) -> list[Reach]:
    """Everything that the fresh rules of all devices let pass between two zones, by id.

    Rules without a device stand for themselves. Nothing here asks whether a way leads from one device to the next.
    """
    if rules is None or not any(rules.fresh):
        return []
    space = AddressSpace(site, places)
    attachments = Attachments(interfaces, places)
    between = Between(site, places)
    found: dict[str, Reach] = {}
    for device in devices_of(rules):
        ground = Ground(device, space, attachments)
        asset = assets.ids[device.asset_row] if device.asset_row >= 0 else ""
        pairs = sorted(ways(ground), key=lambda way: (way.source, way.destination, way.answers, way.version))
        for _, alike in groupby(pairs, key=lambda way: (way.source, way.destination)):
            for row in _passing(Of(ground, between, asset), list(alike)):
                found[row.id] = row
    return [found[identifier] for identifier in sorted(found)]


def reach_table(site: Site, rules: Table | None, rows: list[Reach], places: Places) -> Table:
    """The rows as subjects of policies, each as strong as the strongest of its deciding rules."""
    supports = [
        [support_of(rules, rules.rows[identifier], row.unresolved) for identifier in row.rules]
        for row in rows
        if rules is not None
    ]
    return Between(site, places).table("reach", rows, supports)


def support_of(rules: Table, row: int, unresolved: bool) -> Support:
    """A rule as what a derived record rests on."""
    logs = claims_of(rules.columns["log"], row)
    logged = None if not logs else logs == (b"true",)
    return Support(rules.ids[row], rules.methods[row], rules.origins[row], rules.asset_rows[row], logged, unresolved)


class Of(NamedTuple):
    """Of which device, and where."""

    ground: Ground
    between: Between
    asset: str


def _passing(of: Of, alike: list[Way]) -> Iterator[Reach]:
    """The services that pass from one zone to another, openings before answers."""
    ground = of.ground
    opened: set[str] = set()
    decisions = {way: decide(ground, way) for way in alike}
    deciding = {number for found in decisions.values() for decision in found for number in decision.rules}
    never = [
        number
        for number in accepting_rules(ground, alike)
        if number not in deciding and is_shadowed(ground, alike, number)
    ]
    for answers in (False, True):
        found = [each for way in alike if way.answers is answers for each in decisions[way]]
        parts = _parts(ground, found, answers)
        for service in sorted(parts.keys() - opened):
            yield _row(of, service, parts[service], found, answers, never)
        opened |= parts.keys()


def _parts(ground: Ground, found: list[Decision], answers: bool) -> dict[str, list[Part]]:
    """Service -> the decisions that let it pass. A service is written as the rule has it where all of it passes
    between these zones by some rule, else as what of it does."""
    passing = 0
    for decision in found:
        passing |= decision.services
    parts: dict[str, list[Part]] = {}
    for decision in found:
        own = decision.services
        if answers and not any(ground.rules[number].answers for number in decision.rules):
            continue
        for text, mask in _asked(ground, decision):
            if not own & mask:
                continue
            left = mask & passing
            names = [text] if left == mask or left & ground.services.rest else ground.services.names(left)
            for name in names:
                within = ground.services.mask(name) & mask
                if own & within:
                    parts.setdefault(name, []).append(Part(decision, within, own & within))
    return parts


def _asked(ground: Ground, decision: Decision) -> list[tuple[str, int]]:
    """The services of the rule as it writes them; of two rules, what both of them mean."""
    asked = [("ip", ground.services.every)]
    for number in decision.rules:
        asked = [
            (text if both == theirs else other if both == mask else ground.services.names(both)[0], both)
            for text, theirs in ((text, ground.services.mask(text)) for text in ground.rules[number].services)
            for other, mask in asked
            for both in [mask & theirs]
            if both
        ]
    return sorted(set(asked))


def _row(of: Of, service: str, parts: list[Part], found: list[Decision], answers: bool, never: list[int]) -> Reach:
    ground = of.ground
    parts = sorted(parts, key=lambda part: (not part.decision.sure & part.passing, part.decision.rules))
    first = parts[0]
    way = first.decision.way
    certain = bool(first.decision.sure & first.passing)
    words = [word for part in parts for word in (*part.decision.words, *part.decision.doubts)]
    numbers = list(dict.fromkeys(number for part in parts for number in part.decision.rules))
    rules = [ground.rules[number] for number in numbers]
    mask = incoming = outgoing = 0
    addresses: dict[tuple[int, int, str], int] = {}
    for part in parts:
        version = part.decision.way.version
        ends = (version, SOURCE, way.source), (version, DESTINATION, way.destination)
        mask |= part.mask
        for box in part.decision.boxes:
            if box[4] & part.passing:
                incoming |= box[0]
                outgoing |= box[1]
                for end, pieces in zip(ends, box[2:4], strict=True):
                    addresses[end] = addresses.get(end, 0) | pieces
    sizes = [0, 0]
    for end, pieces in addresses.items():
        sizes[end[1]] += ground.axis(*end).size(pieces)
    left = mask
    for decision in found:
        left &= ~decision.services
    logs = [rule.logged for rule in rules]
    return Reach(
        id=f"reach:{of.asset}:{way.source}>{way.destination}:{service}{':answers' if answers else ''}",
        asset=of.asset or UNSET,
        src_zone=way.source,
        dst_zone=way.destination,
        service=service,
        without=ground.services.names(left),
        answers=answers,
        rules=[rule.identifier for rule in rules],
        sample=_sample(ground, first),
        src_addresses=sizes[SOURCE],
        dst_addresses=sizes[DESTINATION],
        incoming=ground.interfaces.named(incoming),
        outgoing=ground.interfaces.named(outgoing),
        logged=False not in logs if False in logs or None not in logs else UNSET,
        unresolved=any(rule.unresolved for rule in rules),
        undecided=[] if certain else list(dict.fromkeys(words)),
        shadowed=[ground.rules[number].identifier for number in never if ground.service_masks[number] & mask],
        **of.between.ends(way.source, way.destination, service)._asdict(),
    )


def _sample(ground: Ground, part: Part) -> Sample:
    """The lowest packet of those that pass, for certain if any does: by source, then destination, then service."""
    way = part.decision.way
    sources, destinations = (
        ground.axis(way.version, side, zone) for side, zone in ((SOURCE, way.source), (DESTINATION, way.destination))
    )
    no_host = ground.space.no_host
    source, destination, service = min(
        (sources.lowest(box[2], no_host), destinations.lowest(box[3], no_host), _low(box[4] & part.passing))
        for box in [each for each in part.decision.certain if each[4] & part.passing] or part.decision.boxes
        if box[4] & part.passing
    )
    protocol, port = ground.services.lowest(1 << service)
    return Sample(src=_text(way.version, source), dst=_text(way.version, destination), protocol=protocol, port=port)


def _low(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def _text(version: int, number: int) -> str:
    if number == NOWHERE:
        return ""
    return str(IPv4Address(number) if version == 4 else IPv6Address(number))
