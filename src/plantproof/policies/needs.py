"""Which fields of which kinds any policy reads: what the plant has to merge, and what a collector is worth."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from plantproof.model.policy import Bundle
from plantproof.policies.metadata import REFERENCES


def needs_of(bundle: Bundle) -> dict[str, set[str]]:
    """Kind -> fields that the policies of a bundle read, of their subjects and of what they follow and join.

    Fields that hold references are among them, since following needs them. A kind without fields is needed as such.
    """
    needs: dict[str, set[str]] = {}
    for policy in bundle.policies.values():
        metadata = policy.metadata
        own = needs.setdefault(metadata.subject, set())
        own.update(metadata.reads)
        for reference, fields in metadata.follow.items():
            _follow(needs, metadata.subject, reference, fields)
        for name in metadata.for_:
            reference, _, field = name.rpartition(".")
            if reference:
                _follow(needs, metadata.subject, reference, [field])
            else:
                own.add(name)
        for kind, join in metadata.joins.items():
            joined = needs.setdefault(kind, set())
            joined.update(field.removesuffix("?") for field in join.fields)
            joined.update(join.where)
        for kind in metadata.context:
            needs.setdefault(kind, set())
    return needs


def only(bundle: Bundle, names: Iterable[str]) -> Bundle:
    """A bundle with some of its policies, and all libraries."""
    return msgspec.structs.replace(bundle, policies={name: bundle.policies[name] for name in sorted(names)})


def _follow(needs: dict[str, set[str]], kind: str, reference: str, fields: list[str]) -> None:
    if not (kind == "asset" and reference == "asset"):
        needs.setdefault(kind, set()).add(reference)
    needs.setdefault(REFERENCES[reference], set()).update(field.removesuffix("?") for field in fields)
