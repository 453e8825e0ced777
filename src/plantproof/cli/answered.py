"""Answers given before, given again: where nothing changed, before click or anything else is loaded.

An answer is named by the commit, the place of the project in it, every option and variable that has a say, this
program with its content, Python, and the packages beside it. It holds the exit code and, report by report, the names of
the pieces that it is made of. Pieces are cut where their own bytes say so, so that the next commit's answer shares
those of the sites that did not change.
"""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from plantproof.cache import Cache, cache_folder
from plantproof.cli.installation import code_digest, content_digest
from plantproof.cli.placing import reserve
from plantproof.cli.question import Question, asked
from plantproof.installed_packages import installed
from plantproof.safe_places import is_plain_file, unguessed

ANSWER, PIECE = "answer", "piece"
READER_GONE = 141
"""128 + SIGPIPE, as cli/start.py has it."""

SMALLEST, LARGEST, SHARE = 1 << 17, 1 << 21, 127
"""Bytes of a piece at least and about at most; one line in so many may end it."""

SEVERAL = 8
"""Pieces from which on two threads write them."""

AHEAD = 8
"""Pieces that may wait to be kept."""

BLOCK = 1 << 18
"""Bytes that are read, digested and written at once."""


def replay(arguments: list[str]) -> int | None:
    """Give the answer to a command line again, and return its exit code; None where it is not known. Nothing has been
    written to standard output then."""
    question = asked(arguments)
    if question is None:
        return None
    try:
        cache = Cache(cache_folder())
        answer = _known(cache, question)
        if answer is None:
            return None
        if not all(path == "-" or is_plain_file(path) for _, path in question.places):
            return None  # it is refused
        code, day, notice, reports = answer
        if not question.date and day > _today():
            return None  # a commit from the future is refused
        for (_, path), pieces in zip(question.places, reports, strict=True):
            if path != "-":
                _write(path, cache, pieces)
        printed = [
            list(_pieces(cache, pieces))
            for (_, path), pieces in zip(question.places, reports, strict=True)
            if path == "-"
        ]
    except (OSError, ValueError, LookupError):
        return None
    if notice and not question.quiet:
        sys.stderr.write(notice)
    return _print([piece for pieces in printed for piece in pieces], code)


