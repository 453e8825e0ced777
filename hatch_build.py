"""Puts the content into the wheel, below plantproof/content, and what `init --sample` tells its story from, below
plantproof/sample/project: the same files that the repository's root holds.

Only standard wheels: an editable installation reads the checkout itself, and copies there would go stale.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NOT_SHIPPED = {"controls/profiles/northmill-ot.yaml"}  # the reference plant's own
CONTENT_FOLDERS = ("controls/catalogs", "controls/profiles", "mappers", "policies", "reports")
SAMPLE_FOLDERS = ("controls", "evidence")
SAMPLE = re.compile(
    r"plantproof\.yaml|controls/(?!catalogs/|profiles/).+\.(jsonl|yaml)"
    r"|evidence/[^/]+/attestations/[^/]+\.yaml|evidence/[^/]+/[^/]+/raw/[^/]+"
)  # as src/plantproof/sample/reference.py has it; records are made of the raw exports, so they are not shipped


class ContentHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling leaves the parameter to its own builders
    """Adds each content folder, and the sample's project, to the files of the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before a build; `version` is the kind of wheel."""
        if self.target_name != "wheel" or version != "standard":
            return
        root = Path(self.root)
        for folder in CONTENT_FOLDERS:
            for path in sorted((root / folder).rglob("*")):
                inside = path.relative_to(root).as_posix()
                if path.is_file() and inside not in NOT_SHIPPED:
                    build_data["force_include"][str(path)] = f"plantproof/content/{inside}"
        sample = [root / "plantproof.yaml", *(path for folder in SAMPLE_FOLDERS for path in (root / folder).rglob("*"))]
        for path in sorted(sample):
            inside = path.relative_to(root).as_posix()
            if path.is_file() and (inside in NOT_SHIPPED or SAMPLE.fullmatch(inside)):
                build_data["force_include"][str(path)] = f"plantproof/sample/project/{inside}"
