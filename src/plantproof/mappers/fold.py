"""The final sum: the conclusions of all sites become one assessment. The only place where sites meet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

import msgspec

from plantproof.mappers.causes import ranked
from plantproof.mappers.conclude import SiteConclusions
from plantproof.mappers.crosswalks import indicate
from plantproof.mappers.parts import worst
from plantproof.model.assessment import (
    Assessment,
    ControlFinding,
    FrameworkResult,
    PartResult,
    Provenance,
    RemovedControl,
    Totals,
)
from plantproof.model.crosswalk import Crosswalk
from plantproof.model.intent import Intent, SelectedFramework
from plantproof.model.mapping import Mapping
from plantproof.model.vocabulary import Conclusion


def fold(
    intent: Intent,
    mappings: Sequence[Mapping],
    conclusions: Sequence[SiteConclusions],
    *,
    title: str,
    provenance: Provenance,
    crosswalks: Sequence[Crosswalk] = (),
) -> Assessment:
    """Sum the conclusions of all sites. A control over several sites is the worst of them, its totals add.

    With several sites, the findings of each site stand among the framework's `units` (unit_kind "site"), before those
    of zones and conduits. Crosswalks are applied last: they indicate, they change no conclusion. The dates on which
    something lapses go into the provenance, unless it has them already.
    """
    sites = sorted(conclusions, key=lambda each: each.site.id)
    frameworks = [_framework(framework, sites) for framework in intent.frameworks]
    gaps = [gap for each in sites for gap in each.gaps]
    # Every gap has one cause. The gaps themselves may be left elsewhere (model/long_lists.py).
    count = sum(cause.gaps for each in sites for cause in each.causes)
    causes = [msgspec.structs.replace(cause, share=cause.gaps / count) for each in sites for cause in each.causes]
    if not provenance.lapses:
        lapses = sorted({lapse for each in sites for lapse in each.lapses})
        provenance = msgspec.structs.replace(
            provenance,
            lapses=[list(lapse) for lapse in lapses],
            lapses_on=provenance.lapses_on or next((on for on, _ in lapses if on > provenance.as_of), ""),
        )
    return Assessment(
        schema="plantproof/assessment/1",
        title=title,
        provenance=provenance,
        frameworks=indicate(frameworks, crosswalks),
        sites=[each.site for each in sites],
        policies=[policy for each in sites for policy in each.policies],
        gaps=gaps,
        causes=ranked(causes),
    )


def over_sites(findings: Sequence[ControlFinding]) -> ControlFinding:
    """One control over several sites: the worst conclusion in each view, totals added, parts by id likewise. Of one
    site it is that site's own finding."""
    if len(findings) == 1:
        return findings[0]
    first = findings[0]
    conclusion = worst([each.conclusion for each in findings])
    deciding = next(each for each in findings if each.conclusion is conclusion)
    return msgspec.structs.replace(
        first,
        site="",
        unit="",
        conclusion=conclusion,
        tested=worst([each.tested for each in findings]),
        compensated=worst([each.compensated for each in findings]),
        totals=sum((each.totals for each in findings), Totals()),
        parts=_parts([_named(part, each.site) for each in findings for part in each.parts]),
        parts_answered=min(each.parts_answered for each in findings),
        objectives_answered=min(each.objectives_answered for each in findings),
        why=f"{deciding.site}: {deciding.why}" if deciding.why else "",
    )


def _named(part: PartResult, site: str) -> PartResult:
    """With its site on every answer: of several sites, one policy answers once each."""
    answers = [msgspec.structs.replace(answer, site=site) for answer in part.answers]
    return msgspec.structs.replace(part, answers=answers)


def _parts(parts: Iterable[PartResult]) -> list[PartResult]:
    found: dict[str, list[PartResult]] = {}
    for part in parts:
        found.setdefault(part.id, []).append(part)
    folded = []
    for same in found.values():
        conclusion = worst([part.conclusion for part in same])
        folded.append(
            msgspec.structs.replace(
                same[0],
                conclusion=conclusion,
                tested=all(part.tested for part in same),
                answers=[answer for part in same for answer in part.answers],
                why=next(part.why for part in same if part.conclusion is conclusion),
            )
        )
    return folded


def _framework(framework: SelectedFramework, sites: Sequence[SiteConclusions]) -> FrameworkResult:
    of_sites = [
        found
        for each in sites
        for found in each.frameworks
        if (found.framework, found.profile) == (framework.catalog.id, framework.profile.id)
    ]
    # A removed requirement is back once its review is overdue: it counts among those that are selected.
    found = {finding.control for each in of_sites for finding in each.controls}
    selected = {control.id for control in framework.controls} | found
    every = dict.fromkeys(control.id for control in (*framework.all_controls, *framework.controls))
    order = {name: number for number, name in enumerate(every)}
    of_controls = sorted(
        (finding for found in of_sites for finding in found.controls),
        key=lambda finding: (order[finding.control], finding.site),
    )
    controls = [over_sites(list(same)) for _, same in groupby(of_controls, key=lambda finding: finding.control)]
    units = [finding for found in of_sites for finding in found.units]
    return FrameworkResult(
        framework=framework.catalog.id,
        title=framework.catalog.title,
        edition=framework.catalog.edition,
        notice=framework.catalog.notice,
        profile=framework.profile.id,
        profile_title=framework.profile.title,
        conclusions=_counted(finding.conclusion for finding in controls),
        tested=_counted(finding.tested for finding in controls),
        selected=len(selected),
        removed=_removed(framework, found),
        controls=controls,
        units=[*(of_controls if len(sites) > 1 else ()), *units],
    )


def _removed(framework: SelectedFramework, back: Collection[str]) -> list[RemovedControl]:
    """What the profile takes out, but for what is `back`: a requirement that nobody sees would be nobody's decision."""
    titles = {control.id: control.title for control in framework.all_controls}
    return [
        RemovedControl(
            control=control,
            title=titles[control],
            reason=tailoring.reason,
            approver=tailoring.approver,
            review_by=tailoring.review_by or "",
        )
        for control, tailoring in framework.removed
        if control not in back
    ]


def _counted(conclusions: Iterable[Conclusion]) -> dict[str, int]:
    """Every conclusion with its count, also those that nothing came to; they add up to what was selected."""
    counts = Counter(conclusions)
    return {conclusion.value: counts[conclusion] for conclusion in Conclusion}
