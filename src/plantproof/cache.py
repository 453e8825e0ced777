"""Results kept between runs, outside the project: safe to delete, and never the source of a verdict that evaluation
would not give. What is damaged, foreign or not there is a miss.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

_MAGIC = b"plantproof cache 2\n"
_DIGEST_BYTES = 32
_SUFFIX = ".entry"
_OUT_OF_REACH = (".git", "plantproof")
"""Where entries lie below the folder: git refuses to check out a path of which any part is `.git`, in capitals or not.
So no commit can bring an entry along, also where the folder lies in a checkout, and nobody has to ask git."""
MAX_BYTES = 512 * 1024 * 1024


def cache_folder() -> Path:
    """Where the cache lies: `PLANTPROOF_CACHE_DIR`, else the platform's folder for what may be deleted."""
    named = os.environ.get("PLANTPROOF_CACHE_DIR")
    if named:
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "plantproof" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "plantproof"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "plantproof"


class Cache:
    """Bytes by kind and key. `folder` None is the cache that keeps nothing (`--no-cache`).

    A folder that is a symlink or belongs to someone else could feed in results that nobody computed: it is not used,
    and `note` says so. What a commit brings into the folder is never looked at: see `_OUT_OF_REACH`.
    """

    def __init__(self, folder: Path | None, max_bytes: int = MAX_BYTES) -> None:
        self.note = ""
        self._max_bytes = max_bytes
        self._folder = self._kept_in(folder) if folder is not None else None

    @property
    def enabled(self) -> bool:
        return self._folder is not None

    def get(self, kind: str, key: str) -> bytes | None:
        """What was kept under this kind and key, or None."""
        path = self._path(kind, key)
        if path is None:
            return None
        try:
            with path.open("rb", buffering=0) as file:
                head, payload = file.read(len(_MAGIC) + _DIGEST_BYTES), file.read()
        except OSError:
            return None
        if head != _MAGIC + _digest(kind, key, payload):
            # The name, too, is in the digest: a file copied to another name is damage.
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # what was used last is evicted last
        return payload

    def stream(self, kind: str, key: str, block: memoryview) -> Iterator[memoryview]:
        """What was kept, read part by part into `block`: 100 MB take half the time in a block that stays in the memory
        of the processor. Raises LookupError where nothing was kept, and at the end where it is not whole: then none of
        it is to be used."""
        path = self._path(kind, key)
        if path is None:
            raise LookupError(key)
        try:
            with path.open("rb", buffering=0) as file:
                head = file.read(len(_MAGIC) + _DIGEST_BYTES)
                digest = _digest_of(kind, key, os.fstat(file.fileno()).st_size - len(head))
                while count := file.readinto(block):
                    digest.update(block[:count])
                    yield block[:count]
        except OSError:
            raise LookupError(key) from None
        whole = head == _MAGIC + digest.digest()
        with contextlib.suppress(OSError):
            os.utime(path) if whole else path.unlink()
        if not whole:
            raise LookupError(key)

    def size(self, kind: str, key: str) -> int | None:
        """How many bytes `get` would give if they are whole; None where nothing lies there."""
        path = self._path(kind, key)
        try:
            return None if path is None else max(path.stat().st_size - len(_MAGIC) - _DIGEST_BYTES, 0)
        except OSError:
            return None

    def touch(self, kind: str, key: str) -> bool:
        """Whether something lies under this kind and key, and is to stay longer. It may be damaged: `get` tells."""
        path = self._path(kind, key)
        if path is None:
            return False
        try:
            os.utime(path)
        except OSError:
            return False
        return True

    def put(self, kind: str, key: str, payload: bytes | memoryview) -> None:
        """Keep bytes. That it fails (disk full, folder gone) costs time later and nothing else."""
        path = self._path(kind, key)
        if path is None:
            return
        import tempfile  # 10 ms, and only where something is kept

        temporary = ""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                file.write(_MAGIC + _digest(kind, key, payload))
                file.write(payload)
            os.replace(temporary, path)  # whole or not at all, also where another process writes the same
        except OSError:
            if temporary:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)

    def trim(self) -> int:
        """Evict what was used least recently, down to half of the limit, once that is passed. Returns how much.

        To be called at the end of a run.
        """
        found: list[tuple[float, str, int]] = []
        for folder in self._below(self._folder) if self._folder else ():
            for path in self._below(folder):
                with contextlib.suppress(OSError):
                    status = os.stat(path)
                    found.append((status.st_mtime, path, status.st_size))
        total = sum(size for _, _, size in found)
        if total <= self._max_bytes:
            return 0
        evicted = 0
        for _, path, size in sorted(found):
            if total - evicted <= self._max_bytes // 2:
                break
            with contextlib.suppress(OSError):
                os.unlink(path)
                evicted += size
        return evicted

    @staticmethod
    def _below(folder: str | Path) -> list[str]:
        try:
            return [entry.path for entry in os.scandir(folder)]
        except OSError:
            return []

    def _path(self, kind: str, key: str) -> Path | None:
        if self._folder is None:
            return None
        name = hashlib.sha256(f"{kind}\0{key}".encode()).hexdigest()
        return self._folder / name[:2] / (name[2:] + _SUFFIX)

    def _kept_in(self, folder: Path) -> Path | None:
        """The folder of the entries, made if need be; None where it, or one on the way to it, is not to be used."""
        if not self._usable(folder):
            return None
        for name in _OUT_OF_REACH:
            folder /= name
            if not self._usable(folder):
                return None
        return folder

    def _usable(self, folder: Path) -> bool:
        try:
            if not folder.is_symlink():
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            status = folder.lstat()
        except OSError as error:
            self.note = f"no cache: {folder}: {error.strerror}"
            return False
        if not stat.S_ISDIR(status.st_mode):
            self.note = f"no cache: {folder} is a symlink or a file"
        elif hasattr(os, "getuid") and status.st_uid != os.getuid():
            self.note = f"no cache: {folder} belongs to another user"
        elif hasattr(os, "getuid") and status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            self.note = f"no cache: other users may write to {folder}"
        return not self.note


class MemoryCache:
    """The same for the length of one run, in memory: what two revisions have in common is judged once."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def get(self, kind: str, key: str) -> bytes | None:
        """What was kept under this kind and key, or None."""
        return self._kept.get((kind, key))

    def put(self, kind: str, key: str, payload: bytes) -> None:
        """Keep bytes until the process ends."""
        self._kept[kind, key] = payload

    def trim(self) -> int:
        """Nothing to evict: it ends with the run."""
        return 0


def _digest(kind: str, key: str, payload: bytes | memoryview) -> bytes:
    digest = _digest_of(kind, key, len(payload))
    digest.update(payload)
    return digest.digest()


def _digest_of(kind: str, key: str, size: int) -> hashlib._Hash:
    digest = hashlib.sha256(b"plantproof\0")  # the fastest there is, where processors know it
    for part in (kind.encode(), key.encode()):
        digest.update(b"%d:" % len(part))
        digest.update(part)
    digest.update(b"%d:" % size)
    return digest


def open_cache(enabled: bool = True) -> Cache:
    """The user's cache, or with `enabled` False the one that keeps nothing."""
    return Cache(cache_folder() if enabled else None)
