"""The final sum over sites."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.support.mapper_world import FAIL, ON, OUT, PASS, SILENT, World, simple

from plantproof.mappers.conclude import SiteConclusions
from plantproof.mappers.fold import fold, over_sites
from plantproof.mappers.parts import worst
from plantproof.model.assessment import Assessment, Provenance, Totals
from plantproof.model.vocabulary import Conclusion, Outcome
from plantproof.reports.totals import totals_problems

PROVENANCE = Provenance(
    tool_version="1", engine="none", engine_version="1", content_version="1", content_hash="0", commit="", as_of=ON
)


def at(name: str, **outcomes: Outcome) -> tuple[World, SiteConclusions]:
    """The conclusions of a site of that name whose assets have these outcomes."""
    world = simple(outcomes)
    world.plant.site = msgspec.structs.replace(world.plant.site, id=name)
    world.observations[0].site = name
    return world, world.conclude()


def summed(*sites: tuple[World, SiteConclusions]) -> Assessment:
    world = sites[0][0]
    found = [conclusions for _, conclusions in sites]
    return fold(world.intent, world.mappings, found, title="T", provenance=PROVENANCE)


def test_over_sites_the_worst_counts_and_totals_add() -> None:
    """North passes twice, south has one pass and one silence: not assessed, three passes and one without evidence."""
    assessment = summed(at("south", a=PASS, b=SILENT), at("north", a=PASS, b=PASS))
    (control,) = assessment.frameworks[0].controls
    assert (control.conclusion, control.site) == ("not-assessed", "")
    assert control.totals == Totals(passed=3, no_evidence=1, tested=3)
    assert control.why == "south: part a: f/x: 1 of 2 without a verdict"
    assert len(control.parts) == 1
    assert [answer.totals.expected for answer in control.parts[0].answers] == [2, 2]


def test_over_sites_every_answer_names_its_site() -> None:
    """Of one site no answer does: it is that site's own finding."""
    both = summed(at("south", a=PASS), at("north", a=PASS)).frameworks[0].controls[0]
    assert [answer.site for answer in both.parts[0].answers] == ["north", "south"]
    alone = summed(at("north", a=PASS)).frameworks[0].controls[0]
    assert [answer.site for answer in alone.parts[0].answers] == [""]


def test_the_findings_of_each_site_stay_visible() -> None:
    """Two sites: their own findings come before those of zones. One site: it is the framework's finding itself."""
    both = summed(at("north", a=PASS), at("south", a=FAIL)).frameworks[0]
    assert [(each.unit_kind, each.site) for each in both.units] == [
        ("site", "north"),
        ("site", "south"),
        ("zone", "north"),
        ("zone", "south"),
    ]
    alone = summed(at("north", a=PASS)).frameworks[0]
    assert [each.unit_kind for each in alone.units] == ["zone"]
    assert alone.controls[0].site == "north"


def test_conclusions_add_up_to_what_was_selected() -> None:
    framework = summed(at("north", a=FAIL)).frameworks[0]
    assert framework.conclusions == {"satisfied": 0, "not-satisfied": 1, "not-assessed": 0, "not-applicable": 0}
    assert sum(framework.conclusions.values()) == sum(framework.tested.values()) == framework.selected


def test_shares_of_causes_are_of_all_sites() -> None:
    """Three gaps in the north and one in the south with the same words: two causes, three quarters and one."""
    assessment = summed(at("north", a=FAIL, b=FAIL, c=FAIL), at("south", a=FAIL))
    shares = [(cause.site, cause.gaps, cause.share) for cause in assessment.causes]
    assert shares == [("north", 3, 0.75), ("south", 1, 0.25)]
    assert [problem for problem in totals_problems(assessment, "assessment.json") if "share" in str(problem)] == []


def test_the_order_of_sites_never_matters() -> None:
    north, south = at("north", a=FAIL), at("south", a=PASS, b=OUT)
    assert msgspec.json.encode(summed(north, south)) == msgspec.json.encode(summed(south, north))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["satisfied", "not-satisfied", "not-assessed"], "not-satisfied"),
        (["satisfied", "not-assessed", "not-applicable"], "not-assessed"),
        (["satisfied", "not-applicable"], "satisfied"),
        (["not-applicable"], "not-applicable"),
        ([], "not-assessed"),
    ],
)
def test_worst(words: list[str], expected: str) -> None:
    assert worst([Conclusion(word) for word in words]) == expected


def test_of_one_site_it_is_that_sites_finding() -> None:
    _, found = at("north", a=PASS)
    finding: Any = found.frameworks[0].controls[0]
    assert over_sites([finding]) is finding
