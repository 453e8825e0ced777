"""Each policy over a whole site: totals, why subjects have no verdict, and examples of them by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from plantproof.mappers.bindings import Key
from plantproof.mappers.gaps import PartNames
from plantproof.mappers.tallies import Tally, Unit, rows_of
from plantproof.model.assessment import PolicyResult
from plantproof.model.observation import Observations
from plantproof.model.plant import Plant
from plantproof.model.policy import Bundle
from plantproof.model.vocabulary import Outcome

EXAMPLES = 5


def policy_results(plant: Plant, tallies: Mapping[Key, Tally], parts: PartNames, bundle: Bundle) -> list[PolicyResult]:
    """One result for each policy with parameters that was evaluated, sorted."""
    found = []
    for key in sorted(tallies):
        policy = bundle.policies[key.policy]
        observation = tallies[key].observations
        reasons, examples = _reasons(plant, observation)
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


def _reasons(plant: Plant, observation: Observations) -> tuple[dict[str, int], dict[str, list[str]]]:
    """How many subjects have no verdict for each reason, with a few of them by name. Every one of them is counted."""
    table = plant.tables.get(observation.kind)
    rows = len(table.ids) if table else 0
    counts: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for row in sorted([*rows_of(observation, Outcome.NO_EVIDENCE), *rows_of(observation, Outcome.ERROR)]):
        uncovered = observation.uncovered[row - rows] if row >= rows else None
        reason, detail = observation.reasons.get(row) or (
            (uncovered.reason, uncovered.detail) if uncovered else ("unknown", "no reason was given")
        )
        counts[reason] += 1
        if counts[reason] <= EXAMPLES:
            subject = uncovered.subject if uncovered else table.ids[row] if table else ""
            name = plant.names.get(subject, subject)
            examples.setdefault(reason, []).append(f"{name}: {detail}" if detail else name)
    return dict(sorted(counts.items())), dict(sorted(examples.items()))
