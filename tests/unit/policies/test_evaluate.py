"""The order in which a subject is judged, and what silence means (verdicts.md 1-8)."""

from __future__ import annotations

import random

import pytest
from tests.support.policy_world import (
    ON,
    DictProject,
    column,
    observe,
    path_of,
    plant_of,
    policy_source,
    table,
    uncovered_asset,
    words,
)

from plantproof.errors import InputError
from plantproof.model.plant import Origin
from plantproof.model.vocabulary import Method, Outcome
from plantproof.policies.bundle import load_bundle
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.evaluate import evaluate

OLD = policy_source(
    'violations contains v if {\n\tinput.firmware == "old"\n\tv := {"message": "old", "field": "firmware"}\n}\n',
    "reads:\n  firmware: required",
)


def test_pass_fail_and_missing_field(engine: EmbeddedEngine) -> None:
    plant = plant_of(table("asset", 3, {"firmware": column(["new", "old", None])}))
    found = observe(engine, OLD, plant)
    assert words(found) == ["pass", "fail", "no-evidence: missing-field"]
    assert found.reasons == {2: ("missing-field", "firmware is not known")}
    assert [violation.message for violation in found.violations[1]] == ["old"]
    assert found.evaluated == 2


def test_equal_subjects_are_asked_once(engine: EmbeddedEngine) -> None:
    plant = plant_of(table("asset", 500, {"firmware": column(["new", "old"] * 250)}))
    found = observe(engine, OLD, plant)
    assert found.evaluated == 2
    assert found.outcomes.count(Outcome.FAIL) == 250


def test_field_that_only_stale_sources_say(engine: EmbeddedEngine) -> None:
    plant = plant_of(table("asset", 1, {"firmware": column([None], stale=[0])}))
    assert words(observe(engine, OLD, plant)) == ["no-evidence: stale"]


def test_field_that_no_source_brings(engine: EmbeddedEngine) -> None:
    assert words(observe(engine, OLD, plant_of(table("asset", 1)))) == ["no-evidence: missing-field"]


def test_subject_that_nobody_reports_any_more(engine: EmbeddedEngine) -> None:
    # What a stale source says of a subject may be nothing that anybody reads.
    columns = {"firmware": column(["new", "new", None, None], stale=[2])}
    seen = (Origin("scan", "evidence/plant/scan/records/asset.jsonl", 1),)
    plant = plant_of(table("asset", 4, columns, fresh=[1, 0, 0, 0], origins=[seen, (), seen, seen]))
    found = words(observe(engine, OLD, plant))
    assert found == ["pass", "no-evidence: no-longer-reported", "no-evidence: stale", "no-evidence: stale"]


ROLE = policy_source(
    'violations contains v if {\n\tinput.firmware == "old"\n\tv := {"message": "old"}\n}\n',
    "for:\n  role: [plc, rtu]\nreads:\n  firmware: required",
)


def test_for_is_decided_first(engine: EmbeddedEngine) -> None:
    columns = {"role": column(["plc", "server", None, "server"]), "firmware": column(["old", "old", "old", None])}
    plant = plant_of(table("asset", 4, columns, fresh=[1, 1, 1, 0]))
    assert words(observe(engine, ROLE, plant)) == [
        "fail",
        "not-applicable",
        "no-evidence: unknown-applicability",
        "not-applicable",
    ]


def test_a_role_that_may_be_what_is_asked_rules_nothing_out(engine: EmbeddedEngine) -> None:
    columns = {"role": column(["controller", "steuerung", "printer"]), "firmware": column(["old", "new", "old"])}
    found = observe(engine, ROLE, plant_of(table("asset", 3, columns)))
    assert words(found) == [*["no-evidence: unknown-applicability"] * 2, "not-applicable"]
    assert found.reasons[1][1] == "role `steuerung` may be what is asked, or not"


