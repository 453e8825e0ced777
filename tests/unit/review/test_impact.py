"""What a changed thing reaches: the way a verdict takes, walked down."""

from __future__ import annotations

import msgspec
from tests.support import mapper_world as world
from tests.support.review_world import FAIL, PASS, judged

from plantproof.model.crosswalk import Crosswalk
from plantproof.model.impact import Impact
from plantproof.model.intent import Intent
from plantproof.model.mapping import Mapping
from plantproof.model.plant import Column
from plantproof.model.policy import Bundle, Policy
from plantproof.review.impact import (
    Downstream,
    of_change,
    of_control,
    of_field,
    of_policies,
    of_subjects,
    readers_of,
    together,
)
from plantproof.review.judged import JudgedSite


def below(*policies: Policy) -> Downstream:
    built = world.simple({"a-1": PASS})
    mappings: list[Mapping] = built.mappings
    others = [world.control(name) for name in ("O-1", "O-2", "O-9")]
    intent: Intent = built.intent
    known = policies or (world.policy("f/x", reads={"firmware": "required"}),)
    return Downstream(
        intent=msgspec.structs.replace(
            intent, frameworks=(*intent.frameworks, world.framework(others, name="other", selected=others[:2]))
        ),
        mappings=tuple(mappings),
        bundle=Bundle(policies={each.id: each for each in known}, libraries={}),
        crosswalks=(
            Crosswalk(
                schema="plantproof/crosswalk/1",
                from_=world.IEC,
                to="other",
                source="by hand",
                pairs={"SR 1.1": ["O-1", "O-2", "O-9"], "SR 9.9": ["O-3"]},
            ),
        ),
    )


def selecting_one_of_two() -> Downstream:
    """SL-A rests on `SR 1.2`, too, which no profile selects. One policy answers both, another only that."""
    both = [world.control("SR 1.1"), world.control("SR 1.2", level=3)]
    answers = world.part(world.by("f/x"), world.by("f/y"))
    known = below(world.policy("f/x"), world.policy("f/y"))
    return msgspec.structs.replace(
        known,
        intent=msgspec.structs.replace(known.intent, frameworks=(world.framework(both, selected=both[:1]),)),
        mappings=(world.mapping(SR_1_1=world.mapped(world.part(world.by("f/x"))), SR_1_2=world.mapped(answers)),),
    )


def firmware(site: JudgedSite, **versions: str) -> JudgedSite:
    table = site.plant.tables["asset"]
    values = [f'"{versions[each.replace("-", "_")]}"'.encode() for each in table.ids]
    table.columns["firmware"] = Column(values=list(values), methods=bytearray(len(values)), disputed={}, stale=set())
    return site


def test_a_field_reaches_the_policies_that_declare_it_and_their_controls() -> None:
    reached = of_field("asset.firmware", below())
    assert reached.policies == ["f/x"]
    assert reached.parts == [f"{world.IEC}/SR 1.1/a"]
    assert reached.controls == {world.IEC: ["SR 1.1"]}
    assert reached.indicated == {"other": ["O-1", "O-2"]}
    assert f"page of {world.IEC} SR 1.1" in reached.documents


def test_a_field_that_no_policy_reads_reaches_nothing() -> None:
    reached = of_field("asset.colour", below())
    assert (reached.policies, reached.controls, reached.documents, reached.kpis) == ([], {}, [], [])


def test_a_control_names_the_policies_that_reach_it() -> None:
    assert of_control(world.IEC, "SR 1.1", below()).policies == ["f/x"]


def test_a_control_that_no_profile_selects_has_no_page_and_counts_nowhere() -> None:
    reached = of_policies(["f/x"], selecting_one_of_two())
    assert reached.controls == {world.IEC: ["SR 1.1"]}
    assert reached.parts == [f"{world.IEC}/SR 1.1/a"]
    assert reached.documents == [
        "assessment.json",
        "gap register",
        f"page of {world.IEC}",
        f"page of {world.IEC} SR 1.1",
        "summary",
    ]


def test_what_only_sl_a_rests_on_stands_in_no_page_but_in_every_list_of_gaps() -> None:
    for reached in (
        of_policies(["f/y"], selecting_one_of_two()),
        of_control(world.IEC, "SR 1.2", selecting_one_of_two()),
    ):
        assert (reached.parts, reached.controls) == ([], {})
        assert reached.documents == ["assessment.json", "gap register", "summary"]
        assert reached.kpis == [f"SL-A, which rests on every requirement of {world.IEC}", "gaps by severity"]


def test_a_control_that_nothing_answers_has_a_page_where_it_is_selected() -> None:
    assert of_control("other", "O-2", below()).documents[2:4] == ["page of other", "page of other O-2"]
    assert of_control("other", "O-9", below()) == Impact()


def test_a_changed_value_counts_its_record_and_its_zone() -> None:
    base = firmware(judged({"a-1": PASS, "a-2": PASS}), a_1="1.0", a_2="1.0")
    head = firmware(judged({"a-1": PASS, "a-2": FAIL}), a_1="1.0", a_2="0.9")
    reached = of_change(base, head, below())
    assert reached.records == {"asset": 1}
    assert reached.fields == ["asset.firmware"]
    assert reached.zones == ["works/cell"]
    assert reached.policies == ["f/x"]


def test_what_comes_or_goes_reaches_all_that_reads_its_kind() -> None:
    base = firmware(judged({"a-1": PASS}), a_1="1.0")
    head = firmware(judged({"a-1": PASS, "a-2": PASS}), a_1="1.0", a_2="1.0")
    assert of_change(base, head, below()).fields == ["asset.*"]
    assert readers_of(["asset.*"], below().bundle) == ["f/x"]


def test_a_zone_and_an_asset_reach_the_policies_on_what_belongs_to_them() -> None:
    site = judged({"a-1": PASS})
    assert of_subjects(site, below(), zone="cell").policies == ["f/x"]
    assert of_subjects(site, below(), asset="a-1").zones == ["works/cell"]
    assert of_subjects(site, below(), asset="a-9").policies == []


def test_together_unites_lists_and_adds_records() -> None:
    one = of_change(firmware(judged({"a-1": PASS}), a_1="1"), firmware(judged({"a-1": PASS}), a_1="2"), below())
    both = together([one, one])
    assert both.records == {"asset": 2}
    assert both.policies == one.policies == of_policies(["f/x"], below()).policies
