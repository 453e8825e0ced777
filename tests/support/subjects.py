"""Generated subjects: seeded, from the types of the records and from what a policy declares, with gaps and disputes."""

from __future__ import annotations

import random
import typing
from typing import Any

import msgspec

from plantproof.model.approved import ApprovedConfiguration
from plantproof.model.plant import Column, Crossing, Plant, Table
from plantproof.model.policy import Bundle, Policy
from plantproof.model.reach import Reach
from plantproof.model.records import KINDS
from plantproof.model.settings import SETTING_KEYS
from plantproof.model.site import Conduit, Site, Zone
from plantproof.policies.metadata import REFERENCES
from plantproof.policies.needs import needs_of

ON = "2025-06-30"
ZONES = ("business", "cell", "dmz")
WORDS = ("", "n/a", "public", "SSHv2", 'quo"te', "zwei\nZeilen", "ключ", "1.2.3", "10.0.0.0/8", "0.0.0.0/0", "tcp/502")
SITE = Site(
    schema="plantproof/site/1",
    id="generated",
    title="Generated",
    fictional=True,
    owner="nobody",
    zones=[Zone(id=name, title=name, kind="control", purdue_level=2.0) for name in ZONES],
    conduits=[Conduit(id="c1", title="c1", zones=["business", "dmz"])],
)

FACTS: dict[str, dict[str, Any]] = {
    "zone": {"asset_count": int, "conduits": list[str], "has_firewall": bool, "unplaced_count": int},
    "conduit": {"enforced": list[str], "unenforced": list[str]},
}
"""What the plant adds to declared subjects."""


def types_of(kind: str) -> dict[str, Any]:
    """Field -> type of a kind, evidence or declared or derived."""
    struct = {
        **KINDS,
        "zone": Zone,
        "conduit": Conduit,
        "crossing": Crossing,
        "reach": Reach,
        "approved_configuration": ApprovedConfiguration,
    }[kind]
    return {**typing.get_type_hints(struct), **FACTS.get(kind, {})}


def value_of(wanted: Any, seed: random.Random, name: str = "") -> Any:
    """A value of a type; None for a type without values of use."""
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin is typing.Annotated:
        return value_of(arguments[0], seed, name)
    if origin is typing.Literal:
        return seed.choice(arguments)
    if origin is list:
        return sorted({value_of(arguments[0], seed, name) for _ in range(seed.randrange(3))})
    if arguments:
        choices = [argument for argument in arguments if argument not in (type(None), msgspec.UnsetType)]
        return value_of(seed.choice(choices), seed, name)
    if wanted is bool:
        return seed.random() < 0.5
    if wanted is int:
        return seed.choice([0, 1, 2, 5, 14, 22, 502, 3650])
    if wanted is float:
        return seed.choice([0.0, 1.0, 2.5, 5.0])
    return seed.choice(WORDS)


def field_value(policy: Policy | None, kind: str, name: str, wanted: Any, seed: random.Random) -> Any:
    """A value of a field, often one that `for` asks about, a date where the type is a date, or the id of a subject."""
    metadata = policy.metadata if policy else None
    if metadata and seed.random() < 0.8:
        for asked, values in metadata.for_.items():
            reference, _, field = asked.rpartition(".")
            if field == name and (REFERENCES.get(reference) or metadata.subject) == kind:
                return seed.choice(values)
    if name in REFERENCES:
        target = REFERENCES[name]
        return seed.choice({"asset": ("a1", "a2", "lost"), "zone": ZONES, "conduit": ("c1",)}[target])
    if "\\d{4}-" in str(wanted):
        return seed.choice(["2019-01-01", "2025-06-01", "2025-06-30", "2031-01-01", "2025-01-01T10:00:00Z"])
    return value_of(wanted, seed, name)


