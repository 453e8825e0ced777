"""The kinds of evidence record: one frozen Struct a kind, one canonical JSON object a line.

A field that is absent is unknown; there is no null. Dates are ISO 8601 in UTC. `id` is stable, `asset` names the asset
the record belongs to (an id from identities.jsonl), `method` says how the fact came to be known.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

Text = Annotated[str, Meta(max_length=4096)]
Identifier = Annotated[str, Meta(min_length=1, max_length=512, pattern=r"^[^\x00-\x1f\x7f]+\Z")]
Date = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?\Z")]
Port = Annotated[int, Meta(ge=0, le=65535)]
MethodWord = Literal["config", "active", "passive", "proposed", "declared", "attested"]


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What every record has."""

    id: Identifier
    method: MethodWord


class Asset(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A device, virtual machine or logical system (OCSF device, NetBox device, OSCAL inventory-item)."""

    names: list[Text] | UnsetType = UNSET
    role: Text | UnsetType = UNSET
    purdue_level: float | UnsetType = UNSET
    vendor: Text | UnsetType = UNSET
    model: Text | UnsetType = UNSET
    order_code: Text | UnsetType = UNSET
    serial: Text | UnsetType = UNSET
    firmware: Text | UnsetType = UNSET
    os: Text | UnsetType = UNSET
    ips: list[Text] | UnsetType = UNSET
    macs: list[Text] | UnsetType = UNSET
    parent: Identifier | UnsetType = UNSET
    zone: Text | UnsetType = UNSET
    criticality: Text | UnsetType = UNSET
    lifecycle: Text | UnsetType = UNSET
    support_ends: Date | UnsetType = UNSET
    owner: Text | UnsetType = UNSET
    authorised: bool | UnsetType = UNSET


class Interface(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A network interface; `ips` in CIDR notation, `routes` the networks reached through it by static route.
    `unknown_routes`: other networks may be reached through it, by routes that are learned or not understood."""

    asset: Identifier
    name: Text
    enabled: bool | UnsetType = UNSET
    mac: Text | UnsetType = UNSET
    ips: list[Text] | UnsetType = UNSET
    vlan: int | UnsetType = UNSET
    mode: Text | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    routes: list[Text] | UnsetType = UNSET
    unknown_routes: bool | UnsetType = UNSET


class Service(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A network service that an asset offers."""

    asset: Identifier
    port: Port | UnsetType = UNSET
    protocol: Text | UnsetType = UNSET
    application: Text | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    authentication: Text | UnsetType = UNSET
    encryption: Text | UnsetType = UNSET


class Account(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An account on a device or in a directory. `scope` is the domain or device that owns it."""

    asset: Identifier | UnsetType = UNSET
    principal: Text
    scope: Text | UnsetType = UNSET
    type: Literal["person", "service", "builtin", "shared"] | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    privileged: bool | UnsetType = UNSET
    shared: bool | UnsetType = UNSET
    mfa: bool | UnsetType = UNSET
    password_set: Date | UnsetType = UNSET
    password_never_expires: bool | UnsetType = UNSET
    password_not_required: bool | UnsetType = UNSET
    reversible_encryption: bool | UnsetType = UNSET
    last_logon: Date | UnsetType = UNSET
    never_logged_on: bool | UnsetType = UNSET
    locked_out: bool | UnsetType = UNSET
    created: Date | UnsetType = UNSET
    expires: Date | UnsetType = UNSET


class Flow(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Traffic that was seen, summed over connections. Ends are assets where they are known, addresses where not."""

    src: Identifier | UnsetType = UNSET
    dst: Identifier | UnsetType = UNSET
    src_ip: Text | UnsetType = UNSET
    dst_ip: Text | UnsetType = UNSET
    protocol: Text | UnsetType = UNSET
    port: Port | UnsetType = UNSET
    application: Text | UnsetType = UNSET
    operation: Literal["read", "write", "program"] | UnsetType = UNSET


class FirewallRule(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One rule, its objects and groups resolved. `order` counts from 1 in evaluation order.

    Networks are CIDR, `0.0.0.0/0` for any; services are `tcp/502`, `udp/161-162`, `icmp`, `icmp/8`, `ip` for any.
    `unresolved` lists the objects that could not be resolved: a rule with one is wider than it looks. `conditions` are
    what it asks for beyond addresses and services (a schedule, users, `established` for answers alone): a rule with one
    matches less than it looks. Where a device has several lists, `rule_list` names the one with this rule, and
    `direction` says whether it holds for what comes in by `src_interfaces` or what goes out by `dst_interfaces`; a
    packet passes if a list of each direction accepts it. `nat` says which of its addresses the rule translates.
    """

    asset: Identifier
    order: int
    name: Text | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    action: Literal["accept", "deny"] | UnsetType = UNSET
    src_interfaces: list[Text] | UnsetType = UNSET
    dst_interfaces: list[Text] | UnsetType = UNSET
    src_networks: list[Text] | UnsetType = UNSET
    dst_networks: list[Text] | UnsetType = UNSET
    services: list[Text] | UnsetType = UNSET
    log: bool | UnsetType = UNSET
    unresolved: list[Text] | UnsetType = UNSET
    conditions: list[Text] | UnsetType = UNSET
    rule_list: Text | UnsetType = UNSET
    direction: Literal["in", "out"] | UnsetType = UNSET
    nat: list[Literal["source", "destination"]] | UnsetType = UNSET


class Setting(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One configured value. `key` is dotted and the same for all vendors where the meaning is (`ssh.version`)."""

    asset: Identifier
    key: Identifier
    value: str | int | float | bool | list[str]


class Software(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    asset: Identifier
    name: Text
    version: Text | UnsetType = UNSET
    purl: Text | UnsetType = UNSET
    cpe: Text | UnsetType = UNSET


class Vulnerability(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    asset: Identifier
    advisory: Text
    status: Text | UnsetType = UNSET
    severity: Text | UnsetType = UNSET
    published: Date | UnsetType = UNSET
    fixed_in: Text | UnsetType = UNSET
    known_exploited: bool | UnsetType = UNSET


class Backup(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One backup job of one asset. Times are of the newest run, of the newest success, of the newest restore test."""

    asset: Identifier | UnsetType = UNSET
    job: Text
    last_run: Date | UnsetType = UNSET
    last_result: Literal["success", "warning", "failed"] | UnsetType = UNSET
    last_success: Date | UnsetType = UNSET
    restore_tested: Date | UnsetType = UNSET
    location: Text | UnsetType = UNSET


class Training(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    person: Text
    course: Text
    domain: Literal["IT", "OT"] | UnsetType = UNSET
    completed: Date | UnsetType = UNSET
    expires: Date | UnsetType = UNSET


class Incident(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    kind: Literal["incident", "near-miss", "audit-finding"] | UnsetType = UNSET
    severity: Text | UnsetType = UNSET
    domain: Literal["IT", "OT"] | UnsetType = UNSET
    opened: Date | UnsetType = UNSET
    closed: Date | UnsetType = UNSET
    assets: list[Identifier] | UnsetType = UNSET
    state: Text | UnsetType = UNSET


class Change(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    assets: list[Identifier] | UnsetType = UNSET
    requested_by: Text | UnsetType = UNSET
    responsible: Text | UnsetType = UNSET
    approved_by: Text | UnsetType = UNSET
    window: Text | UnsetType = UNSET
    rollback_plan: Text | UnsetType = UNSET
    safety_review: bool | UnsetType = UNSET


class Metric(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    name: Text
    unit: Text | UnsetType = UNSET
    value: float
    window: Text | UnsetType = UNSET
    equipment: Text | UnsetType = UNSET


KINDS: dict[str, type[Record]] = {
    "account": Account,
    "asset": Asset,
    "backup": Backup,
    "change": Change,
    "firewall_rule": FirewallRule,
    "flow": Flow,
    "incident": Incident,
    "interface": Interface,
    "metric": Metric,
    "service": Service,
    "setting": Setting,
    "software": Software,
    "training": Training,
    "vulnerability": Vulnerability,
}
"""Every kind that a source may bring, by its name in files and policies."""

DECLARED_KINDS = ("zone", "conduit")
"""Subjects from controls/sites/, not from evidence."""

DERIVED_KINDS = ("approved_configuration", "crossing", "reach")
"""Computed in plant/, never stored."""


class Sighting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What moves by itself, apart from the facts, so that collecting an unchanged plant changes no line of facts.

    `raw` is the file under the source's raw/ folder, `line` its line (from 1), `pointer` a JSON pointer where lines
    mean little.
    """

    id: Identifier
    raw: str
    line: int = 0
    pointer: str = ""
    first_seen: str = ""
    last_seen: str = ""
    count: int = 0
    bytes: int = 0
    hits: int = 0
