"""A project followed over its commits: each judged on its own day, and a site only where something changed for it.

First every commit is laid out (which sites it has, and the name of everything that each of them depends on), then the
names that nobody has judged yet are handed out, and in the end the sites of each commit are summed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from plantproof.cache import Cache
from plantproof.cli.assessing import EngineChoice, today, workers_of
from plantproof.cli.kept_sites import KeptSites
from plantproof.cli.stretches import Stretches
from plantproof.cli.work import Followed, Job, Made, Setting
from plantproof.errors import InputError, refuse
from plantproof.evidence.layout import site_folder
from plantproof.files import encode_json
from plantproof.git import Entry, GitTree, Repository
from plantproof.git_range import PastCommit, last_day_before
from plantproof.git_tree import refuse_modes
from plantproof.mappers.history import framework_counts, summed_gaps
from plantproof.model.history import Point, SitePoint
from plantproof.model.steady import Steady
from plantproof.pipeline import load_judge
from plantproof.policies.protocol import Engine
from plantproof.project import Project, open_project
from plantproof.tree import folder_id
from plantproof.tree_names import check_names

POINT = "point"
Progress = Callable[[str, int, int], None]
Executor = Callable[[Sequence[Setting], Sequence[Job]], Iterable[Made]]


class Asked(NamedTuple):
    """One site at one commit: the name of all that it depends on, and its evidence."""

    key: str
    entries: tuple[Entry, ...]


class Laid(NamedTuple):
    """One commit, laid out; `problem` where it cannot be judged."""

    commit: PastCommit
    on: str
    setting: int
    sites: Mapping[str, Asked]
    problem: str = ""


class _Read(NamedTuple):
    """A judge as it was read: its place among the settings, the names it gives, its sites."""

    setting: int
    kept: KeptSites
    sites: tuple[str, ...]


class Follower:
    """Follows one project: `points` does it; `title` and `content` are those of the last commit that was read."""

    def __init__(
        self,
        repository: Repository,
        choice: EngineChoice,
        engine: Engine,
        cache: Cache,
        *,
        sites: Sequence[str] = (),
    ) -> None:
        self.title = ""
        self.content = ("", "")
        self._repository, self._choice, self._engine, self._cache = repository, choice, engine, cache
        self._sites = tuple(sorted(set(sites)))
        self._settings: list[Setting] = []
        self._known: dict[str, list[Followed]] = {}
        self._refused: dict[tuple[str, str], str] = {}
        self._names: set[str] = set()
        self._refused_names = ""

    def points(self, commits: Sequence[PastCommit], execute: Executor, progress: Progress) -> list[Point]:
        """One point for each commit, in their order. Raises InputError where none of them could be judged, and where
        the judging itself could not be done."""
        laid = list(self._lay_out(commits))
        self._judge(laid, execute, progress)
        points = [self._point(each) for each in laid]
        if all(point.problem for point in points):
            why = points[-1].problem if points else "no commit there changes the project"
            raise refuse(f"nothing could be judged: {why}", "choose other commits with --from, --to and --last")
        return points

    def _lay_out(self, commits: Sequence[PastCommit]) -> Iterator[Laid]:
        if not commits:
            return
        base: GitTree | None = None
        intent: dict[str, Entry] = {}
        evidence: dict[str, dict[str, Entry]] = {}
        asked: dict[str, Asked] = {}
        read: _Read | None = None
        problem, latest = "", today()
        on = last_day_before(self._repository, commits[0].id)
        for commit in commits:
            on = max(on, commit.committed[:10])  # a clock that was wrong once does not turn time back
            changed, first = commit.changed, base is None
            if base is None:
                tree = self._repository.tree(commit.id)
                try:
                    changed = _whole(tree)
                except InputError as error:  # it is begun with the first commit that can be read
                    yield Laid(commit, on, -1, {}, _words(error))
                    continue
                base = tree
            touched = _apply(changed, intent, evidence)
            wrong = self._wrong_names(changed, intent, evidence)
            if first or touched is None:
                read, problem = self._read(base, commit.id, intent, evidence)
                asked = {}
            there = self._wanted(read) if read else ()
            if read:
                same = asked.keys() - touched if touched is not None else set()
                asked = {
                    site: asked[site] if site in same else _asked(read, site, evidence.get(site, {})) for site in there
                }
            late = f"dated {on}, later than today" if on > latest else ""
            missing = "" if there else f"no such site: {', '.join(self._sites) or '(none)'}"
            yield Laid(commit, on, read.setting if read else -1, asked, wrong or problem or late or missing)

    def _wrong_names(
        self,
        changed: Mapping[str, Entry | None],
        intent: Mapping[str, Entry],
        evidence: Mapping[str, Mapping[str, Entry]],
    ) -> str:
        """What `GitTree` would refuse of the files of a commit. Once something is refused it stays so until it is gone,
        however little a later commit changes; a new name is compared with all the others."""
        there = [entry for entry in changed.values() if entry is not None]
        modes = refuse_modes((entry.path, entry.mode) for entry in there)
        if self._refused_names or modes or not self._names.issuperset(entry.path for entry in there):
            every = [*intent.values(), *(entry for of in evidence.values() for entry in of.values())]
            self._names = {entry.path for entry in every}
            found = [*refuse_modes((entry.path, entry.mode) for entry in every), *check_names(self._names)]
            self._refused_names = _words(InputError(*sorted(found))) if found else ""
        return self._refused_names

    def _wanted(self, read: _Read) -> tuple[str, ...]:
        return tuple(site for site in read.sites if not self._sites or site in self._sites)

    def _read(
        self, base: GitTree, commit: str, intent: Mapping[str, Entry], evidence: Mapping[str, Mapping[str, Entry]]
    ) -> tuple[_Read | None, str]:
        tree = base.beside(commit, [*intent.values(), *(each for of in evidence.values() for each in of.values())])
        try:
            project = open_project(tree, accept_content=True)
            kept = KeptSites(self._cache, project, (self._engine.name, self._engine.version))
            judge = kept.judge()
            if judge is None:
                judge = load_judge(project, workers_of(self._engine))
                kept.save_judge(judge)
        except InputError as error:
            return None, _words(error)
        if not judge.bundle.policies:
            return None, "no policies: nothing would be judged"
        self._described(project)
        choice = msgspec.structs.replace(self._choice, cache=False, jobs=1)
        self._settings.append(Setting(self._repository.root, commit, project.file, judge, choice))
        return _Read(len(self._settings) - 1, kept, tuple(sorted(judge.intent.sites))), ""

    def _described(self, project: Project) -> None:
        self.title = project.file.title
        self.content = (project.content_version, project.content_hash)

    def _judge(self, laid: Sequence[Laid], execute: Executor, progress: Progress) -> None:
        kept = Stretches(self._cache)
        waiting = [(each, site) for each in laid if not each.problem for site in each.sites]
        done, total = 0, len(waiting)
        while waiting:
            later: list[tuple[Laid, str]] = []
            jobs: dict[str, Job] = {}
            for each, site in waiting:
                key, entries = each.sites[site]
                if self._settled(kept, key, each.on):
                    done += 1
                elif key in jobs:
                    later.append((each, site))  # the days on which it holds will tell
                else:
                    jobs[key] = Job(each.setting, each.commit.id, site, each.on, entries)
            progress("sites judged", done, total)
            # The states of one site stand together, in the order of the commits: each is little other than the last.
            jobs = dict(sorted(jobs.items(), key=lambda each: (each[1].setting, each[1].site)))
            for (key, job), made in zip(jobs.items(), execute(self._settings, list(jobs.values())), strict=True):
                if isinstance(made, InputError):
                    self._refused[key, job.on] = _words(made)
                elif isinstance(made, Followed):
                    self._known.setdefault(key, []).append(made)
                    if made.steady and not made.point.errors:
                        kept.keep(POINT, key, made.steady, encode_json(made))
                done += 1
                progress("sites judged", done, total)
            waiting = later

    def _settled(self, kept: Stretches, key: str, on: str) -> bool:
        if (key, on) in self._refused or self._found(key, on):
            return True
        data = kept.find(POINT, key, on)
        try:
            found = None if data is None else msgspec.json.decode(data, type=Followed)
        except (msgspec.DecodeError, UnicodeDecodeError):
            found = None
        # Two runs at once may keep one result and the days of another: what it says itself decides.
        if found is None or found.steady is None or not found.steady.holds(on):
            return False
        self._known.setdefault(key, []).append(found)
        return True

    def _found(self, key: str, on: str) -> SitePoint | None:
        for each in self._known.get(key, ()):
            if (each.steady or Steady(on, on)).holds(on):
                return each.point
        return None

    def _point(self, laid: Laid) -> Point:
        commit = laid.commit
        plain = Point(
            commit=commit.id,
            committed=commit.committed,
            on=laid.on,
            author=commit.author,
            subject=commit.subject,
            problem=laid.problem,
        )
        if laid.problem:
            return plain
        sites = []
        for site, asked in laid.sites.items():
            found = self._found(asked.key, laid.on)
            if found is None:
                why = self._refused.get((asked.key, laid.on), f"{site}: no result")
                return msgspec.structs.replace(plain, problem=why)
            sites.append(found)
        return msgspec.structs.replace(
            plain,
            gaps=summed_gaps(sites),
            waived=sum(each.waived for each in sites),
            adopted=sum(each.adopted for each in sites),
            errors=sum(each.errors for each in sites),
            frameworks=framework_counts(sites),
            units=[unit for each in sites for unit in each.units],
        )


def _whole(tree: GitTree) -> dict[str, Entry | None]:
    return {entry.path: entry for entry in tree.list()}


def _apply(
    changed: Mapping[str, Entry | None], intent: dict[str, Entry], evidence: dict[str, dict[str, Entry]]
) -> set[str] | None:
    """Bring both up to date; the sites whose evidence changed, or None where anything else did."""
    touched: set[str] = set()
    only_evidence = True
    for path, entry in changed.items():
        parts = path.split("/")
        if parts[0] == "evidence" and len(parts) > 2:
            files = evidence.setdefault(parts[1], {})
            touched.add(parts[1])
        else:
            files, only_evidence = intent, False
        if entry is None:
            files.pop(path, None)
        else:
            files[path] = entry
    return touched if only_evidence else None


def _asked(read: _Read, site: str, files: Mapping[str, Entry]) -> Asked:
    entries = tuple(sorted(files.values()))
    return Asked(read.kept.key(site, folder_id(entries, site_folder(site)) if entries else ""), entries)


def _words(error: InputError) -> str:
    first, *others = error.problems
    return f"{first}{f' (and {len(others)} more mistakes)' if others else ''}"
