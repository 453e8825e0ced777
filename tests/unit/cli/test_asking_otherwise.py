"""`diff` after an edit of what judges: in several processes, or of kept plants, the bytes are those of judging it all
here."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from benchmarks.devices import Plan
from benchmarks.growth import Grown
from benchmarks.synthetic import write_project
from tests.support.project import at

from plantproof import asked_otherwise
from plantproof.cli import sites
from plantproof.cli.start import run

DATE = ("--date", "2026-06-10")


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small sites: devices of one are updated, sensors look again, and a policy is edited."""
    folder, plan = tmp_path_factory.mktemp("synthetic") / "plant", Plan(60, 3, "B", 3)
    write_project(folder, plan)
    growing = Grown(folder, plan)
    growing.change_records(5, site=1)
    growing.move_sightings()
    growing.edit_policy()
    return folder


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sites of which the evidence was read to ask two judges, in this process."""
    told: list[str] = []
    judge = asked_otherwise.judge_site

    def judging(tree: Any, file: Any, by: Any, site: str, **how: Any) -> Any:
        told.append(site)
        return judge(tree, file, by, site, **how)

    monkeypatch.setattr(asked_otherwise, "judge_site", judging)
    return told


def compared(plant: Path, *options: str, base: str = "HEAD~1") -> tuple[int, bytes]:
    """Exit code and delta of the edit, with what came before it since `base`."""
    path = plant.parent / "delta.json"
    command = ["diff", base, "HEAD", "-C", str(plant), *DATE, "-q", "--format", "json", "--output", str(path)]
    return run([*command, *options]), path.read_bytes()


ALL = [f"site-{number:03}" for number in range(3) for judge in ("base", "head")]


def test_several_processes_say_what_one_says(plant: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    expected = compared(plant, "--no-cache")
    assert judged == ALL
    assert msgspec.json.decode(expected[1])["judge"]["counts"]["opened"] > 0, "the edit moves something"
    judged.clear()
    monkeypatch.setattr(sites, "WORTHWHILE", 0)
    assert compared(plant, "--no-cache", "--jobs", "2") == expected
    assert judged == [], "not in this process"


@pytest.mark.parametrize("known", ["HEAD~1", "HEAD~2"])
@pytest.mark.parametrize("worthwhile", [0, 1000])
def test_of_kept_plants_no_evidence_is_read(
    known: str, worthwhile: int, plant: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = compared(plant, "--no-cache")
    assert run(["check", "-C", str(plant), "--at", known, *DATE, "-q", "--cache"]) == 1
    judged.clear()
    monkeypatch.setattr(sites, "WORTHWHILE", worthwhile)
    assert compared(plant, "--cache", "--jobs", "2") == expected
    assert judged == []


def edited(plant: Path, edit: Callable[[str], str], name: str = "policies/bench/lifecycle_active") -> None:
    """The plant as it was before the policy was edited, and one more commit."""
    at(plant).git("reset", "-q", "--hard", "HEAD~1")
    path = plant / name / f"{Path(name).name}.rego"
    text = path.read_text()
    assert edit(text) != text
    path.write_text(edit(text))
    at(plant).commit("Edit a policy")


def test_a_site_that_the_change_touches_too_is_asked_of_the_plant_that_it_has_in_the_head(
    plant: Path, judged: list[str]
) -> None:
    assert run(["check", "-C", str(plant), "--at", "HEAD~1", *DATE, "-q", "--cache"]) == 1
    file = plant / "controls" / "sites" / "site-001.yaml"
    text = file.read_text()
    file.write_text(text.replace("title: Zone 9", "title: Offices"))
    assert file.read_text() != text
    at(plant).git("commit", "-q", "--amend", "--no-edit", "-a")
    expected = compared(plant, "--no-cache")
    judged.clear()
    assert compared(plant, "--cache") == expected
    assert judged == ["site-001"] * 2


def test_evidence_that_the_change_moves_too_is_read(plant: Path, judged: list[str]) -> None:
    assert run(["check", "-C", str(plant), "--at", "HEAD~3", *DATE, "-q", "--cache"]) == 1
    expected = compared(plant, "--no-cache", base="HEAD~3")
    judged.clear()
    assert compared(plant, "--cache", base="HEAD~3") == expected
    assert judged == ["site-001"] * 2


def test_fields_that_were_not_read_before_are_read(plant: Path, judged: list[str]) -> None:
    def more(text: str) -> str:
        return text.replace("lifecycle: required\n", "lifecycle: required\n#     serial: required\n")

    edited(plant, more)
    assert run(["check", "-C", str(plant), "--at", "HEAD~1", *DATE, "-q", "--cache"]) == 1
    expected = compared(plant, "--no-cache")
    judged.clear()
    assert compared(plant, "--cache") == expected
    assert judged == ALL


def test_a_policy_that_is_about_other_subjects_is_another_question(plant: Path) -> None:
    """Rows of one kind are none of the other: nothing is said to be the same, and no gap goes without a word."""

    def of_accounts(text: str) -> str:
        return text.replace("subject: asset", "subject: account").replace("lifecycle: required", "type: required")

    edited(plant, lambda text: of_accounts(text).replace("input.lifecycle", "input.type"))
    before = plant.parent / "before.json"
    run(["check", "-C", str(plant), "--at", "HEAD~1", *DATE, "-q", "--format", "json", "--output", str(before)])
    gaps = [
        gap for gap in msgspec.json.decode(before.read_bytes())["gaps"] if gap["policy"] == "bench/lifecycle_active"
    ]
    assert len(gaps) == 1
    _, delta = compared(plant)
    assert msgspec.json.decode(delta)["judge"]["words"] == [
        "bench/lifecycle_active would be asked no more: 1 gap would no longer be looked at",
        "bench/lifecycle_active would be asked from now on: it finds 0 gaps",
    ]


def test_what_is_not_asked_any_more_is_told_though_it_was_no_gap(plant: Path) -> None:
    edited(plant, lambda text: text.replace("violations contains", "applicable := false\n\nviolations contains"))
    _, delta = compared(plant)
    (words,) = msgspec.json.decode(delta)["judge"]["words"]
    assert words.startswith("another text of bench/lifecycle_active (")
    assert words.endswith("): 1 gap would close, 59 subjects would not be asked about any more")


@pytest.mark.parametrize("worthwhile", [0, 1000])
def test_wrong_evidence_is_named_wherever_it_is_read(
    worthwhile: int, plant: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = plant / "evidence" / "site-001" / "sensor" / "records"
    shutil.rmtree(path)
    at(plant).git("commit", "-q", "--amend", "--no-edit", "-a")
    monkeypatch.setattr(sites, "WORTHWHILE", worthwhile)
    with pytest.raises(FileNotFoundError):
        compared(plant, "--no-cache", "--jobs", "2")
    assert "evidence/site-001/sensor/" in capsys.readouterr().err
