"""The gate of a change: only what got worse, by the base's limits, and never green by accident."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.delta_example import (
    BACKUP,
    BROKEN,
    FIREWALL,
    GONE,
    JUDGE,
    LOST,
    OPERATOR,
    SIGN_OFF,
    SITE_DELTA,
    TOO_OLD,
    example_delta,
    gap,
    move,
    quiet_delta,
)
from tests.support.example_names import SITE

from plantproof.errors import InputError
from plantproof.model.assessment import Totals
from plantproof.model.delta import Delta, SiteDelta, Unproved
from plantproof.model.moves import Brought, GapMove
from plantproof.model.vocabulary import Severity
from plantproof.reports.delta_gate import DEFAULT, REASONS, Limits, gate, limits_of, refuse_nothing_judged


def stops(delta: Delta, *words: str, fail_on: str = "low") -> list[tuple[str, int]]:
    return [(stop.reason, stop.count) for stop in gate(delta, limits_of(words, fail_on)).stops]


def one(status: str, **more: object) -> GapMove:
    return move(gap(1), status, **more)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("opened", [("opened", 1)]),
        ("worse", [("worse", 1)]),
        ("unknown-now", [("unknown", 1)]),
        ("known-now", []),
        ("changed", []),
        ("better", []),
        ("closed", []),
    ],
)
def test_by_default_it_stops_at_what_got_worse(status: str, expected: list[tuple[str, int]]) -> None:
    assert stops(quiet_delta(one(status))) == expected


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_stops_at_its_own_and_at_nothing_else(reason: str) -> None:
    delta = example_delta(sites=[SITE_DELTA])
    expected = {
        "opened": [1, 1],
        "worse": [1],
        "unknown": [3, 1],
        "level-lost": [1],
        "approval-missing": [2],
        "judge": [2],
        "stale": [1],
    }
    assert stops(delta, reason) == [(reason, count) for count in expected[reason]]


def test_it_names_evidence_that_is_too_old_where_that_is_asked() -> None:
    delta = msgspec.structs.replace(quiet_delta(), too_old=TOO_OLD)
    assert not gate(delta, limits_of([], "low"))
    told = (
        "1 source with evidence that is too old: bottling-north/sensor (asset since 2026-11-01, flow since 2026-11-02)"
    )
    assert gate(delta, limits_of(["stale"], "low")).words == told


@pytest.mark.parametrize("identity", ["merged", "split"])
def test_identities_that_become_one_or_two_never_stop_it(identity: str) -> None:
    assert stops(quiet_delta(one("opened", identity=identity))) == []


def test_the_calendar_never_stops_it() -> None:
    assert stops(quiet_delta(one("opened", because="calendar"))) == []
    assert stops(quiet_delta(calendar=[one("opened", because="calendar")])) == []
    assert stops(quiet_delta(lost=[msgspec.structs.replace(LOST, because="calendar")])) == []


def test_what_the_edit_of_the_intent_opens_stops_it() -> None:
    assert stops(quiet_delta(one("opened", because="intent"))) == [("opened", 1)]


def test_a_waiver_in_force_opens_it_and_one_that_has_expired_does_not() -> None:
    assert stops(quiet_delta(move(OPERATOR, "opened"))) == []
    assert stops(quiet_delta(move(FIREWALL, "opened"))) == [("opened", 1)]


@pytest.mark.parametrize(("limit", "count"), [("critical", 1), ("high", 2), ("medium", 3), ("low", 4)])
def test_the_severity_comes_from_the_base_or_from_the_words(limit: str, count: int) -> None:
    delta = quiet_delta(
        *(
            move(gap(number, severity=word), "opened")
            for number, word in enumerate(("critical", "high", "medium", "low"))
        )
    )
    assert stops(delta, fail_on=limit) == [("opened", count)]
    assert stops(delta, limit) == [("opened", count)]
    assert stops(delta, f"opened,{limit}", fail_on="critical") == [("opened", count)]


def test_subjects_of_which_nothing_is_known_any_more_are_counted_each() -> None:
    assert stops(quiet_delta(lost=[LOST])) == [("unknown", 2)]
    assert stops(quiet_delta(lost=[LOST]), "high") == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"now": "not-assessed"}, [("unknown", 1)]),
        ({"now": "not-satisfied"}, [("worse", 1)]),
        ({"now": "not-applicable"}, []),
        ({"now": "not-assessed", "was": "not-satisfied"}, [("unknown", 1)]),
        ({"now": "satisfied", "was": "not-assessed"}, []),
        ({"now": "not-assessed", "was": "not-satisfied", "gaps": [FIREWALL.id]}, []),
        ({"now": "not-satisfied", "gaps": [FIREWALL.id]}, []),
        ({"now": "not-satisfied", "totals_now": Totals(failed=1)}, []),
        ({"now": "not-assessed", "totals_now": Totals(no_evidence=1)}, []),
        (
            {"now": "not-assessed", "totals_was": Totals(no_evidence=1), "totals_now": Totals(no_evidence=1)},
            [("unknown", 1)],
        ),
    ],
)
def test_a_statement_that_is_gone_stops_it_where_no_gap_tells(
    more: dict[str, object], expected: list[tuple[str, int]]
) -> None:
    control = msgspec.structs.replace(
        SITE_DELTA.controls[0],
        **{"was": "satisfied", "gaps": [], "totals_was": Totals(), "totals_now": Totals(), **more},
    )
    # Of a zone and of its site: one control.
    assert stops(quiet_delta(controls=[control, msgspec.structs.replace(control, unit_kind="site")])) == expected


def test_a_site_taken_out_stops_it_whatever_the_severity() -> None:
    empty = msgspec.structs.replace(GONE, gaps=[])
    assert stops(example_delta(sites=[empty]), "unknown", "critical") == [("unknown", 1)]
    assert stops(example_delta(sites=[empty]), "opened") == []


def test_what_was_not_asked_of_the_forge_is_missing() -> None:
    given = msgspec.structs.replace(
        SIGN_OFF, states=tuple(each for each in SIGN_OFF.states if each.status != "missing")
    )
    assert stops(example_delta(sites=[], sign_off=given), "approval-missing") == [("approval-missing", 1)]
    not_asked = msgspec.structs.replace(SIGN_OFF, states=())
    assert stops(example_delta(sites=[], sign_off=not_asked), "approval-missing") == [("approval-missing", 4)]
    assert stops(example_delta(sites=[], sign_off=None), "approval-missing") == [("approval-missing", 1)]


def test_a_policy_that_failed_to_run_stops_it_whatever_was_asked() -> None:
    assert stops(example_delta(sites=[BROKEN]), "judge,critical", "level-lost")[-1] == ("error", 1)


@pytest.mark.parametrize("nothing", [{"policies": 0}, {"subjects": 0}, {"policies": 0, "subjects": 0}])
def test_nothing_judged_is_never_green(nothing: dict[str, int]) -> None:
    delta = quiet_delta(**nothing)
    with pytest.raises(InputError, match="nothing was judged at bottling-north"):
        refuse_nothing_judged(delta)
    beside = example_delta(sites=[delta.sites[0], msgspec.structs.replace(BROKEN, errors=[])])
    refuse_nothing_judged(beside)
    assert stops(beside) == [("nothing-judged", 1)]


def test_a_change_that_touches_no_site_is_an_honest_empty_result() -> None:
    delta = example_delta(
        sites=[],
        too_old=[],
        judge=msgspec.structs.replace(JUDGE, changes=[]),
        sign_off=msgspec.structs.replace(SIGN_OFF, required=(), states=()),
    )
    refuse_nothing_judged(delta)
    assert stops(delta, *REASONS) == []


def test_words_are_reasons_severities_or_both() -> None:
    assert limits_of([], "medium") == Limits(DEFAULT, Severity.MEDIUM)
    assert limits_of(["judge, opened", "high"], "low") == Limits(("opened", "judge"), Severity.HIGH)
    assert limits_of(["critical,medium"], "low") == Limits(DEFAULT, Severity.MEDIUM)


def test_words_that_nobody_knows_are_told_all_at_once() -> None:
    with pytest.raises(InputError) as refused:
        limits_of(["opend,high", "severe"], "low")
    (problem,) = refused.value.problems
    assert problem.message == "--fail-on knows no `opend`, `severe`"
    assert "level-lost" in problem.hint
    assert "critical" in problem.hint


def test_it_says_in_words_what_stops_it() -> None:
    words = gate(example_delta(), limits_of([*REASONS], "low")).words
    assert words == (
        "1 opened (1 critical); 1 opened and hidden by the change's own edit of the intent (1 critical); "
        "1 worse (1 critical); the site old-works would no longer be assessed; "
        "3 not known any more (1 critical, 2 medium); 1 statement gone, or not to be relied on any more; "
        "a security level lost in zone filling-cell; "
        "2 approvals missing; 2 files of what judges would change; "
        f"1 source with evidence that is too old: {SITE}/sensor (asset since 2026-11-01, flow since 2026-11-02); "
        "1 policy failed to run"
    )


def test_a_gap_with_less_than_the_limit_beside_one_with_more() -> None:
    delta = quiet_delta(move(gap(1), "opened"), move(BACKUP, "opened"))
    assert stops(delta, "high") == [("opened", 1)]


def test_sites_are_summed() -> None:
    sites = [
        SiteDelta(site=name, title=name, gaps=[one("opened")], policies=1, subjects=1) for name in ("one", "other")
    ]
    assert stops(example_delta(sites=sites)) == [("opened", 2)]


@pytest.mark.parametrize(("approver", "stops_it"), [("Lee Works", False), ("Kim Plant", True), ("kim plant", True)])
def test_who_makes_a_change_retires_nothing_by_himself(approver: str, stops_it: bool) -> None:
    made = Brought(commit="c" * 40, author="Kim Plant", date="2026-11-20T10:00:00Z", subject="Scrap it", path="")
    leaving = msgspec.structs.replace(SITE_DELTA.retired[0], approver=approver, brought=[made])
    delta = quiet_delta(move(gap(1), "closed"), retired=[leaving])
    assert bool(gate(delta, limits_of((), "low"))) is stops_it


def test_sources_that_are_not_proved_stop_it_whatever_was_asked_each_with_its_reason() -> None:
    found = [
        Unproved(site="works", source="backups", paths=["a"], settings=["mapping"]),
        Unproved(site="works", source="flows", paths=["b"]),
        Unproved(site="works", source="register", paths=["c"]),
    ]
    stopped = gate(msgspec.structs.replace(quiet_delta(), unproved=found), limits_of(["judge"], "critical"))
    assert [(each.reason, each.count) for each in stopped.stops] == [("unproved", 2), ("unproved", 1)]
    assert stopped.words == (
        "works/flows, works/register: the records are not what the export says; works/backups: written under edited "
        "settings (mapping); by the base's it says something else"
    )
