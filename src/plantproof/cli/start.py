"""The entry point. Answers `--version` without importing anything heavy, and turns exceptions into exit codes.

0 nothing to report at the chosen level; 1 findings; 2 the user's input is wrong; 3 a bug of ours, with a log;
130 interrupted.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Callable

from plantproof import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

READER_GONE = 141
"""128 + SIGPIPE, on every system."""


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:] == ["--version"] and sys.stdout is not None:
        sys.stdout.write(f"plantproof {__version__}\n")
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A console that knows no Cyrillic (cp1252) shows `\u0417` instead, as stderr does: no letter ends a command.
        sys.stdout.reconfigure(errors="backslashreplace")
    repeated = sys.argv[1:2] == ["check"] or sys.argv[1:3] == ["report", "history"]
    if repeated and None not in (sys.stdout, sys.stderr):  # closed by `>&-`: the long way says what is wrong with that
        from plantproof.cli.answered import replay

        code = replay(sys.argv[1:])
        if code is not None:
            sys.exit(code)
    code = run(sys.argv[1:])
    gc.freeze()  # what ends with the process need not be searched for cycles once more: 40 ms
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; every message for people goes to stderr."""
    import errno

    import click

    from plantproof.cli.application import ReaderGoneError, application
    from plantproof.errors import InputError, Problem

    try:
        result = application.main(arguments, prog_name="plantproof", standalone_mode=False, obj=arguments)
    except InputError as error:
        from plantproof.cli.output import print_problems

        return _ended(2, print_problems, error.problems)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        return _ended(2, error.show)
    except (KeyboardInterrupt, click.Abort):
        return _ended(130, click.echo, "interrupted", err=True)
    except (ReaderGoneError, BrokenPipeError):
        # Nothing is wrong, but nothing was decided either: 141 is what a shell shows for any program whose reader has
        # gone.
        _silence(sys.stdout, sys.stderr)
        return READER_GONE
    except OSError as error:
        from plantproof.cli.output import print_bug, print_problems

        refused = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EMFILE}
        if error.filename is None and error.errno not in refused:
            return _ended(3, print_bug, arguments)
        # A disk that is full, a folder that may not be written: the machine's, not ours and no finding.
        problem = Problem(str(error.filename or ""), 0, error.strerror or str(error), "see to it, then try again")
        return _ended(2, print_problems, [problem])
    except Exception:  # noqa: BLE001  the outermost door: whatever comes here is a bug of ours and gets a log
        from plantproof.cli.output import print_bug

        return _ended(3, print_bug, arguments)
    return result if isinstance(result, int) else 0


def _ended(code: int, tell: Callable[..., object], *what: object, **how: object) -> int:
    """The exit code, after what there is to say was said: that nobody can be told makes no finding of a mistake."""
    try:
        tell(*what, **how)
    except OSError:
        _silence(sys.stderr)
    return code


def _silence(*streams: TextIO) -> None:
    """What a stream cannot get rid of goes nowhere: Python would try once more in the end, and exit with 120."""
    for stream in streams:
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    main()
