"""`plantproof explain X`: one control, policy, asset, zone, source or gap, down to the raw line and the commit.

Reads the view like every reporter. What lies below it (the line itself, who brought it) comes through `Below`, for
reports never touch files or git.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple, Protocol

from plantproof.model.assessment import RemovedControl
from plantproof.reports.text_lines import Lines
from plantproof.reports.view_parts import ControlView, FindingView, FrameworkView, GapView, Trace
from plantproof.reports.view_site_types import AssetView, SourceView, UnitView, WaiverView
from plantproof.reports.view_types import PolicyView, SiteView, View
from plantproof.reports.view_values import condition
from plantproof.reports.words import counted

MOST_GAPS = 10
MOST_RAW = 400


class Brought(NamedTuple):
    """Who brought a line into git. `cut` where a shallow clone ends before the true commit."""

    commit: str
    author: str
    date: str
    subject: str
    cut: bool = False


class Below(Protocol):
    """What lies below the view. Places are `path` or `path:line` from the project's root."""

    def text(self, place: str) -> str:
        """The line itself, "" where there is none."""
        ...

    def brought(self, place: str) -> Brought | None:
        """The commit that brought the line, None where it is not committed."""
        ...


class Topic(NamedTuple):
    """Something that can be explained: the words it answers to, and how it is told."""

    kind: str
    names: tuple[str, ...]
    tell: Callable[[Lines], None]


def explain(view: View, what: str, below: Below, *, width: int = 80, colour: bool = False) -> str | list[str]:
    """The explanation of `what`, or, where nothing is called so, the names that are nearest.

    `what` is a control in the catalog's spelling, a policy, an asset, zone or conduit by name or id, a source, a
    waiver, or the first characters of a gap's id. A name that several things have explains them all.
    """
    topics = list(topics_of(view, below))
    wanted = what.casefold()
    found = [topic for topic in topics if wanted in (name.casefold() for name in topic.names)]
    if not found and len(what) >= 6:
        found = [topic for topic in topics if topic.kind == "gap" and topic.names[0].startswith(wanted)]
    if not found:
        names = sorted({name for topic in topics for name in topic.names if topic.kind != "gap"})
        return difflib.get_close_matches(what, names, n=3, cutoff=0.5)
    out = Lines(width, colour)
    for index, topic in enumerate(found):
        if index:
            out.blank()
        topic.tell(out)
    return str(out)


def topics_of(view: View, below: Below) -> Iterator[Topic]:
    """Everything that can be explained."""
    gaps = {gap.id: gap for gap in view.gaps}
    for framework in view.frameworks:
        for group in framework.groups:
            for control in group.controls:
                names = (control.id, f"{framework.framework}/{control.id}")
                tell = partial(tell_control, control=control, framework=framework.heading, gaps=gaps)
                yield Topic("control", names, tell)
        for removed in framework.taken_out:
            names = (removed.control, f"{framework.framework}/{removed.control}")
            yield Topic("control", names, partial(tell_removed, removed=removed, framework=framework, as_of=view.as_of))
    for policy in view.policies:
        yield Topic("policy", (policy.policy,), partial(tell_policy, policy=policy, view=view))
    for site in view.sites:
        for asset in site.assets:
            yield Topic("asset", (asset.name, asset.id), partial(tell_asset, asset=asset, view=view, below=below))
        for unit in (*site.zones, *site.conduits):
            yield Topic(unit.kind, (unit.id, unit.title), partial(tell_unit, unit=unit, gaps=gaps))
        for source in site.sources:
            yield Topic("source", (source.name,), partial(tell_source, source=source))
        for waiver in site.waivers:
            yield Topic("waiver", (waiver.id,), partial(tell_waiver, waiver=waiver, view=view))
        yield Topic("site", (site.id, site.title), partial(tell_site, site=site))
    for gap in view.gaps:
        yield Topic("gap", (gap.id,), partial(tell_gap, gap=gap, view=view, below=below))


def tell_control(out: Lines, control: ControlView, framework: str, gaps: dict[str, GapView]) -> None:
    """A control: its conclusion, its parts and what answers them, where it fails, its worst gaps."""
    out.title(f"{control.id}  {control.title}")
    out.line(framework)
    out.pair("Conclusion", f"{control.status.word}; from tested evidence alone {control.tested.word}")
    if control.why:
        out.pair("Because", control.why)
    if control.tailored:
        out.pair("Tailored", control.tailored)
    for finding in control.findings:
        tell_parts(out, finding)
    failing = [unit for unit in control.units if unit.status.tone == "bad"]
    if failing:
        out.pair("Not satisfied in", "; ".join(f"{unit.unit_title}: {unit.why}" for unit in failing))
    tell_gaps(out, control.gaps, gaps, control.gap_count)


