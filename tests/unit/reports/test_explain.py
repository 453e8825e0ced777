"""What `explain` tells of a site, its zones and conduits, of waivers, and of what satisfies a part."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from tests.support.assessment_example import example

from plantproof.model.assessment import Assessment
from plantproof.reports.explain import Brought, explain
from plantproof.reports.view import build_view


class Nothing:
    """Below the view there is nothing."""

    def text(self, place: str) -> str:
        return ""

    def brought(self, place: str) -> Brought | None:
        return None


def told(what: str, assessment: Assessment | None = None) -> list[str]:
    text = explain(build_view(assessment or example()), what, Nothing())
    assert isinstance(text, str)
    return text.splitlines()


def names(view_of: str) -> Iterator[str]:
    """The names that the explanation of a site lists."""
    for line in told(view_of):
        if line.startswith(("Zone ", "Conduit ", "Source ", "Waiver ")):
            yield line.split(maxsplit=1)[1].split(":", 1)[0]


def test_a_site_lists_names_that_can_be_explained() -> None:
    site = example().sites[0]
    listed = list(names(site.id))
    assert {source.name for source in site.sources} <= set(listed)
    assert [name for name in listed if not told(name)] == []


def test_a_zone_and_a_conduit_say_what_they_are() -> None:
    site = build_view(example()).sites[0]
    conduit, zone = site.conduits[0], next(zone for zone in site.zones if zone.kind_label)
    assert told(conduit.id)[0] == f"Conduit {conduit.title} ({conduit.id})"
    assert not [line for line in told(conduit.id) if line.split() in (["Level"], ["Kind"])]
    assert told(zone.id)[0] == f"Zone {zone.title} ({zone.id})"
    assert told(zone.id)[1].startswith("Kind ")


def test_a_waiver_that_meets_no_gap_names_the_subjects_there_are() -> None:
    whole = example()
    gap = whole.gaps[0]
    site = next(each for each in whole.sites if each.id == gap.site)
    idle = msgspec.structs.replace(
        site.waivers[0], id="idle", site=site.id, policy=gap.policy, subjects=["fw-01"], gaps=0
    )
    sites = [
        msgspec.structs.replace(each, waivers=[*each.waivers, idle]) if each.id == site.id else each
        for each in whole.sites
    ]
    lines = told("idle", msgspec.structs.replace(whole, sites=sites))
    at = next(index for index, line in enumerate(lines) if line.startswith("Gaps "))
    assert "of this policy is about these subjects" in lines[at + 1]
    assert gap.name in " ".join(line.strip() for line in lines[at + 2 :])


def test_the_strength_of_evidence_is_said_of_what_is_satisfied_only() -> None:
    view = build_view(example())
    for framework in view.frameworks:
        for group in framework.groups:
            for control in group.controls:
                for finding in control.findings:
                    for part in finding.parts:
                        assert bool(part.strength) == (part.status.word == "satisfied")
                        for answer in part.answers:
                            if answer.strength == "declared or attested":
                                assert answer.status.word == "satisfied"


def test_a_gap_is_told_the_remedy_of_its_own_site() -> None:
    """The same cause at two sites, of which one has another remedy: what is said first must not win."""
    whole = example()
    gap = whole.gaps[0]
    cause = next(each for each in whole.causes if (each.site, each.key) == (gap.site, gap.cause))
    elsewhere = msgspec.structs.replace(cause, site="a-site-before", action="Do something else")
    lines = told(gap.id, msgspec.structs.replace(whole, causes=[elsewhere, *whole.causes]))
    assert not any("Do something else" in line for line in lines)
    assert any(line.startswith("Do ") and cause.action[:20] in line for line in lines)


def test_a_path_is_never_broken_over_lines() -> None:
    whole = example()
    path = f"evidence/works/switches/raw/{'a-long-name-' * 8}.cfg"
    gap = next(gap for gap in whole.gaps if gap.evidence)
    evidence = [msgspec.structs.replace(gap.evidence[0], raw=path, raw_line=7)]
    gaps = [msgspec.structs.replace(each, evidence=evidence) if each.id == gap.id else each for each in whole.gaps]
    lines = told(gap.id, msgspec.structs.replace(whole, gaps=gaps))
    assert f"{'Raw line':<20} {path}:7" in lines


def test_a_requirement_that_a_profile_takes_out_names_who_decided_so() -> None:
    whole = " ".join(" ".join(told("pe-18")).split())
    framework = next(each for each in example().frameworks if each.removed)
    (removed,) = framework.removed
    for said in (removed.title, framework.profile, removed.reason, removed.approver, removed.review_by):
        assert said in whole
    assert "Conclusion none" in whole
    assert told(f"{framework.framework}/pe-18") == told("pe-18")
