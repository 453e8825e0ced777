"""The gaps of the example, their causes, and the policies that found them."""

from __future__ import annotations

from tests.support.example_names import CSF, IEC, OVERLAY, SITE

from plantproof.model.assessment import (
    Cause,
    EvidenceLink,
    Gap,
    PolicyResult,
    Totals,
)
from plantproof.model.policy import Violation

TRACE_FIREWALL = EvidenceLink(
    source="fw-exports",
    record="evidence/bottling-north/fw-exports/records/firewall_rule.jsonl",
    record_line=17,
    raw="evidence/bottling-north/fw-exports/raw/fw-cell-1.conf",
    raw_line=1242,
)
TRACE_ACCOUNT = EvidenceLink(
    source="plc-audit",
    record="evidence/bottling-north/plc-audit/records/account.jsonl",
    record_line=3,
    raw="evidence/bottling-north/plc-audit/raw/accounts.csv",
    raw_line=4,
)
TRACE_HMI = EvidenceLink(
    source="plc-audit",
    record="evidence/bottling-north/plc-audit/records/account.jsonl",
    record_line=2,
    raw="evidence/bottling-north/plc-audit/raw/accounts.csv",
    raw_line=3,
)
TRACE_BACKUP = EvidenceLink(
    source="backup-jobs",
    record="evidence/bottling-north/backup-jobs/records/backup.jsonl",
    record_line=1,
    raw="evidence/bottling-north/backup-jobs/raw/sessions.csv",
    raw_line=12,
)


def _gap(identity: str, policy: str, subject: str, kind: str, **more: object) -> Gap:
    fields = {"site": SITE, "method": "config", "severity": "high", **more}
    return Gap(id=identity, policy=policy, subject=subject, subject_kind=kind, **fields)


GAPS = [
    _gap(
        "gap-5b1c0a52",
        "zones/no_any_rule",
        "rule:fw-cell-1/17",
        "firewall_rule",
        name="fw-cell-1 rule 17 “temp vendor access”",
        asset="asset-fw-cell-1",
        zones=["filling-cell", "plant-dmz"],
        conduits=["dmz-cell"],
        severity="critical",
        criterion="No firewall rule permits any service between any networks.",
        violations=[
            Violation(message="Rule permits any service", field="services", seen=["ip"], expected="named services"),
            Violation(
                message="Rule permits any source",
                field="src_networks",
                seen=["0.0.0.0/0"],
                expected="the conduit's networks",
            ),
        ],
        cause="zones/no_any_rule#fw-cell-1",
        findings={
            f"{IEC}/SR 5.2/deny-by-default": "finding-20a1",
            f"{OVERLAY}/sc-7.5/sc-7.5_obj": "finding-20a2",
            f"{CSF}/PR.IR-01/segmented": "finding-20a3",
        },
        evidence=[TRACE_FIREWALL],
        owner="Networks OT, R. Amsel",
        review="engineering and safety review",
        waiver="vendor-window-2025",
        waiver_state="expired",
    ),
    _gap(
        "gap-7f00d3e1",
        "identity/no_shared_accounts",
        "account:plc-filler-1/operator",
        "account",
        name="operator on plc-filler-1",
        asset="asset-plc-filler-1",
        zones=["filling-cell"],
        criterion="People sign in with an account of their own.",
        violations=[
            Violation(message="Account is shared by several people", field="shared", seen=True, expected=False)
        ],
        cause="identity/no_shared_accounts",
        findings={f"{IEC}/SR 1.1/unique": "finding-11b1", f"{OVERLAY}/ac-2/ac-2_obj.i": "finding-11b2"},
        evidence=[TRACE_ACCOUNT],
        method="declared",
        owner="Filling, J. Kestrel",
        waiver="filler-plc-shared-login",
        waiver_state="in-force",
        compensated=True,
        review="engineering and safety review",
    ),
    _gap(
        "gap-8e11aa04",
        "identity/no_shared_accounts",
        "account:hmi-filler-1/operator",
        "account",
        name="operator on hmi-filler-1",
        asset="asset-hmi-filler-1",
        zones=["filling-cell"],
        criterion="People sign in with an account of their own.",
        violations=[
            Violation(message="Account is shared by several people", field="shared", seen=True, expected=False)
        ],
        cause="identity/no_shared_accounts",
        findings={f"{IEC}/SR 1.1/unique": "finding-11b1", f"{OVERLAY}/ac-2/ac-2_obj.i": "finding-11b2"},
        evidence=[TRACE_HMI],
        method="declared",
        owner="Filling, J. Kestrel",
        review="engineering and safety review",
    ),
    _gap(
        "gap-93c4be77",
        "availability/restore_tested",
        "backup:historian-nightly",
        "backup",
        name="historian-nightly",
        asset="asset-historian-1",
        zones=["plant-dmz"],
        severity="medium",
        parameters={"max_days": 365},
        criterion="A restore of each backup was tested within a year.",
        violations=[Violation(message="Restore never tested", field="restore_tested", expected="within 365 days")],
        cause="availability/restore_tested",
        findings={f"{IEC}/SR 7.3/backup-tested": "finding-73c1"},
        evidence=[TRACE_BACKUP],
        owner="Plant IT, M. Osprey",
    ),
]


