"""Sites judged in several processes: nothing of one site enters another, so a large plant uses all cores.

Each process opens the same repository, has an engine of its own with one worker, and hands back what its jobs came to.
The parent adds up, in the order of the jobs, so that the bytes are those of one process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

import msgspec

from plantproof.cli.assessing import EngineChoice, Opened
from plantproof.cli.concluded import Concluded
from plantproof.cli.work import Bench, Job, Made, Setting, conclusions
from plantproof.errors import InputError, refuse
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.pipeline import Judge

Make = Callable[[SiteConclusions], Any]


def conclude_in_pool(
    opened: Opened, judge: Judge, sites: Sequence[str], choice: EngineChoice, processes: int
) -> Iterator[Concluded]:
    """The conclusions on each site, in the order given. Raises InputError of the first site whose evidence is wrong,
    and where a process ended before it had answered: what it was to judge is judged by nobody, which is no pass."""
    setting = setting_of(opened, judge, choice)
    jobs = [Job(0, opened.commit.id if opened.commit else "", site, opened.on) for site in sites]
    for made in in_pool([setting], jobs, conclusions, processes):
        if isinstance(made, InputError):
            raise made
        assert isinstance(made, Concluded)  # noqa: S101  what `conclusions` makes
        yield made


def setting_of(opened: Opened, judge: Judge, choice: EngineChoice) -> Setting:
    """What a process elsewhere needs to judge sites of this project, with one worker of its own."""
    assert opened.repository is not None  # noqa: S101  cli/sites.py has asked
    return Setting(opened.repository.root, opened.project.file, judge, msgspec.structs.replace(choice, jobs=1))


def in_pool(settings: Sequence[Setting], jobs: Sequence[Job], make: Make, processes: int) -> Iterator[Made]:
    """`work.Execute` in so many processes. Raises InputError where one of them ended before it had answered."""
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_start, initargs=(settings, make))
    try:
        for job, answer in zip(jobs, [pool.submit(_do, job) for job in jobs], strict=True):
            try:
                yield answer.result()
            except BrokenProcessPool:
                raise refuse(
                    f"a process that judged sites ended before its time; {job.site} has no result",
                    "the system may have ended it for want of memory: try --jobs 1",
                ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Process:
    """What one process of the pool keeps between jobs."""

    bench: Bench


def _start(settings: Sequence[Setting], make: Make) -> None:
    import gc
    import signal

    # Ctrl-C reaches every process of the terminal: this one has nothing to say about it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _Process.bench = Bench(settings, make)
    gc.freeze()


def _do(job: Job) -> Made:
    return _Process.bench.do(job)
