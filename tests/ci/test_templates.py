"""The GitHub Action, the workflow, the GitLab template and the pre-commit hooks: their shape, and what they run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.ci.conftest import CI, Done, Plant, Runner
from tests.ci.test_review import harmless, worse
from tests.support.documents import ROOT
from tests.support.exports import IOS
from tests.support.fake_forge import FakeForge, served
from tests.support.git_repository import GitRepository

SITE = "controls/sites/works.yaml"


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


ACTION = loaded(ROOT / "action.yml")
WORKFLOW = loaded(CI / "github/plantproof.yml")
GITLAB = loaded(CI / "gitlab/plantproof.gitlab-ci.yml")
HOOKS = {hook["id"]: hook for hook in loaded(ROOT / ".pre-commit-hooks.yaml")}


def texts(value: Any) -> list[str]:
    """Every text in a document, however deep."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts(each)]
    return [value] if isinstance(value, str) else []


def checked_out(plant: Plant, head: str, folder: Path) -> Path:
    """What the forge's runner does before a job: one commit, detached."""
    clone = GitRepository(folder)
    clone.git("remote", "add", "origin", plant.origin.as_uri())
    clone.git("fetch", "-q", "--depth=1", "origin", head)
    clone.git("checkout", "-q", "--detach", "FETCH_HEAD")
    return folder


# The GitHub Action.


def evaluated(expression: str, given: dict[str, Any]) -> str:
    """The few expressions that the action uses: a value by its path, or whether two differ."""
    left, unequal, right = expression.partition(" != ")
    if unequal:
        return str(given[left] != given[right]).lower()
    return str(given[expression])


def test_the_action_pastes_no_value_into_a_script() -> None:
    steps = ACTION["runs"]["steps"]
    assert ACTION["runs"]["using"] == "composite"
    assert [step["shell"] for step in steps] == ["bash", "bash"]
    assert not [step["run"] for step in steps if "${{" in step["run"]]


def test_every_input_of_the_action_is_described_and_used() -> None:
    used = {name for text in texts(ACTION["runs"]) for name in re.findall(r"inputs\.([\w-]+)", text)}
    assert used == set(ACTION["inputs"])
    assert all(each["description"] and "default" in each for each in ACTION["inputs"].values())


@pytest.mark.parametrize(("branch", "code"), [("worse", 1), ("harmless", 0)])
def test_the_review_step_of_the_action_runs(branch: str, code: int, runner: Runner, plant: Plant) -> None:
    head = worse(plant) if branch == "worse" else harmless(plant)
    step = ACTION["runs"]["steps"][1]
    inputs = {f"inputs.{name}": each["default"] for name, each in ACTION["inputs"].items()}
    with served(FakeForge("github")) as forge:
        given = {
            **inputs,
            "inputs.token": forge.environment["PLANTPROOF_TOKEN"],
            "github.action_path": ROOT,
            "github.repository": "works/plant",
            "github.event.pull_request.base.ref": "main",
            "github.event.pull_request.head.sha": head,
            "github.event.pull_request.head.repo.full_name": "works/plant",
            "github.event.pull_request.number": 12,
        }
        named = {
            name: re.sub(r"\$\{\{ (.+?) \}\}", lambda found: evaluated(found[1], given), text)
            for name, text in step["env"].items()
        }
        variables = {
            **named,
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_API_URL": forge.address,
            "GITHUB_REPOSITORY": "works/plant",
        }
        folder = checked_out(plant, head, runner.home / "checkout")
        done = runner("bash", "-e", "-o", "pipefail", "-c", step["run"], folder=folder, **variables)
        assert done.code == code, done.err
        assert len(forge.bodies) == code


