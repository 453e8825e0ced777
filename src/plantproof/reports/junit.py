"""`check` as JUnit: a suite a site, a case a policy with its parameters. Silence is skipped, with its reason."""

from __future__ import annotations

from collections import defaultdict

from plantproof.mappers.identity import canonical
from plantproof.model.assessment import PolicyResult
from plantproof.reports.gate_marks import RULES, TOO_OLD, marks_of_stops
from plantproof.reports.junit_xml import Case, Suite, junit
from plantproof.reports.marks import Mark, marks_of_assessment
from plantproof.reports.reporters import Options, Results
from plantproof.reports.view_values import parameter_text
from plantproof.reports.words import REASONS, counted


def report(results: Results, options: Options) -> bytes:
    """`check --format junit`. A gap that is waived or adopted does not fail, and never passes."""
    failing: dict[tuple[str, str, bytes], list[Mark]] = defaultdict(list)
    for mark in marks_of_assessment(results.whole):
        failing[mark.site, mark.policy, canonical(mark.parameters)].append(mark)
    policies = sorted(results.whole.policies, key=lambda each: (each.site, each.policy, canonical(each.parameters)))
    old = defaultdict(list)
    for mark in marks_of_stops(results.whole, options):
        if mark.policy == TOO_OLD:
            old[mark.site].append(mark)
    return junit(
        [
            Suite(
                name=site.id,
                cases=[
                    *([_fresh(site.id, old[site.id])] if options.stale else ()),
                    *(
                        _case(policy, failing[policy.site, policy.policy, canonical(policy.parameters)], options)
                        for policy in policies
                        if policy.site == site.id
                    ),
                ],
            )
            for site in sorted(results.whole.sites, key=lambda site: site.id)
        ]
    )


def _fresh(site: str, old: list[Mark]) -> Case:
    """Asked for by whoever stops for evidence that is too old."""
    told = "; ".join(condition for mark in old for condition in mark.conditions)
    return Case(name=RULES[TOO_OLD].title, group=f"{site}.evidence", failure=told)


def _case(policy: PolicyResult, marks: list[Mark], options: Options) -> Case:
    parameters = parameter_text(policy.parameters)
    name = f"{policy.title} ({parameters})" if parameters else policy.title
    group = f"{policy.site}.{policy.policy.replace('/', '.')}"
    totals = policy.totals
    stopping = [mark for mark in marks if not mark.spared(options)]
    lines = [f"{mark.places[0]}: {mark.message} [{mark.id}]" for mark in stopping]
    unseen = f"{totals.no_evidence:,} of {totals.expected:,} not assessed"
    if totals.error:
        told = f"failed to run for {counted(totals.error, 'subject')}"
        told += f", {counted(len(stopping), 'gap')} besides" if stopping else ""
        return Case(name=name, group=group, error=told, lines=[*_why(policy), *lines])
    if stopping:
        told = f"{counted(len(stopping), 'gap')}, {totals.passed:,} passed, {totals.no_evidence:,} without evidence"
        return Case(name=name, group=group, failure=told, lines=lines)
    if marks:
        why = "; ".join(sorted({mark.spared(options) for mark in marks}))
        told = f"{counted(len(marks), 'gap')} {why}" + (f"; {unseen}" if totals.no_evidence else "")
        return Case(name=name, group=group, skipped=told)
    if totals.no_evidence:
        return Case(name=name, group=group, skipped=": ".join([unseen, "; ".join(_why(policy))]))
    if not totals.passed:
        return Case(name=name, group=group, skipped="no subject to which it applies")
    return Case(name=name, group=group)


def _why(policy: PolicyResult) -> list[str]:
    return [f"{count:,} {REASONS.get(reason, reason)}" for reason, count in sorted(policy.reasons.items())]
