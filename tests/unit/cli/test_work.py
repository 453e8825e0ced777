"""The bench: a site is carried over from the job before, and judged as a whole where that is not about the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.support.edited_project import SETTINGS, fit, telnet
from tests.support.git_repository import GitRepository
from tests.support.project import at

from plantproof.carry_over import Carried, carry_over
from plantproof.cli import work
from plantproof.cli.assessing import EngineChoice, open_at
from plantproof.cli.site_pool import setting_of
from plantproof.cli.work import Bench, Job
from plantproof.errors import InputError
from plantproof.evidence.layout import site_folder
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.model.assessment import Totals
from plantproof.pipeline import judge_site, load_judge
from plantproof.review.judged import JudgedSite

DAY = "2026-11-20"


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    found: list[bool] = []

    def noting(*given: Any, **named: Any) -> Carried | None:
        made = carry_over(*given, **named)
        found.append(made is not None)
        return made

    monkeypatch.setattr(work, "carry_over", noting)
    return found


def job(project: Path, *, setting: int = 0, on: str = DAY) -> Job:
    """The site at HEAD, file by file."""
    opened = open_at(project, "HEAD", DAY, "pinned")
    assert opened.commit is not None
    return Job(setting, opened.commit.id, "works", on, tuple(opened.project.tree.list(site_folder("works"))))


@pytest.fixture
def bench(project: Path) -> Iterator[Bench]:
    opened = open_at(project, "HEAD", DAY, "pinned")
    setting = setting_of(opened, load_judge(opened.project), EngineChoice(jobs=1))
    made = Bench([setting, setting], lambda found: found)
    yield made
    made.close()


def collected_again(project: Path) -> None:
    telnet(project)
    fit(project)
    at(project).commit("Collect again")


def plain(found: Any) -> SiteConclusions:
    assert isinstance(found, SiteConclusions)
    return msgspec.structs.replace(found, steady=None, standing=None)


def test_the_next_state_is_carried_over_and_is_what_the_whole_comes_to(
    project: Path, bench: Bench, carried: list[bool]
) -> None:
    first = bench.do(job(project))
    collected_again(project)
    second = bench.do(job(project))
    assert carried == [True]
    whole = bench.do(job(project)._replace(entries=None))
    assert carried == [True], "without a list of its files a site is judged as a whole"
    assert plain(second) == plain(whole) != plain(first)


def test_under_another_judge_nothing_is_carried(project: Path, bench: Bench, carried: list[bool]) -> None:
    bench.do(job(project))
    bench.do(job(project, setting=1))
    assert carried == []
    bench.do(job(project, setting=1, on="2026-11-21"))
    bench.do(job(project, setting=1, on="2027-11-21"))
    assert carried == [True, False]


def test_wrong_evidence_in_between_is_told_and_stepped_over(project: Path, bench: Bench, carried: list[bool]) -> None:
    bench.do(job(project))
    kept = (project / SETTINGS).read_bytes()
    (project / SETTINGS).write_bytes(kept + b"\n")
    at(project).commit("Edit by hand")
    assert isinstance(bench.do(job(project)), InputError)
    (project / SETTINGS).write_bytes(kept)
    collected_again(project)
    second = bench.do(job(project))
    assert carried == [False, True]
    assert plain(second) == plain(bench.do(job(project)._replace(entries=None)))


def test_what_could_not_be_evaluated_says_nothing_of_the_next_state(
    project: Path, bench: Bench, carried: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*given: Any, **named: Any) -> JudgedSite:
        judged = judge_site(*given, **named)
        found = judged.conclusions
        policies = [msgspec.structs.replace(found.policies[0], totals=Totals(error=1)), *found.policies[1:]]
        return msgspec.structs.replace(judged, conclusions=msgspec.structs.replace(found, policies=policies))

    monkeypatch.setattr(work, "judge_site", failing)
    bench.do(job(project))
    bench.do(job(project))
    assert carried == []


def test_two_projects_of_one_commit_are_each_read_in_their_own_folder(project: Path, tmp_path: Path) -> None:
    """A worker of a cluster serves whoever asks, one after the other."""
    both = GitRepository(tmp_path / "both")
    both.date = "2026-11-19T13:00:00Z"
    for name in ("one", "other"):
        shutil.copytree(project, both.folder / name, ignore=shutil.ignore_patterns(".git"))
    telnet(both.folder / "other")
    fit(both.folder / "other")
    both.commit("Two projects")
    opened = [open_at(both.folder / name, "HEAD", DAY, "pinned") for name in ("one", "other")]
    settings = [setting_of(each, load_judge(each.project), EngineChoice(jobs=1)) for each in opened]
    jobs = [
        Job(number, each.commit.id if each.commit else "", "works", DAY, entries)
        for number, each in enumerate(opened)
        for entries in (None, tuple(each.project.tree.list(site_folder("works"))))
    ]
    alone = []
    for each in jobs:
        bench = Bench(settings, lambda found: found)
        alone.append(plain(bench.do(each)))
        bench.close()
    bench = Bench(settings, lambda found: found)
    assert [plain(bench.do(each)) for each in jobs] == alone
    bench.close()
    assert alone[0] == alone[1] != alone[2] == alone[3]
