"""A site as judged at one revision, with everything that comparing it with another needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from plantproof.mappers.conclusions import SiteConclusions
from plantproof.mappers.identity import canonical
from plantproof.model.evidence import Claims
from plantproof.model.observation import Observations
from plantproof.model.plant import Plant


class Key(NamedTuple):
    """A policy with its canonical parameters."""

    policy: str
    parameters: bytes


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One site at one revision on one date: what it is, what every policy saw of it, and what that comes to.

    `canonical` maps every id that an asset ever had to the one it has now; `retired` an asset that has left to
    (date, approver, reason).
    """

    plant: Plant
    observations: list[Observations]
    conclusions: SiteConclusions
    canonical: Mapping[str, str]
    retired: Mapping[str, tuple[str, str, str]]

    def asked(self) -> dict[Key, Observations]:
        """The observations of what control parts ask; what only a countermeasure asks is no gap."""
        found = {Key(each.policy, canonical(each.parameters)) for each in self.conclusions.policies if each.controls}
        by_key = {Key(each.policy, bytes(each.parameters)): each for each in self.observations}
        return {key: by_key[key] for key in sorted(found) if key in by_key}


class JudgedSite(Judged, frozen=True, kw_only=True):
    """The same with what the sources say."""

    claims: Claims
