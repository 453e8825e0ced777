"""What a change does, for a terminal: + opened, ~ worse or better, - closed, ? not known any more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from plantproof.model.delta import Delta, IntentChange, JudgeMoves, SiteDelta
from plantproof.model.moves import GapMove
from plantproof.reports import delta_words as words
from plantproof.reports.delta_entries import AFTER_DETAILS, BEFORE_DETAILS
from plantproof.reports.delta_entry import EntriesOf, listed
from plantproof.reports.delta_reporters import DeltaResults
from plantproof.reports.marks import Mark, mark_of_lost, mark_of_move, marks_of_site, worst_first
from plantproof.reports.reporters import Options
from plantproof.reports.text_lines import Lines
from plantproof.reports.words import SEVERITIES, counted, status_of

_MOST = 25
"""Moves of one kind and values of one file that are shown without --verbose."""


def report(results: DeltaResults, options: Options) -> bytes:
    """`diff --format text`."""
    return render(results, colour=options.colour, verbose=options.verbose).encode()


def render(results: DeltaResults, width: int = 80, colour: bool = False, verbose: bool = False) -> str:
    """The whole delta, one line with the sums last."""
    out = Lines(width, colour)
    _head(out, results.delta)
    for section in SECTIONS:
        section(out, results, None if verbose else _MOST)
    out.blank()
    if results.gate:
        out.line(f"The gate does not open: {results.gate.words}.")
    out.line(words.summary(results.delta))
    return str(out)


def _head(out: Lines, delta: Delta) -> None:
    out.title(delta.title)
    out.pair("base", words.side_words(delta.base))
    if delta.asked_base:
        out.pair("", f"where the change left {words.short_ref(delta.asked_base)}")
    out.pair("head", words.side_words(delta.head))
    out.pair("judged", f"on {delta.on}, both sides by the judge of the base")


def _sites(out: Lines, results: DeltaResults, most: int | None) -> None:
    for site in results.delta.sites:
        out.blank()
        out.title(f"{site.site}: {site.title}")
        _site(out, site, most)


def _site(out: Lines, site: SiteDelta, most: int | None) -> None:
    if site.added:
        out.line("The change brings this site: nothing was known of it before.")
    if site.removed:
        out.line("The change takes this site out: nothing of it would be known any more.")
    for policy in site.errors:
        out.line(f"! {policy} failed to run: it judged nothing")
    marks = sorted(marks_of_site(site), key=worst_first)
    for status, word in words.MOVES.items():
        found = [mark for mark in marks if mark.status == status]
        _marks(out, found, most, f"{word.symbol} {{}} more {word.word}: --verbose shows them")
    for move in words.worst_controls(site.controls)[:most]:
        moved = words.MOVES[move.status]
        where = "the site" if move.unit_kind == "site" else f"{move.unit_kind} {move.unit_title or move.unit}"
        out.line(
            f"{out.symbol(moved)} {move.framework} {move.control} {move.title}, {where}: {words.control_words(move)}"
        )
    _rest(out, len(site.controls), most, "controls")
    for level, views, told in words.level_lines(site.levels)[:most]:
        moved = words.MOVES["worse" if level.lost else level.status]
        out.line(f"{out.symbol(moved)} SL-A (indicated, {views}) {level.unit_kind} {level.unit_title}: {told}")
    known = words.known_words(site.counts)
    if known:
        out.line(f"! {known}")
    if not (marks or site.controls or site.levels or site.errors or known):
        out.line("Nothing moved.")


def _marks(out: Lines, marks: Sequence[Mark], most: int | None, rest: str) -> None:
    for mark in marks[:most]:
        _mark(out, mark)
    if most is not None and len(marks) > most:
        out.line(rest.format(f"{len(marks) - most:,}"))


def _mark(out: Lines, mark: Mark) -> None:
    status = words.MOVES[mark.status]
    zones = f" [{', '.join(mark.zones)}]" if mark.zones else ""
    severity = status_of(SEVERITIES, mark.severity).word
    out.line(f"{out.symbol(status)} {status.word}, {severity}: {mark.criterion}: {mark.subject}{zones}")
    for condition in mark.conditions:
        out.under(condition)
    for aside in words.asides(mark):
        out.under(aside)
    for place in mark.places[:3]:
        out.raw(f"    {place}")
    for brought in mark.brought[:3]:
        out.under(f"brought by {words.brought_words(brought)}")


def _rest(out: Lines, many: int, most: int | None, what: str) -> None:
    if most is not None and many > most:
        out.line(f"  and {many - most:,} more {what}: --verbose shows them")


def _intent(out: Lines, results: DeltaResults, most: int | None) -> None:
    for site in results.delta.sites:
        if site.intent is not None:
            _intent_of(out, site.intent, most)


def _intent_of(out: Lines, intent: IntentChange, most: int | None) -> None:
    out.blank()
    out.title(f"The change edits the design intent: {intent.path}")
    for change in intent.values[:most]:
        was, now = words.value_words(change)
        out.line(f"  {change.pointer}: {was} → {now}")
    _rest(out, len(intent.values), most, "values")
    if intent.opened or intent.closed:
        out.line(f"  by that alone {intent.opened:,} opened, {intent.closed:,} closed")
    hidden = [*map(mark_of_move, intent.masked), *map(mark_of_lost, intent.masked_lost)]
    if hidden:
        many = counted(len(hidden), "entry", "entries")
        out.line(f"! The change's own edit of the intent hides what its evidence does, {many}:")
        _marks(out, sorted(hidden, key=worst_first), most, "  and {} more: --verbose shows them")


def _moves(out: Lines, moves: Sequence[GapMove], most: int | None) -> None:
    _marks(out, [mark_of_move(move) for move in moves], most, "  and {} more: --verbose shows them")


def _judge(out: Lines, results: DeltaResults, most: int | None) -> None:
    judge = results.delta.judge
    if judge.changes:
        out.blank()
        out.title("The change edits what judges. It was not used here, and needs a review of its own")
        _judge_of(out, judge, most)


def _judge_of(out: Lines, judge: JudgeMoves, most: int | None) -> None:
    for line in judge.words:
        out.line(f"! {line}")
    if judge.not_evaluated:
        out.line(f"! not evaluated: {judge.not_evaluated}")
    for change in judge.changes[:most]:
        out.line(f"  {change.kind} {change.how}: {change.path}" + (f" ({change.title})" if change.title else ""))
        for value in change.values[:most]:
            was, now = words.value_words(value)
            out.under(f"  {value.pointer}: {was} → {now}")
        _rest(out, len(change.values), most, "values")
    _rest(out, len(judge.changes), most, "files")


def _calendar(out: Lines, results: DeltaResults, most: int | None) -> None:
    moves = [move for site in results.delta.sites for move in site.calendar]
    lost = [each for site in results.delta.sites for each in site.calendar_lost]
    if moves or lost:
        out.blank()
        out.title(f"Moved by the calendar alone, {results.delta.base_on} to {results.delta.on}: not this change")
        _moves(out, moves, most)
        _marks(out, [mark_of_lost(each) for each in lost], most, "  and {} more: --verbose shows them")


def _untouched(out: Lines, results: DeltaResults, most: int | None) -> None:
    delta = results.delta
    told = [("seen again as before", delta.collected_again), ("untouched", delta.untouched)]
    for name, sites in told:
        if sites:
            out.blank()
            out.pair(name, ", ".join(sites) if most is None else listed(sites))


def _entries(of: EntriesOf) -> Section:
    def section(out: Lines, results: DeltaResults, most: int | None) -> None:
        found = of(results.delta)
        if found is None:
            return
        out.blank()
        out.title(found.title)
        if found.brief and most is not None:
            return
        for entry in found.entries[:most]:
            out.line(f"{out.symbol(entry.status)} {entry.text}")
            for told in entry.under:
                out.under(told)
            for typed in (*map(str, entry.places), *entry.commands):
                out.raw(f"    {typed}")
        _rest(out, len(found.entries), most, "entries")

    return section


Section = Callable[[Lines, DeltaResults, int | None], None]
SECTIONS: tuple[Section, ...] = (
    _sites,
    *map(_entries, BEFORE_DETAILS),
    _intent,
    _judge,
    *map(_entries, AFTER_DETAILS),
    _calendar,
    _untouched,
)
"""In the order in which they are read. A section with nothing to say writes nothing."""
