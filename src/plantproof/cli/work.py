"""The judging of sites handed out: to this process, to a pool of processes, or to workers of a Dask cluster.

A job says which site, by the blobs of its evidence, and on which day; a setting says everything else. Both are values,
and a worker needs nothing besides but the repository, which it only reads. What comes back is the same wherever it was
made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from plantproof.cli.assessing import EngineChoice, started_engine
from plantproof.cli.concluded import Concluded, apart
from plantproof.errors import InputError
from plantproof.git import Entry, GitTree, Repository, Tree, open_repository
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.mappers.history import site_point
from plantproof.model.history import SitePoint
from plantproof.model.project_file import ProjectFile
from plantproof.model.steady import Steady
from plantproof.pipeline import Judge, assess_site
from plantproof.policies.memo import about
from plantproof.policies.protocol import Engine


class Setting(NamedTuple):
    """Everything that judges, where the evidence is read, and the commit ("": the working tree) whose judge it is."""

    root: Path
    commit: str
    file: ProjectFile
    judge: Judge
    choice: EngineChoice


class Job(NamedTuple):
    """One site at one commit ("": the working tree) on one day. `entries` are the files of its evidence, where they are
    known; else they are listed."""

    setting: int
    commit: str
    site: str
    on: str
    entries: tuple[Entry, ...] | None = None


class Followed(NamedTuple):
    """What is followed of a site, and the days on which it holds."""

    point: SitePoint
    steady: Steady | None


Made = Concluded | Followed | InputError
Execute = Callable[[Sequence[Job]], Iterable[Made]]
"""Does jobs, and yields what each made, in the order given."""


def conclusions(found: SiteConclusions) -> Concluded:
    """All of a site, for an assessment."""
    return apart(found)


def followed(found: SiteConclusions) -> Followed:
    """What `report history` keeps of a site."""
    return Followed(site_point(found), found.steady)


class Bench:
    """Where jobs are done: one engine for each setting's limits, one open repository, one process that reads blobs."""

    def __init__(self, settings: Sequence[Setting], make: Callable[[SiteConclusions], Any]) -> None:
        self._settings, self._make = settings, make
        self._open = ExitStack()
        self._engines: dict[tuple[Any, ...], Engine] = {}
        self._repository: Repository | None = None
        self._trees: dict[str, Tree] = {}
        self._reader: GitTree | None = None

    def do(self, job: Job) -> Made:
        """What a job makes; wrong evidence is an answer too."""
        setting = self._settings[job.setting]
        try:
            found = assess_site(
                self._tree(setting.root, job),
                setting.file,
                setting.judge,
                job.site,
                on=job.on,
                engine=about(self._engine(setting), job.site),
            )
        except InputError as error:
            return error
        made: Made = self._make(found)
        return made

    def do_all(self, jobs: Iterable[Job]) -> Iterator[Made]:
        """`Execute`, here."""
        return map(self.do, jobs)

    def close(self) -> None:
        """End what was started."""
        self._open.close()

    def _engine(self, setting: Setting) -> Engine:
        limits = setting.file.limits
        key = (limits.seconds, limits.memory_mb)
        if key not in self._engines:
            self._engines[key] = self._open.enter_context(started_engine(setting.choice, limits))
        return self._engines[key]

    def _tree(self, root: Path, job: Job) -> Tree:
        if self._repository is None:
            self._repository = open_repository(root)
        if not job.commit:
            return self._trees.setdefault("", self._repository.working_tree())
        if job.entries is not None:
            self._reader = self._reader or self._repository.tree(job.commit)
            return self._reader.beside(job.commit, job.entries)
        if job.commit not in self._trees:
            self._trees = {job.commit: self._repository.tree(job.commit)}
        return self._trees[job.commit]
