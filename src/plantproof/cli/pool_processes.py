"""How the processes of a pool are started: as copies of one that has loaded what they need.

That is this process, where it has no other thread. Beside a progress bar, which a thread draws, it is another one that
starts while what must hold is still read. Where the system copies none, each loads the same by itself.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.context import BaseContext

from plantproof.cli.output import watched
from plantproof.deadlines import rest

COPIED = sys.platform == "linux"
"""Elsewhere system libraries may not like to be copied."""

LOADED = ("plantproof.cli.site_pool", "plantproof.policies.embedded", "git")
"""What every process of a pool will import; GitPython for those who read much."""

SAFE_PATH = "PYTHONSAFEPATH"


def prepare_pool() -> None:
    """Begin to start what the processes of a pool are copied from, where that will not be this one. To be called early,
    where a pool will be needed."""
    if watched():
        _template()


def pool_context() -> BaseContext:
    """What starts the processes of a pool: this one, where it has no other thread, such as draws a progress bar. In a
    copy nobody would let go of a lock that another thread holds."""
    if COPIED:
        rest()
        if threading.active_count() == 1:
            return get_context("fork")
    return _template()


def _template() -> BaseContext:
    if not COPIED:
        return get_context("spawn")
    from multiprocessing import forkserver

    context = get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    try:
        with safe_path():
            forkserver.ensure_running()
    except OSError:  # its socket lies in the folder for temporary files, which may be full or have too long a name
        return get_context("spawn")
    return context


@contextmanager
def safe_path() -> Iterator[None]:
    """Interpreters that are started meanwhile do not look for modules in the working directory, as those do that are
    told on the command line what to run: it may be the project under assessment."""
    before = os.environ.get(SAFE_PATH)
    os.environ[SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[SAFE_PATH]
        else:
            os.environ[SAFE_PATH] = before
