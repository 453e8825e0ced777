"""Which findings stop a gate: a CI job fails on these, and only on these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from plantproof.errors import refuse
from plantproof.model.assessment import Assessment, Gap, PolicyResult, Totals, Value
from plantproof.model.long_lists import LongLists
from plantproof.model.vocabulary import Reason, Severity
from plantproof.reports.words import counted

STALE = "stale"
"""The word by which evidence that is too old stops the gate."""


class Limits(NamedTuple):
    """From which severity on gaps stop the gate, and whether evidence that is too old does."""

    severity: str
    stale: bool = False


def severities_in(words: str | None) -> list[str]:
    """The severities among words as typed, separated by commas; None where nothing was typed. Raises InputError for a
    word that is neither a severity nor `stale`, and where something was typed that is no word at all."""
    typed = _typed(words)
    unknown = sorted(set(typed) - {*Severity, STALE})
    if unknown or (words is not None and not typed):
        named = ", ".join(f"`{word}`" for word in unknown or [""])
        raise refuse(f"--fail-on knows no {named}", f"it knows {', '.join([*Severity, STALE])}")
    return [word for word in typed if word != STALE]


def limits_of(words: str | None, fail_on: str) -> Limits:
    """The limits that words as typed give. A severity left out is `fail_on`, of the project; of several the least
    counts. Raises InputError as `severities_in`."""
    severities = severities_in(words) or [fail_on]
    return Limits(max(severities, key=lambda word: Severity(word).rank), STALE in _typed(words))


def _typed(words: str | None) -> list[str]:
    return [word.strip() for word in (words or "").split(",") if word.strip()]


def too_old(assessment: Assessment) -> str:
    """In words: which sources have evidence that is too old, and how many verdicts are missing by that; "" where all is
    fresh."""
    sources = [
        stale_words(f"{source.site}/{source.name}", source.stale_since)
        for site in assessment.sites
        for source in site.sources
        if source.stale_since
    ]
    verdicts = sum(policy.reasons.get(Reason.STALE, 0) for policy in assessment.policies)
    told = [f"{counted(len(sources), 'source')} with evidence that is too old: {', '.join(sources)}"] if sources else []
    told += [f"{counted(verdicts, 'verdict')} missing by that"] if verdicts else []
    return "; ".join(told)


def stale_words(source: str, since: Mapping[str, str]) -> str:
    """`cell-1/sensor (asset since 2026-01-31)`."""
    return f"{source} ({', '.join(f'{kind} since {day}' for kind, day in sorted(since.items()))})"


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
