"""Which commit of a change brought, or took away, the line of evidence behind a move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from plantproof.model.delta import Brought, GapMove, LostSight, SiteDelta

MOST_BLAMED = 200
"""Lines of which git is asked who wrote them, where several commits of the change touch the file."""

Blame = Callable[[str, int], str]
"""Path and line (from 1) of the head -> id of the commit that brought it, "" where git cannot tell."""


class Made(msgspec.Struct, frozen=True):
    """A commit of the change, as a delta names it, with the paths it touches. Newest first wherever several are."""

    brought: Brought
    paths: frozenset[str]


class Bringers:
    """Finds the commit behind a move: the only one that touches its file, else the one that git blames for the line."""

    def __init__(self, commits: Sequence[Made], blame: Blame) -> None:
        self._commits = commits
        self._by_path: dict[str, list[Made]] = {}
        for commit in commits:
            for path in commit.paths:
                self._by_path.setdefault(path, []).append(commit)
        self._by_id = {commit.brought.commit: commit for commit in commits}
        self._blame = blame
        self._blamed = 0

    def of_site(self, delta: SiteDelta) -> SiteDelta:
        """The delta with the commits behind each of its moves. What the calendar moved was brought by nobody."""
        return msgspec.structs.replace(
            delta,
            gaps=[msgspec.structs.replace(move, brought=self.of_move(move)) for move in delta.gaps],
            lost=[msgspec.structs.replace(each, brought=self._of_lost(each)) for each in delta.lost],
        )

    def of_move(self, move: GapMove) -> list[Brought]:
        """The commits behind one move: of the lines that it rests on, else of the intent or the site's evidence."""
        if move.because == "intent":
            return self._touching([f"controls/sites/{move.gap.site}.yaml"])
        for link in move.gap.evidence:
            for path, line in ((link.raw, link.raw_line), (link.record, link.record_line)):
                found = self._by_path.get(path, []) if path else []
                if found:
                    return [self._of_line(path, line if move.now == "fail" else 0, found)]
        sources = {f"evidence/{move.gap.site}/{link.source}/" for link in move.gap.evidence}
        return self._below(sources) or self._below({f"evidence/{move.gap.site}/"})

    def _of_lost(self, lost: LostSight) -> list[Brought]:
        if lost.because == "intent":
            return self._touching([f"controls/sites/{lost.site}.yaml"])
        return self._below({f"evidence/{lost.site}/"})

    def _of_line(self, path: str, line: int, found: Sequence[Made]) -> Brought:
        chosen = found[0]
        # What is not committed yet, or only proposed, lies over all commits.
        if chosen.brought.commit and len(found) > 1 and line and self._blamed < MOST_BLAMED:
            self._blamed += 1
            chosen = self._by_id.get(self._blame(path, line), chosen)
        return msgspec.structs.replace(chosen.brought, path=path, line=line)

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
