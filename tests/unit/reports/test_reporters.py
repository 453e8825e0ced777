"""The table of formats: one row each, plugins beside, the view built once and only for those who read it."""

from __future__ import annotations

import importlib
from pathlib import Path

import msgspec
import pytest
from tests.support.assessment_example import example

from plantproof.errors import InputError
from plantproof.model.assessment import Assessment
from plantproof.reports import view
from plantproof.reports.csv_report import render_csv
from plantproof.reports.json_report import render_json
from plantproof.reports.laid_rows import laid_out
from plantproof.reports.reporters import BUILT_IN, WITHOUT_LISTS, Options, Results, pieces, reporter
from plantproof.reports.text import render


def given(name: str, results: Results, options: Options | None = None) -> bytes:
    return b"".join(pieces(reporter(name), results, options or Options()))


def test_each_built_in_format_gives_what_the_pack_holds() -> None:
    results = Results(example())
    expected = {
        "csv": render_csv(results.view),
        "json": render_json(example()),
        "text": render(results.summary).encode(),
    }
    assert {name: given(name, results) for name in expected} == expected


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_each_built_in_format_says_the_same_of_the_same(name: str) -> None:
    data = given(name, Results(example()))
    assert data
    assert data == given(name, Results(example()))


def test_text_knows_colour_and_detail() -> None:
    results = Results(example())
    every = render(results.summary, colour=True, gaps=results.view.gaps)
    assert given("text", results, Options(True, True)) == every.encode()
    assert b"Every gap" in given("text", results, Options(verbose=True))


def test_the_view_is_built_once_and_only_for_those_who_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Assessment] = []
    real = view.build_view
    monkeypatch.setattr(view, "build_view", lambda assessment: built.append(assessment) or real(assessment))
    results = Results(example())
    for name in WITHOUT_LISTS:
        given(name, results)
    assert built == []
    for name in BUILT_IN:
        given(name, results)
    assert built == [example()]


def test_long_lists_left_out_are_written_and_never_missing_from_a_view() -> None:
    whole = example()
    lists = {site.id: laid_out([gap for gap in whole.gaps if gap.site == site.id], site.assets) for site in whole.sites}
    sites = [msgspec.structs.replace(site, assets=[]) for site in whole.sites]
    results = Results(msgspec.structs.replace(whole, gaps=[], sites=sites), lists)
    assert given("json", results) == render_json(whole)
    assert given("text", results) == given("text", Results(whole))
    with pytest.raises(RuntimeError, match="left out"):
        given("text", results, Options(verbose=True))
    for name in sorted(set(BUILT_IN) - WITHOUT_LISTS):
        with pytest.raises(RuntimeError, match="left out"):
            given(name, results)


def test_a_plugin_is_a_row_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "acme_reports-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-reports\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[plantproof.reporters]\nacme = acme_reports:report\n")
    (tmp_path / "acme_reports.py").write_text("def report(results, options):\n    return results.view.title.encode()\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    results = Results(example())
    assert given("acme", results) == results.view.title.encode()


def test_a_format_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(InputError) as refused:
        reporter("pdf")
    (problem,) = refused.value.problems
    assert problem.message == "there is no format `pdf`"
    assert problem.hint == "there are: annotations, code-quality, csv, job-summary, json, junit, sarif, text"
