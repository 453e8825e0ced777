"""How the processes of a pool are started: from one that has loaded what they need, and that runs no code of a project.

That one starts while the caller still reads what must hold; each process is then a copy of it, instead of loading the
same for a third of a second. Where the system has no such thing, each starts by itself.
"""

from __future__ import annotations

import os
import sys
from multiprocessing import get_context
from multiprocessing.context import BaseContext

COPIED = sys.platform == "linux"
"""Elsewhere system libraries may not like to be copied."""

LOADED = ("plantproof.cli.site_pool", "plantproof.policies.embedded", "git")
"""What every process of a pool will import; GitPython for those who read much."""


def pool_context() -> BaseContext:
    """What starts processes, itself started by the first call: call it early, where a pool will be needed."""
    # An interpreter that is told on its command line what to run looks for modules in its working directory first.
    # That may be the project under assessment.
    os.environ["PYTHONSAFEPATH"] = "1"
    if not COPIED:
        return get_context("spawn")
    from multiprocessing import forkserver

    context = get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    try:
        forkserver.ensure_running()
    except OSError:  # its socket lies in the folder for temporary files, which may be full or have too long a name
        return get_context("spawn")
    return context
