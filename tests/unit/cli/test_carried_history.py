"""The history of evidence that was collected again and again, and went wrong in between: the same bytes however many
processes carry it over, and at each commit what that commit comes to alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.support.edited_project import ROOT, SETTINGS, Record, edit, fit, telnet
from tests.support.git_repository import GitRepository
from tests.support.project import at

from plantproof.carry_over import Carried, carry_over
from plantproof.cli import work
from plantproof.cli.start import run
from plantproof.model.history import History


@pytest.fixture
def collected(project: Path) -> Path:
    """The project with seven commits after the first."""
    repository = at(project)
    telnet(project)
    fit(project)
    repository.commit("Turn Telnet over")
    edit(project, f"{ROOT}sightings/setting.jsonl", further_down)
    fit(project, collected_at="2026-11-19T05:30:00Z")
    repository.commit("Collect again: the same, three lines further down")
    kept = (project / SETTINGS).read_bytes()
    (project / SETTINGS).write_bytes(kept.replace(b"true", b"false"))
    repository.commit("Edit by hand")
    (project / SETTINGS).write_bytes(kept)
    edit(project, SETTINGS, fewer)
    fit(project)
    repository.commit("Collect again: two settings and no more")
    fit(project, covers=[{"kind": "setting"}])
    repository.commit("Speak for more")
    telnet(project)
    fit(project)
    repository.commit("Turn Telnet back")
    telnet(project)
    fit(project, collected_at="2026-12-19T05:30:00Z")
    repository.commit("Collect with a clock that is a month ahead")
    return project


def further_down(lines: list[Record]) -> None:
    for line in lines:
        line["line"] = line.get("line", 1) + 3


def fewer(lines: list[Record]) -> None:
    lines[:] = [line for line in lines if line["key"] in ("aaa.central", "telnet.enabled")]


def history(project: Path, *options: str) -> bytes:
    output = project.parent / "history.json"
    arguments = ["report", "history", "-q", "-C", str(project), "--format", "json", "--output", str(output)]
    assert run([*arguments, *options]) == 0
    return output.read_bytes()


def points(data: bytes) -> list[Any]:
    return list(msgspec.json.decode(data, type=History).points)


def test_however_many_processes(collected: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    carried: list[bool] = []

    def noting(*given: Any, **named: Any) -> Carried | None:
        found = carry_over(*given, **named)
        carried.append(found is not None)
        return found

    monkeypatch.setattr(work, "carry_over", noting)
    one = history(collected, "--no-cache", "--jobs", "1")
    # Twice followed; edited by hand; followed from before; speaks for more; followed again; from the future.
    assert carried == [True, True, False, True, False, True, False]
    assert history(collected, "--no-cache", "--jobs", "2") == one
    assert history(collected, "--cache", "--jobs", "2") == one
    assert history(collected, "--cache", "--jobs", "1") == one


def test_each_commit_alone(collected: Path) -> None:
    together = points(history(collected, "--no-cache", "--jobs", "1"))
    assert [bool(each.problem) for each in together] == [False, False, False, True, False, False, False, True]
    commits = GitRepository(collected).git("log", "--reverse", "--format=%H").split()
    assert [each.commit for each in together] == commits
    for number, commit in enumerate(commits[:-1]):
        if number in (0, 5):
            continue  # what is judged as a whole in either case
        if together[number].problem:
            on = together[number].on
            assert run(["check", "-C", str(collected), "--at", commit, "--date", on, "--no-cache", "-q"]) == 2
            continue
        alone = points(history(collected, "--no-cache", "--jobs", "1", "--to", commit, "--last", "1"))
        assert alone == together[number : number + 1]
    counted = {msgspec.json.encode(each.gaps) for each in together if not each.problem}
    assert len(counted) > 1, "what changed is seen"
