"""What is pointed at: words, places and rules that all formats share."""

from __future__ import annotations

import msgspec
from tests.support.assessment_example import example
from tests.support.delta_example import BACKUP, BROUGHT, FIREWALL, LOST, MOVES, example_delta, move

from plantproof.model.moves import MIRRORED
from plantproof.reports.marks import (
    FAILS,
    Place,
    label,
    mark_of_gap,
    mark_of_lost,
    mark_of_move,
    marks_of_assessment,
    marks_of_delta,
    marks_of_site,
    rules_of_assessment,
)


def test_a_gap_says_criterion_subject_and_condition() -> None:
    mark = mark_of_gap(BACKUP)
    assert mark.status == FAILS
    assert mark.message == (
        "A restore of each backup was tested within a year: historian-nightly: "
        "Restore never tested (expected within 365 days)"
    )
    assert label(mark) == "availability/restore_tested (max_days = 365)"


def test_the_device_is_named_where_the_name_does_not() -> None:
    gap = msgspec.structs.replace(FIREWALL, name="rule 17", device="fw-cell-1")
    assert mark_of_gap(gap).subject == "rule 17 on fw-cell-1"
    assert mark_of_gap(msgspec.structs.replace(gap, name="fw-cell-1 rule 17")).subject == "fw-cell-1 rule 17"


def test_what_is_not_known_any_more_says_why_and_not_what_was_wrong() -> None:
    mark = mark_of_move(move(FIREWALL, "unknown-now", why="stale: 93 days old"))
    assert mark.conditions == ["stale: 93 days old"]
    assert mark_of_lost(LOST).conditions == ["passed before; evidence too old: 40 days old, 30 allowed"]
    assert mark_of_lost(LOST).subject == "historian-1 (2 subjects)"


def test_places_are_raw_lines_then_records_then_commits_then_the_site() -> None:
    raw = mark_of_gap(FIREWALL)
    assert [str(place) for place in raw.places] == ["evidence/bottling-north/fw-exports/raw/fw-cell-1.conf:1242"]
    link = msgspec.structs.replace(FIREWALL.evidence[0], raw="", raw_line=0)
    record = mark_of_gap(msgspec.structs.replace(FIREWALL, evidence=[link, link]))
    assert record.places == [Place(link.record, 17)]
    none = msgspec.structs.replace(FIREWALL, evidence=[])
    assert mark_of_gap(none, brought=[BROUGHT]).places == [Place(BROUGHT.path, 17)]
    assert mark_of_gap(none).places == [Place("controls/sites/bottling-north.yaml")]


def test_each_status_is_pointed_at_once_and_the_most_severe_first() -> None:
    delta = example_delta()
    marks = marks_of_delta(delta, MIRRORED)
    assert len(marks) == len(MOVES) + 1 + 1
    assert len({mark.id for mark in marks}) == len(marks)
    order = ["critical", "high", "medium", "low"]
    assert [mark.severity for mark in marks] == sorted((mark.severity for mark in marks), key=order.index)
    assert {mark.status for mark in marks_of_site(delta.sites[0], ["closed"])} == {"closed"}


def test_the_id_of_what_is_lost_is_that_of_its_policy_parameters_and_subject() -> None:
    again = mark_of_lost(msgspec.structs.replace(LOST, why="otherwise", name="another"))
    assert again.id == mark_of_lost(LOST).id
    others = [{"parameters": {"max_days": 30}}, {"subject": "x"}, {"site": "x"}, {"policy": "x"}]
    ids = {mark_of_lost(msgspec.structs.replace(LOST, **other)).id for other in others}
    assert len(ids | {again.id}) == 5


def test_rules_say_what_to_do_where_something_came_of_them() -> None:
    assessment = example()
    rules = rules_of_assessment(assessment)
    assert set(rules) == {policy.policy for policy in assessment.policies}
    assert {mark.policy for mark in marks_of_assessment(assessment)} <= set(rules)
    cause = assessment.causes[0]
    assert rules[cause.policy].help.startswith("What to do: ")
    assert rules[cause.policy].window in rules[cause.policy].help
