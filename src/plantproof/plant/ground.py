"""One device on the ground of its site: which rules touch which zones, and each rule between two zones as a box."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from plantproof.plant.address_space import LAST, NOWHERE, WHOLE, AddressSpace
from plantproof.plant.packets import Axis, Box, Interval, ServiceAxis, bits
from plantproof.plant.places import UNKNOWN, Attachments
from plantproof.plant.rulebase import Device, End, Rule, any_of

SOURCE, DESTINATION = 0, 1
MANY_PIECES = 64


class Named(NamedTuple):
    """What a rule names of one zone on one side: all of it, and what of it fits the interfaces."""

    intervals: list[Interval]
    fitting: list[Interval]
    routed: bool
    """It fits none of the rule's interfaces, and is believed all the same: routes may not be known."""


class Side(NamedTuple):
    """One side of a rule within a zone: pieces of the zone's addresses, and interfaces."""

    addresses: int
    interfaces: int
    routed: bool = False


class Interfaces:
    """The interfaces of a device as bits, the last one for all that nobody named."""

    def __init__(self, device: Device, attachments: Attachments, zones: Iterable[str]) -> None:
        attached = attachments.of_device(device.asset_row)
        named = {
            name
            for listed in device.lists
            for rule in listed.rules
            for end in (rule.source, rule.destination)
            for name in end.interfaces
        }
        self.names = sorted({*named, *attached})
        self._bit = {name: 1 << place for place, name in enumerate(self.names)}
        self.elsewhere = 1 << len(self.names)
        self.every = self.elsewhere * 2 - 1
        self.attached = {zone: sum(self._bit[name] for name in attached if zone in attached[name]) for zone in zones}
        """Zone -> the interfaces behind which it is known to lie."""
        self.told = dict(self.attached)
        """Zone -> the interfaces behind which it lies or may lie, so far as addresses and routes tell."""
        for name in self.names:
            for zone in attachments.behind(device.asset_row, [name]) if name in named else ():
                if zone in self.told:
                    self.told[zone] |= self._bit[name]
        for zone, known in self.attached.items():
            self.told[zone] |= 0 if known else self.elsewhere
        self.told[UNKNOWN] = self.every
        self.attached[UNKNOWN] = 0
        self.lost = attachments.lost(device.asset_row)
        self.behind = {zone: self.every if zone in self.lost else told for zone, told in self.told.items()}
        """Zone -> the interfaces behind which it may lie, whether or not anything tells."""

    def mask(self, names: Iterable[str]) -> int:
        """The interfaces by name; every one where none is named."""
        return sum(self._bit[name] for name in set(names)) or self.every

    def named(self, mask: int) -> list[str]:
        """The names of a set of interfaces."""
        return [self.names[place] for place in bits(mask & ~self.elsewhere)]


