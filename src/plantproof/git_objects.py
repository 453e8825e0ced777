"""The bytes of git's objects by their ids. A few are asked of a git process of their own each time; whoever goes on
asking gets one that stays open.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from plantproof.bulk import widened
from plantproof.errors import InputError, refuse
from plantproof.git_command import ENVIRONMENT, answers_of_git, git_missing, in_time, open_git, options

FEW = 8
"""Readings before a process is kept open. GitPython, which holds it, takes as long to import as twenty of git's own."""

AT_ONCE = 200
"""Objects asked of one process: ids that fit a pipe."""

ON_THE_WAY = 50
"""Objects asked of a process that stays open: ids that fit the smallest pipe, so that neither side ever waits for the
other."""

MOST_AHEAD = 64 * 1024 * 1024
"""Bytes that are held before anybody has asked for them."""

DAMAGED = "run `git fsck`, then fetch again"
"""What to do where an object is not what its id says."""

_REMEMBERED = ("-c", "core.deltaBaseCacheLimit=16m")
"""What git may keep of objects on which others are based: each is read once here, and its own default takes 96 MB."""


Prove = Callable[[str, Sequence[str]], "list[bytes | None]"]
"""Objects of a kind by their ids, None for what git does not give or what has another id: no promise is needed."""


class Row(NamedTuple):
    """What stands in a folder under one name. `mode` as git shows it: 040000 is a folder."""

    name: str
    mode: str
    id: str


class Read(NamedTuple):
    """What git gives for an id: of which kind, and the bytes. No promise that they are those of the id."""

    kind: str
    data: bytes


def object_id(kind: str, data: bytes, object_format: str) -> str:
    """The id that git gives an object of this kind ("commit", "tree") and these bytes."""
    return hashlib.new(object_format, f"{kind} {len(data)}\0".encode("ascii") + data, usedforsecurity=False).hexdigest()


def forged_commit(identifier: str) -> InputError:
    """The refusal of a commit that is not what its id says."""
    return refuse(f"git does not give back what the commit's id says: {identifier}", DAMAGED)


class ObjectReader:
    """Reads objects of one repository, for one thread at a time. `top` is the folder in which git is run."""

    def __init__(self, top: Path, *, git_dir: Path, common_dir: Path, trusted: Path | None) -> None:
        self._top, self._git_dir, self._common_dir, self._trusted = top, git_dir, common_dir, trusted
        self._lock = threading.Lock()
        self._readings = 0
        self._open: _Open | None = None
        self._ahead: _Ahead | None = None
        self.folders: dict[str, tuple[Row, ...]] = {}
        """What stands in folders, by their ids: the commits of one repository share most of them."""

    def ahead(self, identifiers: Iterable[str]) -> None:
        """Begin to read what will be asked for soon, in this order, while the caller sees to other things."""
        self._ahead = _Ahead(list(dict.fromkeys(identifiers)), self._at_once)

    @property
    def together(self) -> int:
        """How many objects to ask for at a time."""
        return AT_ONCE if self._open is None and self._readings < FEW else ON_THE_WAY

    def read(self, identifiers: Sequence[str]) -> list[Read | None]:
        """Each of the objects, None where git does not give it; no more than fit `together`."""
        known = self._ahead.found(identifiers) if self._ahead else {}
        asked = [identifier for identifier in identifiers if identifier not in known]
        read = dict(zip(asked, self._read(asked), strict=True)) if asked else {}
        return [known[each] if each in known else read[each] for each in identifiers]

    def _read(self, identifiers: Sequence[str]) -> list[Read | None]:
        requests = _lines(identifiers)
        with self._lock:
            self._readings += 1
            if self._open is None and self._readings <= FEW:
                return list(self._at_once(identifiers))
            if self._open is None:
                self._open = self._started()
            try:
                with in_time(self._open.kill, ["cat-file", "--batch"]):
                    self._open.stdin.write(requests)
                    self._open.stdin.flush()
                    answers = [_answer(identifier, self._open.stdout) for identifier in identifiers]
            except BaseException:  # an interrupt, too: the next reader must not take half an answer for its own
                self._end()
                raise
            if None in answers:
                self._end()
            return answers

    def close(self) -> None:
        """End the process that was kept open, if one was; another is started where reading goes on."""
        self._ahead = None
        with self._lock:
            self._end()

    @contextlib.contextmanager
    def proving(self, object_format: str) -> Iterator[Prove]:
        """What gives objects of a kind that are what their ids say, in turns, by a process of its own."""
        arguments = [*_REMEMBERED, "cat-file", "--batch-command", "--buffer"]
        with open_git(self._top, arguments, trusted=self._trusted) as (stdin, stdout):

            def prove(kind: str, identifiers: Sequence[str]) -> list[bytes | None]:
                # git answers when it has read all of it, so neither side ever waits for the other.
                requests = "".join(f"contents {identifier}\n" for identifier in identifiers) + "flush\n"
                with contextlib.suppress(BrokenPipeError):
                    stdin.write(requests.encode("ascii"))
                    stdin.flush()
                found = [_answer(identifier, stdout) for identifier in identifiers]
                return [
                    each.data
                    if each and each.kind == kind and object_id(kind, each.data, object_format) == identifier
                    else None
                    for identifier, each in zip(identifiers, found, strict=True)
                ]

            yield prove

    def _at_once(self, identifiers: Sequence[str]) -> Iterator[Read | None]:
        arguments = [*_REMEMBERED, "cat-file", "--batch"]
        with answers_of_git(self._top, arguments, _lines(identifiers), trusted=self._trusted) as stdout:
            for identifier in identifiers:
                yield _answer(identifier, stdout)

    def _started(self) -> _Open:
        # GitPython takes 0.1 s to import and starts git to find out its version: only for those who read much.
        with _quiet_import():
            from git import Git
        variables = ENVIRONMENT | {
            # GitPython adds to the process's variables and cannot take away: these would lead to other objects.
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": "",
            "GIT_COMMON_DIR": str(self._common_dir),
            "GIT_CONFIG_COUNT": "0",
            "GIT_CONFIG_PARAMETERS": "",
            "GIT_DIR": str(self._git_dir),
            "GIT_OBJECT_DIRECTORY": str(self._common_dir / "objects"),
            "GIT_TRACE": "0",
        }
        command = ["git", *options(self._trusted), *_REMEMBERED, "cat-file", "--batch"]
        return _Open(Git(str(self._top)).execute(command, istream=-1, as_process=True, env=variables))

    def _end(self) -> None:
        process, self._open = self._open, None
        if process is not None:
            process.end()


