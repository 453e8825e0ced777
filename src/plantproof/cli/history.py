"""A history, made: the commits from git, an executor that fits, and what came of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import click
import msgspec

from plantproof import __version__
from plantproof.cache import open_cache
from plantproof.cli.answered import Answer
from plantproof.cli.assessing import EngineChoice, rest, started_engine, today
from plantproof.cli.following import Executor, Follower, Progress
from plantproof.cli.work import Bench, Job, Made, Setting, followed
from plantproof.git_opening import open_repository
from plantproof.git_range import first_parents
from plantproof.model.history import History
from plantproof.model.project_file import Limits
from plantproof.policies.protocol import Engine
from plantproof.project import find_project

WORTHWHILE = 8
"""Jobs from which on a pool pays for the start of its processes."""


class Ends(NamedTuple):
    """The commits between which a history is followed, by their ids; `since` "" where it begins with the first.

    Refs are resolved once: a branch that moves while its history is made must not lend the answer its new place."""

    to: str
    since: str = ""


def ends_of(folder: Path, to: str, since: str) -> Ends:
    """What two refs name now. Raises InputError where one names no commit."""
    repository = open_repository(find_project(folder))
    return Ends(repository.resolve(to), repository.resolve(since) if since else "")


def history_of(
    folder: Path, ends: Ends, *, most: int, sites: Sequence[str], choice: EngineChoice, progress: Progress
) -> History:
    """Follow the project around `folder`. Raises InputError where nothing could be judged."""
    repository = open_repository(find_project(folder))
    commits = first_parents(repository, ends.to, since=ends.since, most=most)
    if repository.shallow:
        click.echo("this clone is shallow: there may be earlier commits than those shown", err=True)
    cache = open_cache(choice.cache)
    if cache.note:
        click.echo(cache.note, err=True)
    alone = msgspec.structs.replace(choice, cache=False)
    with ExitStack() as stack, started_engine(msgspec.structs.replace(choice, cache=True), Limits()) as engine:
        follower = Follower(repository, alone, engine, cache, sites=sites)
        points = follower.points(commits, executor_of(choice, engine, stack), progress)
        cache.trim()
        version, digest = follower.content
        return History(
            schema="plantproof/history/1",
            title=follower.title,
            sites=sorted(set(sites)),
            tool_version=__version__,
            engine=engine.name,
            engine_version=engine.version,
            content_version=version,
            content_hash=digest,
            points=points,
        )


def answer_of(folder: Path, ends: Ends, history: History, choice: EngineChoice) -> Answer:
    """What keeps the answer to this command line while it is given. Keeps nothing where no cache is wanted, and nothing
    that another day, run or fetch might tell otherwise: commits from the future, policies that could not be evaluated,
    commits that were not judged (git may not have answered in time), a shallow clone."""
    repository = open_repository(find_project(folder))
    lasting = all(point.on <= today() and not point.errors and not point.problem for point in history.points)
    wanted = choice.cache and choice.engine == "regorus" and lasting and not repository.shallow
    refs = [each for each in ends if each] if wanted else []
    arguments = click.get_current_context().find_root().obj or []
    day = max(point.on for point in history.points)
    return Answer(open_cache(wanted), arguments, refs, repository.prefix, day, shallow=repository.shallow)


def executor_of(choice: EngineChoice, engine: Engine, stack: ExitStack) -> Executor:
    """A pool where there is enough to do for it, else this process; what was started ends with the stack."""
    processes = choice.jobs or os.cpu_count() or 1

    def execute(settings: Sequence[Setting], jobs: Sequence[Job]) -> Iterable[Made]:
        if choice.executor == "dask" and jobs:
            from plantproof.cli.dask_cluster import on_cluster

            return on_cluster(choice.scheduler, settings, jobs, follow=True)
        if processes > 1 and len(jobs) >= WORTHWHILE and choice.engine == "regorus":
            from plantproof.cli.site_pool import in_pool

            rest(engine)  # the processes of the pool have their own
            return in_pool(settings, jobs, followed, min(processes, len(jobs)))
        bench = Bench(settings, followed)
        stack.callback(bench.close)
        return bench.do_all(jobs)

    return execute
