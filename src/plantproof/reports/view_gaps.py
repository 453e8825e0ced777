"""Gaps, grouped by what one piece of work would close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from plantproof.model.assessment import Cause, EvidenceLink, Gap
from plantproof.reports.view_names import Names, severity_rank
from plantproof.reports.view_parts import Against, CauseCount, CauseView, Count, GapView, Trace, ViolationView
from plantproof.reports.view_values import parameter_text, value_text
from plantproof.reports.words import ADOPTIONS, METHODS, SEVERITIES, WAIVER_STATES, percent, status_of


def severity_counts(counts: Mapping[str, int]) -> list[Count]:
    """Gaps by severity, most severe first; every severity is there, also with none."""
    total = sum(counts.values())
    words = [*SEVERITIES, *sorted(word for word in counts if word not in SEVERITIES)]
    return [
        Count(status=status_of(SEVERITIES, word), count=counts.get(word, 0), share=percent(counts.get(word, 0), total))
        for word in words
    ]


def cause_counts(names: Names, keys: Iterable[str], site: str) -> list[CauseCount]:
    """How many of some gaps each cause explains: most severe first, then most."""
    found = [(names.causes.get((site, key)), key, count) for key, count in Counter(keys).items()]
    found.sort(key=lambda item: (severity_rank(item[0].severity if item[0] else ""), -item[2], item[1]))
    return [
        CauseCount(
            key=key,
            title=cause.title if cause else key,
            severity=status_of(SEVERITIES, cause.severity if cause else ""),
            count=count,
        )
        for cause, key, count in found
    ]


def build_cause(cause: Cause, gaps: list[GapView], names: Names) -> CauseView:
    """One cause with its shares of the gaps and what to do, in which window, and until then."""
    return CauseView(
        key=cause.key,
        site=cause.site,
        policy=cause.policy,
        title=cause.title,
        severity=status_of(SEVERITIES, cause.severity),
        gaps=cause.gaps,
        share=percent(cause.gaps, names.gaps_per_site.total()),
        site_share=percent(cause.gaps, names.gaps_per_site[cause.site]),
        where=names.where(cause.site),
        zones=[names.unit(cause.site, "zone", zone) for zone in sorted(cause.zones)],
        action=cause.action,
        window=cause.window,
        interim=cause.interim,
        review=cause.review,
        owners=sorted({gap.owner for gap in gaps if gap.owner}),
        gap_ids=[gap.id for gap in gaps],
    )


def build_gap(gap: Gap, names: Names) -> GapView:
    """One gap with its trace: control part, policy, record, line of the raw file, commit, collector."""
    return GapView(
        id=gap.id,
        site=gap.site,
        policy=gap.policy,
        parameters=parameter_text(gap.parameters),
        subject=gap.subject,
        subject_kind=gap.subject_kind.replace("_", " "),
        name=gap.name or gap.subject,
        asset=names.assets.get((gap.site, gap.asset)) or gap.asset,
        asset_id=gap.asset,
        zones=[names.unit(gap.site, "zone", zone) for zone in sorted(gap.zones)],
        conduits=[names.unit(gap.site, "conduit", conduit) for conduit in sorted(gap.conduits)],
        severity=status_of(SEVERITIES, gap.severity),
        criterion=gap.criterion,
        violations=[
            ViolationView(
                message=violation.message,
                field=violation.field,
                seen=value_text(violation.seen),
                expected=value_text(violation.expected),
            )
            for violation in gap.violations
        ],
        cause=gap.cause,
        against=[_against(names, key, gap.findings[key]) for key in sorted(gap.findings)],
        evidence=[_trace(gap.site, link, names) for link in gap.evidence],
        method=METHODS.get(gap.method, gap.method or "not stated"),
        tested=gap.method in {"config", "active", "passive"},
        waiver=gap.waiver,
        waiver_status=status_of(WAIVER_STATES, gap.waiver_state) if gap.waiver else None,
        compensated=gap.compensated,
        adopted=status_of(ADOPTIONS, gap.adopted) if gap.adopted else None,
        owner=gap.owner,
        review=gap.review,
    )


def _against(names: Names, key: str, finding: str) -> Against:
    framework, control, part = (*key.split("/", 2), "", "")[:3]
    return Against(
        framework=framework, title=names.framework_title(framework), control=control, part=part, finding=finding
    )


def _trace(site: str, link: EvidenceLink, names: Names) -> Trace:
    source = names.sources.get((site, link.source))
    collected = ""
    if source:
        with_tool = f" with {source.tool} {source.tool_version}".rstrip() if source.tool else ""
        collected = f"{source.collected_at} by {source.collected_by}{with_tool}"
    provenance = names.assessment.provenance
    return Trace(
        source=link.source,
        record=link.record,
        record_place=f"{link.record}:{link.record_line}" if link.record_line else link.record,
        raw_place=f"{link.raw}:{link.raw_line}" if link.raw_line else link.raw,
        pointer=link.pointer,
        collected=collected,
        commit=(source.commit if source else "") or provenance.commit or "working tree (not committed)",
    )