class _Ahead:
    """Objects on their way, read by a thread of their own. What it does not bring is read when it is asked for."""

    def __init__(self, identifiers: Sequence[str], read: Callable[[Sequence[str]], Iterator[Read | None]]) -> None:
        self._identifiers, self._read = identifiers, read
        self._wanted = set(identifiers)
        self._found: dict[str, Read] = {}
        self._more = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="git-ahead", daemon=True)
        self._thread.start()

    def found(self, identifiers: Sequence[str]) -> dict[str, Read]:
        """Those of the objects that came: it is waited for those that are on their way."""
        coming = self._wanted.intersection(identifiers)
        with self._more:
            self._more.wait_for(lambda: self._ended or self._found.keys() >= coming)
        return {each: self._found[each] for each in identifiers if each in self._found}

    def _run(self) -> None:
        try:
            self._bring()
        finally:
            with self._more:
                self._ended = True
                self._more.notify_all()

    def _bring(self) -> None:
        room = MOST_AHEAD
        with contextlib.suppress(OSError, InputError):  # who asks is told
            for start in range(0, len(self._identifiers), AT_ONCE):
                part = self._identifiers[start : start + AT_ONCE]
                for identifier, read in zip(part, self._read(part), strict=True):
                    room -= len(read.data) if read else 0
                    if read is None or room < 0:
                        return
                    with self._more:
                        self._found[identifier] = read
                        self._more.notify_all()


class _Open:
    """The open `cat-file`. GitPython's own wrapper ends the process when it is dropped."""

    def __init__(self, process: Any) -> None:
        self._process = process
        self.stdin, self.stdout = process.stdin, process.stdout
        widened(process.stdout)

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        self._process.proc.kill()

    def end(self) -> None:
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        process = self._process.proc
        if process is not None:
            with contextlib.suppress(OSError):
                process.terminate()
            process.wait()


def _lines(identifiers: Sequence[str]) -> bytes:
    return "".join(f"{identifier}\n" for identifier in identifiers).encode("ascii")


def _answer(identifier: str, stdout: IO[bytes]) -> Read | None:
    answered = stdout.readline().split()
    if len(answered) == 3 and answered[0].decode("ascii", "replace") == identifier:
        size = int(answered[2])
        data = stdout.read(size)
        if len(data) == size and stdout.read(1) == b"\n":
            return Read(answered[1].decode("ascii", "replace"), data)
    return None


@contextlib.contextmanager
def _quiet_import() -> Iterator[None]:
    # GitPython raises ImportError where git is missing, with advice that is not for our users.
    try:
        yield
    except ImportError:
        if not any(os.access(Path(folder) / "git", os.X_OK) for folder in os.get_exec_path()):
            raise git_missing() from None
        raise
