"""The judging of sites handed out: to this process, to a pool of processes, or to workers of a Dask cluster.

A job says which site, by the blobs of its evidence, and on which day; a setting says everything else. Both are values,
and a worker needs nothing besides but the repository, which it only reads. What comes back is the same wherever it was
made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from plantproof.asked_otherwise import Otherwise, Question, asked_otherwise
from plantproof.cache import open_cache
from plantproof.carry_over import AsOne, carry_over
from plantproof.cli.asked_sites import Asking, asked_site, plant_kept
from plantproof.cli.assessing import EngineChoice, started_engine
from plantproof.cli.concluded import Concluded, apart, apart_once, without_lists
from plantproof.cli.kept_plants import PlantName
from plantproof.cli.kept_sites import KeptResults
from plantproof.errors import InputError
from plantproof.evidence.blobs import Blobs
from plantproof.evidence.layout import site_folder
from plantproof.evidence.stored_site import StoredSite
from plantproof.git import Entry, GitTree, Repository, Tree
from plantproof.git_opening import open_repository
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.mappers.history import site_point
from plantproof.model.history import SitePoint
from plantproof.model.project_file import ProjectFile
from plantproof.model.steady import Steady
from plantproof.pipeline import Judge, judge_site
from plantproof.policies.memo import about, without_memory
from plantproof.policies.protocol import Engine


class Setting(NamedTuple):
    """Everything that judges, where the evidence is read, and the commit ("": the working tree) whose judge it is.
    With `otherwise`, what is wanted of a site is what another judge would say otherwise."""

    root: Path
    commit: str
    file: ProjectFile
    judge: Judge
    choice: EngineChoice
    otherwise: Question | None = None


class Job(NamedTuple):
    """One site at one commit ("": the working tree) on one day. `entries` are the files of its evidence, where they are
    known; else they are listed. `asking`: it is known what the site came to under other policies. `plant`: how its
    plant is named where it is kept, and with it what is long of the result. `seen`: the files of its evidence as
    whoever asks saw them in the working tree, under whose name all of this is kept."""

    setting: int
    commit: str
    site: str
    on: str
    entries: tuple[Entry, ...] | None = None
    asking: Asking | None = None
    plant: PlantName | None = None
    seen: tuple[Entry, ...] | None = None


class Followed(NamedTuple):
    """What is followed of a site, and the days on which it holds."""

    point: SitePoint
    steady: Steady | None


Made = Concluded | Followed | Otherwise | InputError
Execute = Callable[[Sequence[Job]], Iterable[Made]]
"""Does jobs, and yields what each made, in the order given."""


def conclusions(found: SiteConclusions) -> Concluded:
    """All of a site, for an assessment."""
    return apart(found)


def conclusions_once(found: SiteConclusions) -> Concluded:
    """The same, for an assessment of which nothing is kept."""
    return apart_once(found)


def weighed_conclusions(found: SiteConclusions) -> Concluded:
    """What a gate weighs, and what can be told without single gaps."""
    return without_lists(found)


def followed(found: SiteConclusions) -> Followed:
    """What `report history` keeps of a site."""
    return Followed(site_point(found), found.steady)


class _Last(NamedTuple):
    """What was judged last: a site in one state of its evidence."""

    setting: int
    stored: StoredSite
    blobs: Blobs
    found: SiteConclusions


class Bench:
    """Where jobs are done: one engine for each setting's limits, one open repository at a time, one process that reads
    blobs.

    A site whose evidence is known file by file is carried over from the job before, where that was about another state
    of it.
    """

    def __init__(self, settings: Sequence[Setting], make: Callable[[SiteConclusions], Any]) -> None:
        self._settings, self._make = settings, make
        self._open = ExitStack()
        self._engines: dict[tuple[Any, ...], Engine] = {}
        self._root: Path | None = None
        self._repository: Repository | None = None
        self._trees: dict[str, Tree] = {}
        self._reader: GitTree | None = None
        self._last: _Last | None = None

    @cached_property
    def _kept(self) -> KeptResults:
        return KeptResults(open_cache())

    def do(self, job: Job) -> Made:
        """What a job makes; wrong evidence is an answer too."""
        setting = self._settings[job.setting]
        engine = about(self._engine(setting), job.site)
        tree = self._tree(setting.root, job)
        try:
            if setting.otherwise:
                return self._otherwise(setting.otherwise, job, tree, setting, without_memory(engine))
            if job.asking and (asked := self._asked(job.asking, tree, setting, job.site, engine, job.on)):
                return self._kept.parts_kept(asked)
            found = self._carried(job, tree, setting, engine) if job.entries is not None else None
            found = found or self._judged(job, tree, setting, engine)
        except InputError as error:
            return error
        if job.entries is not None:
            self._keep(job, tree, found)
        made: Made = self._make(found)
        # What is kept need not travel: it is most of the bytes.
        return self._kept.parts_kept(made) if job.plant and isinstance(made, Concluded) else made

    def _judged(self, job: Job, tree: Tree, setting: Setting, engine: Engine) -> SiteConclusions:
        judged = judge_site(tree, setting.file, setting.judge, job.site, on=job.on, engine=engine)
        if job.plant:
            self._kept.keep_plant(job.plant, judged.plant, judged.claims.identities, tree.list(site_folder(job.site)))
        return judged.conclusions

    def _asked(
        self, known: Asking, tree: Tree, setting: Setting, site: str, engine: Engine, on: str
    ) -> Concluded | None:
        return asked_site(self._kept, known, tree, setting.file, setting.judge, site, engine, on)

    def _otherwise(self, question: Question, job: Job, tree: Tree, setting: Setting, engine: Engine) -> Otherwise:
        plant = job.plant and plant_kept(self._kept, job.plant, tree, setting.file, question.ours, job.site, job.on)
        return asked_otherwise(question, tree, job.site, engine=engine, plant=plant or None)

    def _carried(self, job: Job, tree: Tree, setting: Setting, engine: Engine) -> SiteConclusions | None:
        last = self._last
        if last is None or (last.setting, last.stored.site) != (job.setting, job.site):
            return None
        carried = carry_over(
            last.found,
            AsOne(last.found),
            last.stored,
            StoredSite(tree, job.site, last.blobs),
            setting.file,
            setting.judge,
            on=job.on,
            engine=engine,
        )
        return None if carried is None else carried.whole(last.found)

    def _keep(self, job: Job, tree: Tree, found: SiteConclusions) -> None:
        """A policy that could not be evaluated says nothing of the next state."""
        if any(policy.totals.error for policy in found.policies):
            self._last = None
            return
        blobs = self._last.blobs if self._last and self._last.stored.site == job.site else Blobs()
        stored = StoredSite(tree, job.site, blobs)
        blobs.keep_only({entry.id for entry in stored.files.values()})
        self._last = _Last(job.setting, stored, blobs, found)

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
        if self._repository is None or self._root != root:
            # A worker of a cluster serves several projects, also two in folders of one commit.
            self._repository, self._root = open_repository(root), root
            self._trees, self._reader = {}, None
        if job.seen is not None:
            return self._repository.working_tree().beside(job.seen)
        if not job.commit:
            return self._trees.setdefault("", self._repository.working_tree())
        if job.entries is not None:
            self._reader = self._reader or self._repository.tree(job.commit)
            return self._reader.beside(job.commit, job.entries)
        if job.commit not in self._trees:
            self._trees = {job.commit: self._repository.tree(job.commit)}
        return self._trees[job.commit]
