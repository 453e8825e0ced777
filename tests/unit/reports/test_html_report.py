"""The HTML pack as bytes: well formed, every link resolves, nothing hostile, the same again."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace
from tests.support.assessment_example import example, two_sites
from tests.support.assessment_hostile import hostile, hostile_ids
from tests.support.assessment_large import large

from plantproof.model.assessment import Assessment
from plantproof.reports.html_addresses import GAP_PAGES, Addresses
from plantproof.reports.html_report import render
from plantproof.reports.view import build_view

VOID = {"meta", "link", "br", "hr", "img", "input", "wbr", "path", "rect", "line"}


class Reader(HTMLParser):
    """Checks nesting; collects ids, links, elements and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name in {"href", "src"}:
                self.links.append(value or "")
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag


def pages(files: dict[str, bytes]) -> dict[str, Reader]:
    return {path: Reader(data.decode()) for path, data in files.items() if path.endswith(".html")}


MADE: list[Callable[[], Assessment]] = [example, hostile, hostile_ids, lambda: large(1500, GAP_PAGES + 300)]


@pytest.mark.parametrize("make", MADE, ids=["example", "hostile", "hostile ids", "large"])
def test_pages_are_well_formed_and_every_link_and_anchor_resolves(make: Callable[[], Assessment]) -> None:
    files = render(build_view(make()))
    read = pages(files)
    for path, page in read.items():
        assert len(page.ids) == len(set(page.ids)), path
        for link in page.links:
            target, _, anchor = link.partition("#")
            where = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
            assert where in files, (path, link)
            assert not anchor or anchor in read[where].ids, (path, link)


@pytest.mark.parametrize("make", MADE[:3], ids=["example", "hostile", "hostile ids"])
def test_there_is_no_element_or_attribute_that_evidence_brought(make: Callable[[], Assessment]) -> None:
    for path, page in pages(render(build_view(make()))).items():
        assert not page.tags & {"img", "iframe", "object", "embed", "form", "base", "style", "b:script"}, path
        assert not {name for name in page.attributes if name.startswith("on")} | page.attributes & {"style"}, path


def test_an_empty_assessment_is_laid_out_too() -> None:
    import msgspec

    given = example()
    site = msgspec.structs.replace(
        given.sites[0], zones=[], conduits=[], sources=[], assets=[], attestations=[], waivers=[], crossings=[]
    )
    files = render(
        build_view(msgspec.structs.replace(given, gaps=[], causes=[], policies=[], frameworks=[], sites=[site]))
    )
    assert b"No gaps were found by what was tested." in files["index.html"]


def test_every_page_says_what_it_is_and_allows_nothing_from_outside() -> None:
    for path, data in render(build_view(example())).items():
        if path.endswith(".html"):
            text = data.decode()
            assert '<html lang="en">' in text
            assert "not a certificate" in text
            assert "Fictional plant" in text
            assert "default-src &#39;none&#39;" in text
            assert 'class="skip" href="#main"' in text
            assert "http" not in text.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", ""), path


def test_levels_are_said_to_be_community_sourced_where_they_are_shown() -> None:
    files = render(build_view(example()))
    for path in ("index.html", "zones/bottling-north/filling-cell.html", "frameworks/iec-62443-3-3--sl-2.html"):
        assert b"community-sourced" in files[path]


def test_a_gap_has_a_page_or_above_a_limit_an_anchor() -> None:
    few = render(build_view(large(10, 50)))
    assert sum(1 for path in few if path.startswith("gaps/")) == 50
    many = render(build_view(large(10, GAP_PAGES + 1)))
    assert not any(path.startswith("gaps/") for path in many)
    assert sum(data.count(b'<article class="gap" id="') for data in many.values()) == GAP_PAGES + 1


def test_a_gap_shows_its_whole_trace_and_the_way_out() -> None:
    page = render(build_view(example()))["gaps/gap-5b1c0a52.html"].decode()
    for wanted in (
        "part deny-by-default",
        "finding-20a1",
        "zones/<wbr>no_<wbr>any_<wbr>rule",
        "evidence/bottling-north/fw-exports/raw/fw-cell-1.conf:1242",
        "c0ffee1234567890c0ffee1234567890c0ffee12",
        "by R. Amsel with FortiGate 7.0.1",
        "planned stop of the filling line",
        "Turn logging on for the rule",
        "engineering and safety review",
    ):
        assert wanted in page


