"""What the `for` of a policy lets in, and which fields of it say what a thing is called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from plantproof.model.roles import may_be, with_narrower

LABELS = frozenset({"kind", "purdue_level", "role", "type", "zone"})
"""Fields that say what a thing is called. All others say how it is."""


def matches(value: bytes | None, wanted: Iterable[Any]) -> bool:
    """Whether a JSON value is one of those in a list, or a list that holds one of them. `true` is not 1."""
    found = msgspec.json.decode(value or b"null")
    values = found if isinstance(found, list) else [found]
    return any(
        item == choice and isinstance(item, bool) == isinstance(choice, bool) for item in values for choice in wanted
    )


def lets_in(field: str, wanted: list[Any], value: bytes | None) -> bool | None:
    """Whether a `for` on a field lets a JSON value in; None where the word does not tell.

    A role that is broader than one that is wanted may be that one, and a word that is no role of the vocabulary may
    be any: whoever calls his controllers by a name of his own must not get them out of every question.
    """
    if matches(value, chosen(field, wanted)):
        return True
    if field.rpartition(".")[2] != "role" or value is None:
        return False
    return None if may_be(msgspec.json.decode(value, type=str), wanted) else False


def chosen(field: str, wanted: list[Any]) -> list[Any]:
    """What a `for` on a field lets in: a role with every narrower one of its kind (a historian is a server)."""
    return list(with_narrower(wanted)) if field.rpartition(".")[2] == "role" else wanted
