"""Sections of a change that are entries with lines under them: the same words for terminals and for comments.

A section more is a function more in SECTIONS: it makes its entries of the delta, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from plantproof.model.delta import Delta
from plantproof.model.paths import PathChange, ServicePath
from plantproof.model.ways_out import WayOut
from plantproof.reports.delta_approvals import approvals
from plantproof.reports.delta_entry import MANY, ODD, OPENED, PLAIN, EntriesOf, Entry, EntrySection, listed
from plantproof.reports.delta_words import GETS_WORSE, MOVES, brought_words, self_approved, unproved_words
from plantproof.reports.marks import Place
from plantproof.reports.mermaid import zones_diagram
from plantproof.reports.words import Status, counted

_PATHS = {
    "opened": OPENED,
    "wider": Status("wider", "~", "bad"),
    "changed": Status("changed", "~", "warn"),
    "narrower": Status("narrower", "~", "good"),
    "closed": Status("closed", "-", "good"),
}

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
        f"before: {listed(change.services_before) or 'nothing'}; now: {listed(change.services_after) or 'nothing'}"
    ]
    places: list[Place] = []
    for word, found in (("passes now", change.opened), ("passed", change.closed), ("passes otherwise", change.changed)):
        for path in found[:MANY]:
            lines += _service(word, path)
            places += _places(path)
        if len(found) > MANY:
            lines.append(f"and {len(found) - MANY:,} more: {word}")
    lines += [f"way out: {way.words}" for way in change.ways_out]
    return Entry(status, f"{status.word}: {ends} at {change.site}", tuple(lines), tuple(dict.fromkeys(places)))


def _service(word: str, path: ServicePath) -> Iterator[str]:
    rules = listed([rule.name or rule.id for rule in path.rules])
    sample = path.sample
    port = f"/{sample.port}" if sample.port is not None else ""
    packet = f"{sample.src or 'any'} → {sample.dst or 'any'} {sample.protocol}{port}"
    by = f" by {rules}" if rules else ""
    device = path.device_name or path.device
    on = f" on {device}" if device and device not in rules else ""
    conduit = f"conduit {path.conduit}" if path.conduit else "no conduit permits it"
    but = f" but {listed(path.without)}" if path.without else ""
    yield f"{path.service}{but} {word}{by}{on}: for example {packet}; {conduit}"
    if path.undecided:
        yield f"not decided: {listed(path.undecided)}"


def _places(path: ServicePath) -> Iterator[Place]:
    for rule in path.rules[:3]:
        for link in rule.evidence[:1]:
            yield Place(link.raw, link.raw_line) if link.raw else Place(link.record, link.record_line)


def unproved(delta: Delta) -> EntrySection | None:
    """Sources of which somebody wrote beside the export, or under settings that nobody has agreed to yet."""
    entries = [
        Entry(
            ODD,
            f"{each.source} at {each.site}: {unproved_words(each)}",
            (_AGREE_FIRST if each.settings or each.said else _COLLECT_ANEW,),
            tuple(Place(path) for path in each.paths[:MANY]),
        )
        for each in delta.unproved
    ]
    title = f"Records that their export does not say: {counted(len(entries), 'source')}"
    return EntrySection(title, entries, speaks=True, expanded=True) if entries else None


_AGREE_FIRST = "agree on the settings first, in a change of their own; then collect the source by them"
_COLLECT_ANEW = "collect the export anew; records are never written by hand"


def unrecorded(delta: Delta) -> EntrySection | None:
    """Devices that were configured otherwise, and no record says that they were to be."""
    if not delta.unrecorded:
        return None
    entries = [
        Entry(
            ODD,
            f"{change.device} at {change.site}, collected {change.collected}: {change.why}",
            tuple(change.differences[:MANY])
            + tuple([f"and {len(change.differences) - MANY:,} more"] * (len(change.differences) > MANY)),
            tuple(_line(line) for line in change.lines[:MANY]),
        )
        for change in delta.unrecorded
    ]
    title = f"Configured otherwise without a record: {counted(len(entries), 'device')}"
    return EntrySection(title, entries, speaks=True, expanded=True)


def _line(text: str) -> Place:
    path, colon, line = text.rpartition(":")
    return Place(path, int(line)) if colon and line.isdecimal() else Place(text)


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
                f"{MOVES[status].word}: {topic} at {site}, as stated by {listed(makers)}",
                (f"of {listed(each.of for each in found)}", *moved, *(f"brought by {commit}" for commit in commits)),
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
            ODD if each in own else PLAIN,
            f"{each.name} of {listed(each.zones) or each.site}, "
            f"{'to leave on' if each.date > delta.on else 'since'} {each.date}: {each.reason}",
            (
                f"approved by {each.approver}" + (", an author of the change himself" if each in own else ""),
                *(f"brought by {brought_words(made)}" for made in each.brought),
            ),
        )
        for each in leaving
    ]
    return EntrySection(f"Retired: {counted(len(leaving), 'asset')}", entries, speaks=True, expanded=True)


def merged(delta: Delta) -> EntrySection | None:
    """The assets that the change makes one: what nobody knew of one of them is not asked any more."""
    together = [each for site in delta.sites for each in site.merged]
    if not together:
        return None
    entries = [
        Entry(
            ODD if each.unseen else PLAIN,
            f"{' and '.join(each.names)} at {each.site} are one asset now, {each.asset}",
            (
                *(
                    [f"no fresh source reported {listed(each.unseen)}: nobody retired what is not there"]
                    * bool(each.unseen)
                ),
                f"stood in {listed(each.zones)}",
                *(f"brought by {brought_words(made)}" for made in each.brought),
            ),
        )
        for each in together
    ]
    return EntrySection(f"Merged: {counted(len(together), 'asset')} of several", entries, speaks=True, expanded=True)


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
                PLAIN,
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
    entries = [Entry(PLAIN, f"{label}: {listed(found)}") for label, found in lists if found]
    controls = sum(map(len, reached.controls.values()))
    parts = f"{counted(len(reached.parts), 'part')} of {counted(controls, 'control')}"
    documents = counted(len(reached.documents), "document")
    title = f"What it reaches: {counted(len(reached.policies), 'policy', 'policies')}, {parts}, {documents}"
    return EntrySection(title, entries, brief=True)


BEFORE_DETAILS: tuple[EntriesOf, ...] = (unproved, retired, merged, statements, unrecorded, paths, approvals)
"""What a reviewer reads before levels and controls."""
AFTER_DETAILS: tuple[EntriesOf, ...] = (ways_out, impact)
