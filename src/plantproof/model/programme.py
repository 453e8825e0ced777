"""The programme: who answers for what, and who must agree to what. Written in controls/programme/."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from plantproof.model.evidence import Form
from plantproof.model.records import Date, Identifier, Text

Login = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[^\s\x00-\x1f\x7f@]+\Z")]
Address = Annotated[str, Meta(max_length=320, pattern=r"^[^\s@<>]+@[^\s@<>]+\Z")]

When = Literal[
    "zone",
    "conduit",
    "device",
    "path",
    "safety",
    "severity",
    "evidence",
    "design",
    "waiver",
    "adopted",
    "approved",
    "profile",
    "catalog",
    "policy",
    "mapping",
    "programme",
    "project",
]
"""What may move: a zone or conduit is touched, the rules of an enforcing device change, a path opens, safety is reached
or affected, a gap of some severity opens, evidence is collected, the design intent of a site is edited, a configuration
is recorded as approved, or a file that judges is edited."""

JUDGE: tuple[When, ...] = ("adopted", "catalog", "mapping", "policy", "profile", "programme", "project")
"""What judges every site alike. Waivers and approved configurations belong to one site and have words of
their own."""


class Accounts(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The accounts of somebody on the forges, without `@`. `other`: names on any other forge."""

    github: list[Login] = []
    gitlab: list[Login] = []
    other: list[Login] = []


class Delegation(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Somebody stands in, from a day to a day, both included. Without `roles`: for all roles of the delegator."""

    to: Identifier
    from_: Date = msgspec.field(name="from")
    until: Date
    roles: list[str] = []
    reason: Text = ""

    def holds(self, role: str, day: str) -> bool:
        """Whether it holds for a role on a day (YYYY-MM-DD)."""
        return self.from_[:10] <= day <= self.until[:10] and (not self.roles or role in self.roles)


class NamedPerson(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A person of the programme. `emails` are those of commits as well: by them an author is recognised."""

    id: Identifier
    name: Text
    accounts: Accounts = Accounts()
    emails: list[Address] = []
    delegations: list[Delegation] = []


class Bot(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An account that collects. It answers for nothing: behind each of its commits stands a change record."""

    name: Text
    accounts: Accounts = Accounts()
    emails: list[Address] = []


class Role(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A role. `owner:` of a site, zone or conduit names it by id or title."""

    id: Identifier
    title: Text
    held_by: list[str] = []


class Raci(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who is responsible, accountable, consulted and informed: exactly one role is accountable.

    Without `zones` and `conduits`: for the whole site, or in a file without site for the company.
    """

    activity: Identifier
    zones: list[str] = []
    conduits: list[str] = []
    responsible: Annotated[list[str], Meta(min_length=1)]
    accountable: str
    consulted: list[str] = []
    informed: list[str] = []


class ApprovedBy(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who must agree: a role, the owner of what is touched, or who is accountable for an activity. One of the three."""

    role: str = ""
    owner_of: Literal["", "zone", "conduit", "site"] = ""
    accountable_for: str = ""


class Afterwards(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """In an emergency the approval may follow, within so many hours after the change was made (verdicts.md 20)."""

    within_hours: Annotated[int, Meta(ge=1, le=720)]


class DecisionRight(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """When one of these moves, so many of those must agree. `zones`, `conduits` and `severity` narrow it.

    A right of a site comes on top of those of the company; none takes another away.
    """

    id: Identifier
    title: Text
    when: Annotated[list[When], Meta(min_length=1)]
    zones: list[str] = []
    conduits: list[str] = []
    severity: Literal["critical", "high", "medium", "low"] | None = None
    """For `severity`: this and worse."""
    approved_by: ApprovedBy
    approvals: Annotated[int, Meta(ge=1, le=9)] = 1
    afterwards: Afterwards | None = None


class ProgrammeFile(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """controls/programme/<name>.yaml. With `site` it speaks of that site, without of the company. All files count
    together: a site more is a file more."""

    schema: Literal["plantproof/programme/1"] = msgspec.field(name="schema")
    fictional: bool = False
    site: str = ""
    persons: list[NamedPerson] = []
    bots: list[Bot] = []
    roles: list[Role] = []
    held_by: dict[str, list[str]] = {}
    """Role of another file -> who holds it here as well."""
    raci: list[Raci] = []
    decision_rights: list[DecisionRight] = []


# --- what the controls stage hands on ---


class ScopedRaci(msgspec.Struct, frozen=True, kw_only=True):
    """A row of RACI with the site it is for ("": the company) and where it stands."""

    site: str
    row: Raci
    path: str
    line: int


class ScopedRight(msgspec.Struct, frozen=True, kw_only=True):
    """A decision right with the site it is for ("": the company) and where it stands."""

    site: str
    right: DecisionRight
    path: str
    line: int


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """Everything in controls/programme/, put together. Persons and roles by id; `holders` site -> role -> persons,
    the company's under ""."""

    persons: dict[str, NamedPerson] = {}
    bots: tuple[Bot, ...] = ()
    roles: dict[str, Role] = {}
    holders: dict[str, dict[str, tuple[str, ...]]] = {}
    raci: tuple[ScopedRaci, ...] = ()
    rights: tuple[ScopedRight, ...] = ()

    def held_by(self, role: str, site: str) -> tuple[str, ...]:
        """The ids of the persons who hold a role at a site: the site's own and the company's."""
        scopes = dict.fromkeys(("", site))
        return tuple(sorted({person for scope in scopes for person in self.holders.get(scope, {}).get(role, ())}))

    def role_named(self, text: str) -> Role | None:
        """The role of that id or title: what `owner:` in a site file names. Case and runs of blanks do not count."""
        wanted = folded(text)
        return next((role for role in self.roles.values() if wanted in (folded(role.id), folded(role.title))), None)

    def person_named(self, text: str) -> NamedPerson | None:
        """The person of that id, name or mail address."""
        wanted = folded(text)
        for person in self.persons.values():
            if wanted and wanted in (folded(person.id), folded(person.name), *map(folded, person.emails)):
                return person
        return None


def folded(text: str) -> str:
    """A name as names are compared: without case and runs of blanks."""
    return " ".join(text.split()).casefold()
