"""Room on the disk for a large report, taken before it is written. Asked before anything else is loaded."""

from __future__ import annotations

import contextlib
import os

WORTHWHILE = 1 << 23
"""Bytes from which on."""


def reserve(handle: int, size: int) -> None:
    """Take room for `size` bytes in a file that is about to be written, where the system can. A full disk is told by
    the writing.

    A file that takes the place of another is else written out to the disk there and then (ext4 does, for files whose
    place is not decided yet): for 100 MB that takes longer than all else.
    """
    if size >= WORTHWHILE and hasattr(os, "posix_fallocate"):
        with contextlib.suppress(OSError):
            os.posix_fallocate(handle, 0, size)
