"""Sets of packets: axes cut by rules, boxes taken out of boxes, held against sets of single packets."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.plant.packets import FEW, Axis, Box, ServiceAxis, bits, overlap, subtract

SPANS = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda ends: (min(ends), max(ends)))


@given(st.lists(SPANS, min_size=1, max_size=3), st.lists(SPANS, max_size=6))
def test_an_axis_holds_each_number_once_and_tells_intervals_apart(
    within: list[tuple[int, int]], cuts: list[tuple[int, int]]
) -> None:
    apart = []
    for first, last in sorted(within):
        if not apart or first > apart[-1][1]:
            apart.append((first, last))
    axis = Axis(apart, cuts)
    numbers = {number for first, last in apart for number in range(first, last + 1)}
    assert sorted(number for first, last in axis.pieces for number in range(first, last + 1)) == sorted(numbers)
    assert axis.size(axis.every) == len(numbers)
    for first, last in cuts:
        mask = axis.mask([(first, last)])
        held = {number for place in bits(mask) for number in range(axis.pieces[place][0], axis.pieces[place][1] + 1)}
        assert held == numbers & {*range(first, last + 1)}
        assert axis.size(mask) == len(held)
        if held:
            assert axis.lowest(mask) == min(held)


def test_the_lowest_number_is_one_that_is_welcome_if_there_is() -> None:
    axis = Axis([(10, 19), (30, 30)], [(12, 12)])
    assert axis.lowest(axis.every, {10}) == 11
    assert axis.lowest(axis.mask([(12, 12)]), {12}) == 12
    assert axis.lowest(axis.mask([(12, 12)]) | axis.mask([(30, 30)]), {12}) == 30


BOXES = st.tuples(*[st.integers(1, 7)] * 5)


def packets(*boxes: Box) -> set[tuple[int, ...]]:
    return {packet for box in boxes for packet in product(*map(bits, box))}


@given(BOXES, st.lists(BOXES, max_size=6))
def test_what_is_left_of_a_box_is_what_no_other_holds_and_no_packet_twice(box: Box, others: list[Box]) -> None:
    left = list(subtract(box, others))
    assert packets(*left) == packets(box) - packets(*others)
    assert sum(len(packets(one)) for one in left) == len(packets(*left))


@given(BOXES, st.lists(BOXES, min_size=FEW + 1, max_size=FEW + 8))
def test_many_others_are_taken_away_as_few_are(box: Box, others: list[Box]) -> None:
    assert packets(*subtract(box, others)) == packets(box) - packets(*others)


@given(BOXES, BOXES)
def test_an_overlap_is_what_both_hold(one: Box, other: Box) -> None:
    common = overlap(one, other)
    assert (packets(common) if common else set()) == packets(one) & packets(other)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (["tcp/502"], ["tcp/502"]),
        (["tcp/0-65535"], ["tcp"]),
        (["tcp/1-21", "tcp/22"], ["tcp/1-22"]),
        (["icmp"], ["icmp"]),
        (["icmp/8"], ["icmp/8"]),
        (["gre"], ["gre"]),
        (["ip"], ["ip"]),
        (["udp/53", "tcp/502", "gre"], ["gre", "tcp/502", "udp/53"]),
        (["what/ever"], ["ip"]),
    ],
)
def test_services_are_written_as_few_as_there_can_be(asked: list[str], names: list[str]) -> None:
    axis = ServiceAxis(["tcp/502", "tcp/1-21", "tcp/22", "icmp/8", "gre", "udp/53", "what/ever"])
    mask = 0
    for text in asked:
        mask |= axis.mask(text)
    assert axis.names(mask) == names


def test_what_is_left_of_a_service_has_names_too() -> None:
    axis = ServiceAxis(["tcp/1-1023", "tcp/22", "icmp/8", "icmp"])
    assert axis.names(axis.mask("tcp/1-1023") & ~axis.mask("tcp/22")) == ["tcp/1-21", "tcp/23-1023"]
    assert axis.names(axis.mask("icmp") & ~axis.mask("icmp/8")) == ["icmp/0-7", "icmp/9-255"]
    assert axis.lowest(axis.mask("icmp") & ~axis.mask("icmp/8")) == ("icmp", 0)
    assert axis.lowest(axis.every) == ("tcp", 1)
    assert axis.lowest(axis.rest) == ("ip", None)
