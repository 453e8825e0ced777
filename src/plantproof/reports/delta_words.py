"""The words for what moved, and what of a delta deserves them. Decides nothing that the delta has not decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from plantproof.model.assessment import LevelBounds
from plantproof.model.delta import Delta, Retirement, Side, Unproved, ValueChange
from plantproof.model.moves import Brought, ControlMove, Counts, LevelMove
from plantproof.reports.marks import Mark
from plantproof.reports.view_values import value_text
from plantproof.reports.words import CONCLUSIONS, SEVERITIES, Status, counted, status_of

MOVES: dict[str, Status] = {
    "opened": Status("opened", "+", "bad"),
    "worse": Status("worse", "~", "bad"),
    "unknown-now": Status("not known any more", "?", "bad"),
    "changed": Status("changed", "~", "warn"),
    "known-now": Status("known now", "!", "warn"),
    "better": Status("better", "~", "good"),
    "closed": Status("closed", "-", "good"),
}
"""Worst first: the order of every list."""

GETS_WORSE = ("opened", "worse", "unknown-now")
FAILS_NOW = ("opened", "worse", "changed", "known-now")
"""What fails on the head and did not, or did otherwise."""
GETS_BETTER = ("closed", "better")

BECAUSE = {"intent": "by the change of the design intent"}
IDENTITY = {"merged": "two assets became one", "split": "one asset became two"}


def speaks(delta: Delta) -> bool:
    """Whether there is anything to say: what only the calendar moved is none of the change's doing."""
    return bool(delta.judge.changes) or any(
        site.gaps or site.lost or site.controls or site.levels or site.errors or site.added or site.removed
        or site.statements or site.retired or site.merged or site.counts.known_passed
        or (site.intent and (site.intent.values or site.intent.masked or site.intent.masked_lost))
        for site in delta.sites
    )  # fmt: skip


def resolved(delta: Delta) -> bool:
    """Whether things got better and nothing else happened: then one line says it all."""
    if delta.judge.changes or not any(site.gaps for site in delta.sites):
        return False
    return all(
        all(move.status in GETS_BETTER for move in site.gaps)
        and not (
            site.lost
            or site.errors
            or site.added
            or site.removed
            or site.intent
            or site.statements
            or site.retired
            or site.merged
        )
        and all(control.status in ("better", "known-now") for control in site.controls)
        and all(level.status in ("better", "known-now") for level in site.levels)
        for site in delta.sites
    )


def count_words(counts: Counts) -> str:
    """`3 opened, 1 worse, 2 closed`; nothing where nothing moved."""
    told = (
        (counts.opened, "opened"),
        (counts.worse, "worse"),
        (counts.unknown_failed + counts.unknown_passed, "not known any more"),
        (counts.changed, "changed"),
        (counts.known_failed, "known now"),
        (counts.known_passed, "known now without a gap"),
        (counts.better, "better"),
        (counts.closed, "closed"),
    )
    return ", ".join(f"{many:,} {word}" for many, word in told if many)


def summary(delta: Delta) -> str:
    """The one line that sums up. Gaps are those of the sites that were judged: where none was, none were counted."""
    moved = headline(delta) or "nothing moved"
    gaps = f"{counted(delta.counts.gaps_now, 'gap')} now, {delta.counts.gaps_was:,} before; " if delta.sites else ""
    sites = counted(len(delta.sites), "site")
    untouched = f", {len(delta.untouched):,} untouched" if delta.untouched else ""
    again = f", {len(delta.collected_again):,} seen again as before" if delta.collected_again else ""
    return f"{moved}; {gaps}{sites} judged{again}{untouched}."


def headline(delta: Delta) -> str:
    """What moved, and beside the gaps what a reader must not miss: statements, what the change hides, what judges."""
    statements = len({move.path for site in delta.sites for move in site.statements})
    retired = sum(len(site.retired) for site in delta.sites)
    merged = sum(len(each.names) for site in delta.sites for each in site.merged)
    edits = [site.intent for site in delta.sites if site.intent is not None]
    hidden = sum(len(intent.masked) + len(intent.masked_lost) for intent in edits)
    judges = len(delta.judge.changes)
    redrawn = sum(intent.closed for intent in edits)
    moved = sum(move.status not in GETS_BETTER for site in delta.sites for move in site.controls)
    silent = not count_words(delta.counts)
    told = [
        count_words(delta.counts) + f" ({redrawn:,} by the edit of the design intent alone)" * bool(redrawn),
        f"{counted(statements, 'statement')} moved" * bool(statements),
        f"{counted(retired, 'asset')} retired" * bool(retired),
        f"{counted(merged, 'asset')} merged" * bool(merged),
        f"{hidden:,} hidden by an edit of the design intent" * bool(hidden),
        f"{counted(judges, 'file')} of what judges edited" * bool(judges),
        f"{counted(moved, 'conclusion')} on controls moved" * bool(moved and silent),
    ]
    return ", ".join(filter(None, told))


