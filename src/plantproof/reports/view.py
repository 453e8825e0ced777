"""The one view of an assessment that every reporter reads."""

from __future__ import annotations

from collections import Counter

from plantproof.model.assessment import Assessment, PolicyResult, Provenance
from plantproof.reports.view_frameworks import build_framework, notice_of, totals_view
from plantproof.reports.view_gaps import build_cause, build_gap, cause_counts, severity_counts
from plantproof.reports.view_names import Names
from plantproof.reports.view_parts import Against, Fact, FrameworkView
from plantproof.reports.view_sites import build_site
from plantproof.reports.view_types import PolicyView, ReasonView, SiteView, View
from plantproof.reports.view_values import parameter_text
from plantproof.reports.words import REASONS, SEVERITIES, counted, status_of

NOT_A_CERTIFICATE = (
    "Self-assessment evidence, not a certificate: no assessor has signed this. "
    "SL-A is indicated; an assessor confirms it."
)

MOST_NAMED = 12
"""Sites that a banner names; of more it gives the number."""


def build_view(assessment: Assessment) -> View:
    """Everything that reports show of an assessment, in the order and the words in which they show it.

    Pure and deterministic: the same assessment gives the same view, whatever order its lists came in.
    """
    names = Names.of(assessment)
    gaps = [build_gap(gap, names) for gap in sorted(assessment.gaps, key=names.gap_order)]
    causes = [build_cause(cause, gaps_of, names) for cause, gaps_of in names.causes_with_gaps(gaps)]
    frameworks = [build_framework(result, names) for result in assessment.frameworks]
    sites = [build_site(site, names) for site in sorted(assessment.sites, key=lambda site: site.id)]
    policies = [
        _policy(result, names)
        for result in sorted(assessment.policies, key=lambda p: (p.policy, p.site, str(p.parameters)))
    ]
    return View(
        title=assessment.title,
        banners=banners_of(assessment),
        notices=notices_of(assessment),
        rests_on=rests_on(assessment.provenance),
        as_of=assessment.provenance.as_of,
        lapses_on=assessment.provenance.lapses_on,
        lapses=lapses_of(assessment.provenance),
        frameworks=frameworks,
        sites=sites,
        causes=causes,
        gaps=gaps,
        policies=policies,
        severities=severity_counts(Counter(gap.severity for gap in assessment.gaps)),
        missing=missing_of(assessment.policies),
        remarks=[remark for site in assessment.sites for remark in site.remarks],
        stale=[source for site in sites for source in site.sources if source.status.tone != "good"],
        lapsed_waivers=[waiver for site in sites for waiver in site.waivers if waiver.status.tone != "good"],
        asset_count=sum(len(site.assets) for site in assessment.sites),
        summary=sentence_of(assessment, frameworks, sites),
    )


def lapses_of(provenance: Provenance) -> list[Fact]:
    """What lapses when, soonest first."""
    return [Fact(label=lapse[0] if lapse else "", value=" ".join(lapse[1:])) for lapse in provenance.lapses]


def notices_of(assessment: Assessment) -> list[str]:
    """What the frameworks' publishers and sources ask to be said."""
    return sorted({notice for framework in assessment.frameworks if (notice := notice_of(framework))})


def banners_of(assessment: Assessment) -> list[str]:
    """What has to be said before anything else."""
    banners = [NOT_A_CERTIFICATE]
    fictional = sorted(site.title for site in assessment.sites if site.fictional)
    if fictional:
        more = f" and {len(fictional) - MOST_NAMED:,} more" if len(fictional) > MOST_NAMED else ""
        named = ", ".join(fictional[:MOST_NAMED])
        banners.append(f"Fictional plant: {named}{more}. Names, people and findings are invented.")
    for site in sorted(assessment.sites, key=lambda each: each.id):
        if site.draft:
            draft = site.draft[:1].upper() + site.draft[1:]
            banners.append(f"{draft} of {site.title}: nothing that rests on it is satisfied.")
    if assessment.provenance.working_tree or not assessment.provenance.commit:
        banners.append("Rests on the working tree, not on a commit: it cannot be repeated by somebody else.")
    return banners


