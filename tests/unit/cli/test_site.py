"""`plantproof site draft`: a proposal in a file, and never over somebody's work."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.git_repository import GitRepository
from tests.support.project import contents

from plantproof.cli.start import run
from plantproof.controls.sites import load_site

SWITCH = """version 17.9
hostname sw-1
interface Vlan11
 description filling line
 ip address 10.1.1.1 255.255.255.0
interface Vlan12
 description office
 ip address 10.1.2.1 255.255.255.0
end
"""
FILE = "controls/sites/works.yaml"


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project as `init` leaves it, with the configuration of one switch collected."""
    folder = tmp_path / "works"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert run(["init", "--site", "works", "--quiet"]) == 0
    GitRepository(folder)
    (folder / "sw-1.cfg").write_text(SWITCH)
    assert run(["collect", "--source", "switches", "--at", "2026-11-20T06:00:00Z", "sw-1.cfg", "--quiet"]) == 0
    return folder


def test_from_init_to_check_in_three_commands(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["site", "draft"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "Draft intent of works: 2 zones, 0 conduits;" in said.err
    assert "Only people can say, the most deciding first:" in said.err
    site = load_site((begun / FILE).read_bytes(), FILE).site
    assert [(zone.id, zone.subnets, zone.unconfirmed) for zone in site.zones] == [
        ("office", ["10.1.2.0/24"], True),
        ("filling-line", ["10.1.1.0/24"], True),
    ]
    assert run(["validate"]) == 0
    assert "draft intent: nobody has confirmed 2 of 2 zones" in capsys.readouterr().err
    assert run(["check"]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "Draft intent: nobody has confirmed 2 of 2 zones of works: nothing that rests on it is satisfied." in told


def test_without_a_site_file_collect_works_and_check_says_what_to_do(
    begun: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (begun / FILE).unlink()
    assert run(["collect", "--source", "more", "--at", "2026-11-20T06:00:00Z", "sw-1.cfg", "--quiet"]) == 0
    assert run(["check"]) == 2
    assert "`plantproof site draft works` proposes one from its evidence" in capsys.readouterr().err
    assert run(["site", "draft", "works"]) == 0
    assert (begun / FILE).is_file()


def test_a_file_that_somebody_wrote_is_never_changed(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (begun / FILE).write_text((begun / FILE).read_text() + "# mine\n")
    (begun / "questions.md").write_text("mine")
    before = contents(begun)
    assert run(["site", "draft", "--questions", "questions.md"]) == 2
    said = capsys.readouterr().err
    assert "controls/sites/works.yaml: is there already, and a draft replaces nothing (name another place" in said
    assert "questions.md: is there already" in said
    assert contents(begun) == before


def test_a_draft_of_a_draft_is_refused_like_any_other_file(begun: Path) -> None:
    assert run(["site", "draft", "--quiet"]) == 0
    before = contents(begun)
    assert run(["site", "draft", "--quiet"]) == 2
    assert contents(begun) == before


def test_another_place_standard_output_and_the_questions(begun: Path, capfd: pytest.CaptureFixture[str]) -> None:
    example = (begun / FILE).read_bytes()
    assert run(["site", "draft", "-o", "draft.yaml", "--questions", "questions.md", "-q"]) == 0
    assert capfd.readouterr() == ("", "")
    assert run(["site", "draft", "-o", "-", "-q"]) == 0
    assert capfd.readouterr().out.encode() == (begun / "draft.yaml").read_bytes()
    assert (begun / "questions.md").read_text().startswith("# Questions on the draft of works\n")
    assert (begun / FILE).read_bytes() == example


def test_two_outputs_in_one_place_are_refused(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["site", "draft", "-o", "x", "--questions", "x"]) == 2
    assert "cannot go to one place" in capsys.readouterr().err
    assert not (begun / "x").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [(["wroks"], "no such site: wroks (did you mean `works`?)"), (["\x1b[31m"], "plantproof.yaml names: works")],
)
def test_a_site_that_plantproof_yaml_does_not_name(
    words: list[str], said: str, begun: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["site", "draft", *words]) == 2
    assert said in capsys.readouterr().err


def test_no_evidence_is_exit_2_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "--site", "works"]) == 0
    GitRepository(tmp_path)
    example = (tmp_path / FILE).read_bytes()
    assert run(["site", "draft"]) == 2
    assert "`plantproof collect --site works --source NAME EXPORT...` first" in capsys.readouterr().err
    assert (tmp_path / FILE).read_bytes() == example


def test_the_same_evidence_gives_the_same_bytes(begun: Path) -> None:
    for name in ("one.yaml", "two.yaml"):
        assert run(["site", "draft", "-q", "-o", name]) == 0
    assert (begun / "one.yaml").read_bytes() == (begun / "two.yaml").read_bytes()


def test_of_several_sites_one_has_to_be_named(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = begun / "plantproof.yaml"
    file.write_text(file.read_text().replace("  works:\n", "  annex:\n    sources: {}\n  works:\n"))
    assert run(["site", "draft"]) == 2
    assert capsys.readouterr().err == (
        "plantproof.yaml: which site? (plantproof.yaml names: annex, works; e.g. `plantproof site draft annex`)\n"
    )
