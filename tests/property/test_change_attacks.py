"""Merge requests that try to look better than they are, on the reference plant in git, with custody brought in line:
none opens the gate, and none is silent."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.support.git_repository import GitRepository

from plantproof.change_review import review_change
from plantproof.cli.assessing import provenance_of
from plantproof.cli.revisions import opened_sides
from plantproof.model.delta import Delta
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.reports.delta_gate import Gate, gate, limits_of
from plantproof.reports.delta_words import speaks

ROOT = Path(__file__).resolve().parents[2]
SITE = "northmill"
INTENT = f"controls/sites/{SITE}.yaml"
Edit = Callable[[Path], None]


@pytest.fixture(scope="module")
def engine() -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine() as started:
        yield started


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference plant as a repository of its own."""
    folder = tmp_path_factory.mktemp("attacks") / "plants"
    folder.mkdir()
    for name in ("controls", "evidence"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "plantproof.yaml", folder)
    in_line(folder)
    repository = GitRepository(folder)
    repository.date = "2026-11-20T12:00:00Z"
    repository.commit("The plant as it is")
    return folder


@pytest.fixture
def reviewed(
    plant: Path, engine: EmbeddedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Edit], tuple[Delta, Gate]]:
    """The review of a change that does this to the plant's files."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")  # 22 November 2026

    def review(edit: Edit) -> tuple[Delta, Gate]:
        folder = tmp_path / "plants"
        shutil.copytree(plant, folder)
        repository = GitRepository(folder)
        repository.date = "2026-11-21T12:00:00Z"
        edit(folder)
        in_line(folder)
        repository.commit("Nothing to see")
        sides = opened_sides(folder, "HEAD~1", "HEAD", None, "installed")
        found = review_change(
            sides.base, sides.head, on=sides.on, engine=engine, provenance=provenance_of(sides.opened, engine)
        )
        return found.delta, gate(found.delta, limits_of((), "low"))

    return review


def in_line(folder: Path) -> None:
    """Custody that says of the files what they are now."""
    for path in folder.glob("evidence/*/*/custody.yaml"):
        custody = yaml.safe_load(path.read_text())
        for part in ("raw", "records", "sightings"):
            for entry in custody.get(part, []):
                data = (path.parent / entry["path"]).read_bytes()
                entry["sha256"] = hashlib.sha256(data).hexdigest()
                if part != "raw":
                    entry["rows"] = len(data.splitlines())
        path.write_text(yaml.safe_dump(custody, sort_keys=False))


def edited(folder: Path, source: str, kind: str, edit: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    path = folder / f"evidence/{SITE}/{source}/records/{kind}.jsonl"
    lines = [edit(json.loads(line)) for line in path.read_text().splitlines()]
    path.write_text("".join(json.dumps(each, sort_keys=True, separators=(",", ":")) + "\n" for each in lines))


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def statement(folder: Path, name: str = "backup-procedure") -> Path:
    return folder / f"evidence/{SITE}/attestations/{name}.yaml"


def withdraw_a_statement(folder: Path) -> None:
    statement(folder).unlink()


def turn_a_statement_round(folder: Path) -> None:
    replaced(statement(folder), "outcome: satisfied", "outcome: not-satisfied")


def turn_a_shortcoming_round(folder: Path) -> None:
    replaced(statement(folder, "accounts"), "outcome: not-satisfied", "outcome: satisfied")


def narrow_a_statement(folder: Path) -> None:
    replaced(statement(folder), ", line-packaging", "")


def call_switches_sensors(folder: Path) -> None:
    for source in ("netbox", "nozomi", "switches"):
        edited(
            folder, source, "asset", lambda each: each | ({"role": "sensor"} if each.get("role") == "switch" else {})
        )


def open_a_way_and_its_conduit(folder: Path) -> None:
    replaced(
        folder / INTENT,
        "{from: line-filling, to: safety, services: [tcp/502]}",
        "{from: line-filling, to: safety, services: [tcp/502, tcp/3389]}",
    )

    def wider(rule: dict[str, Any]) -> dict[str, Any]:
        there = rule["action"] == "accept" and any(
            each.startswith("10.20.11.") for each in rule.get("dst_networks", ())
        )
        return {**rule, "services": [*rule["services"], "tcp/3389"]} if there else rule

    edited(folder, "firewalls", "firewall_rule", wider)


@pytest.mark.parametrize(
    "edit",
    [
        withdraw_a_statement,
        turn_a_statement_round,
        turn_a_shortcoming_round,
        narrow_a_statement,
        call_switches_sensors,
        open_a_way_and_its_conduit,
    ],
)
def test_it_does_not_open_the_gate(edit: Edit, reviewed: Callable[[Edit], tuple[Delta, Gate]]) -> None:
    delta, found = reviewed(edit)
    assert found
    assert speaks(delta)


def test_what_is_called_otherwise_closes_nothing(reviewed: Callable[[Edit], tuple[Delta, Gate]]) -> None:
    delta, _ = reviewed(call_switches_sensors)
    assert not delta.counts.closed
    assert delta.counts.unknown_failed


def test_a_zone_that_is_new_may_come_with_its_evidence(reviewed: Callable[[Edit], tuple[Delta, Gate]]) -> None:
    def new_zone(folder: Path) -> None:
        zone = (
            "{id: lab, title: Laboratory, kind: control, purdue_level: 2, subnets: [10.20.40.0/24], owner: utilities}"
        )
        replaced(folder / INTENT, "conduits:\n", f"  - {zone}\nconduits:\n")
        path = folder / f"evidence/{SITE}/nozomi/custody.yaml"
        custody = yaml.safe_load(path.read_text())
        custody["covers"][0]["zones"].append("lab")
        path.write_text(yaml.safe_dump(custody, sort_keys=False))

    delta, _ = reviewed(new_zone)
    (site,) = delta.sites
    assert site.intent is not None
    assert [change.pointer for change in site.intent.values] == ["zones[lab]"]


def look_again(folder: Path) -> None:
    replaced(statement(folder), "date: 2026-11-05\nexpires: 2027-11-04", "date: 2026-11-20\nexpires: 2027-11-19")


def rename_a_statement(folder: Path) -> None:
    statement(folder).rename(statement(folder, "backups"))
    replaced(statement(folder, "backups"), "id: backup-procedure", "id: backups")


@pytest.mark.parametrize("edit", [look_again, rename_a_statement])
def test_what_is_harmless_is_silent(edit: Edit, reviewed: Callable[[Edit], tuple[Delta, Gate]]) -> None:
    delta, found = reviewed(edit)
    assert not found
    assert not speaks(delta)


def test_who_makes_a_change_retires_nothing_by_himself(reviewed: Callable[[Edit], tuple[Delta, Gate]]) -> None:
    def retire(folder: Path) -> None:
        path = folder / f"evidence/{SITE}/identities.jsonl"
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        asset = next(each["id"] for each in lines if each.get("value") == "hmi-cip-01")
        line = {"retired": asset, "approved_by": "Ada Plant", "date": "2026-11-20", "reason": "scrapped"}
        path.write_text(path.read_text() + json.dumps(line) + "\n")
        for found in folder.glob(f"evidence/{SITE}/*/[rs]*/*.jsonl"):
            kept = [each for each in found.read_text().splitlines() if asset not in each]
            found.write_text("".join(f"{each}\n" for each in kept))

    delta, found = reviewed(retire)
    assert delta.counts.closed
    assert [each.name for site in delta.sites for each in site.retired] == ["hmi-cip-01"]
    assert "1 asset retired by an author of the change himself" in found.words
