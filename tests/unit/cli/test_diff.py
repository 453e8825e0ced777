"""`plantproof diff`: formats of one evaluation, the gate of the base, the comment that is edited in place."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from junitparser import JUnitXml
from tests.support.exports import IOS
from tests.support.forge_readers import command
from tests.support.git_repository import GitRepository
from tests.support.project import WAIVER, at, make_project

from plantproof.cli.start import run
from plantproof.reports.delta_markdown import ALL_RESOLVED, MARKER
from plantproof.reports.delta_reporters import BUILT_IN

SECURE = IOS.replace("line vty", "no ip http server\nline vty")
TELNET = SECURE.replace("transport input ssh", "transport input telnet ssh")


def collect(folder: Path, text: str, when: str) -> None:
    export = folder.parent / "sw-77.cfg"
    export.write_text(text)
    arguments = ["collect", "-C", str(folder), "--source", "switches", "--at", when, "--by", "Kim", "-q"]
    assert run([*arguments, str(export)]) == 0


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project on `main`, and on `change` with telnet switched on."""
    folder = tmp_path_factory.mktemp("diff") / "works"
    make_project(folder)
    repository = at(folder)
    collect(folder, SECURE, "2026-11-18T06:30:00Z")
    repository.commit("Switch off http")
    repository.git("checkout", "-q", "-b", "change")
    collect(folder, TELNET, "2026-11-19T05:30:00Z")
    repository.commit("Collect the switches\n\nChange: CHG-1")
    return folder


@pytest.fixture
def works(reviewed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitRepository:
    folder = tmp_path / "works"
    shutil.copytree(reviewed, folder)
    monkeypatch.chdir(folder)
    for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "CI_PROJECT_URL"):
        monkeypatch.delenv(name, raising=False)
    return at(folder)


def test_what_got_worse_is_exit_one_and_the_last_line_sums_up(
    works: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff", "main"]) == 1
    told = capsys.readouterr().out.rstrip("\n").rsplit("\n\n", 1)[1]
    words = " ".join(told.split())
    assert re.match(r"The gate does not open: \d+ opened", words)
    assert re.search(r"\d+ opened; \d+ gaps now, \d+ before; 1 site judged\.$", words)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--exit-zero"], 0),
        (["--fail-on", "worse,unknown"], 0),
        (["--fail-on", "judge"], 0),
        (["--fail-on", "critical"], 0),
        (["--fail-on", "opened", "--fail-on", "high"], 1),
        (["-q"], 1),
    ],
)
def test_fail_on_decides(arguments: list[str], code: int, works: GitRepository) -> None:
    assert run(["diff", "main", *arguments]) == code


def test_the_limit_of_the_gate_is_that_of_the_base(works: GitRepository) -> None:
    file = works.folder / "plantproof.yaml"
    works.commit("Loosen the gate", **{"plantproof.yaml": file.read_text() + "fail_on: critical\n"})
    assert run(["diff", "main", "-q"]) == 1
    assert run(["diff", "main", "-q", "--fail-on", "judge"]) == 1


