"""Why a site is not carried over, each reason with a sibling without it that is; and evidence that would deceive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from tests.support.carried_world import (
    ON,
    World,
    added,
    adopted,
    edited,
    set_field,
    shown,
    start,
    with_intent,
    with_metadata,
    written,
)
from tests.support.collected_again import Files, fitting
from tests.support.memory_tree import MemoryTree

from plantproof.carry_over import says_the_same
from plantproof.errors import InputError
from plantproof.evidence.blobs import Blobs
from plantproof.evidence.layout import sha256
from plantproof.evidence.stored_site import StoredSite
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.model.policy import Join
from plantproof.model.vocabulary import Outcome
from plantproof.pipeline import Judge
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.protocol import Verdict

SITE = "northmill"
ROOT = f"evidence/{SITE}/"
ACCOUNTS = f"{ROOT}directory/records/account.jsonl"
SETTINGS = f"{ROOT}directory/records/setting.jsonl"
DIRECTORY = "a-fo4mtdzzfcoe"
FIREWALL = "a-2djhmf24xxgh"
DRIVE = "a-23co44uv2leg"
NETBOX = f"{ROOT}netbox/records/asset.jsonl"
NOZOMI = f"{ROOT}nozomi/records/asset.jsonl"
SWITCHES = f"{ROOT}switch-packaging/records/setting.jsonl"
LOCKOUT = f"{DIRECTORY}/lockout.duration_minutes"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with EmbeddedEngine(jobs=1) as engine:
        yield World(engine)


class Case:
    """Two states of the evidence of one site, and what it is judged by."""

    def __init__(self, world: World, old: Files | None = None, judge: Judge | None = None) -> None:
        self.world, self.judge = world, judge
        self.old = world.files if old is None else old
        plain = old is None and judge is None
        self.before: SiteConclusions = world.known[SITE] if plain else world.judged(self.old, SITE, judge=judge)

    def why(self, new: Files, before: SiteConclusions | None = None, **options: Any) -> str:
        """Why nothing is carried; "" where it is, and then it is what judging the whole gives."""
        told: Counter[str] = Counter()
        base = before or self.before
        found = self.world.carried(SITE, base, self.old, new, told, judge=self.judge, **options)
        if found is None:
            (why,) = told
            return why
        assert not told
        on = options.get("on", ON)
        assert shown(found) == shown(self.world.judged(new, SITE, judge=self.judge, on=on))
        return ""


@pytest.fixture(scope="module")
def case(world: World) -> Case:
    return Case(world)


def locked_out_for(files: Files, minutes: int) -> Files:
    return edited(files, SETTINGS, set_field(LOCKOUT, value=minutes))


def test_a_setting_that_fails_now_is_carried(case: Case) -> None:
    new = locked_out_for(case.old, 1)
    assert case.why(new) == ""
    whole = case.world.judged(new, SITE)
    assert len(whole.gaps) == len(case.before.gaps) + 1


@pytest.mark.parametrize(("day", "carried"), [("2026-11-19", True), ("2026-11-24", True), ("2026-11-25", False)])
def test_a_day_on_which_what_is_known_does_not_hold(day: str, carried: bool, case: Case) -> None:
    assert (case.why(locked_out_for(case.old, 1), on=day) == "") is carried


@pytest.mark.parametrize("field", ["steady", "standing"])
def test_conclusions_that_do_not_say_what_they_rest_on(field: str, case: Case) -> None:
    before = msgspec.structs.replace(case.before, **{field: None})
    assert case.why(case.old, before) == "what is known does not hold on that day"
    assert case.why(case.old) == ""


def test_assets_known_since_another_day_where_people_made_statements(case: Case) -> None:
    path = f"{ROOT}netbox/sightings/asset.jsonl"
    later = "assets are known since other days than before, and people made statements on them"
    assert case.why(edited(case.old, path, set_field(DRIVE, first_seen="2026-11-02"))) == later
    assert case.why(edited(case.old, path, set_field(DRIVE, line=7))) == ""


def test_an_asset_that_a_statement_names(case: Case, world: World) -> None:
    """It is another's now, who may be the one who spoke."""
    path = f"{ROOT}attestations/crypto.yaml"
    scope = f"assets: [{DRIVE}]\n  zones: [safety".encode()
    named = {**case.old, path: case.old[path].replace(b"zones: [safety", scope)}
    owned = edited(named, NETBOX, set_field(DRIVE, owner="IT security"))
    assert Case(world, named).why(owned) == "an asset changed that statements name"
    assert case.why(edited(case.old, NETBOX, set_field(DRIVE, owner="IT security"))) == ""


