"""What a policy declares of itself: the METADATA block of its Rego file."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from plantproof.model.evidence import Form
from plantproof.model.records import Text

Scalar = str | int | float | bool


class Parameter(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A number or a list that a profile or mapping may bind, within limits that the policy's author set."""

    description: Text
    default: Scalar | list[Scalar]
    unit: Text = ""
    min: float | None = None
    max: float | None = None


class Join(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Records that point at the subject. `where` keeps those whose field is in the list; `fields` are projected.

    A field with a question mark (`description?`) may be unknown. A pass that rests on a joined record of which another
    field is unknown is no-evidence.

    `covered: required`: an empty join that no fresh source covers is no-evidence, never an empty list.
    """

    where: dict[str, list[Scalar]] = {}
    fields: list[str]
    covered: Literal["required", "optional"] = "required"


class Remediation(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """OT-safe: what to do, in which window, what helps until then."""

    action: Text
    window: Text
    interim: Text


class PolicyMetadata(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The `custom:` part of the METADATA block. Fields of `follow` are required unless they end in a question mark."""

    subject: str
    severity: Literal["critical", "high", "medium", "low"]
    remediation: Remediation
    may_affect: list[Literal["safety", "control", "view", "manipulate"]] = []
    for_: dict[str, list[Scalar]] = msgspec.field(name="for", default_factory=dict)
    reads: dict[str, Literal["required", "optional"]] = {}
    follow: dict[str, list[str]] = {}
    joins: dict[str, Join] = {}
    ages: dict[str, str] = {}
    context: list[str] = []
    parameters: dict[str, Parameter] = {}


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """One policy file. `id` is `<family>/<policy>`, `package` the Rego package `policies.<family>.<policy>`.
    `libraries` are the library files that it uses, directly or through others."""

    id: str
    package: str
    path: str
    line: int
    title: str
    description: str
    metadata: PolicyMetadata
    source: str
    libraries: tuple[str, ...]
    origin: Literal["content", "project", "override"] = "content"
    rules: tuple[str, ...] = ()
    """The names of the rules that the file defines."""


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """All policies and library modules of a project: policies by id, source of libraries and of tests by path."""

    policies: dict[str, Policy]
    libraries: dict[str, str]
    tests: dict[str, str] = {}


class Violation(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a policy found wrong with a subject. `seen` and `expected` are any JSON; `field` names the declared
    field."""

    message: str
    field: str = ""
    seen: Any = None
    expected: Any = None
