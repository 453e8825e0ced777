"""A project over its commits: each point is what `check` says of that commit, whoever judged it and however often."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest
from benchmarks.devices import Plan
from benchmarks.growth import Grown
from benchmarks.synthetic import write_project
from tests.support.git_repository import GitRepository
from tests.support.project import at

from plantproof import pipeline
from plantproof.carry_over import Carried, carry_over
from plantproof.cli import work
from plantproof.cli.following import POINT
from plantproof.cli.start import run
from plantproof.cli.stretches import Stretches
from plantproof.evidence.ledger import read_claims
from plantproof.files import encode_json
from plantproof.model.assessment import Assessment
from plantproof.model.history import History, Point
from plantproof.model.steady import Steady

REPORT = ["report", "history", "-q", "--format", "json"]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grown") / "plant"
    plan = Plan(40, 2, "B", 3)
    write_project(folder, plan)
    grown = Grown(folder, plan)
    grown.change_records(3, site=1)
    grown.move_sightings()
    grown.edit_policy()
    grown.change_records(2, site=0)
    return folder


def parsed(svg: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314  our own output


def history(folder: Path, *options: str, code: int = 0) -> History:
    output = folder.parent / "history.json"
    assert run([*REPORT, "-C", str(folder), "--output", str(output), *options]) == code
    return msgspec.json.decode(output.read_bytes(), type=History)


def checked(folder: Path, point: Point) -> Assessment:
    output = folder.parent / "check.json"
    arguments = ["check", "-C", str(folder), "--at", point.commit, "--date", point.on, "--content", "installed"]
    assert run([*arguments, "-q", "--no-cache", "--format", "json", "--output", str(output)]) in (0, 1)
    return msgspec.json.decode(output.read_bytes(), type=Assessment)


def agree(point: Point, assessment: Assessment) -> None:
    severities = [gap.severity for gap in assessment.gaps]
    assert point.gaps == {severity: severities.count(severity) for severity in point.gaps}
    for counted, framework in zip(point.frameworks, assessment.frameworks, strict=True):
        found = msgspec.to_builtins(counted)
        assert {name: found.get(name.replace("-", "_"), 0) for name in framework.conclusions} == framework.conclusions
    units = [unit for site in assessment.sites for unit in (*site.zones, *site.conduits)]
    assert [unit.id for unit in point.units] == [unit.id for unit in units]
    for followed, unit in zip(point.units, units, strict=True):
        assert followed.attested == ([each.lower for each in unit.sl_achieved.attested] if unit.sl_achieved else [])


def test_each_point_is_what_check_says_of_that_commit(grown: Path) -> None:
    found = history(grown, "--no-cache")
    assert len(found.points) == 5
    assert [point.problem for point in found.points] == [""] * 5
    for point in found.points:
        agree(point, checked(grown, point))


def test_a_site_is_judged_only_where_something_changed_for_it_and_never_twice(
    grown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def noting(tree: object, site: str) -> object:
        read.append(site)
        return read_claims(tree, site)  # type: ignore[arg-type]  # passed on as it came

    def noting_carried(*given: Any, **named: Any) -> Carried | None:
        found = carry_over(*given, **named)
        if found is not None:
            carried.append(found.conclusions.site.id)
        return found

    carried: list[str] = []
    monkeypatch.setattr(pipeline, "read_claims", noting)
    monkeypatch.setattr(work, "carry_over", noting_carried)
    plain = history(grown, "--no-cache", "--jobs", "1")
    # Both at first, one that changed, two seen again, two under another policy, one that changed.
    assert sorted([*read, *carried]) == ["site-000"] * 4 + ["site-001"] * 4
    # Under each policy once as a whole; and three devices of twenty are as many as all.
    assert sorted(read) == ["site-000"] * 2 + ["site-001"] * 3
    assert history(grown, "--cache", "--jobs", "1") == plain
    read.clear()
    assert history(grown, "--cache", "--jobs", "1") == plain
    assert read == []


def test_several_processes_give_the_same(grown: Path) -> None:
    assert history(grown, "--no-cache", "--jobs", "2") == history(grown, "--no-cache", "--jobs", "1")


def test_part_of_it(grown: Path) -> None:
    everything = history(grown, "--no-cache").points
    assert history(grown, "--cache", "--last", "2").points == everything[-2:]
    assert history(grown, "--cache", "--from", "HEAD~3", "--to", "HEAD~1").points == everything[2:4]
    of_one = history(grown, "--no-cache", "--site", "site-001")
    assert of_one.sites == ["site-001"]
    assert {unit.site for point in of_one.points for unit in point.units} == {"site-001"}


def test_formats_and_places(grown: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawn = tmp_path / "history.svg"
    assert run(["report", "history", "-C", str(grown), "--format", "text", "--format", "svg", "--output", "-"]) == 2
    assert run(["report", "history", "-C", str(grown), "--format", "pdf"]) == 2
    assert "there are: json, svg, text" in capsys.readouterr().err
    places = ["--format", "text", "--output", "-", "--format", "svg", "--output", str(drawn)]
    assert run(["report", "history", "-C", str(grown), "-q", "--no-cache", *places]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 1 + 5 + 1
    assert printed[1].startswith("2026-06-02 ")
    assert parsed(drawn.read_bytes()).tag.endswith("svg")


def test_a_commit_that_cannot_be_judged_is_a_hole_and_no_zero(project: Path) -> None:
    repository = at(project)
    intent = project / "controls/sites/works.yaml"
    whole = intent.read_text()
    intent.write_text("schema: nonsense\n")
    repository.commit("Break the site file")
    intent.write_text(whole)
    custody = next((project / "evidence/works").glob("*/custody.yaml"))
    text = custody.read_text()
    custody.unlink()
    repository.commit("Lose custody")
    custody.write_text(text)
    repository.commit("Put it back")
    found = history(project).points
    assert [bool(point.problem) for point in found] == [False, True, True, False]
    assert "controls/sites/works.yaml" in found[1].problem
    assert "evidence without custody" in found[2].problem
    assert found[1].gaps == found[2].gaps == {}
    assert found[3].gaps == found[0].gaps
    agree(found[3], checked(project, found[3]))


def test_links_and_clashing_names_are_no_evidence(project: Path) -> None:
    repository = at(project)
    (project / "evidence/works/link").symlink_to("identities.jsonl")
    repository.commit("A link")
    (project / "evidence/works/link").unlink()
    (project / "evidence/works/IDENTITIES.jsonl").write_text("")
    repository.commit("Two names that are one elsewhere")
    found = history(project).points
    assert "a symlink, which is never followed" in found[1].problem
    assert "only in upper and lower case" in found[2].problem


@pytest.mark.parametrize("refused", ["policies/README.md", "policies/Lib/README.md"])
def test_what_is_refused_stays_so_until_it_is_gone(project: Path, refused: str) -> None:
    repository = at(project)
    path = project / refused
    path.parent.mkdir(parents=True)
    if refused.startswith("policies/Lib/"):
        path.write_text("One of two\n")
        (project / "policies/lib").mkdir()
        (project / "policies/lib/README.md").write_text("The other\n")
    else:
        path.symlink_to("../README.md")
    repository.commit("What no commit may bring")
    (site,) = (project / "controls/sites").iterdir()
    whole = site.read_text()
    site.write_text(f"{whole}# Something else changes\n")
    repository.commit("Leave it there")
    path.unlink()
    repository.commit("Take it away")
    points = history(project).points
    assert [bool(point.problem) for point in points] == [False, True, True, False]
    assert points[1].problem == points[2].problem
    assert points[3].gaps == points[0].gaps
    assert history(project, "--last", "2").points == points[2:], "it may be what a history begins with"


def test_days_that_another_run_wrote_are_not_taken_for_those_of_a_result(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANTPROOF_CACHE_DIR", str(tmp_path / "cache"))
    keep = Stretches.keep

    def interrupted(self: Stretches, kind: str, key: str, stretch: Steady, data: bytes) -> None:
        """The result of a run with fewer days, and the list of days of another."""
        if kind == POINT:
            found = msgspec.json.decode(data, type=work.Followed)
            data = encode_json(found._replace(steady=Steady(stretch.first, stretch.first)))
        keep(self, kind, key, stretch, data)

    monkeypatch.setattr(Stretches, "keep", interrupted)
    first = history(project, "--cache")
    monkeypatch.setattr(Stretches, "keep", keep)
    assert history(project, "--cache") == first
    assert not first.points[0].problem


def test_nothing_that_could_be_judged_is_no_history(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "history", "-C", str(project), "--site", "nowhere"]) == 2
    assert "nothing could be judged: no such site: nowhere" in capsys.readouterr().err
    assert run(["report", "history", "-C", str(project), "--from", "HEAD"]) == 2
    assert "no commit there changes the project" in capsys.readouterr().err
    assert run(["report", "history", "-C", str(project), "--to", "nowhere"]) == 2
    assert "`nowhere` names no commit" in capsys.readouterr().err


def test_a_clock_that_was_wrong_once_does_not_turn_time_back(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = at(project)
    for date, text in (("2026-11-19T13:00:00Z", "a"), ("2026-01-01T00:00:00Z", "b"), ("2026-11-20T00:00:00Z", "c")):
        repository.date = date
        (project / "controls/programme").mkdir(exist_ok=True)
        (project / "controls/programme/README.md").write_text(text)
        repository.commit(text)
    found = history(project).points
    assert [point.on for point in found] == ["2026-11-19", "2026-11-19", "2026-11-19", "2026-11-20"]
    assert found[2].committed == "2026-01-01T00:00:00Z"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795046400")  # the day before
    assert [point.problem for point in history(project).points] == [*[""] * 3, "dated 2026-11-20, later than today"]


def test_a_merge_is_what_it_brought(tmp_path: Path, project: Path) -> None:
    repository = GitRepository(project)
    repository.date = "2026-11-19T14:00:00Z"
    repository.git("checkout", "-q", "-b", "side")
    intent = project / "controls/sites/works.yaml"
    intent.write_text(intent.read_text().replace("title: Line 1", "title: Line one"))
    repository.commit("On the side")
    repository.git("checkout", "-q", "-")
    (project / "README.md").write_text("x")
    repository.commit("On the trunk, and of nothing that is judged")
    repository.git("merge", "-q", "--no-ff", "-m", "Merge the side", "side")
    found = history(project).points
    assert [point.subject for point in found] == ["Begin the compliance project", "Merge the side"]
    assert [unit.title for unit in found[1].units if unit.id == "line"] == ["Line one"]


def test_a_shallow_clone_is_named_as_one(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repository = at(project)
    (project / "controls/README.md").write_text("x")
    repository.commit("Another")
    clone = tmp_path / "clone"
    repository.git("clone", "-q", "--depth", "1", project.as_uri(), str(clone))
    whole, cut = history(project), history(clone)
    assert "this clone is shallow" in capsys.readouterr().err
    assert cut.points == whole.points[1:]
