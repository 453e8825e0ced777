"""A draft on paper: the file with its questions beside what they ask, the list, and what reports say of it."""

from __future__ import annotations

import msgspec
from tests.support.assessment_example import example
from tests.support.plant_world import conduit, site, zone

from plantproof.files import load_yaml
from plantproof.model.draft import Draft, Question
from plantproof.model.site import Site
from plantproof.reports.draft_intent import questions_markdown, questions_text, site_file
from plantproof.reports.summary import build_summary
from plantproof.reports.text import render
from plantproof.reports.view import build_view

QUESTIONS = tuple(
    Question(kind="owner", about=about, text=f"Who owns {name}?", why="it\nmatters", decides=decides)
    for name, about, decides in (("all", (), 9), ("the cell", ("cell",), 5), ("the way", ("join",), 2))
)
DRAFT = Draft(
    site=site(zone("cell", "10.1.0.0/16"), zone("#x: [", "10.2.0.0/16"), conduits=[conduit("join", "cell", "#x: [")]),
    questions=QUESTIONS,
    notes={"cell": ("3 PLCs", "a\nb\u202e")},
    assets=4,
    placed=3,
)


def test_the_file_is_the_site_with_each_question_beside_what_it_is_about() -> None:
    data = site_file(DRAFT)
    assert load_yaml(data, "x", Site) == DRAFT.site
    lines = data.decode().splitlines()
    assert lines[0] == "# Draft intent of works: proposed from the evidence, confirmed by nobody."
    assert lines.index("# ? Who owns all?") < lines.index("zones:")
    cell = lines.index("  - id: cell")
    assert lines[cell - 4 : cell] == ["  # 3 PLCs", "  # a⏎b⟨U+202E⟩", "  # ? Who owns the cell?", "  #   it⏎matters"]
    assert lines[lines.index("  - id: join") - 2] == "  # ? Who owns the way?"


def test_a_terminal_shows_the_first_questions_and_says_how_many_there_are() -> None:
    assert questions_text(DRAFT, 1).splitlines() == [
        "  1. Who owns all?",
        "     it⏎matters",
        "     and 2 more: in the file, or with --questions FILE",
    ]
    assert "more" not in questions_text(DRAFT, 3)


def test_the_page_has_every_question_with_room_for_an_answer() -> None:
    text = questions_markdown(DRAFT).decode()
    assert text.count("   Answer:") == 3
    assert "4 assets, 3 of them in 2 drafted zones;" in text
    assert "1. **Who owns all?**" in text
    assert "(decides 9; about the site)" in text


def test_every_report_says_that_intent_is_a_draft() -> None:
    whole = example()
    (first, *others) = whole.sites
    words = "draft intent: nobody has confirmed 1 of 1 zones"
    zones = [msgspec.structs.replace(each, unconfirmed=True) for each in first.zones]
    drafted = msgspec.structs.replace(first, draft=words, zones=zones)
    assessment = msgspec.structs.replace(whole, sites=[drafted, *others])
    view = build_view(assessment)
    assert any(banner.startswith("Draft intent: nobody has confirmed 1 of 1 zones of ") for banner in view.banners)
    assert all(unit.title.endswith(" (draft)") for unit in view.sites[0].zones)
    assert "Draft intent" in render(build_summary(assessment))
    assert "Draft intent" not in render(build_summary(whole))
