"""The one view: order, grouping, words."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.assessment_example import example, two_sites

from plantproof.model.assessment import LevelBounds
from plantproof.reports.view import build_view
from plantproof.reports.view_levels import build_levels, level_state
from plantproof.reports.view_names import slug
from plantproof.reports.view_types import View


@pytest.fixture(scope="module")
def view() -> View:
    return build_view(example())


def test_most_severe_gap_comes_first(view: View) -> None:
    assert [gap.severity.word for gap in view.gaps] == ["critical", "high", "high", "medium"]


def test_causes_come_with_their_share_and_gaps(view: View) -> None:
    shared = next(cause for cause in view.causes if cause.policy == "identity/no_shared_accounts")
    assert (shared.gaps, shared.share, len(shared.gap_ids)) == (2, "50 %", 2)
    assert shared.review == "engineering and safety review"


def test_the_order_of_an_assessment_does_not_matter(view: View) -> None:
    given = example()
    turned = msgspec.structs.replace(
        given,
        gaps=given.gaps[::-1],
        causes=given.causes[::-1],
        policies=given.policies[::-1],
        sites=[
            msgspec.structs.replace(
                site,
                zones=site.zones[::-1],
                conduits=site.conduits[::-1],
                sources=site.sources[::-1],
                assets=site.assets[::-1],
                waivers=site.waivers[::-1],
                crossings=site.crossings[::-1],
            )
            for site in given.sites
        ],
    )
    assert msgspec.json.encode(view) == msgspec.json.encode(build_view(turned))


def test_zones_go_from_the_office_down_and_the_worst_are_apart(view: View) -> None:
    site = view.sites[0]
    assert [zone.id for zone in site.zones] == ["office", "plant-dmz", "filling-cell"]
    assert site.worst[0].id == "filling-cell"


def test_banners_say_what_it_is_not(view: View) -> None:
    assert "not a certificate" in view.banners[0]
    assert "Fictional plant: Bottling North" in view.banners[1]
    assert view.notices[0].startswith("IEC 62443-3-3: Titles and levels of the requirements are community-sourced")


def test_a_working_tree_is_said_to_be_one() -> None:
    given = example()
    provenance = msgspec.structs.replace(given.provenance, commit="", working_tree=True)
    view = build_view(msgspec.structs.replace(given, provenance=provenance))
    assert any("working tree" in banner for banner in view.banners)
    assert view.rests_on[0].value == "working tree (not committed)"


def test_a_gap_is_traced_to_the_raw_line_commit_and_collector(view: View) -> None:
    trace = next(gap for gap in view.gaps if gap.id == "gap-5b1c0a52").evidence[0]
    assert trace.raw_place == "evidence/bottling-north/fw-exports/raw/fw-cell-1.conf:1242"
    assert trace.commit.startswith("c0ffee")
    assert trace.collected == "2026-03-01T22:10:00Z by R. Amsel with FortiGate 7.0.1"


def test_what_has_no_conduit_is_listed_apart(view: View) -> None:
    assert [(s.source.id, s.target.id) for s in view.sites[0].shadows] == [("office", "filling-cell")]


def test_silence_has_names(view: View) -> None:
    assert sorted((r.reason, r.count) for r in view.missing) == [
        ("evidence too old", 1),
        ("no source speaks for it", 1),
    ]


def test_a_share_is_of_all_gaps_and_that_of_the_site_stands_beside_it() -> None:
    causes = {(cause.where, cause.policy): cause for cause in build_view(two_sites()).causes}
    shares = {key: (cause.gaps, cause.share, cause.site_share) for key, cause in causes.items()}
    assert shares["Bottling South", "zones/no_any_rule"] == (4, "50 %", "100 %")
    assert shares["Bottling North", "identity/no_shared_accounts"] == (2, "25 %", "50 %")
    assert {cause.where for cause in build_view(example()).causes} == {""}


def test_several_sites_show_the_worst_conclusion() -> None:
    given = example()
    framework = given.frameworks[0]
    met = next(control for control in framework.controls if control.control == "SR 5.4")
    other = msgspec.structs.replace(met, site="other", unit="other", conclusion="not-satisfied")
    doubled = msgspec.structs.replace(framework, controls=[*framework.controls, other])
    view = build_view(msgspec.structs.replace(given, frameworks=[doubled]))
    control = next(c for group in view.frameworks[0].groups for c in group.controls if c.id == "SR 5.4")
    assert control.status.word == "not satisfied"
    assert len(control.findings) == 2


@pytest.mark.parametrize(
    ("bounds", "target", "state"),
    [
        (LevelBounds(lower=2, upper=4), 2, "met"),
        (LevelBounds(lower=0, upper=1), 2, "short"),
        (LevelBounds(lower=1, upper=2), 2, "open"),
        (LevelBounds(lower=0, upper=0), 0, "none"),
        (LevelBounds(lower=0, upper=0), None, "none"),
        (LevelBounds(lower=2, upper=2, contested_lower=1, contested_upper=2), 2, "contested"),
        (LevelBounds(lower=1, upper=1, contested_lower=2, contested_upper=2), 2, "contested"),
    ],
)
def test_a_level_against_its_target(bounds: LevelBounds, target: int | None, state: str) -> None:
    assert state == level_state(bounds, target)


def test_levels_without_evidence_are_not_known() -> None:
    levels = build_levels([1, 1, 1, 1, 1, 1, 1], None)
    assert levels is not None
    assert levels.open == 7
    assert levels.attested == "(0-4 0-4 0-4 0-4 0-4 0-4 0-4)"


def test_neither_target_nor_level_shows_nothing() -> None:
    assert build_levels(None, None) is None


def test_file_names_are_safe_and_do_not_clash() -> None:
    names = ["SR 1.1", "sr 1.1", "sr-1-1", "../x", "con", "ä", "a" * 300, "", "index", "ac-2", "sc-7.5"]
    slugs = [slug(name) for name in names]
    assert len(set(slugs)) == len(names)
    assert all(len(each) < 90 and "/" not in each and ".." not in each for each in slugs)
    assert (slug("ac-2"), slug("sc-7.5")) == ("ac-2", "sc-7.5")


def test_zones_that_are_not_below_target_for_want_of_one_are_counted_apart() -> None:
    """A plant of which nobody has said what it aims at once read as "0 of 3 zones below target"."""
    given = example()
    zones = [msgspec.structs.replace(zone, sl_target=None) for zone in given.sites[0].zones]
    aimless = msgspec.structs.replace(given, sites=[msgspec.structs.replace(given.sites[0], zones=zones)])
    assert build_view(aimless).summary.endswith("0 of 3 zones below target, 3 without target.")
