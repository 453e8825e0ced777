"""Text of unknown origin in Markdown, read by GitHub's own parser: it stays text."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.support.forge_readers import Page, gfm

from plantproof.reports.markdown import code, link, prose, table, within_html
from plantproof.reports.safe import for_terminal

PIECES = [
    *("http://", "www.", "a.com", "@", "b", "|", "`", "``", "\\", "<!--", "<b>", "&amp;", "&#64;", "mailto:", "~~"),
    *("[x]", "(y)", "- ", "1. ", "# ", "* ", "***", "---", "___", "===", "[ ] ", "  ", "> ", "\n", "/close", ":x:"),
    *("$a$", "{{", "\u202e", "\x1b[31m", "é", "漢"),
]
TEXT = st.text(alphabet="ab09 \\`*_{}[]<>()#+-.!|~&$@=^\"':;/%?,\n", max_size=25) | st.lists(
    st.sampled_from(PIECES), max_size=8
).map("".join)


def as_shown(text: str) -> str:
    return " ".join(for_terminal(text).split())


def read(markdown: str, *allowed: str) -> str:
    page = Page(gfm(markdown))
    assert {tag for tag, _ in page.elements} <= {"p", "code", *allowed}
    assert (page.comments, page.wrong, page.unclosed) == ([], [], [])
    return page.text.strip()


@given(TEXT)
@example("a@b.c and http://x www.x.y")
@example("- not a list")
@example("``a`")
def test_prose_reads_as_it_was_wherever_it_stands(text: str) -> None:
    assert read(prose(text)) == as_shown(text)
    assert read(f"before {prose(text)} after").split() == ["before", *as_shown(text).split(), "after"]
    assert read(f"- {prose(text)}", "ul", "li") == as_shown(text)


@given(TEXT)
@example("a|b\\|c`")
@example("`")
def test_code_reads_as_it_was(text: str) -> None:
    assert read(code(text)) == as_shown(text)


@given(TEXT, TEXT)
@example("\\|", "`|`")
def test_cells_stay_in_their_columns(one: str, other: str) -> None:
    page = Page(gfm(table(["A", "B"], [[prose(one), code(other)]])))
    assert [[cell.strip() for cell in row] for row in page.cells] == [["A", "B"], [as_shown(one), as_shown(other)]]
    assert {tag for tag, _ in page.elements} <= {"table", "thead", "tbody", "tr", "th", "td", "code"}


@given(TEXT)
def test_a_summary_in_html_reads_as_it_was(text: str) -> None:
    page = Page(gfm(f"<details><summary>{within_html(text)}</summary>\n\nx\n\n</details>\n"))
    assert {tag for tag, _ in page.elements} == {"details", "summary", "p"}
    assert page.text.split("\n")[0] == as_shown(text)


FILTERS = {
    "mention": r"(?<!\w)@\w",
    "issue": r"#\d",
    "merge request": r"(?<!\w)!\d",
    "address": r"://",
    "web": r"(?i)\bwww\.",
    "emoji": r":[\w+-]+:",
    "wiki": r"\[\[",
    "mail": r"(?i)mailto:\w",
    "command": r"(?m)^/\w",
    "GitLab": r"[$%~&]\w",
}
"""What forges look for in text that is no code."""


@pytest.mark.parametrize(
    "text",
    [
        *("@admin", "a @group/team b", "#1", "owner/repo#12", "!7", "http://evil.example", "see www.evil.example"),
        *(":boom:", "[[page]]", "mailto:a@b.example", "/close", "$1", "%milestone", "~label", "&3", "HTTPS://x.y"),
    ],
)
def test_nothing_is_left_for_the_filters_of_a_forge(text: str) -> None:
    left = {name for name, wanted in FILTERS.items() if re.search(wanted, text)}
    assert left
    for written in (prose(text), f"<b>{within_html(text)}</b>"):
        page = Page(gfm(written))
        assert [name for name, wanted in FILTERS.items() if re.search(wanted, page.prose)] == []
        assert "a" not in {tag for tag, _ in page.elements}
    assert Page(gfm(code(text))).prose.strip() == ""


def test_what_is_special_to_nobody_stays_as_it_is() -> None:
    assert prose("fw-cell-1 rule 17 (10:30), 5 % of tcp/502") == "fw-cell-1 rule 17 (10:30), 5 % of tcp/502"
    assert code("evidence/x/raw/fw.conf:12") == "`evidence/x/raw/fw.conf:12`"


def test_long_text_is_cut_with_a_mark() -> None:
    assert prose("x" * 1000, 10) == "x" * 9 + "…"
    assert code("x" * 1000, 10) == f"`{'x' * 9}…`"
    assert (code(""), prose("")) == ("", "")


@pytest.mark.parametrize("address", ["https://f.example/a/b(c)/<d>#L1", "https://f.example/a b`c|d\\e\u202e"])
def test_a_link_goes_where_it_says_and_nowhere_else(address: str) -> None:
    page = Page(gfm(f"{link(code('a|b'), address)} rest"))
    ((tag, attributes),) = [(tag, attributes) for tag, attributes in page.elements if tag == "a"]
    assert (tag, page.text.strip()) == ("a", "a|b rest")
    assert str(attributes["href"]).startswith("https://f.example/a")
    assert not re.search(r"[<>`|\\\s]", str(attributes["href"]))