def test_one_condition_that_rules_out_is_enough(engine: EmbeddedEngine) -> None:
    source = policy_source(
        'violations contains v if {\n\tinput.role == "x"\n\tv := {"message": "m"}\n}\n',
        "for:\n  authorised: [true]\n  vendor: [Acme]\nreads:\n  role: optional",
    )
    columns = {"authorised": column([None, None, True]), "vendor": column(["Other", "Acme", "Acme"])}
    found = observe(engine, source, plant_of(table("asset", 3, columns)))
    assert words(found) == ["not-applicable", "no-evidence: unknown-applicability", "pass"]


def test_true_is_not_one() -> None:
    from plantproof.model.choosing import matches

    assert not matches(b"1", [True])
    assert matches(b"1.0", [1])
    assert matches(b'["a","b"]', ["b"])


FOLLOW = policy_source(
    'violations contains v if {\n\tinput.asset.zone == "dmz"\n\tv := {"message": "m"}\n}\n',
    "for:\n  asset.role: [server]\nreads:\n  enabled: required\nfollow:\n  asset: [zone]",
    subject="account",
).replace("violations contains v if {\n", "violations contains v if {\n\tinput.enabled\n")


def test_follow_and_unresolved_reference(engine: EmbeddedEngine) -> None:
    assets = table("asset", 3, {"zone": column(["dmz", "cell", None]), "role": column(["server", "server", "server"])})
    accounts = table("account", 4, {"enabled": column([True] * 4)}, asset_rows=[0, 1, 2, -1])
    assert words(observe(engine, FOLLOW, plant_of(assets, accounts))) == [
        "fail",
        "pass",
        "no-evidence: missing-field",
        "no-evidence: unknown-applicability",
    ]
    always = FOLLOW.replace("#   for:\n#     asset.role: [server]\n", "")
    assert words(observe(engine, always, plant_of(assets, accounts)))[3] == "no-evidence: unresolved-reference"


def test_followed_field_with_question_mark_may_be_unknown(engine: EmbeddedEngine) -> None:
    assets = table("asset", 1, {"zone": column([None]), "role": column(["server"])})
    accounts = table("account", 1, {"enabled": column([True])})
    source = FOLLOW.replace("asset: [zone]", 'asset: ["zone?"]')
    assert words(observe(engine, source, plant_of(assets, accounts))) == ["pass"]


AGES = policy_source(
    'violations contains v if {\n\tinput.ages.last_logon != "within"\n\tv := {"message": input.ages.last_logon}\n}\n',
    "reads:\n  last_logon: required\nages:\n  last_logon: max_idle_days\n"
    "parameters:\n  max_idle_days:\n    description: Days\n    default: 30\n    min: 1\n    max: 90",
    subject="account",
)


@pytest.mark.parametrize(
    ("date", "age"),
    [
        ("2025-05-31", "within"),
        ("2025-05-30", "over"),
        ("2025-05-30T23:59:59Z", "over"),
        ("2025-06-30", "within"),
        ("2025-07-01", "unknown"),
    ],
)
def test_age_against_the_date_of_the_assessment(engine: EmbeddedEngine, date: str, age: str) -> None:
    found = observe(engine, AGES, plant_of(table("account", 1, {"last_logon": column([date])})))
    assert [v.message for v in found.violations.get(0, ())] == ([] if age == "within" else [age])


def test_parameters_move_the_limit_within_its_bounds(engine: EmbeddedEngine) -> None:
    plant = plant_of(table("account", 1, {"last_logon": column(["2025-05-01"])}))
    assert words(observe(engine, AGES, plant)) == ["fail"]
    found = observe(engine, AGES, plant, {"max_idle_days": 90})
    assert (words(found), found.parameters) == (["pass"], b'{"max_idle_days":90}')


