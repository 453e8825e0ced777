"""`plantproof validate`: everything that is wrong, at once, with file and line."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from tests.support.project import ATTESTATION, WAIVER, at, contents

from plantproof.cli.start import run
from plantproof.evidence.layout import sha256


def write(project: Path, path: str, text: str) -> None:
    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / path).write_text(text)


def told_by(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Mistakes on stderr, one a line."""
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.splitlines()


def test_a_sound_project_has_no_mistakes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(project)
    assert run(["validate"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    counted = re.match(
        r"1 profile, 1 site, 0 waivers, (\d+) policies, "
        r"1 mapping, 2 sources, (\d+) records, 0 attestations: no mistakes\n",
        told.out,
    )
    assert counted, told.out
    lines = [path.read_bytes().count(b"\n") for path in (project / "evidence").rglob("records/*.jsonl")]
    assert int(counted[2]) == sum(lines)
    assert int(counted[1]) > 15
    assert contents(project) == before
    assert run(["validate", "--quiet"]) == 0
    assert capsys.readouterr().out == ""


def test_mistakes_of_all_rooms_are_shown_at_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "controls/waivers/W-1.yaml", WAIVER.format(policy="identity/local_account").replace("W-1", "W-2"))
    write(project, "mappers/house.yaml", "schema: plantproof/mapping/1\nframework: 7\n")
    write(project, "evidence/works/attestations/a.yaml", "schema: plantproof/attestation/1\nid: a\n")
    write(project, "reports/templates/scope.md", "{{ titel }}\n")
    write(project, "reports/packs/mine.yaml", "schema: plantproof/pack-definition/1\nid: mine\n")
    assert run(["validate"]) == 2
    lines = told_by(capsys)
    for path in (
        "controls/waivers/W-1.yaml:2:",
        "evidence/works/attestations/a.yaml:",
        "reports/templates/scope.md:1:1: unknown placeholder `titel`",
        "reports/packs/mine.yaml:",
    ):
        assert any(line.startswith(path) for line in lines), path
    assert lines[-1].endswith(" mistakes; nothing was written.")


def test_a_table_mapped_to_a_field_that_does_not_exist(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = project / "plantproof.yaml"
    mapping = "{kind: training, id: [Id], fields: {\n          persn: Name}}"
    text = file.read_text().replace(
        "    sources:\n", f"    sources:\n      courses: {{format: csv, mapping: {mapping}}}\n", 1
    )
    file.write_text(text)
    line = text[: text.index("persn")].count("\n") + 1
    assert run(["validate"]) == 2
    assert (
        f"plantproof.yaml:{line}:18: a record of kind training has no field `persn` (did you mean `person`?)"
        in told_by(capsys)
    )


def test_a_commit_can_be_validated(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "controls/sites/works.yaml").write_text("nonsense")
    assert run(["validate", "--at", "HEAD", "-q"]) == 0
    assert run(["validate", "-q"]) == 2


def test_an_attestation_of_what_does_not_exist(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = ATTESTATION.format(id="a", topic="polici", zone="lin").replace(
        "[lin]", "[lin], conduits: [nowhere], assets: [SW-77, sw-78]"
    )
    write(project, "evidence/works/attestations/a.yaml", text)
    assert run(["validate"]) == 2
    lines = told_by(capsys)
    path = "evidence/works/attestations/a.yaml"
    assert any(line.startswith(f"{path}:3:8: no mapping asks for the topic `polici`") for line in lines)
    assert f"{path}:7:17: the zone `lin` is not declared (did you mean `line`?)" in lines
    assert f"{path}:7:34: the conduit `nowhere` is not declared (declared: office-line)" in lines
    assert f"{path}:7:60: no asset is called `sw-78` (name it as the pack does, or by its id)" in lines
    assert not any("SW-77" in line for line in lines)


def test_an_attestation_by_nobody_of_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = ATTESTATION.format(id="a", topic="security-policy", zone="line").replace("Lee Works", "' '")
    text = text.replace("Seen and found in order.", "'-'").replace("2027-10-01", "9999-12-31")
    text += "seen:\n  - document: Log\n    path: log.txt\n    sha256: deadbeef\n"
    write(project, "evidence/works/attestations/a.yaml", text)
    assert run(["validate"]) == 2
    lines = told_by(capsys)
    path = "evidence/works/attestations/a.yaml"
    for place, message in (
        ("4:13", "it does not say the name of who states it"),
        ("9:12", "it states nothing"),
        ("11:10", "it lasts 2912169 days; 400 is the most"),
        ("14:11", "log.txt was seen, and does not lie under evidence/works/"),
        ("15:13", "`deadbeef` is no sha256"),
    ):
        assert any(line.startswith(f"{path}:{place}: {message}") for line in lines), (place, lines)


def test_a_waiver_of_what_does_not_exist(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = WAIVER.format(policy="identity/local_acount").replace("risk-acceptance", "compensating")
    text += "compensation: {policy: zones/nothing, subjects: [sw-77], description: A lock.}\n"
    write(project, "controls/waivers/W-1.yaml", text)
    assert run(["validate"]) == 2
    lines = told_by(capsys)
    assert any(
        line.startswith("controls/waivers/W-1.yaml:5:9: there is no policy `identity/local_acount`") for line in lines
    )
    assert any(line.startswith("controls/waivers/W-1.yaml:13:24: there is no policy `zones/nothing`") for line in lines)


def test_a_waiver_of_a_control_that_does_not_exist(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = WAIVER.format(policy="zones/conduit_enforced").replace("SR 1.1", "SR 9.9")
    write(project, "controls/waivers/W-1.yaml", text)
    assert run(["validate"]) == 2
    assert any(line.startswith("controls/waivers/W-1.yaml:7:12: ") and "SR 9.9" in line for line in told_by(capsys))


def test_evidence_of_a_site_that_nobody_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "evidence/wroks/switches/custody.yaml", "schema: plantproof/custody/1\n")
    assert run(["validate"]) == 2
    expected = "evidence/wroks: plantproof.yaml does not name the site `wroks` (did you mean `works`?)"
    assert told_by(capsys) == [expected]


def test_a_source_without_evidence_is_a_warning(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = project / "plantproof.yaml"
    file.write_text(file.read_text() + "      register:\n        format: csv\n")
    assert run(["validate", "-q"]) == 0
    (line,) = told_by(capsys)
    assert line.startswith("warning: plantproof.yaml:")
    assert "the source `register` of site `works` has no evidence yet (`plantproof collect --site works" in line


def test_what_a_site_file_leaves_open_is_a_warning(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = project / "controls/sites/works.yaml"
    site.write_text(site.read_text().replace("purdue_level: 2", "purdue_level: 4"))
    assert run(["validate", "-q"]) == 0
    expected = (
        "warning: controls/sites/works.yaml:15:19: the control zone `line` is on Purdue level 4 (usual are 0 to 3)"
    )
    assert told_by(capsys) == [expected]


def test_records_are_read_line_by_line_although_custody_fits(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who edits a record and its hash in custody as well is found by what no collection writes."""
    folder = project / "evidence/works/switches"
    path = folder / "records/account.jsonl"
    record = msgspec.json.decode(path.read_bytes())
    record["enabled"] = "perhaps"
    old, new = path.read_bytes(), msgspec.json.encode(record, order="sorted") + b"\n"
    path.write_bytes(new)
    custody = folder / "custody.yaml"
    custody.write_text(custody.read_text().replace(sha256(old), sha256(new)))
    assert run(["validate"]) == 2
    lines = told_by(capsys)
    assert any(
        line.startswith("evidence/works/switches/records/account.jsonl:1") and "enabled" in line for line in lines
    )


def test_a_commit_with_a_mistake_is_told_as_the_working_tree_is(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, "controls/sites/works.yaml", "nonsense\n")
    assert run(["validate"]) == 2
    here = told_by(capsys)
    at(project).commit("Break it")
    assert run(["validate", "--at", "HEAD"]) == 2
    assert told_by(capsys) == here
