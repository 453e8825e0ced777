"""The Rego tests of the shipped policies, on both engines."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import regorus
from tests.support.opa import find_opa

from plantproof.model.policy import Bundle


@pytest.fixture(scope="module")
def opa() -> Path:
    return find_opa()


def test_every_rego_test_holds_on_the_embedded_engine(bundle: Bundle) -> None:
    modules = {each.path: each.source for each in bundle.policies.values()} | bundle.libraries | bundle.tests
    engine = regorus.Engine()
    packages = {path: engine.add_policy(path, source) for path, source in sorted(modules.items())}
    engine.set_input_json("{}")
    names = [
        f"{packages[path]}.{line.split()[0]}"
        for path, source in sorted(bundle.tests.items())
        for line in source.splitlines()
        if line.startswith("test_")
    ]
    assert len(names) > 4 * len(bundle.policies)
    failed = [name for name in names if engine.eval_rule_as_json(name).strip() != "true"]
    assert failed == []


@pytest.mark.opa
def test_every_rego_test_holds_on_opa_and_covers_every_line(opa: Path, root: Path) -> None:
    run = subprocess.run([str(opa), "test", "policies"], cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    covered = subprocess.run(
        [str(opa), "test", "--coverage", "policies"], cwd=root, capture_output=True, text=True, check=True
    )
    report = json.loads(covered.stdout)
    assert {path: each["not_covered"] for path, each in report["files"].items() if each.get("not_covered")} == {}
    assert report["coverage"] == 100


@pytest.mark.opa
def test_opa_finds_nothing_to_check_or_to_format(opa: Path, root: Path) -> None:
    for command in (["check", "--strict"], ["fmt", "--diff", "--fail"]):
        run = subprocess.run([str(opa), *command, "policies"], cwd=root, capture_output=True, text=True, check=False)
        assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