def tell_removed(out: Lines, removed: RemovedControl, framework: FrameworkView, as_of: str) -> None:
    """A requirement that the profile takes out: it has no conclusion, but somebody who decided so."""
    out.title(f"{removed.control}  {removed.title}")
    out.line(framework.heading)
    out.pair("Conclusion", "none: the profile takes it out, so nothing is asked and nothing is claimed")
    out.pair("Taken out by", f"{framework.profile} ({framework.profile_title})")
    out.pair("Because", removed.reason)
    out.pair("Approved by", removed.approver)
    out.pair("Review by", f"{removed.review_by}; as of {as_of} that is not due")


def tell_parts(out: Lines, finding: FindingView) -> None:
    """The parts of a control with the policies and attestations that answer them."""
    for part in finding.parts:
        out.blank()
        out.line(f"{out.symbol(part.status)} part {part.id} ({part.scope}): {part.asks}")
        out.pair("stands", f"{part.status.word}{f' ({part.strength})' if part.strength else ''}", 2)
        if part.why:
            out.pair("because", part.why, 2)
        for answer in part.answers:
            by = f"policy {answer.policy}" if answer.policy else f"attestation {answer.attestation}"
            by += f" with {answer.parameters}" if answer.parameters else ""
            by += f" at {answer.site}" if answer.site else ""
            out.pair("asked", f"{by}, {answer.coverage}", 2)
            out.pair("", f"{answer.status.word}: {answer.why or answer.totals.sentence}", 2)


def tell_policy(out: Lines, policy: PolicyView, view: View) -> None:
    """A policy: what it asks, of whom, the counts, why some have no verdict, and the controls behind it."""
    out.title(f"Policy {policy.policy}: {policy.title}")
    out.line(policy.description)
    out.place("File", policy.path)
    out.pair("Judges", f"each {policy.subject} at {policy.site}")
    if policy.parameters:
        out.pair("Parameters", policy.parameters)
    out.pair("Severity", policy.severity.word)
    out.pair("Found", policy.totals.sentence)
    for reason in policy.reasons:
        out.pair("No verdict", f"{reason.count}: {reason.reason}; {'; '.join(reason.examples[:2])}")
    out.pair(
        "Stands behind",
        ", ".join(f"{against.framework}/{against.control}" for against in policy.controls) or "no control",
    )
    gaps = {gap.id: gap for gap in view.gaps}
    mine = [
        g.id for g in view.gaps if (g.policy, g.site, g.parameters) == (policy.policy, policy.site, policy.parameters)
    ]
    tell_gaps(out, mine, gaps, len(mine))


def tell_asset(out: Lines, asset: AssetView, view: View, below: Below) -> None:
    """An asset: what is known of it, who says so, what is wrong with it and with what belongs to it."""
    out.title(f"Asset {asset.name}")
    for label, value in (
        ("Id", asset.id),
        ("Site", asset.site),
        ("Role", asset.role),
        ("Product", asset.product),
        ("Firmware", asset.firmware),
        ("Zones", asset.zones),
        ("Criticality", asset.criticality),
        ("Known from", asset.sources),
        ("Remarks", asset.remarks),
    ):
        if value:
            out.pair(label, value)
    claims = below.text(f"asset:{asset.site}:{asset.id}")
    for claim in claims.splitlines():
        place, _, said = claim.partition("\t")
        out.pair("Claim", said)
        out.place("", place)
    gaps = {gap.id: gap for gap in view.gaps}
    mine = [gap.id for gap in view.gaps if asset.id in (gap.asset, gap.subject) and gap.site == asset.site]
    tell_gaps(out, mine, gaps, len(mine))


def tell_unit(out: Lines, unit: UnitView, gaps: dict[str, GapView]) -> None:
    """A zone or conduit: target and indicated level, what holds it down, its gaps."""
    out.title(f"{unit.kind.capitalize()} {unit.title} ({unit.id})")
    for label, value in (
        ("Kind", unit.kind_label),
        ("Level", unit.level_label),
        ("Conduits" if unit.kind == "zone" else "Joins", ", ".join(joined.title for joined in unit.joins)),
        ("Owner", unit.owner),
    ):
        if value:
            out.pair(label, value)
    if unit.levels:
        out.pair("SL", unit.levels.sentence)
        for row in unit.levels.rows:
            target = "-" if row.target is None else str(row.target)
            held = f"; held down by {', '.join(row.blocked_by[:4])}" if row.blocked_by else ""
            open_ = f"; not known: {', '.join(row.unknown[:4])}" if row.unknown and not row.blocked_by else ""
            out.pair(
                row.code, f"SL-T {target}, SL-A tested {row.tested.text}, attested {row.attested.text}{held}{open_}", 2
            )
    tell_gaps(out, unit.gap_ids, gaps, unit.gaps)