def test_the_installation_takes_locked_versions_and_nothing_of_the_change(runner: Runner, tmp_path: Path) -> None:
    """With a `python3` that only tells what it was asked: packages come over the network."""
    log, target = tmp_path / "log", tmp_path / "tool"
    fake = runner.home / "bin/python3"
    fake.write_text(
        f'#!/bin/sh\necho "$@" >> {log}\n[ "$3" != venv ] || {{ mkdir -p "$4/bin"; cp "$0" "$4/bin/python"; '
        f'cp "$0" "$4/bin/plantproof"; }}\n'
    )
    fake.chmod(0o755)
    github = tmp_path / "github-path"
    step = ACTION["runs"]["steps"][0]["run"]
    done = runner(
        "bash", "-e", "-c", step, folder=tmp_path, ACTION=str(ROOT), TOOL=str(target), GITHUB_PATH=str(github)
    )
    assert done.code == 0, done.err
    pip = "-I -m pip install --quiet --disable-pip-version-check"
    assert log.read_text().splitlines() == [
        f"-I -m venv {target}",
        f"{pip} --require-hashes -r {ROOT}/requirements.lock",
        f"{pip} --no-deps --no-build-isolation {ROOT}",
        "--version",
    ]
    assert github.read_text() == f"{target}/bin\n"


# The workflow to copy.


def test_the_workflow_lends_no_secrets_to_strangers() -> None:
    triggers = WORKFLOW[True]  # what YAML makes of `on`
    assert set(triggers) == {"pull_request", "pull_request_review", "push", "schedule"}
    assert WORKFLOW["permissions"] == {}
    assert {name: sorted(job["permissions"].items()) for name, job in WORKFLOW["jobs"].items()} == {
        "review": [("contents", "read"), ("pull-requests", "write"), ("security-events", "write")],
        "standing": [("contents", "read")],
    }
    assert not [text for text in texts(WORKFLOW) if "secrets." in text]


def test_the_workflow_uploads_nothing_that_a_change_brought_along() -> None:
    steps = WORKFLOW["jobs"]["review"]["steps"]
    uploads = [step for step in steps if "upload" in step.get("uses", "")]
    assert len(uploads) == 2
    assert all("steps.plantproof.outputs.own == 'true'" in step["if"] for step in uploads)
    assert [step.get("id") for step in steps if step.get("uses", "").endswith("@RELEASE")] == ["plantproof"]
    (review,) = [step for step in ACTION["runs"]["steps"] if step.get("id") == "review"]
    assert "review.sh" in review["run"]
    assert ACTION["outputs"]["own"]["value"] == "${{ steps.review.outputs.own }}"


def test_only_the_job_of_the_protected_branch_has_a_cache() -> None:
    cached = {
        name for name, job in WORKFLOW["jobs"].items() for step in job["steps"] if "cache" in step.get("uses", "")
    }
    assert cached == {"standing"}
    assert WORKFLOW["jobs"]["standing"]["if"] == "github.event_name == 'push' || github.event_name == 'schedule'"
    assert WORKFLOW[True]["push"] == {"branches": ["main"]}


def test_the_workflow_gives_the_action_what_it_knows() -> None:
    (step,) = [step for step in WORKFLOW["jobs"]["review"]["steps"] if step.get("uses", "").endswith("@RELEASE")]
    assert set(step["with"]) <= set(ACTION["inputs"])
    checkout = WORKFLOW["jobs"]["review"]["steps"][0]
    assert checkout["with"] == {"ref": "${{ github.event.pull_request.head.sha }}", "fetch-depth": 1}


# The GitLab template.

KEYWORDS = {
    "artifacts", "before_script", "cache", "extends", "image", "interruptible", "resource_group", "rules", "script",
    "variables",
}  # fmt: skip


def test_the_jobs_of_the_template_hold_what_gitlab_knows() -> None:
    assert set(GITLAB) == {".plantproof", "plantproof-review", "plantproof-standing", "plantproof-collection"}
    for name, job in GITLAB.items():
        assert set(job) <= KEYWORDS, name
        assert all(isinstance(line, str) for line in [*job.get("script", []), *job.get("before_script", [])]), name
        assert name == ".plantproof" or (job["extends"] == ".plantproof" and job["rules"] and job["script"]), name


