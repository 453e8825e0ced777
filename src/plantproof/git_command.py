"""The git command, hardened: nothing that a hostile repository's configuration names is run.

git's own configuration of the user is not read either, so that the answers are the same on every machine; the one
exception is `safe.directory`, with which a user says that he trusts a folder of another owner.
"""

from __future__ import annotations

import contextlib
import os
import subprocess  # git is the only program that this package starts here
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

from plantproof.bulk import widened
from plantproof.deadlines import ended_after
from plantproof.errors import InputError, refuse
from plantproof.text import visible

MOST_SECONDS = 300
"""How long a call of git may take. Far more than any needs: a hostile repository can make git wait for ever, by a named
pipe in the place of a file."""

# A setting of the command line wins over the repository's own. Each of these names a program, a file or a network
# address, or changes what is shown, in some command that reads.
_OVERRIDES = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.pager=cat",
    "core.sshCommand=false",
    "core.askPass=",
    "core.alternateRefsCommand=",
    f"core.attributesFile={os.devnull}",
    f"core.excludesFile={os.devnull}",
    "core.untrackedCache=false",
    "credential.helper=",
    "diff.external=",
    "diff.ignoreSubmodules=all",
    "gpg.program=false",
    "gpg.openpgp.program=false",
    "gpg.x509.program=false",
    "gpg.ssh.program=false",
    "gpg.ssh.defaultKeyCommand=",
    f"gpg.ssh.allowedSignersFile={os.devnull}",
    "log.showSignature=false",
    "log.mailmap=false",
    "blame.showEmail=false",
    "mailmap.file=",
    "mailmap.blob=",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
    "submodule.recurse=false",
)

ENVIRONMENT = {
    # Where git does not know GIT_NO_LAZY_FETCH. It outranks every `protocol.*` setting: there is no protocol `none`.
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LANGUAGE": "C",
    "LC_ALL": "C",
}


_NO_SUCH_SETTING = 1
"""How `git config` ends where nothing is set."""


class GitError(Exception):
    """git ended with an error: for the callers in this room, who know what it means."""

    def __init__(self, arguments: Sequence[str], code: int, message: str, output: bytes) -> None:
        super().__init__(f"git {' '.join(arguments)}: {message or code}")
        self.code = code
        self.message = message
        self.output = output


def options(trusted: Path | None = None) -> list[str]:
    """The options before git's subcommand on every call. `trusted`: a folder that the user has declared safe."""
    words = [word for setting in _OVERRIDES for word in ("-c", setting)]
    if trusted is not None:
        words += ["-c", f"safe.directory={trusted.as_posix()}"]
    return ["--no-pager", *words]


