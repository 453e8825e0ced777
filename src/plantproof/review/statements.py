"""What became of what named persons state: a statement that is withdrawn, narrowed or turned round moves no gap, and is
no less a loss (verdicts.md 14).

Compared are topics and things, not files: a statement that is renamed, or replaced by a newer one of the same words,
moves nothing. Both sides stand on one date, so that what has lapsed by itself is no move.
"""

from __future__ import annotations

from collections.abc import Iterator

from plantproof.mappers.attestations import state_of
from plantproof.model.attestation_state import over_period
from plantproof.model.evidence import Attestation
from plantproof.model.moves import StatementMove, Status
from plantproof.model.plant import Plant

NONE = "none"
_WORDS = ("who", "method", "statement", "seen", "expires")
_Thing = tuple[str, str]
"""A topic, and in words what is spoken of."""


def statement_moves(base: Plant, head: Plant, on: str) -> list[StatementMove]:
    """The topics and things of which something else is stated in force on the date `on`, sorted."""
    before, after = _stated(base, on), _stated(head, on)
    dates = {each.id: each.date for each in base.attestations}
    moves = []
    for topic, of in sorted({*before, *after}):
        was, now = before.get((topic, of)), after.get((topic, of))
        words = was.outcome if was else NONE, now.outcome if now else NONE
        status, why = _status(was, now, undated=now is not None and dates.get(now.id) == now.date)
        if status is None:
            continue
        speaking = now or was
        assert speaking is not None  # noqa: S101  one of the two is there
        moves.append(
            StatementMove(
                status=status,
                site=head.site.id,
                topic=topic,
                of=of,
                was=words[0],
                now=words[1],
                who=speaking.who.name,
                why=why,
                path=f"evidence/{head.site.id}/attestations/{speaking.id}.yaml",
            )
        )
    return moves


def _status(was: Attestation | None, now: Attestation | None, *, undated: bool) -> tuple[Status | None, str]:
    """`undated`: the statement that speaks now had this date before: nobody has looked again."""
    if now is None:
        return "unknown-now", "nobody states it any more"
    if was is None:
        return "known-now", "widened under its old date" if undated else "nobody had stated anything"
    if was.outcome != now.outcome:
        if now.outcome == "not-satisfied":
            return "worse", "stated to be so before"
        return (
            ("unknown-now", "turned round under its old date: nobody has looked again") if undated else ("better", "")
        )
    if over_period(was) and not over_period(now):
        return "unknown-now", "no longer stated over a period that had passed"
    if now.about_own_work and not was.about_own_work:
        return "unknown-now", "stated by somebody else before, and only of own work now"
    # Who speaks anew, on a later date, has looked again; words changed under an old date have not.
    edited = [name for name in _WORDS if undated and getattr(was, name) != getattr(now, name)]
    return ("changed", f"edited under its old date: {', '.join(edited)}") if edited else (None, "")


def _stated(plant: Plant, on: str) -> dict[_Thing, Attestation]:
    """What is in force, by topic and thing: against beats for, an independent word one of own work, the later the
    earlier."""
    found: dict[_Thing, Attestation] = {}
    for each in sorted(plant.attestations, key=_weight):
        if state_of(each, plant, on)[0] == "in-force":
            for of in _things(each):
                found[each.topic, of] = each
    return found


def _weight(each: Attestation) -> tuple[bool, bool, str, str]:
    return each.outcome == "not-satisfied", not each.about_own_work, each.date, each.id


def _things(each: Attestation) -> Iterator[str]:
    said = each.scope
    if said.site:
        yield "site"
    for word, names in (("zone", said.zones), ("conduit", said.conduits), ("asset", said.assets)):
        yield from (f"{word} {name}" for name in names)