def test_a_file_that_a_statement_rests_on(case: Case, world: World) -> None:
    """The statement loses force with the file that was seen, though nothing else differs."""
    path = f"{ROOT}attestations/crypto.yaml"
    seen = f"    path: {RAW}\n    sha256: {sha256(case.old[RAW])}\ndate:"
    rests = {**case.old, path: case.old[path].replace(b"date:", seen.encode(), 1)}
    again = written(rests, RAW, case.old[RAW] + b"\n")
    assert [each.state for each in world.judged(rests, SITE).site.attestations if each.id == "crypto"] == ["in-force"]
    assert [each.state for each in world.judged(again, SITE).site.attestations if each.id == "crypto"] == ["not-valid"]
    assert Case(world, rests).why(again) == "a file changed that statements rest on"
    other = written(case.old, RAW, case.old[RAW] + b"\n")
    assert case.why(other) == ""
    for was, now, same in ((rests, again, False), (case.old, other, True)):
        old, new = (StoredSite(MemoryTree(files), SITE, Blobs()) for files in (was, now))
        assert says_the_same(old, new, world.project.file, ON) is same


def test_a_source_of_which_a_configuration_is_approved(case: Case) -> None:
    path = f"{ROOT}switches/records/setting.jsonl"
    change = set_field("a-3jydmg32te76/aaa.central", value=False)
    assert case.why(edited(case.old, path, change)) == "a source changed of which configurations are approved"
    assert case.why(edited(case.old, SETTINGS, set_field(LOCKOUT, value=31))) == ""


def test_another_source_in_the_format_of_an_approved_configuration(case: Case, world: World) -> None:
    """Whoever reads a device in that format says whether it is as approved."""
    path = f"{ROOT}firewalls/custody.yaml"
    alike = fitting(case.old, path, format="cisco-ios")
    (record,) = (
        each
        for each in map(msgspec.json.decode, case.old[f"{ROOT}switches/records/setting.jsonl"].splitlines())
        if each["id"] == "a-3jydmg32te76/aaa.central"
    )

    def told(files: Files) -> Files:
        return edited(files, f"{ROOT}firewalls/records/setting.jsonl", added(**{**record, "value": False}))

    why = Case(world, alike).why(told(alike))
    assert why == "a source changed of which configurations are approved"
    assert len(world.judged(told(alike), SITE).gaps) > len(world.judged(told(case.old), SITE).gaps)
    assert case.why(told(case.old)) == ""


def test_records_of_a_source_that_is_out_of_date(world: World) -> None:
    case = Case(world, judge=with_intent(world.judge, approved={}))
    changed = edited(case.old, SWITCHES, set_field("a-vx7dmhwydjki/aaa.central", value=False))
    assert case.why(changed) == "records of a source that is out of date changed"


@pytest.mark.parametrize(
    ("path", "record", "kind"),
    [
        ("flows/records/flow.jsonl", "flows/10.10.1.20/10.20.30.13/tcp/443", "flow"),
        ("firewalls/records/firewall_rule.jsonl", f"{FIREWALL}/policy/1", "firewall_rule"),
        ("firewalls/records/interface.jsonl", f"{FIREWALL}/field-fill", "interface"),
    ],
)
def test_records_that_may_have_a_say_in_any_zone(path: str, record: str, kind: str, case: Case) -> None:
    changed = edited(case.old, ROOT + path, set_field(record, method="declared"))
    assert case.why(changed) == f"{kind} records changed"