def test_only_the_job_of_the_protected_branch_writes_or_reads_a_cache() -> None:
    caches = {name: job["cache"] for name, job in GITLAB.items() if "cache" in job}
    assert caches == {
        "plantproof-review": [],
        "plantproof-standing": {"key": "plantproof-protected", "paths": [".plantproof-cache"], "policy": "pull-push"},
        "plantproof-collection": [],
    }
    for name in ("plantproof-standing", "plantproof-collection"):
        conditions = [rule["if"] for rule in GITLAB[name]["rules"] if rule.get("when") != "never"]
        assert all('$CI_COMMIT_REF_PROTECTED == "true"' in condition for condition in conditions)


@pytest.fixture
def job(runner: Runner, tmp_path: Path) -> Any:
    """Runs a job of the template as a runner does: its variables, then its lines in one shell. What it installs is this
    checkout, without the network."""
    tool = GitRepository(tmp_path / "tool")
    shutil.copytree(CI, tool.folder / "ci")
    (tool.folder / "ci/install.sh").write_text(
        f'#!/bin/sh\nmkdir -p "$1/bin" && cp {runner.home}/bin/plantproof "$1/bin/"\n'
    )
    tool.commit("Release")
    tool.git("tag", "v1")

    def run(name: str, folder: Path, **variables: str) -> Done:
        parts = [GITLAB[".plantproof"], GITLAB[name]]
        own = {key: value for part in parts for key, value in part.get("variables", {}).items()}
        lines = [line for part in parts for line in part.get("before_script", [])] + GITLAB[name]["script"]
        given = {"PLANTPROOF_REPOSITORY": tool.folder.as_uri(), "PLANTPROOF_RELEASE": "v1", "CI_DEFAULT_BRANCH": "main"}
        return runner(
            "bash", "-c", "set -eo pipefail\n" + "\n".join(lines), folder=folder, **{**given, **own, **variables}
        )

    return run


def test_the_review_job_comments_and_decides(job: Any, runner: Runner, plant: Plant) -> None:
    head = worse(plant)
    folder = checked_out(plant, head, runner.home / "checkout")
    with served(FakeForge("gitlab")) as forge:
        done = job(
            "plantproof-review",
            folder,
            CI_API_V4_URL=forge.address,
            CI_PROJECT_ID="5",
            CI_MERGE_REQUEST_IID="12",
            CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main",
            CI_COMMIT_SHA=head,
            PLANTPROOF_BOT_TOKEN=forge.environment["PLANTPROOF_TOKEN"],
        )
        assert done.code == 1, done.err
        assert len(forge.bodies) == 1
    named = GITLAB["plantproof-review"]["artifacts"]
    for path in [*named["paths"], *named["reports"].values()]:
        assert (folder / path).exists()


def test_the_standing_job_judges_and_fills_the_cache(job: Any, plant: Plant) -> None:
    folder = plant.work.folder
    codes = []
    for _ in range(2):
        done = job("plantproof-standing", folder, CI_PROJECT_DIR=str(folder))
        codes.append(done.code)
        assert "gaps from" in done.out, done.err
    assert codes == [1, 1]
    named = GITLAB["plantproof-standing"]
    for path in [*named["artifacts"]["paths"], *named["artifacts"]["reports"].values(), *named["cache"]["paths"]]:
        assert (folder / path).exists()


def test_the_standing_job_does_not_believe_a_cache_that_somebody_committed(job: Any, plant: Plant) -> None:
    folder = plant.work.folder
    assert job("plantproof-standing", folder, CI_PROJECT_DIR=str(folder)).code == 1
    kept = folder / ".plantproof-cache/.git"
    shutil.copytree(kept / "plantproof", folder / ".plantproof-cache", dirs_exist_ok=True)
    plant.work.git("add", "-f", ".plantproof-cache")
    plant.work.git("commit", "-q", "-m", "Commit a cache")
    done = job("plantproof-standing", folder, CI_PROJECT_DIR=str(folder))
    assert done.code == 2
    assert "the cache is" in done.err
    assert "git tracks what lies there" in done.err


