"""The sticky comment, from the file that holds what it says now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from plantproof.errors import refuse
from plantproof.reports.comment import to_post
from plantproof.reports.delta_reporters import DeltaReporter, DeltaResults
from plantproof.reports.reporters import Options


def instead_of(previous: Path, report: DeltaReporter) -> Callable[[DeltaResults, Options], bytes]:
    """The reporter that gives what to post in the place of the comment in a file; nothing where nothing is to be done.

    Raises InputError where the file holds no comment of ours.
    """
    try:
        text = previous.read_bytes().decode() if previous.exists() else ""
    except UnicodeDecodeError:
        raise refuse("this is no comment: it is not UTF-8", path=str(previous)) from None
    to_post(text, "")
    return lambda results, options: to_post(text, report(results, options).decode()).encode()
