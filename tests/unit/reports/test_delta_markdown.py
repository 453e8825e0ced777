"""The comment, read by GitHub's own parser: what it says, what it leaves out, and that nothing in it obeys."""

from __future__ import annotations

import re

import msgspec
import pytest
from tests.support.delta_example import (
    BASE,
    HEAD,
    HOSTILE,
    JUDGE,
    LOST,
    MOVES,
    PATHS,
    SIGN_OFF,
    SITE_DELTA,
    UNRECORDED,
    example_delta,
    gap,
    hostile_delta,
    large_delta,
    move,
    open_gate,
    quiet_delta,
    results,
)
from tests.support.forge_readers import Page, gfm

from plantproof.model.delta import Delta, JudgeMoves
from plantproof.model.moves import Counts
from plantproof.reports.delta_markdown import COMMENT_LIMIT, MARKER, report, report_summary
from plantproof.reports.reporters import Options

LINKS = Options(blob_url="https://forge.example/plant/-/blob/{commit}/{path}#L{line}", prefix="ot/north")
OURS = {
    "h3",
    "p",
    "strong",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
    "pre",
    "ul",
    "li",
    "code",
    "sub",
}


def comment(delta: Delta, options: Options = LINKS) -> str:
    return report(results(delta), options).decode()


def page(delta: Delta, options: Options = LINKS) -> Page:
    return Page(gfm(comment(delta, options)))


def test_it_begins_with_the_marker_and_every_element_is_closed() -> None:
    read = page(example_delta())
    assert comment(example_delta()).startswith(f"{MARKER}\n")
    assert (read.comments, read.wrong, read.unclosed) == ([" plantproof:diff "], [], [])
    assert {tag for tag, _ in read.elements} <= {*OURS, "a"}


def test_the_table_has_a_row_for_each_site_where_gaps_moved() -> None:
    assert page(example_delta()).cells == [
        ["Site", "Opened", "Worse", "Not known any more", "Changed", "Known now", "Better", "Closed", "Gaps now"],
        ["Bottling North", "3", "1", "3", "1", "1", "1", "2", "42"],
        ["Old works", "0", "0", "13", "0", "0", "0", "0", "0"],
    ]


def test_each_move_and_each_edit_is_in_it_once() -> None:
    text = page(example_delta()).text
    masked, calendar = ["fw-cell-1 rule 9"], ["fw-cell-1 rule 8"]
    names = [each.gap.name for each in MOVES] + [LOST.name, *masked, *calendar]
    counts = {name: len(re.findall(re.escape(name) + r"(?!\d)", text)) for name in names}
    assert counts == dict.fromkeys(names, 1)
    for change in JUDGE.changes:
        assert text.count(change.path) == 1
    assert "conduits[dmz-cell].permitted: tcp/443 → tcp/443, tcp/3389" in text
    assert JUDGE.words[0] in text
    assert "Filling cell (attested): RDF 2 → 0 to 1 (target 2)" in text


def test_it_says_what_stops_the_gate_or_that_it_opens() -> None:
    assert "✗ The gate does not open: 1 opened (1 critical); 1 opened and hidden" in page(example_delta()).text
    better = quiet_delta(move(gap(1), "better"), move(gap(2), "known-now"))
    assert "✓ The gate opens." in page(better).text


def test_ways_between_zones_are_drawn_once() -> None:
    text = comment(example_delta())
    assert text.count("```mermaid\nflowchart LR\n") == 1
    assert '  z0 ==>|"opened: tcp/3389"| z1\n' in text


def test_lines_of_evidence_link_to_the_commit_that_has_them() -> None:
    links = {str(attributes["href"]) for tag, attributes in page(example_delta()).elements if tag == "a"}
    start = "https://forge.example/plant/-/blob"
    assert f"{start}/{HEAD}/ot/north/evidence/bottling-north/fw-exports/raw/fw-cell-1.conf#L1242" in links
    # What failed before and does not fail any more stood in the base.
    assert f"{start}/{BASE}/ot/north/evidence/bottling-north/plc-audit/raw/accounts.csv#L3" in links
    # No line is known: the file.
    assert f"{start}/{HEAD}/ot/north/controls/sites/bottling-north.yaml" in links


def test_without_a_template_and_without_a_commit_there_are_no_links() -> None:
    assert "a" not in {tag for tag, _ in page(example_delta(), Options()).elements}
    working_tree = msgspec.structs.replace(example_delta().head, commit="", ref="working tree")
    hrefs = {str(attributes.get("href")) for tag, attributes in page(example_delta(head=working_tree)).elements}
    assert not any(HEAD in href for href in hrefs)


def test_nothing_that_moved_is_nothing_to_post() -> None:
    assert comment(quiet_delta()) == ""
    nothing = example_delta(sites=[], judge=JudgeMoves(), paths=[], unrecorded=[], sign_off=None)
    assert comment(nothing) == ""


