"""ci/guards.sh: what a commit brings along decides neither where outputs go nor what is believed, and no printed text
becomes a command of the runner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.ci.conftest import CI, Done, Plant, Runner
from tests.ci.test_review import on_runner

Planting = Callable[[Path], None]


def link(name: str, to: str) -> Planting:
    def plant(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(to)

    return plant


def file(name: str) -> Planting:
    def plant(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")

    return plant


def committed(plant: Plant, planting: Planting) -> str:
    """A branch with what is planted, pushed; its commit."""
    plant.work.git("checkout", "-q", "-B", "planted", "main")
    planting(plant.work.folder)
    commit = plant.work.commit("Plant something")
    plant.work.git("push", "-q", "-f", "origin", "planted")
    plant.work.git("checkout", "-q", "main")
    return commit


def outside(plant: Plant) -> dict[str, str]:
    """What lies beside the checkouts, in the folder to which the links lead."""
    return {path.name: path.read_text() for path in (plant.origin.parent / "outside").iterdir()}


@pytest.fixture
def precious(plant: Plant) -> dict[str, str]:
    folder = plant.origin.parent / "outside"
    folder.mkdir()
    for name in ("review.txt", "junit.xml", "assessment.json"):
        (folder / name).write_text("precious")
    return outside(plant)


PLANTED = {
    "link": ("plantproof-review", link("plantproof-review", "../outside"), "plantproof-review is a symbolic link"),
    "link with a slash": ("plantproof-review/", link("plantproof-review", "../outside"), "is a symbolic link"),
    "dangling link": ("plantproof-review", link("plantproof-review", "../nowhere"), "is a symbolic link"),
    "link to within": ("plantproof-review", link("plantproof-review", "evidence"), "is a symbolic link"),
    "parent": ("reports/of/review", link("reports", "../outside"), "reports is a symbolic link"),
    "parent within": ("reports/of/review", link("reports/of", "../../outside"), "reports/of is a symbolic link"),
    "by a detour": ("controls/./../a/../out", link("a", "../outside"), "a is a symbolic link"),
    "file": ("plantproof-review", file("plantproof-review"), "git tracks what lies there"),
    "output": ("plantproof-review", file("plantproof-review/junit.xml"), "git tracks what lies there"),
    "output that is a link": ("out", link("out/junit.xml", "../../outside/junit.xml"), "git tracks what lies there"),
    "in capitals": ("plantproof-review", file("Plantproof-Review/junit.xml"), "git tracks what lies there"),
    "the project": (".", lambda folder: None, "git tracks what lies there"),
    "no pattern": ("o*t[a]", file("o*t[a]/junit.xml"), "git tracks what lies there"),
}


@pytest.mark.parametrize(("out", "planting", "why"), PLANTED.values(), ids=PLANTED)
@pytest.mark.parametrize("absolute", [False, True], ids=["relative", "absolute"])
def test_a_review_writes_and_deletes_nothing_where_the_change_has_a_say(
    absolute: bool, out: str, planting: Planting, why: str, runner: Runner, plant: Plant, precious: dict[str, str]
) -> None:
    head = committed(plant, planting)
    folder = plant.origin.parent / f"checkout-{head[:8]}"
    given = {"PLANTPROOF_OUTPUT": f"{folder}/{out}" if absolute else out, "GITHUB_OUTPUT": str(runner.home / "told")}
    done = on_runner(runner, plant, head, **given)
    assert done.code == 2
    assert done.err.startswith("review: PLANTPROOF_OUTPUT is ")
    assert not (runner.home / "told").exists(), "what lies there is the change's, and not to be uploaded"
    assert why in done.err
    assert outside(plant) == precious


@pytest.mark.parametrize("out", ["plantproof-review", "o*t", "new/folder", "controls/../new", "../outside/../beside"])
def test_a_review_writes_where_only_it_has_a_say(
    out: str, runner: Runner, plant: Plant, precious: dict[str, str]
) -> None:
    head = committed(plant, file("outputs/junit.xml"))
    for _ in range(2):
        assert on_runner(runner, plant, head, PLANTPROOF_OUTPUT=out).code == 0
    assert (plant.origin.parent / f"checkout-{head[:8]}" / out / "junit.xml").stat().st_size
    assert outside(plant) == precious


def test_a_machine_may_have_links_of_its_own(runner: Runner, plant: Plant, precious: dict[str, str]) -> None:
    """Also one that leads to the checkout: then what counts is where it leads."""
    head = committed(plant, link("plantproof-review", "../outside"))
    folder = plant.origin.parent
    (folder / "mine").symlink_to(folder / f"checkout-{head[:8]}")
    assert on_runner(runner, plant, head, PLANTPROOF_OUTPUT=str(folder / "mine/own")).code == 0
    done = on_runner(runner, plant, head, PLANTPROOF_OUTPUT=str(folder / "mine/plantproof-review"))
    assert done.code == 2
    assert "plantproof-review is a symbolic link" in done.err
    assert outside(plant) == precious


def test_no_output_goes_into_a_repository_within_the_checkout(runner: Runner, plant: Plant) -> None:
    """A submodule: what lies there, its own commit says."""
    head = committed(plant, lambda folder: None)
    assert on_runner(runner, plant, head).code == 0
    inner = plant.origin.parent / f"checkout-{head[:8]}/inner"
    plant.work.git("clone", "-q", plant.origin.as_uri(), str(inner))
    done = on_runner(runner, plant, head, PLANTPROOF_OUTPUT="inner/out")
    assert done.code == 2
    assert "another repository within the checkout" in done.err


def test_a_change_does_not_approve_itself(runner: Runner, plant: Plant) -> None:
    done = on_runner(runner, plant, committed(plant, file("approvals.json")), PLANTPROOF_APPROVALS="approvals.json")
    assert done.code == 2
    assert done.err.startswith("review: PLANTPROOF_APPROVALS is approvals.json, and git tracks what lies there")


CACHES = [file(".plantproof-cache/ab/cd.entry"), link(".plantproof-cache", "../outside")]


@pytest.mark.parametrize("planting", CACHES, ids=["entry", "link"])
def test_a_review_believes_no_cache_of_the_change(
    planting: Planting, runner: Runner, plant: Plant, precious: object
) -> None:
    head = committed(plant, planting)
    named = {"PLANTPROOF_CACHE_DIR": ".plantproof-cache"}
    assert on_runner(runner, plant, head, **named).code == 0, "a job has no cache unless it asks"
    done = on_runner(runner, plant, head, PLANTPROOF_CACHE="on", **named)
    assert done.code == 2
    assert done.err.startswith("review: the cache is .plantproof-cache, and ")


def standing(runner: Runner, plant: Plant, **variables: str) -> Done:
    return runner(CI / "standing.sh", folder=plant.work.folder, **variables)


@pytest.mark.parametrize("planting", [link("plantproof-standing", "../outside"), file("plantproof-standing/junit.xml")])
def test_the_standing_is_written_where_only_the_job_has_a_say(
    planting: Planting, runner: Runner, plant: Plant, precious: dict[str, str]
) -> None:
    planting(plant.work.folder)
    plant.work.commit("Plant something")
    done = standing(runner, plant)
    assert done.code == 2
    assert done.err.startswith("standing: PLANTPROOF_OUTPUT is plantproof-standing, and ")
    assert outside(plant) == precious


def test_a_standing_that_was_not_judged_leaves_no_report_of_an_earlier_one(runner: Runner, plant: Plant) -> None:
    report = plant.work.folder / "plantproof-standing/junit.xml"
    assert standing(runner, plant).code == 1
    assert report.is_file()
    runner.install("exit 2")
    assert standing(runner, plant).code == 2
    assert not report.exists()


@pytest.mark.parametrize("planting", CACHES, ids=["entry", "link"])
@pytest.mark.parametrize("variable", ["PLANTPROOF_CACHE_DIR", "XDG_CACHE_HOME"])
def test_the_standing_believes_no_cache_of_a_commit(
    variable: str, planting: Planting, runner: Runner, plant: Plant, precious: object
) -> None:
    planting(plant.work.folder)
    plant.work.commit("Plant something")
    given = {variable: f"{plant.work.folder}/.plantproof-cache", "PLANTPROOF_CACHE": "on"}
    if variable == "XDG_CACHE_HOME" and (plant.work.folder / ".plantproof-cache/ab").is_dir():
        (plant.work.folder / ".plantproof-cache/ab").rename(plant.work.folder / ".plantproof-cache/plantproof")
        plant.work.commit("Plant it where it would be looked for")
    done = standing(runner, plant, **given)
    assert done.code == 2
    assert done.err.startswith("standing: the cache is ")


HOSTILE = "##[set-output name=x]y"


def test_no_text_of_the_standing_becomes_a_command_of_the_runner(runner: Runner, plant: Plant) -> None:
    said = ["::stop-commands::tok", "::add-mask::x", HOSTILE]
    lines = "; ".join(f"echo '{line}'; echo '{line}' >&2" for line in said)
    runner.install(f"{lines}; [ $1 = validate ] || exit 1")
    done = standing(runner, plant, GITHUB_ACTIONS="true")
    assert (done.code, done.err) == (1, "")
    first, *within, last = done.out.splitlines()
    word = first.removeprefix("::stop-commands::")
    assert len(word) == 32
    assert last == f"::{word}::"
    assert within == [line for line in said for _ in range(2)] * 2
    again = standing(runner, plant, GITHUB_ACTIONS="true").out.splitlines()[0]
    assert again != first, "nobody can know it before"


def test_the_title_of_a_project_is_no_command(runner: Runner, plant: Plant) -> None:
    file = plant.work.folder / "plantproof.yaml"
    lines = [line for line in file.read_text().splitlines() if not line.startswith("title:")]
    file.write_text("\n".join([*lines, 'title: "::stop-commands::tok"', ""]))
    plant.work.commit("Rename the project")
    done = standing(runner, plant, GITHUB_ACTIONS="true")
    assert done.code == 1, done.out
    shown = done.out.splitlines()
    word = shown[0].removeprefix("::stop-commands::")
    assert [line for line in shown if line == f"::{word}::"] == [shown[-1]]
    assert any(line.lstrip().startswith("::stop-commands::tok") for line in shown[1:-1])
    assert "::" not in standing(runner, plant).out.replace("::stop-commands::tok", "")


@pytest.mark.parametrize("code", [1, 2, 3, 127])
def test_a_tool_that_fails_leaves_the_runner_its_commands(code: int, runner: Runner, plant: Plant) -> None:
    """A failing `validate` is wrong input, whatever it ended with; the exit code of `check` stays."""
    runner.install(f"exit {code}")
    done = standing(runner, plant, GITHUB_ACTIONS="true")
    assert done.code == (2 if code == 1 else code)
    first, last = done.out.splitlines()
    assert last == f"::{first.removeprefix('::stop-commands::')}::"
    runner.install(f"[ $1 = validate ] || exit {code}")
    assert standing(runner, plant, GITHUB_ACTIONS="true").code == code


def test_what_a_review_says_is_one_stream_between_the_words(runner: Runner, plant: Plant) -> None:
    runner.install("echo ::error::of the evidence >&2; exit 2")
    done = on_runner(
        runner, plant, committed(plant, file("x")), GITHUB_ACTIONS="true", GITHUB_EVENT_NAME="pull_request"
    )
    assert done.code == 2
    assert "::error::" not in done.err
    first, within, last = done.out.splitlines()
    assert within == "::error::of the evidence"
    assert last == f"::{first.removeprefix('::stop-commands::')}::"
