"""`plantproof init --sample`: the reference plants with their history, as a repository to try everything out on."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from plantproof.git_import import NewCommit

README = """# Northmill and Eastbrook: a sample of Plantproof

A bottling plant and a water works, both fictional: names, addresses, people and findings are invented. Each commit is a
chapter; its records were made by `plantproof collect` from exports as they were on that day.

| chapter | day | by | what happened |
|---|---|---|---|
{rows}

Assess a chapter with `plantproof check --at story/10-unapproved-change`; review a change with `plantproof diff main
change/recipes`, which waits for an answer.
"""


def write_sample(folder: Path, quiet: bool) -> int:
    """Write the sample into a folder that is empty or not there yet. Raises InputError for any other."""
    from plantproof.cli.init import ATTRIBUTES
    from plantproof.cli.output import progress
    from plantproof.errors import refuse
    from plantproof.git_command import GitError
    from plantproof.git_import import write_repository
    from plantproof.sample.history import tell
    from plantproof.sample.reference import reference_files
    from plantproof.sample.story import read_story
    from plantproof.text import visible

    if folder.exists() and any(folder.iterdir()):
        raise refuse(
            "the folder is not empty",
            "name one that is empty or not there yet: nothing is ever overwritten",
            path=str(folder),
        )
    story = read_story()
    rows = [
        f"| {f'`story/{each.tag}`' if each.tag else ''} | {each.at[:10]} | {story.people[each.by].split(' <')[0]} "
        f"| {each.message.splitlines()[0]}{f' (branch `{each.branch}`)' if each.branch != 'main' else ''} |"
        for each in story.chapters
    ]
    beside = {"README.md": README.format(rows="\n".join(rows)).encode(), ".gitattributes": ATTRIBUTES.encode()}
    with progress(quiet) as report:
        commits = tell(story, reference_files(), beside, report)
        with _whole_or_not_at_all(folder):
            try:
                write_repository(folder, commits)
            except GitError as failed:
                raise refuse(f"git cannot write the repository: {visible(failed.message)}", path=str(folder)) from None
    if not quiet:
        _say_what_is_next(folder, commits)
    return 0


def _say_what_is_next(folder: Path, commits: Sequence[NewCommit]) -> None:
    from plantproof.reports.words import counted

    first, last = commits[0].by.at[:10], commits[-1].by.at[:10]
    here = "" if folder.resolve() == Path.cwd() else f"  cd {folder}\n"
    many = counted(len(commits), "commit")
    click.echo(
        f"{many} from {first} to {last}: two fictional plants; README.md lists the chapters\n\n"
        f"Next:\n{here}"
        "  git log --graph --oneline --all\n"
        f"  plantproof check --at main --date {last}\n"
        "  plantproof explain sw-cip-01 --at story/10-unapproved-change\n"
        "  plantproof diff main change/recipes\n"
        f"  plantproof pack --at main --date {last} --output ../pack"
    )


@contextmanager
def _whole_or_not_at_all(folder: Path) -> Iterator[None]:
    """The folder, made where it is missing; as it was before where what is done in it fails or is interrupted."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:  # an interrupt, too, must leave nothing behind
        for left in list(folder.iterdir()):
            _remove(left)
        for place in missing:
            place.rmdir()
        raise


def _remove(path: Path) -> None:
    """A file or a folder with all that is in it; git writes its objects read-only, which Windows refuses to delete."""
    if not path.is_dir() or path.is_symlink():
        path.unlink()
        return
    for place in path.rglob("*"):
        if place.is_file() and not place.is_symlink():
            place.chmod(stat.S_IRUSR | stat.S_IWUSR)
    shutil.rmtree(path)
