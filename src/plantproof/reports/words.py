"""The words of the reports: every status with a word, a symbol and a tone, so that colour never stands alone."""

from __future__ import annotations

from typing import NamedTuple


class Status(NamedTuple):
    """How something stands. `tone` is good, bad, warn or quiet: it chooses a colour and nothing else."""

    word: str
    symbol: str
    tone: str


CONCLUSIONS: dict[str, Status] = {
    "not-satisfied": Status("not satisfied", "✗", "bad"),
    "not-assessed": Status("not assessed", "?", "warn"),
    "satisfied": Status("satisfied", "✓", "good"),
    "not-applicable": Status("not applicable", "–", "quiet"),
}
"""Worst first: the order of every count and the precedence over several sites."""

SEVERITIES: dict[str, Status] = {
    "critical": Status("critical", "▲▲", "bad"),
    "high": Status("high", "▲", "bad"),
    "medium": Status("medium", "◆", "warn"),
    "low": Status("low", "▽", "quiet"),
}

SOURCE_STATES: dict[str, Status] = {
    "fresh": Status("fresh", "✓", "good"),
    "partly-stale": Status("partly stale", "◐", "warn"),
    "stale": Status("stale", "✗", "bad"),
}

WAIVER_STATES: dict[str, Status] = {
    "in-force": Status("in force", "✓", "good"),
    "expired": Status("expired", "✗", "bad"),
    "not-valid": Status("not valid", "✗", "bad"),
    "not-yet": Status("not yet in force", "?", "warn"),
}

ADOPTIONS: dict[str, Status] = {
    "adopted": Status("adopted", "◌", "quiet"),
    "overdue": Status("adopted, its review is overdue", "!", "warn"),
    "worse": Status("worse than it was adopted", "✗", "bad"),
}
"""How a gap stands to what was adopted. Whatever it says, the gap stays a gap."""

LEVEL_STATES: dict[str, Status] = {
    "met": Status("met", "✓", "good"),
    "contested": Status("met, contested", "≈", "warn"),
    "open": Status("not known", "?", "warn"),
    "short": Status("short", "✗", "bad"),
    "none": Status("no target", "–", "quiet"),
}

METHODS = {
    "config": "read from the configuration",
    "active": "actively queried",
    "passive": "observed on the network",
    "proposed": "proposed, not on the device yet",
    "declared": "declared, not tested",
    "attested": "attested, not tested",
}

REASONS = {
    "missing-field": "the source does not say",
    "stale": "evidence too old",
    "not-covered": "no source speaks for it",
    "disputed": "sources disagree",
    "unknown-applicability": "unknown whether it applies",
    "unresolved-reference": "points at something unknown",
    "no-longer-reported": "no longer reported, not retired",
    "not-asked": "not asked of it any more",
    "draft-intent": "rests on intent that nobody has confirmed",
    "engine-error": "the policy failed to run",
    "limit-exceeded": "the policy took too much time or memory",
    "worker-died": "the policy's worker died",
}

FOUNDATIONAL = {
    "IAC": "Identification and authentication control",
    "UC": "Use control",
    "SI": "System integrity",
    "DC": "Data confidentiality",
    "RDF": "Restricted data flow",
    "TRE": "Timely response to events",
    "RA": "Resource availability",
}

ZONE_KINDS = {
    "business": "business",
    "dmz": "DMZ",
    "control": "control system",
    "safety": "safety system",
    "wireless": "wireless",
    "temporary": "temporary",
    "external": "external",
}

PURDUE = {
    5.0: "Level 5 · Enterprise",
    4.0: "Level 4 · Business and logistics",
    3.5: "Level 3.5 · DMZ between IT and OT",
    3.0: "Level 3 · Site operations",
    2.0: "Level 2 · Line and cell supervision",
    1.0: "Level 1 · Control",
    0.0: "Level 0 · Process",
}


def status_of(table: dict[str, Status], key: str) -> Status:
    """The status of a word; a word that no table knows is shown as it is, as a warning, never as good."""
    return table.get(key) or Status(key or "unknown", "?", "warn")


def purdue_label(level: float | None) -> str:
    """A Purdue level as plants speak of it."""
    if level is None:
        return "No Purdue level"
    return PURDUE.get(level) or f"Level {level:g}"


def counted(count: int, one: str, many: str = "") -> str:
    """`1 gap`, `2 gaps`, `12,000 gaps`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def selected_words(selected: int, removed: int) -> str:
    """`24 controls selected, 2 taken out by the profile`."""
    return f"{counted(selected, 'control')} selected" + (f", {removed:,} taken out by the profile" if removed else "")


def percent(count: int, total: int) -> str:
    """A share in whole per cent. Never says 100 % unless it is all, never 0 % unless it is none."""
    if total <= 0:
        return "–"
    if 0 < count * 200 < total:
        return "<1 %"
    if count < total and (total - count) * 200 <= total:
        return ">99 %"
    return f"{(200 * count + total) // (2 * total)} %"
