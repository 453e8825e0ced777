"""`plantproof check`: formats, gate, dates, colour, and what goes to which stream."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import msgspec
import pytest
from tests.support.project import DAY, at

from plantproof.cli.start import run
from plantproof.model.assessment import Assessment

ON = ["--date", DAY]


def test_findings_are_exit_one_and_the_last_line_sums_up(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", *ON]) == 1
    told = capsys.readouterr()
    last = " ".join(told.out.rstrip("\n").rsplit("\n\n", 1)[1].split())
    assert re.match(r"\d+ gaps from \d+ causes; \d+ controls not satisfied, \d+ not assessed; ", last)
    assert "working tree" in told.out


def test_warnings_are_counted_on_stderr_and_change_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = project / "controls/sites/works.yaml"
    before = run(["check", *ON, "--exit-zero"])
    assert "warning" not in capsys.readouterr().err
    site.write_text(site.read_text().replace("purdue_level: 2", "purdue_level: 4"))
    assert run(["check", *ON, "--exit-zero"]) == before
    told = capsys.readouterr()
    assert told.err == "1 warning; `plantproof validate` shows them\n"


def test_exit_zero_leaves_the_result_as_it_is(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", *ON])
    told = capsys.readouterr().out
    assert run(["check", *ON, "--exit-zero"]) == 0
    assert capsys.readouterr().out == told


def test_quiet_says_nothing_and_still_decides(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", *ON, "--quiet"]) == 1
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "")


def test_quiet_keeps_the_data_that_was_asked_for(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", *ON, "-q", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["schema"] == "plantproof/assessment/1"


def severities(text: str) -> set[str]:
    return {gap["severity"] for gap in json.loads(text)["gaps"]}


@pytest.mark.parametrize("limit", ["critical", "high", "medium", "low"])
def test_fail_on_decides_by_severity(limit: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["check", *ON, "-q", "--format", "json", "--fail-on", limit])
    order = ["critical", "high", "medium", "low"]
    there = severities(capsys.readouterr().out)
    assert "high" in there
    assert code == int(bool(there & set(order[: order.index(limit) + 1])))


def test_fail_on_comes_from_the_project_file_where_nothing_is_typed(project: Path) -> None:
    file = project / "plantproof.yaml"
    assert run(["check", *ON, "-q"]) == 1
    file.write_text(file.read_text() + "fail_on: critical\n")
    strict = run(["check", *ON, "-q", "--fail-on", "critical"])
    assert run(["check", *ON, "-q"]) == strict


def test_evidence_that_is_too_old_stops_the_gate_where_that_is_asked_for(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = ["check", "--date", "2027-06-01"]
    assert run([*later, "-q", "--fail-on", "critical"]) == 0, "what nobody knows any more is no gap"
    assert run([*later, "-q", "--fail-on", "critical,stale"]) == 1
    assert capsys.readouterr().err == ""
    assert run([*later, "--fail-on", "critical,stale", "--exit-zero"]) == 0
    told = capsys.readouterr()
    assert "stale: 2 sources with evidence that is too old: works/firewalls (" in told.err
    assert "setting since 2027-02-17" in told.err
    assert "works/switches (" in told.err
    assert "verdicts missing by that" in told.err
    assert "Evidence that is stale or missing" in told.out


def test_fresh_evidence_does_not_stop_the_gate(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", *ON, "--fail-on", "critical,stale"]) == run(["check", *ON, "-q", "--fail-on", "critical"])
    assert "stale:" not in capsys.readouterr().err
    assert run(["check", *ON, "-q", "--fail-on", "stale"]) == 1, "gaps count as plantproof.yaml says"


def test_what_got_no_worse_is_stopped_by_its_age_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    later = ["check", "--date", "2027-06-01", "--against", "HEAD", "-q"]
    assert run([*later, "--fail-on", "high"]) == 0
    assert run([*later, "--fail-on", "high,stale"]) == 1


@pytest.mark.parametrize("words", ["opened", "high,old", "", ","])
def test_another_word_to_fail_on_is_refused(words: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", *ON, "--fail-on", words]) == 2
    assert "it knows critical, high, medium, low, stale" in capsys.readouterr().err


def test_several_formats_come_from_one_evaluation(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from plantproof import pipeline

    calls = []
    real = pipeline.assess
    monkeypatch.setattr(pipeline, "assess", lambda *a, **k: calls.append(1) or real(*a, **k))
    arguments = ["--format", "text", "--output", "-", "--format", "json", "--output", "out/findings.json"]
    assert run(["check", *ON, *arguments, "--format", "csv", "--output", "out/gaps.csv"]) == 1
    assert calls == [1]
    assessment = msgspec.json.decode((project / "out/findings.json").read_bytes(), type=Assessment)
    rows = list(csv.DictReader(io.StringIO((project / "out/gaps.csv").read_text())))
    assert sorted(row["id"] for row in rows) == sorted(gap.id for gap in assessment.gaps)
    assert f"{len(assessment.gaps)} gaps" in capsys.readouterr().out
    assert sorted(path.name for path in (project / "out").iterdir()) == ["findings.json", "gaps.csv"]


def test_more_outputs_than_formats_is_wrong_input(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--format", "json", "--output", "a", "--output", "b"]) == 2
    assert "more --output than --format" in capsys.readouterr().err
    assert not (project / "a").exists()


@pytest.mark.parametrize(
    ("more", "place"), [([], "standard output"), (["--output", "one", "--output", "./one"], "one")]
)
def test_two_formats_never_go_to_one_place(
    more: list[str], place: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "--format", "json", "--format", "csv", *more]) == 2
    told = capsys.readouterr()
    assert f"several --format would go to {place}; give each an --output of its own" in told.err
    assert told.out == ""
    assert not (project / "one").exists()


@pytest.mark.parametrize(
    ("variables", "colour"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colour_follows_the_environment_and_never_stands_alone(
    variables: dict[str, str],
    colour: bool,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(["check", *ON])
    plain = capsys.readouterr().out
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    run(["check", *ON])
    told = capsys.readouterr().out
    assert ("\x1b[" in told) is colour
    assert re.sub(r"\x1b\[[0-9;]*m", "", told) == plain


def test_a_file_never_gets_colour(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    run(["check", *ON, "--output", "told.txt"])
    assert b"\x1b" not in (project / "told.txt").read_bytes()


def test_a_site_that_is_not_there_is_named_with_those_that_are(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", *ON, "--site", "work"]) == 2
    assert "no such site: work (there are: works)" in capsys.readouterr().err


def test_the_working_tree_is_judged_today(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", "--format", "json"])
    provenance = json.loads(capsys.readouterr().out)["provenance"]
    assert (provenance["as_of"], provenance["working_tree"]) == (DAY, True)


def test_a_commit_is_judged_on_its_own_day(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit = at(project).git("rev-parse", "HEAD")
    run(["check", "--at", "main", "--format", "json"])
    provenance = json.loads(capsys.readouterr().out)["provenance"]
    assert (provenance["as_of"], provenance["commit"]) == ("2026-11-19", commit)
    assert "working_tree" not in provenance or provenance["working_tree"] is False


def test_a_commit_does_not_see_what_is_not_committed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", "--at", "HEAD", "--format", "json"])
    before = capsys.readouterr().out
    (project / "controls/sites/works.yaml").write_text("nonsense")
    run(["check", "--at", "HEAD", "--format", "json"])
    assert capsys.readouterr().out == before
    assert run(["check", *ON]) == 2


def test_the_project_is_found_from_a_folder_in_it_and_by_name(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["check", *ON])
    told = capsys.readouterr().out
    monkeypatch.chdir(project / "evidence")
    run(["check", *ON])
    assert capsys.readouterr().out == told
    monkeypatch.chdir(tmp_path)
    run(["check", *ON, "-C", str(project)])
    assert capsys.readouterr().out == told


def test_an_output_that_cannot_be_written_is_wrong_input(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "there").mkdir()
    assert run(["check", *ON, "-q", "--format", "json", "--output", "there"]) == 2
    assert "--output there is a folder; name a file in it" in capsys.readouterr().err
    assert list((project / "there").iterdir()) == []


@pytest.mark.parametrize("date", ["20.11.2026", "2026-11-31", "20261120", "today", ""])
def test_a_date_is_written_in_one_way(date: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--date", date]) == 2
    assert "is no date; write it as 2026-11-20" in capsys.readouterr().err


def test_opa_without_address_is_wrong_input(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", *ON, "--engine", "opa"]) == 2
    assert "--engine opa needs --opa-url (for example --opa-url http://127.0.0.1:8181)" in capsys.readouterr().err


def test_another_content_than_the_pinned_one_is_refused_with_both_ways_out(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "plantproof.yaml"
    file.write_text(re.sub(r"hash: \w+", f"hash: {'f' * 64}", file.read_text()))
    assert run(["check", *ON]) == 2
    told = capsys.readouterr().err
    assert told.startswith("plantproof.yaml:4:")
    assert "`plantproof check --content installed`" in told
    assert "`plantproof config pin`" in told
    assert run(["check", *ON, "--content", "installed", "-q"]) == 1


def test_a_format_that_is_not_there_is_refused_before_anything_is_judged(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "--format", "json", "--output", "a.json", "--format", "pdf"]) == 2
    assert "there is no format `pdf` (there are: annotations, code-quality, csv, " in capsys.readouterr().err
    assert not (project / "a.json").exists()


def test_the_cache_changes_no_byte_and_lies_outside_the_project(project: Path, tmp_path: Path, cache: Path) -> None:
    results = []
    for name, options in (("plain", []), ("first", ["--cache"]), ("again", ["--cache"])):
        output = tmp_path / f"{name}.json"
        run(["check", "--format", "json", "--output", str(output), *options])
        results.append(output.read_bytes())
    assert results[0] == results[1] == results[2]
    assert list(cache.rglob("*.entry"))
    assert not list(project.rglob("*.entry"))


@pytest.mark.usefixtures("project")
def test_formats_of_forges_tell_that_the_gate_stops_for_old_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    late = ["check", "--date", "2027-11-20", "--format", "code-quality", "--exit-zero"]
    assert run([*late, "--fail-on", "stale"]) == 0
    assert "Evidence is not too old: works: too old: switches (" in capsys.readouterr().out
    assert run(late) == 0
    assert "Evidence is not too old" not in capsys.readouterr().out