def test_every_format_comes_from_one_evaluation(works: GitRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    from plantproof.cli import reviewing

    real = reviewing.review_change
    monkeypatch.setattr(reviewing, "review_change", lambda *a, **k: calls.append(1) or real(*a, **k))
    arguments = [word for name in sorted(BUILT_IN) for word in ("--format", name, "--output", f"out/{name}")]
    assert run(["diff", "main", *arguments, "--blob-url", "https://f.example/{commit}/{path}#L{line}"]) == 1
    assert calls == [1]
    out = {name: (works.folder / "out" / name).read_text() for name in BUILT_IN}
    assert all(out.values())
    head = works.git("rev-parse", "HEAD")
    links = re.findall(rf"<https://f\.example/{head}/evidence/\S+/sw-77\.cfg#L(\d+)>", out["markdown"])
    lines = {int(line) for line in links}
    assert lines
    assert {int(line) for line in re.findall(r"sw-77\.cfg:(\d+)$", out["text"], re.MULTILINE)} == lines
    (run_of,) = json.loads(out["sarif"])["runs"]
    places = [each["locations"] + each.get("relatedLocations", []) for each in run_of["results"]]
    assert {place["physicalLocation"]["region"]["startLine"] for found in places for place in found} == lines
    assert {each["location"]["lines"]["begin"] for each in json.loads(out["code-quality"])} <= lines
    assert {int(command(each).properties["line"]) for each in out["annotations"].splitlines()} <= lines
    assert JUnitXml.fromstring(out["junit"].encode()).failures == len(run_of["results"])
    assert json.loads(out["json"])["schema"] == "plantproof/delta/1"
    # Again, the same bytes.
    assert run(["diff", "main", *arguments, "--blob-url", "https://f.example/{commit}/{path}#L{line}"]) == 1
    assert out == {name: (works.folder / "out" / name).read_text() for name in BUILT_IN}


def test_paths_are_those_of_the_repository(
    tmp_path: Path, reviewed: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """A project in a folder of a larger repository: a forge knows files from the top."""
    top = GitRepository(tmp_path / "top")
    shutil.copytree(reviewed, top.folder / "ot", ignore=shutil.ignore_patterns(".git"))
    monkeypatch.chdir(top.folder / "ot")
    top.date = "2026-11-19T14:00:00Z"
    top.commit("Begin")
    collect(top.folder / "ot", SECURE, "2026-11-19T06:30:00Z")
    top.commit("Switch telnet off")
    assert run(["diff", "HEAD", "HEAD~1", "--exact", "--format", "code-quality"]) == 1
    paths = {each["location"]["path"] for each in json.loads(capsysbinary.readouterr().out)}
    assert paths == {"ot/evidence/works/switches/raw/sw-77.cfg"}


def test_nothing_moved_is_exit_zero_and_an_empty_comment(works: GitRepository) -> None:
    works.commit("Say something else", **{"notes.md": "Nothing.\n"})
    assert run(["diff", "HEAD~1", "--format", "markdown", "--output", "comment.md"]) == 0
    assert (works.folder / "comment.md").read_bytes() == b""


def test_the_comment_is_made_left_alone_and_resolved(works: GitRepository) -> None:
    arguments = ["--format", "markdown", "--output", "comment.md", "--previous-comment", "was.md"]
    new, previous = works.folder / "comment.md", works.folder / "was.md"
    assert run(["diff", "main", *arguments]) == 1
    assert new.read_text().startswith(f"{MARKER}\n### Plantproof: ")
    shutil.copy(new, previous)
    assert run(["diff", "main", *arguments]) == 1
    assert new.read_bytes() == b""
    assert run(["diff", "change", *arguments]) == 0
    assert new.read_text() == ALL_RESOLVED


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fail-on", "opend"], "--fail-on knows no `opend`"),
        (["--format", "csv"], "there is no format `csv` of a change"),
        (["--previous-comment", "was.md"], "--previous-comment goes with --format markdown"),
        (["--format", "markdown", "--previous-comment", "plantproof.yaml"], "none that `plantproof diff` wrote"),
        (["--blob-url", "https://f.example/"], "does not show where files are"),
        (["--format", "text", "--format", "json"], "several --format would go to standard output"),
        (["--approvals", "plantproof.yaml", "--working-tree"], "--approvals does not go with --working-tree"),
        (["--approvals", "plantproof.yaml", "--propose", "sw-77=next.cfg"], "--approvals does not go with --propose"),
    ],
)
def test_wrong_words_are_refused_before_anything_is_judged(
    arguments: list[str],
    message: str,
    works: GitRepository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from plantproof.cli import revisions

    monkeypatch.setattr(revisions, "opened_sides", lambda *a, **k: pytest.fail("something was opened"))
    assert run(["diff", "main", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_comment_that_is_no_text_is_wrong_input(works: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    (works.folder / "was.md").write_bytes(b"\xff\xfe")
    assert run(["diff", "main", "--format", "markdown", "--previous-comment", "was.md"]) == 2
    assert capsys.readouterr().err.startswith("was.md: this is no comment: it is not UTF-8")


def test_a_change_of_the_judge_fails_where_that_is_asked(
    works: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    works.git("checkout", "-q", "main")
    waiver = WAIVER.format(policy="confidentiality/no_clear_text_management")
    works.commit("Accept it", **{"controls/waivers/W-1.yaml": waiver})
    assert run(["diff", "HEAD~1"]) == 0
    assert "The change edits what judges" in capsys.readouterr().out
    assert run(["diff", "HEAD~1", "-q", "--fail-on", "judge"]) == 1


def test_the_working_tree_is_no_head_beside_another(works: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["diff", "main", "change", "--working-tree"]) == 2
    assert "leave HEAD out" in capsys.readouterr().err
    assert run(["diff", "main", "--working-tree", "-q"]) == 1
