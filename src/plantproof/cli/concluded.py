"""What a site came to, in the form in which it travels between processes and lies in the cache."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from plantproof.files import encode_json
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.model.assessment import AssetRow, Gap
from plantproof.model.long_lists import LongLists
from plantproof.reports.json_report import assets_laid_out, gaps_laid_out
from plantproof.reports.laid_assets import rows_in


class Concluded(msgspec.Struct, frozen=True):
    """The conclusions on one site; its gaps and assets apart, as JSON: most of the bytes, and often only written."""

    conclusions: SiteConclusions
    lists: LongLists

    def whole(self) -> SiteConclusions:
        """As one process would have concluded."""
        found = self.conclusions
        assets = msgspec.json.decode(self.lists.assets, type=list[AssetRow])
        site = msgspec.structs.replace(found.site, assets=assets)
        return msgspec.structs.replace(found, site=site, gaps=self.gaps())

    def gaps(self) -> list[Gap]:
        """The gaps, read."""
        return msgspec.json.decode(self.lists.gaps, type=list[Gap])

    def rows_of(self, assets: Collection[str]) -> dict[str, AssetRow]:
        """The rows of some assets, by id."""
        return rows_in(bytes(self.lists.assets), assets)

    def copied(self) -> Concluded:
        """The same with long lists of their own, to be searched: a view of bytes cannot be."""
        return msgspec.structs.replace(self, lists=LongLists(*map(bytes, self.lists)))

    def packed(self) -> bytes:
        """As bytes, of which `unpacked` makes the same again."""
        rest = encode_json(self.conclusions)
        return b"".join((b"%d %d\n" % (len(rest), len(self.lists.gaps)), rest, *self.lists))


def apart(found: SiteConclusions) -> Concluded:
    """Conclusions with their long lists left aside, encoded."""
    lists = LongLists(gaps_laid_out(found.gaps), assets_laid_out(found.site.assets))
    rest = msgspec.structs.replace(found, site=msgspec.structs.replace(found.site, assets=[]), gaps=[])
    return Concluded(rest, lists)


def unpacked(data: bytes) -> Concluded | None:
    """What was packed; None for anything else. The long lists are views of `data`: 100 MB of them are not copied."""
    start = data.find(b"\n") + 1
    view = memoryview(data)
    try:
        rest, gaps = (start + size for size in _sizes(data[:start]))
        conclusions = msgspec.json.decode(view[start:rest], type=SiteConclusions)
    except (ValueError, msgspec.DecodeError, RecursionError):
        return None
    return Concluded(conclusions, LongLists(view[rest:gaps], view[gaps:]))


def _sizes(head: bytes) -> tuple[int, int]:
    """Where the conclusions end, and where the gaps do. Raises ValueError for another head."""
    rest, gaps = map(int, head.split())
    return rest, rest + gaps