def test_what_the_profile_takes_out_is_listed_with_who_decided_it() -> None:
    files = render(build_view(example())).values()
    (page,) = [data.decode() for data in files if b"Taken out by the profile (1)" in data]
    for told in ("pe-18", "decided for the whole company, not at a site", "R. Amsel", "2027-06-30"):
        assert f">{told}<" in page
    assert ", 1 taken out by the profile: " in page


def test_the_same_again_gives_the_same_bytes() -> None:
    assert render(build_view(example())) == render(build_view(example()))


def test_words_are_not_cut_into_letters_on_paper() -> None:
    """A narrow column once printed as "crit|ical": a floor for every column, and heads that break between words."""
    printed = render(build_view(example()))["static/style.css"].decode().split("@media print", 1)[1]
    assert "min-width: 5.8em" in printed
    assert ".scroll thead th { overflow-wrap: normal; }" in printed
    assert ".status { white-space: normal" not in printed


def test_tested_is_not_said_to_leave_failures_out() -> None:
    """A statement that it is not so counts in every view; the page once said that such a column leaves it out."""
    page = render(build_view(example()))["index.html"].decode()
    assert "where only tested evidence satisfies. A failure counts however it is known" in page
    assert "without what is declared or attested" not in page


def test_the_table_of_policies_fits_a_screen() -> None:
    """Its last columns, pass and not applicable, once lay outside of a window of 1280 pixels."""
    files = render(build_view(example()))
    assert "zones/<wbr>no_any_rule</a>" in files["policies/index.html"].decode()
    assert ".scroll thead th.n { white-space: normal; }" in files["static/style.css"].decode()


def test_causes_of_several_sites_name_the_site_with_their_share_of_all_gaps() -> None:
    pages = {path: data.decode() for path, data in render(build_view(two_sites())).items()}
    south = '<a href="sites/bottling-south.html">Bottling South</a>'
    row = next(line for line in pages["index.html"].split("<tr>") if f"<td>{south}</td>" in line)
    assert '<td class="n">4</td><td class="n">50 %</td>' in row
    assert "zone-6 and 2 more</td>" in re.sub("</?a[^>]*>", "", row)
    assert '<th scope="col">Site</th><th scope="col">Severity</th>' in pages["index.html"]
    assert f"(50 % of all) at {south.replace('sites/', '../sites/')} in " in pages["causes/index.html"]
    assert pages["assets.html"].count("<td>Bottling South</td>") == len(two_sites().sites[1].assets) > 0
    own = next(page for path, page in pages.items() if path.startswith("causes/bottling-south"))
    assert "4 gaps, 100 % of those of Bottling South, in " in own


def test_causes_of_one_site_name_no_site() -> None:
    pages = {path: data.decode() for path, data in render(build_view(example())).items()}
    assert '<th scope="col">Site</th>' not in pages["index.html"]
    assert ">Site</th>" not in pages["assets.html"]
    assert "<b>2 gaps</b> (50 %) in " in pages["causes/index.html"]


def test_a_control_over_several_sites_says_so_and_whose_each_answer_is() -> None:
    given = two_sites()
    framework = given.frameworks[0]
    control = next(each for each in framework.controls if each.parts and each.parts[0].answers)
    answers = [replace(control.parts[0].answers[0], site=site.id) for site in given.sites]
    over = replace(control, site="", unit="", parts=[replace(control.parts[0], answers=answers)])
    frameworks = [replace(framework, controls=[over], units=[]), *given.frameworks[1:]]
    view = build_view(replace(given, frameworks=frameworks))
    shown = view.frameworks[0].groups[0].controls[0]
    page = render(view)[Addresses(view).control_of(view.frameworks[0].key, shown.id)].decode()
    assert "<h2>All 2 sites: " in page
    assert [f"<small>{site.id}</small>" in page for site in given.sites] == [True, True]
    assert ' at "' not in page
