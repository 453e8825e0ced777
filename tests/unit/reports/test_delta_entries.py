"""Ways between zones, ways out, reach: each in its words, in the terminal and in the comment."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.delta_example import (
    IMPACT,
    PATHS,
    SITE_DELTA,
    VENDOR,
    WAYS_OUT,
    example_delta,
    hostile_delta,
    quiet_delta,
    results,
    told,
)
from tests.support.forge_readers import Page, gfm

from plantproof.model.delta import Delta, Merger, Unproved
from plantproof.model.impact import Impact
from plantproof.reports.delta_entries import (
    AFTER_DETAILS,
    BEFORE_DETAILS,
    impact,
    merged,
    paths,
    retired,
    unproved,
    unrecorded,
    ways_out,
)
from plantproof.reports.delta_markdown import report
from plantproof.reports.delta_text import render
from plantproof.reports.delta_words import headline, speaks
from plantproof.reports.reporters import Options

ALL = (*BEFORE_DETAILS, *AFTER_DETAILS)


def test_what_opens_stands_before_what_narrows() -> None:
    section = paths(example_delta())
    assert told(section) == [
        "+ opened: Plant DMZ → Filling cell at bottling-north",
        "~ narrower: Office → plant-dmz at bottling-north",
    ]
    assert section is not None
    assert section.expanded
    closed = paths(example_delta(paths=PATHS[:1]))
    assert closed is not None
    assert not closed.expanded


def test_a_way_names_rule_packet_conduit_and_what_is_not_decided() -> None:
    section = paths(example_delta())
    assert section is not None
    opened, narrower = section.entries
    assert opened.under == (
        "before: nothing; now: tcp/3389",
        (
            "tcp/3389 passes now by temp vendor access on fw-cell-1: for example 198.51.100.7 → 192.0.2.10 tcp/3389; "
            "no conduit permits it"
        ),
        "not decided: NAT is not modelled",
        "way out: the conduit dmz-cell could carry it",
    )
    assert [str(place) for place in opened.places] == ["evidence/bottling-north/fw-exports/raw/fw-cell-1.conf:1242"]
    assert narrower.under[1] == "ip but tcp/23 passed: for example any → any icmp/8; conduit office-dmz"


def test_many_services_are_counted() -> None:
    change = msgspec.structs.replace(PATHS[1], opened=[VENDOR] * 40, services_after=[f"tcp/{n}" for n in range(40)])
    section = paths(example_delta(paths=[change]))
    assert section is not None
    under = section.entries[0].under
    assert "and 28 more: passes now" in under
    assert under[0].endswith("tcp/11 and 28 more")


def test_a_device_configured_otherwise_without_a_record_is_named_with_its_lines() -> None:
    section = unrecorded(example_delta())
    assert told(section) == ["! sw-cip-1 at bottling-north, collected 2026-11-19: no change record names it"]
    assert section is not None
    assert section.speaks
    (entry,) = section.entries
    assert entry.under == ("rule `2` added", "interface `Vlan102` added")
    assert [tuple(place) for place in entry.places] == [
        ("evidence/bottling-north/switches/records/firewall_rule.jsonl", 9),
        ("evidence/bottling-north/switches", 0),
    ]


def test_ways_out_stand_by_policy_with_their_commands() -> None:
    section = ways_out(example_delta())
    assert told(section) == ["· zones/no_any_rule at bottling-north, 2 gaps"]
    assert section is not None
    (entry,) = section.entries
    assert entry.under == (
        "mend it: Name the services in the rule. Window: the next planned stop.",
        "a dated deviation: A deviation until 2027-05-19.",
    )
    assert entry.commands == (WAYS_OUT[1].command,)


def test_the_reach_is_numbers_and_lists() -> None:
    section = impact(example_delta())
    assert section is not None
    assert section.title == "What it reaches: 1 policy, 1 part of 1 control, 1 document"
    assert told(section)[0] == "· records changed: 2 firewall_rule"
    assert len(told(section)) == 7


MERGED = Merger(site="works", asset="a-1", names=["PLC-7", "press"], unseen=["PLC-7"], zones=["cell"])


def test_assets_that_become_one_are_told_first_by_what_nobody_reported() -> None:
    section = merged(everything())
    assert section is not None
    (entry,) = section.entries
    assert entry.text == "PLC-7 and press at works are one asset now, a-1"
    assert entry.under[0] == "no fresh source reported PLC-7: nobody retired what is not there"
    delta = quiet_delta(merged=[MERGED])
    assert speaks(delta)
    assert headline(delta) == "2 assets merged"


def test_what_leaves_later_says_so() -> None:
    leaving = msgspec.structs.replace(SITE_DELTA.retired[0], date="2036-05-01")
    section = retired(quiet_delta(retired=[leaving]))
    assert section is not None
    assert section.entries[0].text == "hmi-77 of filling-cell, to leave on 2036-05-01: scrapped"


def empty() -> Delta:
    return quiet_delta()


def everything() -> Delta:
    """The example, with what would stop any gate and so stands in no golden file."""
    return example_delta(
        unproved=[Unproved(site="works", source="switches", paths=["evidence/x/records/setting.jsonl"])],
        sites=[msgspec.structs.replace(SITE_DELTA, merged=[MERGED])],
    )


@pytest.mark.parametrize(
    ("settings", "said", "words", "hint"),
    [
        ([], [], "the records are not what the export says", "collect the export anew"),
        (["mapping"], [], "written under edited settings (mapping); by the base's it says something else", "agree on"),
        (["covers"], ["covers"], "written under edited settings (covers)", "agree on"),
        ([], ["covers", "vantage"], "custody says other covers and vantage than the settings", "agree on"),
    ],
)
def test_a_source_that_is_not_proved_says_why(settings: list[str], said: list[str], words: str, hint: str) -> None:
    source = Unproved(site="works", source="switches", paths=["evidence/x/custody.yaml"], settings=settings, said=said)
    section = unproved(example_delta(unproved=[source]))
    assert section is not None
    (entry,) = section.entries
    assert words in entry.text
    assert entry.under[0].startswith(hint)


@pytest.mark.parametrize("make", ALL)
def test_a_section_with_nothing_to_say_is_none(make) -> None:
    assert make(empty()) is None
    assert make(everything()) is not None


def test_a_terminal_tells_the_reach_in_one_line_unless_asked() -> None:
    delta = quiet_delta()
    reached = msgspec.structs.replace(delta, impact=IMPACT)
    assert "What it reaches: 1 policy" in render(results(reached))
    assert "records changed" not in render(results(reached))
    assert "records changed" in render(results(reached), verbose=True)
    assert "What it reaches" not in render(results(msgspec.structs.replace(delta, impact=Impact())))


def test_terminal_and_comment_say_the_same() -> None:
    delta = everything()
    text = " ".join(render(results(delta), verbose=True).split())
    page = Page(gfm(report(results(delta), Options()).decode())).text
    comment = " ".join(page.split())
    for make in ALL:
        section = make(delta)
        assert section is not None
        for entry in section.entries:
            signed = f"{entry.status.symbol} {entry.text}" if entry.status.word else entry.text
            for words in (signed, *entry.under, *entry.commands):
                assert " ".join(words.split()) in text
                assert " ".join(words.split()) in comment


def test_a_command_too_long_is_left_out_not_cut() -> None:
    long = msgspec.structs.replace(WAYS_OUT[1], command="plantproof waiver new" + " --subject x" * 100)
    text = report(results(example_delta(ways_out=[long])), Options()).decode()
    assert "plantproof waiver new" not in text
    assert long.command in render(results(example_delta(ways_out=[long])))


def test_hostile_words_stay_words() -> None:
    read = Page(gfm(report(results(hostile_delta()), Options()).decode()))
    assert {"script", "img", "a"} & {tag for tag, _ in read.elements} == set()
