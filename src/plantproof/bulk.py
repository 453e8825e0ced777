"""Loading much at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

AT_ONCE = 1 << 18
"""Bytes that a pipe is to hold: as many as a file of records has. It holds 64 kB else, and two processes that hand over
much wait for each other more often. Linux gives all pipes of one user 64 MB together, and ours are two a process."""


@contextmanager
def collector_paused() -> Iterator[None]:
    """No cyclic garbage collection inside: columns and loaded records hold no cycles, and looking for some among
    millions of cells takes as long as the work itself."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def widened(pipe: IO[bytes]) -> None:
    """Let a pipe hold more on its way, where the system can. Not if it does not: it is a matter of speed."""
    with suppress(ImportError, AttributeError, OSError):
        from fcntl import F_SETPIPE_SZ, fcntl

        fcntl(pipe.fileno(), F_SETPIPE_SZ, AT_ONCE)
