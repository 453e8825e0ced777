"""Each policy over a whole site: totals, why subjects have no verdict, and examples of them by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from plantproof.mappers.bindings import Key
from plantproof.mappers.gaps import PartNames
from plantproof.mappers.tallies import Tally, Unit, rows_of
from plantproof.model.assessment import PolicyResult
from plantproof.model.observation import Observations
from plantproof.model.plant import Plant
from plantproof.model.policy import Bundle
from plantproof.model.vocabulary import Outcome

EXAMPLES = 5
RESERVE = 25
"""Of so many subjects without a verdict the names are known: when one of those shown has one, another takes its
place."""


class Silent(NamedTuple):
    """A subject without a verdict. `covered`: it has records at least; those of which nothing is known come after."""

    uncovered: bool
    subject: str
    words: str


class Silence(NamedTuple):
    """How many subjects have no verdict for one reason, and the first of them in order, at most `RESERVE`."""

    subjects: int
    first: list[Silent]


def policy_results(
    plant: Plant,
    silences: Mapping[Key, Mapping[str, Silence]],
    tallies: Mapping[Key, Tally],
    parts: PartNames,
    bundle: Bundle,
) -> list[PolicyResult]:
    """One result for each policy with parameters that was evaluated, sorted."""
    found = []
    for key in sorted(tallies):
        policy = bundle.policies[key.policy]
        reasons, examples = shown(silences[key])
        found.append(
            PolicyResult(
                site=plant.site.id,
                policy=key.policy,
                parameters=key.decoded(),
                title=policy.title,
                description=policy.description,
                severity=policy.metadata.severity,
                subject=policy.metadata.subject,
                path=policy.path,
                totals=tallies[key].of(Unit("site", plant.site.id)),
                reasons=reasons,
                examples=examples,
                controls=sorted({f"{framework}/{control}" for framework, control, _ in parts.get(key, ())}),
            )
        )
    return found


def shown(silences: Mapping[str, Silence]) -> tuple[dict[str, int], dict[str, list[str]]]:
    """How many subjects have no verdict for each reason, with a few of them by name. Every one of them is counted."""
    counts = {reason: silences[reason].subjects for reason in sorted(silences)}
    examples = {reason: [each.words for each in silences[reason].first[:EXAMPLES]] for reason in sorted(silences)}
    return counts, examples


def silence_of(plant: Plant, observation: Observations) -> dict[str, Silence]:
    """Reason -> the subjects without a verdict for it."""
    table = plant.tables.get(observation.kind)
    rows = len(table.ids) if table else 0
    counts: Counter[str] = Counter()
    first: dict[str, list[Silent]] = {}
    for row in sorted([*rows_of(observation, Outcome.NO_EVIDENCE), *rows_of(observation, Outcome.ERROR)]):
        uncovered = observation.uncovered[row - rows] if row >= rows else None
        reason, detail = observation.reasons.get(row) or (
            (uncovered.reason, uncovered.detail) if uncovered else ("unknown", "no reason was given")
        )
        counts[reason] += 1
        if counts[reason] <= RESERVE:
            subject = uncovered.subject if uncovered else table.ids[row] if table else ""
            name = plant.name_of(uncovered.subject_kind if uncovered else observation.kind, subject)
            words = f"{name}: {detail}" if detail else name
            first.setdefault(reason, []).append(Silent(uncovered is not None, subject, words))
    return {reason: Silence(counts[reason], first[reason]) for reason in sorted(counts)}


def silence_moved(
    known: Mapping[str, Silence], before: Mapping[str, Silence], after: Mapping[str, Silence]
) -> dict[str, Silence] | None:
    """What is known of subjects without a verdict, after some of them have changed; None where the names of those that
    would be shown are not known. `before` and `after` are all of the few, so there may be no more than `RESERVE`."""
    found = dict(known)
    for reason in sorted({*before, *after}):
        was, now = before.get(reason, NOBODY), after.get(reason, NOBODY)
        if was == now:
            continue
        if max(was.subjects, now.subjects) > RESERVE:
            return None
        moved = _moved(known.get(reason, NOBODY), was, now)
        if moved is None:
            return None
        found[reason] = moved
    return {reason: silence for reason, silence in found.items() if silence.subjects}


NOBODY = Silence(0, [])


def _moved(known: Silence, was: Silence, now: Silence) -> Silence | None:
    left, came = Counter(was.first) - Counter(now.first), Counter(now.first) - Counter(was.first)
    subjects = known.subjects + now.subjects - was.subjects
    all_named = known.subjects == len(known.first)
    # What comes after the last that is known by name may come after others that are not.
    first = [*(Counter(known.first) - left).elements(), *came.elements()]
    first = sorted(each for each in first if all_named or each[:2] <= known.first[-1][:2])[:RESERVE]
    return Silence(subjects, first) if len(first) >= min(subjects, EXAMPLES) else None
