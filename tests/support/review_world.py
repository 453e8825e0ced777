"""Two revisions of a small site by hand: assets with the outcome of one policy, and what `gap_moves` says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from tests.support import mapper_world as world

from plantproof.model.evidence import Claims, Identities
from plantproof.model.plant import Uncovered
from plantproof.model.policy import Violation
from plantproof.model.vocabulary import Outcome
from plantproof.review.gap_moves import Moves, gap_moves
from plantproof.review.judged import JudgedSite

PASS, FAIL, SILENT, APART = Outcome.PASS, Outcome.FAIL, Outcome.NO_EVIDENCE, Outcome.NOT_APPLICABLE
POLICY = "f/x"
CLAIMS = Claims(
    site=world.SITE,
    sources=(),
    identities=Identities(ids=frozenset(), canonical={}, by_key={}, names={}, retired={}),
    attestations=(),
)


def judged(
    outcomes: Mapping[str, Outcome],
    *,
    canonical: Mapping[str, str] | None = None,
    retired: Mapping[str, tuple[str, str, str]] | None = None,
    uncovered: Sequence[Uncovered] = (),
    found: Mapping[str, Sequence[str]] | None = None,
) -> JudgedSite:
    """A site whose assets have these outcomes of the policy `f/x`; `found` are the messages of a failing asset."""
    built = world.simple(outcomes, uncovered=uncovered)
    observation = built.observations[0]
    for asset, messages in (found or {}).items():
        row = built.plant.tables["asset"].rows[asset]
        observation.violations[row] = tuple(Violation(message) for message in messages)
    if uncovered:
        built.plant.uncovered["asset"] = list(uncovered)
    return JudgedSite(
        claims=CLAIMS,
        plant=built.plant,
        observations=built.observations,
        conclusions=built.conclude(),
        canonical=dict(canonical or {}),
        retired=dict(retired or {}),
    )


def moved(base: JudgedSite, head: JudgedSite) -> Moves:
    """What moved between two of them."""
    return gap_moves(base, head, {POLICY: world.policy(POLICY)})


def told(moves: Moves) -> list[tuple[str, str, str, str]]:
    """Status, outcome before and after, and subject of every move, in order of the subjects."""
    found = [(move.status, move.was, move.now, move.gap.subject) for move in moves.gaps]
    return sorted(found, key=lambda each: (each[3], each))


def renamed(site: JudgedSite, names: Mapping[str, str]) -> JudgedSite:
    """The same site, its assets called otherwise."""
    return msgspec.structs.replace(site, plant=msgspec.structs.replace(site.plant, names=dict(names)))
