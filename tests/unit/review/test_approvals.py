"""Who must agree, from what moved: each decision right with a case worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.programme_example import COMPANY, DAY, FILES, MILL, intent

from plantproof.model.approvals import Moved, MovedFile, OpenedGap, OpenedPath, Place, RequiredApproval
from plantproof.review.approvals import kinds_without_right, not_decided, required_approvals
from plantproof.review.moved import moved_files

COMPANY_FILE, MILL_FILE = FILES


def required(moved: Moved, files: dict[str, str] | None = None, *sites: str, on: str = DAY) -> list[RequiredApproval]:
    return required_approvals(moved, intent(files, *sites), on=on)


def names(each: RequiredApproval) -> list[str]:
    return [may.person.name for may in each.persons]


def only(moved: Moved, files: dict[str, str] | None = None, on: str = DAY) -> RequiredApproval:
    (found,) = required(moved, files, on=on)
    return found


def test_nothing_moved_asks_for_nothing() -> None:
    assert required(Moved()) == []


def test_the_owner_of_a_zone_is_a_person_of_the_programme() -> None:
    found = only(Moved(zones=frozenset({Place("mill", "line")})))
    assert (found.right, found.role, found.role_title, names(found)) == ("zone", "", "Kim Plant", ["Kim Plant"])
    assert found.why == ("the zone Line 1 (line) is touched",)
    assert (found.path, found.line) == (COMPANY_FILE, 21)


def test_the_owner_of_a_zone_is_a_role() -> None:
    found = only(Moved(zones=frozenset({Place("mill", "sis")})))
    assert (found.role, names(found), found.count) == ("process-safety", ["Finn Dahl", "Oda Berg"], 1)


@pytest.mark.parametrize("zone", ["cell", "not-in-base"])
def test_a_zone_without_owner_and_a_new_one_are_the_site_owners(zone: str) -> None:
    found = only(Moved(zones=frozenset({Place("mill", zone)})))
    assert (found.role, names(found)) == ("mill-manager", ["Mo Hand"])


def test_a_conduit_is_its_owners() -> None:
    assert only(Moved(conduits=frozenset({Place("mill", "office-line")}))).role == "ot"


def test_rules_of_an_enforcing_device_are_the_networks() -> None:
    found = only(Moved(devices=frozenset({Place("mill", "fw-2")})))
    assert (found.right, found.role, found.afterwards_hours) == ("network", "ot", 72)
    assert found.why == ("the rules of fw-2 change, which enforces line-sis",)


@pytest.mark.parametrize(("zone", "behind"), [("sis", "Safety"), ("cell", "Stop the mill")])
def test_a_path_to_a_safety_function_takes_two_of_process_safety(zone: str, behind: str) -> None:
    network, safety = required(Moved(paths=frozenset({OpenedPath("mill", "office", zone, "tcp/502")})))
    assert network.right == "network"
    assert (safety.role, safety.count, names(safety)) == ("process-safety", 2, ["Finn Dahl", "Oda Berg"])
    assert "becomes reachable from Office (office) (tcp/502), behind which lies: " + behind in safety.why[0]


def test_a_path_to_elsewhere_is_no_matter_of_safety_unless_the_delta_says_so() -> None:
    path = OpenedPath("mill", "office", "line")
    assert [each.right for each in required(Moved(paths=frozenset({path})))] == ["network"]
    assert [each.right for each in required(Moved(paths=frozenset({path._replace(safety=True)})))] == [
        "network",
        "safety",
    ]


def test_a_policy_that_may_affect_safety_is_process_safetys() -> None:
    found = only(Moved(safety=frozenset({Place("mill", "identity/lockout")})))
    assert (found.right, found.why) == (
        "safety",
        ("results of identity/lockout move; what they ask for may affect safety",),
    )


@pytest.mark.parametrize(("severity", "asked"), [("critical", True), ("high", True), ("medium", False), ("low", False)])
def test_a_gap_is_asked_for_from_its_severity_on(severity: str, asked: bool) -> None:
    assert bool(required(Moved(gaps=frozenset({OpenedGap("mill", severity, "line")})))) is asked


def test_evidence_is_that_of_who_is_accountable_for_collecting_it() -> None:
    assert only(Moved(evidence=frozenset({"mill"}))).role == "ot"


def test_who_is_accountable_for_a_zone_goes_before_who_is_for_the_site() -> None:
    company = COMPANY.replace("when: [evidence]", "when: [zone]")
    moved = Moved(zones=frozenset({Place("mill", "sis")}))
    assert [each.role for each in required(moved, {COMPANY_FILE: company})] == ["process-safety", "process-safety"]
    moved = Moved(zones=frozenset({Place("mill", "office")}))
    assert [each.role for each in required(moved, {COMPANY_FILE: company})] == ["it", "ot"]


def test_where_nobody_is_accountable_it_is_asked_for_all_the_same() -> None:
    (found,) = required(Moved(evidence=frozenset({"other"})), None, "mill", "other")
    assert (found.site, found.role_title, found.persons) == ("other", "accountable for collect", ())


def test_what_judges_is_the_compliance_officers_and_a_waiver_the_sites_approvers() -> None:
    moved = moved_files(["policies/a/b/b.rego", "controls/waivers/W-1.yaml"], {"W-1": "mill"})
    waiver, judge = required(moved)
    assert (waiver.right, waiver.role, waiver.site, names(waiver)) == ("waiver", "waivers", "mill", ["Mo Hand"])
    assert (judge.right, judge.role, judge.site, names(judge)) == ("judge", "compliance", "", ["Lee Works"])
    assert judge.why == ("a policy is edited (policies/a/b/b.rego)",)


def test_of_what_is_of_no_site_each_site_with_holders_is_asked() -> None:
    moved = moved_files(["controls/waivers/W-1.yaml"])
    found = required(moved, None, "mill", "other")
    assert [(each.site, names(each)) for each in found] == [("mill", ["Mo Hand"]), ("other", [])]


def test_a_role_that_nobody_holds_is_asked_for_all_the_same() -> None:
    found = only(
        Moved(zones=frozenset({Place("mill", "line")})),
        {COMPANY_FILE: COMPANY, MILL_FILE: MILL.replace("Kim Plant", "Kay Plant")},
    )
    assert (found.role, found.role_title, found.persons) == ("", "Kim Plant", ())


def test_a_site_that_the_base_does_not_know_is_a_matter_of_the_project() -> None:
    found = only(Moved(evidence=frozenset({"annex"}), zones=frozenset({Place("annex", "line")})))
    assert found.right == "judge"
    assert found.why == (
        "evidence of annex was collected; the site annex is new",
        "the zone line (new) is touched; the site annex is new",
    )


@pytest.mark.parametrize(
    ("on", "who"),
    [
        ("2026-11-30", ["Lee Works"]),
        ("2026-12-01", ["Lee Works", "Finn Dahl"]),
        ("2026-12-10", ["Lee Works", "Finn Dahl"]),
        ("2026-12-11", ["Lee Works"]),
    ],
)
def test_who_stands_in_may_approve_on_those_days(on: str, who: list[str]) -> None:
    found = only(moved_files(["policies/a/b/b.rego"]), on=on)
    assert names(found) == who
    assert [each.standing_in for each in found.persons][1:] == ["for Lee Works until 2026-12-10"][: len(who) - 1]


def test_a_right_of_a_site_comes_on_top_and_speaks_of_its_site_alone() -> None:
    own = MILL + (
        "decision_rights:\n"
        "  - {id: line, title: Line, when: [zone], zones: [line], approved_by: {role: process-safety}, approvals: 2}\n"
    )
    here = Moved(zones=frozenset({Place("mill", "line"), Place("other", "line")}))
    found = required(here, {MILL_FILE: own}, "mill", "other")
    assert [(each.right, each.site) for each in found] == [("zone", "mill"), ("zone", "other"), ("line", "mill")]
    elsewhere = Moved(zones=frozenset({Place("mill", "office")}))
    assert [each.right for each in required(elsewhere, {MILL_FILE: own})] == ["zone"]


def test_a_narrowed_right_speaks_of_what_lies_at_no_known_place() -> None:
    own = MILL + ("decision_rights:\n  - {id: sis, title: S, when: [safety], zones: [sis], approved_by: {role: it}}\n")
    moved = Moved(safety=frozenset({Place("mill", "identity/lockout")}))
    assert [each.right for each in required(moved, {MILL_FILE: own})] == ["safety", "sis"]


def test_a_narrowed_right_speaks_of_a_zone_that_the_base_does_not_know() -> None:
    """Whoever gives a zone another name in his change would else get around those who must agree there."""
    own = MILL + ("decision_rights:\n  - {id: sis, title: S, when: [path], zones: [sis], approved_by: {role: it}}\n")
    for ends, asked in ((("line", "sis-2"), ["network", "sis"]), (("office", "line"), ["network"])):
        moved = Moved(paths=frozenset({OpenedPath("mill", *ends, "tcp/502")}))
        assert [each.right for each in required(moved, {MILL_FILE: own})] == asked


def test_a_recorded_configuration_is_a_matter_of_its_site() -> None:
    (file,) = moved_files(["controls/approved/mill/CHG-7.jsonl", "controls/approved/README.md"]).files
    assert (file.kind, file.site) == ("approved", "mill")


def test_what_no_decision_right_speaks_of_is_named() -> None:
    moved = moved_files(["controls/adopted/mill.yaml", "policies/a/b/b.rego"])
    assert not_decided(moved, intent()) == ("what is adopted as known is edited (controls/adopted/mill.yaml)",)
    assert kinds_without_right(intent().programme) == ["adopted", "approved", "catalog"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("plantproof.yaml", MovedFile("project", "plantproof.yaml")),
        (".github/workflows/check.yml", MovedFile("project", ".github/workflows/check.yml")),
        (".gitlab-ci.yml", MovedFile("project", ".gitlab-ci.yml")),
        ("controls/catalogs/a.yaml", MovedFile("catalog", "controls/catalogs/a.yaml")),
        ("controls/profiles/a.yaml", MovedFile("profile", "controls/profiles/a.yaml")),
        ("controls/programme/a.yaml", MovedFile("programme", "controls/programme/a.yaml")),
        ("mappers/crosswalks/a.yaml", MovedFile("mapping", "mappers/crosswalks/a.yaml")),
        ("controls/sites/mill.yaml", MovedFile("design", "controls/sites/mill.yaml", "mill")),
        ("controls/waivers/W-9.yaml", MovedFile("waiver", "controls/waivers/W-9.yaml")),
        ("policies/README.md", None),
        ("docs/a.md", None),
        ("policiesx/a.rego", None),
    ],
)  # fmt: skip
def test_a_changed_path_is_of_a_kind(path: str, expected: MovedFile | None) -> None:
    assert moved_files([path]).files == (frozenset({expected}) if expected else frozenset())


def test_evidence_names_its_site() -> None:
    moved = moved_files(["evidence/mill/switches/custody.yaml", "evidence/README.md"])
    assert moved == Moved(evidence=frozenset({"mill"}))


def test_hostile_names_are_spelled_out() -> None:
    found = only(Moved(zones=frozenset({Place("mill", "li\u202ene")})))
    assert found.why == ("the zone li\u27e8U+202E\u27e9ne (new) is touched",)


SITES = st.sampled_from(["mill", "other", "annex"])
ZONES = st.sampled_from(["office", "line", "cell", "sis", "elsewhere"])
PLACES = st.builds(Place, SITES, st.sampled_from(["line", "sis", "office-line", "line-sis", "fw-1", "x/y"]))
PATHS = st.sampled_from(
    ["policies/a/b.rego", "mappers/m.yaml", "plantproof.yaml", "controls/sites/mill.yaml", "controls/waivers/W-1.yaml",
     "controls/adopted/a.yaml", "evidence/mill/s/custody.yaml", "evidence/annex/s/custody.yaml"]
)  # fmt: skip
MOVED = st.builds(
    lambda moved, paths: moved + moved_files(paths),
    st.builds(
        Moved,
        evidence=st.frozensets(SITES),
        zones=st.frozensets(st.builds(Place, SITES, ZONES)),
        conduits=st.frozensets(PLACES),
        devices=st.frozensets(PLACES),
        paths=st.frozensets(st.builds(OpenedPath, SITES, ZONES, ZONES, st.just("tcp/502"), st.booleans())),
        safety=st.frozensets(PLACES),
        gaps=st.frozensets(st.builds(OpenedGap, SITES, st.sampled_from(["critical", "high", "medium", "low"]), ZONES)),
    ),
    st.lists(PATHS),
)
INTENT = intent(None, "mill", "other")


@settings(max_examples=60)
@given(MOVED, MOVED)
def test_law_more_that_moves_never_asks_for_less(one: Moved, other: Moved) -> None:
    def demands(moved: Moved) -> dict[tuple[str, str, str, str], tuple[int, frozenset[str]]]:
        found = required_approvals(moved, INTENT, on=DAY)
        return {
            (each.path, each.right, each.site, each.role_title): (each.count, frozenset(each.why)) for each in found
        }

    fewer, more = demands(one), demands(one + other)
    for key, (count, why) in fewer.items():
        assert more[key][0] >= count
        assert more[key][1] >= why


@settings(max_examples=40)
@given(MOVED)
def test_law_whatever_moves_is_asked_for_or_named(moved: Moved) -> None:
    asked = {words for each in required_approvals(moved, INTENT, on=DAY) for words in each.why}
    free = set(not_decided(moved, INTENT))
    assert not asked & free
    assert bool(asked | free) == (moved != Moved())
