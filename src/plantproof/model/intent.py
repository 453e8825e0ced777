"""What is intended and what must hold: catalogs, profiles, sites, waivers, and the project file."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from plantproof.errors import Problem
from plantproof.model.evidence import Collector, Covers, Form, Person, Vantage
from plantproof.model.records import Date, Identifier, Text

Level = Annotated[int, Meta(ge=0, le=4)]
LevelVector = Annotated[list[Level], Meta(min_length=7, max_length=7)]
"""Security levels in the order of the foundational requirements: IAC, UC, SI, DC, RDF, TRE, RA."""

FOUNDATIONAL_REQUIREMENTS = ("IAC", "UC", "SI", "DC", "RDF", "TRE", "RA")


# --- catalogs ---------------------------------------------------------------------------------------------------------


class CatalogControl(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One requirement: title and facts, never the standard's prose. Level and what else applies to 62443 only.

    `source` names who gives the level, by the letters under the catalog's `sources`. `contested` holds the lowest and
    highest level that any source gives, where sources disagree (VERDICTS.md 10).
    """

    title: Text
    level: Level | None = None
    confidence: Literal["high", "medium", "low"] | None = None
    source: Text = ""
    contested: Annotated[list[Level], Meta(min_length=2, max_length=2)] | None = None
    note: Text = ""


