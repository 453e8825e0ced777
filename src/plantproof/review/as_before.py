"""The design intent of the base, under which evidence of the head can be read: what the change adds has its place, and
permits nothing yet."""

from __future__ import annotations

import msgspec

from plantproof.model.site import Site, Zone


def as_before(base: Site, head: Site) -> Site:
    """The site as the base designs it, with the zones that only the head has.

    Evidence of the head speaks of them, and their devices lie nowhere else. What the base says of a subnet or a member
    stands; of conduits, targets and functions only what it says.
    """
    known = {zone.id for zone in base.zones}
    subnets = {subnet for zone in base.zones for subnet in zone.subnets}
    members = {member for zone in base.zones for member in zone.members}
    added = [_placed(zone, subnets, members) for zone in head.zones if zone.id not in known]
    return msgspec.structs.replace(base, zones=[*base.zones, *added]) if added else base


def _placed(zone: Zone, subnets: set[str], members: set[str]) -> Zone:
    return Zone(
        id=zone.id,
        title=zone.title,
        kind=zone.kind,
        purdue_level=zone.purdue_level,
        subnets=[each for each in zone.subnets if each not in subnets],
        members=[each for each in zone.members if each not in members],
    )
