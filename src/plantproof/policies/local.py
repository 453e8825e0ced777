"""Which policies judge an asset by its own records alone, and what the others read: whom a changed record concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from plantproof.model.plant import Plant, Table
from plantproof.model.policy import Bundle, Policy
from plantproof.policies.needs import needs_of, only

LOCAL = frozenset({"account", "asset", "backup", "service", "setting", "software", "vulnerability"})
"""Kinds of records that hang on one asset and say nothing of others: what devices let pass between zones is not among
them."""

OWN = frozenset({"asset"})
CHAIN = frozenset({"asset", "parent"})


def is_local(policy: Policy) -> bool:
    """Whether a policy judges its subjects by the records of their own asset, and of what that asset is a part of."""
    metadata = policy.metadata
    return metadata.subject in LOCAL and followed(policy) <= CHAIN and LOCAL.issuperset(metadata.joins)


def followed(policy: Policy) -> set[str]:
    """The references of its subject through which a policy reads."""
    metadata = policy.metadata
    return {*metadata.follow, *(name.rpartition(".")[0] for name in metadata.for_ if "." in name)}


def follows_parents(bundle: Bundle) -> bool:
    """Whether any policy reads what an asset is a part of."""
    return any("parent" in followed(policy) for policy in bundle.policies.values())


def read_of_others(bundle: Bundle, asked: Collection[str]) -> dict[str, set[str]]:
    """Kind -> fields of local kinds that the policies `asked` read of subjects other than their own asset: whatever a
    policy reads that is not local, and what parents lend to their parts."""
    found: dict[str, set[str]] = {}
    for name in sorted(asked):
        policy = bundle.policies[name]
        if not is_local(policy):
            for kind, fields in needs_of(only(bundle, [name])).items():
                if kind in LOCAL:
                    found.setdefault(kind, set()).update(fields)
            continue
        lent = [
            field for reference, fields in policy.metadata.follow.items() if reference not in OWN for field in fields
        ]
        lent += [each.rpartition(".")[2] for each in policy.metadata.for_ if each.startswith("parent.")]
        if lent:
            found.setdefault("asset", set()).update(field.removesuffix("?") for field in lent)
    return found


def joined_by_others(bundle: Bundle, asked: Collection[str]) -> set[str]:
    """Kinds of local records that policies `asked` join to something else than an asset of their own: their gaps name
    the records."""
    others = (bundle.policies[name] for name in asked if not is_local(bundle.policies[name]))
    return {kind for policy in others for kind in policy.metadata.joins if kind in LOCAL}


def same_files(before: Plant, after: Plant, kinds: Iterable[str]) -> bool:
    """Whether the records of some kinds come from the same files in both, on whatever line."""
    tables = [(before.tables.get(kind), after.tables.get(kind)) for kind in kinds]
    return all(_files(old) == _files(new) for old, new in tables)


def _files(table: Table | None) -> list[list[tuple[str, str]]]:
    rows = table.origins if table else ()
    return [[(each.source, each.records_path) for each in row] for row in rows]


def same_for_others(before: Plant, after: Plant, fields: Mapping[str, Collection[str]]) -> bool:
    """Whether two plants of the same assets show the same to whoever reads some fields of them."""
    return same_names(before, after, fields) and all(
        _same(before.tables.get(kind), after.tables.get(kind), wanted) for kind, wanted in sorted(fields.items())
    )


def same_names(before: Plant, after: Plant, kinds: Iterable[str]) -> bool:
    """Whether the subjects of some kinds are called the same in both."""
    tables = [(before.tables.get(kind), after.tables.get(kind)) for kind in kinds]
    return all(
        [before.names.get(each) for each in (old.ids if old else ())]
        == [after.names.get(each) for each in (new.ids if new else ())]
        for old, new in tables
    )


def _same(before: Table | None, after: Table | None, fields: Collection[str]) -> bool:
    if before is None or after is None:
        return before is after
    return (
        (before.ids, before.fresh, before.zones, before.conduits, before.asset_rows, before.methods)
        == (after.ids, after.fresh, after.zones, after.conduits, after.asset_rows, after.methods)
        and before.outdated() == after.outdated()
        and all(before.columns.get(field) == after.columns.get(field) for field in fields)
    )
