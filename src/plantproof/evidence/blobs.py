"""Files of evidence by their ids in git: their bytes, and what was found out about them, which an id keeps true."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import msgspec

from plantproof.evidence.identities import IdentitiesInPart
from plantproof.evidence.layout import may_be_written_otherwise
from plantproof.files import encode_json, load_yaml
from plantproof.model.evidence import Custody


class FoundOut(msgspec.Struct):
    """What was found out about files, by their ids: worth keeping from one run to the next.

    `plain`: records that are written as a collection writes them. `custody`: what custody files say, as JSON.
    `mentioning`: of identities written as they are appended, the lines about merged and retired assets.
    """

    plain: set[str] = msgspec.field(default_factory=set)
    custody: dict[str, msgspec.Raw] = msgspec.field(default_factory=dict)
    mentioning: dict[str, str] = msgspec.field(default_factory=dict)


class Blobs:
    """What was read of the evidence of one site, in any of its states: those share most of their files."""

    def __init__(self, found: FoundOut | None = None) -> None:
        self.data: dict[str, bytes] = {}
        self.found = found or FoundOut()
        self.more = False
        """Whether something was found out that `found` did not hold at first."""
        self._custody: dict[str, Custody] = {}
        self._identities: dict[str, IdentitiesInPart] = {}

    def keep_only(self, ids: Collection[str]) -> None:
        """Forget every other file."""
        found = self.found
        for of in (self.data, found.custody, found.mentioning, self._custody, self._identities):
            for gone in of.keys() - ids:
                del of[gone]
        found.plain.intersection_update(ids)

    def is_plain(self, blob: str) -> bool:
        """Whether records are written as a collection writes them, so that what stands in a line is found by its
        bytes."""
        if blob not in self.found.plain:
            if _written_otherwise(self.data[blob]):
                return False
            self.found.plain.add(blob)
            self.more = True
        return True

    def more_lines(self, blob: str, lines: Iterable[bytes]) -> None:
        """A file of records has these lines, and else only such as a plain one has."""
        if blob not in self.found.plain and not _written_otherwise(b"\n".join(lines)):
            self.found.plain.add(blob)
            self.more = True

    def custody(self, blob: str, path: str, read: Callable[[], bytes]) -> Custody:
        """What a custody file says, which is `read` where that is not known. Raises InputError where it cannot be
        read."""
        if blob not in self._custody:
            known = self.found.custody.get(blob)
            if known is None:
                self._custody[blob] = load_yaml(read(), path, Custody)
                self.found.custody[blob] = msgspec.Raw(encode_json(self._custody[blob]))
                self.more = True
            else:
                self._custody[blob] = msgspec.json.decode(known, type=Custody)
        return self._custody[blob]

    def identities(self, blob: str, path: str, read: Callable[[], bytes]) -> IdentitiesInPart:
        """The identities of a file, of which some are to be asked for; it is `read` where one has to be looked up."""
        if blob not in self._identities:
            found = IdentitiesInPart(read, path, self.found.mentioning.get(blob))
            self._identities[blob] = found
            if found.mentioning is not None and blob not in self.found.mentioning:
                self.found.mentioning[blob] = found.mentioning
                self.more = True
        return self._identities[blob]


def _written_otherwise(records: bytes) -> bool:
    return may_be_written_otherwise(records, ("asset", "id"))
