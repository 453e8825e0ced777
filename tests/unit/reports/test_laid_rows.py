"""The long lists as they are laid out: the bytes of the report, in parts, and single rows of them."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.assessment_example import example

from plantproof.files import encode_json
from plantproof.model.assessment import AssetRow, Gap
from plantproof.model.long_lists import LongList, NotKeptError
from plantproof.reports import laid_rows
from plantproof.reports.laid_rows import (
    asset_list,
    gap_list,
    gaps_about,
    gaps_in,
    laid_out,
    laid_out_once,
    listed,
    rows_in,
    with_rows,
)

IDS = st.lists(st.text('ab-:"\\\n}{ é', min_size=1, max_size=6), unique=True, max_size=40)


@pytest.fixture(autouse=True, params=[(1 << 17, 1 << 19, 64), (1, 900, 2), (1, 1, 1)], ids=["one", "some", "each"])
def parts(request: pytest.FixtureRequest) -> Iterator[None]:
    """Parts as large as they are, of a few rows, and of one row each."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in zip(("SMALLEST", "LARGEST", "SHARE"), request.param, strict=True):
            patched.setattr(laid_rows, name, value)
        yield


def row(asset: str, **facts: Any) -> AssetRow:
    return AssetRow(site="works", id=asset, name=f'"id": "{asset}"', zones=["a", "b"], placement="subnet", **facts)


def gaps() -> list[Gap]:
    """Some gaps, of which one is about a record of an asset that is none any more."""
    some = example().gaps
    return [*some, msgspec.structs.replace(some[0], id="g-retired", asset="", subject="a-9/account/x")]


@given(IDS, st.data())
def test_every_row_is_found_and_replaced_as_if_all_were_laid_out_again(ids: list[str], data: st.DataObject) -> None:
    rows = [row(asset) for asset in sorted(ids)]
    laid = asset_list(rows)
    assert rows_in(laid, ids) == {each.id: each for each in rows}
    chosen = data.draw(st.sets(st.sampled_from(ids))) if ids else set()
    changed = {asset: row(asset, gaps=3, worst="high", fresh=True, vendor="{\n") for asset in chosen}
    found = with_rows(laid, changed)
    assert found.json() == asset_list([changed.get(each.id, each) for each in rows]).json()
    assert rows_in(found, ids) == {each.id: changed.get(each.id, each) for each in rows}


@given(IDS, st.text(max_size=4))
def test_a_row_that_is_not_there_is_not_found(ids: list[str], other: str) -> None:
    if other not in ids:
        assert rows_in(asset_list([row(asset) for asset in sorted(ids)]), [other]) == {}


def test_no_row_is_added() -> None:
    with pytest.raises(KeyError):
        with_rows(asset_list([row("a")]), {"b": row("b")})


@given(IDS)
def test_the_parts_are_the_list_as_the_report_has_it(ids: list[str]) -> None:
    rows = [row(asset) for asset in sorted(ids)]
    laid = asset_list(rows)
    whole = b"".join(listed([laid.pieces()] if laid.parts else [], laid_rows.ASSETS_AT))
    assert whole == msgspec.json.format(encode_json(rows), indent=2).replace(b"\n", b"\n" + b" " * 6)
    assert msgspec.json.decode(laid.json(), type=list[AssetRow]) == rows


def test_gaps_are_found_by_whom_they_are_about() -> None:
    laid = gap_list(gaps())
    assert gaps_in(laid) == gaps()
    for asset in {gap.asset for gap in gaps() if gap.asset}:
        own = [gap for gap in gaps() if gap.asset == asset]
        assert [gap for gap in gaps_about(laid, [asset]) if gap.asset == asset] == own
    assert "g-retired" in [gap.id for gap in gaps_about(laid, ["a-9"])]
    assert list(gaps_about(laid, ["a-none"])) == []


def test_only_the_parts_that_are_asked_for_are_read() -> None:
    rows = [row(f"a-{number:02}") for number in range(30)]
    laid = asset_list(rows)
    read: list[str] = []

    def part(name: str) -> bytes | None:
        read.append(name)
        return laid.held[name]

    kept = LongList(laid.parts, {}, part)
    assert rows_in(kept, ["a-17"]) == {"a-17": rows[17]}
    (name,) = read
    assert b'"a-17"' in laid.held[name]
    assert kept == laid
    assert rows_in(kept, ["a-17"]), read == [name]


def test_a_part_that_is_gone_or_another_is_told() -> None:
    laid = asset_list([row("a"), row("b")])
    for bad in (None, b"x"):
        gone = LongList(laid.parts, {}, lambda name, bad=bad: bad)
        with pytest.raises(NotKeptError):
            rows_in(gone, ["a"])
        with pytest.raises(NotKeptError):
            gone.with_all()
        assert gone.with_all(laid.held.get).json() == laid.json()


def test_what_is_held_goes_to_another_process() -> None:
    laid = gap_list(gaps())
    assert pickle.loads(pickle.dumps(laid)).json() == laid.json()  # noqa: S301  our own bytes


@given(IDS)
def test_lists_that_are_written_once_are_the_same_bytes(ids: list[str]) -> None:
    rows = [row(asset) for asset in sorted(ids)]
    for found in (gaps(), []):
        kept, once = laid_out(found, rows), laid_out_once("works", found, rows)
        assert (b"".join(once.gaps.pieces()), b"".join(once.assets.pieces())) == (
            b"".join(kept.gaps.pieces()),
            b"".join(kept.assets.pieces()),
        )
        assert once.weighed == kept.weighed
        assert gaps_in(once.gaps) == found
        # Whom it is about it does not say, so that it may be about anybody.
        assert list(gaps_about(once.gaps, ["a-9"])) == found
    assert {part.name for part in (*once.gaps.parts, *once.assets.parts)} <= {"works/gaps", "works/assets"}
