"""What can be done about what a change makes worse, besides leaving it: in words that a plant can act on."""

from __future__ import annotations

from typing import Literal

from plantproof.model.value import Value


class WayOut(Value, frozen=True, kw_only=True, omit_defaults=True):
    """One way out for the moves of one policy at one site. `gaps` are the ids of those moves."""

    kind: Literal["fix", "interim", "waiver"]
    site: str
    policy: str
    gaps: list[str]
    words: str
    command: str = ""
    """The command that begins it, where there is one."""
