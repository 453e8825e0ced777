"""`plantproof approvals`: the decision rights in words, and CODEOWNERS."""

from __future__ import annotations

from pathlib import Path

import pytest

from plantproof.cli.start import run

PROGRAMME = """\
schema: plantproof/programme/1
persons:
  - {id: kim, name: Kim Plant, accounts: {github: [kim-p]}}
  - id: lee
    name: Lee Works
    accounts: {github: [lee-w], gitlab: [lee.w]}
    delegations:
      - {to: kim, from: 2026-11-01, until: 2026-11-30}
roles:
  - {id: network, title: Network, held_by: [lee]}
decision_rights:
  - id: network-change
    title: Network agrees
    when: [device, severity]
    severity: high
    approved_by: {role: network}
    afterwards: {within_hours: 24}
  - {id: owner, title: The owner agrees, when: [design], approved_by: {owner_of: site}}
"""


@pytest.fixture
def with_programme(project: Path) -> Path:
    (project / "controls/programme").mkdir()
    (project / "controls/programme/company.yaml").write_text(PROGRAMME)
    return project


def test_the_list_says_who_must_agree_to_what(with_programme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["approvals", "list"]) == 0
    assert capsys.readouterr().out == (
        "network-change: Network agrees  (controls/programme/company.yaml:12)\n"
        "  when       device, severity (high and worse)\n"
        "  approvals  1 of: network; in an emergency within 24 h afterwards\n"
        "  works      Lee Works, Kim Plant (for Lee Works until 2026-11-30)\n"
        "owner: The owner agrees  (controls/programme/company.yaml:18)\n"
        "  when       design\n"
        "  approvals  1 of: owner of the site\n"
        "No decision right speaks of: adopted, approved, catalog, conduit, evidence, mapping, path, policy, profile, "
        "programme, project, safety, waiver, zone\n"
    )


def test_on_another_day_nobody_stands_in(with_programme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["approvals", "list", "--date", "2026-12-01", "--site", "works"]) == 0
    assert "  works      Lee Works\n" in capsys.readouterr().out


def test_a_site_that_does_not_exist_is_refused(with_programme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["approvals", "list", "--site", "work"]) == 2
    assert "no such site: work (there are: works)" in capsys.readouterr().err


def test_without_decision_rights_the_list_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["approvals", "list"]) == 0
    assert "nobody has to agree to anything" in capsys.readouterr().out


def test_codeowners_is_written_to_a_file_and_what_nobody_is_asked_for_is_told(
    with_programme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["approvals", "codeowners", "--output", ".github/CODEOWNERS"]) == 0
    assert "/controls/sites/works.yaml @kim-p\n" in (with_programme / ".github/CODEOWNERS").read_text()
    assert capsys.readouterr().err == ""
    assert run(["approvals", "codeowners", "--forge", "gitlab"]) == 0
    told = capsys.readouterr()
    assert "# NOT ASKED for /controls/sites/works.yaml, no account on gitlab: Kim Plant" in told.out
    assert told.err == "1 entry without an account on gitlab: see NOT ASKED in the file\n"


def test_without_decision_rights_there_is_no_codeowners(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["approvals", "codeowners"]) == 2
    assert "controls/programme: there are no decision rights: no file would have an owner" in capsys.readouterr().err


def test_mistakes_in_the_programme_are_exit_2(with_programme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = with_programme / "controls/programme/company.yaml"
    file.write_text(PROGRAMME.replace("[lee]", "[leo]"))
    assert run(["approvals", "list"]) == 2
    assert "company.yaml:10:45: no person `leo` (did you mean `lee`?)" in capsys.readouterr().err
