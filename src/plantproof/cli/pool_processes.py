"""How the processes of a pool are started: from one that has loaded what they need, and that runs no code of a project.

That one starts while the caller still reads what must hold; each process is then a copy of it, instead of loading the
same for a third of a second. Where the system has no such thing, each starts by itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.context import BaseContext

COPIED = sys.platform == "linux"
"""Elsewhere system libraries may not like to be copied."""

LOADED = ("plantproof.cli.site_pool", "plantproof.policies.embedded", "git")
"""What every process of a pool will import; GitPython for those who read much."""

SAFE_PATH = "PYTHONSAFEPATH"


def pool_context() -> BaseContext:
    """What starts processes, itself started by the first call: call it early, where a pool will be needed."""
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
