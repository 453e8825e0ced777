"""A change to the invented plant: every status, both reasons besides evidence, a judge that was edited, a site gone."""

from __future__ import annotations

from typing import Any

import msgspec
from tests.support.assessment_hostile import MARKUP
from tests.support.example_gaps import GAPS
from tests.support.example_names import IEC, SITE

from plantproof.model.approvals import ApprovalState, Author, MayApprove, RequiredApproval, SignOff
from plantproof.model.assessment import Gap, LevelBounds, Totals
from plantproof.model.change import ChangeWords
from plantproof.model.delta import (
    Delta,
    IntentChange,
    JudgeChange,
    JudgeMoves,
    Retirement,
    Side,
    SiteDelta,
    TooOld,
    UnrecordedChange,
    ValueChange,
)
from plantproof.model.impact import Impact
from plantproof.model.moves import Brought, ControlMove, Counts, GapMove, LevelMove, LostSight, StatementMove
from plantproof.model.paths import DecidingRule, PathChange, PathWayOut, ServicePath
from plantproof.model.policy import Violation
from plantproof.model.programme import NamedPerson
from plantproof.model.reach import Sample
from plantproof.model.ways_out import WayOut
from plantproof.reports.delta_entry import EntrySection
from plantproof.reports.delta_gate import Gate, gate, limits_of
from plantproof.reports.delta_reporters import DeltaResults
from plantproof.reports.marks import RuleText

BASE, HEAD = "b" * 40, "4ead" * 10
FIREWALL, OPERATOR, HMI, BACKUP = GAPS[0], GAPS[1], GAPS[2], GAPS[3]
BROUGHT = Brought(
    commit=HEAD,
    author="R. Amsel",
    author_email="r.amsel@plant.example",
    date="2026-11-20T09:30:00Z",
    subject="Let the vendor in",
    path="evidence/bottling-north/fw-exports/records/firewall_rule.jsonl",
    line=17,
    change="CHG-0042",
)


def move(gap: Gap, status: str, was: str = "pass", now: str = "fail", **more: Any) -> GapMove:
    return GapMove(status=status, was=was, now=now, gap=gap, **more)  # type: ignore[arg-type]  # as the tests say


def gap(number: int, **more: Any) -> Gap:
    """One more gap like the firewall's, without a waiver."""
    replaced = {"id": f"gap-{number:06d}", "name": f"fw-cell-1 rule {number}", "waiver": "", "waiver_state": ""}
    return msgspec.structs.replace(FIREWALL, **{**replaced, **more})


def bounds(lower: int, upper: int) -> LevelBounds:
    return LevelBounds(lower=lower, upper=upper)


