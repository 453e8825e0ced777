"""What a site came to, in the form in which it travels between processes and lies in the cache."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

import msgspec

from plantproof.files import encode_json
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.model.assessment import AssetRow, Gap
from plantproof.model.long_lists import LongList, LongLists, Part
from plantproof.reports.laid_rows import (
    gap_list,
    gaps_about,
    gaps_in,
    laid_out,
    laid_out_once,
    rows_in,
    weighed,
    with_rows,
)

if TYPE_CHECKING:
    from plantproof.carry_over import Carried

Read = Callable[[str], bytes | None]


class _Packed(msgspec.Struct):
    conclusions: SiteConclusions
    gaps: list[Part]
    assets: list[Part]
    weighed: list[tuple[str, str, str]]


class Concluded(msgspec.Struct, frozen=True):
    """The conclusions on one site; its gaps and assets apart, as JSON: most of the bytes, and often only written, or
    not even that. What is asked of them raises NotKeptError where they are no longer where they were kept."""

    conclusions: SiteConclusions
    lists: LongLists

    def whole(self) -> SiteConclusions:
        """As one process would have concluded."""
        found = self.conclusions
        assets = msgspec.json.decode(self.lists.assets.json(), type=list[AssetRow])
        site = msgspec.structs.replace(found.site, assets=assets)
        return msgspec.structs.replace(found, site=site, gaps=self.gaps())

    def gaps(self) -> list[Gap]:
        """The gaps, read."""
        return gaps_in(self.lists.gaps)

    def gaps_about(self, assets: Collection[str]) -> list[Gap]:
        """The gaps about some assets, in their order, and some others."""
        return list(gaps_about(self.lists.gaps, assets))

    def rows_of(self, assets: Collection[str]) -> dict[str, AssetRow]:
        """The rows of some assets, by id."""
        return rows_in(self.lists.assets, assets)

    def with_lists(self, read: Read | None = None) -> Concluded:
        """The same, with all of the long lists read."""
        gaps, assets, weighed = self.lists
        return Concluded(self.conclusions, LongLists(gaps.with_all(read), assets.with_all(read), weighed))

    def read_by(self, read: Read) -> Concluded:
        """The same, the parts that are not held to be read so."""
        gaps, assets, weighed = self.lists
        return Concluded(self.conclusions, LongLists(gaps.read_by(read), assets.read_by(read), weighed))

    def after(self, carried: Carried) -> Concluded:
        """What became of it."""
        gaps, assets, weighs = self.lists
        if carried.gaps is not None:
            gaps, weighs = gap_list(carried.gaps), weighed(carried.gaps)
        return Concluded(carried.conclusions, LongLists(gaps, with_rows(assets, carried.rows), weighs))

    def packed(self) -> bytes:
        """As bytes, of which `unpacked` makes the same again where the parts of the long lists can be read."""
        gaps, assets, weighed = self.lists
        return encode_json(_Packed(self.conclusions, gaps.parts, assets.parts, weighed))


def apart(found: SiteConclusions) -> Concluded:
    """Conclusions with their long lists left aside, encoded."""
    return Concluded(_rest(found), laid_out(found.gaps, found.site.assets))


def apart_once(found: SiteConclusions) -> Concluded:
    """The same, of which nothing is kept."""
    return Concluded(_rest(found), laid_out_once(found.site.id, found.gaps, found.site.assets))


def without_lists(found: SiteConclusions) -> Concluded:
    """Conclusions of whose long lists nobody asks: laying them out would be for nothing, and reading them raises
    NotKeptError."""
    gone = LongList([Part("", 0, [])], {})
    return Concluded(_rest(found), LongLists(gone, gone, weighed(found.gaps)))


def _rest(found: SiteConclusions) -> SiteConclusions:
    return msgspec.structs.replace(found, site=msgspec.structs.replace(found.site, assets=[]), gaps=[])


def unpacked(data: bytes, read: Read) -> Concluded | None:
    """What was packed; None for anything else. The long lists are `read` part by part when they are asked for."""
    try:
        packed = msgspec.json.decode(data, type=_Packed)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    gaps, assets = (LongList(parts, {}, read) for parts in (packed.gaps, packed.assets))
    return Concluded(packed.conclusions, LongLists(gaps, assets, packed.weighed))
