"""What a process loads: nothing heavy before it is needed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.project import DAY

ROOT = Path(__file__).resolve().parents[3]
DUMP = """
import atexit, sys
atexit.register(lambda: sys.stderr.write("\\nLOADED " + " ".join(sorted(sys.modules))))
sys.argv[0] = "plantproof"
from plantproof.cli.start import main
main()
"""


def loaded(folder: Path, *arguments: str) -> set[str]:
    """The modules that a command has loaded when it ends."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-S", "-c", DUMP, *arguments] if arguments == ("--version",) else None
    done = subprocess.run(
        command or [sys.executable, "-c", DUMP, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.rsplit("\nLOADED ", 1)[1].split())


def tops(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


HEAVY = {
    "git",
    "gitdb",
    "jinja2",
    "jsonschema",
    "markdown",
    "nh3",
    "opa_client",
    "regorus",
    "requests",
    "rich",
    "urllib3",
}


def test_version_loads_two_modules_of_ours_and_nothing_of_others(tmp_path: Path) -> None:
    """Without site-packages at all (-S): so nothing of others could be found."""
    modules = loaded(tmp_path, "--version")
    assert {name for name in modules if name.startswith("plantproof")} == {
        "plantproof", "plantproof.cli", "plantproof.cli.start"
    }  # fmt: skip
    assert not tops(modules) & {"click", "msgspec", "yaml", "argparse", "subprocess", "asyncio", *HEAVY}


@pytest.mark.parametrize("arguments", [("--help",), ("check", "--help"), ("collect", "--list")])
def test_help_loads_no_stage_and_nothing_heavy(arguments: tuple[str, ...], tmp_path: Path) -> None:
    modules = loaded(tmp_path, *arguments)
    assert not tops(modules) & HEAVY
    assert not any(name.startswith(("plantproof.policies", "plantproof.plant.", "plantproof.git")) for name in modules)


def test_a_check_without_findings_loads_neither_git_nor_what_packs_need(project: Path) -> None:
    """A site of two zones, without conduit and without evidence: much is not assessed, nothing fails."""
    site = project / "controls/sites/works.yaml"
    site.write_text(site.read_text().partition("conduits:")[0].replace("    members: [sw-77]\n", ""))
    shutil.rmtree(project / "evidence")
    modules = loaded(project, "check", "--date", DAY, "--jobs", "1")
    assert not tops(modules) & HEAVY
    reports = {name for name in modules if name.startswith("plantproof.reports.")}
    assert not reports & {f"plantproof.reports.{name}" for name in ("html_report", "pack", "verify", "csv_report")}
    # The engine runs in its worker, a process of its own.
    assert "plantproof.policies.embedded" in modules
    assert "plantproof.policies.opa_server" not in modules


def test_a_check_with_findings_loads_no_terminal_library_either(project: Path) -> None:
    modules = loaded(project, "check", "--date", DAY, "--exit-zero")
    assert not tops(modules) & HEAVY
    assert "plantproof.reports.text" in modules
