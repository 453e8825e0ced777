"""Pieces of markup: where a long name breaks."""

from __future__ import annotations

import pytest

from plantproof.reports.html_fragments import breakable


@pytest.mark.parametrize(
    ("name", "markup"),
    [
        ("zones/no_any_rule", "zones/<wbr>no_<wbr>any_<wbr>rule"),
        ("plain", "plain"),
        ("ends_", "ends_"),
        ("", ""),
        ("<b>/&_x", "&lt;b&gt;/<wbr>&amp;_<wbr>x"),
    ],
)
def test_a_name_breaks_between_its_words_and_stays_text(name: str, markup: str) -> None:
    assert breakable(name) == markup
