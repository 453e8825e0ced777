"""The design intent of a site proposed from its evidence: zones, conduits, and what only a person can say."""

from __future__ import annotations

from collections.abc import Sequence

from plantproof.bulk import collector_paused
from plantproof.errors import refuse
from plantproof.model.draft import Draft
from plantproof.model.evidence import Claims
from plantproof.model.site import Site, Zone
from plantproof.plant.draft_conduits import OUTSIDE, Proposed, draw_conduits, traffic_of
from plantproof.plant.draft_evidence import plain, read_evidence
from plantproof.plant.draft_questions import questions
from plantproof.plant.draft_subnets import draw_subnets
from plantproof.plant.draft_words import unique
from plantproof.plant.draft_zones import draw_zones

NOBODY = "nobody yet: who answers for this plant?"


def draft(claims: Claims, *, precedence: Sequence[str] = (), named: Sequence[str] = ()) -> Draft:
    """Propose the intent of a site. Pure: the same claims, the same draft; every zone and conduit is unconfirmed.

    `precedence` is the project's order of sources, `named` are zones that its settings speak of: the draft has them
    all, so that what is written there stays valid. Raises InputError where there is no evidence to draft from.
    """
    with collector_paused():
        evidence = read_evidence(claims, precedence, named)
        if not evidence.devices and not evidence.flows:
            raise refuse(
                f"site `{claims.site}` has no evidence of assets, interfaces or flows: there is nothing to draft from",
                f"`plantproof collect --site {claims.site} --source NAME EXPORT...` first",
                path=f"evidence/{claims.site}",
            )
        drawn = draw_subnets(evidence.devices)
        zoned = draw_zones(evidence, drawn)
        traffic = traffic_of(evidence, drawn, zoned)
        zones = [group.zone for group in zoned.groups]
        notes = {group.zone.id: group.hints for group in zoned.groups}
        names = {place: zone.id for place, zone in enumerate(zones)}
        if any(OUTSIDE in way for way in [*traffic.seen, *traffic.permitted]):
            outside = _outside({zone.id.casefold() for zone in zones})
            zones.insert(0, outside)
            names[OUTSIDE] = outside.id
            notes[outside.id] = ("public addresses at the ends of flows or rules",)
        conduits = draw_conduits(evidence, drawn, zoned, traffic, names)
        site = Site(
            schema="plantproof/site/1",
            id=claims.site,
            title=plain(claims.site),
            owner=NOBODY,
            zones=zones,
            conduits=[each.conduit for each in conduits],
        )
        notes |= {each.conduit.id: _notes(each) for each in conduits}
        placed = sum(place >= 0 for place in zoned.by_device)
        return Draft(
            site=site,
            questions=questions(evidence, drawn, zoned, traffic, conduits, names),
            notes=notes,
            assets=len(evidence.devices),
            placed=placed,
        )


def _outside(taken: set[str]) -> Zone:
    return Zone(
        id=unique("outside", taken),
        title="Outside of the plant",
        kind="external",
        purdue_level=5.0,
        unconfirmed=True,
    )


def _notes(proposed: Proposed) -> tuple[str, ...]:
    named = ((proposed.unruled, "seen, and no collected rule lets it through"),
             (proposed.unseen, "let through, and not seen"),
             (proposed.left_out, "not proposed"))  # fmt: skip
    lists = (f"{words}: {', '.join(items[:6])}{' ...' if len(items) > 6 else ''}" for items, words in named if items)
    return (*proposed.notes, *lists)
