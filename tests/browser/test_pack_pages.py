"""The HTML pack in chromium: from disk, accessible, without script, hostile, on paper."""

from __future__ import annotations

import importlib.resources
import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser

KINDS = (
    "index.html",
    "sites/bottling-north.html",
    "zones/bottling-north/filling-cell.html",
    "conduits/bottling-north/dmz-cell.html",
    "frameworks/*sl-2.html",
    "controls/*sl-2/sr-1-1-*.html",
    "causes/index.html",
    "causes/*no-any-rule*.html",
    "gaps/gap-5b1c0a52.html",
    "evidence/index.html",
    "evidence/bottling-north/fw-exports.html",
    "policies/index.html",
    "policies/*restore*.html",
    "assets.html",
    "narrative/zones.html",
)
AXE = importlib.resources.files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


def found(folder: Path, pattern: str) -> Path:
    return sorted(folder.glob(pattern))[0]


def violations(opened: Opened) -> list[str]:
    """What axe-core finds wrong. It is handed over by the debugger, so the page's own policy stays in force."""
    opened.page.evaluate(AXE)
    result = opened.page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    return [f"{v['id']}: {[node['html'][:160] for node in v['nodes'][:3]]}" for v in result["violations"]]


@pytest.mark.parametrize("pattern", KINDS)
def test_every_kind_of_page_is_accessible_and_loads_nothing_from_elsewhere(
    opened: Opened, pages: Path, pattern: str
) -> None:
    opened.open(found(pages, pattern))
    assert violations(opened) == []
    assert opened.wrong == []


@pytest.mark.parametrize("pattern", ["index.html", "sites/*.html", "gaps/gap-5b1c0a52.html", "assets.html"])
def test_pages_are_accessible_in_the_dark(browser: Browser, pages: Path, pattern: str) -> None:
    context = browser.new_context(color_scheme="dark")
    opened = Opened(context.new_page())
    opened.open(found(pages, pattern))
    assert violations(opened) == []
    context.close()


def test_axe_finds_what_is_wrong(opened: Opened) -> None:
    opened.page.set_content("<img src=x><p style='color:#ccc;background:#fff'>pale</p>")
    assert any(each.startswith("image-alt") for each in violations(opened))
    assert any(each.startswith("color-contrast") for each in violations(opened))


@pytest.mark.parametrize("pattern", KINDS)
@pytest.mark.parametrize("width", [400, 1280])
def test_no_page_scrolls_sideways(browser: Browser, pages: Path, pattern: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = Opened(context.new_page()).open(found(pages, pattern))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_hostile_evidence_runs_nothing(opened: Opened, hostile_pages: Path) -> None:
    for path in sorted(hostile_pages.rglob("*.html")):
        page = opened.open(path)
        assert page.locator("script:not([type='application/json'])").count() <= 1
        assert (
            page.locator("main img, main iframe, main object, main form, [onerror], [onload], [onclick]").count() == 0
        )
        assert page.locator("a[href^='javascript' i], a[href^='data' i]").count() == 0
    assert opened.wrong == []


def test_hostile_text_is_there_to_read(opened: Opened, hostile_pages: Path) -> None:
    text = opened.open(hostile_pages / "gaps/gap-5b1c0a52.html").locator("main").inner_text()
    assert "<script>alert(1)</script>" in text
    assert "⟨U+202E⟩" in text
    assert "{{ title }}" in text


def test_a_page_that_was_tampered_with_does_not_run(opened: Opened, pages: Path, tmp_path: Path) -> None:
    text = (pages / "assets.html").read_text(encoding="utf-8")
    (tmp_path / "assets.html").write_text(text.replace("</main>", "<script>document.title='run'</script></main>"))
    page = opened.open(tmp_path / "assets.html")
    assert page.title() != "run"
    assert any("Content Security Policy" in message for message in opened.wrong)


def test_everything_reads_without_script(without_script: Opened, pages: Path) -> None:
    page = without_script.open(pages / "assets.html")
    assert page.locator("#assets tbody tr").count() == 7
    assert page.locator("input, select, button").count() == 0
    page = without_script.open(pages / "index.html")
    assert page.locator("svg.drawing .zone").count() == 3
    page.get_by_role("link", name="One rule on fw-cell-1 lets any service pass").first.click()
    assert "Replace the rule" in page.locator("main").inner_text()


def test_filter_and_sort_keep_their_state_in_the_address(opened: Opened, pages: Path) -> None:
    page = opened.open(pages / "assets.html")
    page.get_by_label("Filter").fill("filler")
    assert page.locator("#assets tbody tr").count() == 2
    page.get_by_label("Role").select_option("plc")
    page.get_by_role("button", name="Firmware").click()
    assert page.locator("#assets tbody th").all_inner_texts() == ["plc-filler-1"]
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Firmware")
    again = opened.open(pages / "index.html")
    again = opened.open(pages / "assets.html", "#" + "q=filler&sort=-3&c1=plc")
    assert again.locator("#assets tbody th").all_inner_texts() == ["plc-filler-1"]
    assert again.get_by_label("Filter").input_value() == "filler"
    assert again.locator("th[aria-sort=descending]").inner_text().startswith("Firmware")
    assert opened.wrong == []


def test_a_large_table_is_paged_for_reading_and_searched_as_a_whole(opened: Opened, large_pages: Path) -> None:
    page = opened.open(large_pages / "assets.html")
    assert page.locator("#assets tbody tr").count() == 200
    page.get_by_label("Filter").fill("device-004999")
    assert page.locator("#assets tbody th").all_inner_texts() == ["device-004999"]
    assert page.locator("output").inner_text() == "1 of 5,000"
    assert opened.wrong == []


def test_a_large_table_reads_without_script(without_script: Opened, large_pages: Path) -> None:
    page = without_script.open(large_pages / "assets.html")
    assert page.locator("#assets tbody tr").count() == 1000
    page.get_by_role("link", name="5", exact=True).click()
    page.wait_for_load_state("load")  # a click does not wait for the end of a long page
    assert page.locator("#assets tbody tr").count() == 1000


def test_anchors_lead_to_gaps_of_a_large_pack(opened: Opened, pages: Path) -> None:
    page = opened.open(pages / "controls" / "iec-62443-3-3--sl-2" / found(pages, "controls/*sl-2/sr-1-1-*.html").name)
    page.get_by_role("link", name="operator on plc-filler-1").click()
    assert page.locator("article#gap-7f00d3e1").count() == 1


def test_the_skip_link_comes_first(opened: Opened, pages: Path) -> None:
    page = opened.open(pages / "index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"


def test_paper_shows_the_content_and_not_the_menu(opened: Opened, pages: Path) -> None:
    page = opened.open(pages / "index.html")
    page.emulate_media(media="print")
    assert not page.locator(".top nav").is_visible()
    assert page.locator("svg.drawing").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
