"""What the reference plants are made of: intent, statements and raw exports; records are made of them by `collect`."""

from __future__ import annotations

import re
from pathlib import Path

from plantproof.bundled import NOT_SHIPPED
from plantproof.errors import refuse

PATTERN = re.compile(
    r"plantproof\.yaml|controls/(?!catalogs/|profiles/).+\.(jsonl|yaml)"
    r"|evidence/[^/]+/attestations/[^/]+\.yaml|evidence/[^/]+/[^/]+/raw/[^/]+"
)
"""In the wheel below plantproof/sample/project, in a checkout below the repository's root. The build takes the same."""

FOLDERS = ("controls", "evidence")


def belongs(path: str) -> bool:
    """Whether a file of the project is one of those that the sample is made of."""
    return path in NOT_SHIPPED or PATTERN.fullmatch(path) is not None


def reference_files() -> dict[str, bytes]:
    """The files by path, as they are today. Raises `InputError` where the installation lacks them."""
    package = Path(__file__).resolve().parent
    for root in (package / "project", package.parents[2]):
        if (root / "plantproof.yaml").is_file():
            found = [root / "plantproof.yaml", *(path for folder in FOLDERS for path in (root / folder).rglob("*"))]
            paths = {path.relative_to(root).as_posix(): path for path in found if path.is_file()}
            return {path: paths[path].read_bytes() for path in sorted(paths) if belongs(path)}
    raise refuse("this installation has no sample: the reference plants are missing", "install plantproof again")