MOVES = [
    move(FIREWALL, "opened", brought=[BROUGHT]),
    move(gap(2), "worse", was="fail", why="now also: Rule permits any source", brought=[BROUGHT]),
    move(gap(3), "unknown-now", was="fail", now="no-evidence", why="stale: 93 days old"),
    move(gap(4, severity="high"), "known-now", was="no-evidence", why="not known before"),
    move(gap(5, severity="high"), "changed", was="fail", why="was: Rule permits tcp/1-1024"),
    move(gap(6, severity="high"), "better", was="fail", why="no longer: Rule permits any source"),
    move(OPERATOR, "opened", because="intent"),
    move(gap(7, severity="high"), "opened", was="absent", identity="split", why="was one asset with fw-cell"),
    move(HMI, "closed", was="fail", now="pass", why="passes now"),
    move(BACKUP, "closed", was="fail", now="not-applicable", why="no longer applies"),
]
LOST = LostSight(
    policy="availability/restore_tested",
    parameters={"max_days": 365},
    criterion="A restore of each backup was tested within a year.",
    severity="medium",
    site=SITE,
    subject="asset-historian-1",
    name="historian-1",
    zones=["plant-dmz"],
    subjects=2,
    reason="stale",
    why="40 days old, 30 allowed",
)
SITE_DELTA = SiteDelta(
    site=SITE,
    title="Bottling North",
    counts=Counts(
        gaps_was=41,
        gaps_now=42,
        opened=3,
        closed=2,
        worse=1,
        better=1,
        changed=1,
        same=35,
        unknown_failed=1,
        known_failed=1,
        unknown_passed=2,
    ),
    gaps=MOVES,
    lost=[LOST],
    controls=[
        ControlMove(
            status="worse",
            framework=IEC,
            profile="sl-2",
            control="SR 5.2",
            title="Zone boundary protection",
            site=SITE,
            unit_kind="zone",
            unit="filling-cell",
            unit_title="Filling cell",
            was="satisfied",
            now="not-satisfied",
            totals_was=Totals(passed=4),
            totals_now=Totals(passed=3, failed=1),
            gaps=[FIREWALL.id],
        ),
        ControlMove(
            status="better",
            framework=IEC,
            profile="sl-2",
            control="SR 7.3",
            title="Control system backup",
            site=SITE,
            unit_kind="site",
            unit=SITE,
            was="not-satisfied",
            now="satisfied",
        ),
    ],
    levels=[
        LevelMove(
            status="worse",
            site=SITE,
            unit_kind="zone",
            unit="filling-cell",
            unit_title="Filling cell",
            requirement="RDF",
            view="attested",
            target=2,
            was=bounds(2, 2),
            now=bounds(0, 1),
            lost=True,
        ),
        LevelMove(
            status="better",
            site=SITE,
            unit_kind="conduit",
            unit="dmz-cell",
            unit_title="DMZ to cell",
            requirement="RA",
            view="attested",
            was=bounds(0, 1),
            now=bounds(1, 1),
        ),
    ],
    calendar=[move(gap(8, severity="low"), "opened", why="the attestation lapsed", because="calendar")],
    intent=IntentChange(
        site=SITE,
        path=f"controls/sites/{SITE}.yaml",
        values=[
            ValueChange(
                path=f"controls/sites/{SITE}.yaml",
                line=40,
                pointer="conduits[dmz-cell].permitted",
                was=["tcp/443"],
                now=["tcp/443", "tcp/3389"],
            )
        ],
        opened=1,
        masked=[move(gap(9), "opened", brought=[BROUGHT])],
    ),
    policies=45,
    subjects=412,
    retired=[
        Retirement(
            site=SITE,
            asset="a-9",
            name="hmi-77",
            zones=["filling-cell"],
            date="2026-11-18",
            approver="Lee Works",
            reason="scrapped",
        )
    ],
    statements=[
        StatementMove(
            status="unknown-now",
            site=SITE,
            topic="backup-procedure",
            of="zone filling",
            was="satisfied",
            now="none",
            who="Greta Wolff",
            why="nobody states it any more",
            path=f"evidence/{SITE}/attestations/backups.yaml",
        )
    ],
)
GONE = SiteDelta(
    site="old-works",
    title="Old works",
    counts=Counts(gaps_was=1, unknown_failed=1, unknown_passed=12),
    gaps=[move(gap(10, site="old-works"), "unknown-now", was="fail", now="absent", why="no longer assessed")],
    removed=True,
)
BROKEN = SiteDelta(
    site="packaging", title="Packaging", errors=["zones/no_any_rule"], policies=45, subjects=20, counts=Counts()
)
JUDGE = JudgeMoves(
    changes=[
        JudgeChange(
            kind="mapping",
            path="mappers/iec62443.yaml",
            how="edited",
            title="IEC 62443-3-3",
            values=[ValueChange(path="mappers/iec62443.yaml", line=12, pointer="SR 1.11.with.max", was=5, now=10)],
        ),
        JudgeChange(kind="waiver", path="controls/waivers/w-9.yaml", how="added", title="Vendor window"),
    ],
    counts=Counts(closed=3),
    words=["max from 5 to 10 in accounts/lockout (Accounts lock out): 3 gaps would close"],
)
VENDOR = ServicePath(
    service="tcp/3389",
    device="asset-fw-cell-1",
    device_name="fw-cell-1",
    rules=[DecidingRule(id="rule:fw-cell-1/17", name="temp vendor access", evidence=FIREWALL.evidence)],
    sample=Sample(src="198.51.100.7", dst="192.0.2.10", protocol="tcp", port=3389),
    undecided=["NAT is not modelled"],
    src_addresses=1,
    dst_addresses=254,
)
PATHS = [
    PathChange(
        site=SITE,
        src_zone="office",
        dst_zone="plant-dmz",
        src_title="Office",
        status="narrower",
        services_before=["ip"],
        services_after=["tcp/443"],
        closed=[
            ServicePath(
                service="ip",
                without=["tcp/23"],
                rules=[],
                sample=Sample(protocol="icmp", port=8),
                conduit="office-dmz",
            )
        ],
    ),
    PathChange(
        site=SITE,
        src_zone="plant-dmz",
        dst_zone="filling-cell",
        src_title="Plant DMZ",
        dst_title="Filling cell",
        status="opened",
        services_after=["tcp/3389"],
        opened=[VENDOR],
        ways_out=[PathWayOut(kind="conduit", words="the conduit dmz-cell could carry it", conduits=["dmz-cell"])],
    ),
]


