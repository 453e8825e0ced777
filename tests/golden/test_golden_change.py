"""A change to the invented plant in every format, and its findings as forges take them, as they were reviewed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.golden.conftest import FOLDER
from tests.support.assessment_example import example
from tests.support.delta_example import example_delta, results

from plantproof.reports.delta_reporters import BUILT_IN as DELTA_FORMATS
from plantproof.reports.delta_reporters import delta_reporter
from plantproof.reports.reporters import Options, Results, pieces, reporter

OPTIONS = Options(blob_url="https://forge.example/works/-/blob/{commit}/{path}#L{line}", prefix="ot")
CHANGE = {
    "annotations": "annotations.txt",
    "code-quality": "code-quality.json",
    "job-summary": "job-summary.md",
    "json": "delta.json",
    "junit": "junit.xml",
    "markdown": "comment.md",
    "sarif": "change.sarif",
    "text": "change.txt",
}
CHECK = {
    "annotations": "check-annotations.txt",
    "code-quality": "check-code-quality.json",
    "job-summary": "check-job-summary.md",
    "junit": "check-junit.xml",
    "sarif": "check.sarif",
}


@pytest.mark.parametrize("name", sorted(DELTA_FORMATS))
def test_a_change_is_told_as_it_was_reviewed(name: str, golden: Callable[[str, bytes], None]) -> None:
    golden(f"change/{CHANGE[name]}", delta_reporter(name)(results(example_delta()), OPTIONS))


@pytest.mark.parametrize("name", sorted(CHECK))
def test_a_check_is_told_to_forges_as_it_was_reviewed(name: str, golden: Callable[[str, bytes], None]) -> None:
    golden(f"change/{CHECK[name]}", b"".join(pieces(reporter(name), Results(example()), OPTIONS)))


def test_no_golden_file_is_left_over() -> None:
    kept = {path.name for path in (FOLDER / "change").iterdir()}
    assert kept == {*CHANGE.values(), *CHECK.values()}
