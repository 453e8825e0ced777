"""Changes of the reference plants in memory, each reviewed twice: as a whole, and in part where that may be."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from tests.support.carried_world import ON, World
from tests.support.collected_again import Files
from tests.support.memory_tree import MemoryTree

from plantproof import change_review
from plantproof.change_review import Review, review_change
from plantproof.errors import InputError
from plantproof.evidence.blobs import Blobs
from plantproof.model.assessment import Provenance
from plantproof.model.delta import Delta, Side
from plantproof.pipeline import Judge
from plantproof.project import open_project
from plantproof.review.brought import Made
from plantproof.review_memory import Known
from plantproof.revision import Revision

PROVENANCE = Provenance(
    tool_version="1", engine="e", engine_version="1", content_version="1", content_hash="c", commit="", as_of=ON
)


class Judged:
    """A base whose judge is given, and perhaps what it comes to."""

    def __init__(self, judge: Judge, known: Known | None) -> None:
        self._judge, self._known = judge, known

    def load_judge(self, *_: object) -> Judge:
        return self._judge

    def known(self, site: str, on: str) -> Known | None:
        return self._known

    def remember(self, site: str, found: object) -> None:
        pass

    def blobs(self, site: str) -> Blobs:
        return Blobs()


class Reviewer:
    """Reviews changes of the evidence in memory; files under controls/, where they are given, stand for those of the
    reference project."""

    def __init__(
        self, world: World, judge: Judge | None = None, known: Known | None = None, made: Sequence[Made] = ()
    ) -> None:
        tree = world.project.tree
        self._memory = Judged(judge or world.judge, known)
        self._engine = world.engine
        self._made = tuple(made)
        self._rest = {
            path: tree.read(path) for path in tree.paths() if path.startswith(("controls/", "plantproof.yaml"))
        }

    def revisions(self, old: Files, new: Files, base_on: str = ON) -> tuple[Revision, Revision]:
        """Base and head."""
        base, head = (
            Revision(
                project=open_project(MemoryTree({**self._rest, **files}), accept_content=True),
                on=on,
                side=Side(ref=name, commit=name * 10),
                made=self._made if name == "head" else (),
            )
            for name, files, on in (("base", old, base_on), ("head", new, ON))
        )
        return base, head

    def review(self, old: Files, new: Files, base_on: str = ON, *, whole: bool = False) -> Review:
        """The review of a change, of which the sites may be reviewed in part, unless as a `whole`."""
        with pytest.MonkeyPatch.context() as patched:
            if whole:
                patched.setattr(change_review, "may_be_in_part", lambda *_: False)
            base, head = self.revisions(old, new, base_on)
            return review_change(base, head, on=ON, engine=self._engine, provenance=PROVENANCE, memory=self._memory)

    def twice(self, old: Files, new: Files, base_on: str = ON) -> tuple[Delta, bool]:
        """What is said of a change, and whether a site was reviewed in part: the same as of the whole. Raises
        InputError with what is wrong with the change, said by both alike."""
        whole, found = (self._told(old, new, base_on, whole=whole) for whole in (True, False))
        if isinstance(whole, InputError) or isinstance(found, InputError):
            assert str(found) == str(whole)
            raise InputError(*whole.problems) if isinstance(whole, InputError) else AssertionError
        assert msgspec.to_builtins(found.delta) == msgspec.to_builtins(whole.delta)
        assert not any(each.beside for each in whole.judged.values())
        return found.delta, any(each.beside is not None for each in found.judged.values())

    def _told(self, old: Files, new: Files, base_on: str, *, whole: bool) -> Review | InputError:
        try:
            return self.review(old, new, base_on, whole=whole)
        except InputError as wrong:
            return wrong
