"""What a terminal shows of an assessment: everything but single gaps and assets, of which a large plant has too many to
hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from plantproof.model.assessment import Assessment, Cause
from plantproof.reports.view import banners_of, lapses_of, missing_of, notices_of, rests_on, sentence_of
from plantproof.reports.view_frameworks import build_framework
from plantproof.reports.view_names import Names, severity_rank
from plantproof.reports.view_parts import Fact, FrameworkHead, Shown
from plantproof.reports.view_site_types import SourceView, UnitHead, WaiverView
from plantproof.reports.view_sites import build_site
from plantproof.reports.view_types import ReasonView
from plantproof.reports.words import SEVERITIES, Status, counted, percent, status_of

_Words = tuple[str, str, str, str, str, str, str]


class Work(Shown, frozen=True, kw_only=True):
    """Causes at any sites that the same work removes."""

    severity: Status
    policy: str
    title: str
    gaps: int
    share: str
    """Of all gaps."""
    causes: int
    """How many are put together here: the line of sums counts each."""
    where: str
    """The site, or how many, and how many causes where those are more; "" where there is one only."""
    action: str
    window: str
    interim: str
    review: str


class Summary(Shown, frozen=True, kw_only=True):
    """One assessment without its gaps and assets."""

    title: str
    banners: list[str]
    notices: list[str]
    fictional: bool
    as_of: str
    sites: list[str]
    frameworks: list[FrameworkHead]
    zones: list[UnitHead]
    """Those that have a target, furthest from it first."""
    work: list[Work]
    """Most severe first, then what closes most gaps."""
    stale: list[SourceView]
    missing: list[ReasonView]
    remarks: list[str]
    lapsed_waivers: list[WaiverView]
    adopted: list[Fact]
    rests_on: list[Fact]
    lapses: list[Fact]
    sentence: str


def build_summary(assessment: Assessment) -> Summary:
    """The summary of an assessment; the same whether its gaps and assets were left out or not."""
    names = Names.of(assessment)
    frameworks = [build_framework(result, names) for result in assessment.frameworks]
    sites = [build_site(site, names) for site in sorted(assessment.sites, key=lambda site: site.id)]
    zones = [zone for site in sites for zone in site.worst if zone.levels]
    return Summary(
        title=assessment.title,
        banners=banners_of(assessment),
        notices=notices_of(assessment),
        fictional=any(site.fictional for site in sites),
        as_of=assessment.provenance.as_of,
        sites=[site.id for site in sites],
        frameworks=list(frameworks),
        zones=sorted(zones, key=lambda zone: (-zone.levels.short, -zone.levels.open) if zone.levels else (0, 0)),
        work=work_of(assessment.causes, one_site=len(sites) < 2),
        stale=[source for site in sites for source in site.sources if source.status.tone != "good"],
        missing=missing_of(assessment.policies),
        remarks=[remark for site in assessment.sites for remark in site.remarks],
        lapsed_waivers=[waiver for site in sites for waiver in site.waivers if waiver.status.tone != "good"],
        adopted=[Fact(label=site.id, value=site.adopted) for site in sites if site.adopted],
        rests_on=rests_on(assessment.provenance),
        lapses=lapses_of(assessment.provenance),
        sentence=sentence_of(assessment, frameworks, sites),
    )


def work_of(causes: Sequence[Cause], *, one_site: bool) -> list[Work]:
    """Causes put together where they are told in the same words, whatever their site."""
    alike: dict[_Words, list[Cause]] = {}
    for cause in causes:
        words = (cause.severity, cause.policy, cause.title, cause.action, cause.window, cause.interim, cause.review)
        alike.setdefault(words, []).append(cause)
    gaps = Counter({words: sum(cause.gaps for cause in members) for words, members in alike.items()})
    found = []
    for words in sorted(alike, key=lambda words: (severity_rank(words[0]), -gaps[words], words)):
        severity, policy, title, action, window, interim, review = words
        at = sorted({cause.site for cause in alike[words]})
        found.append(
            Work(
                severity=status_of(SEVERITIES, severity),
                policy=policy,
                title=title,
                gaps=gaps[words],
                share=percent(gaps[words], gaps.total()),
                causes=len(alike[words]),
                where=_where(at, len(alike[words]), one_site=one_site),
                action=action,
                window=window,
                interim=interim,
                review=review,
            )
        )
    return found


def _where(at: Sequence[str], causes: int, *, one_site: bool) -> str:
    place = "" if one_site else at[0] if len(at) == 1 else counted(len(at), "site")
    if causes <= len(at):
        return place
    return counted(causes, "cause") + (f" at {place}" if place else "")
