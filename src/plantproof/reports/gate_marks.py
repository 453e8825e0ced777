"""What stops a gate and is no gap, as marks: who reads only what CI formats point at must not take it for green."""

from __future__ import annotations

from collections.abc import Container

import msgspec

from plantproof.mappers.identity import canonical, name_of
from plantproof.model.assessment import Assessment
from plantproof.model.vocabulary import Reason, Severity
from plantproof.project import PROJECT_FILE
from plantproof.reports.delta_gate import Gate
from plantproof.reports.gate import stale_words
from plantproof.reports.marks import FAILS, STOPS, Mark, RuleText
from plantproof.reports.reporters import Options
from plantproof.reports.words import counted

TOO_OLD = "plantproof/stale"
STOPPED = "plantproof/gate"
RULES = {
    TOO_OLD: RuleText(
        id=TOO_OLD,
        title="Evidence is not too old",
        description="What a source said too long ago proves nothing of today.",
        severity=Severity.HIGH.value,
        action="Collect the source again.",
    ),
    STOPPED: RuleText(
        id=STOPPED,
        title="The gate of the change opens",
        description="A change can be stopped by more than gaps: by what nobody has approved, or what nobody can judge.",
        severity=Severity.HIGH.value,
        action="`plantproof diff` says what is behind it.",
    ),
}
"""What the marks here speak of, beside the policies."""


def marks_of_stops(assessment: Assessment, options: Options) -> list[Mark]:
    """Policies that failed to run, and evidence that is too old where the gate stops for it."""
    marks = [
        _mark(
            name_of("error", policy.site, policy.policy, canonical(policy.parameters).decode()),
            policy.policy,
            policy.title.rstrip("."),
            f"the policy failed to run for {counted(policy.totals.error, 'subject')}: it judged nothing of them",
            severity=policy.severity,
            site=policy.site,
        )
        for policy in assessment.policies
        if policy.totals.error
    ]
    return [*marks, *(_too_old(assessment) if options.stale else ())]


def marks_of_gate(gate: Gate, but_for: Container[str] = ("mark",)) -> list[Mark]:
    """Why the gate of a change does not open, but for what is told elsewhere (`Stop.told`)."""
    marks = []
    for stop in gate.stops:
        if stop.told not in but_for:
            name = name_of("stop", stop.reason, stop.words)
            mark = _mark(name, STOPPED, RULES[STOPPED].title, stop.words, of=stop.reason, file=PROJECT_FILE)
            marks.append(msgspec.structs.replace(mark, status=STOPS))
    return marks


def _too_old(assessment: Assessment) -> list[Mark]:
    title = RULES[TOO_OLD].title
    marks = []
    for site in assessment.sites:
        old = [source for source in site.sources if source.stale_since]
        for source in old:
            told = f"too old: {stale_words(source.name, source.stale_since)}"
            name = name_of("stale", site.id, source.name)
            marks.append(_mark(name, TOO_OLD, title, told, site=site.id, file=source.custody_path))
        missing = sum(policy.reasons.get(Reason.STALE, 0) for policy in assessment.policies if policy.site == site.id)
        if missing:
            told = f"{counted(missing, 'verdict')} missing because evidence is too old"
            marks.append(_mark(name_of("stale", site.id, ""), TOO_OLD, title, told, site=site.id))
    return marks


def _mark(
    identifier: str,
    policy: str,
    criterion: str,
    why: str,
    *,
    severity: str = Severity.HIGH.value,
    site: str = "",
    of: str = "",
    file: str = "",
) -> Mark:
    return Mark(
        id=identifier,
        status=FAILS,
        severity=severity,
        site=site,
        policy=policy,
        parameters={},
        criterion=criterion,
        name=of or site,
        device="",
        zones=[],
        violations=[],
        why=why,
        evidence=[],
        brought=[],
        file=file,
    )
