"""Jobs handed to an existing Dask cluster: the same pure function over more keys, and the same bytes.

A task carries the place of the repository, which every worker must be able to read under the same path, a commit and a
site: workers read controls, policies and evidence themselves, so that nothing is lost with a worker that dies; what it
had in hand is done by another. An answer counts only from a worker with this very program, content and engine. Where
the cluster cannot answer for every site, there is no result at all.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import threading
import time
from collections.abc import Generator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from plantproof.cli.assessing import EngineChoice
from plantproof.cli.installation import code_digest
from plantproof.cli.work import Bench, Job, Made, Setting, conclusions, followed
from plantproof.errors import InputError, refuse
from plantproof.git_opening import open_repository
from plantproof.pipeline import load_judge
from plantproof.policies.worker import engine_version
from plantproof.project import bundled_content, open_project
from plantproof.text import visible

CONNECT_SECONDS = 10.0
LOST_SECONDS = 30.0
"""How long a cluster may be without any worker before it is given up."""
LOOK_SECONDS = 0.5
RETRIES = 3


class Task(NamedTuple):
    """One job, with where its judge is read and what the worker must be."""

    root: Path
    judge_commit: str
    choice: EngineChoice
    job: Job
    follow: bool
    installed: tuple[str, ...]


class Refusal(NamedTuple):
    """Why a worker did not do a task: about the worker, not about the evidence."""

    words: str


def installed() -> tuple[str, ...]:
    """What a worker must have in common with whoever asks it: program, content and engine."""
    return code_digest(), bundled_content().hash, engine_version()


def on_cluster(address: str, settings: Sequence[Setting], jobs: Sequence[Job], *, follow: bool) -> Generator[Made]:
    """`work.Execute` on the cluster whose scheduler listens at `address`. Raises InputError where there is no such
    scheduler, it or a worker is of another version, or the cluster loses what it was to judge."""
    client = _connected(address)
    try:
        same = installed()
        tasks = [
            Task(
                settings[job.setting].root,
                settings[job.setting].commit,
                settings[job.setting].choice,
                job,
                follow,
                same,
            )
            for job in jobs
        ]
        futures = client.map(do, tasks, pure=False, retries=RETRIES, key="plantproof")
        for job, future in zip(jobs, futures, strict=True):
            made = _awaited(client, future, job, address)
            if isinstance(made, Refusal):
                raise refuse(made.words, "install the same Plantproof on every worker, and share the repository's path")
            yield made
            future.release()
    finally:
        client.close(timeout=CONNECT_SECONDS)


def _connected(address: str) -> Any:
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise refuse("--executor dask needs Dask", "pip install 'plantproof[dask]'") from None
    for name in ("distributed", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is said by us, once
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, ImportError) as error:
        raise refuse(
            f"no Dask scheduler answers at {visible(address)}: {visible(str(error)) or type(error).__name__}",
            "is it running, and of the same version as the one here? `dask scheduler` starts one",
        ) from None
    try:
        _refuse_other_versions(client, address)
    except BaseException:  # an interrupt, too, must not leave the connection open
        client.close(timeout=CONNECT_SECONDS)
        raise
    return client


def _refuse_other_versions(client: Any, address: str) -> None:
    versions = client.get_versions()
    if not versions["workers"]:
        raise refuse(f"the Dask cluster at {visible(address)} has no workers", "`dask worker` starts one")

    def of(part: Any) -> str:
        return str(part["packages"]["distributed"]) if part else "unknown"

    own = of(versions["client"])
    others = {"the scheduler": of(versions["scheduler"])}
    others |= {f"worker {name}": of(part) for name, part in versions["workers"].items()}
    for name, version in sorted(others.items()):
        if version != own:
            raise refuse(
                f"{visible(name)} of the cluster at {visible(address)} runs distributed {version}, here it is {own}",
                "install the same version everywhere",
            )


def _awaited(client: Any, future: Any, job: Job, address: str) -> Any:
    """The answer to one task. Looks, while it waits, whether anybody is left who could give it."""
    killed_worker: type[Exception] = import_module("distributed.scheduler").KilledWorker
    where, lost_since = f"the Dask cluster at {visible(address)}", 0.0
    try:
        while not future.done():
            time.sleep(0.02 if not lost_since else LOOK_SECONDS)
            if client.status != "running":
                raise refuse(f"{where} went away; {job.site} has no result", "nothing was written: try again")
            if not client.scheduler_info(n_workers=1)["workers"]:
                lost_since = lost_since or time.monotonic()
                if time.monotonic() - lost_since > LOST_SECONDS:
                    raise refuse(f"{where} has lost all its workers; {job.site} has no result", "start workers again")
            else:
                lost_since = 0.0
        return future.result(timeout=CONNECT_SECONDS)
    except killed_worker:
        raise refuse(
            f"{job.site} ended {RETRIES} workers of {where} or more; it has no result",
            "are they ended for want of memory? give them more",
        ) from None
    except ImportError as error:
        raise refuse(
            f"a worker of {where} has no Plantproof: {error}", "install the same one on every worker"
        ) from None
    except (OSError, TimeoutError, RuntimeError) as error:
        raise refuse(
            f"the connection to {where} is lost: {visible(str(error)) or type(error).__name__}", "try again"
        ) from None
    except (asyncio.CancelledError, concurrent.futures.CancelledError):
        raise refuse(f"{where} went away; {job.site} has no result", "nothing was written: try again") from None


class _Worker(threading.local):
    """What one thread of a worker keeps between tasks."""

    def __init__(self) -> None:
        self.known: dict[tuple[Path, str], int] = {}
        self.settings: list[Setting] = []
        self.benches: dict[bool, Bench] = {}


_WORKER = _Worker()


def do(task: Task) -> Made | Refusal:
    """Do one task, on a worker."""
    if task.installed != installed():
        return Refusal("a worker runs another program, content or engine than this one")
    try:
        setting = _setting(task)
    except InputError as error:
        return Refusal(f"a worker cannot read {visible(str(task.root))}: {error.problems[0]}")
    bench = _WORKER.benches.get(task.follow)
    if bench is None:
        bench = _WORKER.benches[task.follow] = Bench(_WORKER.settings, followed if task.follow else conclusions)
    return bench.do(task.job._replace(setting=setting))


def _setting(task: Task) -> int:
    key = (task.root, task.judge_commit)
    if key not in _WORKER.known:
        tree = open_repository(task.root).tree(task.judge_commit)
        try:
            project = open_project(tree, accept_content=True)
            judge = load_judge(project)
        finally:
            tree.close()
        _WORKER.settings.append(Setting(task.root, task.judge_commit, project.file, judge, task.choice))
        _WORKER.known[key] = len(_WORKER.settings) - 1
    if task.job.commit != task.judge_commit:
        open_repository(task.root).resolve(task.job.commit)
    return _WORKER.known[key]
