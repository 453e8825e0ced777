"""`init`, `policy new`, `schema`, `catalog list`, `doctor`: what a newcomer types first."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from tests.support.git_repository import GitRepository
from tests.support.project import contents

from plantproof.cli import doctor
from plantproof.cli.start import run
from plantproof.model.formats import FORMATS


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the command line works."""
    folder = tmp_path / "new"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_init_then_check_works_and_says_what_is_missing(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--site", "works", "--title", "A: plant"]) == 0
    assert capsys.readouterr().out.splitlines()[:4] == [
        "plantproof.yaml",
        "controls/sites/works.yaml",
        ".gitattributes",
        ".gitignore",
    ]
    assert run(["check"]) == 2
    assert "is not in a git repository (`git init` makes one" in capsys.readouterr().err
    GitRepository(empty)
    assert run(["validate"]) == 0
    assert run(["check", "--exit-zero"]) == 0
    told = capsys.readouterr().out
    assert "A: plant" in told
    assert "without verdict: no source speaks for it" in " ".join(told.split())
    assert "? not assessed" in told
    assert run(["check", "-q"]) == 1


def test_init_in_another_folder_takes_its_name(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "plant-north"]) == 0
    assert "title: plant-north\n" in (empty / "plant-north/plantproof.yaml").read_text()
    assert "plant-1:" in (empty / "plant-north/plantproof.yaml").read_text()


def test_init_changes_nothing_that_is_there(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty / "plantproof.yaml").write_text("mine")
    before = contents(empty)
    assert run(["init"]) == 2
    assert "plantproof.yaml is there already (`plantproof init` changes nothing that exists)" in capsys.readouterr().err
    assert contents(empty) == before


def test_init_in_a_repository_with_attributes_says_what_to_add(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty / ".gitattributes").write_text("*.png binary\n")
    assert run(["init"]) == 0
    assert "add these lines to it:" in capsys.readouterr().out
    assert (empty / ".gitattributes").read_text() == "*.png binary\n"


