"""A command line of `check` or `report history` as far as its answer can be known beforehand: about a commit, in
formats of our own.

Reads the words that click would read, without click, which takes longer to import than an answer to be found. Whatever
is not understood here is no question: then everything is done as ever.
"""

from __future__ import annotations

import os
import sys

from plantproof.cli.caching import cache_wanted

FORMATS = ("annotations", "code-quality", "csv", "job-summary", "json", "junit", "sarif", "text")
_FLAGS = {
    "--cache": ("cache", True),
    "--no-cache": ("cache", False),
    "--exit-zero": ("exit_zero", True),
    "--quiet": ("quiet", True),
    "-q": ("quiet", True),
    "--verbose": ("verbose", True),
    "-v": ("verbose", True),
}
_ONE = {
    "--at": "at",
    "--project": "folder",
    "-C": "folder",
    "--date": "date",
    "--content": "content",
    "--fail-on": "fail_on",
    "--against": "against",
    "--blob-url": "blob_url",
    "--jobs": "jobs",
}
_HISTORY = {"-C": "folder", "--project": "folder", "--from": "since", "--to": "at", "--last": "last", "--jobs": "jobs"}
HISTORY_FORMATS = ("json", "svg", "text")
_SEVERAL = {"--site": "sites", "--format": "formats", "--output": "outputs"}
_FORGE = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "CI_PROJECT_URL")


class Question:
    """What is asked: of which folder and refs (the commit first, then others that have a say), where the answers go,
    and all else that they depend on, as text."""

    def __init__(
        self, folder: str, refs: list[str], date: str, places: list[tuple[str, str]], rest: str, quiet: bool
    ) -> None:
        self.folder, self.refs, self.date, self.places, self.rest, self.quiet = folder, refs, date, places, rest, quiet


def asked(arguments: list[str]) -> Question | None:
    """The question in a command line; None where its answer is not to be looked up: no cache is wanted, the working
    tree is meant, or something is not understood."""
    given = _read(arguments)
    if given is None or not given.get("at") or not str(given.get("jobs", "0")).isdecimal():
        return None
    history = arguments[0] == "report"
    if history and not (str(given.get("last", "1")).isdecimal() and int(str(given.get("last", "1")))):
        return None
    try:
        if not cache_wanted(given.get("cache")):  # type: ignore[arg-type]  # _FLAGS says so
            return None
    except ValueError:
        return None
    formats, outputs = list(given.get("formats", ())) or ["text"], list(given.get("outputs", ()))  # type: ignore[call-overload]  # _SEVERAL says so
    if len(outputs) > len(formats) or not set(formats) <= set(HISTORY_FORMATS if history else FORMATS):
        return None
    quiet = bool(given.get("quiet"))
    places = [(name, outputs[number] if number < len(outputs) else "-") for number, name in enumerate(formats)]
    normal = [os.path.normpath(path) for _, path in places]
    if len(set(normal)) < len(normal) or any(os.path.isdir(path) for path in normal):
        return None
    shown = [(name, path) for name, path in places if history or not (quiet and (name, path) == ("text", "-"))]
    known = {
        name: given.get(name)
        for name in ("date", "content", "fail_on", "against", "blob_url", "exit_zero", "quiet", "verbose", "last")
    }
    parts = [
        "report history" if history else "check",
        repr(sorted(known.items(), key=lambda item: item[0])),
        repr(sorted(set(given.get("sites", ())))),  # type: ignore[call-overload]  # _SEVERAL says so
        repr([(name, path == "-" and _colour()) for name, path in shown]),
        repr([os.environ.get(name, "") for name in _FORGE]),
    ]
    refs = [str(given["at"]), *([str(given["since"])] if given.get("since") else [])]
    return Question(str(given.get("folder") or "."), refs, str(given.get("date") or ""), shown, "\n".join(parts), quiet)


def _read(arguments: list[str]) -> dict[str, object] | None:
    found: dict[str, object] = {}
    if arguments[:1] == ["check"]:
        words, flags, one = iter(arguments[1:]), _FLAGS, _ONE
    elif arguments[:2] == ["report", "history"]:
        words, one = iter(arguments[2:]), _HISTORY
        flags = {word: _FLAGS[word] for word in ("--cache", "--no-cache", "--quiet", "-q")}
        found["at"] = "HEAD"
    else:
        return None
    for word in words:
        if word in flags:
            name, value = flags[word]
            found[name] = value
            continue
        option, equals, text = word.partition("=")
        if (option not in one and option not in _SEVERAL) or (equals and not option.startswith("--")):
            return None
        if not equals:
            following = next(words, None)
            if following is None or (following.startswith("-") and following != "-"):
                return None
            text = following
        if option in _SEVERAL:
            found.setdefault(_SEVERAL[option], []).append(text)  # type: ignore[attr-defined]  # a list, made here
        else:
            found[one[option]] = text
    return found


def _colour() -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()
