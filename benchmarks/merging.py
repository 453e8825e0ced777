"""`opa eval` from where we start: the three sources of a commit, merged by a short program as its users write one.

python -m benchmarks.merging PLANT OPA POLICIES

Reads the records of assets of all sites from git, lets each source add the fields that it knows, and gives `opa eval`
the merged plant. Nothing is checked, dated, placed or kept apart by source, and what is found is not judged: it is the
least that has to be done before whole-plant policies can be asked.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import msgspec

from benchmarks.contestants import opa_command
from benchmarks.importing import git, git_bytes


def merged_plant(plant: Path) -> bytes:
    """All assets of the newest commit, as whole-plant policies take them."""
    listed = [line.partition("\t") for line in git(plant, "ls-tree", "-r", "HEAD", "evidence/").splitlines()]
    # evidence/<site>/<source>/records/<file>
    files = [(facts.split()[2], path.split("/")[1]) for facts, _, path in listed if path.split("/")[3:4] == ["records"]]
    decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode_lines
    assets: defaultdict[str, dict[str, msgspec.Raw]] = defaultdict(dict)
    read = git_bytes(plant, "cat-file", "--batch", "--buffer", given="".join(f"{blob}\n" for blob, _ in files).encode())
    at = 0
    for _, site in files:
        start = read.index(b"\n", at) + 1
        at = start + int(read[at:start].split()[2]) + 1
        for record in decode(read[start : at - 1]):
            identifier = msgspec.json.decode(record.pop("id"), type=str)
            del record["method"]
            assets[f"{site}/{identifier}"] |= record
    return msgspec.json.encode({"assets": [{"id": name, **fields} for name, fields in assets.items()]})


def main() -> None:
    """The command line; see the module's docstring."""
    plant, opa, policies = map(Path, sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="plantproof-bench-") as folder:
        whole = Path(folder)
        (whole / "plant.json").write_bytes(merged_plant(plant))
        (whole / "policies").symlink_to(policies.resolve())
        raise SystemExit(subprocess.run(opa_command(opa, whole), check=False).returncode)


if __name__ == "__main__":
    main()
