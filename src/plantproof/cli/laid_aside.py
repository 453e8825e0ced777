"""Long lists of one run, laid aside until they are written: in a file without a name, which ends with the process."""

from __future__ import annotations

import contextlib
import os
import tempfile

from plantproof.cli.concluded import Concluded
from plantproof.model.long_lists import LongList, LongLists


class LaidAside:
    """Bytes that stand in a report after what is known last of all: a large plant has a hundred megabytes of them, and
    a sum needs none. Nothing of them is left on the disk, whatever becomes of the process."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0, prefix="plantproof-")  # noqa: SIM115  open as long as somebody may read
        self._places: dict[str, tuple[int, int]] = {}

    def without_lists(self, found: Concluded) -> Concluded:
        """The same, its long lists laid aside. What the disk has no room for is held as before."""
        gaps, assets, weighed = found.lists
        return Concluded(found.conclusions, LongLists(self._put(gaps), self._put(assets), weighed))

    def _put(self, rows: LongList) -> LongList:
        left = {}
        for name, data in rows.held.items():
            start = self._file.seek(0, os.SEEK_END)
            with contextlib.suppress(OSError):
                if self._file.write(data) == len(data):
                    self._places[name] = start, len(data)
                    continue
            left[name] = data
        return LongList(rows.parts, left, self._read)

    def _read(self, name: str) -> bytes | None:
        if name not in self._places:
            return None
        start, size = self._places[name]
        self._file.seek(start)
        return self._file.read(size)
