"""Whether an assessment adds up: every total is counted again from what it is a total of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from plantproof.errors import Problem
from plantproof.model.assessment import Assessment, ControlFinding, FrameworkResult, SiteResult
from plantproof.reports.view_frameworks import worst


def totals_problems(assessment: Assessment, path: str) -> list[Problem]:
    """Each total that is not the sum of its parts. `path` is the file to blame."""
    found = [
        *(text for framework in assessment.frameworks for text in _framework(framework)),
        *(text for site in assessment.sites for text in _site(site, assessment)),
        *_gaps(assessment),
        *_policies(assessment),
    ]
    return [Problem(path, 0, text) for text in found]


def _framework(framework: FrameworkResult) -> Iterator[str]:
    name = f"{framework.framework} ({framework.profile})"
    controls: dict[str, list[ControlFinding]] = defaultdict(list)
    for finding in framework.controls:
        controls[finding.control].append(finding)
    if len(controls) != framework.selected:
        yield f"{name}: {framework.selected} controls selected, {len(controls)} in the list"
    for which, field, said in (
        ("conclusion", "conclusions", framework.conclusions),
        ("tested", "tested conclusions", framework.tested),
    ):
        counted = Counter(worst(findings, which) for findings in controls.values())
        if {word: count for word, count in said.items() if count} != dict(counted):
            yield f"{name}: {field} say {dict(sorted(said.items()))}, the controls {dict(sorted(counted.items()))}"
    for findings in controls.values():
        for finding in findings:
            if finding.parts_answered > finding.parts_total or finding.objectives_answered > finding.objectives_total:
                yield f"{name}: {finding.control} has more parts or objectives answered than there are"


def _site(site: SiteResult, assessment: Assessment) -> Iterator[str]:
    gaps = [gap for gap in assessment.gaps if gap.site == site.id]
    zones = Counter(zone for gap in gaps for zone in set(gap.zones))
    conduits = Counter(conduit for gap in gaps for conduit in set(gap.conduits))
    for units, counted in ((site.zones, zones), (site.conduits, conduits)):
        for unit in units:
            if unit.gaps != counted[unit.id]:
                yield f"{site.id}: {unit.kind} {unit.id} says {unit.gaps} gaps, {counted[unit.id]} name it"
            if sum(unit.gaps_by_severity.values()) != unit.gaps:
                yield f"{site.id}: gaps by severity of {unit.kind} {unit.id} do not add up to {unit.gaps}"
    assets = Counter(gap.asset for gap in gaps)
    for asset in site.assets:
        if asset.gaps != assets[asset.id]:
            yield f"{site.id}: asset {asset.name} says {asset.gaps} gaps, {assets[asset.id]} name it"


def _gaps(assessment: Assessment) -> Iterator[str]:
    for identity, count in sorted(Counter(gap.id for gap in assessment.gaps).items()):
        if count > 1:
            yield f"gap {identity} is there {count} times"
    counted = Counter((gap.site, gap.cause) for gap in assessment.gaps)
    reviews: dict[tuple[str, str], set[str]] = {}
    for gap in assessment.gaps:
        reviews.setdefault((gap.site, gap.cause), set()).add(gap.review)
    causes = {(cause.site, cause.key): cause for cause in assessment.causes}
    if len(causes) != len(assessment.causes):
        yield "a cause is there twice"
    for key in sorted({*counted, *causes}):
        cause = causes.get(key)
        if cause is None:
            yield f"{key[0]}: {counted[key]} gaps come from a cause that is not there: {key[1]}"
        elif cause.gaps != counted[key]:
            yield f"{key[0]}: cause {key[1]} says {cause.gaps} gaps, {counted[key]} name it"
        elif {cause.review} != reviews.get(key, {cause.review}):
            yield f"{key[0]}: cause {key[1]} asks for another review than its gaps"
        elif cause.share and abs(cause.share - cause.gaps / max(1, len(assessment.gaps))) > 0.005:
            yield f"{key[0]}: the share of cause {key[1]} is not that of its gaps"


def _policies(assessment: Assessment) -> Iterator[str]:
    counted = Counter((gap.site, gap.policy, str(sorted(gap.parameters.items()))) for gap in assessment.gaps)
    said: Counter[tuple[str, str, str]] = Counter()
    for policy in assessment.policies:
        said[policy.site, policy.policy, str(sorted(policy.parameters.items()))] += policy.totals.failed
        missing = sum(policy.reasons.values())
        if missing != policy.totals.no_evidence + policy.totals.error:
            yield f"{policy.site}: {policy.policy} gives {missing} reasons, not one for each subject without a verdict"
    for key in sorted({*counted, *said}):
        if counted[key] != said[key]:
            yield f"{key[0]}: {key[1]} says {said[key]} subjects fail, {counted[key]} gaps name it"
