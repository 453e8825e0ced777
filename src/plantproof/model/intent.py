"""What the controls stage hands on: everything under controls/, read and checked."""

from __future__ import annotations

import msgspec

from plantproof.errors import Problem
from plantproof.model.adopted import Adopted
from plantproof.model.approved import ApprovedRecord
from plantproof.model.catalog import Catalog, Profile, Tailoring
from plantproof.model.change import ChangeRecord
from plantproof.model.programme import Programme
from plantproof.model.site import Site
from plantproof.model.waiver import Waiver


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
    programme: Programme = Programme()
    """Who answers for what, and who must agree to what."""
    changes: tuple[ChangeRecord, ...] = ()
    """The change records of controls/changes/, by id."""
    adopted: dict[str, Adopted] = {}
    """Site -> what was wrong on the day of its adoption."""
    approved: dict[str, tuple[ApprovedRecord, ...]] = {}
    """Site -> the configurations that were recorded as approved, by asset and date."""
    warnings: tuple[Problem, ...] = ()
    """What is allowed but deserves a word, such as an SL-T that does not say what it is derived from."""
