"""What stands together in a zone now and stood apart before: no rule lies between the devices of one zone, so that a
zone that is merged with another, or a device that is moved, reaches what no firewall was asked to let it reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plantproof.mappers.identity import living
from plantproof.model.plant import Plant
from plantproof.plant.zones import NOWHERE_CERTAIN
from plantproof.review.judged import JudgedSite

Stood = Mapping[str, frozenset[tuple[str, ...]]]
"""Zone of the head -> the zones in which the assets that stand there stood at the base, each asset's together."""


def stood(base: JudgedSite, head: JudgedSite) -> Stood:
    """Where the assets of each zone of the head stood at the base, as far as both sides are certain of their place.
    What is new stood nowhere."""
    before = {living(asset, head.canonical): zones for asset, zones in _certain(base.plant)}
    found: dict[str, set[tuple[str, ...]]] = {}
    for asset, zones in _certain(head.plant):
        was = before.get(asset) or before.get(living(asset, base.canonical))
        for zone in zones if was else ():
            found.setdefault(zone, set()).add(was or ())
    return {zone: frozenset(each) for zone, each in found.items()}


def stood_apart(stood_in: Stood, wanted: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The zones of the base, from and to, of which devices stand together now and none did before; to one of the zones
    `wanted`."""
    for together in stood_in.values():
        for own in together:
            for others in together:
                if not set(own) & set(others):
                    yield from ((source, zone) for zone in wanted.intersection(own) for source in others)


def _certain(plant: Plant) -> Iterator[tuple[str, tuple[str, ...]]]:
    assets = plant.tables["asset"]
    for asset, zones in zip(assets.ids, assets.zones, strict=True):
        if plant.placement.get(asset) not in NOWHERE_CERTAIN:
            yield asset, tuple(zones)
