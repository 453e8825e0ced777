"""Nested settings as dotted keys."""

from __future__ import annotations

from typing import Any


def flattened(value: Any, prefix: str = "") -> dict[str, Any]:
    """`{"a": {"b": 1}}` becomes `{"a.b": 1}`; lists stay whole."""
    if not isinstance(value, dict) or not value:
        return {prefix: value}
    found: dict[str, Any] = {}
    for key, item in value.items():
        found.update(flattened(item, f"{prefix}.{key}" if prefix else str(key)))
    return found
