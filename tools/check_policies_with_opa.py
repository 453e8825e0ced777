"""Hold the shipped policies against OPA itself: `opa check --strict`, `opa fmt`, `opa test`. Run by `make
check-policies`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(opa: str, *arguments: str) -> str:
    """Run one opa command in the repository's root; stop with its output where it fails."""
    done = subprocess.run([opa, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode or (arguments[0] == "fmt" and done.stdout):
        sys.exit(f"opa {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> int:
    """Return 0 where OPA agrees, or where it is missing outside of continuous integration (and say so)."""
    opa = shutil.which("opa")
    if not opa:
        sys.stderr.write("opa is not here: the policies were not held against it (`make tools` builds it)\n")
        return 1 if os.environ.get("CI") == "true" else 0
    run(opa, "check", "--strict", "policies")
    run(opa, "fmt", "--list", "--fail", "policies")
    summary = run(opa, "test", "policies")
    passed = re.search(r"PASS: (\d+)/(\d+)", summary)
    # `opa test` exits 0 when it finds no test: count them.
    if not passed or passed[1] != passed[2] or int(passed[1]) == 0:
        sys.exit(f"opa test: {summary}")
    sys.stdout.write(f"opa check --strict, fmt and test agree: {passed[1]} policy tests\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
