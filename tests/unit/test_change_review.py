"""A change from base to head, on a small project in git: one date, the judge of the base, and who brought it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from tests.support.exports import FORTIOS, IOS
from tests.support.git_repository import GitRepository
from tests.support.project import SITE, WAIVER, at, make_project

from plantproof.change_review import Review, review_change
from plantproof.cli.assessing import provenance_of
from plantproof.cli.proposals import with_proposals
from plantproof.cli.revisions import opened_sides
from plantproof.cli.start import run
from plantproof.errors import InputError
from plantproof.files import dump_yaml, load_yaml
from plantproof.model.delta import SiteDelta
from plantproof.model.evidence import Covers, Custody, Vantage
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.reports.delta_gate import gate, limits_of

SECURE = IOS.replace("line vty", "no ip http server\nline vty")
TELNET = SECURE.replace("transport input ssh", "transport input telnet ssh")
CLEAR_TEXT = "confidentiality/no_clear_text_management"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review") / "works"
    make_project(folder)
    return folder


@pytest.fixture(scope="module")
def engine() -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine() as started:
        yield started


@pytest.fixture
def works(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitRepository:
    """A copy of the project on a branch of its own; today is 20 November 2026."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795132800")
    monkeypatch.delenv("PLANTPROOF_REDACTION_KEY", raising=False)
    folder = tmp_path / "works"
    shutil.copytree(template, folder)
    repository = at(folder)
    collect(repository, SECURE, when="2026-11-18T06:30:00Z")
    repository.commit("Switch off http")
    repository.git("checkout", "-q", "-b", "change")
    return repository


def collect(works: GitRepository, text: str, *, when: str = "2026-11-19T05:30:00Z") -> None:
    export = works.folder.parent / "sw-77.cfg"
    export.write_text(text)
    arguments = ["collect", "-C", str(works.folder), "--source", "switches", "--at", when, "--by", "Kim", "-q"]
    assert run([*arguments, str(export)]) == 0


def reviewed(
    works: GitRepository, engine: EmbeddedEngine, base: str = "main", head: str | None = "change", propose: str = ""
) -> Review:
    sides = opened_sides(works.folder, base, head, None, "pinned")
    if propose:
        sides = with_proposals(sides, [propose])
    return review_change(
        sides.base, sides.head, on=sides.on, engine=engine, provenance=provenance_of(sides.opened, engine)
    )


def the_site(review: Review) -> SiteDelta:
    (site,) = review.delta.sites
    return site


def moves_of(review: Review) -> list[tuple[str, str, str]]:
    return [(move.status, move.gap.policy, move.gap.name) for move in the_site(review).gaps]


def test_a_commit_that_touches_no_site_reads_none(works: GitRepository, engine: EmbeddedEngine) -> None:
    works.commit("Say more", **{"README.md": "More.\n"})
    delta = reviewed(works, engine).delta
    assert (delta.sites, delta.untouched, delta.judge.changes) == ([], ["works"], [])


def test_a_collection_later_on_that_finds_the_same_moves_nothing(works: GitRepository, engine: EmbeddedEngine) -> None:
    collect(works, SECURE)
    works.commit("Collect the switches again")
    site = the_site(reviewed(works, engine))
    assert (site.gaps, site.lost, site.controls, site.levels) == ([], [], [], [])
    assert site.counts.same == site.counts.gaps_was > 0


def test_a_device_that_answers_in_clear_text_opens_a_gap_with_line_commit_and_author(
    works: GitRepository, engine: EmbeddedEngine
) -> None:
    collect(works, TELNET)
    commit = works.commit("Let telnet in\n\nChange: C-7")
    (move,) = [move for move in the_site(reviewed(works, engine)).gaps if move.gap.policy == CLEAR_TEXT]
    assert (move.status, move.was, move.now) == ("opened", "pass", "fail")
    (brought,) = move.brought
    assert (brought.commit, brought.author, brought.change) == (commit, "Ada Plant", "C-7")
    assert brought.path == "evidence/works/switches/raw/sw-77.cfg"
    line = (works.folder / brought.path).read_text().splitlines()[brought.line - 1]
    assert "telnet" in line


