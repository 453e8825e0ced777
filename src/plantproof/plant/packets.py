"""Sets of packets, exactly: boxes over interfaces, addresses and services, and what is left of one after others.

Two packets that no rule tells apart are one: each side of a box is a set of pieces of an axis, and an axis is cut only
where a rule begins or ends. A set of pieces is a number, one bit a piece, so that sets are joined, cut and compared by
single operations, however many networks or ports a rule names.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from plantproof.plant.services import EVERYTHING, FIRST_PORT, LAST_PORT, WITH_PORTS, WITH_TYPES, read_service

Interval = tuple[int, int]
"""First and last number, both included."""

Box = tuple[int, int, int, int, int]
"""Pieces of where a packet comes in, where it goes out, its source, its destination, its service: all combinations."""

SIDES = 5
FEW = 24
"""Up to so many sets are told apart by halving; more by looking at each piece."""
LAST_TYPE = 255
SHOWN_FIRST = ("tcp", "udp", "icmp")


class Axis:
    """Numbers within some intervals, cut where others begin and end."""

    def __init__(self, within: Iterable[Interval], cuts: Iterable[Interval]) -> None:
        edges = sorted({edge for first, last in cuts for edge in (first, last + 1)})
        self.pieces: list[Interval] = []
        for first, last in sorted(within):
            inner = edges[bisect_right(edges, first) : bisect_right(edges, last)]
            self.pieces += zip([first, *inner], [*(edge - 1 for edge in inner), last], strict=True)
        self._firsts = [first for first, _ in self.pieces]
        self.every = (1 << len(self.pieces)) - 1
        self._whole = sum(last - first + 1 for first, last in self.pieces)

    def mask(self, intervals: Iterable[Interval]) -> int:
        """The pieces of intervals by which the axis was cut; what lies beyond the axis is left out."""
        found = 0
        for first, last in intervals:
            begin, end = bisect_left(self._firsts, first), bisect_right(self._firsts, last)
            if begin < end:
                found |= (1 << end) - (1 << begin)
        return found

    def size(self, mask: int) -> int:
        """How many numbers are in a set."""
        if mask == self.every:
            return self._whole
        return sum(last - first + 1 for first, last in (self.pieces[place] for place in bits(mask)))

    def lowest(self, mask: int, unless: Collection[int] = ()) -> int:
        """The lowest number of a set that is not empty; the next one instead of the numbers that are not welcome, if
        there is another."""
        first = self.pieces[(mask & -mask).bit_length() - 1]
        if first[0] not in unless:
            return first[0]
        rest = mask & (mask - 1)
        return first[0] + 1 if first[0] < first[1] else self.lowest(rest, unless) if rest else first[0]


class ServiceAxis:
    """All services, cut where those of the rules begin and end; the last piece is every protocol that no rule names."""

    def __init__(self, texts: Iterable[str]) -> None:
        found: dict[str, set[int]] = {protocol: set() for protocol in SHOWN_FIRST}
        for text in sorted(set(texts)):
            ports = read_service(text)
            if ports is not None and ports.protocol != EVERYTHING:
                found.setdefault(ports.protocol, set()).update((ports.first, ports.last + 1))
        self.pieces: list[tuple[str, int, int]] = []
        self._of: dict[str, tuple[int, int]] = {}
        for protocol in [*SHOWN_FIRST, *sorted(found.keys() - set(SHOWN_FIRST))]:
            edges = sorted({0 if protocol in WITH_TYPES else FIRST_PORT, *found[protocol], LAST_PORT + 1})
            begin = len(self.pieces)
            self.pieces += [(protocol, first, after - 1) for first, after in pairwise(edges)]
            self._of[protocol] = (begin, len(self.pieces))
        self.rest = 1 << len(self.pieces)
        self.every = self.rest * 2 - 1
        self._masks: dict[str, int] = {}

    def mask(self, text: str) -> int:
        """The pieces of a service by which the axis was cut; text that is no service may be any."""
        found = self._masks.get(text)
        if found is None:
            found = self._masks[text] = self._mask(text)
        return found

    def _mask(self, text: str) -> int:
        ports = read_service(text)
        if ports is None or ports.protocol == EVERYTHING:
            return self.every
        begin, end = self._of[ports.protocol]
        return sum(
            1 << place for place in range(begin, end) if ports.first <= self.pieces[place][1] <= ports.last
        )  # fmt: skip

    def names(self, mask: int) -> list[str]:
        """The set as services, as few as there can be. `ip` stands for protocols without a name here, whatever else."""
        if mask & self.rest:
            return [EVERYTHING]
        found: list[str] = []
        for protocol, (begin, end) in sorted(self._of.items()):
            run: list[Interval] = []
            for place in range(begin, end):
                if mask >> place & 1:
                    _, first, last = self.pieces[place]
                    if run and run[-1][1] == first - 1:
                        run[-1] = (run[-1][0], last)
                    else:
                        run.append((first, last))
            whole = (self.pieces[begin][1], self.pieces[end - 1][2])
            found += [protocol if one == whole else _named(protocol, *one) for one in run]
        return found

    def lowest(self, mask: int) -> tuple[str, int | None]:
        """The first protocol of a set that is not empty, and its lowest port or type where it has such."""
        place = (mask & -mask).bit_length() - 1
        if place >= len(self.pieces):
            return EVERYTHING, None
        protocol, first, _ = self.pieces[place]
        return protocol, first if protocol in (*WITH_PORTS, *WITH_TYPES) else None


def _named(protocol: str, first: int, last: int) -> str:
    last = min(last, LAST_TYPE) if protocol in WITH_TYPES else last
    return f"{protocol}/{first}" if first == last else f"{protocol}/{first}-{last}"


def overlap(one: Box, other: Box) -> Box | None:
    """The packets in both; None for none."""
    first, second, third, fourth, fifth = map(int.__and__, one, other)
    return (first, second, third, fourth, fifth) if first and second and third and fourth and fifth else None


def subtract(box: Box, others: Iterable[Box]) -> Iterator[Box]:
    """What is left of a box without others: disjoint boxes, none of them empty.

    One side after the other is cut into sets over which the same others stretch, so that the cost follows what really
    overlaps: 2,000 narrow rules above a wide one leave some thousand boxes, not a product of them.
    """
    touching = [other for other in others if overlap(box, other)]
    return _subtract(box, touching, 0)


def _subtract(box: Box, others: Sequence[Box], side: int) -> Iterator[Box]:
    """The same, where every other covers the box on all sides before `side`, and overlaps on the rest."""
    if not others:
        yield box
        return
    if any(all(own & ~theirs == 0 for own, theirs in zip(box[side:], other[side:], strict=True)) for other in others):
        return
    head, tail = box[:side], box[side + 1 :]
    if side == SIDES - 1:
        left = box[side]
        for other in others:
            left &= ~other[side]
        if left:
            yield (*head, left)  # type: ignore[misc]  # as many sides as a box has
        return
    for mask, covering in _alike(box[side], others, side):
        yield from _subtract((*head, mask, *tail), covering, side + 1)  # type: ignore[arg-type]  # as above


def _alike(mask: int, others: Sequence[Box], side: int) -> list[tuple[int, list[Box]]]:
    """The set in parts, each with the others that cover it on that side; whatever no other touches is one part."""
    if len(others) <= FEW:
        parts: list[tuple[int, list[Box]]] = [(mask, [])]
        for other in others:
            cut = other[side]
            parts = [
                (piece, [*covering, other] if inside else covering)
                for own, covering in parts
                for inside, piece in ((True, own & cut), (False, own & ~cut))
                if piece
            ]
        return parts
    everywhere = 0
    at: dict[int, int] = {}
    touched = 0
    for number, other in enumerate(others):
        common = mask & other[side]
        if common == mask:
            everywhere |= 1 << number
            continue
        touched |= common
        for place in bits(common):
            at[place] = at.get(place, 0) | 1 << number
    groups: dict[int, int] = {}
    for place, covering in at.items():
        groups[covering] = groups.get(covering, 0) | 1 << place
    if mask & ~touched:
        groups[0] = mask & ~touched
    return [
        (piece, [others[number] for number in bits(covering | everywhere)])
        for covering, piece in sorted(groups.items())
    ]  # fmt: skip


def bits(mask: int) -> Iterator[int]:
    """The numbers in a set, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
