"""What a narrative may name in `{{ }}`: values in a line, and blocks of Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from plantproof.reports.view_parts import CauseView
from plantproof.reports.view_site_types import UnitView
from plantproof.reports.view_types import View
from plantproof.reports.words import counted
from plantproof.text import visible

_MARKUP = re.compile(r"([\\`*_{}\[\]()>#+\-.!|])")


def escape(text: str) -> str:
    """Text of unknown origin as Markdown that shows it as it is, on one line."""
    clean = visible(text).strip().replace("&", "&amp;").replace("<", "&lt;")
    return _MARKUP.sub(r"\\\1", clean)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(escape(cell) or ' ' for cell in row)} |" for row in rows]
    if not lines:
        return "None."
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *lines])


def _table_of_sites(view: View, head: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> str:
    """A table whose rows come with the title of their site, which is told where there are several."""
    if len(view.sites) < 2:
        return _table(head, (cells for _, cells in rows))
    return _table(("Site", *head), ((site, *cells) for site, cells in rows))


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items) or "None."


def _sites(view: View) -> str:
    return _list(
        f"**{escape(site.title)}**{' (fictional)' if site.fictional else ''}: {counted(len(site.zones), 'zone')}, "
        f"{counted(len(site.conduits), 'conduit')}, {counted(len(site.assets), 'asset')}; owner {escape(site.owner)}"
        for site in view.sites
    )


def _frameworks(view: View) -> str:
    return _list(f"**{escape(f.heading)}**, {escape(f.profile_title)}. {escape(f.sentence)}" for f in view.frameworks)


def _sources(view: View) -> str:
    return _table_of_sites(
        view,
        ("Source", "State", "Collected", "By", "Records", "Speaks for"),
        (
            (
                site.title,
                (
                    s.name,
                    s.status.word,
                    s.collected_at,
                    s.collected_by,
                    f"{s.records:,}",
                    "; ".join(s.covers) or "nothing stated",
                ),
            )
            for site in view.sites
            for s in site.sources
        ),
    )


def _rests_on(view: View) -> str:
    return _table(("What", "Which"), ((fact.label, fact.value) for fact in view.rests_on))


def _zones(view: View) -> str:
    return "\n\n".join(_unit(zone, view) for site in view.sites for zone in site.zones) or "None."


def _conduits(view: View) -> str:
    return "\n\n".join(_unit(conduit, view) for site in view.sites for conduit in site.conduits) or "None."


def _unit(unit: UnitView, view: View) -> str:
    details = [unit.level_label, unit.kind_label, f"owner {unit.owner}" if unit.owner else ""]
    place = f" ({unit.site})" if len(view.sites) > 1 else ""
    lines = [f"### {escape(unit.title)}{escape(place)}", ""]
    described = ", ".join(escape(detail) for detail in details if detail)
    lines.append((f"{described}. " if described else "") + f"{counted(unit.gaps, 'gap')}.")
    if unit.kind == "conduit":
        lines.append(f"It joins {escape(' and '.join(zone.title for zone in unit.joins))}.")
    if unit.functions:
        lines.append(f"Essential functions: {escape('; '.join(unit.functions))}.")
    if unit.levels:
        lines.append(escape(unit.levels.sentence) + ".")
        lines += ["", _table(("", *(row.code for row in unit.levels.rows)), _level_rows(unit))]
    if unit.causes:
        lines += ["", "Its gaps come from:", ""]
        lines.append(_list(f"{escape(c.title)} ({c.severity.word}, {c.count:,})" for c in unit.causes[:10]))
    return "\n".join(lines)


def _level_rows(unit: UnitView) -> list[tuple[str, ...]]:
    rows = unit.levels.rows if unit.levels else []
    return [
        ("SL-T", *("–" if row.target is None else str(row.target) for row in rows)),
        ("SL-A tested", *(row.tested.text for row in rows)),
        ("with attestations", *(row.attested.text for row in rows)),
        ("with compensation", *(row.compensated.text for row in rows)),
        ("against the target", *(row.attested.status.word for row in rows)),
    ]


def _shadows(view: View) -> str:
    shown = [(site.title, shadow) for site in view.sites for shadow in site.shadows]
    rest = f"\n\nAnd {counted(len(shown) - 50, 'more')}." if len(shown) > 50 else ""
    table = _table_of_sites(
        view,
        ("From", "To", "Service", "How known", "What"),
        ((site, (s.source.title, s.target.title, s.service, s.kind, s.name)) for site, s in shown[:50]),
    )
    return table + rest


def _causes(view: View) -> str:
    rest = f"\n\nAnd {len(view.causes) - 50:,} more, in the gap register." if len(view.causes) > 50 else ""
    return "\n\n".join(_cause(number, cause) for number, cause in enumerate(view.causes[:50], 1)) + rest or "No gaps."


def _cause(number: int, cause: CauseView) -> str:
    share, at = (f"{cause.share} of all", f" at {escape(cause.where)}") if cause.where else (cause.share, "")
    weight = f"{cause.severity.word.capitalize()}; {counted(cause.gaps, 'gap')} ({escape(share)})"
    lines = [
        f"### {number}\\. {escape(cause.title)}",
        "",
        f"{weight}{at} in {escape(', '.join(zone.title for zone in cause.zones) or 'no zone')}.",
        "",
        f"- **Do:** {escape(cause.action)}",
        f"- **When:** {escape(cause.window)}",
        f"- **Until then:** {escape(cause.interim)}",
    ]
    if cause.review:
        lines.append(f"- **First:** {escape(cause.review)}")
    if cause.owners:
        lines.append(f"- **Owner:** {escape('; '.join(cause.owners))}")
    return "\n".join(lines)


def _waivers(view: View) -> str:
    return _table_of_sites(
        view,
        ("Waiver", "State", "From, to", "Policy", "Gaps", "Reason"),
        (
            (site.title, (w.id, w.status.word, w.dates, w.policy, f"{w.gaps:,}", w.reason))
            for site in view.sites
            for w in site.waivers
        ),
    )


INLINE: dict[str, Callable[[View], str]] = {
    "title": lambda view: view.title,
    "as_of": lambda view: view.as_of,
    "lapses": lambda view: (
        f"It lapses on {view.lapses_on}." if view.lapses_on else "Nothing in it has a date of expiry."
    ),
    "summary": lambda view: view.summary,
}
"""Placeholder -> value on one line."""

BLOCKS: dict[str, Callable[[View], str]] = {
    "banners": lambda view: "\n".join(f"> {escape(banner)}\n>" for banner in (*view.banners, *view.notices)),
    "sites": _sites,
    "frameworks": _frameworks,
    "sources": _sources,
    "rests_on": _rests_on,
    "zones": _zones,
    "conduits": _conduits,
    "shadows": _shadows,
    "causes": _causes,
    "waivers": _waivers,
}
"""Placeholder -> Markdown of several lines, its values already escaped."""
