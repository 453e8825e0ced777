"""What a changed thing reaches downstream: from a field of the evidence to the documents that rest on it."""

from __future__ import annotations

from plantproof.model.value import Value


class Impact(Value, frozen=True, kw_only=True, omit_defaults=True):
    """What is reached, each list sorted. A reach is no verdict: it says what is judged anew, not what moves."""

    records: dict[str, int] = {}
    """Kind -> records that differ between two revisions; empty where a thing was asked about, not a change."""
    fields: list[str] = []
    """`kind.field`."""
    policies: list[str] = []
    parts: list[str] = []
    """`framework/control/part`, of selected controls."""
    controls: dict[str, list[str]] = {}
    """Framework -> selected controls with such a part."""
    indicated: dict[str, list[str]] = {}
    """Framework -> controls that a crosswalk points to from these: indicated, never satisfied by them."""
    zones: list[str] = []
    """`site/zone`."""
    documents: list[str] = []
    """Documents of the packs in which any of it stands."""
    kpis: list[str] = []