def self_approved(delta: Delta) -> list[Retirement]:
    """The retirements that an author of the change approves himself, or the commit's author does."""
    names = {each.name.casefold() for each in (delta.sign_off.authors if delta.sign_off else ()) if each.name}
    return [
        each
        for site in delta.sites
        for each in site.retired
        if each.approver.casefold() in names | {made.author.casefold() for made in each.brought}
    ]


def unproved_words(found: Unproved) -> str:
    """In what a source says otherwise than its export and the base's settings of it."""
    if found.settings:
        return f"written under edited settings ({', '.join(found.settings)}); by the base's it says something else"
    if found.said:
        return f"custody says other {' and '.join(found.said)} than the settings of the source"
    return "the records are not what the export says"


def known_words(counts: Counts) -> str:
    """How many observations there are now where nothing was known, none of them a gap; nothing where none."""
    many = counts.known_passed
    return f"{counted(many, 'observation')} without a gap where nothing was known before" if many else ""


def nothing_left(counts: Counts) -> str:
    """Where all is resolved."""
    return f"Nothing left to do: {count_words(counts)}."


def severity_words(severities: Counter[str]) -> str:
    """`12 critical, 3 low`."""
    words = [*SEVERITIES, *sorted(set(severities) - set(SEVERITIES))]
    return ", ".join(f"{severities[word]:,} {word}" for word in words if severities[word])


def side_words(side: Side) -> str:
    """`feature (1a2b3c4d5e6f of 2026-11-20)`."""
    commit = f"{side.commit[:12]} of {side.commit_date[:10]}" if side.commit else ""
    proposed = f"with proposed: {', '.join(side.proposed)}" if side.proposed else ""
    told = ", ".join(filter(None, (commit if commit[:12] != side.ref[:12] else side.commit_date[:10], proposed)))
    name = side.ref[:12] if commit[:12] == side.ref[:12] else short_ref(side.ref)
    return f"{name} ({told})" if told else name


def short_ref(ref: str) -> str:
    """`origin/main` of `refs/remotes/origin/main`: a pipeline asks by the whole name, people say the short one."""
    return ref.removeprefix("refs/remotes/").removeprefix("refs/heads/")


def brought_words(brought: Brought) -> str:
    """`1a2b3c4d5e6f, Jo Doe, CHG-12`."""
    return ", ".join(filter(None, (brought.commit[:12], brought.author, brought.change)))


def asides(mark: Mark) -> list[str]:
    """What besides the condition must be known of a move."""
    told = []
    if mark.identity:
        told.append(f"{IDENTITY[mark.identity]}: nothing in the plant moved")
    if mark.because in BECAUSE:
        told.append(BECAUSE[mark.because])
    if mark.waived:
        told.append(f"waiver {mark.waiver} in force: it does not stop the gate")
    if mark.review and mark.status != "closed":
        told.append(f"first: {mark.review}")
    if mark.why and mark.status not in ("unknown-now", "opened"):
        told.append(mark.why)
    return told


def bounds_words(bounds: LevelBounds) -> str:
    """`1`, or `1 to 2` where it is not known better."""
    return str(bounds.lower) if bounds.lower == bounds.upper else f"{bounds.lower} to {bounds.upper}"


def level_lines(moves: Sequence[LevelMove]) -> list[tuple[LevelMove, str, str]]:
    """A line for each zone or conduit, the lost ones first: the move that names it, the ways to look at it in which it
    moved alike, and in words what moved."""

    def unit(move: LevelMove) -> tuple[str, str, str, str]:
        return move.site, move.unit_kind, move.unit, move.view

    lines: dict[tuple[str, str, str, str], tuple[LevelMove, list[str]]] = {}
    for key, group in groupby(sorted(moves, key=unit), unit):
        found = list(group)
        told = ", ".join(
            f"{move.requirement} {bounds_words(move.was)} → {bounds_words(move.now)}"
            + (f" (target {move.target})" if move.target is not None else "")
            for move in found
        )
        first = next((move for move in found if move.lost), found[0])
        lines.setdefault((*key[:3], told), (first, []))[1].append(key[3])
    listed = [(move, ", ".join(views), told) for (*_, told), (move, views) in lines.items()]
    return sorted(listed, key=lambda line: not line[0].lost)


def control_words(move: ControlMove) -> str:
    """`satisfied → not satisfied`."""
    return f"{status_of(CONCLUSIONS, move.was).word} → {status_of(CONCLUSIONS, move.now).word}"


def worst_controls(moves: Iterable[ControlMove]) -> list[ControlMove]:
    """The same, what got worse first."""
    order = list(MOVES)
    return sorted(moves, key=lambda move: order.index(move.status))


def value_words(change: ValueChange) -> tuple[str, str]:
    """A value before and after, in words."""
    return tuple(  # type: ignore[return-value]  # two in, two out
        "not there" if value is None else value_text(value) for value in (change.was, change.now)
    )
