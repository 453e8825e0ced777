"""Placing assets where a site waits for confirmation: people's word first, the draft only for what is left.

The law: what nobody has confirmed never makes a verdict better. So an asset that only a draft places counts where the
draft has it, and besides in every confirmed zone, as an unplaced one does; and its field `zone` stays unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plantproof.model.draft import confirmed, proposed, unconfirmed_zones
from plantproof.model.site import Site
from plantproof.plant.merge import Merged
from plantproof.plant.population import NameIndex
from plantproof.plant.subnets import SubnetIndex
from plantproof.plant.zones import DRAFTED, UNPLACED, Placement, named_members, place


def place_assets(
    assets: Merged,
    site: Site,
    index: NameIndex,
    subnets: SubnetIndex,
    interface_addresses: Mapping[int, Sequence[str]],
    last_addresses: Mapping[int, Sequence[str]],
) -> Placement:
    """Place every asset of a site, confirmed zones first. Arguments as those of `place`; `subnets` are the site's."""

    def placed_in(part: Site, within: SubnetIndex) -> Placement:
        members = named_members(part, index, assets.rows)
        return place(assets, part, members, within, interface_addresses, last_addresses)

    if not unconfirmed_zones(site):
        return placed_in(site, subnets)
    certain, draft = (placed_in(part, SubnetIndex(part)) for part in (confirmed(site), proposed(site)))
    every_certain = sorted(zone.id for zone in confirmed(site).zones)
    every = tuple(sorted(zone.id for zone in site.zones))
    for row, how in enumerate(certain.how):
        if how != UNPLACED:
            continue
        if draft.how[row] == UNPLACED:
            certain.zones[row] = every
            continue
        certain.how[row] = DRAFTED
        certain.zones[row] = tuple(sorted({*draft.zones[row], *every_certain}))
        certain.drafted[row] = draft.zones[row]
    # A zone that records name is undeclared where neither part of the site declares it.
    certain.remarks = [remark for remark in certain.remarks if remark in draft.remarks]
    return certain