class Ground:
    """The rules of a device, numbered through all its lists, and the zones that they touch."""

    def __init__(self, device: Device, space: AddressSpace, attachments: Attachments) -> None:
        self.rules: list[Rule] = []
        self.lists: list[tuple[str, int]] = []
        """Direction and rules (as bits) of each list."""
        self.before: list[int] = []
        """For each rule, those that are weighed before it, as bits."""
        for direction, rules in device.lists:
            begin = len(self.rules)
            for rule in rules:
                same = self.rules[-1].order == rule.order if len(self.rules) > begin else False
                head = (1 << len(self.rules)) - (1 << begin)
                self.before.append(self.before[-1] if same else head)
                self.rules.append(rule)
            self.lists.append((direction, (1 << len(self.rules)) - (1 << begin)))
        self.space = space
        self.zones = [*sorted(space.addresses.keys() - {UNKNOWN}), UNKNOWN]
        self.interfaces = Interfaces(device, attachments, self.zones)
        self.services = ServiceAxis(text for rule in self.rules for text in rule.services)
        self.service_masks = [self._services(rule) for rule in self.rules]
        self.accepting = sum(1 << number for number, rule in enumerate(self.rules) if rule.accepts)
        self.relied_on = sum(1 << number for number, rule in enumerate(self.rules) if rule.certain)
        self.may: dict[tuple[int, int, str], int] = {}
        """(IP version, side, zone) -> the rules that may match there, as bits."""
        self.must: dict[tuple[int, int, str], int] = {}
        """The same for the rules that match there all that they say."""
        self._named: dict[tuple[int, int, int], dict[str, Named]] = {}
        self._axes: dict[tuple[int, int, str], Axis] = {}
        self._covers: dict[tuple[int, int, str], tuple[list[int], int]] = {}
        self._may_sides: dict[tuple[int, int, int, str], Side] = {}
        self._must_sides: dict[tuple[int, int, int, str], Side] = {}
        ipv6 = space.ipv6 or any(not rule.widened for rule in self.rules)
        self.versions = (4, 6) if ipv6 else (4,)
        for version in self.versions:
            for side in (SOURCE, DESTINATION):
                for number in range(len(self.rules)):
                    self._index(version, side, number)

    def _services(self, rule: Rule) -> int:
        found = 0
        for text in rule.services:
            found |= self.services.mask(text)
        return found

    def _end(self, side: int, number: int) -> tuple[End, int]:
        end = self.rules[number].destination if side else self.rules[number].source
        return end, self.interfaces.mask(end.interfaces)

    def _index(self, version: int, side: int, number: int) -> None:
        """Note which zones one rule touches on one side."""
        rule, bit = self.rules[number], 1 << number
        end, interfaces = self._end(side, number)
        named: dict[str, Named] = {}
        for interval in end.named(version):
            zones = self.space.zones_of(version, interval)
            fitting = {zone for zone in zones if interfaces & self.interfaces.told[zone]}
            for zone in zones:
                known = named.get(zone) or Named([], [], routed=True)
                known.intervals.append(interval)
                if zone in fitting:
                    named[zone] = known._replace(fitting=[*known.fitting, interval], routed=False)
                elif fitting and self.interfaces.attached[zone] and zone not in self.interfaces.lost:
                    # A network over several zones means those behind the interfaces; this one lies elsewhere.
                    named[zone] = known
                else:
                    named[zone] = known._replace(fitting=[*known.fitting, interval])
        if end.networks.unreadable and version == min(LAST):
            named[UNKNOWN] = Named([], [(NOWHERE, NOWHERE)], routed=False)
        if named:
            self._named[version, side, number] = named
        may = {zone for zone, found in named.items() if found.fitting}
        if any_of(rule, end, version):
            may |= {
                zone for zone in self.zones if zone != UNKNOWN and interfaces & self.interfaces.behind[zone]
            }  # fmt: skip
        must = {*self.zones} if version in end.networks.anything else {*named}
        for touched, zones in ((self.may, may), (self.must, must if rule.certain else set())):
            for zone in zones:
                key = (version, side, zone)
                touched[key] = touched.get(key, 0) | bit

    def axis(self, version: int, side: int, zone: str) -> Axis:
        """The addresses of a zone, cut where a rule begins or ends."""
        key = (version, side, zone)
        found = self._axes.get(key)
        if found is None:
            touching = self.may.get(key, 0) | self.must.get(key, 0)
            cuts = [
                interval
                for number in bits(touching)
                if (named := self._named.get((version, side, number), {}).get(zone))
                for interval in named.intervals
            ]
            within = self.space.addresses.get(zone, {}).get(version, [])
            strange = [(NOWHERE, NOWHERE)] if zone == UNKNOWN and version == min(LAST) else []
            found = self._axes[key] = Axis([*strange, *within], cuts)
        return found

    def may_side(self, version: int, side: int, number: int, zone: str) -> Side:
        """All that the rule may match on one side within a zone."""
        key = (version, side, number, zone)
        found = self._may_sides.get(key)
        if found is None:
            found = self._may_sides[key] = self._may_side(*key)
        return found

    def _may_side(self, version: int, side: int, number: int, zone: str) -> Side:
        end, interfaces = self._end(side, number)
        fitting = interfaces & self.interfaces.behind[zone]
        axis = self.axis(version, side, zone)
        if zone != UNKNOWN and fitting and any_of(self.rules[number], end, version):
            return Side(axis.every, fitting, routed=not interfaces & self.interfaces.told[zone])
        named = self._named[version, side, number][zone]
        return Side(axis.mask(named.fitting), interfaces if named.routed else fitting, named.routed)

    def must_side(self, version: int, side: int, number: int, zone: str) -> Side:
        """All that the rule surely matches on one side within a zone, if it is relied on."""
        key = (version, side, number, zone)
        found = self._must_sides.get(key)
        if found is None:
            end, interfaces = self._end(side, number)
            axis = self.axis(version, side, zone)
            span = (
                [WHOLE[version]]
                if version in end.networks.anything
                else self._named[version, side, number][zone].intervals
            )
            found = self._must_sides[key] = Side(axis.mask(span), interfaces)
        return found

    def may_box(self, version: int, number: int, source: str, destination: str) -> Box:
        """All packets between two zones that the rule may match."""
        begin = self.may_side(version, SOURCE, number, source)
        end = self.may_side(version, DESTINATION, number, destination)
        return (begin.interfaces, end.interfaces, begin.addresses, end.addresses, self.service_masks[number])

    def must_box(self, version: int, number: int, source: str, destination: str) -> Box:
        """All packets between two zones that a rule which is relied on matches."""
        begin = self.must_side(version, SOURCE, number, source)
        end = self.must_side(version, DESTINATION, number, destination)
        return (begin.interfaces, end.interfaces, begin.addresses, end.addresses, self.service_masks[number])

    def certain_rules(self, version: int, side: int, zone: str, pieces: int) -> int:
        """The rules, as bits, that surely match something within these pieces of a zone's addresses."""
        key = (version, side, zone)
        every = self.must.get(key, 0)
        if not every or pieces.bit_count() > MANY_PIECES:
            return every
        if key not in self._covers:
            self._covers[key] = self._cover(key, every)
        at, everywhere = self._covers[key]
        found = everywhere
        for place in bits(pieces):
            found |= at[place]
        return found

    def _cover(self, key: tuple[int, int, str], rules: int) -> tuple[list[int], int]:
        version, side, zone = key
        axis = self.axis(*key)
        at = [0] * len(axis.pieces)
        everywhere = 0
        for number in bits(rules):
            mask = self.must_side(version, side, number, zone).addresses
            if mask == axis.every:
                everywhere |= 1 << number
                continue
            for place in bits(mask):
                at[place] |= 1 << number
        return at, everywhere
