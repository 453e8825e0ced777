"""What is long in the conclusions on a site, left as JSON: a large plant has more of it than memory should hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple


class NotKeptError(Exception):
    """A part of a list is not where it was kept, or is damaged."""


class Part(NamedTuple):
    """Some rows of a list: the digest of their bytes, how many bytes those are, and the assets that they are about: of
    gaps all, of assets the first. A list that nobody keeps is one part under another name, about nobody knows whom."""

    name: str
    size: int
    about: list[str]


class LongList:
    """Rows as they stand in the JSON report, in parts, each row after its line break and parts to be joined by commas.
    `held` are the bytes of parts by name; `read` gives those of others, None where they are gone."""

    def __init__(
        self,
        parts: Sequence[Part],
        held: Mapping[str, bytes],
        read: Callable[[str], bytes | None] | None = None,
    ) -> None:
        self.parts = list(parts)
        self._held, self._read = dict(held), read
        self._seen: dict[str, bytes] = {}

    def data(self, part: Part) -> bytes:
        """The bytes of a part, to be asked for again. Raises NotKeptError."""
        if part.name not in self._held and part.name not in self._seen:
            self._seen[part.name] = self._found(part)
        return self._held.get(part.name) or self._seen[part.name]

    def _found(self, part: Part) -> bytes:
        found = self._held.get(part.name) or self._seen.get(part.name) or (self._read and self._read(part.name))
        if not found or len(found) != part.size:
            raise NotKeptError(part.name)
        return found

    def pieces(self) -> Iterator[bytes]:
        """The rows, part by part, with the commas between; none is held longer than it takes to write it. Raises
        NotKeptError."""
        for number, part in enumerate(self.parts):
            if number:
                yield b","
            yield self._found(part)

    def json(self) -> bytes:
        """The rows as a JSON array."""
        return b"".join((b"[", *self.pieces(), b"]"))

    def replaced(self, parts: Mapping[str, tuple[Part, bytes]]) -> LongList:
        """The list with other parts in place of some, which are named."""
        own = [parts[part.name][0] if part.name in parts else part for part in self.parts]
        return LongList(own, self._held | {part.name: data for part, data in parts.values()}, self._read)

    def with_all(self, read: Callable[[str], bytes | None] | None = None) -> LongList:
        """The list with all of its parts, `read` otherwise than it would. Raises NotKeptError where one is gone."""
        other = LongList(self.parts, self._held, read or self._read)
        return LongList(self.parts, {part.name: other.data(part) for part in self.parts})

    def read_by(self, read: Callable[[str], bytes | None]) -> LongList:
        """The list whose parts that are not held are read so."""
        return LongList(self.parts, self._held, read)

    @property
    def held(self) -> Mapping[str, bytes]:
        """The parts whose bytes are here and need not be read, by name."""
        return self._held

    @property
    def all_held(self) -> bool:
        """Whether no part has to be read."""
        return all(part.name in self._held for part in self.parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LongList) and self.parts == other.parts

    __hash__ = None  # type: ignore[assignment]  # parts may be replaced

    def __reduce__(self) -> tuple[Any, ...]:
        """To another process goes what is held."""
        return LongList, (self.parts, self._held)


class LongLists(NamedTuple):
    """The gaps and the assets of one site; of the gaps also what a gate weighs: severity, state of the waiver, and what
    adoption says, each combination once."""

    gaps: LongList
    assets: LongList
    weighed: list[tuple[str, str, str]]