def column_of(policy: Policy | None, kind: str, name: str, size: int, seed: random.Random, gaps: float) -> Column:
    wanted = types_of(kind).get(name, str)
    column = Column(values=[], methods=bytearray(), disputed={}, stale=set())
    for row in range(size):
        value = field_value(policy, kind, name, wanted, seed)
        if value is None or seed.random() < gaps:
            column.values.append(None)
            column.methods.append(255)
            if seed.random() < gaps:
                column.stale.add(row)
            continue
        encoded = msgspec.json.encode(value)
        column.values.append(encoded)
        column.methods.append(seed.randrange(6))
        other = msgspec.json.encode(field_value(policy, kind, name, wanted, seed))
        if seed.random() < gaps / 4 and other != encoded:
            column.disputed[row] = (encoded, other)
    return column


def table_of(policy: Policy | None, kind: str, fields: set[str], size: int, assets: int, seed: random.Random) -> Table:
    ids = [f"a{row}" for row in range(size)] if kind == "asset" else [f"{kind}-{row:05}" for row in range(size)]
    if kind == "zone":
        ids = list(ZONES)
    elif kind == "conduit":
        ids = ["c1"]
    gaps = 0.0 if kind in ("zone", "conduit") else 0.1
    rows = range(len(ids))
    names = fields | ({"asset"} & types_of(kind).keys())
    columns = {name: column_of(policy, kind, name, len(ids), seed, gaps) for name in sorted(names)}
    if kind == "setting":
        columns["key"] = _keys(policy, len(ids), seed)
    asset_rows = list(rows) if kind == "asset" else [seed.randrange(-1, assets) for _ in rows]
    if "asset" in columns and kind != "asset":
        columns["asset"].values = [msgspec.json.encode(f"a{row}") if row >= 0 else None for row in asset_rows]
        columns["asset"].disputed = {}
    return Table(
        kind=kind,
        ids=ids,
        rows={name: row for row, name in enumerate(ids)},
        columns=columns,
        fresh=bytearray(kind in ("zone", "conduit") or seed.random() > gaps / 2 for _ in rows),
        zones=[(seed.choice(ZONES),) for _ in rows] if kind not in ("zone",) else [(name,) for name in ids],
        conduits=[("c1",) if kind == "conduit" else () for _ in rows],
        asset_rows=asset_rows,
        origins=[() for _ in rows],
    )


def _keys(policy: Policy | None, size: int, seed: random.Random) -> Column:
    wanted = [str(key) for key in policy.metadata.joins["setting"].where.get("key", [])] if _joins(policy) else []
    keys = sorted(SETTING_KEYS) + wanted * 10
    values: list[bytes | None] = [msgspec.json.encode(seed.choice(keys)) for _ in range(size)]
    return Column(values=values, methods=bytearray(size), disputed={}, stale=set())


def _joins(policy: Policy | None) -> bool:
    return policy is not None and "setting" in policy.metadata.joins


def generated_plant(bundle: Bundle, policy: Policy | None, size: int = 1000, seed: int = 1) -> Plant:
    """A plant with `size` subjects of the policy's kind, or of every kind where no policy is given."""
    source = random.Random(seed)  # noqa: S311  reproducible, not secret
    needs = needs_of(bundle if policy is None else Bundle(policies={policy.id: policy}, libraries={}))
    kinds = sorted({"asset", "zone", "conduit", *needs})
    tables = {kind: table_of(policy, kind, needs.get(kind, set()), size, size, source) for kind in kinds}
    asset_count = len(tables["asset"].ids)
    return Plant(
        site=SITE,
        date=ON,
        tables=tables,
        uncovered={},
        covered_assets={kind: bytearray(source.random() > 0.1 for _ in range(asset_count)) for kind in kinds},
        context={
            "zone": msgspec.json.encode([{"id": name, "kind": "control", "purdue_level": 2.0} for name in ZONES]),
            "conduit": msgspec.json.encode([{"id": "c1", "zones": ["business", "dmz"]}]),
        },
        names={},
        placement={},
        sources=(),
        attestations=(),
        lapses=(),
    )
