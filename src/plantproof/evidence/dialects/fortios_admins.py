"""What the access profiles of FortiOS administrators allow: changes, and longer sessions than everybody's.

Source: the FortiOS CLI reference, `config system accprofile` and `config system admin`.
"""

from __future__ import annotations

from collections.abc import Iterator

from plantproof.evidence.dialects.fortios_tree import Block
from plantproof.evidence.dialects.lines import is_number

OVERRIDE_MINUTES = "10"
"""The time-out of a profile that overrides everybody's, and says no other."""


def profiles_of(scopes: list[Block]) -> dict[str, Block]:
    """The access profiles by name."""
    return {edit.name: edit for scope in scopes for edit in scope.edits("system accprofile")}


def is_privileged(administrator: Block, profiles: dict[str, Block]) -> bool | None:
    """Whether an administrator may change anything. None where the profile is not in the file, or where the server that
    authenticates him names another one."""
    name = administrator.word("accprofile")
    if name in ("super_admin", "prof_admin") or (name in profiles and writes(profiles[name])):
        return True
    if administrator.word("accprofile-override") == "enable":
        return None
    return False if name in profiles or name == "super_admin_readonly" else None


def writes(profile: Block) -> bool:
    """Whether a profile, or a part of it, permits to write anything."""
    return any(value.words[:1] == ("read-write",) for value in profile.settings.values()) or any(
        map(writes, profile.blocks)
    )


def session_timeouts(scopes: list[Block]) -> Iterator[tuple[int, int]]:
    """(minutes, line) of each profile in use that overrides the time-out of all."""
    profiles = profiles_of(scopes)
    used = {edit.word("accprofile") for scope in scopes for edit in scope.edits("system admin")}
    for name in sorted(used & profiles.keys()):
        profile = profiles[name]
        minutes = profile.word("admintimeout", OVERRIDE_MINUTES)
        if profile.word("admintimeout-override") == "enable" and is_number(minutes):
            yield int(minutes), profile.line_of("admintimeout")
