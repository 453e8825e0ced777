"""Who is called what: titles and look-ups over a whole assessment, made once."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, Self

import msgspec

from plantproof.model.assessment import Assessment, Cause, Gap, SourceResult
from plantproof.reports.view_parts import GapView, Named
from plantproof.reports.view_values import parameter_text
from plantproof.reports.words import SEVERITIES

_SEVERITY_RANK = {word: rank for rank, word in enumerate(SEVERITIES)}


def severity_rank(word: str) -> int:
    """0 is the most severe; a word that is not known sorts last."""
    return _SEVERITY_RANK.get(word, len(_SEVERITY_RANK))


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """Titles of zones, conduits and frameworks, and the look-ups that keep building a view linear."""

    assessment: Assessment
    units: dict[tuple[str, str, str], str]
    frameworks: dict[str, str]
    sources: dict[tuple[str, str], SourceResult]
    causes: dict[tuple[str, str], Cause]
    gaps_of_policy: dict[tuple[str, str], list[Gap]]
    gaps_of_unit: dict[tuple[str, str, str], list[Gap]]
    gaps_of_control: dict[tuple[str, str], list[Gap]]
    gaps_per_site: Counter[str]
    site_titles: dict[str, str]
    assets: dict[tuple[str, str], str]

    @classmethod
    def of(cls, assessment: Assessment) -> Self:
        by_policy: dict[tuple[str, str], list[Gap]] = defaultdict(list)
        by_unit: dict[tuple[str, str, str], list[Gap]] = defaultdict(list)
        by_control: dict[tuple[str, str], list[Gap]] = defaultdict(list)
        for gap in sorted(assessment.gaps, key=cls.gap_order):
            by_policy[gap.site, gap.policy].append(gap)
            for kind, ids in (("zone", gap.zones), ("conduit", gap.conduits)):
                for unit in ids:
                    by_unit[gap.site, kind, unit].append(gap)
            for control in sorted({tuple(key.split("/", 2)[:2]) for key in gap.findings}):
                if len(control) == 2:
                    by_control[control[0], control[1]].append(gap)
        units = [unit for site in assessment.sites for unit in (*site.zones, *site.conduits)]
        return cls(
            assessment=assessment,
            units={(unit.site, unit.kind, unit.id): unit.title for unit in units},
            frameworks={framework.framework: framework.title for framework in assessment.frameworks},
            sources={(site.id, source.name): source for site in assessment.sites for source in site.sources},
            causes={(cause.site, cause.key): cause for cause in assessment.causes},
            gaps_of_policy=dict(by_policy),
            gaps_of_unit=dict(by_unit),
            gaps_of_control=dict(by_control),
            gaps_per_site=_per_site(assessment.causes),
            site_titles={site.id: site.title for site in assessment.sites},
            assets={(site.id, row.id): row.name for site in assessment.sites for row in site.assets},
        )

    @staticmethod
    def gap_order(gap: Gap) -> tuple[int, str, str, str, str, str]:
        """Most severe first, then what belongs together."""
        return (severity_rank(gap.severity), gap.site, gap.cause, gap.name, gap.subject, gap.id)

    def unit(self, site: str, kind: str, identity: str) -> Named:
        return Named(id=identity, title=self.units.get((site, kind, identity)) or identity)

    def where(self, site: str) -> str:
        """The title of a site for what is told of several; "" where there is one only."""
        return (self.site_titles.get(site) or site) if len(self.site_titles) > 1 else ""

    def framework_title(self, framework: str) -> str:
        return self.frameworks.get(framework) or framework

    def causes_with_gaps(self, gaps: list[GapView]) -> Iterator[tuple[Cause, list[GapView]]]:
        """Causes with their gaps: most severe first, then the one that explains most."""
        members: dict[tuple[str, str], list[GapView]] = defaultdict(list)
        for gap in gaps:
            members[gap.site, gap.cause].append(gap)
        ordered = sorted(
            self.assessment.causes,
            key=lambda cause: (severity_rank(cause.severity), -cause.gaps, cause.site, cause.key),
        )
        for cause in ordered:
            yield cause, members.get((cause.site, cause.key), [])

    @staticmethod
    def policy_key(site: str, policy: str, parameters: dict[str, Any]) -> str:
        """One policy with its parameters at one site, as a name for its page."""
        return "\n".join((policy, parameter_text(parameters), site))


def _per_site(causes: list[Cause]) -> Counter[str]:
    """How many gaps each site has: every gap has one cause."""
    found: Counter[str] = Counter()
    for cause in causes:
        found[cause.site] += cause.gaps
    return found


def slug(name: str) -> str:
    """A file name for an id of any text, the same on every system: lower case, nothing reserved, no clashes.

    What the cleaning changes is told apart by a piece of the hash of the original.
    """
    if len(name) <= 80 and name not in _RESERVED and re.fullmatch(r"[a-z0-9]+(?:[-_.]{1,2}[a-z0-9]+)*", name):
        return name
    clean = re.sub(r"[^a-z0-9]+", "-", name.lower())[:60].strip("-")
    return f"{clean or 'x'}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


_RESERVED = {"con", "prn", "aux", "nul", "index", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
