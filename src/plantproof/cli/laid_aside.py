"""Long lists of one run, laid aside until they are written: in a file without a name, which ends with the process."""

from __future__ import annotations

import contextlib
import os
import tempfile
import weakref
from typing import IO

from plantproof.cli.concluded import Concluded
from plantproof.model.long_lists import LongList, LongLists


class LaidAside:
    """Bytes that stand in a report after what is known last of all: a large plant has a hundred megabytes of them, and
    a sum needs none. Nothing of them is left on the disk, whatever becomes of the process."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        with contextlib.suppress(OSError):
            self._file = tempfile.TemporaryFile(buffering=0, prefix="plantproof-")  # noqa: SIM115  closed in the end:
            weakref.finalize(self, self._file.close)  # when nobody can read of it any more
        self._places: dict[str, tuple[int, int]] = {}

    def without_lists(self, found: Concluded) -> Concluded:
        """The same, its long lists laid aside. What the disk has no room for is held as before."""
        gaps, assets, weighed = found.lists
        return Concluded(found.conclusions, LongLists(self._put(gaps), self._put(assets), weighed))

    def _put(self, rows: LongList) -> LongList:
        left = {name: data for name, data in rows.held.items() if not self._written(name, data)}
        return LongList(rows.parts, left, self._read)

    def _written(self, name: str, data: bytes) -> bool:
        try:
            start = self._file.seek(0, os.SEEK_END) if self._file else 0
            whole = self._file is not None and self._file.write(data) == len(data)
        except OSError:
            return False
        if whole:
            self._places[name] = start, len(data)
        return whole

    def _read(self, name: str) -> bytes | None:
        if self._file is None or name not in self._places:
            return None
        start, size = self._places[name]
        self._file.seek(start)
        return self._file.read(size)
