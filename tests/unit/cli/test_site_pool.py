"""Jobs handed out: those about one site stand together, so that each can be carried over from the one before."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.devices import Plan
from benchmarks.synthetic import write_project

from plantproof.cli import site_pool, sites
from plantproof.cli.site_pool import LONGEST_RUN, in_pool, runs_of
from plantproof.cli.start import run
from plantproof.cli.work import Job, Made


def job(site: str, setting: int = 0, commit: str = "") -> Job:
    return Job(setting, commit, site, "2026-11-20")


def test_jobs_about_one_site_under_one_judge_are_one_run() -> None:
    jobs = [job("a", commit="1"), job("a", commit="2"), job("b"), job("a"), job("a", 1)]
    assert runs_of(jobs) == [jobs[:2], [jobs[2]], [jobs[3]], [jobs[4]]]
    assert runs_of([]) == []


def test_no_run_is_so_long_that_others_wait() -> None:
    jobs = [job("a", commit=str(number)) for number in range(2 * LONGEST_RUN + 1)]
    runs = runs_of(jobs)
    assert [len(run) for run in runs] == [LONGEST_RUN, LONGEST_RUN, 1]
    assert [each for run in runs for each in run] == jobs


def test_what_changes_while_it_is_judged_is_kept_under_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The name is that of the evidence as the process saw it that asks; another one reads it."""
    project, output = tmp_path / "plant", tmp_path / "found.json"
    write_project(project, Plan(40, 2, "B", 3))
    monkeypatch.setattr(sites, "WORTHWHILE", 0)
    words = ["check", "-C", str(project), "--date", "2026-06-02", "-q", "--format", "json", "--output", str(output)]

    def written(*options: str) -> bytes:
        assert run([*words, *options]) in (0, 1)
        return output.read_bytes()

    plain = written("--no-cache")
    file = min(project.glob("evidence/*/identities.jsonl"))
    before = file.read_bytes()
    asset = before.split(b'"')[3]
    retired = b'{"approved_by":"Lee","date":"2026-05-01","reason":"gone","retired":"%s"}\n' % asset

    def while_somebody_edits(*given: Any) -> Iterator[Made]:
        file.write_bytes(before + retired)
        return in_pool(*given)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(site_pool, "in_pool", while_somebody_edits)
        assert run([*words, "--cache", "--jobs", "2"]) == 2
        assert multiprocessing.active_children() == []
    assert "changed while it was being read" in capsys.readouterr().err
    assert written("--no-cache") != plain
    file.write_bytes(before)
    assert written("--cache", "--jobs", "2") == plain
    assert written("--cache", "--jobs", "1") == plain