def approval(right: str, **more: Any) -> RequiredApproval:
    fields = {
        "right": right,
        "title": f"The {right} agrees",
        "path": "controls/programme/company.yaml",
        "line": 12,
        "site": SITE,
        "role": right,
        "role_title": right.capitalize(),
        "persons": (
            MayApprove(person=NamedPerson(id="amsel", name="R. Amsel")),
            MayApprove(
                person=NamedPerson(id="osprey", name="M. Osprey"), standing_in="for J. Kestrel until 2026-12-01"
            ),
        ),
        "count": 1,
        "why": ("a path opens from Plant DMZ to Filling cell",),
        **more,
    }
    return RequiredApproval(**fields)


REQUIRED = (approval("owner", count=2), approval("safety", persons=()), approval("network"), approval("approver"))
SIGN_OFF = SignOff(
    required=REQUIRED,
    states=(
        ApprovalState(required=REQUIRED[0], status="granted", by=("M. Osprey", "J. Kestrel")),
        ApprovalState(required=REQUIRED[1], status="missing", reason="nobody approved"),
        ApprovalState(required=REQUIRED[2], status="not-valid", rejected=("R. Amsel is an author of the change",)),
        ApprovalState(required=REQUIRED[3], status="due", due_by="2026-11-22T09:30:00Z"),
    ),
    not_decided=("a conduit of the site bottling-north",),
    authors=(Author(name="R. Amsel", how="author of a commit"), Author(how="a robot", unknown=True)),
    changes=(
        ChangeWords(
            id="CHG-0042",
            title="Let the vendor in",
            origin="controls/changes/CHG-0042.yaml",
            lines=("asked for by J. Kestrel, made by R. Amsel",),
            missing=("the rollback plan",),
        ),
    ),
    no_record=True,
)
UNRECORDED = [
    UnrecordedChange(
        site=SITE,
        asset="asset-sw-cip-1",
        device="sw-cip-1",
        source="switches",
        collected="2026-11-19",
        differences=["rule `2` added", "interface `Vlan102` added"],
        lines=["evidence/bottling-north/switches/records/firewall_rule.jsonl:9", "evidence/bottling-north/switches"],
        why="no change record names it",
    )
]
WAYS_OUT = [
    WayOut(
        kind="fix",
        site=SITE,
        policy="zones/no_any_rule",
        gaps=[FIREWALL.id, "gap-000002"],
        words="Name the services in the rule. Window: the next planned stop.",
    ),
    WayOut(
        kind="waiver",
        site=SITE,
        policy="zones/no_any_rule",
        gaps=[FIREWALL.id],
        words="A deviation until 2027-05-19.",
        command="plantproof waiver new --site bottling-north --policy zones/no_any_rule --expires 2027-05-19",
    ),
]
IMPACT = Impact(
    records={"firewall_rule": 2},
    fields=["firewall_rule.services"],
    policies=["zones/no_any_rule"],
    parts=[f"{IEC}/SR 5.2/deny-by-default"],
    controls={IEC: ["SR 5.2"]},
    zones=[f"{SITE}/filling-cell"],
    documents=["gap register"],
    kpis=["gaps by severity"],
)
RULES = {
    "zones/no_any_rule": RuleText(
        id="zones/no_any_rule",
        title="No firewall rule permits any service between any networks.",
        description="A rule without limits makes the zones one.",
        severity="critical",
        action="Name the services in the rule.",
        window="the next planned stop",
        interim="log what the rule lets through",
    )
}


