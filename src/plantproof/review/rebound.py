"""Which bindings of a policy to its parameters one judge has, and which of them another asks otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from plantproof.mappers.gaps import parts_of
from plantproof.model.intent import Intent
from plantproof.model.mapping import Mapping as Mapped
from plantproof.model.policy import Bundle
from plantproof.review.gap_moves import Matched
from plantproof.review.judged import Key

Part = tuple[str, str, str]
"""Framework, control, part."""

Judging = tuple[Intent, Sequence[Mapped], Bundle]
"""What one judge judges by."""


class Rebound(msgspec.Struct, frozen=True):
    """How the bindings of two judges answer to each other. `moved`: asked on both sides, but not alike; `new` and
    `dropped`: asked on one side only."""

    moved: list[Matched]
    new: list[Key]
    dropped: list[Key]

    def __bool__(self) -> bool:
        return bool(self.moved or self.new or self.dropped)


def rebound(before: Judging, after: Judging) -> Rebound:
    """Match the bindings of two judges: equal parameters first, then the same policy for the same control part.

    Alike are those with equal parameters, the same source and the same libraries: they are not asked again. A policy
    that is about another kind of subject now is another question: the one is dropped, the other is new.
    """
    asked_before = {Key(*key): set(names) for key, names in parts_of(*before).items()}
    asked_after = {Key(*key): set(names) for key, names in parts_of(*after).items()}
    about_others = {
        name
        for name in before[2].policies.keys() & after[2].policies.keys()
        if before[2].policies[name].metadata.subject != after[2].policies[name].metadata.subject
    }
    both = {key for key in asked_before.keys() & asked_after.keys() if key.policy not in about_others}
    moved = [
        Matched(key, key) for key in sorted(both) if closure(before[2], key.policy) != closure(after[2], key.policy)
    ]
    new = sorted(asked_after.keys() - both)
    dropped = sorted(asked_before.keys() - both)
    for key in [each for each in new if each.policy not in about_others]:
        partner = _same_question(key.policy, asked_after[key], dropped, asked_before)
        if partner is not None:
            dropped.remove(partner)
        else:  # the part may have been asked what other parts still are
            partner = _same_question(key.policy, asked_after[key], sorted(asked_before), asked_before)
        if partner is not None:
            moved.append(Matched(partner, key))
            new.remove(key)
    for key in [each for each in dropped if each.policy not in about_others]:
        # With other parameters the part may ask what is asked of another part already.
        partner = _same_question(key.policy, asked_before[key], sorted(asked_after), asked_after)
        if partner is not None:
            moved.append(Matched(key, partner))
            dropped.remove(key)
    return Rebound(sorted(moved), new, dropped)


def _same_question(policy: str, parts: set[Part], among: Iterable[Key], asked: Mapping[Key, set[Part]]) -> Key | None:
    """The first binding of a policy that answers one of these parts too."""
    return next((key for key in among if key.policy == policy and asked[key] & parts), None)


def closure(bundle: Bundle, policy: str) -> tuple[str, ...]:
    """Everything of the bundle that a policy's verdict depends on."""
    found = bundle.policies.get(policy)
    return (found.source, *(bundle.libraries[path] for path in found.libraries)) if found else ()
