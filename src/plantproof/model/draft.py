"""Intent that was drafted from evidence: what of a site a person has confirmed, and the questions that are left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from plantproof.model.site import Conduit, Site, Zone

QuestionKind = Literal["boundary", "crossing", "kind", "owner", "place", "sl-target", "subnet"]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that only a person can say. `decides` counts what hangs on the answer (assets, or flows and rules)."""

    kind: QuestionKind
    about: tuple[str, ...]
    """Ids of the zones or conduits that it is about; none for the site."""
    text: str
    why: str
    decides: int


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A proposed site. Everything in it is unconfirmed. `questions` the most deciding first.

    `notes` by the id of a zone or conduit: what it was proposed from, in words.
    """

    site: Site
    questions: tuple[Question, ...]
    notes: dict[str, tuple[str, ...]]
    assets: int
    """How many assets the evidence has; `placed` of them stand in a proposed zone."""
    placed: int


def unconfirmed_zones(site: Site) -> frozenset[str]:
    """Ids of the zones that nobody has confirmed."""
    return frozenset(zone.id for zone in site.zones if zone.unconfirmed)


def unconfirmed_conduits(site: Site) -> frozenset[str]:
    """Ids of the conduits that nobody has confirmed, or that join a zone which nobody has."""
    open_zones = unconfirmed_zones(site)
    return frozenset(
        conduit.id for conduit in site.conduits if conduit.unconfirmed or not open_zones.isdisjoint(conduit.zones)
    )


def draft_words(site: Site) -> str:
    """What waits for confirmation, in words, or "" where nothing does: every report says it."""
    zones, conduits = len(unconfirmed_zones(site)), len(unconfirmed_conduits(site))
    counted = [
        f"{count} of {total} {word}"
        for count, total, word in ((zones, len(site.zones), "zones"), (conduits, len(site.conduits), "conduits"))
        if count
    ]
    return f"draft intent: nobody has confirmed {' and '.join(counted)}" if counted else ""


def confirmed(site: Site) -> Site:
    """The site as far as people have confirmed it: what may make a verdict better."""
    waiting = unconfirmed_zones(site) | unconfirmed_conduits(site)
    return _only(site, lambda unit: unit.id not in waiting)


def proposed(site: Site) -> Site:
    """The rest of the site: what nobody has confirmed."""
    waiting = unconfirmed_zones(site) | unconfirmed_conduits(site)
    return _only(site, lambda unit: unit.id in waiting)


def _only(site: Site, wanted: Callable[[Zone | Conduit], bool]) -> Site:
    zones = [zone for zone in site.zones if wanted(zone)]
    kept = {zone.id for zone in zones}
    return msgspec.structs.replace(
        site,
        zones=zones,
        conduits=[conduit for conduit in site.conduits if wanted(conduit)],
        shared_systems=[
            msgspec.structs.replace(shared, serves=[zone for zone in shared.serves if zone in kept])
            for shared in site.shared_systems
        ],
        expected_assets=[
            each if each.zone in kept else msgspec.structs.replace(each, zone="") for each in site.expected_assets
        ],
    )
