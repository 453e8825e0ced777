"""Who must agree to a change, who did, and what nobody decides."""

from __future__ import annotations

import msgspec
from tests.support.delta_example import SIGN_OFF, example_delta, told

from plantproof.reports.delta_approvals import approvals


def test_approvals_say_who_did_who_may_and_what_does_not_count() -> None:
    section = approvals(example_delta())
    assert told(section) == [
        "✓ given: The owner agrees: 2 of Owner",
        "✗ missing: The safety agrees: Safety",
        "✗ does not count: The network agrees: Network",
        "… may follow: The approver agrees: Approver",
        "! no decision right speaks of this: a conduit of the site bottling-north",
        "! a robot committed, and it is not known for whom: nobody can be shown not to be the author",
        "· made by R. Amsel: no author approves",
        "! change record CHG-0042: Let the vendor in",
        "! something in the plant moves, and no change record is there",
    ]
    assert section is not None
    assert section.title == "Who must agree: 4 approvals, 2 missing"
    why = "because a path opens from Plant DMZ to Filling cell"
    may = "may approve: R. Amsel, M. Osprey (for J. Kestrel until 2026-12-01)"
    assert [entry.under for entry in section.entries[:4]] == [
        (why, "given by M. Osprey, J. Kestrel"),
        (why, "nobody approved", "nobody is known who may approve"),
        (why, "does not count: R. Amsel is an author of the change", may),
        (why, "may follow until 2026-11-22T09:30:00Z", may),
    ]
    assert section.entries[7].under == ("asked for by J. Kestrel, made by R. Amsel", "missing: the rollback plan")


def test_before_the_forge_was_asked_approvals_are_needed() -> None:
    section = approvals(example_delta(sign_off=msgspec.structs.replace(SIGN_OFF, states=())))
    assert told(section)[:4] == [
        "? The owner agrees: 2 of Owner",
        "? The safety agrees: Safety",
        "? The network agrees: Network",
        "? The approver agrees: Approver",
    ]


def test_of_many_things_that_nobody_decides_a_few_are_named() -> None:
    things = tuple(f"evidence of site-{number} was collected" for number in range(8))
    sign_off = msgspec.structs.replace(SIGN_OFF, not_decided=things)
    section = approvals(example_delta(sign_off=sign_off))
    lines = [each for each in told(section) if "decision right" in each or "more thing" in each]
    assert lines[:5] == [f"! no decision right speaks of this: {thing}" for thing in things[:5]]
    assert lines[5:] == ["! nor of 3 more things: the JSON names all of them"]
