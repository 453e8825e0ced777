"""Whether results of earlier runs may be used. Imports nothing: it is asked before anything else is loaded."""

from __future__ import annotations

import os
import sys

_WORDS = {"on": True, "off": False}


def cache_wanted(typed: bool | None) -> bool:
    """`--cache` or `--no-cache` as typed, else what `PLANTPROOF_CACHE` says; else a person at a terminal has one, and a
    job has none: whoever can write to a job's cache could write its verdict. Raises ValueError for another word."""
    if typed is not None:
        return typed
    word = os.environ.get("PLANTPROOF_CACHE", "")
    if word:
        if word not in _WORDS:
            raise ValueError(f"PLANTPROOF_CACHE is {word!r}; it can be on or off")
        return _WORDS[word]
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))
