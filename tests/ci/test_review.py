"""ci/review.sh: one review on a runner, from a clone of one commit to the comment and the exit code."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tests.ci.conftest import CI, Done, Plant, Runner
from tests.support.exports import IOS
from tests.support.fake_forge import FakeForge
from tests.support.git_repository import GitRepository

from plantproof.cli.start import run

OUTPUTS = {
    "annotations.txt", "code-quality.json", "comment.md", "delta.json", "junit.xml", "plantproof.sarif", "review.txt",
    "summary.md",
}  # fmt: skip


def changed(plant: Plant, branch: str, **files: str) -> str:
    """A branch with one commit, pushed; its commit."""
    if plant.work.git("branch", "--show-current") != branch:
        plant.work.git("checkout", "-q", "-B", branch, "main")
    commit = plant.work.commit(f"Change for {branch}", **files)
    plant.work.git("push", "-q", "-f", "origin", branch)
    plant.work.git("checkout", "-q", "main")
    return commit


def collected(plant: Plant, branch: str, text: str) -> str:
    """A branch on which the switch was collected again, with another configuration."""
    plant.work.git("checkout", "-q", "-B", branch, "main")
    export = plant.origin.parent / "sw-77.cfg"
    export.write_text(text)
    arguments = ["collect", "-C", str(plant.work.folder), "--source", "switches", "--by", "Kim", "-q", str(export)]
    assert run([*arguments, "--at", "2026-11-19T05:30:00Z"]) == 0
    return changed(plant, branch)


def worse(plant: Plant) -> str:
    """The switch takes telnet."""
    return collected(plant, "worse", IOS.replace("transport input ssh", "transport input telnet ssh"))


def harmless(plant: Plant) -> str:
    text = (plant.work.folder / "controls/sites/works.yaml").read_text()
    return changed(plant, "harmless", **{"controls/sites/works.yaml": text + "# A comment.\n"})


def on_runner(runner: Runner, plant: Plant, head: str, **variables: str) -> Done:
    folder = plant.origin.parent / f"checkout-{head[:8]}"
    if not folder.exists():
        clone = GitRepository(folder)
        clone.git("remote", "add", "origin", plant.origin.as_uri())
        clone.git("fetch", "-q", "--depth=1", "origin", head)
        clone.git("checkout", "-q", "--detach", "FETCH_HEAD")
    given = {"PLANTPROOF_BASE": "main", "PLANTPROOF_HEAD": head, "PLANTPROOF_OUTPUT": str(runner.home / "out")}
    return runner(CI / "review.sh", folder=folder, **{**given, **variables})


def test_a_tag_that_is_called_like_the_base_is_not_the_base(runner: Runner, plant: Plant) -> None:
    head = worse(plant)
    assert on_runner(runner, plant, head).code == 1
    GitRepository(plant.origin.parent / f"checkout-{head[:8]}").git("tag", "origin/main", head)
    assert on_runner(runner, plant, head).code == 1


def test_a_worse_change_is_red_and_says_why_everywhere(runner: Runner, plant: Plant, forge: FakeForge) -> None:
    summary = runner.home / "summary.md"
    done = on_runner(
        runner,
        plant,
        worse(plant),
        **forge.environment,
        GITHUB_ACTIONS="true",
        GITHUB_EVENT_NAME="pull_request",
        GITHUB_STEP_SUMMARY=str(summary),
        GITHUB_OUTPUT=str(runner.home / "outputs"),
    )
    assert done.code == 1, done.err
    assert (runner.home / "outputs").read_text(encoding="utf-8") == "own=true\n"
    out = runner.home / "out"
    assert {path.name for path in out.iterdir()} == OUTPUTS
    (comment,) = forge.bodies
    assert comment.encode() == (out / "comment.md").read_bytes()
    assert json.loads((out / "delta.json").read_bytes())["counts"]["worse"] == 1
    assert json.loads((out / "plantproof.sarif").read_bytes())["runs"][0]["results"]
    assert json.loads((out / "code-quality.json").read_bytes())
    assert ET.fromstring((out / "junit.xml").read_bytes()).findall(".//failure")  # noqa: S314  made by us
    assert "The gate does not open" in summary.read_text(encoding="utf-8")
    lines = done.out.splitlines()
    word = lines[0].removeprefix("::stop-commands::")
    assert len(word) == 32
    commands = [index for index, line in enumerate(lines) if line.startswith("::")]
    end = lines.index(f"::{word}::")
    assert commands[:2] == [0, end], "between the two, the runner takes no line for a command"
    assert any(lines[index].startswith("::error") for index in commands[2:])


def test_the_comment_of_the_next_push_takes_the_place_of_the_first(
    runner: Runner, plant: Plant, forge: FakeForge
) -> None:
    first = on_runner(runner, plant, worse(plant), **forge.environment)
    told = forge.bodies[0]
    assert on_runner(runner, plant, worse(plant), **forge.environment).code == first.code == 1
    assert forge.bodies == [told]
    assert on_runner(runner, plant, harmless(plant), **forge.environment).code == 0
    (resolved,) = forge.bodies
    assert "Nothing left to do" in resolved


def test_nothing_moved_is_green_and_silent(runner: Runner, plant: Plant, forge: FakeForge) -> None:
    done = on_runner(runner, plant, harmless(plant), **forge.environment)
    assert (done.code, forge.bodies) == (0, [])


@pytest.mark.parametrize("without", [{"PLANTPROOF_TOKEN": ""}, {"PLANTPROOF_FORGE": ""}, {"PLANTPROOF_FORK": "true"}])
def test_without_a_token_that_may_comment_the_gate_still_decides(
    without: dict[str, str], runner: Runner, plant: Plant, forge: FakeForge
) -> None:
    done = on_runner(runner, plant, worse(plant), **{**forge.environment, **without})
    assert done.code == 1
    assert (forge.asked, forge.bodies) == ([], [])
    assert "what it would say is in" in done.err
    assert (runner.home / "out/comment.md").stat().st_size > 0


def test_a_forge_that_does_not_answer_is_never_green(runner: Runner, plant: Plant, forge: FakeForge) -> None:
    forge.refuses = 500
    done = on_runner(runner, plant, harmless(plant), **forge.environment)
    assert done.code == 2
    assert "500" in done.err


def test_wrong_input_is_red_and_leaves_no_output_of_an_earlier_run(runner: Runner, plant: Plant) -> None:
    assert on_runner(runner, plant, harmless(plant)).code == 0
    broken = changed(plant, "broken", **{"controls/sites/works.yaml": "schema: plantproof/site/1\nzones: 7\n"})
    done = on_runner(runner, plant, broken)
    assert done.code == 2
    assert "controls/sites/works.yaml" in done.err
    assert not list((runner.home / "out").iterdir())


@pytest.mark.parametrize("code", [0, 1])
def test_a_tool_that_writes_nothing_is_never_green(code: int, runner: Runner, plant: Plant) -> None:
    """Python exits with 1 where it cannot even start: that is no finding."""
    runner.install(f"exit {code}")
    assert on_runner(runner, plant, harmless(plant)).code == 3


@pytest.mark.parametrize("code", [2, 3, 127, 139])
def test_a_tool_that_fails_is_never_green(code: int, runner: Runner, plant: Plant, forge: FakeForge) -> None:
    runner.install(f"exit {code}")
    assert on_runner(runner, plant, harmless(plant), **forge.environment).code == code
    assert forge.bodies == []


@pytest.mark.parametrize("event", ["pull_request_target", "workflow_run", "issue_comment"])
def test_events_that_lend_secrets_to_strangers_are_refused(event: str, runner: Runner, plant: Plant) -> None:
    done = on_runner(runner, plant, harmless(plant), GITHUB_EVENT_NAME=event)
    assert done.code == 2
    assert "use pull_request" in done.err


@pytest.mark.parametrize(
    "without", [{"PLANTPROOF_BASE": ""}, {"PLANTPROOF_HEAD": ""}, {"PLANTPROOF_OUTPUT": "/dev/null/x"}]
)
def test_a_job_that_cannot_review_is_no_finding(without: dict[str, str], runner: Runner, plant: Plant) -> None:
    assert on_runner(runner, plant, harmless(plant), **without).code == 2


def test_the_gate_takes_the_words_given(runner: Runner, plant: Plant) -> None:
    head = worse(plant)
    assert on_runner(runner, plant, head, PLANTPROOF_FAIL_ON="judge").code == 0
    done = on_runner(runner, plant, head, PLANTPROOF_FAIL_ON="everything")
    assert done.code == 2
    assert "--fail-on knows no `everything`" in done.err


def test_approvals_that_the_forge_does_not_have_are_never_taken_for_granted(
    runner: Runner, plant: Plant, forge: FakeForge
) -> None:
    done = on_runner(runner, plant, harmless(plant), **forge.environment, PLANTPROOF_APPROVALS="forge")
    assert done.code == 2, "what this forge answers names no commit"
    assert "approvals.json" in done.err


def test_code_of_the_change_is_not_run(runner: Runner, plant: Plant) -> None:
    """Python puts the folder in which it starts before its own library, unless it is told not to."""
    ran = runner.home / "ran"
    trap = f"open({str(ran)!r}, 'w').close()\n"
    names = ("json.py", "secrets.py", "venv.py", "pip.py", "urllib/__init__.py", "sitecustomize.py")
    head = changed(plant, "trap", **dict.fromkeys(names, trap), **{".git-hook": "x"})
    assert on_runner(runner, plant, head, GITHUB_ACTIONS="true", GITHUB_EVENT_NAME="pull_request").code == 0
    assert not Path(ran).exists()
