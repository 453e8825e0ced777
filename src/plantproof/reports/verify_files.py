"""Reading a pack that may be hostile: a folder or a zip, within limits, following nothing, writing nothing."""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from plantproof.errors import Problem
from plantproof.reports.manifest import MANIFEST, unsafe_name

MOST_FILES = 400_000
MOST_BYTES = 4 * 1024**3
"""Of all files together; a pack of 100,000 assets and 50,000 gaps takes a tenth of it."""
_CHUNK = 1024 * 1024
_HEADER, _END = 30, 22
"""Bytes of what stands before a file in a zip, without its name, and of what ends a zip, without its comment."""
_DESCRIPTORS = (12, 16, 20, 24)
"""Bytes that may follow a file which was written before its size was known."""
_SIZES_FOLLOW = 0x8
"""The flag of such a file."""
_IN_EXTRA = 0xFFFFFFFF
"""A size that stands in an extra field, since it needs more room."""
_HARMLESS = frozenset({0x0001, 0x000A, 0x5455, 0x5855, 0x7855, 0x7875})
"""Extra fields that other programs write when they pack a folder: long sizes, dates and owners."""


class PackFile(msgspec.Struct, frozen=True):
    data: bytes
    sha256: str
    size: int


class PackFiles(msgspec.Struct, kw_only=True):
    """The files of a pack by path, not read yet, or the problems that forbid reading them."""

    entries: dict[str, Callable[[], IO[bytes]]] = {}
    sizes: dict[str, int] = {}
    problems: list[Problem] = []

    def read_all(self) -> tuple[dict[str, PackFile], list[Problem]]:
        """Contents with their hashes. A file that is longer than announced is a problem, and is not read on."""
        contents, problems = {}, []
        for name in sorted(self.entries):
            try:
                contents[name] = self._read(name)
            except (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
                problems.append(Problem(name, 0, f"cannot be read: {error}"))
        return contents, problems

    def _read(self, name: str) -> PackFile:
        digest, pieces, size = hashlib.sha256(), [], 0
        with self.entries[name]() as stream:
            while piece := stream.read(_CHUNK):
                size += len(piece)
                if size > self.sizes[name]:
                    raise ValueError("it is longer than announced")
                digest.update(piece)
                pieces.append(piece)
        if size != self.sizes[name]:
            raise ValueError("it is shorter than announced")
        return PackFile(b"".join(pieces), digest.hexdigest(), size)


@contextmanager
def open_folder(folder: Path) -> Iterator[PackFiles]:
    """A pack as a folder. Links and anything that is no plain file are problems."""
    found: dict[str, Path] = {}
    sizes: dict[str, int] = {}
    problems: list[Problem] = []
    for base, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted((*files, *(each for each in folders if (Path(base) / each).is_symlink()))):
            path = Path(base) / name
            shown = path.relative_to(folder).as_posix()
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                problems.append(Problem(shown, 0, "is a link or no plain file", "a pack holds plain files only"))
                continue
            found[shown], sizes[shown] = path, status.st_size
        if len(found) > MOST_FILES:
            problems.append(Problem(str(folder), 0, f"more than {MOST_FILES:,} files: no pack"))
            break
    problems += _checked(sizes)
    yield PackFiles(entries={name: _opener(path) for name, path in found.items()}, sizes=sizes, problems=problems)


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


@contextmanager
def open_zip(path: Path) -> Iterator[PackFiles]:
    """A pack as a zip: the whole pack in one folder, or at its root; stored, since ours are never compressed."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        hint = "copy it again: it may be cut off"
        yield PackFiles(problems=[Problem(str(path), 0, f"no zip: {error}", hint)])
        return
    with archive:
        entries = [entry for entry in archive.infolist() if not _is_folder(entry)]
        folders = [entry.filename for entry in archive.infolist() if _is_folder(entry)]
        problems = _entry_problems(entries, path.stat().st_size) or _foreign_problems(archive, path)
        problems += [
            Problem(ascii(name), 0, f"its name {why}")
            for name in folders
            if (why := unsafe_name(name.removesuffix("/")))
        ]
        prefix = _prefix([entry.filename for entry in entries])
        sizes = {entry.filename.removeprefix(prefix): entry.file_size for entry in entries}
        yield PackFiles(
            entries={entry.filename.removeprefix(prefix): _entry_opener(archive, entry) for entry in entries},
            sizes=sizes,
            problems=problems or _checked(sizes),
        )


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    return entry.is_dir() and entry.file_size == 0


def _entry_opener(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(entry)


def _prefix(names: list[str]) -> str:
    """The one folder that holds everything; nothing where the manifest lies at the root."""
    tops = {name.partition("/")[0] for name in names}
    if MANIFEST in names or len(tops) != 1:
        return ""
    return f"{tops.pop()}/"


def _is_compressed(entry: zipfile.ZipInfo) -> bool:
    return entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size


def _entry_problems(entries: list[zipfile.ZipInfo], size: int) -> list[Problem]:
    if len(entries) > MOST_FILES:
        return [Problem("", 0, f"more than {MOST_FILES:,} files: no pack")]
    problems, seen = [], set()
    compressed = [entry.filename for entry in entries if _is_compressed(entry)]
    if compressed:
        several = f", as are {len(compressed) - 1:,} more" if len(compressed) > 1 else ""
        hint = "packs are stored; unpack it and verify the folder instead"
        problems.append(Problem(ascii(compressed[0]), 0, f"is compressed{several}", hint))
    for entry in entries:
        name = entry.filename
        if why := unsafe_name(name):
            problems.append(Problem(ascii(name), 0, f"its name {why}"))
        if name in seen:
            problems.append(Problem(ascii(name), 0, "is in the zip twice"))
        seen.add(name)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in {0, stat.S_IFREG}:
            problems.append(Problem(ascii(name), 0, "is a link or no plain file", "a pack holds plain files only"))
        if entry.flag_bits & 0x1:
            problems.append(Problem(ascii(name), 0, "is encrypted"))
    if sum(entry.compress_size for entry in entries) > size:
        problems.append(Problem("", 0, "the files of the zip overlap: it announces more than it holds"))
    return problems


def _foreign_problems(archive: zipfile.ZipFile, path: Path) -> list[Problem]:
    with path.open("rb") as file:
        what = _foreign(archive, file)
    hint = "unpack it and verify the folder instead"
    return [Problem(str(path), 0, f"has {what}: no checksum covers that", hint)] if what else []


def _foreign(archive: zipfile.ZipFile, file: IO[bytes]) -> str:
    """What a zip holds besides its files; "" where every byte is theirs or the zip's own. Some programs show the one
    part, some the other: whoever checks must know that there is only one."""
    entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
    if archive.comment or any(entry.comment for entry in entries):
        return "a comment"
    file.seek(-_END, os.SEEK_END)
    ending = file.read(_END)
    if ending[:4] != b"PK\5\6" or ending[-2:] != b"\0\0":
        return "bytes after its end"
    if {ending[8:10], ending[10:12]} != {min(len(entries), 0xFFFF).to_bytes(2, "little")}:
        return "another number of files in its end than in its list"
    between: tuple[int, ...] = (0,)
    end = 0
    for entry in entries:
        if entry.header_offset - end not in between:
            return "bytes between its files" if end else "bytes before its first file"
        file.seek(entry.header_offset)
        header = file.read(_HEADER)
        names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        extra = file.read(names)[int.from_bytes(header[26:28], "little") :]
        if not _agrees(header, extra, entry):
            return f"a file that is another where it lies than in its list, {entry.filename!a}"
        if strange := _strange(entry.extra) or _strange(extra):
            return f"more to say of {entry.filename!a} than dates and sizes, in the field {strange:#06x}"
        end = entry.header_offset + _HEADER + names + entry.compress_size
        between = _DESCRIPTORS if entry.flag_bits & _SIZES_FOLLOW else (0,)
    return "" if archive.start_dir - end in between else "bytes between its files and their list"


def _agrees(header: bytes, extra: bytes, entry: zipfile.ZipInfo) -> bool:
    """Whether what stands before a file says the same of it as the list: programs that read a zip from its beginning
    go by the one, all others by the other."""
    flags, method = (int.from_bytes(header[at : at + 2], "little") for at in (6, 8))
    crc, packed, size = (int.from_bytes(header[at : at + 4], "little") for at in (14, 18, 22))
    if _IN_EXTRA in (packed, size):
        # The extra field of long sizes, which stands first where Python wrote it: before packing, after packing.
        size, packed = (int.from_bytes(extra[at : at + 8], "little") for at in (4, 12))
        if extra[:4] != b"\1\0\x10\0":
            return False
    known = [(entry.CRC, entry.compress_size, entry.file_size)]
    known += [(0, 0, 0)] if flags & _SIZES_FOLLOW else []
    return (flags, method) == (entry.flag_bits, entry.compress_type) and (crc, packed, size) in known


def _strange(extra: bytes) -> int:
    """The first extra field that says more than dates, owners and sizes, 0 for none: some hold another name."""
    while extra:
        field, length = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        if field not in _HARMLESS or len(extra) < 4 + length:
            return field
        extra = extra[4 + length :]
    return 0


def _checked(sizes: dict[str, int]) -> list[Problem]:
    """Names that clash where upper and lower case are one, and limits."""
    problems = [Problem(ascii(name), 0, f"its name {why}") for name in sorted(sizes) if (why := unsafe_name(name))]
    folded: dict[str, str] = {}
    for name in sorted(sizes):
        other = folded.setdefault(name.casefold(), name)
        if other != name:
            problems.append(Problem(ascii(name), 0, f"differs from {other!a} in case only"))
    if sum(sizes.values()) > MOST_BYTES:
        problems.append(Problem("", 0, f"more than {MOST_BYTES // 1024**3} GB: no pack"))
    return problems
