"""A change for a terminal: 80 columns, every move once, the sums in the last line."""

from __future__ import annotations

from tests.support.delta_example import (
    LOST,
    MOVES,
    example_delta,
    gap,
    hostile_delta,
    large_delta,
    move,
    quiet_delta,
    results,
)

from plantproof.reports.delta_text import render, report
from plantproof.reports.reporters import Options
from plantproof.reports.text_lines import columns


def lines(**options: object) -> list[str]:
    return render(results(example_delta()), **options).splitlines()  # type: ignore[arg-type]  # as the tests say


def test_the_last_line_sums_up() -> None:
    text = render(results(example_delta()))
    assert " ".join(text.rsplit("\n\n", 1)[1].split()).endswith(
        "3 opened, 1 worse, 16 not known any more, 1 changed, 1 known now, 1 better, 2 closed, "
        "1 statement moved, 1 asset retired, 1 hidden by an edit of the design intent, 2 files of what judges edited; "
        "42 gaps now, 42 before; 3 sites judged, 1 untouched."
    )
    assert render(results(quiet_delta())).endswith("\nnothing moved; 0 gaps now, 0 before; 1 site judged.\n")


def test_nothing_is_wider_than_the_terminal_but_paths_and_commands() -> None:
    for line in lines():
        assert columns(line) <= 80 or line.strip().startswith(("evidence/", "controls/", "plantproof ")), line


def test_signs_say_what_moved_which_way() -> None:
    signs = {line[:1] + line.partition(",")[0][1:] for line in lines() if line[:2] in ("+ ", "~ ", "- ", "? ", "! ")}
    assert {"+ opened", "~ worse", "~ better", "~ changed", "- closed", "? not known any more", "! known now"} <= signs


def test_each_move_is_in_it_once() -> None:
    text = " ".join(render(results(example_delta())).split())
    for each in MOVES:
        assert text.count(f": {each.gap.name} [") == 1
    assert text.count(LOST.name) == 1


def test_of_many_sites_in_which_nothing_moved_some_are_named() -> None:
    sites = [f"site-{number:02}" for number in range(50)]
    delta = example_delta(collected_again=sites)
    told = render(results(delta)).partition("seen again as before ")[2]
    assert " ".join(told.split()).startswith(", ".join(sites[:12]) + " and 38 more untouched")
    assert ", ".join(sites) in " ".join(render(results(delta), verbose=True).split())


def test_each_section_has_its_heading() -> None:
    text = render(results(example_delta()))
    headings = (
        "bottling-north: Bottling North",
        "The change takes this site out",
        "! zones/no_any_rule failed to run",
        "The change edits the design intent: controls/sites/bottling-north.yaml",
        "hides what",
        "The change edits what judges. It was not used here",
        "Moved by the calendar alone, 2026-11-10 to 2026-11-20: not this change",
        "untouched            brewery",
        "The gate does not open: 1 opened (1 critical)",
    )
    places = [text.find(heading) for heading in headings]
    assert -1 not in places
    assert places == sorted(places)


def test_without_verbose_the_rest_is_counted() -> None:
    short = render(results(large_delta(200)))
    assert "+ 175 more opened: --verbose shows them" in short
    assert "--verbose shows them" not in render(results(large_delta(200)), verbose=True)


def test_colour_adds_nothing_but_colour() -> None:
    plain, coloured = render(results(example_delta())), render(results(example_delta()), colour=True)
    assert "\x1b[31m+\x1b[0m opened" in coloured
    for sequence in ("\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[2m", "\x1b[1m", "\x1b[0m"):
        coloured = coloured.replace(sequence, "")
    assert coloured == plain


def test_better_is_green_and_worse_is_red_under_one_sign() -> None:
    better = render(results(quiet_delta(move(gap(1), "better"))), colour=True)
    worse = render(results(quiet_delta(move(gap(1), "worse"))), colour=True)
    assert ("\x1b[32m~" in better, "\x1b[31m~" in worse) == (True, True)


def test_hostile_text_moves_no_cursor() -> None:
    text = report(results(hostile_delta()), Options(verbose=True)).decode()
    assert [character for character in text if ord(character) < 32 and character != "\n"] == []
    assert "\u202e" not in text
