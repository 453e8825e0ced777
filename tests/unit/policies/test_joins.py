"""Records that point at the subject: present, absent, not covered, incomplete, disputed."""

from __future__ import annotations

from typing import Any

from tests.support.policy_world import column, observe, plant_of, policy_source, table, words

from plantproof.model.plant import Plant
from plantproof.model.vocabulary import Method
from plantproof.policies.embedded import EmbeddedEngine

JOIN = policy_source(
    "violations contains v if {\n\tsome setting in input.joins.setting\n\tsetting.value == true\n"
    '\tv := {"message": setting.key, "seen": count(input.joins.setting)}\n}\n',
    "joins:\n  setting:\n    where:\n      key: [telnet.enabled]\n    fields: [key, value]\n    covered: required",
)


def plant(keys: list[Any], values: list[Any], rows: list[int], covered: list[int], **given: Any) -> Plant:
    settings = table(
        "setting",
        len(keys),
        {"key": column(keys), "value": column(values, disputed=given.pop("disputed", {}))},
        asset_rows=rows,
        fresh=given.pop("fresh", [1] * len(keys)),
    )
    names = given.pop("covered_as", "setting")
    return plant_of(table("asset", len(covered)), settings, covered={names: covered})


def test_joined_records_are_judged(engine: EmbeddedEngine) -> None:
    keys = ["telnet.enabled", "telnet.enabled", "ssh.enabled"]
    found = observe(engine, JOIN, plant(keys, [True, False, True], [0, 1, 1], [1, 1]))
    assert words(found) == ["fail", "pass"]


def test_empty_join_is_a_pass_only_where_a_source_speaks(engine: EmbeddedEngine) -> None:
    found = observe(engine, JOIN, plant(["ssh.enabled"], [True], [0], [1, 0]))
    assert words(found) == ["pass", "no-evidence: not-covered"]
    optional = JOIN.replace("covered: required", "covered: optional")
    assert words(observe(engine, optional, plant(["ssh.enabled"], [True], [0], [1, 0]))) == ["pass", "pass"]


def test_source_that_covers_one_key_only(engine: EmbeddedEngine) -> None:
    found = observe(engine, JOIN, plant([], [], [], [1, 0], covered_as="setting:telnet.enabled"))
    assert words(found) == ["pass", "no-evidence: not-covered"]
    found = observe(engine, JOIN, plant([], [], [], [1, 1], covered_as="setting:ssh.enabled"))
    assert words(found) == ["no-evidence: not-covered"] * 2


def test_record_that_nobody_reports_any_more_is_not_joined(engine: EmbeddedEngine) -> None:
    found = observe(engine, JOIN, plant(["telnet.enabled"], [True], [0], [0], fresh=[0]))
    assert words(found) == ["no-evidence: not-covered"]


def test_a_narrower_role_brings_its_records_too(engine: EmbeddedEngine) -> None:
    """A policy for servers is for historians: their records are joined like those of a server. A panel is neither."""
    servers = JOIN.replace("#   joins:", "#   for:\n#     role: [server]\n#   joins:", 1)
    settings = table(
        "setting", 3, {"key": column(["telnet.enabled"] * 3), "value": column([True] * 3)}, asset_rows=[0, 1, 2]
    )
    assets = table("asset", 3, {"role": column(["historian", "server", "hmi"])})
    found = observe(engine, servers, plant_of(assets, settings, covered={"setting": [1, 1, 1]}))
    assert words(found) == ["fail", "fail", "not-applicable"]


def test_pass_that_rests_on_an_incomplete_record_is_none(engine: EmbeddedEngine) -> None:
    key = "telnet.enabled"
    found = observe(engine, JOIN, plant([key, key, key], [None, None, True], [0, 1, 1], [1, 1]))
    assert words(found) == ["no-evidence: missing-field", "fail"]
    assert found.reasons[0] == ("missing-field", "value of a setting record is unknown")
    optional = JOIN.replace("[key, value]", '[key, "value?"]')
    assert words(observe(engine, optional, plant([key], [None], [0], [1]))) == ["pass"]


def test_record_that_may_match_is_incomplete(engine: EmbeddedEngine) -> None:
    assert words(observe(engine, JOIN, plant([None], [True], [0], [1]))) == ["no-evidence: missing-field"]


def test_disputed_record(engine: EmbeddedEngine) -> None:
    keys = ["telnet.enabled"] * 2
    found = observe(engine, JOIN, plant(keys, [False, 0], [0, 1], [1, 1], disputed={0: [False, True], 1: [0, 1]}))
    assert words(found) == ["fail", "no-evidence: disputed"]


def test_too_many_disputes_are_given_up(engine: EmbeddedEngine) -> None:
    count = 6
    disputed = {row: [False, 0] for row in range(count)}
    found = observe(
        engine, JOIN, plant(["telnet.enabled"] * count, [False] * count, [0] * count, [1], disputed=disputed)
    )
    assert words(found) == ["no-evidence: disputed"]


def test_records_are_sorted_and_complete(engine: EmbeddedEngine) -> None:
    keys, values = ["telnet.enabled"] * 3, [3, True, 1]
    one = observe(engine, JOIN, plant(keys, values, [0, 0, 0], [1]))
    other = observe(engine, JOIN, plant(keys, values[::-1], [0, 0, 0], [1]))
    assert one == other
    assert one.violations[0][0].seen == 3


def test_method_of_joined_records_counts(engine: EmbeddedEngine) -> None:
    made = plant(["telnet.enabled", "ssh.enabled"], [False, True], [0, 0], [1])
    made.tables["setting"].columns["value"].methods = bytearray([Method.DECLARED, Method.ATTESTED])
    assert list(observe(engine, JOIN, made).methods) == [Method.DECLARED]


ZONE = policy_source(
    'violations contains v if {\n\tsome asset in input.joins.asset\n\tasset.role == "hmi"\n'
    '\tv := {"message": input.id}\n}\n',
    "reads:\n  id: required\njoins:\n  asset:\n    fields: [role]",
    subject="zone",
)


def test_assets_of_a_zone(engine: EmbeddedEngine) -> None:
    names = ["cell", "dmz", "void"]
    zones = table("zone", 3, {"id": column(names)}, ids=names, zones=[(name,) for name in names])
    assets = table("asset", 3, {"role": column(["hmi", "plc", "plc"])}, zones=[("cell",), ("dmz",), ("dmz",)])
    assert words(observe(engine, ZONE, plant_of(zones, assets))) == ["fail", "pass", "no-evidence: not-covered"]
