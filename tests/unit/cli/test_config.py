"""`plantproof config`: settings with their origins, and the pin."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from plantproof.cli.start import run
from plantproof.project import bundled_content


def test_every_setting_has_an_origin(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "show"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "title = Works (fictional)  (plantproof.yaml)" in lines
    assert "fail_on = low  (default)" in lines
    assert "limits.memory_mb = 1024  (default)" in lines
    assert not any(line.startswith(("sites.works = ", "limits = ")) for line in lines)


def test_a_default_that_is_written_down_is_the_files(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = project / "plantproof.yaml"
    file.write_text(file.read_text() + "fail_on: low\nlimits: {seconds: 5.0}\n")
    run(["config", "show", "--json"])
    rows = {row["setting"]: (row["value"], row["origin"]) for row in json.loads(capsys.readouterr().out)}
    assert rows["fail_on"] == ("low", "plantproof.yaml")
    assert rows["limits.seconds"] == (5.0, "plantproof.yaml")
    assert rows["limits.memory_mb"] == (1024, "default")


def test_the_environment_is_shown_and_a_key_is_not(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLANTPROOF_REDACTION_KEY", "very-secret-words")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    run(["config", "show"])
    told = capsys.readouterr().out
    assert "PLANTPROOF_REDACTION_KEY = (set)  (environment)" in told
    assert "SOURCE_DATE_EPOCH = 0  (environment)" in told
    assert "very-secret-words" not in told


def test_pin_changes_the_two_values_and_nothing_else(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = project / "plantproof.yaml"
    before = file.read_text()
    file.write_text(re.sub(r"hash: \w+", f"hash: {'f' * 64}", before))
    assert run(["config", "pin"]) == 0
    assert file.read_text() == before
    assert capsys.readouterr().out.endswith(f"({bundled_content().hash[:12]}); commit it\n")
    assert run(["config", "pin"]) == 0
    assert "was pinned already" in capsys.readouterr().out
    assert file.read_text() == before


def test_pin_refuses_what_it_would_have_to_rewrite(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = project / "plantproof.yaml"
    text = re.sub(r"content:\n.*\n.*\n", '"content": {version: "1", hash: "f"}\n', file.read_text())
    file.write_text(text)
    assert run(["config", "pin"]) == 2
    assert "plantproof.yaml: the `content:` block is not in block style" in capsys.readouterr().err
    assert file.read_text() == text


@pytest.mark.parametrize("verb", ["show", "pin"])
def test_a_wrong_project_file_is_told_with_its_line(
    verb: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "plantproof.yaml"
    file.write_text(file.read_text() + "colour: blue\n")
    assert run(["config", verb]) == 2
    assert re.match(r"plantproof\.yaml:\d+:\d+: .*colour", capsys.readouterr().err)


def test_a_shipped_file_is_copied_once_and_holds_with_a_reason(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = "mappers/iec62443-3-3.yaml"
    assert run(["config", "copy", path]) == 0
    assert f"  overrides:\n    - path: {path}\n      reason: ...\n" in capsys.readouterr().out
    copied = project / path
    assert copied.read_bytes() == bundled_content().files[path]
    copied.write_text(copied.read_text() + "# ours\n")
    assert run(["validate"]) == 2
    file = project / "plantproof.yaml"
    file.write_text(f"{file.read_text()}overrides:\n  - path: {path}\n    reason: Our own policy answers SR 3.4.\n")
    assert run(["validate"]) == 0
    capsys.readouterr()
    assert run(["config", "copy", path]) == 2
    assert f"{path}: is there already" in capsys.readouterr().err
    assert copied.read_text().endswith("# ours\n")


def test_a_folder_lists_what_is_shipped_in_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "copy", "mappers/"]) == 0
    assert "mappers/iec62443-3-3.yaml" in capsys.readouterr().out.splitlines()
    assert not (project / "mappers").exists()


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("mappers/iec62443-3-4.yaml", "did you mean `mappers/iec62443-3-3.yaml`?"),
        ("../plantproof.yaml", "`plantproof config copy FOLDER` lists what is shipped: controls, mappers, "),
    ],
)
def test_what_is_not_shipped_cannot_be_copied(
    path: str, hint: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["config", "copy", path]) == 2
    assert hint in capsys.readouterr().err
