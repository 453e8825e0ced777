"""The summary for a terminal: readable at 80 columns, without colour, without rich."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from plantproof.reports.reporters import Options, Results
from plantproof.reports.text_lines import Lines
from plantproof.reports.view_parts import FrameworkView, GapView, LevelsView
from plantproof.reports.view_site_types import UnitView
from plantproof.reports.view_types import View
from plantproof.reports.view_values import condition
from plantproof.reports.words import counted

_WORST = 5
_CAUSES = 10
_LAPSES = 3
_REMARKS = 3


def report(results: Results, options: Options) -> bytes:
    """`--format text`."""
    return render(results.view, colour=options.colour, verbose=options.verbose).encode()


def render(view: View, width: int = 80, colour: bool = False, verbose: bool = False) -> str:
    """The whole summary, one line with the sums last. `verbose` adds every gap as `path:line POLICY message`."""
    out = Lines(width, colour)
    _head(out, view)
    for framework in view.frameworks:
        out.blank()
        _framework(out, framework)
    _zones(out, view, _WORST)
    _causes(out, view, _CAUSES)
    _evidence(out, view)
    _waivers(out, view)
    _adopted(out, view)
    out.blank()
    out.title("Rests on")
    for fact in view.rests_on:
        out.pair(fact.label, fact.value)
    for lapse in view.lapses[:_LAPSES]:
        out.pair("lapses", f"{lapse.label}: {lapse.value}")
    if verbose:
        out.blank()
        out.title("Every gap")
        for gap in view.gaps:
            _gap(out, gap)
    out.blank()
    out.line(view.summary)
    return str(out)


def render_demo(view: View, folder: Path | str, archive: Path | str, width: int = 80, colour: bool = False) -> str:
    """What matters most, and where the pack lies, in 25 lines at most."""
    out = Lines(width, colour)
    out.clipped(view.title)
    out.line(f"As of {view.as_of}. " + " ".join(view.banners[1:2] if _fictional(view) else view.banners[:1]))
    for framework in view.frameworks[:4]:
        _framework_line(out, framework)
    _zones(out, view, 3, heading="Zones furthest from target (IAC UC SI DC RDF TRE RA)")
    _causes(out, view, 4, brief=True)
    out.blank()
    out.line(view.summary)
    out.raw(f"Pack: {folder}/html/index.html")
    out.raw(f"      {archive}")
    return str(out)


def _fictional(view: View) -> bool:
    return any(site.fictional for site in view.sites)


def _head(out: Lines, view: View) -> None:
    out.title(view.title)
    for banner in (*view.banners, *view.notices):
        out.line(banner)


def _framework(out: Lines, framework: FrameworkView) -> None:
    out.title(f"{framework.heading}, profile {framework.profile}")
    out.line(f"{counted(framework.selected, 'control')} selected")
    for count, tested in zip(framework.counts, framework.tested, strict=True):
        out.columns(
            [
                (out.status(count.status), 20),
                (f"{count.count:>6,}", 6),
                (f"{count.share:>6}", 6),
                (f"from tested evidence alone {tested.count:,}", 0),
            ]
        )


def _framework_line(out: Lines, framework: FrameworkView) -> None:
    counts = ", ".join(f"{count.count:,} {count.status.word}" for count in framework.counts if count.count)
    out.clipped(f"{framework.short}: {counts}")


def _zones(out: Lines, view: View, most: int, heading: str = "Zones furthest from their target") -> None:
    zones = sorted(
        (zone for site in view.sites for zone in site.worst if zone.levels),
        key=lambda zone: (-(zone.levels.short if zone.levels else 0), -(zone.levels.open if zone.levels else 0)),
    )[:most]
    if not zones:
        return
    out.blank()
    out.title(f"{heading}")
    brief = most <= 3
    for zone in zones:
        _zone(out, zone, brief, with_site=len(view.sites) > 1)


def _zone(out: Lines, zone: UnitView, brief: bool, with_site: bool) -> None:
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


def _causes(out: Lines, view: View, most: int, brief: bool = False) -> None:
    if not view.causes:
        return
    out.blank()
    shown = view.causes[:most]
    rest = len(view.causes) - len(shown)
    out.title("What most gaps come from" + (f" ({rest:,} more)" if rest else ""))
    for cause in shown:
        line = f"{out.symbol(cause.severity)} {cause.gaps:,} ({cause.share}) {cause.title}"
        if brief:
            # What opens the way comes first, for the line is cut: what must hold is told in the pack.
            must_hold, _, where = cause.title.rpartition(": ")
            told = f"{where}: {must_hold}" if must_hold else where
            out.clipped(f"{out.symbol(cause.severity)} {cause.gaps:,} ({cause.share}) {told}")
            continue
        out.line(f"{line} [{cause.severity.word}, {cause.policy}]")
        out.pair("do", cause.action, indent=4)
        out.pair("when", cause.window, indent=4)
        out.pair("until then", cause.interim, indent=4)
        if cause.reviews:
            out.pair("first", "; ".join(cause.reviews), indent=4)


def _evidence(out: Lines, view: View) -> None:
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


def _waivers(out: Lines, view: View) -> None:
    if not view.lapsed_waivers:
        return
    out.blank()
    out.title("Waivers that no longer hold")
    for waiver in view.lapsed_waivers:
        state = f"{waiver.status.word}, {waiver.dates}"
        out.line(f"{out.symbol(waiver.status)} {waiver.id} ({state}), {counted(waiver.gaps, 'gap')}")


def _adopted(out: Lines, view: View) -> None:
    """What was taken over on the day of adoption and what is left of it: it stays not satisfied."""
    told = [(site, site.adopted) for site in view.sites if site.adopted]
    if not told:
        return
    out.blank()
    out.title("Adopted: known on the day of adoption, and still not satisfied")
    for site, words in told:
        out.line(f"{site.id}: {words}")


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
