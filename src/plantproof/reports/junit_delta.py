"""`diff` as JUnit: a suite a site, a case a policy that moved. What is not known any more fails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from plantproof.mappers.identity import canonical
from plantproof.model.delta import Retirement, SiteDelta
from plantproof.reports.delta_gate import STATEMENT, unattested
from plantproof.reports.delta_reporters import DeltaResults
from plantproof.reports.delta_words import GETS_WORSE, MOVES, control_words, self_approved
from plantproof.reports.gate_marks import marks_of_gate
from plantproof.reports.junit_xml import Case, Suite, junit
from plantproof.reports.marks import Mark, label, marks_of_site
from plantproof.reports.reporters import Options
from plantproof.reports.words import counted


def report(results: DeltaResults, options: Options) -> bytes:
    """`diff --format junit`. A site that the change does not touch is skipped, and says so."""
    own = self_approved(results.delta)
    suites = [
        Suite(name=site.site, cases=[*_cases(site), *(_retired(each) for each in site.retired if each in own)])
        for site in results.delta.sites
    ]
    suites += [
        Suite(
            name=site,
            cases=[Case(name="every policy", group=site, skipped="the change does not touch the site")],
        )
        for site in results.delta.untouched
    ]
    stops = marks_of_gate(results.gate, but_for=("mark", "case"))
    if stops:
        cases = [
            Case(name=mark.criterion, group=f"gate.{mark.name}", failure="; ".join(mark.conditions)) for mark in stops
        ]
        suites.append(Suite(name="the gate", cases=cases))
    again = "sources looked again and say the same"
    suites += [
        Suite(name=site, cases=[Case(name="every policy", group=site, skipped=again)])
        for site in results.delta.collected_again
    ]
    return junit(sorted(suites, key=lambda suite: suite.name))


def _cases(site: SiteDelta) -> Iterator[Case]:
    yield _judged(site)
    moved: dict[tuple[str, bytes], list[Mark]] = defaultdict(list)
    for mark in marks_of_site(site):
        moved[mark.policy, canonical(mark.parameters)].append(mark)
    for _, marks in sorted(moved.items()):
        yield _case(site, marks)
    for move in unattested(site):
        unit = "" if move.unit_kind == "site" else f", {move.unit_kind} {move.unit_title or move.unit}"
        name = f"{move.control} {move.title}{unit}"
        told = f"{STATEMENT[move.now]}: {control_words(move)}"
        yield Case(name=name, group=f"{site.site}.{move.framework}", failure=told, lines=[move.why] * bool(move.why))
    for stated in site.statements:
        if stated.status in GETS_WORSE:
            name = f"statement on {stated.topic}, {stated.of}"
            group, told = f"{site.site}.attestations", f"{stated.was} → {stated.now}"
            yield Case(name=name, group=group, failure=told, lines=[f"{stated.path}: {stated.why}"])


def _retired(leaving: Retirement) -> Case:
    told = f"retired by an author of the change himself: {leaving.approver}"
    return Case(name=f"{leaving.name} is retired", group=f"{leaving.site}.identities", failure=told)


def _judged(site: SiteDelta) -> Case:
    name = "every policy was asked"
    if site.removed:
        return Case(name=name, group=site.site, failure="the site would no longer be assessed")
    if site.errors:
        return Case(
            name=name,
            group=site.site,
            error=f"{counted(len(site.errors), 'policy', 'policies')} failed to run",
            lines=site.errors,
        )
    if not (site.policies and site.subjects):
        return Case(name=name, group=site.site, failure="nothing was judged")
    return Case(name=name, group=site.site)


def _case(site: SiteDelta, marks: list[Mark]) -> Case:
    name = f"{marks[0].criterion}: {label(marks[0])}"
    group = f"{site.site}.{marks[0].policy.replace('/', '.')}"
    worse = [mark for mark in marks if mark.status in GETS_WORSE and not mark.waived and not mark.identity]
    if worse:
        told = ", ".join(
            f"{many:,} {MOVES[status].word}"
            for status in GETS_WORSE
            if (many := sum(mark.subjects for mark in worse if mark.status == status))
        )
        lines = [f"{mark.places[0]}: {MOVES[mark.status].word}: {mark.message} [{mark.id}]" for mark in worse]
        return Case(name=name, group=group, failure=told, lines=lines)
    known = sum(mark.status == "known-now" for mark in marks)
    if known:
        return Case(name=name, group=group, skipped=f"{counted(known, 'gap')} known now that was not known before")
    waived = [mark for mark in marks if mark.waived]
    if waived:
        return Case(name=name, group=group, skipped=f"{counted(len(waived), 'gap')} under a waiver in force")
    return Case(name=name, group=group)
