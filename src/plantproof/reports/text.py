"""The summary for a terminal: readable at 80 columns, without colour, without rich."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from plantproof.reports.reporters import Options, Results
from plantproof.reports.summary import Summary
from plantproof.reports.text_lines import Lines
from plantproof.reports.view_parts import FrameworkHead, GapView, LevelsView
from plantproof.reports.view_site_types import UnitHead
from plantproof.reports.view_values import condition
from plantproof.reports.words import counted, selected_words

_WORST = 5
_WORK = 10
_LAPSES = 3
_REMARKS = 3


def report(results: Results, options: Options) -> bytes:
    """`--format text`."""
    gaps = results.view.gaps if options.verbose else None
    return render(results.summary, colour=options.colour, gaps=gaps).encode()


def render(view: Summary, width: int = 80, colour: bool = False, gaps: Iterable[GapView] | None = None) -> str:
    """The whole summary, one line with the sums last. `gaps`, where given, are each told as `path:line POLICY
    message`."""
    out = Lines(width, colour)
    _head(out, view)
    for framework in view.frameworks:
        out.blank()
        _framework(out, framework)
    _zones(out, view, _WORST)
    _work(out, view, _WORK)
    _evidence(out, view)
    _waivers(out, view)
    _adopted(out, view)
    out.blank()
    out.title("Rests on")
    for fact in view.rests_on:
        out.pair(fact.label, fact.value)
    for lapse in view.lapses[:_LAPSES]:
        out.pair("lapses", f"{lapse.label}: {lapse.value}")
    if gaps is not None:
        out.blank()
        out.title("Every gap")
        for gap in gaps:
            _gap(out, gap)
    out.blank()
    out.line(view.sentence)
    return str(out)


def render_demo(view: Summary, folder: Path | str, archive: Path | str, width: int = 80, colour: bool = False) -> str:
    """What matters most, and where the pack lies, in 25 lines at most."""
    out = Lines(width, colour)
    out.clipped(view.title)
    out.line(f"As of {view.as_of}. " + " ".join(view.banners[1:2] if view.fictional else view.banners[:1]))
    for framework in view.frameworks[:4]:
        _framework_line(out, framework)
    _zones(out, view, 3, heading="Zones furthest from target (IAC UC SI DC RDF TRE RA)")
    _work(out, view, 4, brief=True)
    out.blank()
    out.line(view.sentence)
    out.raw(f"Pack: {folder}/html/index.html")
    out.raw(f"      {archive}")
    return str(out)


def _head(out: Lines, view: Summary) -> None:
    out.title(view.title)
    for banner in (*view.banners, *view.notices):
        out.line(banner)


def _framework(out: Lines, framework: FrameworkHead) -> None:
    out.title(f"{framework.heading}, profile {framework.profile}")
    out.line(selected_words(framework.selected, framework.removed))
    for count, tested in zip(framework.counts, framework.tested, strict=True):
        out.columns(
            [
                (out.status(count.status), 20),
                (f"{count.count:>6,}", 6),
                (f"{count.share:>6}", 6),
                (f"from tested evidence alone {tested.count:,}", 0),
            ]
        )


def _framework_line(out: Lines, framework: FrameworkHead) -> None:
    counts = ", ".join(f"{count.count:,} {count.status.word}" for count in framework.counts if count.count)
    out.clipped(f"{framework.short}: {counts}")


def _zones(out: Lines, view: Summary, most: int, heading: str = "Zones furthest from their target") -> None:
    zones = view.zones[:most]
    if not zones:
        return
    out.blank()
    out.title(f"{heading}")
    brief = most <= 3
    for zone in zones:
        _zone(out, zone, brief, with_site=len(view.sites) > 1)


def _zone(out: Lines, zone: UnitHead, brief: bool, with_site: bool) -> None:
    levels = zone.levels
    if levels is None:
        return
    name = f"{zone.site}: {zone.title}" if with_site else zone.title
    if brief:
        # The figures first: a long name is cut, they never are.
        out.clipped(f"{out.symbol(levels.status)} SL-T {levels.target}, SL-A {levels.attested}: {name}")
        return
    out.line(
        f"{out.symbol(levels.status)} {name} ({levels.status.word}; {zone.level_label}; {counted(zone.gaps, 'gap')})"
    )
    _levels(out, levels)
    blocked = [f"{row.code} by {', '.join(row.blocked_by[:3])}" for row in levels.rows if row.blocked_by]
    if blocked:
        out.pair("held down", "; ".join(blocked), indent=4)


def _levels(out: Lines, levels: LevelsView) -> None:
    rows = [
        ("", [row.code for row in levels.rows]),
        ("SL-T", ["-" if row.target is None else str(row.target) for row in levels.rows]),
        ("SL-A tested", [row.tested.text for row in levels.rows]),
        ("with attestations", [row.attested.text for row in levels.rows]),
        ("with compensation", [row.compensated.text for row in levels.rows]),
        ("against target", [row.attested.status.symbol for row in levels.rows]),
    ]
    for label, cells in rows:
        out.columns([(f"  {label}", 20), *((cell.rjust(5), 5) for cell in cells)])


def _work(out: Lines, view: Summary, most: int, brief: bool = False) -> None:
    if not view.work:
        return
    out.blank()
    shown = view.work[:most]
    rest, causes = len(view.work) - len(shown), sum(each.causes for each in view.work)
    notes = [f"{rest:,} more"] if rest else []
    if causes > len(view.work):
        # The line of sums counts causes: whoever adds up what stands here would come to less.
        notes.append(f"{causes:,} causes, told as {len(view.work):,}")
    out.title("What most gaps come from" + (f" ({'; '.join(notes)})" if notes else ""))
    for each in shown:
        line = f"{out.symbol(each.severity)} {each.gaps:,} ({each.share}) "
        if brief:
            out.clipped(line + each.title)
            continue
        details = [each.severity.word, each.policy, *([each.where] if each.where else [])]
        out.line(f"{line}{each.title} [{', '.join(details)}]")
        out.pair("do", each.action, indent=4)
        out.pair("when", each.window, indent=4)
        out.pair("until then", each.interim, indent=4)
        if each.review:
            out.pair("first", each.review, indent=4)


def _evidence(out: Lines, view: Summary) -> None:
    if not view.stale and not view.missing and not view.remarks:
        return
    out.blank()
    out.title("Evidence that is stale or missing")
    for source in view.stale:
        out.line(f"{out.symbol(source.status)} {source.name} ({source.status.word}): {source.ages or 'too old'}")
    for reason in view.missing:
        out.line(f"? {reason.count:,} without verdict: {reason.reason}")
        if reason.examples:
            out.pair("for example", reason.examples[0], indent=4)
    for remark in view.remarks[:_REMARKS]:
        out.line(f"! {remark}")
    if len(view.remarks) > _REMARKS:
        out.line(f"! {len(view.remarks) - _REMARKS} more that look odd; the pack lists them")


def _waivers(out: Lines, view: Summary) -> None:
    if not view.lapsed_waivers:
        return
    out.blank()
    out.title("Waivers that no longer hold")
    for waiver in view.lapsed_waivers:
        state = f"{waiver.status.word}, {waiver.dates}"
        out.line(f"{out.symbol(waiver.status)} {waiver.id} ({state}), {counted(waiver.gaps, 'gap')}")


def _adopted(out: Lines, view: Summary) -> None:
    """What was taken over on the day of adoption and what is left of it: it stays not satisfied."""
    if not view.adopted:
        return
    out.blank()
    out.title("Adopted: known on the day of adoption, and still not satisfied")
    for site in view.adopted:
        out.line(f"{site.label}: {site.value}")


def _gap(out: Lines, gap: GapView) -> None:
    for place, message in _messages(gap):
        waived = f" [waiver {gap.waiver}: {gap.waiver_status.word}]" if gap.waiver_status else ""
        waived += f" [{gap.adopted.word}]" if gap.adopted else ""
        out.raw(f"{place} {gap.policy} {gap.severity.word}: {gap.name}: {message}{waived} [{gap.id}]")


def _messages(gap: GapView) -> Iterator[tuple[str, str]]:
    trace = gap.evidence[0] if gap.evidence else None
    place = (trace.raw_place or trace.record_place) if trace else gap.subject
    for violation in gap.violations:
        yield place, condition(violation)
    if not gap.violations:
        yield place, gap.criterion
