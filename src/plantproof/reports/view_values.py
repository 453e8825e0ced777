"""Values of evidence as text: parameters, what was seen, sizes."""

from __future__ import annotations

from typing import Any

import msgspec

from plantproof.reports.view_parts import ViolationView


def value_text(value: Any) -> str:
    """A JSON value as people read it: yes and no, lists with commas, the rest as JSON. Nothing for null."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case int() | float():
            return f"{value:g}" if isinstance(value, float) else str(value)
        case list() if all(isinstance(item, str | int | float | bool) for item in value):
            return ", ".join(value_text(item) for item in value) or "(none)"
        case _:
            return msgspec.json.encode(value, order="sorted").decode()


def parameter_text(parameters: dict[str, Any]) -> str:
    """`max_days = 365, roles = hmi, ews`; nothing where a policy has no parameters."""
    return ", ".join(f"{name} = {value_text(parameters[name])}" for name in sorted(parameters))


def size_text(size: Any) -> str:
    """Bytes as people read them."""
    if not isinstance(size, int):
        return ""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:,.0f} kB" if size < 1024 * 1024 else f"{size / 1024 / 1024:,.1f} MB"


def condition(violation: ViolationView) -> str:
    """What was found, in one line: the message with what was seen and what was expected."""
    seen = [f"seen {violation.seen}"] if violation.seen else []
    expected = [f"expected {violation.expected}"] if violation.expected else []
    details = ", ".join(seen + expected)
    return f"{violation.message} ({details})" if details else violation.message
