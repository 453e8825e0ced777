"""The narrative: data that is filled and cleaned, never run."""

from __future__ import annotations

import pytest
from tests.support.assessment_example import example, two_sites
from tests.support.assessment_hostile import MARKUP, hostile

from plantproof.errors import InputError
from plantproof.reports.narrative import TEXTS, default_narrative, fill_narrative, load_narrative, to_html
from plantproof.reports.view import build_view


def test_the_installed_texts_fill() -> None:
    texts = fill_narrative(default_narrative(), build_view(example()))
    assert sorted(texts) == sorted(TEXTS)
    assert "Filling cell" in texts["zones"]
    assert "**When:** planned stop of the filling line; not while a batch runs" in texts["remediation"].replace(
        "\\", ""
    )
    assert not any("{{" in text for text in texts.values())


def test_every_unknown_placeholder_is_named_with_its_line() -> None:
    with pytest.raises(InputError) as caught:
        load_narrative({"reports/templates/scope.md": b"# A\n{{ titel }}\n{{ nothing_like_it }}\n", "x/scopes.md": b""})
    assert [(p.path, p.line) for p in caught.value.problems] == [
        ("reports/templates/scope.md", 2),
        ("reports/templates/scope.md", 3),
        ("x/scopes.md", 0),
    ]
    assert caught.value.problems[0].hint == "did you mean `title`?"
    assert caught.value.problems[2].hint == "did you mean `scope.md`?"


def test_a_text_in_another_encoding_is_refused() -> None:
    with pytest.raises(InputError, match="not UTF-8"):
        load_narrative({"reports/templates/scope.md": "Füller".encode("latin-1")})


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html,<script>alert(1)</script>)",
        "<javascript:alert(1)>",
        "![a](https://example.org/x.png)",
        "<img src=x onerror=alert(1)>",
        "[a]: javascript:alert(1)\n[b][a]",
        "<svg/onload=alert(1)>",
        "    <script>alert(1)</script>",
        "`<script>alert(1)</script>`",
        "<a href='http://x' onclick='x'>x</a>",
        "<!-- <script>alert(1)</script> -->",
        "**<iframe src=x>**",
    ],
)
def test_markdown_gives_no_active_markup(text: str) -> None:
    shown = str(to_html(text))
    for forbidden in ("<script", "<img", "<svg", "<iframe", 'href="javascript', 'href="data', "<a onclick"):
        assert forbidden not in shown.lower()


def test_values_from_evidence_are_shown_as_they_are() -> None:
    texts = fill_narrative({"scope": "# {{ title }}\n\n{{ sources }}\n\n{{ zones }}"}, build_view(hostile()))
    shown = str(to_html(texts["scope"]))
    assert "<script" not in shown
    assert "<strong>b</strong>" not in shown
    assert "<a " not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "⟨U+202E⟩" in shown
    assert "{{ title }}" in shown
    assert MARKUP not in shown


def test_plain_markdown_works() -> None:
    shown = str(to_html("# Head\n\n- one\n- **two** [docs](https://example.org)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"))
    assert "<h1>Head</h1>" in shown
    assert '<a href="https://example.org" rel="noopener noreferrer">docs</a>' in shown
    assert "<td>2</td>" in shown


def test_what_is_told_of_several_sites_names_each() -> None:
    texts = fill_narrative(
        {"scope": "{{ sources }}\n\n{{ shadows }}\n\n{{ causes }}\n\n{{ waivers }}"}, build_view(two_sites())
    )
    assert "Critical; 4 gaps (50 % of all) at Bottling South in " in texts["scope"]
    heads = [line for line in texts["scope"].splitlines() if line.startswith("| Site |")]
    assert [head.split(" | ")[1] for head in heads] == ["Source", "From", "Waiver"]
    assert texts["scope"].count("| Bottling South | ") == texts["scope"].count("| Bottling North | ") > 2


def test_what_is_told_of_one_site_names_none() -> None:
    texts = fill_narrative({"scope": "{{ sources }}\n\n{{ causes }}"}, build_view(example()))
    assert "High; 2 gaps (50 %) in " in texts["scope"].replace("\\", "")
    assert "| Site |" not in texts["scope"]
