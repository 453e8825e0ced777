"""The two sides of a change, and both as the judge of the base sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from plantproof.asked_otherwise import AskAll, Otherwise, Question, asked_otherwise
from plantproof.model.delta import Side
from plantproof.model.project_file import ProjectFile
from plantproof.model.site import Site
from plantproof.pipeline import Judge, judge_site
from plantproof.policies.evaluate import Binding
from plantproof.policies.protocol import Engine
from plantproof.policies.worker import Workers
from plantproof.project import Project
from plantproof.review.brought import Blame, Made
from plantproof.review.judge_changes import judged_by_base
from plantproof.review.judged import JudgedSite
from plantproof.review.site_delta import Revisions
from plantproof.tree import Tree


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a change: its project, the day of its commit, and what it is called. Of the head also the commits
    of the change, newest first, and who brought a line."""

    project: Project
    on: str
    side: Side
    made: tuple[Made, ...] = ()
    changed: tuple[str, ...] = ()
    """The files that differ in the end, relative to the project."""
    blame: Blame = lambda path, line: ""
    laid_over: frozenset[str] = frozenset()
    """The files that are only proposed: in no commit, and not on the devices."""

    @property
    def tree(self) -> Tree:
        return self.project.tree


class Compared:
    """Both sides, the judge of the base, the common date; `judged` is what was judged so far, by site.

    `file` is the project file under which the head is judged: the base's, for the sites that the head has.
    """

    def __init__(
        self,
        base: Revision,
        head: Revision,
        judge: Judge,
        on: str,
        engine: Engine,
        workers: Workers | None,
        ask_all: AskAll | None = None,
    ) -> None:
        self.base, self.head, self.judge, self.on, self.engine, self.workers = base, head, judge, on, engine, workers
        self.file = judged_by_base(base.project.file, head.project.file)
        self.judged: dict[str, Revisions] = {}
        self._ask_all = ask_all

    def judge_of(
        self,
        revision: Revision,
        file: ProjectFile,
        judge: Judge,
        site: str,
        on: str = "",
        bindings: Sequence[Binding] | None = None,
    ) -> JudgedSite:
        """One site of one side, on the common date or on another; all that is asked, or only some bindings."""
        return judge_site(
            revision.tree,
            file,
            judge,
            site,
            on=on or self.on,
            engine=self.engine,
            bindings=bindings,
        )

    def with_sites(self, theirs: Mapping[str, Site]) -> Judge:
        """The judge of the base, for sites as the head designs them."""
        intent = msgspec.structs.replace(self.judge.intent, sites={**self.judge.intent.sites, **theirs})
        return msgspec.structs.replace(self.judge, intent=intent)

    def ask_all(self, question: Question, sites: Sequence[str]) -> Iterable[Otherwise]:
        """What would move at sites of the head, one after the other, here or elsewhere."""
        if self._ask_all is not None:
            return self._ask_all(question, sites)
        return (asked_otherwise(question, self.head.tree, site, engine=self.engine) for site in sites)
