"""The example with hostile text in every place where evidence or a project's files can put text."""

from __future__ import annotations

from typing import Any

import msgspec
from tests.support.assessment_example import example

from plantproof.model.assessment import Assessment

MARKUP = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\"'`[a](javascript:alert(3)) **b** "
    "\u202egnp\x1b[31m=1+1{{ title }}"
)
"""Markup, an address that runs, Markdown, a bidirectional override, a terminal sequence, a formula, a template."""

_KEPT = {
    *("schema", "severity", "conclusion", "tested", "compensated", "state", "kind", "unit_kind", "method", "coverage"),
    *(
        "waiver_state",
        "as_of",
        "tool_version",
        "id",
        "site",
        "unit",
        "control",
        "framework",
        "profile",
        "zones",
        "conduits",
    ),
    *("conduit", "src_zone", "dst_zone", "cause", "key", "policy", "asset", "controls", "scope", "aspect", "zone_kind"),
    *("sl_achieved", "worst", "blocked_by", "unknown", "fresh_until", "stale_since", "findings", "essential_functions"),
}
"""Words with a meaning of their own, and ids that join things: hostile ids are tested by `hostile_ids`."""


def hostile() -> Assessment:
    """Every free text is hostile."""
    return msgspec.convert(_poisoned(msgspec.to_builtins(example())), Assessment)


def hostile_ids() -> Assessment:
    """Ids of gaps, sites, zones, controls, policies and causes are hostile too."""
    text = msgspec.json.encode(example()).decode()
    evil = '<script>alert(9)</script>/../\u202e"x'
    for name in (
        "bottling-north",
        "filling-cell",
        "gap-5b1c0a52",
        "identity/no_shared_accounts",
        "SR 1.1",
        "fw-exports",
    ):
        text = text.replace(name, msgspec.json.encode(name + evil).decode()[1:-1])
    return msgspec.json.decode(text.encode(), type=Assessment)


def _poisoned(value: Any, name: str = "") -> Any:
    if name in _KEPT and name not in {"id"} and not isinstance(value, dict):
        return (
            [_poisoned(item) for item in value]
            if value and isinstance(value, list) and isinstance(value[0], dict)
            else value
        )
    match value:
        case dict():
            return {key: item if key == "id" else _poisoned(item, key) for key, item in value.items()}
        case list():
            return [_poisoned(item, name) for item in value]
        case str() if name not in _KEPT:
            return f"{value} {MARKUP}" if name != "lapses_on" else value
        case _:
            return value
