"""Frameworks, controls, parts and answers as reports show them."""

from __future__ import annotations

import re
from collections import defaultdict

from plantproof.model.assessment import AnswerResult, ControlFinding, FrameworkResult, PartResult, Totals
from plantproof.reports.view_names import Names
from plantproof.reports.view_parts import (
    AnswerView,
    ControlGroup,
    ControlView,
    Count,
    FindingView,
    FrameworkView,
    PartView,
    TotalsView,
)
from plantproof.reports.view_values import parameter_text
from plantproof.reports.words import CONCLUSIONS, counted, percent, selected_words, status_of

_PRECEDENCE = {word: rank for rank, word in enumerate(CONCLUSIONS)}
SHOWN_GAPS = 50
"""A page of a control or zone names so many gaps; all of them are on the pages of their causes."""


def totals_view(totals: Totals) -> TotalsView:
    """Subjects by outcome; the sentence names only what there is."""
    said = [
        (totals.failed, "fail"),
        (totals.no_evidence, "without evidence"),
        (totals.error, "in error"),
        (totals.passed, "pass"),
        (totals.not_applicable, "not applicable"),
    ]
    return TotalsView(
        passed=totals.passed,
        failed=totals.failed,
        no_evidence=totals.no_evidence,
        error=totals.error,
        not_applicable=totals.not_applicable,
        expected=totals.expected,
        sentence=", ".join(f"{count:,} {word}" for count, word in said if count) or "no subjects",
        tested_share=percent(totals.tested, totals.expected),
    )


def build_framework(result: FrameworkResult, names: Names) -> FrameworkView:
    """One framework: counts in a fixed order, controls grouped by how they stand, worst first."""
    key = f"{result.framework}--{result.profile}"
    findings: dict[str, list[ControlFinding]] = defaultdict(list)
    units: dict[str, list[ControlFinding]] = defaultdict(list)
    for finding in result.controls:
        findings[finding.control].append(finding)
    for finding in result.units:
        units[finding.control].append(finding)
    controls = [_control(result, control, found, units.get(control, []), names) for control, found in findings.items()]
    counts = conclusion_counts(result.conclusions, result.selected)
    return FrameworkView(
        key=key,
        framework=result.framework,
        title=result.title,
        edition=result.edition,
        short=_short(result.title),
        heading=result.title if result.edition in result.title else f"{result.title} ({result.edition})",
        notice=notice_of(result),
        profile=result.profile,
        profile_title=result.profile_title,
        selected=result.selected,
        removed=len(result.removed),
        counts=counts,
        tested=conclusion_counts(result.tested, result.selected),
        sentence=f"{selected_words(result.selected, len(result.removed))}: "
        + ", ".join(f"{count.count:,} {count.status.word} ({count.share})" for count in counts if count.count),
        groups=[
            ControlGroup(status=status, controls=[control for control in controls if control.status == status])
            for status in dict.fromkeys([*CONCLUSIONS.values(), *(control.status for control in controls)])
            if any(control.status == status for control in controls)
        ],
        taken_out=result.removed,
    )


def notice_of(result: FrameworkResult) -> str:
    """What its publisher or its sources ask to be said, with its name: it stands beside that of other frameworks."""
    return f"{_short(result.title)}: {result.notice}" if result.notice else ""


def _short(title: str) -> str:
    """The publisher and number of a standard where its title starts with them; else the title."""
    found = re.match(r"(?:IEC|ISO|ISO/IEC|EN|NIST(?: SP)?|NERC) [\w.-]*\d[\w.-]*", title)
    return found[0] if found else title


def conclusion_counts(counts: dict[str, int], selected: int) -> list[Count]:
    """Controls by conclusion, worst first; every conclusion is there, also with none."""
    return [
        Count(status=status, count=counts.get(word, 0), share=percent(counts.get(word, 0), selected))
        for word, status in CONCLUSIONS.items()
    ]


def worst(findings: list[ControlFinding], which: str = "conclusion") -> str:
    """The conclusion on a control over all sites: the worst that any site has."""
    return min((str(getattr(finding, which)) for finding in findings), key=lambda word: _PRECEDENCE.get(word, -1))


def _control(
    result: FrameworkResult, control: str, found: list[ControlFinding], units: list[ControlFinding], names: Names
) -> ControlView:
    found = sorted(found, key=lambda finding: finding.site)
    units = sorted(units, key=lambda finding: (finding.site, finding.unit_kind, finding.unit))
    gaps = names.gaps_of_control.get((result.framework, control), [])
    lead = min(found, key=lambda finding: (_PRECEDENCE.get(str(finding.conclusion), -1), finding.site))
    return ControlView(
        framework=f"{result.framework}--{result.profile}",
        id=control,
        title=lead.title,
        status=status_of(CONCLUSIONS, worst(found)),
        tested=status_of(CONCLUSIONS, worst(found, "tested")),
        answered=_answered(lead),
        why=lead.why,
        tailored=lead.tailored,
        findings=[finding_view(finding, names) for finding in found],
        units=[finding_view(finding, names) for finding in units],
        gaps=[gap.id for gap in gaps[:SHOWN_GAPS]],
        gap_count=len(gaps),
    )


def finding_view(finding: ControlFinding, names: Names) -> FindingView:
    """The conclusion on one control in one unit."""
    if finding.unit_kind == "site":
        # A finding over several sites is of none of them.
        unit_title = names.site_titles.get(finding.site) or finding.site or f"All {len(names.site_titles):,} sites"
    else:
        unit_title = names.unit(finding.site, finding.unit_kind, finding.unit).title
    return FindingView(
        control=finding.control,
        title=finding.title,
        site=finding.site,
        unit_kind=finding.unit_kind,
        unit=finding.unit,
        unit_title=unit_title,
        status=status_of(CONCLUSIONS, finding.conclusion),
        tested=status_of(CONCLUSIONS, finding.tested),
        compensated=status_of(CONCLUSIONS, finding.compensated),
        totals=totals_view(finding.totals),
        parts=[_part(part) for part in finding.parts],
        answered=_answered(finding),
        indicated_by=list(finding.indicated_by),
        why=finding.why,
        tailored=finding.tailored,
        target=finding.target,
    )


def _answered(finding: ControlFinding) -> str:
    if finding.objectives_total:
        return f"{finding.objectives_answered} of {counted(finding.objectives_total, 'objective')} answered"
    return f"{finding.parts_answered} of {counted(finding.parts_total, 'part')} answered"


def _part(part: PartResult) -> PartView:
    return PartView(
        id=part.id,
        asks=part.asks,
        scope=f"{part.scope}, {part.aspect}",
        status=status_of(CONCLUSIONS, part.conclusion),
        strength=("tested" if part.tested else "not tested alone") if part.conclusion == "satisfied" else "",
        answers=[_answer(answer) for answer in part.answers],
        objectives=list(part.objectives),
        why=part.why,
    )


def _answer(answer: AnswerResult) -> AnswerView:
    # On what a failure rests stands with its gaps; `tested` says nothing of it, being about what is satisfied.
    strength = "tested" if answer.tested else "declared or attested" if answer.conclusion == "satisfied" else ""
    if answer.claimed:
        strength = "claimed by its owner"
    coverage = answer.coverage + (f"; leaves out: {answer.leaves_out}" if answer.leaves_out else "")
    return AnswerView(
        policy=answer.policy,
        parameters=parameter_text(answer.parameters),
        attestation=answer.attestation,
        coverage=coverage,
        status=status_of(CONCLUSIONS, answer.conclusion),
        strength=strength,
        totals=totals_view(answer.totals),
        why=answer.why,
        site=answer.site,
    )