def test_too_many_assets_changed(case: Case) -> None:
    def change(lines: list[dict[str, Any]], many: int) -> None:
        for line in lines[:many]:
            line["firmware"] = "V9"

    assert case.why(edited(case.old, NETBOX, lambda lines: change(lines, 11))) == "too much changed"
    assert case.why(edited(case.old, NETBOX, lambda lines: change(lines, 3))) == ""


def test_a_record_without_an_asset(case: Case) -> None:
    path = f"{ROOT}advisories/records/vulnerability.jsonl"
    new = edited(case.old, path, added(id="advisories/x", method="declared", advisory="x", known_exploited=True))
    assert case.why(new) == "too much changed"


def test_a_source_that_is_stale_now(case: Case) -> None:
    path = f"{ROOT}advisories/custody.yaml"
    for day, why in (("2026-01-02", "other evidence is stale than before"), ("2026-11-02", "")):
        fields = {"collected_at": f"{day}T05:00:00Z", "observed_from": None, "observed_to": None}
        assert case.why(fitting(case.old, path, **fields)) == why


def test_a_record_that_is_called_by_another_asset(case: Case) -> None:
    change = set_field(LOCKOUT, asset=FIREWALL)
    assert case.why(edited(case.old, SETTINGS, change)) == "a record is not called by the asset that it names"


def test_an_asset_called_as_records_are(case: Case) -> None:
    record = {"id": "x/y/z", "asset": "x/y", "method": "active", "key": "telnet.enabled", "value": True}
    assert case.why(edited(case.old, SETTINGS, added(**record))) == "an asset is called as only records are"
    one = {**record, "id": "x/z", "asset": "x"}
    assert case.why(edited(case.old, SETTINGS, added(**one))) == ""


@pytest.mark.parametrize(
    "fields", [{"ips": ["10.20.30.99"]}, {"names": ["another"]}, {"role": "firewall"}, {"parent": FIREWALL}]
)
def test_what_others_go_by_changed(fields: dict[str, Any], case: Case) -> None:
    assert case.why(edited(case.old, NETBOX, set_field(DRIVE, **fields))) == (
        "place, name, address or coverage of an asset changed"
    )
    assert case.why(edited(case.old, NETBOX, set_field(DRIVE, vendor="Other"))) == ""


def test_a_field_that_policies_on_something_else_read(case: Case, world: World) -> None:
    judge = with_metadata(world.judge, "integrity/firmware_known", follow={"zone": ["kind"]})
    new = edited(case.old, NETBOX, set_field(DRIVE, firmware="V9"))
    other = Case(world, judge=judge)
    assert other.why(new) == "a field changed that policies on other subjects read"
    assert other.why(edited(case.old, NETBOX, set_field(DRIVE, criticality="low"))) == ""
    assert case.why(new) == ""


def test_a_joined_record_that_another_source_brings_too(case: Case, world: World) -> None:
    """Its gap names all the places of the record."""
    judge = with_metadata(world.judge, "use_control/account_lockout", follow={"zone": ["kind"]})
    lines = case.old[SETTINGS].splitlines()
    (record,) = (msgspec.json.decode(line) for line in lines if LOCKOUT.encode() in line)
    new = edited(case.old, f"{ROOT}firewalls/records/setting.jsonl", added(**{**record, "method": "declared"}))
    why = "a record that policies on other subjects join comes from other files"
    assert Case(world, judge=judge).why(new) == why
    assert case.why(new) == ""


def test_a_gap_that_rests_on_records_that_are_not_read(case: Case, world: World) -> None:
    policy = "confidentiality/no_clear_text_management"
    joins = world.judge.bundle.policies[policy].metadata.joins
    more = {**joins, "interface": Join(fields=["name?"], covered="optional")}
    judge = with_metadata(world.judge, policy, joins=more)
    other = Case(world, judge=judge)
    assert any(gap.policy == policy and gap.asset == FIREWALL for gap in other.before.gaps)
    new = edited(case.old, f"{ROOT}firewalls/records/asset.jsonl", set_field(FIREWALL, os="FortiOS 9"))
    assert other.why(new) == "a gap of an asset that changed rests on records that were not read"
    assert case.why(new) == ""