def test_init_in_a_repository_that_ignores_files_says_what_to_add(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (empty / ".gitignore").write_bytes(b"/src/build/\n/plantproof-review/\n# gr\xfcn\n")
    assert run(["init"]) == 0
    told = capsys.readouterr().out
    assert ".gitignore is yours and stays as it is; add these lines to it:" in told
    assert ["  /build/" in told.splitlines(), "  /plantproof-review/" in told.splitlines()] == [True, False]


def test_a_pack_is_not_committed_with_the_project(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`git add .`, as `init` says it, once took eight megabytes of pages along with every commit."""
    assert run(["init", "--quiet"]) == 0
    repository = GitRepository(empty)
    repository.git("add", ".")
    repository.git("commit", "--quiet", "--message", "Begin")
    assert run(["pack", "--quiet"]) == 0
    assert (empty / "build/pack.zip").is_file()
    assert repository.git("status", "--porcelain") == ""


@pytest.mark.parametrize("site", ["Works", "my site", "../x", "", "a" * 64])
def test_init_refuses_what_is_no_site_id(site: str, empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--site", site]) == 2
    assert "is no site id" in capsys.readouterr().err
    assert list(empty.iterdir()) == []


def test_a_new_policy_passes_its_tests_and_the_lint(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "new", "integrity/release_accepted"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "policies/integrity/release_accepted/release_accepted.rego"
    assert run(["test", "integrity/release_accepted", "--quiet"]) == 0
    assert capsys.readouterr().out == (
        "3 of 3 tests passed, 1 of 1 files covered whole, 0 situations untested, 0 lint findings\n"
    )


def test_test_lists_each_test_and_fails_with_the_first_that_does(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["policy", "new", "integrity/release_accepted"])
    test = project / "policies/integrity/release_accepted/release_accepted_test.rego"
    test.write_text(test.read_text().replace('"firmware": "0.9"', '"firmware": "1.0"'))
    capsys.readouterr()
    assert run(["test", "integrity/release_accepted"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any("test_pass_on_an_accepted_release: ok" in line for line in lines)
    assert any("test_fail_on_another_release: " in line and not line.endswith("ok") for line in lines)
    assert lines[-1].startswith("2 of 3 tests passed")


def test_a_policy_that_does_not_parse_is_wrong_input(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["policy", "new", "integrity/release_accepted"])
    path = "policies/integrity/release_accepted/release_accepted.rego"
    text = (project / path).read_text()
    (project / path).write_text(text + "\nviolations contains v if {\n")
    line = text.count("\n") + 2
    capsys.readouterr()
    for verb in (["test"], ["check"], ["validate"]):
        assert run(verb) == 2
        told = capsys.readouterr().err
        assert told.startswith((f"{path}:{line}:", f"{path}:{line + 1}:"))


@pytest.mark.parametrize("name", ["release", "a/b/c", "Integrity/Release", "integrity/../x", "integrity/"])
def test_a_policy_id_has_two_parts(name: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "new", name]) == 2
    assert "write it as family/name" in capsys.readouterr().err
    assert not (project / "policies").exists()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("lib/release", "`lib` has a meaning of its own in policies"),
        ("integrity/not", "`not` has a meaning of its own in policies"),
        ("integrity/data", "`data` has a meaning of its own in policies"),
        ("integrity/release_test", "`release_test` would be the test of another policy"),
        ("integrity/aux", "`aux` is a reserved name on Windows"),
    ],
)
def test_a_policy_is_not_begun_by_a_name_that_no_policy_can_have(
    name: str, told: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would be refused, with all of its project, at the next check."""
    assert run(["policy", "new", name]) == 2
    assert told in capsys.readouterr().err
    assert not (project / "policies").exists()


def test_a_policy_that_is_there_is_not_begun_again(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["policy", "new", "integrity/release_accepted"])
    before = contents(project)
    assert run(["policy", "new", "integrity/release_accepted"]) == 2
    assert "policies/integrity/release_accepted is there already" in capsys.readouterr().err
    assert contents(project) == before


def test_a_shipped_policy_is_not_begun_again(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "new", "identity/mfa_for_privileged"]) == 2
    assert "plantproof config copy policies/identity/mfa_for_privileged/" in capsys.readouterr().err
    assert not (project / "policies").exists()


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_has_a_schema_of_2020_12(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", name]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)
    assert not jsonschema.Draft202012Validator(schema).is_valid({"colour": "blue"})


def test_the_schemas_are_listed_and_a_strange_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(FORMATS)
    assert run(["schema", "sites"]) == 2
    assert "no such format: sites (there are: adopted, adopted-gap," in capsys.readouterr().err


def test_the_project_file_of_init_fits_its_schema(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import yaml

    run(["init"])
    capsys.readouterr()
    for name, path in (("project", "plantproof.yaml"), ("site", "controls/sites/plant-1.yaml")):
        run(["schema", name])
        schema = json.loads(capsys.readouterr().out)
        jsonschema.Draft202012Validator(schema).validate(yaml.safe_load((empty / path).read_text()))


def test_the_catalogs_are_listed_outside_of_a_project(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["catalog", "list"]) == 0
    rows = [line.split()[:2] for line in capsys.readouterr().out.splitlines()]
    assert rows == [["csf20", "106"], ["iec62443-3-2", "32"], ["iec62443-3-3", "100"], ["sp800-53r5", "1014"]]


def test_the_controls_of_a_catalog_by_level_and_as_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["catalog", "list", "iec62443-3-3", "--level", "1"]) == 0
    assert capsys.readouterr().out.startswith("SR 1.1 ")
    assert run(["catalog", "list", "sp800-53r5", "--baseline", "OT-LOW", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert all("OT-LOW" in row["baselines"] for row in rows)
    assert "AC-1" in {row["id"] for row in rows}


def test_a_project_may_have_a_catalog_of_its_own(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "schema: plantproof/catalog/1\nid: house\ntitle: House rules\nedition: '1'\npublisher: Works\n"
        "sources: [our own rules]\nids: csf\ngroups: [{id: GV.OC, title: Context}]\ncontrols: {GV.OC-01: Be kind}\n"
    )
    (project / "controls/catalogs").mkdir()
    (project / "controls/catalogs/house.yaml").write_text(text)
    assert run(["catalog", "list"]) == 0
    assert "house                1  House rules (1)" in capsys.readouterr().out.splitlines()


def test_an_unknown_catalog_gets_the_nearest(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["catalog", "list", "iec62443"]) == 2
    assert "no catalog `iec62443` (did you mean `iec62443-3-3`?)" in capsys.readouterr().err


def test_doctor_is_content_with_a_sound_project(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "FAIL" not in told
    assert "ok   embedded engine: regorus" in told
    assert "ok   project and content: Works (fictional)" in told


def test_doctor_names_what_is_missing_with_its_remedy(
    empty: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "REQUIRED", ("click", "no-such-package-of-ours"))
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    assert run(["doctor"]) == 1
    told = capsys.readouterr().out
    assert "FAIL no-such-package-of-ours: missing\n     pip install no-such-package-of-ours\n" in told
    assert "FAIL git: missing" in told
    assert "FAIL project and content: no plantproof.yaml in" in told


def test_doctor_says_as_whom_git_commits_and_that_it_knows_nobody(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Kim Plant")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "kim@works.example")
    assert run(["doctor"]) == 0
    assert "ok   identity of git (to commit): Kim Plant <kim@works.example>\n" in capsys.readouterr().out
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "")
        monkeypatch.setenv(f"GIT_{role}_NAME", "")
    assert run(["doctor"]) == 0
    assert "identity of git (to commit): none; `git commit` needs" in capsys.readouterr().out