def test_wrong_bindings_are_told_all_at_once(engine: EmbeddedEngine) -> None:
    bundle = load_bundle(DictProject({path_of(): AGES}))
    bindings = [
        ("test/sample", {"max_idle_days": 91, "other": 1}),
        ("test/none", {}),
        ("test/sample", {"max_idle_days": "x"}),
    ]
    with pytest.raises(InputError) as caught:
        evaluate(bundle, bindings, plant_of(), engine, ON)
    assert [problem.message for problem in caught.value.problems] == [
        "policy test/sample parameter `max_idle_days`: 91 is outside of its limits",
        "policy test/sample has no parameter `other`",
        "no policy is called `test/none`",
        "policy test/sample parameter `max_idle_days`: 'x' is no number",
    ]


def test_disputed_field_fails_if_any_claim_fails(engine: EmbeddedEngine) -> None:
    disputed = {0: ["new", "old"], 1: ["new", "newer"], 2: [f"v{n}" for n in range(40)]}
    columns = {"firmware": column(["new", "new", "v0"], disputed=disputed)}
    assert words(observe(engine, OLD, plant_of(table("asset", 3, columns)))) == [
        "fail",
        "no-evidence: disputed",
        "no-evidence: disputed",
    ]


def test_disputed_applicability(engine: EmbeddedEngine) -> None:
    disputed = {0: ["server", "hmi"], 1: ["server", "plc"], 2: ["server", "plc"]}
    columns = {"role": column(["server"] * 3, disputed=disputed), "firmware": column(["old", "old", "new"])}
    found = observe(engine, ROLE, plant_of(table("asset", 3, columns)))
    assert words(found) == ["not-applicable", "fail", "no-evidence: disputed"]


OF_PLC = policy_source(
    'violations contains v if {\n\tinput.enabled == true\n\tv := {"message": "on"}\n}\n',
    "for:\n  asset.role: [plc]\nreads:\n  enabled: required",
    subject="account",
)


@pytest.mark.parametrize(
    ("roles", "owners", "outcome"),
    [
        (["server", "server"], ["asset-0", "asset-1"], "not-applicable"),
        (["server", "plc"], ["asset-0", "asset-1"], "fail"),
        (["server", None], ["asset-0", "asset-1"], "no-evidence: disputed"),
        (["server", "server"], ["asset-0", "nobody"], "no-evidence: disputed"),
        ([None, None], ["asset-0", "asset-1"], "no-evidence: unknown-applicability"),
        (["plc", None], ["asset-0", "asset-1"], "fail"),
    ],
)
def test_an_owner_of_whom_nothing_is_known_rules_nothing_out(
    engine: EmbeddedEngine, roles: list[str | None], owners: list[str], outcome: str
) -> None:
    """Sources differ on whose account it is: one of them may have any role."""
    accounts = {"enabled": column([True]), "asset": column(["asset-0"], disputed={0: owners})}
    assets = table("asset", 2, {"role": column(roles)})
    plant = plant_of(assets, table("account", 1, accounts, asset_rows=[0]))
    assert words(observe(engine, OF_PLC, plant)) == [outcome]


def test_disputed_date_has_an_age_for_each_claim(engine: EmbeddedEngine) -> None:
    columns = {"last_logon": column(["2025-06-01", "2025-06-01"], disputed={0: ["2025-06-01", "2020-01-01"]})}
    found = observe(engine, AGES, plant_of(table("account", 2, columns)))
    assert words(found) == ["fail", "pass"]
    assert [violation.message for violation in found.violations[0]] == ["over"]


def test_applicable_of_the_policy_itself(engine: EmbeddedEngine) -> None:
    source = OLD.replace("violations contains", 'applicable if startswith(input.firmware, "o")\n\nviolations contains')
    plant = plant_of(table("asset", 2, {"firmware": column(["old", "new"])}))
    assert words(observe(engine, source, plant)) == ["fail", "not-applicable"]


