"""The design intent of one plant, as written in controls/sites/: zones, conduits, targets, owners."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from plantproof.model.catalog import LevelVector
from plantproof.model.evidence import Form
from plantproof.model.records import Date, Identifier, Text


class DerivedFrom(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where an SL-T comes from: the risk assessment of 62443-3-2 (verdicts.md 11)."""

    threat: Text
    consequence: Text
    unmitigated_risk: Text
    tolerable_risk: Text
    residual_risk: Text
    participants: list[Text]
    approver: Text
    date: Date


class EssentialFunction(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    id: Identifier
    title: Text
    kind: Literal["safety", "control", "view", "manipulate"]


class Zone(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    id: Identifier
    title: Text
    kind: Literal["business", "dmz", "control", "safety", "wireless", "temporary", "external"]
    purdue_level: Annotated[float, Meta(ge=0, le=5)]
    subnets: list[str] = []
    members: list[str] = []
    sl_target: LevelVector | None = None
    derived_from: DerivedFrom | None = None
    essential_functions: list[str] = []
    owner: Text = ""
    criticality: Literal["low", "medium", "high", "critical"] | None = None
    remarks: Text = ""
    unconfirmed: bool = False
    """Proposed and confirmed by nobody yet: what rests on it may fail, and never passes."""


class PermittedService(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What may pass a conduit: services such as `tcp/502`, `udp/161-162`, `icmp`, from one of its zones to another."""

    from_: str = msgspec.field(name="from")
    to: str
    services: list[str]


class Conduit(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    id: Identifier
    title: Text
    zones: Annotated[list[str], Meta(min_length=2)]
    permitted: list[PermittedService] = []
    enforcement_points: list[str] = []
    sl_target: LevelVector | None = None
    derived_from: DerivedFrom | None = None
    owner: Text = ""
    unconfirmed: bool = False
    """Proposed and confirmed by nobody yet: it permits nothing."""


class SharedSystem(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An asset whose accounts or settings hold for several zones (a directory, a backup server)."""

    asset: str
    serves: list[str]


class ExpectedAsset(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A declared asset: expected even if no source ever saw it (verdicts.md 7)."""

    name: str
    zone: str = ""
    role: str = ""


class DowntimeCost(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    amount: float
    currency: str
    per: Literal["hour", "shift", "day"]


class Site(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """controls/sites/<site>.yaml: the design intent of one plant."""

    schema: Literal["plantproof/site/1"] = msgspec.field(name="schema")
    id: Identifier
    title: Text
    fictional: bool = False
    owner: Text
    zones: list[Zone]
    conduits: list[Conduit] = []
    essential_functions: list[EssentialFunction] = []
    shared_systems: list[SharedSystem] = []
    expected_assets: list[ExpectedAsset] = []
    cost_of_downtime: DowntimeCost | None = None
