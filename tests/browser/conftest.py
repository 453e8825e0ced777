"""A chromium to drive, and the packs that it opens from disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.support.assessment_example import example
from tests.support.assessment_hostile import hostile
from tests.support.assessment_large import large

from plantproof.reports.html_report import render
from plantproof.reports.view import build_view


def _chromium() -> str:
    wanted = os.environ.get("PLANTPROOF_CHROMIUM", "")
    for name in (wanted, "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    message = "no chromium: `apt-get install chromium`, or set PLANTPROOF_CHROMIUM"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


def _written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The HTML pack of the example, on disk."""
    return _written(tmp_path_factory.mktemp("example"), render(build_view(example())))


@pytest.fixture(scope="session")
def hostile_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _written(tmp_path_factory.mktemp("hostile"), render(build_view(hostile())))


@pytest.fixture(scope="session")
def large_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """5,000 assets, so that the asset table is paged."""
    return _written(tmp_path_factory.mktemp("large"), render(build_view(large(5000, 100))))


class Opened:
    """A page with everything that went wrong in it: errors, messages of the console, requests that leave the disk."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda message: self.wrong.append(message.text))
        page.on("dialog", lambda dialog: (self.wrong.append("dialog"), dialog.dismiss()))
        page.on("request", lambda request: request.url.startswith("file:") or self.wrong.append(request.url))

    def open(self, path: Path, fragment: str = "") -> Page:
        self.page.goto(path.as_uri() + fragment)
        return self.page


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield Opened(context.new_page())
    context.close()


@pytest.fixture
def without_script(browser: Browser) -> Iterator[Opened]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    yield Opened(context.new_page())
    context.close()
