"""From a plant to what one policy sees: every subject reduced to what is declared, equal ones asked once.

What is decided of a row (deciding.py) is a function of it alone, so it is computed once for each distinct row.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from plantproof.model.plant import NO_METHOD, Table
from plantproof.model.policy import Policy
from plantproof.policies.columns import weakest
from plantproof.policies.deciding import Cell, Decider, Decision, Part
from plantproof.policies.joins import Joined
from plantproof.policies.views import Views


class Projection(NamedTuple):
    """`groups[row]` is the index of the row's `Decision`. `disputed` holds, for rows with disputed values, the decision
    for every combination of them. `methods` is the weakest method among the fields read."""

    groups: array[int]
    decisions: list[Decision]
    disputed: dict[int, list[Decision]]
    inputs: list[bytes]
    methods: bytearray


def project(policy: Policy, parameters: dict[str, Any], views: Views) -> Projection | None:
    """Project the table of the policy's subjects; None where the plant has no such table."""
    kind = policy.metadata.subject
    table = views.table(kind)
    if table is None:
        return None
    parts, methods = _parts(policy, parameters, table, views)
    decider = Decider(policy, parameters, parts, views)
    size = len(table.ids)
    distinct, groups = _distinct([part.values for part in parts], size)
    decisions = decider.decide_all(distinct)
    disputed = {}
    for row in sorted(set().union(*(part.disputed for part in parts))):
        disputed[row] = decider.all_decisions(row)
    read = weakest(methods, size)
    if NO_METHOD in read and len(table.methods) == size:
        # A subject of which nothing was read is as good as the report that it is there.
        both = zip(read, table.methods, strict=True)
        read = bytearray(own if method == NO_METHOD else method for method, own in both)
    return Projection(groups, decisions, disputed, decider.inputs, read)


def _distinct(columns: list[Any], size: int) -> tuple[list[Sequence[Cell]], array[int]]:
    """The distinct rows, column by column, in the order in which they first show, and for each row the number of its
    own.

    Columns that hold the same throughout, as most do that are no fields, are left out of the comparison; where one
    column is left, its cells stand for the rows.
    """
    if not size:
        return [[] for _ in columns], array("I")
    varies = [not _same_throughout(column, size) for column in columns]
    varying = [column for column, varied in zip(columns, varies, strict=True) if varied]
    keys: Sequence[Any] = list(zip(*varying, strict=True)) if len(varying) != 1 else varying[0]
    if not varying:
        keys = bytes(size)
    known: dict[Any, int] = dict(zip(dict.fromkeys(keys), count(), strict=False))
    groups = range(size) if len(known) == size else map(known.__getitem__, keys)
    left: Iterator[Sequence[Cell]]
    left = iter([list(known)] if len(varying) == 1 else zip(*known, strict=True) if varying else [])
    rows = [next(left) if varied else [column[0]] * len(known) for column, varied in zip(columns, varies, strict=True)]
    return rows, array("I", groups)


def _same_throughout(column: Any, size: int) -> bool:
    """Whether all cells are equal. Three of them tell of most columns that they are not."""
    first = column[0]
    same: bool = first == column[-1] and first == column[size // 2] and column.count(first) == size
    return same


def _parts(
    policy: Policy, parameters: dict[str, Any], table: Table, views: Views
) -> tuple[list[Part], list[bytearray]]:
    kind, metadata = table.kind, policy.metadata
    methods: list[bytearray] = []
    parts = [Part("for", name, *_asked(views, kind, name)) for name in sorted(metadata.for_)]
    parts.append(Part("fresh", "", table.fresh, {}))
    if 0 in table.fresh:
        outdated = table.outdated()
        parts.append(Part("outdated", "", bytes(row in outdated for row in range(len(table.ids))), {}))
    if metadata.joins and kind not in ("asset", "zone", "conduit"):
        parts += _doubtful(views, table, "asset")
    joins: dict[str, Joined] = {
        name: views.joined(kind, name, join, metadata.for_) for name, join in sorted(metadata.joins.items())
    }
    parts += [Part("covered", name, joined.uncovered, {}) for name, joined in joins.items()]
    for name in sorted(metadata.reads):
        parts.append(Part("own", name, *_values(views, kind, name)))
        methods.append(views.column(kind, name).methods)
    for reference in sorted(metadata.follow):
        targets = views.targets(kind, reference)
        parts.append(Part("resolved", reference, bytes(target >= 0 for target in targets), {}))
        parts += _doubtful(views, table, reference)
        for field in sorted(metadata.follow[reference]):
            name = f"{reference}.{field.removesuffix('?')}"
            parts.append(Part("follow", name, *_values(views, kind, name)))
            methods.append(views.followed(kind, *name.split(".", 1)).methods)
    for name, joined in joins.items():
        parts.append(Part("join", name, joined.arrays, joined.disputed))
        if joined.incomplete:
            values = [joined.incomplete.get(row) for row in range(len(table.ids))]
            parts.append(Part("incomplete", name, values, {}))
        methods.append(joined.methods)
    for field in sorted(metadata.ages):
        days = float(parameters[metadata.ages[field]])
        parts.append(Part("age", field, views.ages(kind, field, days), {}))
    return parts, methods


def _doubtful(views: Views, table: Table, reference: str) -> list[Part]:
    """Where sources disagree about what a subject points at, what is found there cannot be trusted to be its own."""
    if reference == "asset" and table.kind == "asset":
        return []
    disputed = views.column(table.kind, reference).disputed
    return [Part("doubtful", reference, bytes(len(table.ids)), dict.fromkeys(disputed, ()))] if disputed else []


def _asked(views: Views, kind: str, name: str) -> tuple[Any, dict[int, tuple[Cell, ...]]]:
    """A field that decides whether the policy applies. Where it may be that of something of which nothing is known,
    unknown is one of the claims: what rules out the others rules out none."""
    values, disputed = _values(views, kind, name)
    doubtful = views.in_doubt(kind, *name.split(".", 1)) if "." in name else []
    return values, {**disputed, **{row: (*disputed.get(row, ()), None) for row in doubtful}}


def _values(views: Views, kind: str, name: str) -> tuple[Any, Mapping[int, tuple[Cell, ...]]]:
    column = views.followed(kind, *name.split(".", 1)) if "." in name else views.column(kind, name)
    return views.marked(kind, name), column.disputed
