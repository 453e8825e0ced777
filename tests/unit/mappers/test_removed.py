"""Requirements that a profile takes out come back once nobody has reviewed that in time."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.mapper_world import (
    FAIL,
    IEC,
    NIST,
    ON,
    PASS,
    SILENT,
    World,
    by,
    control,
    finding_of,
    framework,
    mapped,
    mapping,
    part,
    simple,
)

from plantproof.mappers.fold import fold
from plantproof.mappers.turns import turns_of_conclusions
from plantproof.model.assessment import Provenance, RemovedControl
from plantproof.model.catalog import Tailoring
from plantproof.model.vocabulary import Outcome
from plantproof.reports.totals import totals_problems

MADE = Provenance(
    tool_version="1", engine="e", engine_version="1", content_version="1", content_hash="h", commit="", as_of=ON
)


def without(review_by: str, outcome: Outcome = PASS, name: str = IEC) -> World:
    """SR 1.1 is taken out of the profile until a day; SR 1.2 stays."""
    world = simple({"plc": outcome})
    everything = [control("SR 1.1"), control("SR 1.2")]
    removal = Tailoring(
        control="SR 1.1", action="remove", reason="The vendor does it.", approver="A. Pprover", review_by=review_by
    )
    selected = framework(everything, name=name, selected=everything[1:])
    world.frameworks = [msgspec.structs.replace(selected, removed=(("SR 1.1", removal),))]
    world.mappings = [mapping(name, SR_1_1=mapped(part(by("f/x"))))]
    return world


def controls(world: World) -> list[str]:
    return [finding.control for finding in world.conclude().frameworks[0].controls]


@pytest.mark.parametrize(
    ("review_by", "expected"),
    [
        ("2026-06-30", ["SR 1.2"]),
        ("2027-08-04", ["SR 1.2"]),
        ("2026-06-29", ["SR 1.1", "SR 1.2"]),
        ("2027-08-05", ["SR 1.1", "SR 1.2"]),
        ("9999-12-31", ["SR 1.1", "SR 1.2"]),
    ],
)
def test_a_removal_holds_until_its_review_and_for_400_days_at_most(review_by: str, expected: list[str]) -> None:
    """On 2026-06-30."""
    assert controls(without(review_by)) == expected


@pytest.mark.parametrize(
    ("outcome", "conclusion"), [(FAIL, "not-satisfied"), (PASS, "satisfied"), (SILENT, "not-assessed")]
)
def test_what_is_back_is_judged_by_its_evidence(outcome: Outcome, conclusion: str) -> None:
    finding = without("2026-06-29", outcome).finding("SR 1.1")
    assert finding.conclusion == conclusion
    overdue = "its removal is not justified: its review was due on 2026-06-29"
    assert finding.tailored == f"remove: The vendor does it.; {overdue}"
    assert finding.why.startswith(overdue) == (conclusion == "not-assessed")


def test_what_nothing_else_asks_is_back_as_not_assessed() -> None:
    """A framework without levels: the policy is asked of no other requirement, so nobody has evaluated it."""
    world = without("2026-06-29", name=NIST)
    world.observations = []
    finding = finding_of(world.conclude(), "SR 1.1")
    assert finding.conclusion == "not-assessed"
    assert finding.why.startswith("its removal is not justified: its review was due on 2026-06-29; ")


@pytest.mark.parametrize(("review_by", "selected"), [("2026-06-29", 2), ("2026-06-30", 1)])
def test_what_is_back_counts_among_what_is_selected(review_by: str, selected: int) -> None:
    world = without(review_by)
    assessment = fold(world.intent, world.mappings, [world.conclude()], title="Works", provenance=MADE)
    assert list(totals_problems(assessment, "")) == []
    (result,) = assessment.frameworks
    assert (result.selected, len(result.controls), sum(result.conclusions.values())) == (selected,) * 3
    told = RemovedControl(
        control="SR 1.1",
        title="Title of SR 1.1",
        reason="The vendor does it.",
        approver="A. Pprover",
        review_by=review_by,
    )
    assert result.removed == ([told] if selected == 1 else [])


def test_conclusions_turn_on_the_day_after_the_review_and_when_it_comes_near_enough() -> None:
    assert sorted(turns_of_conclusions(without("2027-07-30").intent, "works", ())) == ["2026-06-25", "2027-07-31"]
