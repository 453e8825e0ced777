"""Sections of a change that are entries with lines under them: the same words for terminals and for comments.

A section more is a function more in SECTIONS: it makes its entries of the delta, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from plantproof.model.approvals import ApprovalState, MayApprove, RequiredApproval, SignOff
from plantproof.model.delta import Delta
from plantproof.model.paths import PathChange, ServicePath
from plantproof.model.ways_out import WayOut
from plantproof.reports.delta_words import GETS_WORSE, MOVES, brought_words, self_approved
from plantproof.reports.marks import Place
from plantproof.reports.mermaid import zones_diagram
from plantproof.reports.words import Status, counted

_MANY = 12
"""Names of one list that are shown."""


class Entry(NamedTuple):
    """One thing to know. `under` says more of it, a line each; `places` are lines of evidence, `commands` to type."""

    status: Status
    text: str
    under: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    commands: tuple[str, ...] = ()


class EntrySection(NamedTuple):
    """`speaks`: alone a reason for a comment. `expanded`: open where sections can be folded. `brief`: the title says
    enough where they cannot be. `diagram` is Mermaid, for those who draw it."""

    title: str
    entries: Sequence[Entry]
    speaks: bool = False
    expanded: bool = False
    brief: bool = False
    diagram: str = ""


EntriesOf = Callable[[Delta], EntrySection | None]

OPENED = Status("opened", "+", "bad")
_PATHS = {
    "opened": OPENED,
    "wider": Status("wider", "~", "bad"),
    "changed": Status("changed", "~", "warn"),
    "narrower": Status("narrower", "~", "good"),
    "closed": Status("closed", "-", "good"),
}
_GRANTED = {
    "granted": Status("given", "✓", "good"),
    "due": Status("may follow", "…", "warn"),
    "missing": Status("missing", "✗", "bad"),
    "not-valid": Status("does not count", "✗", "bad"),
}
_NEEDED = Status("needed", "?", "warn")
_ODD = Status("to be seen to", "!", "bad")

MOST_NOT_DECIDED = 5
"""So many things of which no decision right speaks are named; of more it gives the number."""
_PLAIN = Status("", "·", "quiet")
_WAYS = {
    "conduit": "a conduit that is there",
    "narrower": "a narrower rule",
    "fix": "mend it",
    "interim": "until then",
    "waiver": "a dated deviation",
}


def paths(delta: Delta) -> EntrySection | None:
    """What passes between zones: services, deciding rule, sample packet, conduit, what could not be decided."""
    if not delta.paths:
        return None
    order = list(_PATHS)
    changes = sorted(delta.paths, key=lambda change: (order.index(change.status), change.site))
    wider = any(change.status in ("opened", "wider") for change in changes)
    title = f"Ways between zones: {counted(len(changes), 'pair of zones', 'pairs of zones')} moved"
    entries = [_path(change) for change in changes]
    return EntrySection(title, entries, expanded=wider, speaks=True, diagram=zones_diagram(changes))


def _path(change: PathChange) -> Entry:
    status = _PATHS[change.status]
    ends = f"{change.src_title or change.src_zone} → {change.dst_title or change.dst_zone}"
    lines = [
        f"before: {_listed(change.services_before) or 'nothing'}; now: {_listed(change.services_after) or 'nothing'}"
    ]
    places: list[Place] = []
    for word, found in (("passes now", change.opened), ("passed", change.closed), ("passes otherwise", change.changed)):
        for path in found[:_MANY]:
            lines += _service(word, path)
            places += _places(path)
        if len(found) > _MANY:
            lines.append(f"and {len(found) - _MANY:,} more: {word}")
    lines += [f"way out: {way.words}" for way in change.ways_out]
    return Entry(status, f"{status.word}: {ends} at {change.site}", tuple(lines), tuple(dict.fromkeys(places)))


def _service(word: str, path: ServicePath) -> Iterator[str]:
    rules = _listed([rule.name or rule.id for rule in path.rules])
    sample = path.sample
    port = f"/{sample.port}" if sample.port is not None else ""
    packet = f"{sample.src or 'any'} → {sample.dst or 'any'} {sample.protocol}{port}"
    by = f" by {rules}" if rules else ""
    device = path.device_name or path.device
    on = f" on {device}" if device and device not in rules else ""
    conduit = f"conduit {path.conduit}" if path.conduit else "no conduit permits it"
    but = f" but {_listed(path.without)}" if path.without else ""
    yield f"{path.service}{but} {word}{by}{on}: for example {packet}; {conduit}"
    if path.undecided:
        yield f"not decided: {_listed(path.undecided)}"


def _places(path: ServicePath) -> Iterator[Place]:
    for rule in path.rules[:3]:
        for link in rule.evidence[:1]:
            yield Place(link.raw, link.raw_line) if link.raw else Place(link.record, link.record_line)


def unproved(delta: Delta) -> EntrySection | None:
    """Sources whose records somebody wrote beside the export."""
    entries = [
        Entry(
            _ODD,
            f"{each.source} at {each.site}: read again, the stored export says something else",
            ("collect the export anew; records are never written by hand",),
            tuple(Place(path) for path in each.paths[:_MANY]),
        )
        for each in delta.unproved
    ]
    title = f"Records that their export does not say: {counted(len(entries), 'source')}"
    return EntrySection(title, entries, speaks=True, expanded=True) if entries else None


def unrecorded(delta: Delta) -> EntrySection | None:
    """Devices that were configured otherwise, and no record says that they were to be."""
    if not delta.unrecorded:
        return None
    entries = [
        Entry(
            _ODD,
            f"{change.device} at {change.site}, collected {change.collected}: {change.why}",
            tuple(change.differences[:_MANY])
            + tuple([f"and {len(change.differences) - _MANY:,} more"] * (len(change.differences) > _MANY)),
            tuple(_line(line) for line in change.lines[:_MANY]),
        )
        for change in delta.unrecorded
    ]
    title = f"Configured otherwise without a record: {counted(len(entries), 'device')}"
    return EntrySection(title, entries, speaks=True, expanded=True)


def _line(text: str) -> Place:
    path, colon, line = text.rpartition(":")
    return Place(path, int(line)) if colon and line.isdecimal() else Place(text)


def approvals(delta: Delta) -> EntrySection | None:
    """Who must agree, who did, who made the change, and what its change records say and lack."""
    sign_off = delta.sign_off
    if sign_off is None:
        return None
    entries = [
        *(_state(state) for state in sign_off.states),
        *(_needed(required) for required in sign_off.required if not sign_off.states),
        *_not_decided(sign_off.not_decided),
        *_makers(sign_off),
        *_records(sign_off),
    ]
    if not entries:
        return None
    missing = sum(state.status in ("missing", "not-valid") for state in sign_off.states)
    told = f", {missing:,} missing" if missing else ""
    title = f"Who must agree: {counted(len(sign_off.required), 'approval')}{told}"
    return EntrySection(title, entries, speaks=bool(sign_off.required), expanded=bool(sign_off.required))


def _not_decided(things: Sequence[str]) -> Iterator[Entry]:
    yield from (Entry(_ODD, f"no decision right speaks of this: {what}") for what in things[:MOST_NOT_DECIDED])
    if len(things) > MOST_NOT_DECIDED:
        more = counted(len(things) - MOST_NOT_DECIDED, "more thing")
        yield Entry(_ODD, f"nor of {more}: the JSON names all of them")


def _needed(required: RequiredApproval) -> Entry:
    return Entry(_NEEDED, _who(required), (*_why(required), *_may(required)))


def _state(state: ApprovalState) -> Entry:
    status = _GRANTED[state.status]
    lines = [f"given by {_listed(state.by)}"] * bool(state.by) + [state.reason] * bool(state.reason)
    lines += [f"may follow until {state.due_by}"] * bool(state.due_by)
    lines += [f"does not count: {rejected}" for rejected in state.rejected[:_MANY]]
    missing = () if state.status == "granted" else _may(state.required)
    return Entry(status, f"{status.word}: {_who(state.required)}", (*_why(state.required), *lines, *missing))


def _who(required: RequiredApproval) -> str:
    count = f"{required.count} of " if required.count > 1 else ""
    role = required.role_title or required.role
    return f"{required.title}: {count}{role}" if role else required.title


def _why(required: RequiredApproval) -> tuple[str, ...]:
    rest = len(required.why) - _MANY
    return (*(f"because {why}" for why in required.why[:_MANY]), *([f"and {rest:,} reasons more"] if rest > 0 else []))


def _may(required: RequiredApproval) -> tuple[str, ...]:
    names = [_person(person) for person in required.persons]
    return (f"may approve: {_listed(names)}" if names else "nobody is known who may approve",)


def _person(person: MayApprove) -> str:
    return f"{person.person.name} ({person.standing_in})" if person.standing_in else person.person.name


def _makers(sign_off: SignOff) -> Iterator[Entry]:
    if any(author.unknown for author in sign_off.authors):
        told = "a robot committed, and no change record says for whom: nobody can be shown not to be the author"
        yield Entry(_ODD, told)
    names = [author.name or author.email or _listed(author.logins) for author in sign_off.authors if not author.unknown]
    if names and sign_off.required:
        yield Entry(_PLAIN, f"made by {_listed(sorted(dict.fromkeys(names)))}: no author approves")


def _records(sign_off: SignOff) -> Iterator[Entry]:
    for change in sign_off.changes:
        missing = [f"missing: {what}" for what in change.missing]
        status = _ODD if missing else _PLAIN
        yield Entry(status, f"change record {change.id}: {change.title}", (*change.lines, *missing))
    if sign_off.no_record:
        yield Entry(_ODD, "something in the plant moves, and no change record is there")


_STATED = {"satisfied": "so", "not-satisfied": "not so", "none": "nothing"}


def statements(delta: Delta) -> EntrySection | None:
    """What named persons state otherwise than before, by topic and by what they speak of."""
    moves = sorted(
        (move for site in delta.sites for move in site.statements),
        key=lambda move: (list(MOVES).index(move.status), move.site, move.topic, move.of),
    )
    if not moves:
        return None
    entries = []
    for (status, site, topic), group in groupby(moves, lambda move: (move.status, move.site, move.topic)):
        found = list(group)
        moved = list(
            dict.fromkeys(f"{_STATED[each.was]} → {_STATED[each.now]}: {each.why}".rstrip(": ") for each in found)
        )
        makers = dict.fromkeys(each.who for each in found)
        commits = dict.fromkeys(brought_words(each) for move in found for each in move.brought)
        entries.append(
            Entry(
                MOVES[status],
                f"{MOVES[status].word}: {topic} at {site}, as stated by {_listed(makers)}",
                (f"of {_listed(each.of for each in found)}", *moved, *(f"brought by {commit}" for commit in commits)),
                # What is gone cannot be opened at the head.
                tuple(dict.fromkeys(Place(each.path) for each in found if each.now != "none")),
            )
        )
    worse = any(move.status in GETS_WORSE for move in moves)
    return EntrySection(
        f"Statements: {counted(len(moves), 'thing')} of which something else is stated", entries, worse, worse
    )


def retired(delta: Delta) -> EntrySection | None:
    """The assets that leave with the change: what was wrong with them is closed by that, and nobody mended it."""
    leaving = [each for site in delta.sites for each in site.retired]
    if not leaving:
        return None
    own = self_approved(delta)
    entries = [
        Entry(
            _ODD if each in own else _PLAIN,
            f"{each.name} of {_listed(each.zones) or each.site}, since {each.date}: {each.reason}",
            (
                f"approved by {each.approver}" + (", an author of the change himself" if each in own else ""),
                *(f"brought by {brought_words(made)}" for made in each.brought),
            ),
        )
        for each in leaving
    ]
    return EntrySection(f"Retired: {counted(len(leaving), 'asset')}", entries, speaks=True, expanded=True)


def ways_out(delta: Delta) -> EntrySection | None:
    """What can be done about what got worse, by policy and site."""
    if not delta.ways_out:
        return None

    def policy(way: WayOut) -> tuple[str, str]:
        return way.site, way.policy

    entries = []
    for (site, name), found in groupby(sorted(delta.ways_out, key=policy), policy):
        ways = list(found)
        entries.append(
            Entry(
                _PLAIN,
                f"{name} at {site}, {counted(len({gap for way in ways for gap in way.gaps}), 'gap')}",
                tuple(f"{_WAYS[way.kind]}: {way.words}" for way in ways),
                commands=tuple(way.command for way in ways if way.command),
            )
        )
    return EntrySection(f"Ways out: {counted(len(entries), 'policy', 'policies')}", entries)


def impact(delta: Delta) -> EntrySection | None:
    """What the change reaches, in numbers; no verdict."""
    reached = delta.impact
    if not reached.policies and not reached.fields:
        return None
    lists = (
        ("records changed", [f"{many:,} {kind}" for kind, many in sorted(reached.records.items())]),
        ("fields", reached.fields),
        ("policies judged anew", reached.policies),
        ("controls", [f"{len(found):,} of {name}" for name, found in sorted(reached.controls.items())]),
        ("indicated by crosswalks", [f"{len(found):,} of {name}" for name, found in sorted(reached.indicated.items())]),
        ("zones", reached.zones),
        ("documents", reached.documents),
        ("KPIs", reached.kpis),
    )
    entries = [Entry(_PLAIN, f"{label}: {_listed(found)}") for label, found in lists if found]
    controls = sum(map(len, reached.controls.values()))
    parts = f"{counted(len(reached.parts), 'part')} of {counted(controls, 'control')}"
    documents = counted(len(reached.documents), "document")
    title = f"What it reaches: {counted(len(reached.policies), 'policy', 'policies')}, {parts}, {documents}"
    return EntrySection(title, entries, brief=True)


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    rest = f" and {len(found) - _MANY:,} more" if len(found) > _MANY else ""
    return ", ".join(found[:_MANY]) + rest


BEFORE_DETAILS: tuple[EntriesOf, ...] = (unproved, retired, statements, unrecorded, paths, approvals)
"""What a reviewer reads before levels and controls."""
AFTER_DETAILS: tuple[EntriesOf, ...] = (ways_out, impact)
