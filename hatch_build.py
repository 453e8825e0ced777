"""Puts the content into the wheel, below plantproof/content: the same files that the repository's root holds.

Only standard wheels: an editable installation reads the checkout itself, and copies there would go stale.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CONTENT_FOLDERS = ("controls/catalogs", "controls/profiles", "mappers", "policies", "reports")


class ContentHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling leaves the parameter to its own builders
    """Adds each content folder to the files of the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before a build; `version` is the kind of wheel."""
        if self.target_name != "wheel" or version != "standard":
            return
        for folder in CONTENT_FOLDERS:
            if (Path(self.root) / folder).is_dir():
                build_data["force_include"][str(Path(self.root) / folder)] = f"plantproof/content/{folder}"
