"""The sections of the comment, in the order in which a reviewer reads them. Each makes itself of the delta, or is
silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from plantproof.model.delta import Delta, JudgeChange, ValueChange
from plantproof.model.moves import Brought, ControlMove, LevelMove
from plantproof.reports import delta_words as words
from plantproof.reports.delta_entries import AFTER_DETAILS, BEFORE_DETAILS
from plantproof.reports.delta_entry import EntriesOf, Entry
from plantproof.reports.delta_gate import unattested
from plantproof.reports.delta_reporters import DeltaResults
from plantproof.reports.forge import blob_address
from plantproof.reports.markdown import code, link, prose
from plantproof.reports.markdown_sections import Section
from plantproof.reports.marks import Mark, Place, mark_of_lost, mark_of_move, marks_of_delta, worst_first
from plantproof.reports.reporters import Options
from plantproof.reports.words import SEVERITIES, counted, status_of

_PLACES, _CONDITIONS, _BROUGHT, _VALUES, _COMMAND = 3, 3, 2, 12, 800
SectionOf = Callable[[DeltaResults, Options], Section | None]


def _worse(results: DeltaResults, options: Options) -> Section | None:
    marks = marks_of_delta(results.delta, words.GETS_WORSE)
    return _section("What gets worse", marks, results, options, expanded=True)


def _failed(results: DeltaResults, options: Options) -> Section | None:
    """What could not be judged at all."""
    lines = [f"The site {code(site.site)} is taken out" for site in results.delta.sites if site.removed]
    lines += [
        f"{code(policy)} failed to run at {code(site.site)}: it judged nothing"
        for site in results.delta.sites
        for policy in site.errors
    ]
    if not lines:
        return None
    return Section(title="What could not be judged", items=lines, line=_entry, expanded=True, speaks=True)


def _intent(results: DeltaResults, options: Options) -> Section | None:
    edited = [site.intent for site in results.delta.sites if site.intent is not None]
    if not edited:
        return None
    heads: list[str] = []
    for intent in edited:
        moved = f": by that alone {intent.opened:,} opened, {intent.closed:,} closed"
        heads += [f"{code(intent.path)}{moved if intent.opened or intent.closed else ''}", ""]
        heads += [_value(change) for change in intent.values]
        heads += [""] * bool(intent.values)
    marks = [mark_of_move(move) for intent in edited for move in intent.masked]
    marks += [mark_of_lost(each) for intent in edited for each in intent.masked_lost]
    masked = sorted(marks, key=worst_first)
    title = f"The change edits the design intent of {counted(len(edited), 'site')}"
    if masked:
        title += f", and that hides what its evidence does: {counted(len(masked), 'entry', 'entries')}"
        heads[:0] = [
            "**! The change's own edit of the intent hides what its evidence does:**",
            "",
        ]
    while heads and not heads[-1]:
        heads.pop()
    return Section(title=title, head=heads, items=masked, line=_marker(results, options), expanded=bool(masked))


def _judge(results: DeltaResults, options: Options) -> Section | None:
    judge = results.delta.judge
    if not judge.changes:
        return None
    told = [f"- {prose(line)}" for line in judge.words]
    if judge.not_evaluated:
        told.append(f"- not evaluated: {prose(judge.not_evaluated)}")
    title = f"The change edits what judges: {counted(len(judge.changes), 'file')}"
    head = ["It was not used here, and needs a review of its own.", "", *told]
    return Section(title=title, head=head, items=judge.changes, line=_judge_change, expanded=True)


def _levels(results: DeltaResults, options: Options) -> Section | None:
    lines = words.level_lines([move for site in results.delta.sites for move in site.levels])
    if not lines:
        return None
    lost = sum(move.lost for move, *_ in lines)
    title = f"Security levels, SL-A (indicated): {counted(len(lines), 'vector')} moved" + (
        f", {lost} lost" * bool(lost)
    )
    return Section(title=title, items=lines, line=_level)


def _controls(results: DeltaResults, options: Options) -> Section | None:
    moves = words.worst_controls(move for site in results.delta.sites for move in site.controls)
    if not moves:
        return None
    return Section(
        title=f"Controls: {counted(len(moves), 'conclusion')} moved",
        items=moves,
        line=_control,
        expanded=any(unattested(site) for site in results.delta.sites),
    )


def _known_now(results: DeltaResults, options: Options) -> Section | None:
    marks = marks_of_delta(results.delta, ("known-now", "changed"))
    return _section("What is known now, or changed", marks, results, options, expanded=True)


def _better(results: DeltaResults, options: Options) -> Section | None:
    return _section("What gets better", marks_of_delta(results.delta, words.GETS_BETTER), results, options)


def _calendar(results: DeltaResults, options: Options) -> Section | None:
    marks = [mark_of_move(move) for site in results.delta.sites for move in site.calendar]
    marks += [mark_of_lost(each) for site in results.delta.sites for each in site.calendar_lost]
    title = f"Moved by the calendar alone, {results.delta.base_on} to {results.delta.on}: not this change"
    return _section(title, sorted(marks, key=worst_first), results, options)


def _entries(of: EntriesOf) -> SectionOf:
    def section(results: DeltaResults, options: Options) -> Section | None:
        found = of(results.delta)
        if found is None:
            return None

        def line(entry: Entry) -> str:
            commit = results.delta.head.commit
            under = [prose(told) for told in entry.under]
            under += [_place(place, commit, options) for place in entry.places[:_PLACES]]
            # A command that is cut would say something else.
            under += [code(typed, _COMMAND) for typed in entry.commands if len(typed) <= _COMMAND]
            # A sign at the start of an entry would begin a list of its own.
            sign = f"{prose(entry.status.symbol)} " if entry.status.word else ""
            return "\n".join([f"- {sign}{prose(entry.text)}", *(f"  - {each}" for each in under)])

        return Section(
            title=found.title,
            # As one line of the head: a diagram cut in two is none.
            head=[f"```mermaid\n{found.diagram}\n```"] if found.diagram else (),
            items=found.entries,
            line=line,
            expanded=found.expanded,
            speaks=found.speaks,
        )

    return section


SECTIONS: tuple[SectionOf, ...] = (
    _failed,
    _worse,
    _known_now,
    *map(_entries, BEFORE_DETAILS),
    _intent,
    _judge,
    *map(_entries, AFTER_DETAILS),
    _levels,
    _controls,
    _better,
    _calendar,
)
"""A section more is a row more. Room is given in this order; each later section is sure of a little."""


def _section(
    title: str, marks: Sequence[Mark], results: DeltaResults, options: Options, *, expanded: bool = False
) -> Section | None:
    if not marks:
        return None
    return Section(
        title=f"{title}: {counted(len(marks), 'entry', 'entries')}",
        items=marks,
        line=_marker(results, options),
        expanded=expanded,
    )


def _marker(results: DeltaResults, options: Options) -> Callable[[Mark], str]:
    """How a mark is written: what, where it lies, what was seen, the lines of evidence, who brought it."""
    several = len(results.delta.sites) > 1

    def line(mark: Mark) -> str:
        # A list within the list: in comments GitHub breaks at each line end, GitLab at none.
        parts = _parts(mark, results.delta, options)
        return "\n".join([_first_line(mark, several), *(f"  - {part}" for part in parts)])

    return line


def _first_line(mark: Mark, several_sites: bool) -> str:
    status, severity = words.MOVES[mark.status], status_of(SEVERITIES, mark.severity)
    zones = f" in {', '.join(code(zone, 60) for zone in mark.zones[:4])}" if mark.zones else ""
    site = f" at {code(mark.site, 60)}" if several_sites else ""
    what = f"**{severity.symbol} {prose(severity.word, 20)}, {status.word}:** {prose(mark.criterion)}"
    return f"- {what}: {code(mark.subject, 160)}{zones}{site}"


def _parts(mark: Mark, delta: Delta, options: Options) -> Iterator[str]:
    conditions = mark.conditions
    yield from (prose(condition) for condition in conditions[:_CONDITIONS])
    if len(conditions) > _CONDITIONS:
        yield f"… and {len(conditions) - _CONDITIONS:,} more"
    yield from (prose(aside) for aside in words.asides(mark))
    # The gap of what failed and no longer does is the base's, and so are its lines.
    of_base = mark.evidence and mark.status in ("closed", "unknown-now")
    commit = delta.base.commit if of_base else delta.head.commit
    places = mark.places
    shown = ", ".join(_place(place, commit, options) for place in places[:_PLACES])
    yield shown + (f" and {len(places) - _PLACES} more" if len(places) > _PLACES else "")
    for brought in mark.brought[:_BROUGHT]:
        yield f"brought by {_brought(brought)}"


def _place(place: Place, commit: str, options: Options) -> str:
    address = blob_address(place, commit, options)
    shown = code(str(place), 200)
    return link(shown, address) if address else shown


def _brought(brought: Brought) -> str:
    change = f", change {code(brought.change, 60)}" if brought.change else ""
    return f"{code(brought.commit[:12])} of {prose(brought.author, 60)}{change}"


def _value(change: ValueChange) -> str:
    was, now = words.value_words(change)
    return f"- {code(change.pointer, 120)}: {code(was, 80) or 'nothing'} → {code(now, 80) or 'nothing'}"


def _judge_change(change: JudgeChange) -> str:
    title = f" ({prose(change.title, 100)})" if change.title else ""
    lines = [f"- {change.kind} {change.how}: {code(change.path, 200)}{title}"]
    lines += [f"  {_value(value)}" for value in change.values[:_VALUES]]
    if len(change.values) > _VALUES:
        lines.append(f"  - … and {len(change.values) - _VALUES:,} more values")
    return "\n".join(lines)


def _level(line: tuple[LevelMove, str, str]) -> str:
    move, views, told = line
    symbol = "**↓**" if move.lost else "↕"
    return f"- {symbol} {move.unit_kind} {prose(move.unit_title or move.unit, 80)} ({views}): {prose(told)}"


def _control(move: ControlMove) -> str:
    unit = "the site" if move.unit_kind == "site" else f"{move.unit_kind} {prose(move.unit_title or move.unit, 80)}"
    name = f"{code(f'{move.framework} {move.control}', 100)} {prose(move.title, 120)}"
    return f"- {name}, {unit}: {words.control_words(move)}"


def _entry(markdown: str) -> str:
    return f"- {markdown}"