def test_method_is_the_weakest_of_the_fields_read(engine: EmbeddedEngine) -> None:
    methods = [Method.CONFIG, Method.ATTESTED, Method.PASSIVE]
    columns = {"firmware": column(["a", "b", "c"], methods=methods), "role": column(["x"] * 3)}
    source = OLD.replace("#     firmware: required", "#     firmware: required\n#     role: optional")
    columns["role"].methods = bytearray([Method.DECLARED, Method.CONFIG, 255])
    found = observe(engine, source, plant_of(table("asset", 3, columns)))
    assert list(found.methods) == [Method.DECLARED, Method.ATTESTED, Method.PASSIVE]


def test_uncovered_assets_follow_the_rows(engine: EmbeddedEngine) -> None:
    assets = table("asset", 3, {"role": column(["server", "plc", None])})
    uncovered = {"account": [uncovered_asset(f"asset-{row}") for row in range(3)]}
    accounts = table("account", 0, {})
    source = FOLLOW.replace("asset: [zone]", 'asset: ["zone?"]')
    found = observe(engine, source, plant_of(assets, accounts, uncovered=uncovered))
    assert words(found) == ["no-evidence: not-covered", "not-applicable", "no-evidence: not-covered"]
    assert list(found.methods) == [255, 255, 255]


def test_context_is_given(engine: EmbeddedEngine) -> None:
    source = policy_source(
        'violations contains v if {\n\tnot known\n\tv := {"message": "m"}\n}\n\n'
        "known if {\n\tsome zone in data.context.zone\n\tzone.id == input.zone\n}\n",
        "reads:\n  zone: required\ncontext: [zone]",
    )
    plant = plant_of(table("asset", 2, {"zone": column(["cell", "moon"])}))
    assert words(observe(engine, source, plant)) == ["pass", "fail"]


def test_order_of_the_rows_never_matters(engine: EmbeddedEngine) -> None:
    seed = random.Random(7)  # noqa: S311  reproducible, not secret
    rows = [(seed.choice(["plc", "server", None]), seed.choice(["old", "new", None])) for _ in range(60)]
    order = list(range(60))
    seed.shuffle(order)

    def outcomes(numbers: list[int]) -> dict[int, str]:
        columns = {"role": column([rows[n][0] for n in numbers]), "firmware": column([rows[n][1] for n in numbers])}
        found = words(observe(engine, ROLE, plant_of(table("asset", 60, columns))))
        return dict(zip(numbers, found, strict=True))

    assert outcomes(order) == outcomes(sorted(order))


def test_removing_a_field_never_turns_anything_to_pass(engine: EmbeddedEngine) -> None:
    full = {"role": column(["plc", "plc", "server"]), "firmware": column(["old", "new", "old"])}
    before = words(observe(engine, ROLE, plant_of(table("asset", 3, full))))
    for gone in full:
        for row in range(3):
            values = {name: [["plc", "plc", "server"], ["old", "new", "old"]][name == "firmware"] for name in full}
            values[gone] = [None if index == row else value for index, value in enumerate(values[gone])]
            columns = {name: column(value) for name, value in values.items()}
            after = words(observe(engine, ROLE, plant_of(table("asset", 3, columns))))
            assert all(new != "pass" or old == "pass" for old, new in zip(before, after, strict=True))


def test_whole_numbers_look_alike_and_text_is_left_alone(engine: EmbeddedEngine) -> None:
    body = (
        "violations contains v if {\n\tinput.firmware\n"
        '\tv := {"message": sprintf("%v", [input.purdue_level]), "seen": input.firmware}\n}\n'
    )
    source = policy_source(body, "reads: {firmware: required, purdue_level: required}")
    columns = {"firmware": column(['1.0,"2.0', "3.0"]), "purdue_level": column([2.0, 2.5])}
    found = observe(engine, source, plant_of(table("asset", 2, columns)))
    assert [(v.message, v.seen) for row in (0, 1) for v in found.violations[row]] == [("2", '1.0,"2.0'), ("2.5", "3.0")]
