"""--format, --output and --blob-url, as `check` and `diff` share them."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest

from plantproof.cli.formats import blob_template, checked_template, chosen_places

GITHUB = {"GITHUB_SERVER_URL": "https://github.example", "GITHUB_REPOSITORY": "works/north"}
GITLAB = {"CI_PROJECT_URL": "https://gitlab.example/ot/works/north"}


@pytest.fixture(autouse=True)
def _no_forge(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*GITHUB, *GITLAB):
        monkeypatch.delenv(name, raising=False)


def test_each_format_has_its_place_and_the_first_is_standard_output() -> None:
    assert chosen_places([], []) == [("text", "-")]
    assert chosen_places([], ["a.txt"]) == [("text", "a.txt")]
    assert chosen_places(["sarif", "text"], ["a.sarif"]) == [("sarif", "a.sarif"), ("text", "-")]


@pytest.mark.parametrize(
    ("formats", "outputs", "message"),
    [
        (["text"], ["a", "b"], "more --output than --format"),
        (["text", "json"], [], "several --format would go to standard output"),
        (["text", "json"], ["x/../a", "a"], "several --format would go to a"),
        (["text"], ["."], "is a folder"),
    ],
)
def test_places_that_clash_are_refused(formats: list[str], outputs: list[str], message: str) -> None:
    with pytest.raises(click.UsageError, match=message):
        chosen_places(formats, outputs)


def test_links_come_from_the_variables_of_github_or_gitlab(monkeypatch: pytest.MonkeyPatch) -> None:
    assert blob_template(None) == ""
    for name, value in GITLAB.items():
        monkeypatch.setenv(name, value)
    assert blob_template(None) == "https://gitlab.example/ot/works/north/-/blob/{commit}/{path}#L{line}"
    for name, value in GITHUB.items():
        monkeypatch.setenv(name, value)
    assert blob_template(None) == "https://github.example/works/north/blob/{commit}/{path}#L{line}"
    assert blob_template("https://x.example/{commit}/{path}") == "https://x.example/{commit}/{path}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GITHUB_SERVER_URL", "javascript:alert(1)"),
        ("GITHUB_SERVER_URL", "https://github.example/)[x](https://evil.example"),
        ("GITHUB_SERVER_URL", "https://github.example\n"),
        ("GITHUB_REPOSITORY", "works"),
        ("GITHUB_REPOSITORY", "works/north/{path}"),
        ("CI_PROJECT_URL", "https://gitlab.example/{commit}"),
        ("CI_PROJECT_URL", "//gitlab.example/x"),
    ],
)
def test_variables_that_are_no_address_make_no_links(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name in GITHUB:
        for each, good in GITHUB.items():
            monkeypatch.setenv(each, good)
    monkeypatch.setenv(name, value)
    assert blob_template(None) == ""


@pytest.mark.parametrize(
    "value",
    [
        "",
        "https://x.example/{path}",
        "https://x.example/{commit}/{path}/{more}",
        "ftp://x.example/{commit}/{path}",
        "https://x.example/ {commit}/{path}",
        "https://x.example/({commit})/{path}",
        "https://x.example/{commit}/{path}|",
    ],
)
def test_a_template_that_shows_no_file_is_refused(value: str) -> None:
    with pytest.raises(click.BadParameter, match="does not show where files are"):
        checked_template(value)


def test_a_template_may_leave_the_line_out(tmp_path: Path) -> None:
    template = "https://x.example:8443/r/{commit}/{path}"
    assert checked_template(template) == template


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")
def test_what_is_no_plain_file_is_not_replaced_by_one(tmp_path: Path) -> None:
    pipe, file, link = tmp_path / "pipe", tmp_path / "file", tmp_path / "link"
    os.mkfifo(pipe)
    file.write_text("before")
    link.symlink_to(file)
    for place in (pipe, link, tmp_path / "gone" / ".." / "pipe"):
        with pytest.raises(click.UsageError, match="is a link, a pipe or a device"):
            chosen_places(["json"], [str(place)])
    assert chosen_places(["json"], [str(file)]) == [("json", str(file))]
