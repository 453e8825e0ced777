"""What is pointed at: one gap or move with its lines, in the words that CI formats, comments and terminals share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from plantproof.mappers.identity import canonical, name_of
from plantproof.model.assessment import Assessment, EvidenceLink, Gap
from plantproof.model.delta import Delta, SiteDelta
from plantproof.model.moves import MIRRORED, Brought, GapMove, LostSight, uncompensated
from plantproof.model.policy import Policy, Violation
from plantproof.reports.reporters import Options
from plantproof.reports.view_names import severity_rank
from plantproof.reports.view_values import parameter_text, value_text
from plantproof.reports.words import REASONS

STATUSES: tuple[str, ...] = tuple(MIRRORED)
FAILS = "fails"
"""The status of a mark where there is nothing to compare with."""
STOPS = "stops"
"""The status of a mark that is about the gate of a change, and not about what moved."""


class Place(NamedTuple):
    """A line of a file of the project; line 0 is the file."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


class Mark(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing to point at. `status` is that of a move, or FAILS. `subjects`: how many it speaks of."""

    id: str
    status: str
    severity: str
    site: str
    policy: str
    parameters: dict[str, Any]
    criterion: str
    name: str
    device: str
    zones: list[str]
    violations: list[Violation]
    why: str
    evidence: list[EvidenceLink]
    brought: list[Brought]
    subjects: int = 1
    waiver: str = ""
    waived: bool = False
    adopted: str = ""
    """How it stands to what was adopted, as `Gap.adopted`."""
    review: str = ""
    identity: str = ""
    because: str = ""
    file: str = ""
    """What to point at where no line of evidence is behind it."""

    def spared(self, options: Options) -> str:
        """Why it does not stop the gate, "" where it does. Whatever spares it, it stays a gap."""
        if self.waived:
            return f"under a waiver in force: {self.waiver}"
        return "adopted" if options.adopted and self.adopted in ("adopted", "overdue") else ""

    @property
    def subject(self) -> str:
        """What people call it, with the device that it belongs to."""
        name = f"{self.name} on {self.device}" if self.device and self.device not in self.name else self.name
        return f"{name} ({self.subjects} subjects)" if self.subjects > 1 else name

    @property
    def conditions(self) -> list[str]:
        """What was found, a line a violation; why nothing is known any more, where nothing is."""
        if self.status == "unknown-now" or not self.violations:
            return [self.why] if self.why else []
        return [told(violation) for violation in self.violations]

    @property
    def message(self) -> str:
        """Criterion, subject and condition in one sentence."""
        found = "; ".join(self.conditions)
        return f"{self.criterion}: {self.subject}" + (f": {found}" if found else "")

    @property
    def places(self) -> list[Place]:
        """The lines of the raw files behind it, else of the records; the commit's file where there are none; else
        the `file` it names, or at least the site's own. A forge shows nothing that has no place."""
        found = [
            Place(link.raw, link.raw_line) if link.raw else Place(link.record, link.record_line)
            for link in self.evidence
        ]
        found = found or [Place(each.path, each.line) for each in self.brought if each.path]
        return list(dict.fromkeys(found)) or [Place(self.file or f"controls/sites/{self.site}.yaml")]


class RuleText(msgspec.Struct, frozen=True, kw_only=True):
    """What a policy demands and what to do, for formats that explain a rule once."""

    id: str
    title: str
    description: str
    severity: str
    action: str = ""
    window: str = ""
    interim: str = ""

    @property
    def help(self) -> str:
        """What to do, when, and what helps until then."""
        told = (("What to do", self.action), ("When", self.window), ("Until then", self.interim))
        return "\n".join(f"{label}: {text}" for label, text in told if text) or self.description or self.title


def told(violation: Violation) -> str:
    """A violation in one line: the message with what was seen and what was expected."""
    seen, expected = value_text(violation.seen), value_text(violation.expected)
    details = ", ".join([f"seen {seen}"] * bool(seen) + [f"expected {expected}"] * bool(expected))
    return f"{violation.message} ({details})" if details else violation.message


def mark_of_gap(gap: Gap, status: str = FAILS, **more: Any) -> Mark:
    """A gap as it is pointed at. `more` says what a move knows besides."""
    return Mark(
        id=gap.id,
        status=status,
        severity=gap.severity,
        site=gap.site,
        policy=gap.policy,
        parameters=gap.parameters,
        criterion=gap.criterion.rstrip("."),
        name=gap.name or gap.subject,
        device=gap.device,
        zones=gap.zones,
        violations=gap.violations,
        evidence=gap.evidence,
        waiver=gap.waiver,
        waived=gap.waiver_state == "in-force",
        adopted=gap.adopted,
        review=gap.review,
        **{"why": "", "brought": [], **more},
    )


def mark_of_move(move: GapMove) -> Mark:
    """The same of a gap that moved."""
    mark = mark_of_gap(
        move.gap, move.status, why=move.why, brought=move.brought, identity=move.identity, because=move.because
    )
    return msgspec.structs.replace(mark, waived=False) if uncompensated(move) else mark


def mark_of_lost(lost: LostSight) -> Mark:
    """The same of subjects that passed, and of which nothing is known any more."""
    reason = REASONS.get(lost.reason, lost.reason)
    return Mark(
        id=name_of("lost", lost.site, lost.policy, canonical(lost.parameters).decode(), lost.subject),
        status="unknown-now",
        severity=lost.severity,
        site=lost.site,
        policy=lost.policy,
        parameters=lost.parameters,
        criterion=lost.criterion.rstrip("."),
        name=lost.name or lost.subject,
        device="",
        zones=lost.zones,
        violations=[],
        why=f"passed before; {reason}" + (f": {lost.why}" if lost.why else ""),
        evidence=[],
        brought=lost.brought,
        subjects=lost.subjects,
        because=lost.because,
    )


def marks_of_assessment(assessment: Assessment) -> list[Mark]:
    """Every gap, most severe first, then as the assessment has them."""
    return sorted((mark_of_gap(gap) for gap in assessment.gaps), key=worst_first)


def marks_of_site(site: SiteDelta, statuses: Iterable[str] = STATUSES) -> Iterator[Mark]:
    """What moved at one site, of these statuses: gaps, then what passed and is not known any more."""
    wanted = frozenset(statuses)
    yield from (mark_of_move(move) for move in site.gaps if move.status in wanted)
    if "unknown-now" in wanted:
        yield from map(mark_of_lost, site.lost)


def marks_of_delta(delta: Delta, statuses: Iterable[str]) -> list[Mark]:
    """What moved, at all sites, of these statuses: most severe first, then as the delta has it."""
    wanted = frozenset(statuses)
    return sorted((mark for site in delta.sites for mark in marks_of_site(site, wanted)), key=worst_first)


def worst_first(mark: Mark) -> int:
    return severity_rank(mark.severity)


def rules_of_assessment(assessment: Assessment) -> dict[str, RuleText]:
    """The policies that were asked, with what to do where something came of it."""
    causes = {cause.policy: cause for cause in reversed(assessment.causes)}
    return {
        result.policy: RuleText(
            id=result.policy,
            title=result.title,
            description=result.description,
            severity=result.severity,
            action=causes[result.policy].action if result.policy in causes else "",
            window=causes[result.policy].window if result.policy in causes else "",
            interim=causes[result.policy].interim if result.policy in causes else "",
        )
        for result in assessment.policies
    }


def rules_of_policies(policies: Mapping[str, Policy]) -> dict[str, RuleText]:
    """The policies of a bundle."""
    return {
        identifier: RuleText(
            id=identifier,
            title=policy.title,
            description=policy.description,
            severity=policy.metadata.severity,
            action=policy.metadata.remediation.action,
            window=policy.metadata.remediation.window,
            interim=policy.metadata.remediation.interim,
        )
        for identifier, policy in sorted(policies.items())
    }


def label(mark: Mark) -> str:
    """The policy with its parameters, as the name of a test or a check."""
    parameters = parameter_text(mark.parameters)
    return f"{mark.policy} ({parameters})" if parameters else mark.policy
