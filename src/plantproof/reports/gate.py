"""Which findings stop a gate: a CI job fails on these, and only on these."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from plantproof.errors import refuse
from plantproof.model.assessment import Assessment, Gap, PolicyResult, Totals, Value
from plantproof.model.long_lists import LongLists
from plantproof.model.vocabulary import Severity


class Stopped(Value, frozen=True, kw_only=True, omit_defaults=True):
    """Why a gate does not open: gaps, and policies that could not be evaluated. Empty means it opens."""

    gaps: list[Gap] = []
    errors: list[PolicyResult] = []

    def __bool__(self) -> bool:
        return bool(self.gaps or self.errors)


def gate(assessment: Assessment, fail_on: str, *, adopted: bool = False) -> Stopped:
    """What stops the gate: gaps of severity `fail_on` or worse without a waiver in force, and policies with errors.

    With `adopted`, gaps that were adopted and are no worse since do not stop it either: adoption, too, changes the gate
    and never the finding.

    A waiver changes the gate, never the finding (verdicts.md 13). A policy that failed to run judged nothing: green
    would be an accident, so its severity does not matter.
    """
    limit = Severity(fail_on).rank
    return Stopped(
        gaps=[gap for gap in assessment.gaps if _weighs(gap, limit, adopted)],
        errors=[policy for policy in assessment.policies if policy.totals.error],
    )


def refuse_nothing_judged(assessment: Assessment) -> None:
    """Raise InputError where no policy found a subject at any site and nobody attested anything: that is no green.

    A site has a zone at least, so this is a project whose policies all ask about what is not there.
    """
    asked = sum((policy.totals for policy in assessment.policies), Totals())
    if not (asked.expected or asked.not_applicable or any(site.attestations for site in assessment.sites)):
        sites = ", ".join(site.id for site in assessment.sites)
        raise refuse(f"no subjects: nothing was judged at {sites}", "collect evidence of what the policies ask about")


class _Weighed(NamedTuple):
    """What the gate asks of a gap."""

    severity: str
    waiver_state: str
    adopted: str


def _weighs(gap: Gap | _Weighed, limit: int, adopted: bool) -> bool:
    known = adopted and gap.adopted in ("adopted", "overdue")
    return Severity(gap.severity).rank <= limit and gap.waiver_state != "in-force" and not known


def stops(assessment: Assessment, fail_on: str, lists: Iterable[LongLists], *, adopted: bool = False) -> bool:
    """Whether anything stops the gate, also where the gaps of the sites are in `lists`, left encoded."""
    limit = Severity(fail_on).rank
    return bool(gate(assessment, fail_on, adopted=adopted)) or any(
        _weighs(_Weighed(*weighed), limit, adopted) for each in lists for weighed in each.weighed
    )
