"""Gaps grouped by cause."""

from __future__ import annotations

from msgspec.structs import replace
from tests.support.mapper_world import policy

from plantproof.mappers.causes import group, ranked, shape_of
from plantproof.model.assessment import Gap
from plantproof.model.policy import Bundle, Violation

BUNDLE = Bundle(policies={"f/x": policy("f/x"), "f/low": policy("f/low", severity="low")}, libraries={}, digest="")


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


def test_one_wide_rule_behind_many_crossings_is_one_cause() -> None:
    """One firewall lets three services through between two pairs of zones: one cause, since one rule set is to
    change."""
    gaps = [
        replace(gap(f"x{n}", words, kind="crossing", asset="fw-1"), zones=zones)
        for n, (words, zones) in enumerate(
            [
                ("tcp/502 is let through from zone cell to zone hall", ["cell", "hall"]),
                ("udp/1-9 is let through from zone cell to zone hall", ["cell", "hall"]),
                ("tcp/80 is let through from zone hall-2 to zone cell", ["cell", "hall-2"]),
            ]
        )
    ]
    (cause,) = group(gaps, BUNDLE).causes
    assert (cause.title, cause.gaps) == ("… is let through from zone … to zone … (FW-1)", 3)


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