def tell_source(out: Lines, source: SourceView) -> None:
    """A source of evidence: tool, steps, who and when, how old each kind is."""
    out.title(f"Source {source.name} ({source.status.word})")
    for fact in source.facts:
        out.pair(fact.label, fact.value)
    for kind in source.kinds:
        out.pair(kind.kind, f"{counted(kind.records, 'record')}, {kind.age}", 2)


def tell_site(out: Lines, site: SiteView) -> None:
    """A site: its zones, conduits and sources, each a name that `explain` takes."""
    out.title(f"Site {site.title} ({site.id})")
    for zone in site.zones:
        out.pair("Zone", f"{zone.id}: {zone.title}, {counted(zone.gaps, 'gap')}")
    for conduit in site.conduits:
        out.pair("Conduit", f"{conduit.id}: {conduit.title}, {counted(conduit.gaps, 'gap')}")
    for source in site.sources:
        out.pair("Source", f"{source.name}: {source.status.word}, {counted(source.records, 'record')}")
    for waiver in site.waivers:
        out.pair("Waiver", f"{waiver.id}: {waiver.status.word}, {counted(waiver.gaps, 'gap')}")


def tell_waiver(out: Lines, waiver: WaiverView, view: View) -> None:
    """A waiver: what it allows to whom, by whom, until when, and whether it still holds."""
    out.title(f"Waiver {waiver.id} ({waiver.status.word})")
    out.pair("Kind", waiver.kind)
    out.pair("Policy", waiver.policy)
    out.pair("For", ", ".join(waiver.subjects))
    out.pair("Reason", waiver.reason)
    out.pair("People", waiver.people)
    out.pair("Dates", waiver.dates)
    if waiver.why:
        out.pair("State", waiver.why)
    out.pair("Gaps", str(waiver.gaps))
    others = [gap.name for gap in view.gaps if (gap.policy, gap.site) == (waiver.policy, waiver.site)]
    if not waiver.gaps and others:
        # A subject is what the policy judges: a rule, not the firewall that has it.
        out.pair("", f"none of the {len(others)} of this policy is about these subjects; they are about:")
        for name in others[:3]:
            out.pair("", name, 2)


def tell_gap(out: Lines, gap: GapView, view: View, below: Below) -> None:
    """A gap, all the way down: control, part, policy, record, raw line, commit, collector; then what to do."""
    out.title(f"Gap {gap.id}")
    out.line(f"{out.symbol(gap.severity)} {gap.severity.word}: {gap.name}")
    out.pair("Asked", gap.criterion)
    for violation in gap.violations:
        out.pair("Seen", condition(violation))
    out.pair("Policy", f"{gap.policy}{f' with {gap.parameters}' if gap.parameters else ''}")
    for against in gap.against:
        out.pair("Against", f"{against.framework}/{against.control}, part {against.part}")
    out.pair("Known how", gap.method)
    for trace in gap.evidence:
        tell_trace(out, trace, below)
    cause = next((each for each in view.causes if (each.site, each.key) == (gap.site, gap.cause)), None)
    if cause:
        out.pair("Do", cause.action)
        out.pair("When", cause.window)
        out.pair("Until then", cause.interim)
    if gap.review:
        out.pair("First", gap.review)
    if gap.owner:
        out.pair("Owner", gap.owner)
    if gap.waiver_status:
        out.pair("Waiver", f"{gap.waiver} ({gap.waiver_status.word})")
    if gap.adopted:
        out.pair("Adopted", f"{gap.adopted.word}; the gap stays a gap")


def tell_trace(out: Lines, trace: Trace, below: Below) -> None:
    """One step down after another: record, line of the raw file, commit, collector."""
    out.blank()
    out.place("Record", trace.record_place)
    if trace.raw_place:
        out.place("Raw line", f"{trace.raw_place}{f' at {trace.pointer}' if trace.pointer else ''}")
        if text := below.text(trace.raw_place).strip():
            out.pair("", text[:MOST_RAW])
    place = trace.raw_place or trace.record_place
    brought = below.brought(place)
    if brought:
        cut = " (the history of this clone ends here)" if brought.cut else ""
        out.pair("Commit", f"{brought.commit[:12]} of {brought.date[:10]} by {brought.author}: {brought.subject}{cut}")
    else:
        out.pair("Commit", "not committed yet")
    out.pair("Collected", f"{trace.source}, {trace.collected}")


def tell_gaps(out: Lines, ids: list[str], gaps: dict[str, GapView], total: int) -> None:
    """The first gaps of a list, with the id that explains each."""
    if not ids:
        return
    out.blank()
    out.title(f"Gaps ({total})")
    for identifier in ids[:MOST_GAPS]:
        gap = gaps[identifier]
        found = condition(gap.violations[0]) if gap.violations else gap.criterion
        out.line(f"{out.symbol(gap.severity)} {gap.name}: {found} [{identifier[:8]}]")
    if total > MOST_GAPS:
        out.line(f"... and {total - MOST_GAPS} more; `plantproof check --verbose` lists them")
