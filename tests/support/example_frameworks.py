"""What three frameworks say of the example."""

from __future__ import annotations

from tests.support.example_names import CSF, IEC, MET, MISSED, OPEN, OUT, OVERLAY, SITE

from plantproof.model.assessment import (
    AnswerResult,
    ControlFinding,
    FrameworkResult,
    PartResult,
    RemovedControl,
    Totals,
)
from plantproof.model.vocabulary import Conclusion

ANY_RULE = AnswerResult(
    policy="zones/no_any_rule",
    coverage="full",
    conclusion=MISSED,
    tested=True,
    totals=Totals(passed=16, failed=1, tested=16),
    why="1 of 17 rules fails",
)
SHARED = AnswerResult(
    policy="identity/no_shared_accounts",
    coverage="partial",
    leaves_out="accounts of applications inside the historian",
    conclusion=MISSED,
    totals=Totals(passed=6, failed=2, not_applicable=3),
    why="2 of 8 accounts fail",
)
BADGES = AnswerResult(
    attestation="badge-audit",
    coverage="partial",
    leaves_out="visitors",
    conclusion=MET,
    claimed=True,
    why="attested 2026-02-10",
)
RESTORE = AnswerResult(
    policy="availability/restore_tested",
    parameters={"max_days": 365},
    coverage="full",
    conclusion=MISSED,
    tested=True,
    totals=Totals(passed=1, failed=1, no_evidence=2, tested=1),
    why="1 of 4 backups fails, 2 without evidence",
)

SR_11 = PartResult(
    id="unique",
    asks="Every person is identified on their own",
    scope="component",
    aspect="configuration",
    conclusion=MISSED,
    answers=[SHARED, BADGES],
)
SR_52 = PartResult(
    id="deny-by-default",
    asks="Traffic between zones is denied unless it is permitted",
    scope="conduit",
    aspect="configuration",
    conclusion=MISSED,
    answers=[ANY_RULE],
    tested=True,
)
SR_73 = PartResult(
    id="backup-tested",
    asks="Backups are known to restore",
    scope="system",
    aspect="operation",
    conclusion=MISSED,
    answers=[RESTORE],
    tested=True,
)


def _control(
    control: str, title: str, conclusion: Conclusion, parts: list[PartResult] | None = None, **more: object
) -> ControlFinding:
    parts = parts or []
    totals = sum((answer.totals for part in parts for answer in part.answers), Totals())
    fields: dict[str, object] = {
        "unit_kind": "site",
        "unit": SITE,
        "tested": conclusion if conclusion is not MET else OPEN,
        "compensated": conclusion,
        "parts_total": max(1, len(parts)),
        "parts_answered": len(parts),
        "totals": totals,
        **more,
    }
    return ControlFinding(control=control, title=title, site=SITE, conclusion=conclusion, parts=parts, **fields)


def _framework(
    framework: str, title: str, profile: str, controls: list[ControlFinding], **more: object
) -> FrameworkResult:
    def count(which: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for control in controls:
            word = str(getattr(control, which))
            found[word] = found.get(word, 0) + 1
        return found

    return FrameworkResult(
        framework=framework,
        title=title,
        profile=profile,
        profile_title=f"{title}, as this plant tailors it",
        conclusions=count("conclusion"),
        tested=count("tested"),
        selected=len(controls),
        controls=controls,
        **more,
    )


NOTHING = "no policy or attestation answers this control"
FRAMEWORKS = [
    _framework(
        IEC,
        "IEC 62443-3-3",
        "sl-2",
        [
            _control(
                "SR 1.1",
                "Human user identification and authentication",
                MISSED,
                [SR_11],
                compensated=MISSED,
                why="people share accounts",
            ),
            _control("SR 1.2", "Software process and device identification", OPEN, why=NOTHING),
            _control("SR 2.8", "Auditable events", OPEN, why=NOTHING),
            _control("SR 3.4", "Software and information integrity", OPEN, why=NOTHING),
            _control("SR 5.2", "Zone boundary protection", MISSED, [SR_52], tested=MISSED),
            _control("SR 5.4", "Application partitioning", MET, why="attested", tested=OPEN),
            _control("SR 7.3", "Control system backup", MISSED, [SR_73], tested=MISSED),
            _control(
                "SR 2.2",
                "Wireless use control",
                OUT,
                tailored="not applicable: the plant has no wireless network (approved by R. Amsel, review 2026-12-31)",
            ),
        ],
        edition="2013",
        notice="Titles and levels of the requirements are community-sourced; check them against your standard.",
        units=[
            _control(
                "SR 1.1",
                "Human user identification and authentication",
                MISSED,
                [SR_11],
                unit_kind="zone",
                unit="filling-cell",
            ),
            _control("SR 5.2", "Zone boundary protection", MISSED, [SR_52], unit_kind="conduit", unit="dmz-cell"),
            _control("SR 7.3", "Control system backup", MISSED, [SR_73], unit_kind="zone", unit="plant-dmz"),
        ],
    ),
    _framework(
        OVERLAY,
        "NIST SP 800-53 r5, OT overlay",
        "ot-moderate",
        [
            _control("ac-2", "Account management", MISSED, [SR_11], objectives_total=30, objectives_answered=1),
            _control("ac-11", "Device lock", OPEN, why="parameter ac-11_prm_1 is not set", objectives_total=3),
            _control(
                "sc-7.5",
                "Deny by default, allow by exception",
                MISSED,
                [SR_52],
                objectives_total=2,
                objectives_answered=2,
                tested=MISSED,
            ),
        ],
        removed=[
            RemovedControl(
                control="pe-18",
                title="Location of system components",
                reason="decided for the whole company, not at a site",
                approver="R. Amsel",
                review_by="2027-06-30",
            )
        ],
        edition="5.2.0",
    ),
    _framework(
        CSF,
        "NIST CSF 2.0",
        "csf-target",
        [
            _control("PR.IR-01", "Networks and environments are protected", MISSED, [SR_52], tested=MISSED),
            _control(
                "PR.DS-11",
                "Backups are created, protected, maintained and tested",
                OPEN,
                why=NOTHING,
                indicated_by=["SR 7.3 (not satisfied)"],
            ),
        ],
        edition="2.0",
    ),
]