CAUSES = [
    Cause(
        key="zones/no_any_rule#fw-cell-1",
        site=SITE,
        policy="zones/no_any_rule",
        title="One rule on fw-cell-1 lets any service pass",
        severity="critical",
        gaps=1,
        zones=["filling-cell", "plant-dmz"],
        action="Replace the rule by the services that the conduit permits; log for a week what it matched first.",
        window="planned stop of the filling line; not while a batch runs",
        interim="Turn logging on for the rule and alert on sources outside the vendor's address.",
        share=0.25,
        review="engineering and safety review",
    ),
    Cause(
        key="identity/no_shared_accounts",
        site=SITE,
        policy="identity/no_shared_accounts",
        title="Operators share one account",
        severity="high",
        gaps=2,
        zones=["filling-cell"],
        action="Give each operator an account or badge login; keep an emergency login that works without the network.",
        window="maintenance window of the cell, after an engineering and safety review",
        interim="Keep a shift log of who is at the panel; lock the engineering functions of the shared account.",
        share=0.5,
        review="engineering and safety review",
    ),
    Cause(
        key="availability/restore_tested",
        site=SITE,
        policy="availability/restore_tested",
        title="A backup whose restore was never tested",
        severity="medium",
        gaps=1,
        zones=["plant-dmz"],
        action="Restore the newest backup to a spare machine and record the result.",
        window="any time: nothing in production is touched",
        interim="Check the job's log weekly.",
        share=0.25,
    ),
]


def _policy(
    policy: str, title: str, subject: str, severity: str, totals: Totals, controls: list[str], **more: object
) -> PolicyResult:
    return PolicyResult(
        site=SITE,
        policy=policy,
        title=title,
        description=f"{title}. An example of a policy's description, in a sentence or two.",
        severity=severity,
        subject=subject,
        path=f"policies/{policy}/{policy.rsplit('/')[-1]}.rego",
        totals=totals,
        controls=controls,
        **more,
    )


POLICIES = [
    _policy(
        "availability/restore_tested",
        "Restores are tested",
        "backup",
        "medium",
        Totals(passed=1, failed=1, no_evidence=2, tested=1),
        [f"{IEC}/SR 7.3"],
        parameters={"max_days": 365},
        reasons={"not-covered": 1, "stale": 1},
        examples={
            "not-covered": ["plc-filler-1: no source speaks for its backups"],
            "stale": ["hmi-filler-1: last seen 2025-06-30"],
        },
    ),
    _policy(
        "identity/no_shared_accounts",
        "No shared accounts",
        "account",
        "high",
        Totals(passed=6, failed=2, not_applicable=3),
        [f"{IEC}/SR 1.1", f"{OVERLAY}/ac-2"],
    ),
    _policy(
        "zones/no_any_rule",
        "No any-any rule",
        "firewall_rule",
        "critical",
        Totals(passed=16, failed=1, tested=16),
        [f"{IEC}/SR 5.2", f"{OVERLAY}/sc-7.5", f"{CSF}/PR.IR-01"],
    ),
]
