"""The pipeline as a whole: what is refused before anything is judged, and that gaps lead down to raw lines."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from tests.support.project import DAY, make_project

from plantproof import pipeline
from plantproof.errors import InputError, Problem
from plantproof.git_opening import open_repository
from plantproof.model.assessment import Assessment, Provenance
from plantproof.model.intent import Intent
from plantproof.pipeline import Judge, assess, load_judge
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.protocol import Limits
from plantproof.project import Project, open_project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("pipeline") / "works"
    make_project(folder)
    return open_project(open_repository(folder).working_tree())


@pytest.fixture(scope="module")
def judge(project: Project) -> Judge:
    return load_judge(project)


def provenance() -> Provenance:
    return Provenance(
        tool_version="0",
        engine="regorus",
        engine_version="0",
        content_version="0",
        content_hash="",
        commit="",
        commit_date="",
        working_tree=True,
        as_of=DAY,
    )


def judged(project: Project, judge: Judge, *sites: str) -> Assessment:
    engine = EmbeddedEngine(Limits(seconds=20.0, memory_mb=1024), jobs=1)
    try:
        return assess(project, on=DAY, engine=engine, provenance=provenance(), sites=sites, judge=judge)
    finally:
        engine.close()


@pytest.fixture(scope="module")
def assessment(project: Project, judge: Judge) -> Assessment:
    return judged(project, judge)


def test_a_judge_that_was_asked_before_gives_the_same(project: Project, judge: Judge, assessment: Assessment) -> None:
    engine = EmbeddedEngine(Limits(seconds=20.0, memory_mb=1024), jobs=2)
    try:
        assert assess(project, on=DAY, engine=engine, provenance=provenance()) == assessment
    finally:
        engine.close()


def test_every_selected_control_is_in_the_result_by_name(judge: Judge, assessment: Assessment) -> None:
    for selected, result in zip(judge.intent.frameworks, assessment.frameworks, strict=True):
        assert [finding.control for finding in result.controls] == [control.id for control in selected.controls]


def test_a_gap_leads_down_to_the_raw_line(project: Project, assessment: Assessment) -> None:
    """The switch sends nothing to a log server: nothing says so but the lack of a line. Its community stands in one."""
    traced = {
        (link.raw, link.raw_line)
        for gap in assessment.gaps
        for link in gap.evidence
        if gap.policy == "confidentiality/snmp_secure"
    }
    raw = "evidence/works/switches/raw/sw-77.cfg"
    lines = project.tree.read(raw).decode().splitlines()
    assert (raw, next(n for n, line in enumerate(lines, 1) if line.startswith("snmp-server community"))) in traced
    for gap in assessment.gaps:
        for link in gap.evidence:
            assert project.tree.exists(link.record)
            assert not link.raw or project.tree.exists(link.raw)


def test_a_site_that_is_not_there_is_refused(project: Project, judge: Judge) -> None:
    with pytest.raises(InputError, match="no such site: elsewhere"):
        judged(project, judge, "works", "elsewhere")


def test_without_sites_or_policies_nothing_is_green(project: Project, judge: Judge) -> None:
    import msgspec

    nowhere = msgspec.structs.replace(judge, intent=msgspec.structs.replace(judge.intent, sites={}))
    with pytest.raises(InputError, match="no such site"):
        judged(project, nowhere)
    lenient = msgspec.structs.replace(judge, bundle=msgspec.structs.replace(judge.bundle, policies={}))
    with pytest.raises(InputError, match="no policies: nothing would be judged"):
        judged(project, lenient)


def test_progress_ends_with_all_sites(project: Project, judge: Judge) -> None:
    seen: list[tuple[str, int, int]] = []
    engine = EmbeddedEngine(Limits(seconds=20.0, memory_mb=1024), jobs=1)
    try:
        assess(
            project, on=DAY, engine=engine, provenance=provenance(), judge=judge,
            progress=lambda what, done, total: seen.append((what, done, total)),
        )  # fmt: skip
    finally:
        engine.close()
    assert seen == [("sites assessed", 0, 1), ("sites assessed", 1, 1)]


def test_the_reference_plant_is_judged_whole(root: Path) -> None:
    """Its mistakes would be ours: every record, attestation and waiver of it is read as strictly as a user's."""
    from plantproof.validation import validate

    found = validate(open_project(open_repository(root).working_tree(), accept_content=True))
    assert found.problems == []
    assert found.counted["records"] > 100


def test_what_a_site_sees_of_the_intent_is_what_kept_results_are_named_by(judge: Judge) -> None:
    """A new field of the intent belongs to one of these: shown to a site and named, or neither (cli/kept_sites.py)."""
    named = {"frameworks", "waivers"}
    only_its_own = {"sites", "adopted", "approved"}
    not_shown = {"programme", "changes", "warnings"}
    assert set(Intent.__struct_fields__) == named | only_its_own | not_shown
    crowded = msgspec.structs.replace(
        judge.intent,
        sites={**judge.intent.sites, "elsewhere": judge.intent.sites["works"]},
        changes=("a change",),  # type: ignore[arg-type]  # whatever it is
        warnings=(Problem("a", 1, "b"),),
    )
    assert pipeline.intent_of_site(crowded, "works") == pipeline.intent_of_site(judge.intent, "works")
