"""Levels of IEC 62443-3-3 on which sources disagree: what counts as contested, and what only bears a note."""

from __future__ import annotations

import re
from pathlib import Path

from plantproof.bundled import Content
from plantproof.controls.catalogs import catalog_path, load_catalog

PATH = catalog_path("iec62443-3-3")


def test_27_rows_are_contested_and_four_bear_a_note_only(content: Content, root: Path) -> None:
    """A note that names another level stands with a range, but for the four that the page on controls names."""
    controls = load_catalog(content.read(PATH), PATH).controls
    contested = {name for name, each in controls.items() if each.contested}
    noted = {name for name, each in controls.items() if each.note and "give" in each.note}
    assert len(contested) == 27
    assert sorted(noted - contested) == ["SR 2.11", "SR 2.2", "SR 2.4", "SR 3.9"]
    page = " ".join((root / "controls/README.md").read_text("utf-8").split())
    told = re.search(r"Four more rows \((.+?)\)", page)
    assert told is not None
    assert set(told[1].split(", ")) == noted - contested
