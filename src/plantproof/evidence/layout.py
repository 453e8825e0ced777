"""Where evidence lies: the paths of one site and one source, and how a long file of records is split."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from plantproof.errors import refuse
from plantproof.model.evidence import RecordsFile

LARGEST = 256_000
"""Bytes of a records file: longer ones make git's diff, blame and repack slow."""

LFS_POINTER = b"version https://git-lfs.github.com/spec/"
"""How a file begins that only says where the real one lies."""

_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
)


def site_folder(site: str) -> str:
    """Where the evidence of a site lies."""
    return f"evidence/{site}"


def source_folder(site: str, source: str) -> str:
    """Where that of one of its sources lies."""
    return f"evidence/{site}/{source}"


def check_name(name: str, what: str) -> str:
    """A name of a file or folder that every system can bear. Raises `InputError`."""
    plain = name.isprintable() and not any(sign in '/\\<>:"|?*' for sign in name)
    if not plain or not name.strip() or name[-1] in ". " or name.startswith(".") or len(name) > 120:
        raise refuse(
            f"`{ascii(name)[1:-1][:80]}` cannot be the name of {what}", "letters, digits, `-`, `_` and dots within"
        )
    if name.split(".")[0].lower() in _RESERVED:
        raise refuse(f"`{name}` cannot be the name of {what}: Windows reserves it")
    return name


def seen_folder(site: str) -> str:
    """Where copies lie of documents that people saw before they stated something."""
    return f"evidence/{site}/attestations/seen"


class Stored(NamedTuple):
    """One kind of records (or sightings) as files: `files` by path within the source's folder, and their custody."""

    files: dict[str, bytes]
    entries: list[RecordsFile]


def store(folder: str, kind: str, lines: Mapping[str, bytes]) -> Stored:
    """Lines by id as one file, or as shards by a stable hash of the id, each of at most `LARGEST` bytes."""
    if not lines:
        return Stored({}, [])
    shards = 1
    while True:
        parts: list[dict[str, bytes]] = [{} for _ in range(shards)]
        for identifier, line in lines.items():
            parts[shard(identifier, shards)][identifier] = line
        sizes = [sum(map(len, part.values())) + len(part) for part in parts]
        # One line may be longer than a file should be; more shards would not make it shorter.
        if max(sizes) <= LARGEST or all(
            size <= LARGEST or len(part) == 1 for size, part in zip(sizes, parts, strict=True)
        ):
            break
        shards *= 2
    width = max(2, len(f"{shards - 1:x}"))
    files: dict[str, bytes] = {}
    entries = []
    for number, part in enumerate(parts):
        if not part:
            continue
        path = f"{folder}/{kind}.jsonl" if shards == 1 else f"{folder}/{kind}.{number:0{width}x}.jsonl"
        data = b"".join(part[identifier] + b"\n" for identifier in sorted(part))
        files[path] = data
        entries.append(RecordsFile(path=path, kind=kind, sha256=sha256(data), rows=len(part)))
    return Stored(files, entries)


def kind_of(path: str) -> str:
    """The kind of a file under records/ or sightings/: what stands before the first dot."""
    return path.rsplit("/", 1)[-1].split(".", 1)[0]


def shard_of(path: str, kind: str) -> int:
    """The number that the name of a file of records bears; 0 where there is one file only, -1 for another name."""
    middle = path.rsplit("/", 1)[-1].removeprefix(kind).removesuffix("jsonl").strip(".")
    try:
        return int(middle, 16) if middle else 0
    except ValueError:
        return -1


def sha256(data: bytes) -> str:
    """The digest that custody names files by."""
    return hashlib.sha256(data).hexdigest()


def shard(identifier: str, shards: int) -> int:
    """The number of the file, of so many, that holds the line of an id."""
    if shards == 1:
        return 0
    return int.from_bytes(hashlib.sha256(identifier.encode()).digest()[:4], "big") % shards


_ESCAPED_SIGNS = (b"\\/", *(b"\\u00%d" % sixteen for sixteen in range(2, 8)))


def may_be_written_otherwise(data: bytes, fields: tuple[str, ...]) -> bool:
    """Whether some fields with plain text, or lists of it, may stand in lines of JSON in another way than
    `"field":"text"`: with space around the colon, or with signs as escapes. No collection writes so, but a person may,
    with custody made to fit."""
    for field in fields:
        name = b'"%s"' % field.encode()
        many = data.count(name)
        # One look after the other: a file of 16 MB takes 15 ms each time.
        if many and many != data.count(name + b':"') and many != data.count(name + b':"') + data.count(name + b":["):
            return True
    return b"\\" in data and any(escaped in data for escaped in _ESCAPED_SIGNS)