def test_more_silent_subjects_than_are_known_by_name(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    new = edited(case.old, ACCOUNTS, set_field(f"{DIRECTORY}/ademir", password_not_required=None))
    assert case.why(new) == ""
    monkeypatch.setattr("plantproof.mappers.policy_results._moved", lambda known, was, now: None)
    assert case.why(new) == "too many subjects are without a verdict to name the first of them"


class Failing:
    """An engine in which everything goes wrong."""

    def evaluate(self, requests: Any) -> Iterator[list[Verdict]]:
        for request in requests:
            yield [Verdict(Outcome.ERROR, reason="error", detail="no memory")] * len(request.inputs)


def test_a_policy_that_cannot_be_evaluated(case: Case) -> None:
    why = case.why(locked_out_for(case.old, 1), engine=Failing())
    assert why == "policy use_control/account_lockout could not be evaluated"


def test_gaps_that_are_not_those_that_were_known(case: Case) -> None:
    path = f"{ROOT}firewalls/records/setting.jsonl"
    new = edited(case.old, path, set_field(f"{FIREWALL}/telnet.enabled", value=True))
    assert case.why(new) == ""
    gaps = [msgspec.structs.replace(gap, severity="low") if gap.asset == FIREWALL else gap for gap in case.before.gaps]
    before = msgspec.structs.replace(case.before, gaps=gaps)
    assert case.why(new, before) == "the gaps of the assets that changed are not those that were known"


def test_assets_that_are_not_what_was_known_of_them(case: Case) -> None:
    assets = [msgspec.structs.replace(row, vendor="Nobody") for row in case.before.site.assets]
    before = msgspec.structs.replace(case.before, site=msgspec.structs.replace(case.before.site, assets=assets))
    assert case.why(locked_out_for(case.old, 1), before) == "the assets that changed are not what was known of them"


def test_a_gap_of_a_subject_that_is_gone(case: Case) -> None:
    gap = next(each for each in case.before.gaps if each.policy == "integrity/exploited_vulnerabilities_fixed")
    strange = msgspec.structs.replace(gap, id="x", subject=f"{DIRECTORY}/x", asset=DIRECTORY)
    before = msgspec.structs.replace(case.before, gaps=[*case.before.gaps, strange])
    why = f"{DIRECTORY}/x is not there any more, and its gap was not looked at"
    assert case.why(locked_out_for(case.old, 1), before) == why


def test_a_subject_of_a_waiver(case: Case) -> None:
    new = edited(case.old, ACCOUNTS, set_field(f"{DIRECTORY}/op_filling", enabled=False))
    assert case.why(new) == "the waiver W-2026-004 rests on what changed"
    waivers = [each for each in case.world.judge.intent.waivers if each.id != "W-2026-004"]
    intent = msgspec.structs.replace(case.world.judge.intent, waivers=tuple(waivers))
    judge = msgspec.structs.replace(case.world.judge, intent=intent)
    assert Case(case.world, judge=judge).why(new) == ""


def test_a_subject_of_a_waiver_by_an_id_of_before_a_merge(world: World) -> None:
    path = f"{ROOT}identities.jsonl"
    line = f'{{"id":"a-zzzz","key":"name","value":"old"}}\n{{"same":["{DIRECTORY}","a-zzzz"]}}\n'
    old = {**world.files, path: world.files[path] + line.encode()}
    (known,) = (each for each in world.judge.intent.waivers if each.id == "W-2026-004")
    waiver = msgspec.structs.replace(known, subjects=["a-zzzz/op_filling"])
    intent = msgspec.structs.replace(world.judge.intent, waivers=(waiver,))
    case = Case(world, old, msgspec.structs.replace(world.judge, intent=intent))
    new = edited(old, ACCOUNTS, set_field(f"{DIRECTORY}/op_filling", enabled=False))
    assert case.why(new) == "the waiver W-2026-004 rests on what changed"


def test_what_was_adopted_and_is_not_known_any_more_is_told(world: World) -> None:
    judge = with_intent(world.judge, adopted={SITE: adopted(world.known[SITE].gaps, SITE)}, waivers=())
    gap = next(gap for gap in world.known[SITE].gaps if gap.subject_kind == "account")
    hidden = edited(world.files, ACCOUNTS, set_field(gap.subject, enabled=None))
    for old, new, more in ((world.files, hidden, True), (hidden, world.files, False)):
        case = Case(world, old, judge)
        assert case.why(new) == ""
        states = [found.site.adopted for found in (case.before, world.judged(new, SITE, judge=judge))]
        assert states[0] is not None
        assert states[1] is not None
        assert (states[0].unknown < states[1].unknown) is more


def test_a_remark_on_a_line_that_moved(case: Case) -> None:
    """That assets name an unknown zone is said with the line of the first of them."""
    path = f"{ROOT}firewalls/records/asset.jsonl"
    firewall = msgspec.json.decode(case.old[path].splitlines()[0])
    later = sorted(line["id"] for line in map(msgspec.json.decode, case.old[path].splitlines()))[-1]
    new = edited(case.old, path, lambda lines: lines.reverse())
    assert case.old[path] != new[path]
    assert firewall["id"] < later
    assert case.why(new) == "a remark names a line of a file in which lines moved"
    moved = edited(case.old, ACCOUNTS, lambda lines: lines.reverse())
    assert case.why(moved) == ""


def test_records_of_what_was_retired_open_gaps_too(world: World) -> None:
    """They belong to no asset any more, and count in every zone."""
    case = Case(world, start(world, SITE, "retired").files)
    gone = sorted({gap.asset for gap in world.known[SITE].gaps if gap.asset})[0]
    assert gone not in {row.id for row in case.before.site.assets}
    fields = {"advisory": "CVE-1", "known_exploited": True, "status": "open", "method": "declared"}
    path = f"{ROOT}advisories/records/vulnerability.jsonl"
    new = edited(case.old, path, added(id=f"{gone}/CVE-1", asset=gone, **fields))
    assert len(world.judged(new, SITE).gaps) > len(case.before.gaps)
    assert case.why(new) == ""


def test_assets_without_records_that_a_field_rules_out(world: World) -> None:
    judge = with_metadata(world.judge, "identity/no_dormant_accounts", for_={"asset.vendor": ["Nobody"]})
    case = Case(world, judge=judge)
    assert case.why(edited(case.old, NETBOX, set_field(DRIVE, vendor="Nobody"))) == ""
    assert case.why(edited(case.old, NETBOX, set_field(DRIVE, vendor=None))) == ""


HOSTILE = "more than records, sightings and custody differs, or custody does not fit"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
RAW = f"{ROOT}account-register/raw/accounts.csv"


def deceiving(files: Files, what: str) -> Files:
    """Evidence that is wrong, in a way that a look at what differs might miss."""
    if what == "without custody":
        return {**files, f"{ROOT}ghost/raw/export.cfg": b"hostname x\n"}
    if what == "stray":
        return {**files, f"{ROOT}attestations/raw/export.cfg": b"hostname x\n"}
    if what == "not listed":
        return {**files, f"{ROOT}directory/raw/more.csv": b"x\n"}
    if what == "missing":
        return {path: data for path, data in files.items() if path != RAW}
    if what == "raw file":
        return {**files, RAW: files[RAW] + b"x\n"}
    if what == "record":
        return {**files, SETTINGS: files[SETTINGS].replace(b"30}", b"31}")}
    if what == "sighting":
        path = f"{ROOT}directory/sightings/setting.jsonl"
        return {**files, path: files[path].replace(b'"line":', b'"line":1')}
    if what == "pointer":
        return written(files, RAW, POINTER)
    if what == "pointer without custody":
        return {**files, RAW: POINTER}
    assert what == "kind"
    path = f"{ROOT}directory/custody.yaml"
    return {**files, path: files[path].replace(b"kind: setting", b"kind: bogus")}


@pytest.mark.parametrize(
    "what",
    [
        "kind",
        "missing",
        "not listed",
        "pointer",
        "pointer without custody",
        "raw file",
        "record",
        "sighting",
        "stray",
        "without custody",
    ],
)
def test_evidence_that_does_not_fit_is_never_carried(what: str, case: Case) -> None:
    new = deceiving(case.old, what)
    assert case.why(new) == HOSTILE
    with pytest.raises(InputError):
        case.world.judged(new, SITE)


@pytest.mark.parametrize(
    "change",
    [
        added(id=LOCKOUT, asset=DIRECTORY, method="active", key="lockout.duration_minutes", value=1),
        set_field(LOCKOUT, method="guessed"),
        set_field(LOCKOUT, method="proposed"),
        set_field(LOCKOUT, key=7),
    ],
)
def test_records_that_custody_fits_and_that_are_none(change: Any, case: Case) -> None:
    new = edited(case.old, SETTINGS, change)
    assert case.why(new) == "the evidence is wrong"
    with pytest.raises(InputError):
        case.world.judged(new, SITE)


@pytest.mark.parametrize(
    "line",
    [
        b'{"asset": "%s","id": "%s","key":"lockout.duration_minutes","method":"active","value":1}',
        b'{"asset" :"%s","id" :"%s","key":"lockout.duration_minutes","method":"active","value":1}',
        b'{"\\u0061sset":"%s","\\u0069d":"%s","key":"lockout.duration_minutes","method":"active","value":1}',
    ],
)
def test_a_line_that_is_written_otherwise_counts_as_well(line: bytes, case: Case) -> None:
    """It says the same to whoever reads it, and would not be found by what stands in it."""
    old = next(each for each in case.old[SETTINGS].splitlines() if LOCKOUT.encode() in each)
    data = case.old[SETTINGS].replace(old, line % (DIRECTORY.encode(), LOCKOUT.encode()))
    new = written(case.old, SETTINGS, data)
    assert case.why(new) == "the evidence is wrong"
    assert len(case.world.judged(new, SITE).gaps) == len(case.before.gaps) + 1


def test_a_line_that_is_no_json(case: Case) -> None:
    assert case.why(written(case.old, SETTINGS, case.old[SETTINGS] + b"{\n")) == "the evidence is wrong"


def test_evidence_dated_after_the_assessment(case: Case) -> None:
    path = f"{ROOT}directory/custody.yaml"
    fields = {"observed_from": None, "observed_to": None}
    assert case.why(fitting(case.old, path, collected_at="2026-11-21T05:00:00Z", **fields)) == "the evidence is wrong"
    assert case.why(fitting(case.old, path, collected_at="2026-11-20T05:00:00Z", **fields)) == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"format": "csv"},
        {"covers": []},
        {"vantage": {"sensor": "tap"}},
        {"not_understood": [{"raw": "raw/Users.csv", "line": 2, "what": "a user without a name"}]},
    ],
    ids=["format", "covers", "vantage", "not understood"],
)
def test_a_source_that_speaks_for_something_else(fields: dict[str, Any], case: Case) -> None:
    assert case.why(fitting(case.old, f"{ROOT}directory/custody.yaml", **fields)) == HOSTILE
    assert case.why(fitting(case.old, f"{ROOT}directory/custody.yaml", tool="Other")) == ""


def test_a_symbolic_link(case: Case) -> None:
    assert case.why(case.old, modes={SETTINGS: "120000"}) == HOSTILE
    assert case.why(case.old, modes={SETTINGS: "100755"}) == ""


def test_identities_and_statements_are_read_with_the_whole(case: Case) -> None:
    for path in (f"{ROOT}identities.jsonl", f"{ROOT}attestations/accounts.yaml"):
        assert case.why({**case.old, path: case.old[path] + b"\n"}) == HOSTILE
