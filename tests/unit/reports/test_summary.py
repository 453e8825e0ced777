"""The summary: the same whether gaps and assets were left out, and causes told once, wherever they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from tests.support.assessment_example import example
from tests.support.assessment_hostile import hostile
from tests.support.assessment_large import large

from plantproof.model.assessment import Assessment, Cause
from plantproof.reports.summary import build_summary, work_of
from plantproof.reports.text import render
from plantproof.reports.view import build_view


def bare(assessment: Assessment) -> Assessment:
    """An assessment whose gaps and assets were left out."""
    return replace(assessment, gaps=[], sites=[replace(site, assets=[]) for site in assessment.sites])


@pytest.mark.parametrize("make", [example, hostile, lambda: large(100, 200)])
def test_it_says_the_same_without_gaps_and_assets(make: Callable[[], Assessment]) -> None:
    assessment = make()
    assert assessment.gaps
    summary = build_summary(assessment)
    assert build_summary(bare(assessment)).sentence == summary.sentence
    assert render(build_summary(bare(assessment))) == render(summary)


def test_it_says_what_the_view_says() -> None:
    summary, view = build_summary(example()), build_view(example())
    assert (summary.sentence, summary.banners, summary.missing) == (view.summary, view.banners, view.missing)
    assert [framework.counts for framework in summary.frameworks] == [each.counts for each in view.frameworks]
    assert sum(each.gaps for each in summary.work) == len(view.gaps)
    assert [(each.title, each.gaps, each.share) for each in summary.work] == [
        (each.title, each.gaps, each.share) for each in view.causes
    ]


def cause(site: str, gaps: int, **fields: str) -> Cause:
    return Cause(
        key=f"{site} {fields}",
        site=site,
        gaps=gaps,
        zones=[],
        **{"policy": "p", "title": "t", "severity": "high", "action": "a", "window": "w", "interim": "i", **fields},
    )


def test_one_cause_at_many_sites_is_told_once() -> None:
    causes = [cause("a", 2), cause("b", 3), cause("b", 1, title="u"), cause("c", 4, severity="critical")]
    found = [
        (each.severity.word, each.title, each.gaps, each.share, each.where) for each in work_of(causes, one_site=False)
    ]
    assert found == [
        ("critical", "t", 4, "40 %", "c"),
        ("high", "t", 5, "50 %", "2 sites"),
        ("high", "u", 1, "10 %", "b"),
    ]
    assert {each.where for each in work_of(causes, one_site=True)} == {""}


@pytest.mark.parametrize("field", ["policy", "title", "severity", "action", "window", "interim", "review"])
def test_what_is_told_otherwise_stands_apart(field: str) -> None:
    causes = [cause("a", 2), cause("b", 3, **{field: "low"})]
    assert sorted(each.gaps for each in work_of(causes, one_site=False)) == [2, 3]


def test_the_order_of_causes_does_not_matter() -> None:
    causes = [cause("a", 2), cause("b", 2, title="u"), cause("b", 2), cause("c", 4, severity="low")]
    assert work_of(causes[::-1], one_site=False) == work_of(causes, one_site=False)


def test_of_many_fictional_sites_a_few_are_named() -> None:
    whole = example()
    (site,) = whole.sites
    many = [replace(site, id=f"s{number:02}", title=f"Site {number:02}", fictional=True) for number in range(13)]
    (told,) = [each for each in build_summary(replace(whole, sites=many)).banners if each.startswith("Fictional")]
    assert "Site 00, Site 01" in told
    assert "Site 11 and 1 more. Names" in told
    (told,) = [each for each in build_summary(replace(whole, sites=many[:12])).banners if each.startswith("Fictional")]
    assert "Site 10, Site 11. Names" in told


def test_the_sites_of_causes_are_named_where_there_are_several() -> None:
    whole = example()
    (site,) = whole.sites
    (line,) = [each for each in render(build_summary(whole)).splitlines() if "identity/no_shared_accounts" in each]
    assert site.id not in line
    other = replace(whole, sites=[site, replace(site, id="elsewhere")])
    told = " ".join(render(build_summary(other)).split())
    assert f"identity/no_shared_accounts, {site.id}]" in told


def test_causes_that_are_told_together_are_counted_so_that_the_sums_can_be_added() -> None:
    causes = [cause("a", 2), cause("b", 3), replace(cause("b", 1), key="another"), cause("b", 1, title="u")]
    found = [(each.causes, each.where) for each in work_of(causes, one_site=False)]
    assert found == [(3, "3 causes at 2 sites"), (1, "b")]
    assert [each.where for each in work_of(causes[1:3], one_site=True)] == ["2 causes"]
    assert [each.where for each in work_of(causes[1:3], one_site=False)] == ["2 causes at b"]


@pytest.mark.parametrize(
    ("many", "title"),
    [
        (1, "What most gaps come from"),
        (2, "What most gaps come from (6 causes, told as 3)"),
        (5, "What most gaps come from (2 more; 60 causes, told as 12)"),
    ],
)
def test_the_title_says_how_many_causes_are_told_as_how_many(many: int, title: str) -> None:
    given = example()
    words = 1 if many < 5 else 4
    causes = [
        replace(each, site=f"s{site}", title=f"{each.title} {word}")
        for each in given.causes
        for site in range(many)
        for word in range(words)
    ]
    lines = render(build_summary(replace(given, causes=causes))).splitlines()
    assert title in lines
