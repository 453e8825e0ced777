"""The base of all results: frozen, defaults left out of the JSON."""

from __future__ import annotations

import msgspec


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all results."""