def test_backwards_the_gap_closes(works: GitRepository, engine: EmbeddedEngine) -> None:
    collect(works, TELNET)
    works.commit("Let telnet in")
    sides = opened_sides(works.folder, "change", "main", None, "pinned", exact=True)
    review = review_change(
        sides.base, sides.head, on="2026-11-20", engine=engine, provenance=provenance_of(sides.opened, engine)
    )
    assert ("closed", CLEAR_TEXT, "sw-77") in moves_of(review)


def test_evidence_that_is_deleted_makes_nothing_better(works: GitRepository, engine: EmbeddedEngine) -> None:
    shutil.rmtree(works.folder / "evidence/works/switches")
    works.commit("Forget the switches")
    site = the_site(reviewed(works, engine))
    assert {move.status for move in site.gaps if move.was == "fail"} == {"unknown-now"}
    assert site.counts.closed == 0
    assert any(lost.name == "sw-77" for lost in site.lost)
    assert not [move for move in site.controls if move.status == "better"]


def test_a_waiver_in_the_change_is_shown_and_not_used(works: GitRepository, engine: EmbeddedEngine) -> None:
    collect(works, TELNET)
    works.commit("Waive what we do", **{"controls/waivers/W-1.yaml": WAIVER.format(policy=CLEAR_TEXT)})
    review = reviewed(works, engine)
    (move,) = [move for move in the_site(review).gaps if move.gap.policy == CLEAR_TEXT]
    assert (move.status, move.gap.waiver_state) == ("opened", "")
    assert [(change.kind, change.how) for change in review.delta.judge.changes] == [("waiver", "added")]
    assert review.delta.judge.words == ["waiver W-1: 1 gap would no longer stop the gate"]


def test_a_waiver_says_what_it_would_take_from_the_gate_also_of_a_site_that_the_change_leaves_as_it_is(
    works: GitRepository, engine: EmbeddedEngine
) -> None:
    works.git("checkout", "-q", "main")
    collect(works, TELNET)
    works.commit("Collect a switch that answers in clear text")
    works.git("checkout", "-q", "-B", "change")
    works.commit("Waive it", **{"controls/waivers/W-1.yaml": WAIVER.format(policy=CLEAR_TEXT)})
    delta = reviewed(works, engine).delta
    assert not delta.sites
    assert delta.judge.words == ["waiver W-1: 1 gap would no longer stop the gate"]


def test_settings_that_are_not_tried_out_are_named(works: GitRepository, engine: EmbeddedEngine) -> None:
    text = (works.folder / "plantproof.yaml").read_text()
    works.commit("Age slower", **{"plantproof.yaml": f"{text}max_age_days: {{default: 9000}}\n"})
    assert reviewed(works, engine).delta.judge.words == [
        "not tried out, so that nobody knows what would move: plantproof.yaml"
    ]


def test_an_age_limit_that_the_change_loosens_does_not_keep_its_evidence_fresh(
    works: GitRepository, engine: EmbeddedEngine
) -> None:
    path = works.folder / "plantproof.yaml"
    path.write_text(path.read_text().replace("sites:\n", "max_age_days: {default: 2000}\nsites:\n", 1))
    works.date = "2027-06-01T12:00:00Z"
    works.commit("Loosen the limit")
    delta = reviewed(works, engine, head=None).delta
    assert [change.path for change in delta.judge.changes] == ["plantproof.yaml"]
    assert [value.pointer for value in delta.judge.changes[0].values] == ["max_age_days"]


