"""Who must agree to a change, who did, and who made it, as entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plantproof.model.approvals import ApprovalState, MayApprove, RequiredApproval, SignOff
from plantproof.model.delta import Delta
from plantproof.reports.delta_entry import MANY, ODD, PLAIN, Entry, EntrySection, listed
from plantproof.reports.words import Status, counted

_GRANTED = {
    "granted": Status("given", "✓", "good"),
    "due": Status("may follow", "…", "warn"),
    "missing": Status("missing", "✗", "bad"),
    "not-valid": Status("does not count", "✗", "bad"),
}
_NEEDED = Status("needed", "?", "warn")

MOST_NOT_DECIDED = 5
"""So many things of which no decision right speaks are named; of more it gives the number."""


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
    yield from (Entry(ODD, f"no decision right speaks of this: {what}") for what in things[:MOST_NOT_DECIDED])
    if len(things) > MOST_NOT_DECIDED:
        more = counted(len(things) - MOST_NOT_DECIDED, "more thing")
        yield Entry(ODD, f"nor of {more}: the JSON names all of them")


def _needed(required: RequiredApproval) -> Entry:
    return Entry(_NEEDED, _who(required), (*_why(required), *_may(required)))


def _state(state: ApprovalState) -> Entry:
    status = _GRANTED[state.status]
    lines = [f"given by {listed(state.by)}"] * bool(state.by) + [state.reason] * bool(state.reason)
    lines += [f"may follow until {state.due_by}"] * bool(state.due_by)
    lines += [f"does not count: {rejected}" for rejected in state.rejected[:MANY]]
    missing = () if state.status == "granted" else _may(state.required)
    return Entry(status, f"{status.word}: {_who(state.required)}", (*_why(state.required), *lines, *missing))


def _who(required: RequiredApproval) -> str:
    count = f"{required.count} of " if required.count > 1 else ""
    role = required.role_title or required.role
    return f"{required.title}: {count}{role}" if role else required.title


def _why(required: RequiredApproval) -> tuple[str, ...]:
    rest = len(required.why) - MANY
    return (*(f"because {why}" for why in required.why[:MANY]), *([f"and {rest:,} reasons more"] if rest > 0 else []))


def _may(required: RequiredApproval) -> tuple[str, ...]:
    names = [_person(person) for person in required.persons]
    return (f"may approve: {listed(names)}" if names else "nobody is known who may approve",)


def _person(person: MayApprove) -> str:
    return f"{person.person.name} ({person.standing_in})" if person.standing_in else person.person.name


def _makers(sign_off: SignOff) -> Iterator[Entry]:
    if any(author.unknown for author in sign_off.authors):
        told = "a robot committed, and it is not known for whom: nobody can be shown not to be the author"
        yield Entry(ODD, told)
    names = [author.name or author.email or listed(author.logins) for author in sign_off.authors if not author.unknown]
    if names and sign_off.required:
        yield Entry(PLAIN, f"made by {listed(sorted(dict.fromkeys(names)))}: no author approves")


def _records(sign_off: SignOff) -> Iterator[Entry]:
    for change in sign_off.changes:
        missing = [f"missing: {what}" for what in change.missing]
        status = ODD if missing else PLAIN
        yield Entry(status, f"change record {change.id}: {change.title}", (*change.lines, *missing))
    if sign_off.no_record:
        yield Entry(ODD, "something in the plant moves, and no change record is there")
