"""The design intent of the base, under which evidence of the head can be read: what the change adds has its place, and
permits nothing yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from plantproof.mappers.identity import living
from plantproof.model.site import Site, Zone
from plantproof.plant.subnets import Network, SubnetIndex, parse_network
from plantproof.plant.zones import MEMBER, SUBNET
from plantproof.review.judged import JudgedSite


def as_before(base: JudgedSite, head: JudgedSite) -> Site:
    """The site as the base designs it, with the zones that only the head has; `base` and `head` are the site as each
    side has it.

    Evidence of the head speaks of them, and their devices lie nowhere else. What the base says of a subnet or a member
    stands; of conduits, targets and functions only what it says.
    """
    before, after = base.plant.site, head.plant.site
    known = {zone.id for zone in before.zones}
    new = [zone for zone in after.zones if zone.id not in known]
    if not new:
        return before
    networks = [found for zone in before.zones for each in zone.subnets if (found := parse_network(each))]
    taken = _taken(base, head, new)
    return msgspec.structs.replace(before, zones=[*before.zones, *(_placed(zone, networks, taken) for zone in new)])


def _placed(zone: Zone, networks: Sequence[Network], taken: set[str]) -> Zone:
    return Zone(
        id=zone.id,
        title=zone.title,
        kind=zone.kind,
        purdue_level=zone.purdue_level,
        subnets=[each for each in zone.subnets if not _overlaps(parse_network(each), networks)],
        members=[each for each in zone.members if each.casefold() not in taken],
    )


def _overlaps(network: Network | None, others: Sequence[Network]) -> bool:
    """Whether a network shares an address with others. The narrower of two has the address: half of a network would
    take from the whole of it."""
    return network is not None and any(network.version == each.version and network.overlaps(each) for each in others)


def _taken(base: JudgedSite, head: JudgedSite, new: Sequence[Zone]) -> set[str]:
    """What members of the new zones are called that have their place by the base: it names them too, whatever it calls
    them, or they have an address in one of its subnets."""
    site, zones = base.plant.site, {zone.id for zone in new}
    found = {member.casefold() for zone in site.zones for member in zone.members}
    found |= {each.name.casefold() for each in site.expected_assets if each.zone}
    named = set(found)
    placed = {living(each, head.canonical) for each, how in base.plant.placement.items() if how in (MEMBER, SUBNET)}
    index, assets = SubnetIndex(site), head.plant.tables["asset"]
    for row, (identifier, own) in enumerate(zip(assets.ids, assets.zones, strict=True)):
        if head.plant.placement.get(identifier) != MEMBER or zones.isdisjoint(own):
            continue
        names = _names(head, row)
        if (
            identifier in placed
            or not named.isdisjoint(names)
            or any(index.zones_of_text(address) for address in _addresses(head, row))
        ):
            # A name that only some lesser source gives it is not found here: then none of its zone's members stays.
            members = {member.casefold() for zone in new if zone.id in own for member in zone.members}
            found |= names & members or members
    return found


def _names(side: JudgedSite, row: int) -> set[str]:
    """Everything by which a site may name an asset."""
    identifier = side.plant.tables["asset"].ids[row]
    given = {each for each, now in side.canonical.items() if now == identifier} | {identifier}
    names = {*given, *_listed(side, "asset", "names", row), side.plant.name_of("asset", identifier)}
    names |= {name for each in given for name in side.claims.identities.names.get(each, ())}
    return {name.casefold() for name in names}


def _addresses(side: JudgedSite, row: int) -> Iterator[str]:
    """The addresses of an asset: its own, and those of its interfaces."""
    yield from _listed(side, "asset", "ips", row)
    interfaces = side.plant.tables.get("interface")
    for each, asset_row in enumerate(interfaces.asset_rows if interfaces else ()):
        if asset_row == row:
            yield from _listed(side, "interface", "ips", each)


def _listed(side: JudgedSite, kind: str, field: str, row: int) -> Iterator[str]:
    """What any fresh source lists in a field of one row."""
    column = side.plant.tables[kind].columns.get(field)
    if column is not None:
        for value in {column.values[row], *column.disputed.get(row, ())} - {None}:
            yield from msgspec.json.decode(value or b"[]", type=list[str])