def test_what_only_the_calendar_moved_stands_apart(
    works: GitRepository, engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1811851200")  # 2027-06-02
    works.date = "2027-06-01T12:00:00Z"
    works.commit("Rename the plant", **{"controls/sites/works.yaml": SITE.replace("title: Works\n", "title: Mill\n")})
    site = the_site(reviewed(works, engine))
    assert (site.gaps, site.lost) == ([], [])
    assert site.calendar
    assert "unknown-now" in {move.status for move in site.calendar}
    assert {move.because for move in site.calendar} == {"calendar"}


def test_a_path_and_the_conduit_that_permits_it_in_one_change_is_masked_and_shown(
    works: GitRepository, engine: EmbeddedEngine
) -> None:
    collect(works, TELNET)
    hidden = SITE.replace("members: [sw-77]", "members: []")
    works.commit("Move the switch out of the line", **{"controls/sites/works.yaml": hidden})
    site = the_site(reviewed(works, engine))
    assert site.intent is not None
    assert [value.pointer for value in site.intent.values] == ["zones[line].members"]
    assert CLEAR_TEXT in {move.gap.policy for move in [*site.gaps, *site.intent.masked]}


def test_a_change_that_removes_a_policy_file_of_its_own_says_what_is_no_longer_looked_at(
    works: GitRepository, engine: EmbeddedEngine
) -> None:
    path = works.folder / "plantproof.yaml"
    path.write_text(path.read_text().replace("profiles: [iec62443-sl2]", "profiles: [csf20-target]"))
    works.commit("Answer to another framework")
    judge = reviewed(works, engine).delta.judge
    assert any("would be asked no more" in words for words in judge.words)


def test_a_proposed_configuration_is_judged_before_it_is_on_the_device(
    works: GitRepository, engine: EmbeddedEngine
) -> None:
    proposal = works.folder.parent / "next.cfg"
    proposal.write_text(TELNET)
    review = reviewed(works, engine, base="change", propose=f"sw-77={proposal}")
    (move,) = [move for move in the_site(review).gaps if move.gap.policy == CLEAR_TEXT]
    assert (move.status, move.gap.method) == ("opened", "proposed")
    assert move.brought[0].subject == "proposed: next.cfg"
    assert review.delta.head.proposed == ["sw-77=next.cfg"]
    assert works.git("status", "--porcelain") == ""


def test_a_proposal_hides_no_records_that_somebody_wrote_beside_their_export(
    works: GitRepository, engine: EmbeddedEngine
) -> None:
    """Of the switches they are shown; the firewalls are read from their export just now."""
    collect(works, TELNET)
    folder = works.folder / "evidence/works/switches"
    records = folder / "records/setting.jsonl"
    before = records.read_bytes()
    records.write_bytes(
        before.replace(
            b'"telnet.enabled","method":"config","value":true', b'"telnet.enabled","method":"config","value":false'
        )
    )
    custody = folder / "custody.yaml"
    custody.write_text(
        custody.read_text().replace(sha256(before).hexdigest(), sha256(records.read_bytes()).hexdigest())
    )
    works.commit("Collect the switches")
    proposal = works.folder.parent / "next.conf"
    proposal.write_text(FORTIOS)
    review = reviewed(works, engine, propose=f"fw-77={proposal}")
    assert [each.source for each in review.delta.unproved] == ["switches"]
    assert "unproved" in {stop.reason for stop in gate(review.delta, limits_of([], "low")).stops}


def test_a_proposal_is_read_as_the_settings_of_the_base_say(works: GitRepository, engine: EmbeddedEngine) -> None:
    """The change has the switches speak for a device more; custody of what is proposed does not say so."""
    path = works.folder / "plantproof.yaml"
    path.write_text(
        path.read_text().replace("{kind: account, assets: [sw-77]}", "{kind: account, assets: [sw-77, fw-77]}")
    )
    works.commit("Speak for more")
    proposal = works.folder.parent / "next.cfg"
    proposal.write_text(SECURE)
    review = reviewed(works, engine, propose=f"sw-77={proposal}")
    (switches,) = [each for each in review.judged["works"].head.claims.sources if each.name == "switches"]
    assert ["sw-77"] in [each.assets for each in switches.custody.covers if each.kind == "account"]


def test_one_device_has_one_proposed_configuration(works: GitRepository) -> None:
    worse, same = works.folder.parent / "next.cfg", works.folder.parent / "same.cfg"
    worse.write_text(TELNET)
    same.write_text(SECURE)
    sides = opened_sides(works.folder, "change", None, None, "pinned")
    with pytest.raises(InputError, match="two configurations are proposed for SW-77"):
        with_proposals(sides, [f"sw-77={worse}", f"SW-77={same}"])


def test_a_proposal_makes_stale_evidence_no_fresher(
    works: GitRepository, engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1811851200")  # 2027-06-02
    works.date = "2027-06-01T12:00:00Z"
    works.commit("A day much later")
    proposal = works.folder.parent / "next.cfg"
    proposal.write_text(TELNET)
    site = the_site(reviewed(works, engine, base="change", propose=f"sw-77={proposal}"))
    assert not [move for move in site.gaps if move.now == "pass"]


def test_the_working_tree_can_be_reviewed_before_it_is_committed(works: GitRepository, engine: EmbeddedEngine) -> None:
    collect(works, TELNET)
    (move,) = [each for each in the_site(reviewed(works, engine, head=None)).gaps if each.gap.policy == CLEAR_TEXT]
    assert move.brought[0].subject == "not committed yet"


def test_a_site_that_the_change_takes_out_is_not_green(works: GitRepository, engine: EmbeddedEngine) -> None:
    path = works.folder / "plantproof.yaml"
    path.write_text(path.read_text().replace("sites:\n  works:", "sites:\n  mill: {}\n  works:"))
    mill = SITE.replace("id: works", "id: mill").replace("members: [sw-77]", "members: []")
    works.commit("Add a second site", **{"controls/sites/mill.yaml": mill})
    works.git("branch", "two")
    works.git("checkout", "-q", "-b", "away")
    path.write_text(path.read_text().replace("  mill: {}\n", ""))
    (works.folder / "controls/sites/mill.yaml").unlink()
    works.commit("Take it out")
    site = the_site(reviewed(works, engine, base="two", head="away"))
    assert (site.site, site.removed) == ("mill", True)


def test_a_change_that_leaves_no_site_is_refused(works: GitRepository, engine: EmbeddedEngine) -> None:
    path = works.folder / "plantproof.yaml"
    text = path.read_text()
    path.write_text(text[: text.index("sites:")] + "sites: {}\n")
    works.commit("Nothing left")
    with pytest.raises(InputError, match="the change leaves none"):
        reviewed(works, engine)


def test_stored_evidence_that_calls_itself_proposed_is_refused(works: GitRepository, engine: EmbeddedEngine) -> None:
    folder = works.folder / "evidence/works/switches"
    records = folder / "records/asset.jsonl"
    before = records.read_bytes()
    records.write_bytes(before.replace(b'"method":"config"', b'"method":"proposed"'))
    custody = folder / "custody.yaml"
    text = custody.read_text().replace(sha256(before).hexdigest(), sha256(records.read_bytes()).hexdigest())
    custody.write_text(text)
    works.commit("Call it proposed")
    with pytest.raises(InputError, match="only proposed"):
        reviewed(works, engine)


def test_records_that_somebody_wrote_beside_their_export_are_found_though_custody_fits(
    works: GitRepository, engine: EmbeddedEngine
) -> None:
    collect(works, TELNET)
    folder = works.folder / "evidence/works/switches"
    records = folder / "records/setting.jsonl"
    before = records.read_bytes()
    telnet = b'"key":"telnet.enabled","method":"config","value":'
    records.write_bytes(before.replace(telnet + b"true", telnet + b"false"))
    assert records.read_bytes() != before
    custody = folder / "custody.yaml"
    text = custody.read_text().replace(sha256(before).hexdigest(), sha256(records.read_bytes()).hexdigest())
    custody.write_text(text)
    works.commit("Tidy up")
    review = reviewed(works, engine)
    assert [(each.source, each.paths) for each in review.delta.unproved] == [
        ("switches", ["evidence/works/switches/records/setting.jsonl"])
    ]
    assert "unproved" in {stop.reason for stop in gate(review.delta, limits_of([], "low")).stops}


def test_what_a_collector_wrote_is_what_the_export_says(works: GitRepository, engine: EmbeddedEngine) -> None:
    collect(works, TELNET)
    works.commit("Let telnet in")
    assert reviewed(works, engine).delta.unproved == []


RIGHTS = """schema: plantproof/programme/1
fictional: true
persons:
  - {id: kim, name: Kim Plant, accounts: {gitlab: [kim]}, emails: [kim@plant.example]}
roles:
  - {id: collector, title: Collector, held_by: [kim]}
decision_rights:
  - id: evidence
    title: The owner of the plant agrees to its evidence
    when: [evidence]
    approved_by: {owner_of: site}
  - id: judge
    title: The owner of each plant agrees to what it is judged by
    when: [profile, project]
    approved_by: {owner_of: site}
"""


def asked_to_agree(review: Review) -> list[tuple[str, str, tuple[str, ...]]]:
    assert review.delta.sign_off is not None
    return [(each.right, each.site, tuple(each.why)) for each in review.delta.sign_off.required]


def test_who_owns_a_site_agrees_to_what_judges_all_sites_also_where_none_is_touched(
    works: GitRepository, engine: EmbeddedEngine
) -> None:
    works.git("checkout", "-q", "main")
    works.commit("Say who agrees", **{"controls/programme/company.yaml": RIGHTS})
    works.git("checkout", "-q", "-B", "change")
    text = (works.folder / "plantproof.yaml").read_text()
    works.commit("Call it otherwise", **{"plantproof.yaml": text.replace("Works (fictional)", "Works two (fictional)")})
    review = reviewed(works, engine)
    assert review.delta.sites == []
    why = ("the settings of the project or of its pipeline is edited (plantproof.yaml)",)
    assert asked_to_agree(review) == [("judge", "works", why)]


def test_who_owns_a_site_agrees_to_evidence_that_says_the_same_again(
    works: GitRepository, engine: EmbeddedEngine
) -> None:
    works.git("checkout", "-q", "main")
    works.commit("Say who agrees", **{"controls/programme/company.yaml": RIGHTS})
    for source in ("switches", "firewalls"):
        kept_elsewhere(works.folder / "evidence/works" / source)
    works.commit("Keep the exports elsewhere")
    works.git("checkout", "-q", "-B", "change")
    custody = works.folder / "evidence/works/switches/custody.yaml"
    custody.write_text(custody.read_text().replace('collected_at: "2026-11-18T06', 'collected_at: "2026-11-19T06'))
    works.commit("Look again")
    review = reviewed(works, engine)
    assert review.delta.collected_again == ["works"]
    assert asked_to_agree(review) == [("evidence", "works", ("evidence of works was collected",))]


def kept_elsewhere(source: Path) -> None:
    """Take the exports of a source out of the repository; custody says so."""
    shutil.rmtree(source / "raw")
    custody = load_yaml((source / "custody.yaml").read_bytes(), "custody.yaml", Custody)
    raw = [msgspec.structs.replace(each, external=True) for each in custody.raw]
    (source / "custody.yaml").write_bytes(dump_yaml(msgspec.structs.replace(custody, raw=raw)))


# --- the settings of a source -----------------------------------------------------------------------------------------


def edit_settings(works: GitRepository, was: str, now: str) -> None:
    path = works.folder / "plantproof.yaml"
    assert was in path.read_text()
    path.write_text(path.read_text().replace(was, now))


def collect_again(works: GitRepository, source: str) -> None:
    assert run(["collect", "-C", str(works.folder), "--source", source, "--again", "-q"]) == 0


def edited_values(review: Review) -> list[str]:
    (change,) = review.delta.judge.changes
    assert (change.kind, change.path, change.how) == ("project", "plantproof.yaml", "edited")
    return [value.pointer for value in change.values]


def unproved_of(review: Review) -> list[tuple[str, list[str], list[str], list[str]]]:
    found = [(each.source, each.settings, each.said, each.paths) for each in review.delta.unproved]
    assert bool(found) == ("unproved" in {stop.reason for stop in gate(review.delta, limits_of([], "low")).stops})
    return found


SECOND = """      registers:
        covers: [{kind: account, assets: [sw-77]}]
        method: declared
        mapping: {kind: account, id: [user], asset: device, fields: {principal: user, type: kind}}
"""
REGISTER = "device;user;kind;other\nsw-77;kim;person;service\n".replace(";", ",")


def with_register(works: GitRepository) -> None:
    """A second source of accounts of the switch, at the base."""
    works.git("checkout", "-q", "main")
    edit_settings(works, "      firewalls:\n", f"{SECOND}      firewalls:\n")
    export = works.folder.parent / "accounts.csv"
    export.write_text(REGISTER)
    arguments = ["collect", "-C", str(works.folder), "--source", "registers", "--at", "2026-11-18T07:30:00Z", "-q"]
    assert run([*arguments, str(export)]) == 0
    works.commit("Keep a register of accounts")
    works.git("checkout", "-q", "-B", "change")


def test_what_a_source_covers_is_judged_by_the_base_also_where_it_is_silent(
    works: GitRepository, engine: EmbeddedEngine
) -> None:
    """Whose evidence is gone leaves open what it was to speak for, though another source speaks there."""
    with_register(works)
    shutil.rmtree(works.folder / "evidence/works/registers")
    works.commit("Forget the register")
    plain = reviewed(works, engine)
    assert the_site(plain).lost
    edit_settings(works, "        covers: [{kind: account, assets: [sw-77]}]\n", "")
    works.commit("and what it covered")
    review = reviewed(works, engine)
    assert the_site(review).counts == the_site(plain).counts
    assert moves_of(review) == moves_of(plain)
    assert edited_values(review) == ["sources.works/registers.covers"]


def test_a_source_that_is_taken_out_of_the_project_file_is_an_edit_of_what_judges(
    works: GitRepository, engine: EmbeddedEngine
) -> None:
    with_register(works)
    edit_settings(works, SECOND, "")
    works.commit("Expect no register")
    assert edited_values(reviewed(works, engine)) == ["sources.works/registers"]


def test_a_new_source_brings_its_settings_and_edits_nothing_that_judges(
    works: GitRepository, engine: EmbeddedEngine
) -> None:
    with_register(works)
    review = reviewed(works, engine, base="main~1")
    assert (review.delta.judge.changes, review.delta.unproved) == ([], [])


def test_who_collects_and_with_which_tool_judges_nothing(works: GitRepository, engine: EmbeddedEngine) -> None:
    edit_settings(works, "      firewalls:\n", "      firewalls:\n        tool_version: '7'\n        steps: By hand\n")
    works.commit("Say how")
    assert reviewed(works, engine).delta.judge.changes == []


def test_what_is_written_under_an_edited_mapping_is_not_proved(works: GitRepository, engine: EmbeddedEngine) -> None:
    with_register(works)
    edit_settings(works, "type: kind", "type: other")
    collect_again(works, "registers")
    works.commit("Read the register otherwise")
    review = reviewed(works, engine)
    assert edited_values(review) == ["sources.works/registers.mapping.fields.type"]
    assert unproved_of(review) == [
        ("registers", ["mapping"], [], ["evidence/works/registers/records/account.jsonl"]),
    ]


def test_a_method_that_the_change_calls_stronger_is_not_proved(works: GitRepository, engine: EmbeddedEngine) -> None:
    with_register(works)
    edit_settings(works, "method: declared", "method: active")
    collect_again(works, "registers")
    works.commit("Call it tested")
    ((_, settings, _, paths),) = unproved_of(reviewed(works, engine))
    assert (settings, paths) == (["method"], ["evidence/works/registers/records/account.jsonl"])


def test_covers_in_custody_that_the_base_does_not_set_up_are_not_proved(
    works: GitRepository, engine: EmbeddedEngine
) -> None:
    edit_settings(works, "{kind: setting, assets: [fw-77]}", "{kind: setting}")
    collect_again(works, "firewalls")
    works.commit("Speak for everything")
    review = reviewed(works, engine)
    assert edited_values(review) == ["sources.works/firewalls.covers"]
    custody = "evidence/works/firewalls/custody.yaml"
    assert unproved_of(review) == [("firewalls", ["covers"], ["covers"], [custody])]


def test_covers_and_vantage_that_somebody_writes_into_custody_are_not_proved(
    works: GitRepository, engine: EmbeddedEngine
) -> None:
    path = works.folder / "evidence/works/firewalls/custody.yaml"
    custody = load_yaml(path.read_bytes(), "custody.yaml", Custody)
    more = [*custody.covers, Covers(kind="firewall_rule")]
    path.write_bytes(dump_yaml(msgspec.structs.replace(custody, covers=more, vantage=Vantage(sensor="everywhere"))))
    works.commit("Tidy up")
    assert unproved_of(reviewed(works, engine)) == [
        ("firewalls", [], ["covers", "vantage"], ["evidence/works/firewalls/custody.yaml"])
    ]


def test_an_edited_reading_of_an_export_that_is_kept_elsewhere_is_not_proved(
    works: GitRepository, engine: EmbeddedEngine
) -> None:
    with_register(works)
    works.git("checkout", "-q", "main")
    kept_elsewhere(works.folder / "evidence/works/registers")
    works.commit("Keep the export elsewhere")
    works.git("checkout", "-q", "-B", "change")
    custody = works.folder / "evidence/works/registers/custody.yaml"
    custody.write_text(custody.read_text().replace("2026-11-18T07", "2026-11-19T07"))
    works.commit("Look again")
    assert unproved_of(reviewed(works, engine)) == []
    edit_settings(works, "type: kind", "type: other")
    works.commit("Read otherwise")
    ((_, settings, _, paths),) = unproved_of(reviewed(works, engine))
    assert settings == ["mapping"]
    assert "evidence/works/registers/records/account.jsonl" in paths
