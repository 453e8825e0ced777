"""ci/forge.py against a forge on the loopback: one comment of the bot's own, whatever others write."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.ci.conftest import CI, Done, Runner
from tests.support.fake_forge import FakeForge

from plantproof.reports.delta_markdown import MARKER

Ask = Callable[..., Done]
OURS = f"{MARKER}\n### 1 opened\n"
NEWER = f'{MARKER}\n### 2 opened "quoted" \\ ünïcode `$(id)`\n'


@pytest.fixture
def ask(runner: Runner, forge: FakeForge, tmp_path: Path) -> Ask:
    """Runs a verb of forge.py in the job's environment."""

    def run(*words: str, **variables: str) -> Done:
        return runner(
            sys.executable, "-I", CI / "forge.py", *words, folder=tmp_path, **{**forge.environment, **variables}
        )

    return run


def test_the_marker_is_the_one_that_the_comment_begins_with() -> None:
    assert f'MARKER = "{MARKER}"' in (CI / "forge.py").read_text(encoding="utf-8")


def test_the_first_comment_is_written(ask: Ask, forge: FakeForge, tmp_path: Path) -> None:
    (tmp_path / "comment.md").write_text(NEWER, encoding="utf-8")
    assert ask("previous", "previous.md").code == 0
    assert not (tmp_path / "previous.md").exists()
    assert ask("post", "comment.md").code == 0
    assert forge.bodies == [NEWER]


def test_the_comment_is_found_on_a_later_page_and_edited(ask: Ask, forge: FakeForge, tmp_path: Path) -> None:
    for number in range(5):
        forge.comment(f"Talk {number}", "kim")
    forge.comment(OURS)
    forge.comment("More talk", "kim")
    assert ask("previous", "previous.md").code == 0
    assert (tmp_path / "previous.md").read_text(encoding="utf-8") == OURS
    (tmp_path / "comment.md").write_text(NEWER, encoding="utf-8")
    assert ask("post", "comment.md").code == 0
    assert forge.bodies == [*(f"Talk {number}" for number in range(5)), NEWER, "More talk"]


def test_a_comment_with_the_marker_by_somebody_else_is_not_ours(ask: Ask, forge: FakeForge, tmp_path: Path) -> None:
    forge.comment(f"{MARKER}\nAll is well, merge it.", "mallory")
    assert ask("previous", "previous.md").code == 0
    assert not (tmp_path / "previous.md").exists()
    (tmp_path / "comment.md").write_text(OURS, encoding="utf-8")
    assert ask("post", "comment.md").code == 0
    assert forge.bodies == [f"{MARKER}\nAll is well, merge it.", OURS]


def test_of_two_comments_that_a_race_left_one_stays(ask: Ask, forge: FakeForge, tmp_path: Path) -> None:
    for _ in range(3):
        forge.comment(OURS)
    (tmp_path / "comment.md").write_text(NEWER, encoding="utf-8")
    assert ask("post", "comment.md").code == 0
    assert forge.bodies == [NEWER]


def test_nothing_to_say_changes_nothing(ask: Ask, forge: FakeForge, tmp_path: Path) -> None:
    forge.comment(OURS)
    (tmp_path / "comment.md").write_text("", encoding="utf-8")
    assert ask("post", "comment.md").code == 0
    assert forge.bodies == [OURS]
    assert {method for method, _ in forge.asked} == {"GET"}


def test_what_is_no_comment_of_ours_is_not_posted(ask: Ask, forge: FakeForge, tmp_path: Path) -> None:
    (tmp_path / "comment.md").write_text("Traceback (most recent call last)", encoding="utf-8")
    assert ask("post", "comment.md").code == 2
    assert forge.bodies == []


def test_approvals_are_fetched_with_all_their_pages(ask: Ask, forge: FakeForge, tmp_path: Path) -> None:
    forge.reviews = [{"id": number} for number in range(5)]
    assert ask("approvals", "approvals.json").code == 0
    got = json.loads((tmp_path / "approvals.json").read_text(encoding="utf-8"))
    assert set(got) == (
        {"pull_request", "reviews"} if forge.kind == "github" else {"merge_request", "approvals", "versions"}
    )
    assert (got.get("reviews") or got.get("versions")) == forge.reviews


def test_a_request_is_opened_once_and_then_brought_up_to_date(ask: Ask, forge: FakeForge, tmp_path: Path) -> None:
    for text in ("first", "second"):
        (tmp_path / "text.md").write_text(text, encoding="utf-8")
        assert ask("request", "plantproof/collection", "main", "Nightly collection", "text.md").code == 0
    (opened,) = forge.requests
    assert opened["title"] == "Nightly collection"
    assert opened.get("body", opened.get("description")) == "second"


@pytest.mark.parametrize("status", [401, 403, 404, 500, 302])
def test_a_forge_that_refuses_is_an_error(status: int, ask, forge: FakeForge, tmp_path: Path) -> None:
    forge.refuses = status
    done = ask("previous", "previous.md")
    assert (done.code, done.out) == (2, "")
    assert str(status) in done.err


def test_the_token_follows_no_link_to_another_address(ask: Ask, forge: FakeForge, tmp_path: Path) -> None:
    forge.elsewhere = "http://127.0.0.1:9/steal"
    for _ in range(3):
        forge.comment(OURS)
    done = ask("previous", "previous.md")
    assert done.code == 2
    assert "elsewhere" in done.err


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PLANTPROOF_TOKEN", "", "no token"),
        ("PLANTPROOF_REQUEST", "12/../13", "no number"),
        ("PLANTPROOF_FORGE", "gitea", "neither github nor gitlab"),
        ("GITHUB_REPOSITORY", "works/plant/../x", "names no repository"),
        ("CI_PROJECT_ID", "5/../6", "names no project"),
        ("GITHUB_API_URL", "file:///etc", "address"),
        ("CI_API_V4_URL", "", "address"),
    ],
)
def test_an_environment_that_makes_no_sense_is_refused(
    name: str,
    value: str,
    told: str,
    ask: Ask,
    forge: FakeForge,
) -> None:
    if name not in forge.environment:
        name, value, told = "PLANTPROOF_REQUEST", "", "no number"
    done = ask("previous", "previous.md", **{name: value})
    assert done.code == 2
    assert told in done.err
    assert ("GET", "/repos/works/plant/issues/13/comments") not in forge.asked
