"""Write docs/reference from the code and the content: `make docs`. What people wrote there by hand is left alone.

`pages()` is a pure function of the checkout; tests/docs compares its result with the files that are committed.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
BY_HAND = ("README.md", "glossary.md")
"""Pages of the same folder that people write."""

if str(ROOT / "tools") not in sys.path:
    sys.path.insert(0, str(ROOT / "tools"))

from reference import commands, content, formats, vocabulary  # noqa: E402  the path comes first


def pages() -> dict[str, str]:
    """Every generated file by its path below docs/reference."""
    return {
        "collectors.md": vocabulary.collectors_page(),
        "commands.md": commands.commands_page(),
        "coverage.md": content.coverage_page(),
        "environment.md": commands.environment_page(),
        "evidence-kinds.md": formats.evidence_kinds_page(),
        "exit-codes.md": commands.exit_codes_page(),
        "formats.md": formats.formats_page(),
        "policies.md": content.policies_page(),
        "roles.md": vocabulary.roles_page(),
        "setting-keys.md": vocabulary.setting_keys_page(),
        **formats.schemas(),
    }


def stale(made: dict[str, str]) -> list[str]:
    """Files in the folder that nobody makes any more and nobody wrote by hand."""
    there = (path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())
    return sorted(path for path in there if path not in made and path not in BY_HAND)


def main() -> None:
    """Write what differs, remove what is stale."""
    made = pages()
    for name, text in sorted(made.items()):
        target = FOLDER / name
        if target.exists() and target.read_bytes() == text.encode():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
        sys.stdout.write(f"docs/reference/{name}\n")
    for name in stale(made):
        (FOLDER / name).unlink()
        sys.stdout.write(f"docs/reference/{name} removed\n")


if __name__ == "__main__":
    main()
