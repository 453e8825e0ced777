"""Derived: what the rules of one device really let pass from one zone to another."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from plantproof.model.value import Value


class Sample(Value, frozen=True, kw_only=True, omit_defaults=True):
    """One packet that passes: that with the lowest source, then the lowest destination, of those by which a host goes.

    `src` or `dst` is empty where no address of the zone is known. `port` is the type of the message for ICMP, and
    absent for protocols that have neither.
    """

    src: str = ""
    dst: str = ""
    protocol: str
    port: int | None = None


class Reach(Value, frozen=True, kw_only=True, omit_defaults=True):
    """One service that the rules of one device let pass from one zone to another.

    Rules are weighed in their order, so that what an earlier one denies does not pass. `undecided` says why it may
    not pass after all; where it is empty, the sample passes.
    """

    id: str
    asset: str | UnsetType = UNSET
    """The device with the rules; absent where the rules do not name theirs."""
    src_zone: str
    dst_zone: str
    src_zone_kind: str
    dst_zone_kind: str
    src_title: str | UnsetType = UNSET
    dst_title: str | UnsetType = UNSET
    src_purdue: float | UnsetType = UNSET
    dst_purdue: float | UnsetType = UNSET
    service: str
    conduit: str | UnsetType = UNSET
    """The declared conduit that permits this direction and service."""
    without: list[str] = []
    """Of `ip`: what of it never passes."""
    answers: bool = False
    """Only answers on connections that the other side opened."""
    rules: list[str]
    """Ids of the deciding rules, the one that lets the sample pass first."""
    sample: Sample
    src_addresses: int
    dst_addresses: int
    """How many addresses it passes from and to."""
    incoming: list[str] = []
    """Interfaces by which it comes in; none where that is not known."""
    outgoing: list[str] = []
    logged: bool | UnsetType = UNSET
    """Every deciding rule logs; absent where one does not say."""
    unresolved: bool = False
    undecided: list[str] = []
    shadowed: list[str] = []
    """Ids of rules that would let it pass too, and never do: earlier ones decide."""
