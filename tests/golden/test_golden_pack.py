"""The pack of the invented plant: a page of each kind, register, summary and manifest as they were reviewed."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatch

import pytest
from tests.golden.conftest import FOLDER
from tests.support.assessment_example import example

from plantproof.reports.pack import build_pack
from plantproof.reports.summary import build_summary
from plantproof.reports.text import render_demo

REVIEWED = (
    "MANIFEST.json",
    "gaps.csv",
    "summary.txt",
    "narrative/*.md",
    "html/index.html",
    "html/sites/bottling-north.html",
    "html/zones/bottling-north/filling-cell.html",
    "html/conduits/bottling-north/dmz-cell.html",
    "html/frameworks/*sl-2.html",
    "html/controls/*sl-2/sr-1-1-*.html",
    "html/causes/*no-any-rule*.html",
    "html/gaps/gap-5b1c0a52.html",
    "html/evidence/bottling-north/fw-exports.html",
    "html/policies/*restore*.html",
    "html/assets.html",
)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return build_pack(example())


@pytest.mark.parametrize("pattern", REVIEWED)
def test_the_pack_is_as_it_was_reviewed(
    files: dict[str, bytes], pattern: str, golden: Callable[[str, bytes], None]
) -> None:
    found = [path for path in files if fnmatch(path, pattern)]
    assert found
    for path in found:
        golden(path, files[path])


def test_the_demo_is_as_it_was_reviewed(golden: Callable[[str, bytes], None]) -> None:
    golden("demo.txt", render_demo(build_summary(example()), "build/pack", "build/pack.zip").encode())


def test_no_golden_file_is_left_over(files: dict[str, bytes]) -> None:
    kept = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()} - {"demo.txt"}
    kept = {path for path in kept if not path.startswith("change/")}
    assert kept == {path for path in files if any(fnmatch(path, pattern) for pattern in REVIEWED)}
