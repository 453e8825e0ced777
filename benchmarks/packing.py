"""A long history in seconds: new files of a commit become short deltas against the old ones, in the pack that is there.

`git fast-import` writes each new file whole: 250 kB to compress for one changed line, a dozen times a commit. Here what
is new follows what one pack of the repository holds already, with the index that git would write (pack format, version
2, and `REF_DELTA`, as in gitformat-pack). `git fsck` reads all of it.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.importing import FIRST, git
from plantproof.evidence.line_difference import alike, alike_at_end

DEEPEST = 50
"""So many deltas on each other at most, as git has it; then a file is written whole."""

LEVEL = 1
COMMIT, TREE, BLOB, DELTA = 1, 2, 3, 7
KINDS = {COMMIT: b"commit", TREE: b"tree", BLOB: b"blob"}
COPY, INSERT = 0xFFFF, 0x7F
"""Bytes that one instruction of a delta copies or inserts at most; git itself copies no more at once."""

HEAD, DIGEST, LARGE = 12, 20, 1 << 31


class _Held(NamedTuple):
    """A file as it is in the last commit: its id, its bytes, and how many deltas it stands on."""

    identifier: bytes
    data: bytes
    depth: int


class Packer:
    """Takes commits on `main`, one after the other, like `importing.Importer`."""

    def __init__(self, folder: Path) -> None:
        self._packs = folder / ".git" / "objects" / "pack"
        (self._old,) = self._packs.glob("*.pack")
        index = self._old.with_suffix(".idx").read_bytes()
        self._index = dict(_entries(index))
        self._end = self._old.stat().st_size - DIGEST
        self._new: list[bytes] = []
        self._held: dict[str, _Held] = {}
        self._root = _Folder()
        for line in git(folder, "ls-tree", "-r", "HEAD").splitlines():
            facts, _, path = line.partition("\t")
            self._root.put(path.split("/"), bytes.fromhex(facts.split()[2]))
        self.head = git(folder, "rev-parse", "HEAD")

    def commit(self, message: str, seconds: int, files: Iterable[tuple[str, bytes, bytes]]) -> None:
        """One commit, `seconds` after the first: of each file its path, what it was and what it is."""
        for path, old, new in files:
            self._root.put(path.split("/"), self._file(path, old, new))
        who = f"Nobody <nobody@plant.example> {FIRST + seconds} +0000"
        lines = [f"tree {self._tree(self._root).hex()}", f"parent {self.head}", f"author {who}", f"committer {who}"]
        self.head = self._whole(COMMIT, "\n".join([*lines, "", message]).encode()).hex()

    def save(self) -> None:
        """The pack with what is new in place of the one without."""
        body = self._old.read_bytes()[HEAD:-DIGEST] + b"".join(self._new)
        pack = struct.pack(">4sII", b"PACK", 2, len(self._index)) + body
        digest = _sha1(pack)
        new = self._packs / f"pack-{digest.hex()}.pack"
        new.write_bytes(pack + digest)
        new.with_suffix(".idx").write_bytes(_index(self._index, digest))
        for old in self._packs.glob(f"{self._old.stem}.*"):
            old.unlink()

    def _file(self, path: str, old: bytes, new: bytes) -> bytes:
        held = self._held.get(path)
        if held is None:
            held = _Held(_name(BLOB, old), old, 0)
        identifier = _name(BLOB, new)
        if held.data != old or held.identifier not in self._index or held.depth >= DEEPEST:
            depth = 0
            self._whole(BLOB, new)
        else:
            depth = held.depth + 1
            self._add(identifier, DELTA, delta(old, new), held.identifier)
        self._held[path] = _Held(identifier, new, depth)
        return identifier

    def _tree(self, folder: _Folder) -> bytes:
        """The id of a folder, of which only what changed is written."""
        if not folder.identifier:
            entries = [
                (name.encode() + b"/", b"40000 %b\0%b" % (name.encode(), self._tree(below)))
                for name, below in folder.folders.items()
            ]
            entries += [
                (name.encode(), b"100644 %b\0%b" % (name.encode(), identifier))
                for name, identifier in folder.files.items()
            ]
            folder.identifier = self._whole(TREE, b"".join(entry for _, entry in sorted(entries)))
        return folder.identifier

    def _whole(self, kind: int, data: bytes) -> bytes:
        identifier = _name(kind, data)
        self._add(identifier, kind, data)
        return identifier

    def _add(self, identifier: bytes, kind: int, data: bytes, base: bytes = b"") -> None:
        if identifier in self._index:
            return
        entry = _entry_head(kind, len(data)) + base + zlib.compress(data, LEVEL)
        self._index[identifier] = (zlib.crc32(entry), self._end)
        self._end += len(entry)
        self._new.append(entry)


class _Folder:
    """A folder of the last commit; `identifier` is empty where something below has changed since."""

    def __init__(self) -> None:
        self.folders: dict[str, _Folder] = {}
        self.files: dict[str, bytes] = {}
        self.identifier = b""

    def put(self, path: list[str], identifier: bytes) -> None:
        self.identifier = b""
        if len(path) == 1:
            self.files[path[0]] = identifier
        else:
            self.folders.setdefault(path[0], _Folder()).put(path[1:], identifier)


@contextmanager
def packing(folder: Path) -> Iterator[Packer]:
    """Commit to the repository in `folder`, which has one pack and nothing else; its working tree follows."""
    packer = Packer(folder)
    yield packer
    packer.save()
    git(folder, "update-ref", "refs/heads/main", packer.head)
    git(folder, "reset", "--hard", "-q")


def delta(old: bytes, new: bytes) -> bytes:
    """How to get from one to the other (gitformat-pack, "Deltified representation"): copies and insertions."""
    found = [_length(len(old)), _length(len(new))]
    start = alike(old, new)
    end = alike_at_end(old[start:], new[start:])
    found += _copies(0, start)
    at = start
    lines = [middle.splitlines(keepends=True) for middle in (old[start : len(old) - end], new[start : len(new) - end])]
    if len(lines[0]) != len(lines[1]):
        lines = [[b"".join(each)] for each in lines]
    for before, after in zip(*lines, strict=True):
        found += _copies(at, len(before)) if before == after else _insertions(after)
        at += len(before)
    found += _copies(at, end)
    return b"".join(found)


def _copies(start: int, size: int) -> Iterator[bytes]:
    for offset in range(start, start + size, COPY):
        part = min(COPY, start + size - offset)
        yield b"\xbf" + offset.to_bytes(4, "little") + part.to_bytes(2, "little")


def _insertions(data: bytes) -> Iterator[bytes]:
    for offset in range(0, len(data), INSERT):
        part = data[offset : offset + INSERT]
        yield bytes([len(part)]) + part


def _length(size: int) -> bytes:
    found = bytearray()
    while size > 0x7F:
        found.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes([*found, size])


def _entry_head(kind: int, size: int) -> bytes:
    first, rest = kind << 4 | size & 0xF, size >> 4
    return bytes([first | 0x80]) + _length(rest) if rest else bytes([first])


def _name(kind: int, data: bytes) -> bytes:
    return _sha1(b"%b %d\0" % (KINDS[kind], len(data)) + data)


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()  # git's names


def _entries(index: bytes) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Of each object in the index of a pack: its id, and the CRC and place of its entry."""
    (count,) = struct.unpack_from(">I", index, 8 + 255 * 4)
    names = 8 + 256 * 4
    sums, places = names + 20 * count, names + 24 * count
    for number in range(count):
        identifier = index[names + 20 * number : names + 20 * number + 20]
        (crc,) = struct.unpack_from(">I", index, sums + 4 * number)
        (place,) = struct.unpack_from(">I", index, places + 4 * number)
        if place >= LARGE:
            (place,) = struct.unpack_from(">Q", index, names + 28 * count + 8 * (place - LARGE))
        yield identifier, (crc, place)


def _index(entries: dict[bytes, tuple[int, int]], pack: bytes) -> bytes:
    names = sorted(entries)
    upto, fan = 0, []
    for first in range(256):
        while upto < len(names) and names[upto][0] <= first:
            upto += 1
        fan.append(upto)
    places, large = [], []
    for name in names:
        place = entries[name][1]
        if place >= LARGE:
            large.append(place)
            place = LARGE + len(large) - 1
        places.append(place)
    parts = [
        b"\xfftOc\0\0\0\2",
        struct.pack(">256I", *fan),
        b"".join(names),
        struct.pack(f">{len(names)}I", *(entries[name][0] for name in names)),
        struct.pack(f">{len(names)}I", *places),
        struct.pack(f">{len(large)}Q", *large),
        pack,
    ]
    return b"".join(parts) + _sha1(b"".join(parts))