class CatalogGroup(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    id: Identifier
    title: Text
    code: str = ""


class Catalog(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """controls/catalogs/<id>.yaml. `controls` maps the canonical id to its title, or to a `CatalogControl`."""

    schema: Literal["plantproof/catalog/1"] = msgspec.field(name="schema")
    id: Identifier
    title: Text
    edition: Text
    publisher: Text
    sources: list[Text]
    notice: Text = ""
    ids: Literal["iec", "nist-800-53", "csf"]
    groups: list[CatalogGroup]
    controls: dict[str, Text | CatalogControl]
    withdrawn: dict[str, Text] = {}
    """Former id -> what it was called and what became of it. Withdrawn ids are not in `controls`."""
    baselines: dict[str, list[str]] = {}


class Objectives(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """controls/catalogs/<id>.objectives.yaml: the leaf assessment objectives of SP 800-53A, ids only.

    `controls`: control id -> the letters of its methods (EXAMINE, INTERVIEW, TEST), then its objectives, as compact text.
    `differs`: the same without methods, where a later release numbers them otherwise.
    """

    schema: Literal["plantproof/objectives/1"] = msgspec.field(name="schema")
    catalog: Identifier
    title: Text
    edition: Text
    sources: list[Text]
    notice: Text = ""
    controls: dict[str, Text]
    differs: dict[str, Text] = {}


class Parameters(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """controls/catalogs/<id>.parameters.yaml: organisation-defined parameters, ids only.

    `controls`: control id -> its parameters as compact text: `2=03` for former number 2, now `_odp.03`.
    """

    schema: Literal["plantproof/parameters/1"] = msgspec.field(name="schema")
    catalog: Identifier
    title: Text
    edition: Text
    sources: list[Text]
    notice: Text = ""
    controls: dict[str, Text]


# --- profiles ---------------------------------------------------------------------------------------------------------


class Tailoring(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    control: str
    action: Literal["add", "remove", "level", "not-applicable"]
    reason: Text
    approver: Text = ""
    review_by: Date | None = None
    level: Level | None = None
    evidence_of_absence: Text = ""


class Profile(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """controls/profiles/<id>.yaml: which controls of one framework, with which parameters, tailored with reasons."""

    schema: Literal["plantproof/profile/1"] = msgspec.field(name="schema")
    id: Identifier
    title: Text
    framework: str
    extends: list[str] = []
    baseline: str = ""
    level: Level | None = None
    controls: list[str] = []
    tailoring: list[Tailoring] = []
    parameters: dict[str, str | int | float | bool | list[str]] = {}


# --- sites ------------------------------------------------------------------------------------------------------------


class DerivedFrom(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where an SL-T comes from: the risk assessment of 62443-3-2 (VERDICTS.md 11)."""

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


class SharedSystem(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An asset whose accounts or settings hold for several zones (a directory, a backup server)."""

    asset: str
    serves: list[str]


class ExpectedAsset(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A declared asset: expected even if no source ever saw it (VERDICTS.md 7)."""

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


# --- waivers ----------------------------------------------------------------------------------------------------------


class Compensation(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The countermeasure that stands in: itself evaluated, for the listed subjects (VERDICTS.md 13)."""

    policy: str
    parameters: dict[str, str | int | float | bool | list[str]] = {}
    subjects: list[str]
    description: Text


class Waiver(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """controls/waivers/<id>.yaml. A risk acceptance changes the gate and the plan, never the finding or the level."""

    schema: Literal["plantproof/waiver/1"] = msgspec.field(name="schema")
    id: Identifier
    kind: Literal["risk-acceptance", "compensating"]
    site: str
    policy: str
    subjects: Annotated[list[str], Meta(min_length=1)]
    controls: list[str]
    reason: Text
    owner: Person
    approver: Person
    approved: Date
    expires: Date
    renewals: int = 0
    compensation: Compensation | None = None


# --- mappings ---------------------------------------------------------------------------------------------------------


class Review(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    by: Text
    on: Date


class Answer(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What answers a part: a policy with parameters, or attestations on a topic. Partial ones say what they leave out.

    `with` binds parameters of the policy to values; `from_profile` binds them to parameters that the organisation sets in
    its profile (policy parameter -> profile parameter), without which the part is not-assessed (VERDICTS.md 3).
    """

    policy: str = ""
    with_: dict[str, str | int | float | bool | list[str]] = msgspec.field(name="with", default_factory=dict)
    from_profile: dict[str, str] = {}
    attestation: str = ""
    coverage: Literal["full", "partial"]
    leaves_out: Text = ""


class MappedPart(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that a control asks. Exactly one of `all_of`, `any_of`. NIST parts bear the id of their 800-53A objective.

    `provided_by` says that one function answers for everybody: it is judged once, over the whole site, and its failure is
    everybody's. With `hybrid` (or `hybrid: words`) each zone answers for its own share as well. `parameter` names the
    organisation-defined parameter without which nothing is asked yet.
    """

    id: Identifier
    asks: Text
    scope: Literal["component", "zone", "conduit", "system", "programme"]
    aspect: Literal["capability", "configuration", "operation"]
    all_of: list[Answer] = []
    any_of: list[Answer] = []
    provided_by: Text = ""
    parameter: str = ""
    objectives: list[str] = []


class MappedControl(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The parts of one control. `complete` says that the parts are all that the control asks, in the reviewer's judgement;
    without it the control can be not-satisfied, but never satisfied."""

    parts: list[MappedPart]
    complete: bool = False
    reviewed: Review | None = None
    note: Text = ""


class Mapping(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """mappers/<framework>.yaml: framework control <- parts <- policies and attestations."""

    schema: Literal["plantproof/mapping/1"] = msgspec.field(name="schema")
    framework: str
    title: Text = ""
    controls: dict[str, MappedControl]


# --- the project file -------------------------------------------------------------------------------------------------


class ContentPin(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    version: str
    hash: str


class ColumnMapping(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a generic CSV becomes records of one kind: field -> column, with constants, value maps and date formats."""

    kind: str
    id: list[str] = []
    asset: str = ""
    fields: dict[str, str]
    constants: dict[str, str | int | float | bool | list[str]] = {}
    values: dict[str, dict[str, str | int | float | bool]] = {}
    dates: dict[str, str] = {}
    lists: dict[str, str] = {}
    delimiter: str = ","
    encoding: str = "utf-8-sig"


class SourceSettings(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a person knows of a source and the export does not say."""

    format: str = ""
    tool: Text = ""
    tool_version: Text = ""
    steps: Text = ""
    collected_by: Collector | None = None
    covers: list[Covers] = []
    vantage: Vantage | None = None
    max_age_days: int | None = None
    method: Literal["config", "active", "passive", "declared"] | None = None
    time_zone: str = "UTC"
    date_order: Literal["D/M/Y", "M/D/Y"] | None = None
    """How the export writes dates, where no row of it tells."""
    mapping: ColumnMapping | None = None
    assets: dict[str, str] = {}
    """Names in the export (a backup job, a host) -> the asset's name."""


class SiteSettings(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    sources: dict[str, SourceSettings] = {}


class Limits(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one policy may cost before it is an `error`. Memory in MB, time in seconds for one batch."""

    memory_mb: Annotated[int, Meta(ge=64, le=65536)] = 1024
    seconds: Annotated[float, Meta(gt=0, le=3600)] = 20.0


class Override(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    path: str
    reason: Text


class ProjectFile(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """plantproof.yaml."""

    schema: Literal["plantproof/project/1"] = msgspec.field(name="schema")
    title: Text
    content: ContentPin
    profiles: Annotated[list[str], Meta(min_length=1)]
    sites: dict[str, SiteSettings]
    max_age_days: dict[str, int] = {}
    """Freshness by kind of record; `default` for the rest. A source's own `max_age_days` wins."""
    source_precedence: list[str] = []
    limits: Limits = msgspec.field(default_factory=Limits)
    overrides: list[Override] = []
    fail_on: Literal["critical", "high", "medium", "low"] = "low"


# --- what the controls stage hands on ------------------------------------------------------------------------------------


class SelectedControl(msgspec.Struct, frozen=True, kw_only=True):
    """A control as a profile selects and tailors it. `group` is its family, category or foundational requirement.

    `level` is the catalog's, or the project's own with the `tailoring` that says why (nothing is contested then).
    `objectives` are OSCAL ids (`ac-1_obj.a-1`), `methods` the letters of EXAMINE, INTERVIEW, TEST that NIST names.
    """

    id: str
    title: str
    group: str
    level: int | None = None
    contested: tuple[int, int] | None = None
    confidence: str = ""
    parent: str = ""
    tailoring: Tailoring | None = None
    objectives: tuple[str, ...] = ()
    methods: str = ""
    note: str = ""


class SelectedFramework(msgspec.Struct, frozen=True, kw_only=True):
    """One catalog with one profile applied. `controls` in the catalog's order; removed ones are in `removed`.

    IEC 62443: `controls` are those selected; `all_controls` every requirement of the catalog, which SL-A rests on.
    """

    catalog: Catalog
    profile: Profile
    controls: tuple[SelectedControl, ...]
    all_controls: tuple[SelectedControl, ...]
    removed: tuple[tuple[str, Tailoring], ...] = ()
    parameters: dict[str, str | int | float | bool | list[str]] = {}


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """Everything under controls/, read and checked."""

    frameworks: tuple[SelectedFramework, ...]
    sites: dict[str, Site]
    waivers: tuple[Waiver, ...]
    """Their `controls` are written `framework/id`."""
    warnings: tuple[Problem, ...] = ()
    """What is allowed but deserves a word, such as an SL-T that does not say what it is derived from."""