def test_debts_that_were_adopted_do_not_make_the_standing_job_red(job: Any, runner: Runner, plant: Plant) -> None:
    adopted = ["adopt", "--by", "Kim Plant", "--review", "2027-03-01", "--date", "2026-11-20"]
    done = runner("plantproof", *adopted, folder=plant.work.folder)
    assert done.code == 0, done.err
    plant.work.commit("Adopt what is known")
    done = job("plantproof-standing", plant.work.folder, CI_PROJECT_DIR=str(plant.work.folder))
    assert done.code == 0, done.out + done.err


def test_evidence_that_is_too_old_makes_the_standing_job_red(job: Any, runner: Runner, plant: Plant) -> None:
    adopted = ["adopt", "--by", "Kim Plant", "--review", "2027-12-01", "--date", "2026-11-20"]
    assert runner("plantproof", *adopted, folder=plant.work.folder).code == 0
    plant.work.commit("Adopt what is known")
    for _ in range(2):  # once judged, once from the cache
        done = job(
            "plantproof-standing",
            plant.work.folder,
            CI_PROJECT_DIR=str(plant.work.folder),
            SOURCE_DATE_EPOCH="1811808000",  # 2027-06-01
        )
        assert done.code == 1, done.out + done.err
        assert "stale: 2 sources with evidence that is too old: works/" in done.err


def test_the_collection_job_merges(job: Any, runner: Runner, plant: Plant) -> None:
    drop = runner.home / "drop/works/switches"
    drop.mkdir(parents=True)
    (drop / "sw-77.cfg").write_text(IOS)
    os.utime(drop / "sw-77.cfg", (1795132800, 1795132800))
    bare = plant.origin.with_name("plant.git")
    plant.origin.rename(bare)
    moment = "2026-11-20T23:59:00Z"
    done = job(
        "plantproof-collection",
        runner.home,
        PLANTPROOF_DROP=str(runner.home / "drop"),
        CI_PROJECT_URL=bare.as_uri().removesuffix(".git"),
        PLANTPROOF_PUSH_TOKEN="of-the-bot",
        GIT_AUTHOR_DATE=moment,
        GIT_COMMITTER_DATE=moment,
    )
    log = subprocess.run(["git", "log", "-1", "--format=%s", "main"], cwd=bare, capture_output=True, check=True)
    assert done.code == 0, done.err
    assert log.stdout.startswith(b"Collect works/switches")
    assert "of-the-bot" not in done.out + done.err


# The hooks.


def hooked(runner: Runner, folder: Path, name: str, *arguments: str) -> Done:
    return runner(*shlex.split(HOOKS[name]["entry"]), *arguments, folder=folder)


def test_every_hook_starts_for_the_files_of_a_project_and_no_others() -> None:
    assert set(HOOKS) == {"plantproof-validate", "plantproof-check-changed", "plantproof-diff"}
    for hook in HOOKS.values():
        assert hook["language"] == "python"
        assert hook["pass_filenames"] is False
        for path in ("plantproof.yaml", "ot/plantproof.yaml", SITE, "evidence/works/switches/custody.yaml"):
            assert re.search(hook["files"], path)
        assert not re.search(hook["files"], "docs/plantproof.yaml.md")


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_a_hook_lets_a_harmless_commit_pass(name: str, runner: Runner, plant: Plant) -> None:
    (plant.work.folder / "README.md").write_text("# Works\n")
    assert hooked(runner, plant.work.folder, name).code == 0


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_a_hook_stops_a_mistake(name: str, runner: Runner, plant: Plant) -> None:
    file = plant.work.folder / SITE
    file.write_text(file.read_text().replace("purdue_level: 2", "purdue_level: two"))
    done = hooked(runner, plant.work.folder, name)
    assert done.code == 2
    assert f"{SITE}:" in done.err


def test_the_hooks_differ_in_what_was_wrong_before(runner: Runner, plant: Plant) -> None:
    file = plant.work.folder / SITE
    file.write_text(file.read_text() + "# A comment.\n")
    codes = {name: hooked(runner, plant.work.folder, name).code for name in sorted(HOOKS)}
    assert codes == {"plantproof-check-changed": 1, "plantproof-diff": 0, "plantproof-validate": 0}
