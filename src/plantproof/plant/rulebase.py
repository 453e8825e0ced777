"""Firewall rules as their records say them, ready to be weighed: device by device and list by list, in order.

What is not known of a rule is never taken for a denial: a rule that accepts may match all that it might, one that
denies is relied on only where it surely matches.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from plantproof.model.plant import Table
from plantproof.plant.address_space import Networks, read_networks
from plantproof.plant.packets import Interval
from plantproof.plant.places import is_any, widest
from plantproof.plant.services import ANY_SERVICE, EVERYTHING, read_service
from plantproof.plant.zones import claims_of

RULE_FIELDS = frozenset(
    {
        "action", "asset", "conditions", "direction", "dst_interfaces", "dst_networks", "enabled", "log", "name", "nat",
        "order", "rule_list", "services", "src_interfaces", "src_networks", "unresolved",
    }
)  # fmt: skip
ESTABLISHED = "established"
UNSAID = {"src_networks": "source networks", "dst_networks": "destination networks", "services": "services"}
"""What a rule has to say of packets before it surely matches any."""
LISTS = ("src_interfaces", "dst_interfaces", "src_networks", "dst_networks", "services")


class End(NamedTuple):
    """One side of a rule: the interfaces (empty for any), and the networks."""

    interfaces: tuple[str, ...]
    networks: Networks

    def named(self, version: int) -> list[Interval]:
        """The intervals that the rule names, whether or not it says any beside them."""
        return self.networks.intervals.get(version, [])


class Rule(NamedTuple):
    """One rule. `words` are what is not certain of it: with any, it may match less than it says, or something else."""

    row: int
    identifier: str
    order: int
    accepts: bool
    source: End
    destination: End
    services: tuple[str, ...]
    words: tuple[str, ...]
    certain: bool
    """Whether it matches all that it says: what it denies or accepts is then no matter of later rules."""
    answers: bool
    """It matches answers on connections that the other side opened, and no packet that opens one."""
    translates: bool
    """It speaks of a published address: the packet's own is another, which earlier rules may not have meant."""
    widened: bool
    """It names nothing of IPv6 alone: where it says any of IPv4, it may mean any address at all."""
    logged: bool | None
    unresolved: bool


class RuleList(NamedTuple):
    """Rules that are weighed in one order, the first that matches deciding. `direction` is in, out or nothing."""

    direction: str
    rules: tuple[Rule, ...]


class Device(NamedTuple):
    """All rules of one device. -1: rules of which nobody knows the device; each of them stands for itself."""

    asset_row: int
    lists: tuple[RuleList, ...]


def devices_of(rules: Table) -> list[Device]:
    """The fresh rules that are switched on, by device. Rules of different sources are never weighed against each other:
    nobody knows how their orders mix. Where sources differ on the device of a rule, nobody knows it."""
    found: dict[int, dict[tuple[object, ...], list[Rule]]] = {}
    for row in range(len(rules.ids)):
        if not rules.fresh[row] or claims_of(rules.columns["enabled"], row) == (b"false",):
            continue
        asset_row = -1 if row in rules.columns["asset"].disputed else rules.asset_rows[row]
        sources = tuple(sorted({origin.source for origin in rules.origins[row]}))
        direction, name = (_texts(rules, field, row) for field in ("direction", "rule_list"))
        key = (direction[0] if len(direction) == 1 else "", name, sources, row if asset_row < 0 else -1)
        found.setdefault(asset_row, {}).setdefault(key, []).append(_rule(rules, row))
    devices = []
    for asset_row, lists in sorted(found.items()):
        ordered = [
            RuleList(str(key[0]), tuple(sorted(listed, key=lambda rule: (rule.order, rule.identifier))))
            for key, listed in lists.items()
        ]
        ordered.sort(key=lambda each: (each.direction, each.rules[0].order, each.rules[0].identifier))
        devices.append(Device(asset_row, tuple(ordered)))
    return devices


def _rule(table: Table, row: int) -> Rule:
    actions = claims_of(table.columns["action"], row)
    unresolved = widest(table, "unresolved", row) or []
    conditions = widest(table, "conditions", row) or []
    translated = widest(table, "nat", row) or []
    lists = {field: widest(table, field, row) for field in LISTS}
    services = [EVERYTHING if text.lower() in ANY_SERVICE else text for text in lists["services"] or [EVERYTHING]]
    if unresolved and not _says_any(lists):
        # A collector writes any where an object could not be resolved; where no list says any, it may stand in each.
        lists |= {"src_networks": None, "dst_networks": None}
        services = [EVERYTHING]
    source, destination = (
        End(_interfaces(lists[f"{end}_interfaces"]), read_networks(lists[f"{end}_networks"])) for end in ("src", "dst")
    )
    disputed = [
        field for field in (*LISTS, "asset", "order", "action", "enabled") if row in table.columns[field].disputed
    ]
    doubts = [f"`{name}` is not resolved" for name in unresolved]
    doubts += [f"only with {condition}" for condition in conditions if condition != ESTABLISHED]
    doubts += [f"sources differ on {field.replace('_', ' ')}" for field in disputed]
    # An empty cell of a table is no word for any. Where interfaces are not named, collectors mean any of them.
    doubts += [f"{name} are not said" for field, name in UNSAID.items() if not lists[field] and not unresolved]
    doubts += [
        f"{field} is not known" for field in ("action", "enabled") if not claims_of(table.columns[field], row)
    ]  # fmt: skip
    if source.networks.unreadable or destination.networks.unreadable:
        doubts.append("a network cannot be read")
    doubts += [f"service `{text}` cannot be read" for text in services if read_service(text) is None]
    logs = claims_of(table.columns["log"], row)
    order = table.columns["order"].values[row]
    accepts = actions != (b'"deny"',)
    return Rule(
        row=row,
        identifier=table.ids[row],
        order=0 if order is None else msgspec.json.decode(order, type=int),
        accepts=accepts,
        source=source,
        destination=destination,
        services=tuple(sorted({text.lower() for text in services})),
        words=(*doubts, *(f"{end} addresses are translated" for end in translated if accepts)),
        certain=not doubts and "destination" not in translated,
        answers=ESTABLISHED in conditions,
        translates="destination" in translated,
        widened=not any(6 in end.networks.intervals for end in (source, destination))
        and not all(end.networks.anything == {6} for end in (source, destination)),
        logged=None if not logs else logs == (b"true",),
        unresolved=bool(unresolved),
    )


def _says_any(lists: dict[str, list[str] | None]) -> bool:
    networks = [text for field in ("src_networks", "dst_networks") for text in lists[field] or ()]
    return any(map(is_any, networks)) or EVERYTHING in (lists["services"] or ())


def _interfaces(names: list[str] | None) -> tuple[str, ...]:
    """The interfaces by name; none for any."""
    return () if not names or any(map(is_any, names)) else tuple(names)


def _texts(table: Table, field: str, row: int) -> tuple[str, ...]:
    return tuple(msgspec.json.decode(claim, type=str) for claim in claims_of(table.columns[field], row))


def any_of(rule: Rule, end: End, version: int) -> bool:
    """Whether the rule may mean any address of that IP version on that side."""
    return version in end.networks.anything or (rule.widened and bool(end.networks.anything))
