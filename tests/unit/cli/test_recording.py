"""`plantproof baseline` and `plantproof diff --record`: what is written, what is refused, what is found afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.exports import IOS
from tests.support.project import at

from plantproof.cli.start import run

POLICY = "integrity/configuration_as_approved"
TELNET = IOS.replace("transport input ssh", "transport input telnet ssh")
CHANGE = """schema: plantproof/change/1
id: CHG-7
title: The switch is managed by telnet
site: works
requested_by: Kim Plant
responsible: Lee Works
assets: [sw-77]
window: {from: 2026-11-24T05:00Z, until: 2026-11-24T07:00Z}
"""


def collect(folder: Path, text: str, when: str) -> None:
    export = folder.parent / "sw-77.cfg"
    export.write_text(text)
    arguments = ["collect", "--source", "switches", "--at", when, "--by", "Kim", "-q", str(export)]
    assert run(arguments) == 0


def gaps(capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    """What the policy says of the devices of the working tree."""
    run(["check", "--format", "json", "--no-cache", "--exit-zero", *options])
    found = json.loads(capsys.readouterr().out)["gaps"]
    return [each["violations"][0]["message"] for each in found if each["policy"] == POLICY]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@pytest.fixture
def proposal(project: Path) -> str:
    """The project with a change record, and a proposed configuration beside it."""
    at(project).commit("Ask for a change", **{"controls/changes/CHG-7.yaml": CHANGE})
    file = project.parent / "next.cfg"
    file.write_text(TELNET)
    return f"sw-77={file}"


def test_a_baseline_is_of_the_network_devices_and_says_who_recorded_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["baseline", "--by", "Kim Plant"]) == 0
    told = capsys.readouterr().err
    assert told.startswith(
        "controls/approved/works/baseline-2026-11-20.jsonl: fw-77, sw-77 (as collected on 2026-11-18)"
    )
    head, *devices = lines(project / "controls/approved/works/baseline-2026-11-20.jsonl")
    assert head == {
        "schema": "plantproof/approved/1",
        "site": "works",
        "change": "baseline-2026-11-20",
        "how": "as-found",
        "by": "Kim Plant",
        "on": "2026-11-20",
        "judged": "as collected on 2026-11-18",
    }
    assert [each["name"] for each in devices] == ["fw-77", "sw-77"]
    assert run(["validate"]) == 0


def test_a_change_without_a_record_is_found_and_a_record_of_it_closes_the_gap(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["baseline", "--by", "Kim Plant", "-q"]) == 0
    assert gaps(capsys) == []
    collect(project, TELNET, "2026-11-19T05:30:00Z")
    assert gaps(capsys) == [
        "sw-77 is not configured as baseline-2026-11-20 approved it on 2026-11-20: setting `telnet.enabled` changed"
    ]
    assert run(["baseline", "sw-77", "--change", "CHG-8", "--by", "Lee Works", "-q"]) == 0
    assert gaps(capsys) == []


def test_collecting_the_same_again_finds_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["baseline", "--by", "Kim Plant", "-q"]) == 0
    collect(project, "!\n! another comment, so that every line is elsewhere\n" + IOS, "2026-11-19T05:30:00Z")
    assert gaps(capsys) == []


def test_nothing_that_is_on_record_is_written_over(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    baseline = ["baseline", "sw-77", "--change", "first", "--by"]
    assert run([*baseline, "Kim Plant"]) == 0
    path = project / "controls/approved/works/first.jsonl"
    written = path.read_bytes()
    assert run([*baseline, "Kim Plant"]) == 0  # the same again is no other record
    assert run([*baseline, "Somebody Else"]) == 2
    assert "the change has a record already, and this is another" in capsys.readouterr().err
    assert path.read_bytes() == written


def test_a_baseline_of_nothing_and_of_nobody_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["baseline", "--by", " "]) == 2
    assert run(["baseline", "--by", "Kim", "--change", "../elsewhere"]) == 2
    assert run(["baseline", "sw-78", "--by", "Kim"]) == 2
    assert run(["baseline", "--by", "Kim", "-q"]) == 0
    assert run(["baseline", "--by", "Kim", "--change", "again"]) == 2
    told = capsys.readouterr().err
    for words in ("say who records it", "the name of a file", "did you mean `sw-77`?", "there is nothing to record"):
        assert words in told
    assert not (project.parent / "elsewhere.jsonl").exists()


def test_a_proposal_is_recorded_with_what_the_review_said(
    project: Path, proposal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff", "HEAD", "--working-tree", "--propose", proposal, "--record", "CHG-7"]) == 1
    told = capsys.readouterr().err
    assert "CHG-7.jsonl: sw-77 (gaps: worsens 1). Commit it: who lets it in approves what it says." in told
    head, device = lines(project / "controls/approved/works/CHG-7.jsonl")
    assert (head["how"], head["by"], head["due"], head["judged"]) == (
        "proposed",
        "Lee Works",
        "2026-11-24",
        "gaps: worsens 1",
    )
    assert head["commit"] == at(project).git("rev-parse", "HEAD")
    assert device["before"] != device["digest"]


def test_two_devices_of_one_source_are_proposed_and_recorded_under_one_change(
    project: Path, proposal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exports = project.parent / "switches"
    exports.mkdir()
    for name in ("sw-77", "sw-78"):
        (exports / f"{name}.cfg").write_text(IOS.replace("sw-77", name))
    files = [str(file) for file in sorted(exports.iterdir())]
    assert run(["collect", "--source", "switches", "--at", "2026-11-18T05:30:00Z", "--by", "Kim", "-q", *files]) == 0
    both_named = CHANGE.replace("[sw-77]", "[sw-77, SW-78]")
    at(project).commit("Collect a second switch", **{"controls/changes/CHG-7.yaml": both_named})
    second = project.parent / "second.cfg"
    second.write_text(TELNET.replace("sw-77", "sw-78"))
    both = ["--propose", proposal, "--propose", f"sw-78={second}"]
    assert run(["diff", "HEAD", "--working-tree", *both, "--record", "CHG-7"]) == 1
    told = capsys.readouterr()
    assert "Configured otherwise without a record" not in told.out
    assert "CHG-7.jsonl: sw-77, sw-78 (gaps: " in told.err
    _, *devices = lines(project / "controls/approved/works/CHG-7.jsonl")
    assert [each["name"] for each in devices] == ["sw-77", "sw-78"]


@pytest.mark.parametrize(("named", "code"), [("[sw-78]", 2), ("[sw-77, sw-78]", 1), ("[]", 1)])
def test_a_device_that_the_change_does_not_name_is_not_recorded_under_it(
    project: Path, proposal: str, capsys: pytest.CaptureFixture[str], named: str, code: int
) -> None:
    at(project).commit("Name others", **{"controls/changes/CHG-7.yaml": CHANGE.replace("[sw-77]", named)})
    assert run(["diff", "HEAD", "--working-tree", "--propose", proposal, "--record", "CHG-7"]) == code
    refused = "controls/changes/CHG-7.yaml: the change `CHG-7` does not name sw-77" in capsys.readouterr().err
    assert refused == (code == 2)
    assert (project / "controls/approved/works/CHG-7.jsonl").exists() != refused


def test_a_device_may_be_named_by_an_id_of_before_a_merge(project: Path, proposal: str) -> None:
    identities = project / "evidence/works/identities.jsonl"
    line = '{"id":"a-zzzz","key":"name","value":"the old switch"}\n{"same":["a-ba6t7ikhetgr","a-zzzz"]}\n'
    written = identities.read_text() + line
    change = CHANGE.replace("[sw-77]", "[a-zzzz]")
    at(project).commit("Merge", **{"evidence/works/identities.jsonl": written, "controls/changes/CHG-7.yaml": change})
    assert run(["diff", "HEAD", "--propose", proposal, "--record", "CHG-7", "--exit-zero"]) == 0


def test_nothing_is_recorded_under_a_change_that_never_ends(
    project: Path, proposal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    endless = CHANGE.replace("2026-11-24T07:00Z", "2099-12-31T07:00Z")
    at(project).commit("Never mind", **{"controls/changes/CHG-7.yaml": endless})
    assert run(["diff", "HEAD", "--propose", proposal, "--record", "CHG-7", "--exit-zero"]) == 2
    refused = "controls/changes/CHG-7.yaml: the window of the change `CHG-7` lasts 26700 days"
    assert refused in capsys.readouterr().err
    assert not (project / "controls/approved").exists()


def test_a_recorded_proposal_is_waited_for_and_then_it_must_be_there(
    project: Path, proposal: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(["diff", "HEAD", "--working-tree", "--propose", proposal, "--record", "CHG-7", "-q"])
    capsys.readouterr()
    assert gaps(capsys) == []
    assert gaps(capsys, "--date", "2026-11-30") == []
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1797724800")  # 20 December 2026
    assert gaps(capsys) == ["sw-77 still has the configuration before CHG-7; CHG-7 was to be made by 2026-11-24"]
    collect(project, TELNET, "2026-12-18T05:30:00Z")
    assert gaps(capsys) == []


def test_what_is_kept_of_a_run_holds_no_longer_than_the_time_to_make_the_change(
    project: Path, proposal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["diff", "HEAD", "--working-tree", "--propose", proposal, "--record", "CHG-7", "-q"])
    capsys.readouterr()
    found = []
    for day in ("2026-12-08", "2026-12-09"):  # fourteen days after the window, and one more
        run(["check", "--format", "json", "--exit-zero", "--cache", "--date", day])
        kept = capsys.readouterr().out
        run(["check", "--format", "json", "--exit-zero", "--no-cache", "--date", day])
        assert kept == capsys.readouterr().out
        found.append(POLICY in [each["policy"] for each in json.loads(kept)["gaps"]])
    assert found == [False, True]


def test_a_record_that_comes_with_the_change_does_not_judge_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["baseline", "--by", "Kim Plant", "-q"]) == 0
    at(project).commit("Record what is there")
    collect(project, TELNET, "2026-11-19T05:30:00Z")
    assert run(["baseline", "sw-77", "--change", "CHG-8", "--by", "Lee Works", "-q"]) == 0
    capsys.readouterr()
    assert run(["diff", "HEAD", "--working-tree", "--format", "json"]) == 1
    delta = json.loads(capsys.readouterr().out)
    (site,) = delta["sites"]
    assert [each["status"] for each in site["gaps"] if each["gap"]["policy"] == POLICY] == ["opened"]
    assert [(each["kind"], each["path"]) for each in delta["judge"]["changes"]] == [
        ("approved", "controls/approved/works/CHG-8.jsonl")
    ]
    assert delta["judge"]["words"] == ["approved configurations of works: 1 gap would close (sw-77)"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--record", "CHG-7"], "--record goes with --propose"),
        (["--propose", "PROPOSAL", "--record", "CHG-77"], "there is no change record `CHG-77` (did you mean `CHG-7`?)"),
        (["--propose", "PROPOSAL", "--record", "../CHG-7"], "there is no change record"),
    ],
)
def test_a_record_that_nobody_asked_for_is_refused_before_anything_is_judged(
    proposal: str, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    given = [proposal if each == "PROPOSAL" else each for each in options]
    assert run(["diff", "HEAD", "--working-tree", *given]) == 2
    assert words in capsys.readouterr().err


def test_a_record_that_cannot_be_read_stops_every_assessment(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["baseline", "--by", "Kim Plant", "-q"]) == 0
    path = project / "controls/approved/works/baseline-2026-11-20.jsonl"
    path.write_bytes(path.read_bytes().replace(b"setting telnet.enabled", b"setting telnet.disabled"))
    path.with_name("notes.txt").write_text("what is this?")
    assert run(["check"]) == 2
    told = capsys.readouterr().err
    assert "baseline-2026-11-20.jsonl:3: the digest of sw-77 is not that of its facts" in told
    assert "controls/approved/works/notes.txt: is not read" in told
