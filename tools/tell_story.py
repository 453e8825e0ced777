"""Tells the sample's story and writes what it ends with into evidence/: the records of the reference plants.

Run it after an export under evidence/*/*/raw, the story, or a collector has changed; then read the diff.
"""

from __future__ import annotations

from pathlib import Path

from plantproof.sample.history import tell
from plantproof.sample.reference import reference_files
from plantproof.sample.story import read_story

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Write each file that differs, and name it; take away records that are no more. Told twice, since an export may
    lose a secret on the way."""
    for _ in range(2):
        *_, last = (commit for commit in tell(read_story(), reference_files(), {}) if commit.branch == "main")
        for path, data in sorted(last.files.items()):
            file = ROOT / path
            if not file.exists() or file.read_bytes() != data:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
                print(path)  # noqa: T201  a tool that is run by hand says what it did
        made = [*ROOT.glob("evidence/*/*/records/*"), *ROOT.glob("evidence/*/*/sightings/*")]
        for file in sorted(made):
            if file.relative_to(ROOT).as_posix() not in last.files:
                file.unlink()


if __name__ == "__main__":
    main()
