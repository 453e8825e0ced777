"""Rules weighed between two zones: which rule lets which packets pass, after all that earlier rules took away."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from plantproof.plant.ground import DESTINATION, SOURCE, Ground
from plantproof.plant.packets import Box, bits, overlap, subtract

MOST_BOXES = 10_000
"""With more pieces than this left of one rule, the rest is not weighed, and the rule counts whole."""
TOO_MANY = "too many rules overlap to weigh them all"
NOT_ATTACHED = "routing: the zone lies behind none of the rule's interfaces"
IPV6 = "the rule says nothing of IPv6"


class Way(NamedTuple):
    """Between two zones, in one IP version; `answers`: packets on connections that the other side opened."""

    version: int
    source: str
    destination: str
    answers: bool


class Decision(NamedTuple):
    """One rule, or one of each direction, with the packets that pass because of it."""

    way: Way
    rules: tuple[int, ...]
    boxes: list[Box]
    words: tuple[str, ...]
    """What is not certain of it."""
    certain: list[Box]
    """The packets of them that pass for certain."""
    doubts: tuple[str, ...]
    """What may deny the rest."""

    @property
    def services(self) -> int:
        """The services of which any packet passes."""
        return _services(self.boxes)

    @property
    def sure(self) -> int:
        """The services of which some packet passes for certain."""
        return _services(self.certain)


def _services(boxes: list[Box]) -> int:
    found = 0
    for box in boxes:
        found |= box[4]
    return found


def ways(ground: Ground) -> Iterator[Way]:
    """All pairs of zones between which some rule accepts something, for each IP version, openings before answers."""
    established = sum(1 << number for number, rule in enumerate(ground.rules) if rule.answers)
    for version in ground.versions:
        sources, destinations = (
            [
                (zone, accepting)
                for zone in ground.zones
                if (accepting := ground.may.get((version, side, zone), 0) & ground.accepting)
            ]
            for side in (SOURCE, DESTINATION)
        )
        for source, leaving in sources:
            for destination, arriving in destinations:
                accepting = leaving & arriving
                if source == destination or not accepting:
                    continue
                if accepting & ~established:
                    yield Way(version, source, destination, answers=False)
                if accepting & established:
                    yield Way(version, source, destination, answers=True)


def decide(ground: Ground, way: Way) -> list[Decision]:
    """All decisions by which something passes. A device without directions needs one rule; with directions, one that
    lets the packet in and one that lets it out, where its interface has a list of that direction."""
    found = [
        decision
        for direction, rules in ground.lists
        if not direction
        for decision in _first_matches(ground, way, rules, None)
    ]
    lists = {wanted: [rules for direction, rules in ground.lists if direction == wanted] for wanted in ("in", "out")}
    if not (lists["in"] or lists["out"]):
        return found
    inward = [each for rules in lists["in"] for each in _first_matches(ground, way, rules, None)]
    inward += _unguarded(ground, way, lists["in"])
    guarded = _bound(ground, lists["out"], DESTINATION)
    free = ground.interfaces.every & ~guarded
    for entering in inward:
        passing = _leaving_by(free, entering.boxes)
        if passing and entering.rules:
            found.append(entering._replace(boxes=passing, certain=_leaving_by(free, entering.certain)))
        for box in entering.boxes if guarded else ():
            for rules in lists["out"]:
                found += [_joined(entering, leaving) for leaving in _first_matches(ground, way, rules, box)]
    return found


def _leaving_by(interfaces: int, boxes: list[Box]) -> list[Box]:
    return [(box[0], box[1] & interfaces, *box[2:]) for box in boxes if box[1] & interfaces]


def _joined(entering: Decision, leaving: Decision) -> Decision:
    return Decision(
        leaving.way,
        (*entering.rules, *leaving.rules),
        leaving.boxes,
        (*entering.words, *leaving.words),
        [both for one in entering.certain for other in leaving.certain if (both := overlap(one, other))],
        (*entering.doubts, *leaving.doubts),
    )


def _bound(ground: Ground, lists: list[int], side: int) -> int:
    """The interfaces that have one of these lists."""
    found = 0
    for rules in lists:
        for number in bits(rules):
            end = ground.rules[number].destination if side else ground.rules[number].source
            found |= ground.interfaces.mask(end.interfaces)
    return found


def _unguarded(ground: Ground, way: Way, lists: list[int]) -> list[Decision]:
    """What comes in where no list of that direction looks at it."""
    free = ground.interfaces.behind[way.source] & ~_bound(ground, lists, SOURCE)
    if lists:
        free &= ground.interfaces.attached[way.source]
    if not free:
        return []
    box: Box = (
        free,
        ground.interfaces.behind[way.destination],
        ground.axis(way.version, SOURCE, way.source).every,
        ground.axis(way.version, DESTINATION, way.destination).every,
        ground.services.every,
    )
    return [Decision(way, (), [box], (), [box], ())]


def _first_matches(ground: Ground, way: Way, rules: int, within: Box | None, asked: int = -1) -> Iterator[Decision]:
    """What each accepting rule of one list, or each of those asked about, is the first to match."""
    for number in bits(_accepting(ground, way) & rules & asked):
        rule = ground.rules[number]
        if rule.answers and not way.answers:
            continue
        own = ground.may_box(way.version, number, way.source, way.destination)
        box = own if within is None else overlap(own, within)
        if box is None or not all(box):
            continue
        boxes, complete = _left(box, [] if rule.translates else _taken(ground, way, number, rules, box))
        if boxes:
            yield _decision(ground, way, number, rules, boxes, complete)


def _taken(ground: Ground, way: Way, number: int, rules: int, box: Box) -> list[Box]:
    """The boxes of the earlier rules of the list that are sure to match something of the box."""
    earlier = ground.before[number] & rules
    earlier &= ground.certain_rules(way.version, SOURCE, way.source, box[2])
    earlier &= ground.certain_rules(way.version, DESTINATION, way.destination, box[3])
    return [
        ground.must_box(way.version, other, way.source, way.destination)
        for other in bits(earlier)
        if way.answers or not ground.rules[other].answers
    ]


def _left(box: Box, others: list[Box]) -> tuple[list[Box], bool]:
    """What is left of the box, and whether all others were taken away."""
    boxes = list(islice(subtract(box, others), MOST_BOXES + 1))
    return (boxes, True) if len(boxes) <= MOST_BOXES else ([box], False)


def _decision(ground: Ground, way: Way, number: int, rules: int, boxes: list[Box], complete: bool) -> Decision:
    rule = ground.rules[number]
    words = list(rule.words)
    ends = ((SOURCE, way.source), (DESTINATION, way.destination))
    if any(ground.may_side(way.version, side, number, zone).routed for side, zone in ends):
        words.append(NOT_ATTACHED)
    if way.version == 6 and rule.widened and (4 in rule.source.networks.anything & rule.destination.networks.anything):
        words.append(IPV6)
    if not complete:
        words.append(TOO_MANY)
    doubtful = [
        other
        for other in bits(ground.before[number] & rules & ~ground.accepting & ~ground.relied_on)
        if (way.answers or not ground.rules[other].answers)
        and all(ground.may.get((way.version, side, zone), 0) >> other & 1 for side, zone in ends)
    ]
    doubts = []
    unsure = []
    for other in doubtful:
        denial = ground.may_box(way.version, other, way.source, way.destination)
        if any(overlap(box, denial) for box in boxes):
            unsure.append(denial)
            named = ground.rules[other]
            doubts.append(f"an earlier rule may deny it: {'; '.join(named.words)}")
    certain: list[Box] = []
    for box in [] if words else boxes:
        left, all_taken = _left(box, unsure)
        certain += left if all_taken else []
    return Decision(way, (number,), boxes, tuple(words), certain, tuple(dict.fromkeys(doubts)))


def accepting_rules(ground: Ground, alike: list[Way]) -> list[int]:
    """The rules that may accept something between two zones."""
    found = 0
    for way in alike:
        found |= _accepting(ground, way)
    return list(bits(found))


def is_shadowed(ground: Ground, alike: list[Way], number: int) -> bool:
    """Whether earlier rules of its list decide everything that a rule could accept between two zones."""
    rules = next(rules for _, rules in ground.lists if rules >> number & 1)
    return not any(
        any(each.rules == (number,) for each in _first_matches(ground, way, rules, None, 1 << number))
        for way in alike
        if _accepting(ground, way) >> number & 1
    )


def _accepting(ground: Ground, way: Way) -> int:
    source, destination = (way.version, SOURCE, way.source), (way.version, DESTINATION, way.destination)
    return ground.accepting & ground.may.get(source, 0) & ground.may.get(destination, 0)
