"""Which names a project may use: those that exist alike on Linux, macOS and Windows, and stay inside the project."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from plantproof.errors import Problem
from plantproof.text import visible

PROJECT_PARTS = ("controls", "evidence", "mappers", "plantproof.yaml", "policies", "reports")
"""All that a project consists of: nothing else in the repository is listed, read or hashed."""

_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])", re.IGNORECASE
)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def lies_under(path: str, under: str) -> bool:
    """Whether `path` is `under` or lies in that folder; everything lies under the empty path."""
    return not under or path == under or path.startswith(under + "/")


def check_names(paths: Iterable[str]) -> list[Problem]:
    """A problem for each path that leads out of the project, or that some system could not hold, in order."""
    problems: list[Problem] = []
    folded: dict[str, str] = {}
    seen: set[str] = set()
    for path in sorted(paths):
        problems.extend(Problem(visible(path), 0, what, hint) for what, hint in dict.fromkeys(_mistakes(path)))
        for prefix in _unseen(path, seen):
            first = folded.setdefault(unicodedata.normalize("NFC", prefix).casefold(), prefix)
            if first != prefix:
                hint = f"the other is {visible(first)}; rename one: Windows and macOS take both for the same file"
                problems.append(
                    Problem(visible(path), 0, "differs from another name only in upper and lower case", hint)
                )
                break
            seen.add(prefix)
    return problems


def _unseen(path: str, seen: set[str]) -> list[str]:
    """The path and the folders that it lies in, outermost first, as far as they were not looked at: of thousands of
    files in one folder each asks for its own name alone."""
    found = []
    while path and path not in seen:
        found.append(path)
        path = path.rpartition("/")[0]
    return found[::-1]


def _mistakes(path: str) -> Iterator[tuple[str, str]]:
    if _UNPRINTABLE.search(path):
        yield "the name holds a line break or another control character, or is not UTF-8", "rename the file"
        return
    for part in path.split("/"):
        mistake = _mistake_of(part)
        if mistake:
            yield mistake


@lru_cache(maxsize=4096)
def _mistake_of(part: str) -> tuple[str, str] | None:
    if part in ("", ".", ".."):
        return "the path leads out of the project", "name files by a path inside the project, with forward slashes"
    if part.casefold() == ".git" or part.casefold().startswith("git~"):
        return "the path leads into git's own folder", "rename it"
    if any(character in part for character in '\\:<>"|?*'):
        return 'the name holds one of \\ : < > " | ? *, which Windows cannot store', "rename the file"
    if part.endswith((".", " ")):
        return "the name ends in a dot or a space, which Windows drops", "rename the file"
    if _RESERVED.fullmatch(part.split(".", 1)[0].rstrip(" ")):
        return f"`{part}` is a reserved name on Windows", "rename the file"
    if len(part.encode("utf-8")) > 255:
        return "the name is longer than 255 bytes", "shorten it"
    return None
