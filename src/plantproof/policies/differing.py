"""Which policies see something else of a few subjects than before, and what they say then."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from plantproof.model.observation import Observations
from plantproof.model.plant import Plant
from plantproof.model.policy import Bundle, Policy
from plantproof.policies.evaluate import Binding, Work, bind, observe, prepare
from plantproof.policies.local import same_for_others, same_names
from plantproof.policies.needs import needs_of, only
from plantproof.policies.protocol import Engine, Request
from plantproof.policies.views import Views


class Both(NamedTuple):
    """What one policy with parameters sees of the same subjects in two plants."""

    before: Observations
    after: Observations


def observe_differing(
    bundle: Bundle, bindings: Sequence[Binding], before: Plant, after: Plant, engine: Engine, on: str
) -> list[Both]:
    """Observe, in both plants, every policy to which they differ. To the others they are the same, subject by subject:
    what such a policy is shown and what is decided without it. Raises as `evaluate` does."""
    views = Views(before, on), Views(after, on)
    waiting: deque[tuple[Work, Work]] = deque()

    def requests() -> Iterator[Request]:
        for policy, parameters in bind(bundle, bindings):
            if _shown_the_same(bundle, policy, before, after):
                continue
            old, new = (prepare(bundle, policy, parameters, each) for each in views)
            if not _alike(old, new, before, after):
                waiting.append((old, new))
                inputs = list(dict.fromkeys([*old.request.inputs, *new.request.inputs]))
                yield old.request._replace(inputs=inputs)

    found = []
    for verdicts in engine.evaluate(requests()):
        old, new = waiting.popleft()
        inputs = dict.fromkeys([*old.request.inputs, *new.request.inputs])
        known = dict(zip(inputs, verdicts, strict=True))
        old_seen, new_seen = (
            observe(work, [known[each] for each in work.request.inputs], view)
            for work, view in zip((old, new), views, strict=True)
        )
        found.append(Both(old_seen, new_seen))
    return found


def _shown_the_same(bundle: Bundle, policy: Policy, before: Plant, after: Plant) -> bool:
    """Whether nothing that a policy declares to read differs: then it need not be projected to see that."""
    kind = policy.metadata.subject
    reads = needs_of(only(bundle, [policy.id]))
    return (
        same_for_others(before, after, {kind: (), **reads})
        and before.uncovered.get(kind) == after.uncovered.get(kind)
        and before.covered_assets == after.covered_assets
        and before.context == after.context
    )


def _alike(old: Work, new: Work, before: Plant, after: Plant) -> bool:
    kind = old.policy.metadata.subject
    tables = before.tables.get(kind), after.tables.get(kind)
    return (
        old.projection == new.projection
        and old.request.context == new.request.context
        and before.uncovered.get(kind) == after.uncovered.get(kind)
        and same_names(before, after, [kind])
        and _asked_for_alike(old.policy, before, after)
        and [(each.ids, each.zones, each.conduits, each.unconfirmed) if each else None for each in tables[:1]]
        == [(each.ids, each.zones, each.conduits, each.unconfirmed) if each else None for each in tables[1:]]
    )


def _asked_for_alike(policy: Policy, before: Plant, after: Plant) -> bool:
    """Whether the assets are the same in what `for` asks of them: of one without any record, that alone decides whether
    it has no verdict or needs none."""
    if not before.uncovered.get(policy.metadata.subject):
        return True
    fields = [name.removeprefix("asset.") for name in policy.metadata.for_ if name.startswith("asset.")]
    tables = before.tables["asset"], after.tables["asset"]
    return all(tables[0].columns.get(field) == tables[1].columns.get(field) for field in fields)
