"""`diff` where sources looked again: a site of which they say the same is not judged, and is named."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import msgspec
import pytest
from benchmarks.devices import Plan
from benchmarks.growth import Grown
from benchmarks.synthetic import write_project
from tests.support.git_repository import GitRepository

from plantproof.cli.start import run
from plantproof.model.delta import Delta


@pytest.fixture
def grown(tmp_path: Path) -> Grown:
    plan = Plan(40, 2, "B", 3)
    write_project(tmp_path / "plant", plan)
    return Grown(tmp_path / "plant", plan)


def delta(folder: Path, *options: str) -> Delta:
    written = folder.parent / "delta.json"
    command = ["diff", "HEAD~1", "HEAD", "-C", str(folder), "--content", "installed", "-q", "--exit-zero"]
    assert run([*command, "--format", "json", "--output", str(written), *options]) == 0
    return msgspec.json.decode(written.read_bytes(), type=Delta)


def test_sensors_that_saw_the_same_again_cost_no_judging(grown: Grown, capsys: pytest.CaptureFixture[str]) -> None:
    grown.move_sightings()
    found = delta(grown.folder)
    assert (found.sites, found.untouched, found.collected_again) == ([], [], ["site-000", "site-001"])
    command = ["diff", "HEAD~1", "HEAD", "-C", str(grown.folder), "--content", "installed"]
    assert run(command) == 0
    shown = capsys.readouterr().out
    assert "seen again as before" in shown
    assert "2 seen again as before" in shown


def test_a_record_that_changed_is_judged(grown: Grown) -> None:
    grown.change_records(1, site=1)
    found = delta(grown.folder)
    assert [site.site for site in found.sites] == ["site-001"]
    assert (found.untouched, found.collected_again) == (["site-000"], [])


def test_evidence_that_is_fresh_again_is_judged(grown: Grown) -> None:
    grown.move_sightings(days=60)
    assert delta(grown.folder).collected_again == ["site-000", "site-001"]
    stale_before = delta(grown.folder, "--date", "2026-10-15")
    assert stale_before.collected_again == []
    assert [site.site for site in stale_before.sites] == ["site-000", "site-001"]


@pytest.mark.parametrize("step", ["sightings", "records"])
def test_evidence_that_is_too_old_stops_a_gate_that_asks(
    grown: Grown, step: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if step == "sightings":
        grown.move_sightings()
    else:
        grown.change_records(1, site=1)
    touched = {"site-000", "site-001"} if step == "sightings" else {"site-001"}
    assert delta(grown.folder).too_old == []
    found = delta(grown.folder, "--date", "2027-10-15")
    assert {each.site for each in found.too_old} == touched
    assert {each.source for each in found.too_old} == {"config", "inventory", "sensor"}
    command = ["diff", "HEAD~1", "HEAD", "-C", str(grown.folder), "--content", "installed", "--date", "2027-10-15"]
    assert run([*command, "--fail-on", "stale"]) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert f"The gate does not open: {3 * len(touched)} sources with evidence that is too old: " in shown
    assert "site-001/sensor (asset since 2026-09-0" in shown


def test_a_change_that_takes_the_exports_away_is_judged(project: Path) -> None:
    (custody,) = project.glob("evidence/works/switches/custody.yaml")
    for path in project.glob("evidence/*/*/raw/*"):
        path.unlink()
    for path in project.glob("evidence/*/*/custody.yaml"):
        path.write_text(re.sub(r"(  - path: raw/.*\n)", r"\1    external: true\n", path.read_text()))
    assert "external: true" in custody.read_text()
    repository = GitRepository(project)
    repository.date = "2026-11-20T01:00:00Z"
    repository.commit("Keep the exports elsewhere")
    found = delta(project)
    assert ([site.site for site in found.sites], found.collected_again) == (["works"], [])


@pytest.mark.parametrize("wrong", ["custody", "sightings"])
def test_wrong_evidence_is_told(wrong: str, grown: Grown, capsys: pytest.CaptureFixture[str]) -> None:
    grown.move_sightings()
    subprocess.run(["git", "checkout", "-q", "-f", "HEAD"], cwd=grown.folder, check=True)
    name = {"custody": "custody.yaml", "sightings": "sightings/asset.jsonl"}[wrong]
    path = grown.folder / "evidence/site-001/sensor" / name
    text = path.read_text()
    before, sign, after = text.rpartition("sha256: " if wrong == "custody" else "2026")
    path.write_text(f"{before}{sign}0{after}")
    repository = GitRepository(grown.folder)
    repository.date = "2026-06-04T12:00:00Z"
    repository.commit("Edit by hand")
    code = run(["diff", "HEAD~2", "HEAD", "-C", str(grown.folder), "--content", "installed", "-q"])
    assert code == 2
    assert "evidence/site-001/sensor" in capsys.readouterr().err
