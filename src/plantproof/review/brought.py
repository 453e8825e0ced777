"""Which commit of a change brought, or took away, the line of evidence behind a move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from plantproof.model.approvals import CommitFacts
from plantproof.model.delta import SiteDelta
from plantproof.model.moves import Brought, GapMove, LostSight

MOST_BLAMED = 200
"""Lines of which git is asked who wrote them: some 10 ms each. Of the rest the newest change of the file is named."""

MOST_LINES = 5
"""Lines of one move that are asked after."""

Blame = Callable[[str, int], str]
"""Path and line (from 1) of the head -> id of the commit that brought it, "" where git cannot tell."""


class Made(msgspec.Struct, frozen=True):
    """A commit of the change, as a delta names it, with the paths it touches. Newest first wherever several are."""

    brought: Brought
    paths: frozenset[str]
    facts: CommitFacts | None = None
    """What the commit says of its makers; None for what is not committed."""


class Bringers:
    """Finds the commit behind a move: the one that wrote a line it rests on, else the newest that touches its file."""

    def __init__(self, commits: Sequence[Made], blame: Blame) -> None:
        self._commits = commits
        self._by_path: dict[str, list[Made]] = {}
        for commit in commits:
            for path in commit.paths:
                self._by_path.setdefault(path, []).append(commit)
        self._by_id = {commit.brought.commit: commit for commit in commits}
        self._blame = blame
        self._told: dict[tuple[str, int], str] = {}

    def of_site(self, delta: SiteDelta) -> SiteDelta:
        """The delta with the commits behind each of its moves. What the calendar moved was brought by nobody."""
        identities = self._touching([f"evidence/{delta.site}/identities.jsonl"])
        return msgspec.structs.replace(
            delta,
            gaps=[msgspec.structs.replace(move, brought=self.of_move(move)) for move in delta.gaps],
            lost=[msgspec.structs.replace(each, brought=self._of_lost(each)) for each in delta.lost],
            retired=[msgspec.structs.replace(each, brought=identities) for each in delta.retired],
            merged=[msgspec.structs.replace(each, brought=identities) for each in delta.merged],
            statements=[
                msgspec.structs.replace(
                    each, brought=self._touching([each.path]) or self._below({f"evidence/{delta.site}/attestations/"})
                )
                for each in delta.statements
            ],
        )

    def of_move(self, move: GapMove) -> list[Brought]:
        """The commits behind one move: of the lines that it rests on, else of the intent or the site's evidence."""
        if move.because == "intent":
            return self._touching([f"controls/sites/{move.gap.site}.yaml"])
        places = [
            (path, line)
            for link in move.gap.evidence
            for path, line in ((link.raw, link.raw_line), (link.record, link.record_line))
            if path in self._by_path
        ]
        if places:
            return [self._of_lines(places) if move.now == "fail" else self._newest(*places[0])]
        sources = {f"evidence/{move.gap.site}/{link.source}/" for link in move.gap.evidence}
        return self._below(sources) or self._below({f"evidence/{move.gap.site}/"})

    def _of_lost(self, lost: LostSight) -> list[Brought]:
        if lost.because == "intent":
            return self._touching([f"controls/sites/{lost.site}.yaml"])
        return self._below({f"evidence/{lost.site}/"})

    def _of_lines(self, places: Sequence[tuple[str, int]]) -> Brought:
        """The first of these lines that a commit of the change wrote, with it; else the newest change of the file."""
        for path, line in places[:MOST_LINES]:
            # What is not committed yet, or only proposed, lies over all commits: git knows nothing of its lines.
            if line and self._by_path[path][0].brought.commit:
                found = self._by_id.get(self._blamed(path, line))
                if found is not None:
                    return msgspec.structs.replace(found.brought, path=path, line=line)
        return self._newest(*places[0])

    def _newest(self, path: str, line: int) -> Brought:
        return msgspec.structs.replace(self._by_path[path][0].brought, path=path, line=line)

    def _blamed(self, path: str, line: int) -> str:
        place = (path, line)
        if place not in self._told and len(self._told) < MOST_BLAMED:
            self._told[place] = self._blame(path, line)
        return self._told.get(place, "")

    def _touching(self, paths: Iterable[str]) -> list[Brought]:
        for path in paths:
            for commit in self._by_path.get(path, []):
                return [msgspec.structs.replace(commit.brought, path=path)]
        return []

    def _below(self, folders: set[str]) -> list[Brought]:
        """The newest commit that touches anything below one of the folders, with the first path that it touches."""
        for commit in self._commits:
            touched = sorted(path for path in commit.paths if any(path.startswith(folder) for folder in folders))
            if touched:
                return [msgspec.structs.replace(commit.brought, path=touched[0])]
        return []
