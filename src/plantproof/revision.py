"""The two sides of a change, and both as the judge of the base sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from plantproof.model.delta import Side
from plantproof.model.project_file import ProjectFile
from plantproof.pipeline import Judge, Seen, judge_site
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

    @property
    def tree(self) -> Tree:
        return self.project.tree


class Compared:
    """Both sides, the judge of the base, the common date; `judged` is what was judged so far, by site.

    `file` is the project file under which the head is judged: the base's, for the sites that the head has.
    """

    def __init__(
        self, base: Revision, head: Revision, judge: Judge, on: str, engine: Engine, workers: Workers | None
    ) -> None:
        self.base, self.head, self.judge, self.on, self.engine, self.workers = base, head, judge, on, engine, workers
        self.file = judged_by_base(base.project.file, head.project.file)
        self.judged: dict[str, Revisions] = {}

    def judge_of(
        self,
        revision: Revision,
        file: ProjectFile,
        judge: Judge,
        site: str,
        on: str = "",
        bindings: Sequence[Binding] | None = None,
        seen: Seen | None = None,
    ) -> JudgedSite:
        """One site of one side, on the common date or on another; all that is asked, or only some bindings. `seen` is
        the site of that side as it was read for another judge."""
        return judge_site(
            revision.tree,
            file,
            judge,
            site,
            on=on or self.on,
            engine=self.engine,
            bindings=bindings,
            seen=seen,
        )

    def with_site(self, site: str, theirs: Any) -> Judge:
        """The judge of the base, for a site as the head designs it."""
        intent = msgspec.structs.replace(self.judge.intent, sites={**self.judge.intent.sites, site: theirs})
        return msgspec.structs.replace(self.judge, intent=intent)
