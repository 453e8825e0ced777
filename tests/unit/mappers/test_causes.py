"""Gaps grouped by cause."""

from __future__ import annotations

from msgspec.structs import replace
from tests.support.mapper_world import policy

from plantproof.mappers.causes import group, ranked, shape_of
from plantproof.model.assessment import Gap
from plantproof.model.policy import Bundle, Violation

BUNDLE = Bundle(policies={"f/x": policy("f/x"), "f/low": policy("f/low", severity="low")}, libraries={})


def gap(
    subject: str, message: str, *, kind: str = "asset", asset: str = "", name: str = "f/x", review: str = ""
) -> Gap:
    return Gap(
        id=subject,
        site="works",
        policy=name,
        subject=subject,
        subject_kind=kind,
        name=subject,
        asset=asset or subject,
        device=asset.upper(),
        zones=["cell"],
        severity=BUNDLE.policies[name].metadata.severity,
        criterion="c",
        violations=[Violation(message)],
        cause="",
        review=review,
    )


def test_the_shape_leaves_out_what_is_the_subjects_own() -> None:
    """Names, addresses, numbers, dates and quoted words go; what is wrong stays."""
    found = shape_of(
        gap("plc-7", "plc-7 answers at 10.1.2.3:23 since 2024-01-02 as `admin`, 44 days, 00:1B:1b:00:00:01")
    )
    assert found == "… answers at … since … as …, … days, …"
    two = gap("plc-7", "b")
    assert shape_of(replace(two, violations=[Violation("b"), Violation("a"), Violation("b")])) == "a; b"


def test_many_accounts_of_one_directory_are_one_cause() -> None:
    """Three idle accounts in the directory, one each on two panels: the directory is one cause, the panels another."""
    gaps = [gap(f"dc:{n}", "not used", kind="account", asset="dc") for n in range(3)]
    gaps += [gap(f"panel-{n}:op", "not used", kind="account", asset=f"panel-{n}") for n in range(2)]
    found = group(gaps, BUNDLE)
    assert [(cause.title, cause.gaps, cause.share) for cause in found.causes] == [
        ("not used (DC)", 3, 0.6),
        ("not used", 2, 0.4),
    ]
    assert [each.cause for each in found.gaps] == [found.causes[0].key] * 3 + [found.causes[1].key] * 2


def crossing(name: str, message: str, zones: list[str], opened_by: list[str]) -> Gap:
    return replace(gap(name, message, kind="crossing", asset="fw-1"), zones=zones, opened_by=opened_by)


def test_one_wide_rule_behind_many_crossings_is_one_cause() -> None:
    """Rule 9 lets three services through between three zones, whatever the wording: one cause, since one rule is to
    change. What rule 2 lets through is another; what both open counts for the one that opens more."""
    gaps = [
        crossing("x0", "tcp/502 is let through from Cell to Hall", ["cell", "hall"], ["rule 9 on FW-1"]),
        crossing("x1", "ip is let through from Cell to Hall", ["cell", "hall"], ["rule 2 on FW-1", "rule 9 on FW-1"]),
        crossing("x2", "tcp/80 is let through from Yard to Cell", ["cell", "yard"], ["rule 9 on FW-1"]),
        crossing("x3", "tcp/22 is let through from Yard to Cell", ["cell", "yard"], ["rule 2 on FW-1"]),
    ]
    names = {"cell": "Cell", "hall": "Hall", "yard": "Yard"}
    assert [(cause.title, cause.gaps) for cause in group(gaps, BUNDLE, names).causes] == [
        ("rule 9 on FW-1 opens 3 ways between Cell, Hall and Yard; asked: Title of f/x", 3),
        ("rule 2 on FW-1 opens one way between Cell and Yard; asked: Title of f/x", 1),
    ]


def test_a_rule_between_many_zones_gives_their_number() -> None:
    gaps = [crossing(f"x{n}", "ip", ["cell", f"hall-{n}"], ["rule 1"]) for n in range(3)]
    (cause,) = group(gaps, BUNDLE).causes
    assert cause.title == "rule 1 opens 3 ways among 4 zones; asked: Title of f/x"


def test_a_title_has_no_holes() -> None:
    """Where the wording differs by subject, the policy's title stands with a few of them; of one, its own words."""
    gaps = [gap(f"dc:{name}", f"account `{name}` is shared", kind="account", asset="dc") for name in "abcd"]
    gaps = [replace(each, name=f"account {each.subject[3:]} on DC") for each in gaps]
    assert [cause.title for cause in group(gaps, BUNDLE).causes] == [
        "account a, account b and 2 more on DC fail: Title of f/x"
    ]
    assert [cause.title for cause in group(gaps[:2], BUNDLE).causes] == [
        "account a and account b on DC fail: Title of f/x"
    ]
    assert [cause.title for cause in group(gaps[:1], BUNDLE).causes] == ["account `a` is shared"]


def test_settings_of_many_devices_are_one_cause() -> None:
    """One template behind twenty switches."""
    gaps = [gap(f"sw-{n}:ssh", "ssh is off", kind="setting", asset=f"sw-{n}") for n in range(20)]
    assert [cause.gaps for cause in group(gaps, BUNDLE).causes] == [20]


def test_the_key_of_a_cause_is_stable() -> None:
    """More gaps of the same kind: the same cause."""
    few, many = ([gap(f"sw-{n}", "ssh is off") for n in range(count)] for count in (2, 9))
    assert group(few, BUNDLE).causes[0].key == group(many, BUNDLE).causes[0].key


def test_the_severe_come_first() -> None:
    """One severe gap stands before three of low severity."""
    gaps = [gap(f"a-{n}", "x", name="f/low") for n in range(3)] + [gap("b-1", "y")]
    causes = group(gaps, BUNDLE).causes
    assert [(cause.severity, cause.gaps) for cause in causes] == [("high", 1), ("low", 3)]
    assert ranked(causes[::-1]) == causes
