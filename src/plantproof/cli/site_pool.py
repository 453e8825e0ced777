"""Sites judged in several processes: nothing of one site enters another, so a large plant uses all cores.

Each process opens the same tree, has an engine of its own with one worker, and hands back what its sites come to. The
parent adds up, in the order of the sites, so that the bytes are those of one process.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import msgspec

from plantproof.cli.assessing import EngineChoice, Opened, started_engine
from plantproof.cli.concluded import Concluded, apart
from plantproof.errors import refuse
from plantproof.git import Tree, open_repository
from plantproof.model.project_file import ProjectFile
from plantproof.pipeline import Judge, assess_site
from plantproof.policies.memo import about
from plantproof.policies.protocol import Engine


class Task(NamedTuple):
    """Everything that a process needs besides the name of a site."""

    root: Path
    commit: str
    file: ProjectFile
    judge: Judge
    on: str
    choice: EngineChoice


def conclude_in_pool(
    opened: Opened, judge: Judge, sites: Sequence[str], choice: EngineChoice, processes: int
) -> Iterator[Concluded]:
    """The conclusions on each site, in the order given. Raises InputError of the first site whose evidence is wrong,
    and where a process ended before it had answered: what it was to judge is judged by nobody, which is no pass."""
    assert opened.repository is not None  # noqa: S101  cli/sites.py has asked
    task = Task(
        root=opened.repository.root,
        commit=opened.commit.id if opened.commit else "",
        file=opened.project.file,
        judge=judge,
        on=opened.on,
        choice=msgspec.structs.replace(choice, jobs=1),
    )
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_start, initargs=(task,))
    try:
        for site, answer in zip(sites, [pool.submit(_conclude, site) for site in sites], strict=True):
            try:
                yield answer.result()
            except BrokenProcessPool:
                raise refuse(
                    f"a process that judged sites ended before its time; {site} has no result",
                    "the system may have ended it for want of memory: try --jobs 1",
                ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Process:
    """What one process of the pool keeps between sites."""

    task: Task
    tree: Tree
    engine: Engine
    open: ExitStack


def _start(task: Task) -> None:
    import gc
    import signal

    # Ctrl-C reaches every process of the terminal: this one has nothing to say about it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    repository = open_repository(task.root)
    _Process.task = task
    _Process.tree = repository.tree(task.commit) if task.commit else repository.working_tree()
    _Process.open = ExitStack()
    _Process.engine = _Process.open.enter_context(started_engine(task.choice, task.file.limits))
    gc.freeze()


def _conclude(site: str) -> Concluded:
    task = _Process.task
    engine = about(_Process.engine, site)
    return apart(assess_site(_Process.tree, task.file, task.judge, site, on=task.on, engine=engine))
