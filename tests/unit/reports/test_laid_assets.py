"""Single rows in the list of assets as it is laid out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.model.assessment import AssetRow
from plantproof.reports.json_report import assets_laid_out
from plantproof.reports.laid_assets import rows_in, with_rows

IDS = st.lists(st.text('ab-:"\\\n}{ é', min_size=1, max_size=6), unique=True, max_size=40)


def row(asset: str, **facts: Any) -> AssetRow:
    return AssetRow(site="works", id=asset, name=f'"id": "{asset}"', zones=["a", "b"], placement="subnet", **facts)


@given(IDS, st.data())
def test_every_row_is_found_and_replaced_as_if_all_were_laid_out_again(ids: list[str], data: st.DataObject) -> None:
    rows = [row(asset) for asset in sorted(ids)]
    laid = assets_laid_out(rows)
    assert rows_in(laid, ids) == {each.id: each for each in rows}
    chosen = data.draw(st.sets(st.sampled_from(ids))) if ids else set()
    changed = {asset: row(asset, gaps=3, worst="high", fresh=True, vendor="{\n") for asset in chosen}
    assert with_rows(laid, changed) == assets_laid_out([changed.get(each.id, each) for each in rows])


@given(IDS, st.text(max_size=4))
def test_a_row_that_is_not_there_is_not_found(ids: list[str], other: str) -> None:
    if other not in ids:
        assert rows_in(assets_laid_out([row(asset) for asset in sorted(ids)]), [other]) == {}


def test_no_row_is_added() -> None:
    with pytest.raises(KeyError):
        with_rows(assets_laid_out([row("a")]), {"b": row("b")})
