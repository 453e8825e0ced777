"""The assessment as JSON: the same bytes at once, piece by piece, and with the long lists left encoded."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from tests.support.assessment_example import example
from tests.support.assessment_hostile import hostile

from plantproof.files import encode_json
from plantproof.model.assessment import Assessment
from plantproof.model.long_lists import LongLists
from plantproof.reports.gate import gate, stops
from plantproof.reports.json_report import json_pieces, render_json
from plantproof.reports.laid_rows import laid_out


def apart(whole: Assessment) -> tuple[Assessment, dict[str, LongLists]]:
    """The assessment without its gaps and assets, and those as JSON by site."""
    lists = {site.id: laid_out([gap for gap in whole.gaps if gap.site == site.id], site.assets) for site in whole.sites}
    sites = [msgspec.structs.replace(site, assets=[]) for site in whole.sites]
    return msgspec.structs.replace(whole, gaps=[], sites=sites), lists


def nothing() -> Assessment:
    return msgspec.structs.replace(example(), gaps=[], sites=[], causes=[])


@pytest.mark.parametrize("make", [example, hostile, nothing])
def test_pieces_are_the_canonical_bytes(make: Callable[[], Assessment]) -> None:
    whole = make()
    assert render_json(whole) == encode_json(whole, indent=2)


@pytest.mark.parametrize("make", [example, hostile])
def test_long_lists_left_encoded_change_no_byte(make: Callable[[], Assessment]) -> None:
    whole = make()
    rest, lists = apart(whole)
    assert lists
    assert b"".join(json_pieces(rest, lists)) == encode_json(whole, indent=2)


@pytest.mark.parametrize("limit", ["critical", "high", "medium", "low"])
def test_the_gate_sees_gaps_that_were_left_encoded(limit: str) -> None:
    whole = msgspec.structs.replace(example(), policies=[])
    for gap in whole.gaps:
        one = msgspec.structs.replace(whole, gaps=[gap])
        rest, lists = apart(one)
        assert stops(rest, limit, lists.values()) == bool(gate(one, limit))
    assert not stops(apart(msgspec.structs.replace(whole, gaps=[]))[0], limit, [])
