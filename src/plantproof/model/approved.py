"""Approved configurations: how a device was to be set, as somebody recorded it, to compare with what is collected."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from plantproof.model.evidence import Form
from plantproof.model.records import Date, Identifier, Text
from plantproof.model.value import Value

RecordName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}\Z")]
"""The id of a change record, or the name of a baseline: it is the name of a file, so it is written like one."""

Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
ShortDigest = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]


class ApprovedHead(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The first line of controls/approved/<site>/<change>.jsonl: what was judged, when, and who recorded it.

    The record says what was judged. That it is approved is said by whoever lets it into the branch that judges.
    """

    schema: Literal["plantproof/approved/1"]
    site: Identifier
    change: RecordName
    how: Literal["proposed", "as-found"]
    """`proposed`: judged before it was on the devices. `as-found`: taken from the evidence as it was."""
    by: Annotated[str, Meta(min_length=1, max_length=512)]
    on: Date
    due: Date | UnsetType = UNSET
    """The day by which it is to be on the devices: the end of the maintenance window."""
    commit: str = ""
    """The commit that it was judged against."""
    judged: Text = ""
    """What the review said of it, in words."""


class ApprovedDevice(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One further line: the configuration of one device, as digests of its facts, never the facts themselves.

    `facts` maps the name of a fact (`setting ssh.version`, `firewall_rule policy/7`) to its digest, `digest` is over
    all of them. `redacted` are the digests of those facts that hold tokens of secrets, with the tokens taken out: under
    another redaction key than `key_id` only these can be compared. `replaces` names the records that this one stands
    in for.
    """

    asset: Identifier
    name: Text
    source: Identifier
    format: Identifier
    key_id: str = ""
    digest: Digest
    before: Digest | UnsetType = UNSET
    """What the device had when its first configuration was proposed: in order until the change is due."""
    replaces: list[RecordName] = []
    facts: dict[str, ShortDigest]
    redacted: dict[str, ShortDigest] = {}


# --- what the controls and plant stages hand on ---


class ApprovedRecord(Value, frozen=True, kw_only=True, omit_defaults=True):
    """One device of one record. `current`: no other record stands in for it. Of those that are not, only the digest
    is kept."""

    head: ApprovedHead
    device: ApprovedDevice
    current: bool
    origin: str
    line: int


State = Literal["as-approved", "proposed", "not-yet-changed", "differs"]


class ApprovedConfiguration(Value, frozen=True, kw_only=True, omit_defaults=True):
    """Derived: a device of which a configuration was approved, and how it is configured according to fresh evidence.

    `as-approved`: as a current record says. `proposed`: what is compared is not on the device yet. `not-yet-changed`:
    as an earlier record says, that a current one stands in for, or as it was before its first record. `differs`: as no
    record says.
    """

    id: str
    asset: str
    device: str
    """What people call it."""
    state: State
    change: str
    """The current record that comes closest, by the id of its change."""
    approved_on: str
    due: str
    """The day by which the device was to be so: the end of the window, else the day of the record."""
    approved: str
    seen: str
    """Digests of both configurations."""
    earlier: str | UnsetType = UNSET
    """`not-yet-changed`: whose configuration the device still has, in words."""
    differences: list[str] = []
    """In words, the first of them: which facts were changed, added or removed."""


def digest_of(facts: Mapping[str, str]) -> str:
    """The digest of a whole configuration from those of its facts, whatever their order."""
    total = hashlib.sha256()
    for name in sorted(facts):
        total.update(f"{name}\0{facts[name]}\n".encode("utf-8", "surrogatepass"))
    return total.hexdigest()
