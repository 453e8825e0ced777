"""By what a subject is called, and not by what it does, a policy is asked of it or is not: role, type, zone.

Whoever edits a label takes the question away, not the fault. What a policy asks of a thing's own state (an account that
is disabled, a rule that is off) is no label: that ends what was wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from plantproof.model.choosing import LABELS
from plantproof.model.plant import Plant
from plantproof.model.policy import Policy
from plantproof.text import shown

Place = tuple[Plant, int]
"""A plant, and the row of a subject in the table of its kind."""


def relabelled(policy: Policy, kind: str, before: Place, after: Place) -> str:
    """What a subject is called now and was called before, in words, where that bears on whether a policy is asked of
    it: the labels in its `for`, and its zones with their kinds. "" where it is called the same."""
    for name in sorted(policy.metadata.for_):
        if name.rpartition(".")[2] in LABELS:
            was, now = _value(name, kind, before), _value(name, kind, after)
            if was != now:
                return f"its {name.replace('asset.', '')} is {now}, and was {was}"
    return placed_otherwise(kind, before, after)


def placed_otherwise(kind: str, before: Place, after: Place) -> str:
    """The zones of a subject with their kinds, now and before, in words; "" where they are the same."""
    was, now = (", ".join(_zones(kind, place)) for place in (before, after))
    return f"it lies in {now or 'no zone'}, and lay in {was or 'no zone'}" if was != now else ""


def _value(name: str, kind: str, place: Place) -> str:
    """The claims of a label as they stand: of the subject, or of the asset that it belongs to."""
    plant, row = place
    reference, _, field = name.rpartition(".")
    table = plant.tables[kind]
    if reference == "asset" and kind != "asset":
        row, table = table.asset_rows[row], plant.tables["asset"]
    column = table.columns.get(field)
    if column is None or row < 0:
        return "not known"
    claims = column.disputed.get(row) or (column.values[row],)
    told = [shown(str(msgspec.json.decode(claim))) for claim in claims if claim is not None]
    return " or ".join(told) or "not known"


def _zones(kind: str, place: Place) -> Iterator[str]:
    plant, row = place
    kinds = {zone.id: zone.kind for zone in plant.site.zones}
    table = plant.tables[kind]
    for zone in [table.ids[row]] if kind == "zone" else table.zones[row]:
        yield f"{zone} ({kinds.get(zone, 'not declared')})"
