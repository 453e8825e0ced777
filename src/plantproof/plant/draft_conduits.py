"""Conduits proposed from what was seen and from what firewall rules let through. A proposal permits nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import product

import msgspec

from plantproof.model.site import Conduit, PermittedService
from plantproof.plant.draft_evidence import End, Evidence, Rule, plain
from plantproof.plant.draft_subnets import Drawn
from plantproof.plant.draft_words import listed, unique
from plantproof.plant.draft_zones import Zoned
from plantproof.plant.places import is_any
from plantproof.plant.services import EVERYTHING, FIRST_PORT, LAST_PORT, Ports, parse_service
from plantproof.plant.subnets import parse_address, parse_network, placeable

NOWHERE, OUTSIDE, ANYWHERE = -1, -2, -3
"""Ends that no proposed zone holds: an address that no device explains, a public one, and any."""
MOST_SERVICES = 20
"""Services that a conduit proposes in one direction; more are a question, not a conduit."""
MOST_PAIRS = 16
"""Pairs of zones that one rule may join before it is a wide rule: it says what it opens, not what is meant."""

Way = tuple[int, int]
"""From one zone to another, by their places."""


class Traffic(msgspec.Struct):
    """What was seen and what is let through, by way and service. `nowhere` counts flows and rules with an end in no
    zone, `wide` are rules that open more than a conduit can mean, with the number of devices at their ends."""

    seen: dict[Way, Counter[str]] = {}
    permitted: dict[Way, Counter[str]] = {}
    enforcing: dict[Way, set[int]] = {}
    nowhere: Counter[str] = msgspec.field(default_factory=Counter)
    wide: list[tuple[Rule, int]] = []


class Proposed(msgspec.Struct):
    """A conduit with what it was proposed from: `unruled` was seen and no rule lets it through, `unseen` the reverse,
    `left_out` cannot be written as a service or is one of too many."""

    conduit: Conduit
    ways: tuple[int, int]
    notes: tuple[str, ...]
    unruled: tuple[str, ...]
    unseen: tuple[str, ...]
    left_out: tuple[str, ...]


def traffic_of(evidence: Evidence, drawn: Drawn, zoned: Zoned) -> Traffic:
    """Every flow and rule, as ways between zones."""
    traffic = Traffic()
    finder = _Finder(evidence, drawn, zoned)
    for (source, target, service), many in evidence.flows.items():
        way = (finder.place(source), finder.place(target))
        if NOWHERE not in way and way[0] != way[1]:
            traffic.seen.setdefault(way, Counter())[service] += many
        for end, place in zip((source, target), way, strict=True):
            if place == NOWHERE and end.address:
                traffic.nowhere[plain(end.address)] += many
    for rule in evidence.rules:
        sources = finder.side(rule, rule.sources, rule.source_interfaces, traffic.nowhere)
        targets = finder.side(rule, rule.targets, rule.target_interfaces, traffic.nowhere)
        everything = rule.unresolved or not rule.services or any(map(_is_everything, rule.services))
        if everything or ANYWHERE in sources | targets or len(sources) * len(targets) > MOST_PAIRS:
            traffic.wide.append((rule, max(finder.devices_in(sources), finder.devices_in(targets))))
            continue
        for way in product(sorted(sources), sorted(targets)):
            if way[0] != way[1]:
                traffic.permitted.setdefault(way, Counter()).update(rule.services)
                traffic.enforcing.setdefault(way, set()).add(rule.device)
    return traffic


class _Finder:
    """From ends of flows and sides of rules to zones."""

    def __init__(self, evidence: Evidence, drawn: Drawn, zoned: Zoned) -> None:
        self._evidence, self._drawn, self._zoned = evidence, drawn, zoned
        self._addresses: dict[str, int] = {}
        self._sizes = [len(group.devices) for group in zoned.groups]

    def place(self, end: End) -> int:
        """The zone of an end: by its address, else by its device."""
        found = self._addresses.get(end.address)
        if found is None:
            found = self._addresses[end.address] = self._of_address(end.address)
        return self._zoned.by_device[end.device] if found == NOWHERE and end.device >= 0 else found

    def _of_address(self, text: str) -> int:
        address = parse_address(text)
        if address is None or not placeable(address):
            return NOWHERE
        number = self._drawn.subnets.number_of(address)
        return self._zoned.by_subnet[number] if number >= 0 else OUTSIDE if address.is_global else NOWHERE

    def side(self, rule: Rule, networks: Sequence[str], interfaces: Sequence[str], nowhere: Counter[str]) -> set[int]:
        """The zones on one side of a rule; ANYWHERE among them where nothing narrows it down. Networks that no device
        explains are counted as `nowhere`: whatever lies there, the rule leads to it."""
        found: set[int] = set()
        for text in networks or ("any",):
            network = parse_network(text)
            if network is None or is_any(text):
                found |= self._behind_interfaces(rule.device, interfaces)
                continue
            touched = {self._zoned.by_subnet[number] for number in self._drawn.subnets.touched(network)}
            found |= touched or ({OUTSIDE} if network.is_global else set())
            if not (touched or network.is_global) and placeable(network.network_address):
                nowhere[plain(text)] += 1
        return found

    def _behind_interfaces(self, device: int, interfaces: Sequence[str]) -> set[int]:
        legs = self._evidence.devices[device].legs if device >= 0 else []
        networks = [leg.network for leg in legs if leg.interface in interfaces]
        touched = {number for network in networks for number in self._drawn.subnets.touched(network)}
        return {self._zoned.by_subnet[number] for number in touched} or {ANYWHERE}

    def devices_in(self, side: set[int]) -> int:
        """How many devices stand at one end of a rule."""
        return sum(self._sizes if ANYWHERE in side else (self._sizes[place] for place in side if place >= 0))


def draw_conduits(
    evidence: Evidence, drawn: Drawn, zoned: Zoned, traffic: Traffic, names: dict[int, str]
) -> list[Proposed]:
    """A conduit for every two zones between which something was seen or is let through. `names`: place -> zone id."""
    between: dict[Way, set[Way]] = {}
    for way in [*traffic.seen, *traffic.permitted]:
        between.setdefault((min(way), max(way)), set()).add(way)
    feet = _feet(evidence, drawn, zoned)
    taken = {name.casefold() for name in names.values()}
    return [
        _conduit(evidence, traffic, feet, names, pair, sorted(ways), taken) for pair, ways in sorted(between.items())
    ]


def _conduit(
    evidence: Evidence,
    traffic: Traffic,
    feet: dict[int, set[int]],
    names: dict[int, str],
    pair: Way,
    ways: Sequence[Way],
    taken: set[str],
) -> Proposed:
    permitted, unruled, unseen, left_out = [], [], [], []
    seen_total = 0
    for way in ways:
        seen, ruled = traffic.seen.get(way, Counter()), traffic.permitted.get(way, Counter())
        writable = {text for service in {*seen, *ruled} if (text := written(service))}
        chosen = sorted(writable, key=lambda text: (-seen[text], text))[:MOST_SERVICES]
        words = f"{names[way[0]]} to {names[way[1]]}"
        seen_total += sum(seen.values())
        left_out += _worded((each for each in {*seen, *ruled} if written(each) not in chosen), words)
        unruled += _worded((each for each in seen if not _lies_in(each, ruled)), words)
        unseen += _worded((each for each in ruled if not any(_lies_in(one, [each]) for one in seen)), words)
        if chosen:
            permitted.append(PermittedService(from_=names[way[0]], to=names[way[1]], services=sorted(chosen)))
    points = set().union(*(traffic.enforcing.get(way, set()) for way in ways)) - {-1}
    points |= feet.get(pair[0], set()) & feet.get(pair[1], set())
    ends = [names[place] for place in (sorted(pair, key=lambda place: (place != OUTSIDE, place)))]
    conduit = Conduit(
        id=unique("-".join(ends)[:200], taken),
        title=f"{ends[0]} to {ends[1]}"[:200],
        zones=ends,
        permitted=permitted,
        enforcement_points=sorted({evidence.devices[number].reference for number in points}),
        unconfirmed=True,
    )
    notes = [f"{seen_total} flows seen" if seen_total else "nothing was seen, rules let it through"]
    notes += [] if points else ["no device with rules was found between the two"]
    return Proposed(conduit, pair, tuple(notes), tuple(unruled), tuple(unseen), tuple(left_out))


def _worded(services: Iterable[str], way: str) -> list[str]:
    """The services of one direction as one entry of a list; none where there are none."""
    found = sorted({plain(service) for service in services})
    return [f"{listed(found, 8)} ({way})"] if found else []


def written(service: str) -> str:
    """A service as a site file has it, "" for one that it cannot have (a protocol without a name, every port)."""
    ports = parse_service(service)
    if ports is None or _is_everything(service):
        return ""
    if ports.protocol == "icmp":
        return "icmp"
    if ports.protocol not in ("tcp", "udp"):
        return ""
    return f"{ports.protocol}/{ports.first}" + (f"-{ports.last}" if ports.last != ports.first else "")


def _is_everything(service: str) -> bool:
    ports = parse_service(service)
    if ports is None:
        return False
    wide = ports.first == FIRST_PORT and ports.last == LAST_PORT
    return ports.protocol == EVERYTHING or (wide and ports.protocol in ("tcp", "udp", "sctp"))


def _lies_in(service: str, ruled: Iterable[str]) -> bool:
    wanted = parse_service(service)
    return any(text == service or _holds(parse_service(text), wanted) for text in ruled)


def _holds(wide: Ports | None, narrow: Ports | None) -> bool:
    if wide is None or narrow is None or wide.protocol != narrow.protocol:
        return False
    return wide.first <= narrow.first and narrow.last <= wide.last


def _feet(evidence: Evidence, drawn: Drawn, zoned: Zoned) -> dict[int, set[int]]:
    """Zone -> the devices with rules that have an interface in it. What is switched off keeps nothing apart."""
    found: dict[int, set[int]] = {}
    for number, each in enumerate(drawn.subnets.found):
        for device, leg in each.legs:
            if leg.up and evidence.devices[device].rules:
                found.setdefault(zoned.by_subnet[number], set()).add(device)
    return found