def test_what_only_the_calendar_moved_is_nothing_to_post() -> None:
    assert comment(quiet_delta(calendar=SITE_DELTA.calendar, counts=Counts(gaps_was=3, gaps_now=3, same=3))) == ""


@pytest.mark.parametrize("more", [{"paths": PATHS}, {"sign_off": SIGN_OFF}, {"unrecorded": UNRECORDED}])
def test_a_way_that_opens_and_an_approval_that_is_needed_are_worth_a_comment(more: dict[str, object]) -> None:
    nothing = {"sites": [], "judge": JudgeMoves(), "paths": [], "unrecorded": [], "sign_off": None}
    assert comment(example_delta(**{**nothing, **more})) != ""


def test_a_gate_that_does_not_open_is_never_silent() -> None:
    empty = quiet_delta(policies=0)
    assert report(results(empty), LINKS) != b""
    assert report(open_gate(empty), LINKS) == b""


def test_where_all_is_resolved_it_is_one_line() -> None:
    delta = quiet_delta(move(gap(1), "closed"), move(gap(2), "closed"), move(gap(3), "better"))
    assert comment(delta) == f"{MARKER}\n✓ Nothing left to do: 1 better, 2 closed.\n"


@pytest.mark.parametrize(
    "more",
    [
        {"lost": [LOST]},
        {"intent": SITE_DELTA.intent},
        {"errors": ["zones/no_any_rule"]},
        {"controls": SITE_DELTA.controls},
        {"levels": SITE_DELTA.levels},
    ],
)
def test_beside_what_closed_nothing_else_goes_unsaid(more: dict[str, object]) -> None:
    assert len(comment(quiet_delta(move(gap(1), "closed"), **more)).splitlines()) > 5


def test_a_hundred_thousand_gaps_are_cut_by_severity_with_a_count() -> None:
    delta = large_delta(100_000)
    text = comment(delta)
    assert len(text.encode()) <= COMMENT_LIMIT
    shown = len(re.findall(r"^- \*\*▲▲ critical, opened:\*\*", text, re.MULTILINE))
    assert shown > 50
    rest = f"… and {100_000 - shown:,} more ({25_000 - shown:,} critical, 25,000 high, 25,000 medium, 25,000 low)"
    assert rest in text
    assert "to see all: `plantproof diff main vendor-access --verbose`" in text
    read = Page(gfm(text))
    assert (read.wrong, read.unclosed) == ([], [])


def test_the_limit_holds_whatever_the_sites_and_the_texts_are() -> None:
    hostile = hostile_delta()
    sites = [
        msgspec.structs.replace(site, site=f"{site.site}{number}", title=f"{'|' * 100}{number}", gaps=site.gaps * 9)
        for site in hostile.sites
        for number in range(60)
    ]
    judge = msgspec.structs.replace(JUDGE, words=["|" * 900] * 400, changes=JUDGE.changes * 300)
    text = comment(msgspec.structs.replace(hostile, sites=sites, judge=judge))
    assert len(text.encode()) <= COMMENT_LIMIT
    read = Page(gfm(text))
    assert (read.wrong, read.unclosed) == ([], [])
    assert {tag for tag, _ in read.elements} <= {*OURS, "a"}


def test_hostile_text_becomes_no_markup_no_link_and_no_mention() -> None:
    read = page(hostile_delta())
    assert {tag for tag, _ in read.elements} <= {*OURS, "a"}
    assert (read.comments, read.wrong, read.unclosed) == ([" plantproof:diff "], [], [])
    for tag, attributes in read.elements:
        assert set(attributes) <= {"href", "open", "align", "class"}
        if tag == "a":
            assert str(attributes["href"]).startswith("https://forge.example/plant/-/blob/")
    wanted = r"@\w|#\d|!\d|://|www\.|:boom:|^/close|\u202e|\x1b"
    # The words of the plant are in code where they are names, and parted where they are sentences.
    assert re.findall(wanted, read.prose, re.MULTILINE) == []
    assert HOSTILE.count("@") == 2
    assert len(read.cells[0]) == len(read.cells[1]) == 9


def test_the_same_delta_gives_the_same_bytes() -> None:
    assert comment(example_delta()) == comment(example_delta())


def test_the_summary_of_a_job_is_never_silent_and_has_no_marker() -> None:
    quiet = report_summary(results(quiet_delta()), LINKS).decode()
    assert quiet == "✓ Plantproof: nothing moved; 0 gaps now, 0 before; 1 site judged.\n"
    text = report_summary(results(example_delta()), LINKS).decode()
    assert MARKER not in text
    assert text.startswith("### Plantproof: 3 opened")
    assert len(report_summary(results(large_delta(5_000)), LINKS)) < 1024 * 1024
