"""Sites judged in several processes: nothing of one site enters another, so a large plant uses all cores.

Each process opens the same repository, has an engine of its own with one worker, and hands back what its jobs came to.
The parent adds up, in the order of the jobs, so that the bytes are those of one process.
"""

from __future__ import annotations

import gc
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from multiprocessing import parent_process
from types import MappingProxyType
from typing import Any

import msgspec

from plantproof.cli.asked_sites import Asking
from plantproof.cli.assessing import EngineChoice, Opened
from plantproof.cli.concluded import Concluded
from plantproof.cli.kept_plants import PlantName
from plantproof.cli.pool_processes import pool_context, safe_path
from plantproof.cli.work import Bench, Job, Made, Setting, conclusions, conclusions_once, weighed_conclusions
from plantproof.errors import InputError, refuse
from plantproof.evidence.layout import site_folder
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.pipeline import Judge

Make = Callable[[SiteConclusions], Any]
NONE: Mapping[str, Any] = MappingProxyType({})
LONGEST_RUN = 50
"""Jobs about one site that one process does in a row: with more, one process might work while others wait."""


def conclude_in_pool(
    opened: Opened,
    judge: Judge,
    sites: Sequence[str],
    choice: EngineChoice,
    processes: int,
    asking: Mapping[str, Asking] = NONE,
    plants: Mapping[str, PlantName] = NONE,
    *,
    lists: bool = True,
) -> Generator[Concluded]:
    """The conclusions on each site, in the order given; of those that are known under other policies (`asking`) what is
    the same is not held. The `plants` of the others are kept under these names. Without `lists` there are no long
    lists, unless they are kept. Raises InputError of the first site whose evidence is wrong, and where a process ended
    before it had answered: what it was to judge is judged by nobody, which is no pass."""
    setting = setting_of(opened, judge, choice)
    make = conclusions if plants else conclusions_once if lists else weighed_conclusions
    return only_concluded(in_pool([setting], jobs_of(opened, sites, asking, plants), make, processes))


def jobs_of(
    opened: Opened, sites: Sequence[str], asking: Mapping[str, Asking] = NONE, plants: Mapping[str, PlantName] = NONE
) -> list[Job]:
    """To judge these sites of what is open. In the working tree a file may change before another process reads it:
    where plants are kept, so are results, under the names of what was seen here."""
    commit, tree = opened.commit.id if opened.commit else "", opened.project.tree
    return [
        Job(
            0,
            commit,
            site,
            opened.on,
            asking=asking.get(site),
            plant=plants.get(site),
            seen=tuple(tree.list(site_folder(site))) if plants and not commit else None,
        )
        for site in sites
    ]


def only_concluded(made: Generator[Made]) -> Generator[Concluded]:
    """What jobs made for an assessment. Raises the InputError of the first site whose evidence is wrong."""
    # Whoever made it ends with the first mistake, not when Python comes to look for garbage, in whichever thread.
    with closing(made):
        for each in made:
            if isinstance(each, InputError):
                raise each
            assert isinstance(each, Concluded)  # noqa: S101  what `conclusions` makes
            yield each


def setting_of(opened: Opened, judge: Judge, choice: EngineChoice) -> Setting:
    """What a process elsewhere needs to judge sites of this project, with one worker of its own."""
    assert opened.repository is not None  # noqa: S101  cli/sites.py has asked
    commit = opened.commit.id if opened.commit else ""
    alone = msgspec.structs.replace(choice, jobs=1)
    return Setting(opened.repository.root, commit, opened.project.file, judge, alone)


def in_pool(settings: Sequence[Setting], jobs: Sequence[Job], make: Make, processes: int) -> Generator[Made]:
    """`work.Execute` in so many processes. Raises InputError where one of them ended before it had answered."""
    given = (settings, make, dict(os.environ))
    with safe_path():  # the queues of a pool may start a process, too
        pool = ProcessPoolExecutor(processes, pool_context(), initializer=_start, initargs=given)
    try:
        runs = runs_of(jobs)
        with safe_path():
            answers = deque(pool.submit(_do, run) for run in runs)
        for run in runs:
            try:
                yield from answers.popleft().result()  # what was taken is not held
            except BrokenProcessPool:
                raise refuse(
                    f"a process that judged sites ended before its time; {run[0].site} has no result",
                    "the system may have ended it for want of memory: try --jobs 1",
                ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


COLLECTED = 20
"""Jobs after which a process looks for garbage. Python itself would look after each, among all that a site is made of,
and find next to nothing."""


class _Process:
    """What one process of the pool keeps between jobs."""

    bench: Bench
    done = 0


def _start(settings: Sequence[Setting], make: Make, environment: Mapping[str, str]) -> None:
    import signal

    os.environ.clear()  # it is that of the process from which this one was copied
    os.environ.update(environment)
    # Ctrl-C reaches every process of the terminal: this one has nothing to say about it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    _Process.bench = Bench(settings, make)
    gc.freeze()
    gc.disable()


def _end_with_parent() -> None:
    """Who asked may be killed, as by a time limit of CI: its processes would wait for ever, with all that they hold."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(run: Sequence[Job]) -> list[Made]:
    found = []
    for made in _Process.bench.do_all(run):
        found.append(made)
        _Process.done += 1
        if _Process.done % COLLECTED == 0:
            gc.collect()
    return found


def runs_of(jobs: Iterable[Job]) -> list[list[Job]]:
    """Jobs about one site that stand together, for one process: each can be carried over from the one before."""
    runs: list[list[Job]] = []
    for job in jobs:
        run = runs[-1] if runs else []
        same = run and (run[0].setting, run[0].site) == (job.setting, job.site)
        if same and len(run) < LONGEST_RUN:
            run.append(job)
        else:
            runs.append([job])
    return runs
