"""Jobs handed out: those about one site stand together, so that each can be carried over from the one before."""

from __future__ import annotations

from plantproof.cli.site_pool import LONGEST_RUN, runs_of
from plantproof.cli.work import Job


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