def rests_on(provenance: Provenance) -> list[Fact]:
    """What the assessment rests on: commit or working tree, dates, engine, content, what was replaced or added."""
    commit = "working tree (not committed)"
    if provenance.commit:
        details = [detail for detail in (provenance.commit_date, provenance.commit_signed) if detail]
        commit = provenance.commit + (f" ({', '.join(details)})" if details else "")
    facts = [
        ("Evidence and intent", commit),
        ("As of", provenance.as_of),
        ("Lapses on", provenance.lapses_on or "no date: nothing in it expires"),
        ("Engine", f"{provenance.engine} {provenance.engine_version}".strip()),
        ("Content", f"{provenance.content_version} ({provenance.content_hash})"),
        ("Plantproof", provenance.tool_version),
        ("Replaced content", "; ".join(provenance.overrides) or "none"),
        ("Plug-ins", "; ".join(provenance.plugins) or "none"),
    ]
    return [Fact(label=label, value=value) for label, value in facts]


def _policy(result: PolicyResult, names: Names) -> PolicyView:
    return PolicyView(
        key=Names.policy_key(result.site, result.policy, result.parameters),
        site=result.site,
        policy=result.policy,
        parameters=parameter_text(result.parameters),
        title=result.title,
        description=result.description,
        severity=status_of(SEVERITIES, result.severity),
        subject=result.subject.replace("_", " "),
        path=result.path,
        totals=totals_view(result.totals),
        reasons=_reasons([result]),
        controls=[
            Against(framework=key, title=names.framework_title(key), control=control, part="", finding="")
            for key, _, control in (name.partition("/") for name in sorted(result.controls))
        ],
        causes=cause_counts(
            names,
            (
                gap.cause
                for gap in names.gaps_of_policy.get((result.site, result.policy), [])
                if gap.parameters == result.parameters
            ),
            result.site,
        ),
    )


def _reasons(results: list[PolicyResult]) -> list[ReasonView]:
    counts: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for result in results:
        counts.update(result.reasons)
        for reason, shown in result.examples.items():
            examples.setdefault(reason, []).extend(shown)
    return [
        ReasonView(reason=REASONS.get(reason, reason), count=count, examples=examples.get(reason, [])[:5])
        for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if count
    ]


def missing_of(policies: list[PolicyResult]) -> list[ReasonView]:
    """No-evidence and errors over all policies, most frequent first."""
    return _reasons(sorted(policies, key=lambda policy: (policy.policy, policy.site, str(policy.parameters))))


def sentence_of(assessment: Assessment, frameworks: list[FrameworkView], sites: list[SiteView]) -> str:
    """The sums, in one line."""
    unsatisfied = sum(_count(framework, "not satisfied") for framework in frameworks)
    unassessed = sum(_count(framework, "not assessed") for framework in frameworks)
    return (
        f"{counted(sum(site.gaps for site in sites), 'gap')} from {counted(len(assessment.causes), 'cause')}; "
        f"{counted(unsatisfied, 'control')} not satisfied, {unassessed:,} not assessed; "
        f"{_zones(sites)}."
    )


def _zones(sites: list[SiteView]) -> str:
    """Zones below their target; and those that are not only because nothing is known, or nothing is aimed at."""
    zones = [zone.levels for site in sites for zone in site.zones]
    short = sum(1 for levels in zones if levels and levels.short)
    unknown = sum(1 for levels in zones if levels and levels.has_target and levels.open and not levels.short)
    aimless = sum(1 for levels in zones if not levels or not levels.has_target)
    words = [f"{short:,} of {counted(len(zones), 'zone')} below target"]
    words += [f"{unknown:,} not known"] if unknown else []
    words += [f"{aimless:,} without target"] if aimless else []
    return ", ".join(words)


def _count(framework: FrameworkView, word: str) -> int:
    return sum(count.count for count in framework.counts if count.status.word == word)
