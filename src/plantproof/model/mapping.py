"""What answers a control, as written in mappers/: parts, policies, attestations."""

from __future__ import annotations

from typing import Literal

import msgspec

from plantproof.model.evidence import Form
from plantproof.model.records import Date, Identifier, Text


class Review(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    by: Text
    on: Date


class Answer(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What answers a part: a policy with parameters, or attestations on a topic. Partial ones say what they leave out.

    `with` binds parameters of the policy to values; `from_profile` binds them to parameters that the organisation
    sets in
    its profile (policy parameter -> profile parameter), without which the part is not-assessed (verdicts.md 3).
    """

    policy: str = ""
    with_: dict[str, str | int | float | bool | list[str]] = msgspec.field(name="with", default_factory=dict)
    from_profile: dict[str, str] = {}
    attestation: str = ""
    coverage: Literal["full", "partial"]
    leaves_out: Text = ""


class MappedPart(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that a control asks. Exactly one of `all_of`, `any_of`. NIST parts bear the id of their 800-53A
    objective.

    `provided_by` says that one function answers for everybody: it is judged once, over the whole site, and its
    failure is everybody's. It is `common`, `vendor` or `hybrid`, alone or as `common: words`. With `hybrid` each zone
    answers for its own share as well. `parameter` names the organisation-defined parameter without which
    nothing is asked yet.
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
    """The parts of one control. `complete` says that the parts are all that the control asks, in the reviewer's
    judgement;
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
