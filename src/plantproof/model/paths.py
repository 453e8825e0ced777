"""What a change opens or closes between zones: services before and after, deciding rule, sample packet, ways out."""

from __future__ import annotations

from typing import Literal

from plantproof.model.assessment import EvidenceLink
from plantproof.model.reach import Sample
from plantproof.model.value import Value

PathStatus = Literal["opened", "wider", "narrower", "closed", "changed"]
"""`opened`: a service passes that did not; `wider`: the same services, to or from more addresses; and backwards.
`changed`: as much passes as before, by other rules, with other certainty, or in another conduit."""


class DecidingRule(Value, frozen=True, kw_only=True, omit_defaults=True):
    """A rule that lets a service pass, with the line of its record."""

    id: str
    name: str
    evidence: list[EvidenceLink] = []


class ServicePath(Value, frozen=True, kw_only=True, omit_defaults=True):
    """One service that one device lets pass from zone to zone, on one side of the change."""

    service: str
    without: list[str] = []
    """Of `ip`: what of it never passes."""
    device: str = ""
    """Id of the asset; nothing where the rules do not name theirs."""
    device_name: str = ""
    rules: list[DecidingRule]
    sample: Sample
    conduit: str = ""
    """The conduit that permits it; nothing where none does."""
    answers: bool = False
    """Only answers on connections that the other side opened."""
    undecided: list[str] = []
    """Why it may not pass after all."""
    src_addresses: int = 0
    dst_addresses: int = 0
    """How many addresses it passes from and to."""


class PathWayOut(Value, frozen=True, kw_only=True, omit_defaults=True):
    """Another way to the same end.

    `conduit`: one that joins the zones serves, or could; `detour`: conduits that lead there over other zones;
    `narrower`: the smallest rule that keeps what was seen to flow; `unused`: nothing was seen that needs it.
    """

    kind: Literal["conduit", "detour", "narrower", "unused"]
    words: str
    conduits: list[str] = []
    sources: list[str] = []
    destinations: list[str] = []
    services: list[str] = []
    flows: list[str] = []
    """Ids of the flows that a narrower rule keeps."""


class PathChange(Value, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that a change moves from one zone to another."""

    site: str
    src_zone: str
    dst_zone: str
    src_title: str = ""
    dst_title: str = ""
    status: PathStatus
    services_before: list[str] = []
    """All that passed, by any device. Answers are left out: they open nothing."""
    services_after: list[str] = []
    opened: list[ServicePath] = []
    """What passes now and did not, or passes to or from more addresses."""
    closed: list[ServicePath] = []
    changed: list[ServicePath] = []
    """What passes as before by other rules, with other certainty, or in another conduit: as it is now."""
    ways_out: list[PathWayOut] = []
