"""The history of the sample: what each chapter's commit holds, every record made by `collect` from exports of then."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase

from plantproof.errors import InputError, Problem
from plantproof.evidence.collect import after, collect
from plantproof.evidence.collectors.protocol import Export
from plantproof.evidence.formats import SHIPPED
from plantproof.evidence.redaction import RedactionKey
from plantproof.files import load_yaml
from plantproof.git_import import NewCommit, Signature
from plantproof.model.evidence import Collector
from plantproof.model.project_file import ProjectFile
from plantproof.sample.past import as_it_was, moved
from plantproof.sample.story import FILE, Chapter, Collection, Story

Files = Mapping[str, bytes]
Progress = Callable[[str, int, int], None]

_RAW = re.compile(r"evidence/(?P<source>[^/]+/[^/]+)/raw/(?P<name>[^/]+)")


def tell(
    story: Story, today: Files, beside: Files, progress: Progress = lambda what, done, total: None
) -> list[NewCommit]:
    """The commits of the story, each with all its files.

    `today` are the files of the reference plants, `beside` files that every commit has. Raises `InputError` where the
    story does not fit them.
    """
    exports = {path: data for path, data in today.items() if _RAW.fullmatch(path)}
    written = {path: data for path, data in today.items() if path not in exports}
    owner = _owners(story, list(written))
    commits: list[NewCommit] = []
    heads: dict[str, int] = {}
    tags: dict[str, int] = {}
    for number, chapter in enumerate(story.chapters):
        progress("commits of the sample", number, len(story.chapters))
        if chapter.begins_at:
            heads[chapter.branch] = tags[chapter.begins_at]
        parents = [heads[name] for name in (chapter.branch, chapter.merges) if name in heads]
        files = (
            _merged(commits, parents, chapter)
            if chapter.merges
            else dict(commits[parents[0]].files if parents else beside)
        )
        mine = {path for path in written if owner[path] == number}
        for path in sorted(mine | (written.keys() & files.keys())):
            files[path] = as_it_was(path, written[path], story.differences, chapter.at)
        files |= {path: text.encode() for path, text in chapter.writes.items()}
        for collection in chapter.collects:
            files = _collected(story, files, exports, collection)
        heads[chapter.branch] = number
        if chapter.tag:
            tags[chapter.tag] = number
        commits.append(
            NewCommit(
                branch=chapter.branch,
                parents=tuple(parents),
                by=Signature(story.people[chapter.by], chapter.at),
                message=chapter.message,
                tag=f"story/{chapter.tag}" if chapter.tag else "",
                files=files,
            )
        )
    progress("commits of the sample", len(story.chapters), len(story.chapters))
    return commits


def _owners(story: Story, paths: Sequence[str]) -> dict[str, int]:
    """Path -> the chapter that adds it: the one that names it, else the first."""
    owner = dict.fromkeys(paths, 0)
    problems = []
    for number, chapter in enumerate(story.chapters):
        for pattern in chapter.files:
            named = [path for path in paths if fnmatchcase(path, pattern)]
            owner |= dict.fromkeys(named, number)
            if not named:
                problems.append(
                    Problem(FILE, 0, f"chapter `{chapter.tag}` adds `{pattern}`, and there is no such file")
                )
    if problems:
        raise InputError(*problems)
    return owner


def _collected(story: Story, files: dict[str, bytes], exports: Files, collection: Collection) -> dict[str, bytes]:
    """The files after one source was collected, as `plantproof collect` would have done it on that day."""
    site, source = collection.source.split("/")
    settings = load_yaml(files["plantproof.yaml"], "plantproof.yaml", ProjectFile).sites[site].sources[source]
    taken = []
    for path, data in exports.items():
        found = _RAW.fullmatch(path)
        if found and found["source"] == collection.source:
            then = as_it_was(f"{collection.source}/{found['name']}", data, story.differences, collection.at)
            for moving in story.moving:
                if moving.source == collection.source:
                    then = moved(then, moving, collection.at)
            taken.append(Export(found["name"], then))
    plan = collect(
        site=site,
        source=source,
        exports=taken,
        settings=settings,
        who=Collector(name="unknown"),
        when=collection.at,
        key=RedactionKey(story.redaction_key.id, story.redaction_key.value.encode()),
        existing={path: data for path, data in files.items() if path.startswith(f"evidence/{site}/")},
        formats=SHIPPED,
    )
    return after(files, plan)


def _merged(commits: Sequence[NewCommit], parents: Sequence[int], chapter: Chapter) -> dict[str, bytes]:
    """The files of two branches whose changes touch different files. Raises `InputError` where they do not."""
    ours, theirs = (commits[parent] for parent in parents)
    base = commits[_left_at(commits, parents)]
    files = dict(ours.files)
    for path in sorted({*theirs.files, *base.files}):
        was, now = base.files.get(path), theirs.files.get(path)
        if was == now or files.get(path) == now:
            continue
        if files.get(path) != was:
            raise InputError(Problem(FILE, 0, f"chapter `{chapter.tag}`: both branches change {path}"))
        if now is None:
            del files[path]
        else:
            files[path] = now
    return files


def _left_at(commits: Sequence[NewCommit], parents: Sequence[int]) -> int:
    """The newest commit that both come from."""
    reached = []
    for start in parents:
        seen: set[int] = set()
        waiting = [start]
        while waiting:
            number = waiting.pop()
            seen.add(number)
            waiting += commits[number].parents
        reached.append(seen)
    return max(reached[0] & reached[1])