class Answer:
    """An answer while it is given for the first time: `noting` sees each report pass, `save` keeps it."""

    def __init__(
        self, cache: Cache, arguments: list[str], commits: list[str], prefix: str, day: str, *, shallow: bool = False
    ) -> None:
        self._cache, self._day = cache, day
        question = asked(arguments) if commits else None
        self._key = _key(question, commits, prefix, shallow) if question else ""
        self._reports: list[list[str]] = []
        self.notice = ""

    def noting(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces of the next report, as they are, kept on the way."""
        if not self._key:
            yield from pieces
            return
        from concurrent.futures import Future, ThreadPoolExecutor

        names: list[str] = []
        self._reports.append(names)
        waiting: list[bytes] = []
        size = 0
        # Beside the caller, who writes: a digest takes as long as that, and neither keeps Python from the other.
        with ThreadPoolExecutor(1, "kept-pieces") as pool:
            keeping: list[Future[str]] = []

            def keep(piece: bytes) -> None:
                keeping.append(pool.submit(self._keep, piece))
                if len(keeping) > AHEAD:
                    keeping[-AHEAD].result()  # pieces that wait are memory

            for piece in pieces:
                if len(piece) >= SMALLEST:
                    # As large as a piece by itself: the next answer may have the same.
                    if waiting:
                        keep(b"".join(waiting))
                    keep(piece)
                    waiting, size = [], 0
                else:
                    waiting.append(piece)
                    size += len(piece)
                    if size >= LARGEST or (size >= SMALLEST and zlib.crc32(piece) % SHARE == 0):
                        keep(b"".join(waiting))
                        waiting, size = [], 0
                yield piece
            if waiting:
                keep(b"".join(waiting))
            names += [each.result() for each in keeping]

    def save(self, code: int) -> None:
        """Keep the answer, now that it has been given."""
        if self._key:
            lines = [str(code), self._day, self.notice.encode("unicode_escape").decode()]
            lines += [" ".join(names) for names in self._reports]
            self._cache.put(ANSWER, self._key, "\n".join(lines).encode())

    def _keep(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        if not self._cache.touch(PIECE, name):
            self._cache.put(PIECE, name, data)
        return name


def _known(cache: Cache, question: Question) -> tuple[int, str, str, list[list[str]]] | None:
    from plantproof.errors import InputError
    from plantproof.git_command import GitError, run_git

    root = _project(question.folder)
    if not cache.enabled or root is None or any(ref.startswith("-") or not ref.isprintable() for ref in question.refs):
        return None
    asking = ["rev-parse", "--is-shallow-repository", "--show-prefix", *(f"{ref}^{{commit}}" for ref in question.refs)]
    try:
        output = run_git(root, asking).decode("utf-8")
    except (GitError, InputError, UnicodeDecodeError):
        return None
    shallow, prefix, *commits, _ = output.split("\n")
    if len(commits) != len(question.refs) or any(len(commit) not in (40, 64) for commit in commits):
        return None
    data = cache.get(ANSWER, _key(question, commits, prefix.rstrip("/"), shallow == "true"))
    if data is None:
        return None
    code, day, notice, *reports = data.decode().split("\n")
    return int(code), day, notice.encode().decode("unicode_escape"), [names.split() for names in reports]


def _project(folder: str) -> Path | None:
    start = Path(folder).resolve()
    return next((each for each in (start, *start.parents) if (each / "plantproof.yaml").is_file()), None)


def _key(question: Question, commits: list[str], prefix: str, shallow: bool) -> str:
    installed = [sys.version, code_digest(), content_digest(), *_packages()]
    total = hashlib.sha256()
    for part in [*commits, prefix, str(shallow), question.rest, *installed]:
        data = part.encode("utf-8", "surrogateescape")
        total.update(b"%d:" % len(data) + data)
    return total.hexdigest()


def _packages() -> list[str]:
    """What is installed beside us: name and version are those of the folder that the installer makes."""
    return sorted(each.name for each in installed())


def _pieces(cache: Cache, names: Iterable[str]) -> Iterator[bytes]:
    for name in names:
        data = cache.get(PIECE, name)
        if data is None:
            raise LookupError(name)
        yield data


def _write(path: str, cache: Cache, names: list[str]) -> None:
    """As `output.write_pieces`: whole or not at all, and not before each piece has been seen to be whole."""
    target = Path(path)
    temporary = unguessed(target, ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        places, end = _placed(cache, names)
        with open(temporary, "xb", buffering=0) as file:
            reserve(file.fileno(), end)
            if len(names) >= SEVERAL and hasattr(os, "pwrite"):
                _write_by_two(file.fileno(), cache, places)
            else:
                for piece in _pieces(cache, names):
                    file.write(piece)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _placed(cache: Cache, names: list[str]) -> tuple[list[tuple[str, int, int]], int]:
    """Each piece with its place in the report and where it ends, and where the last does."""
    places, end = [], 0
    for name in names:
        begin, end = end, end + (cache.size(PIECE, name) or 0)
        places.append((name, begin, end))
    return places, end


def _write_by_two(handle: int, cache: Cache, places: list[tuple[str, int, int]]) -> None:
    """The pieces, each to its place, by this thread and another: most of the time goes into digests and copying."""
    todo = iter(places)
    failed: list[BaseException] = []

    def work() -> None:
        block = memoryview(bytearray(BLOCK))
        try:
            for name, place, end in todo:
                for part in cache.stream(PIECE, name, block):
                    place += os.pwrite(handle, part, place)
                if place != end:
                    raise LookupError(name)  # kept anew meanwhile, or the disk is full
        except (OSError, LookupError) as error:
            failed.append(error)

    other = threading.Thread(target=work)
    other.start()
    work()
    other.join()
    if failed:
        raise failed[0]


def _print(pieces: list[bytes], code: int) -> int:
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    return code


def _today() -> str:
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return time.strftime("%Y-%m-%d", time.gmtime(int(epoch) if epoch else time.time()))