def environment() -> dict[str, str]:
    """The process's environment without any `GIT_` variable but ours: inside a hook, git's own would lead elsewhere.
    Nor does git get our own, of which one is the redaction key."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(("GIT_", "PLANTPROOF_"))}
    return kept | ENVIRONMENT


def run_git(folder: Path, arguments: Sequence[str], *, trusted: Path | None = None, data: bytes | None = None) -> bytes:
    """What `git <arguments>` prints, run in `folder`, with `data` on its standard input. Raises `GitError`, or
    `InputError` where git is missing."""
    done = _start(folder, [*options(trusted), *arguments], environment(), data)
    if done.returncode:
        message = done.stderr.decode("utf-8", "replace").strip()
        raise GitError(arguments, done.returncode, message, done.stdout)
    return done.stdout


def warnings_of_git(folder: Path, arguments: Sequence[str], *, trusted: Path | None = None) -> tuple[bytes, str]:
    """As `run_git`, with what git said beside its answer."""
    done = _start(folder, [*options(trusted), *arguments], environment())
    message = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode:
        raise GitError(arguments, done.returncode, message, done.stdout)
    return done.stdout, message


@contextlib.contextmanager
def answers_of_git(
    folder: Path, arguments: Sequence[str], requests: bytes, *, trusted: Path | None = None
) -> Iterator[IO[bytes]]:
    """What git prints, to be read as it comes, in answer to requests that fit a pipe. Where git ends before its time,
    so does this. Raises `InputError` where git is missing, and where it goes on for longer than `MOST_SECONDS`."""
    with open_git(folder, arguments, trusted=trusted) as (stdin, stdout):
        with contextlib.suppress(BrokenPipeError):
            stdin.write(requests)
            stdin.close()
        yield stdout


@contextlib.contextmanager
def open_git(
    folder: Path, arguments: Sequence[str], *, trusted: Path | None = None
) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """The standard input and output of git, to ask and be answered in turns. Raises `InputError` as
    `answers_of_git` does."""
    with _missing_told(folder):
        process = subprocess.Popen(
            ["git", *options(trusted), *arguments],  # noqa: S607  where git lies is the user's choice, by PATH
            cwd=folder,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018  opened as pipes above
    widened(process.stdout)
    with in_time(process.kill, arguments), process:
        try:
            yield process.stdin, process.stdout
        finally:
            with contextlib.suppress(BrokenPipeError):  # of what was not yet written when git ended
                process.stdin.close()


@contextlib.contextmanager
def in_time(end: Callable[[], None], arguments: Sequence[str]) -> Iterator[None]:
    """Where git, asked so, goes on for longer than `MOST_SECONDS`, it is ended: a repository may hold a pipe where a
    file should be. Raises `InputError` then."""
    with ended_after(MOST_SECONDS, end) as deadline:
        try:
            yield
        except (OSError, ValueError, InputError):  # what a pipe that broke, or half an answer, comes to in the caller
            if not deadline.passed:
                raise
    if deadline.passed:
        raise _no_answer(arguments)


def refuse_partial_clone(folder: Path, trusted: Path | None = None) -> None:
    """To be asked before the first object is: git would fetch what is missing, by a program that the repository names.

    Every configuration that git goes by is read, with what it includes and that of the worktree.
    """
    pattern = r"^(extensions\.partialclone|remote\..*\.(promisor|partialclonefilter))$"
    try:
        run_git(folder, ["config", "--name-only", "--get-regexp", pattern], trusted=trusted)
    except GitError as failed:
        if failed.code == _NO_SUCH_SETTING:
            return
        what = f"git cannot read the configuration of the repository: {visible(failed.message)}"
        raise refuse(what, "look at .git/config, and at what it includes") from None
    raise refuse(
        "a partial clone: git would fetch missing files from elsewhere while we read",
        "clone again without --filter; for a smaller clone use --depth",
    )


def user_trusts(folder: Path) -> bool:
    """Whether the user's or the machine's own git configuration lists `folder` (or everything) as `safe.directory`."""
    # Read from outside the repository, so that its configuration has no say; git itself heeds this setting only there.
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("GIT_")}
    for scope in ("--global", "--system"):
        done = _start(Path(folder.anchor), ["config", scope, "--null", "--get-all", "safe.directory"], kept)
        entries = done.stdout.decode("utf-8", "replace").split("\0")
        if "*" in entries or any(entry and Path(entry) == folder for entry in entries):
            return True
    return False


def commits_as(folder: Path) -> str:
    """Whom `git commit` in `folder` would name, as `name <address>`; "" where git would refuse for not knowing."""
    # As the user's own git would be asked, with his configuration and his variables.
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("PLANTPROOF_")}
    named = ""
    for variable in ("GIT_COMMITTER_IDENT", "GIT_AUTHOR_IDENT"):
        done = _start(folder, [*options(), "var", variable], kept)
        if done.returncode:
            return ""
        named = done.stdout.decode("utf-8", "replace").rpartition(">")[0]
    return f"{named}>"


def _start(
    folder: Path, arguments: Sequence[str], variables: dict[str, str], data: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    with _missing_told(folder):
        try:
            return subprocess.run(
                ["git", *arguments],  # noqa: S607  where git lies is the user's choice, by PATH
                cwd=folder,
                env=variables,
                # Never the terminal's: git must not wait for somebody to type.
                input=data or b"",
                capture_output=True,
                check=False,
                timeout=MOST_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise _no_answer(arguments) from None


def _no_answer(arguments: Sequence[str]) -> InputError:
    asked = next(word for word in arguments if not word.startswith("-") and "=" not in word)  # behind `-c name=value`
    return refuse(
        f"`git {asked}` did not answer within {MOST_SECONDS} seconds",
        "is there a named pipe where git expects a file (in .git, or as .gitignore), or a disk that hangs?",
    )


@contextlib.contextmanager
def _missing_told(folder: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        if not folder.is_dir():
            raise refuse(f"the folder {folder} does not exist", "check the path") from None
        raise git_missing() from None
    except NotADirectoryError:
        raise refuse(f"{folder} is a file, not a folder", "name the folder that holds plantproof.yaml") from None


def git_missing() -> InputError:
    """The refusal to go on without git."""
    return refuse("git is not installed, or not on PATH", "install git 2.39 or newer, then try again")
