"""What holds for every script of ci/."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tests.ci.conftest import CI

SCRIPTS = sorted(CI.glob("*.sh"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_bash_that_stops_at_the_first_failure(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert text.startswith("#!/usr/bin/env bash\n# ")
    assert re.search(r"^set -E?euo pipefail$", text, re.MULTILINE)
    assert script.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_python_takes_nothing_from_the_folder_of_the_change(script: Path) -> None:
    lines = [line for line in script.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    started = [line for line in lines if re.search(r"\bpython3? ", line) or '/python"' in line]
    assert [line for line in started if not re.search(r"python3?\"? -I ", line)] == []
    assert not [line for line in lines if re.search(r"\beval\b", line)]