TOO_OLD = [TooOld(site=SITE, source="sensor", since={"asset": "2026-11-01", "flow": "2026-11-02"})]


def example_delta(**more: Any) -> Delta:
    sites = [SITE_DELTA, GONE, BROKEN]
    fields = {
        "schema": "plantproof/delta/1",
        "title": "Fizz Works (fictional)",
        "base": Side(ref="main", commit=BASE, commit_date="2026-11-10T08:00:00Z", author="J. Kestrel"),
        "head": Side(ref="vendor-access", commit=HEAD, commit_date="2026-11-20T09:30:00Z", author="R. Amsel"),
        "on": "2026-11-20",
        "base_on": "2026-11-10",
        "tool_version": "0.1.0",
        "engine": "regorus",
        "engine_version": "0.13.0",
        "content_version": "0.1.0",
        "content_hash": "c0ffee",
        "sites": sites,
        "untouched": ["brewery"],
        "judge": JUDGE,
        "paths": PATHS,
        "too_old": TOO_OLD,
        "sign_off": SIGN_OFF,
        "unrecorded": UNRECORDED,
        "ways_out": WAYS_OUT,
        "impact": IMPACT,
        "counts": sum((site.counts for site in more.get("sites", sites)), Counts()),
        **more,
    }
    return Delta(**fields)  # type: ignore[arg-type]  # as the tests say


def quiet_delta(*moves: GapMove, **more: Any) -> Delta:
    """A delta of one site with nothing but these moves."""
    names = {"unknown-now": "unknown_failed", "known-now": "known_failed"}
    counts = Counts()
    for each in moves:
        counts += Counts(**{names.get(each.status, each.status): 1})
    site = SiteDelta(site=SITE, title="Bottling North", gaps=list(moves), counts=counts, policies=45, subjects=412)
    return example_delta(
        sites=[msgspec.structs.replace(site, **more)],
        judge=JudgeMoves(),
        untouched=[],
        paths=[],
        too_old=[],
        unrecorded=[],
        sign_off=None,
        ways_out=[],
        impact=Impact(),
    )


def results(delta: Delta, *fail_on: str) -> DeltaResults:
    return DeltaResults(delta, RULES, gate(delta, limits_of(fail_on, "low")))


def open_gate(delta: Delta) -> DeltaResults:
    return DeltaResults(delta, RULES, Gate([]))


def large_delta(count: int) -> Delta:
    """So many gaps opened at once, of every severity."""
    severities = ("critical", "high", "medium", "low")
    moves = [move(gap(number, severity=severities[number % 4]), "opened", brought=[BROUGHT]) for number in range(count)]
    moves.sort(key=lambda each: severities.index(each.gap.severity))
    return quiet_delta(*moves)


def hostile_delta() -> Delta:
    """Every free text of the example is hostile, and so are names and paths."""
    return msgspec.convert(_poisoned(msgspec.to_builtins(example_delta())), Delta)


HOSTILE = f"{MARKUP} @admin #1 !2 :boom: http://evil.example www.evil.example a@evil.example | `x` \\| \n/close {{0}}"
_KEPT = {
    *("schema", "status", "was", "now", "severity", "because", "identity", "kind", "unit_kind", "view", "how"),
    *("requirement", "on", "base_on", "commit", "commit_date", "date", "waiver_state", "method", "reason"),
}


def _poisoned(value: Any, name: str = "") -> Any:
    match value:
        case dict():
            return {key: _poisoned(item, key) for key, item in value.items()}
        case list():
            return [_poisoned(item, name) for item in value]
        case str() if name not in _KEPT:
            return f"{value} {HOSTILE}"
        case _:
            return value


def violations(*messages: str) -> list[Violation]:
    return [Violation(message=message) for message in messages]


def told(section: EntrySection | None) -> list[str]:
    """The entries of a section, each with the symbol of its status."""
    assert section is not None
    return [f"{entry.status.symbol} {entry.text}" for entry in section.entries]
