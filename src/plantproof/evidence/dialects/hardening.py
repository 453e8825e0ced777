"""What all dialects share where they read hardening settings: the form of a finding, and words that are no secrets."""

from __future__ import annotations

from typing import NamedTuple

WELL_KNOWN_COMMUNITIES = frozenset({"public", "private", "cisco", "community", "snmp", "admin", "default", "secret"})
"""Words that every scanner tries first. They are no secrets: hiding one would hide the finding."""


class Found(NamedTuple):
    """A setting: its key, its value, and the line that says so; 0 where no line does: the absence of a command, or a
    documented default."""

    key: str
    value: str | int | bool | list[str]
    line: int
