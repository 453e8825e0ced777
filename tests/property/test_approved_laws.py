"""The laws of approved configurations, on generated devices."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import plant_world
from tests.support.approved_world import ASSET, approved, switch
from tests.support.plant_world import identities, lines

from plantproof.model.evidence import Source
from plantproof.plant.approved import KIND
from plantproof.plant.configuration import Configuration, configurations, differing

unhurried = settings(max_examples=100)
text = st.text(max_size=12)
values = st.one_of(text, st.integers(0, 9999), st.booleans(), st.lists(text, max_size=3))
keys = st.text(st.characters(codec="ascii", categories=["L", "Nd"]), min_size=1, max_size=8)
configured = st.dictionaries(keys, values, min_size=1, max_size=6)
rule = st.fixed_dictionaries(
    {"action": st.sampled_from(["accept", "deny"]), "services": st.lists(text, max_size=2), "log": st.booleans()}
)
rules = st.lists(rule, max_size=4)


def device(held: dict[str, Any], passing: list[dict[str, Any]], asset: str = "sw", **fields: Any) -> Source:
    listed = [
        {**each, "id": f"{asset}/policy/{number}", "asset": asset, "order": number + 1}
        for number, each in enumerate(passing)
    ]
    return switch(asset={**ASSET, "id": asset}, settings=held, rules=listed, **fields)


def read(source: Source, asset: str = "sw") -> Configuration:
    return configurations(source, None, {})[asset]


def moved(before: Configuration, after: Configuration) -> list[str]:
    facts = {name: fact.digest for name, fact in before.facts.items()}
    redacted = {name: fact.redacted for name, fact in before.facts.items() if fact.redacted}
    return differing(facts, redacted, before.key_id, after)


@unhurried
@given(configured, rules, st.randoms(use_true_random=False), st.sampled_from(["config", "proposed"]))
def test_collecting_again_in_any_order_on_any_lines_keeps_the_digest(
    held: dict[str, Any], passing: list[dict[str, Any]], random: Any, method: str
) -> None:
    first = device(held, passing)
    records = {}
    for kind, ((path, data),) in first.records.items():
        shuffled = [msgspec.json.decode(line) for line in data.splitlines()]
        random.shuffle(shuffled)
        records[kind] = [(path, b"\n" + lines([{**each, "method": method} for each in shuffled]) + b"\n")]
    again = msgspec.structs.replace(first, name="elsewhere", records=records)
    assert read(again).digest == read(first).digest
    assert moved(read(first), read(again)) == []


@unhurried
@given(configured, rules, st.data())
def test_any_changed_fact_changes_the_digest_and_is_named(
    held: dict[str, Any], passing: list[dict[str, Any]], data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(sorted(held)))
    other = data.draw(values.filter(lambda value: msgspec.json.encode(value) != msgspec.json.encode(held[key])))
    before, after = read(device(held, passing)), read(device({**held, key: other}, passing))
    assert before.digest != after.digest
    assert moved(before, after) == moved(after, before) == [f"setting {key}"]


@unhurried
@given(configured, rules, rules)
def test_other_rules_are_another_configuration(
    held: dict[str, Any], passing: list[dict[str, Any]], others: list[dict[str, Any]]
) -> None:
    before, after = read(device(held, passing)), read(device(held, others))
    assert (before.digest == after.digest) == (moved(before, after) == []) == (passing == others)


@unhurried
@given(configured, configured, st.booleans())
def test_a_record_of_another_device_never_makes_this_one_pass(
    own: dict[str, Any], approved_for: dict[str, Any], with_theirs: bool
) -> None:
    """`sw` has what is on record for `twin`; its own record, if any, says `own`."""
    twin = device(approved_for, [], asset="twin", name="others")
    records = approved(device(own, [])) if not with_theirs else []
    records += approved(twin, change="twin")
    plant = plant_world.plant(
        device(approved_for, []),
        twin,
        known=identities(["sw", "twin"]),
        needs={KIND: set()},
        approved=records,
    )
    table = plant.tables[KIND]
    states = dict(zip(table.ids, table.columns["state"].values, strict=True))
    same = msgspec.json.encode(own, order="sorted") == msgspec.json.encode(approved_for, order="sorted")
    expected = {"twin/approved-configuration": b'"as-approved"'}
    if not with_theirs:
        expected["sw/approved-configuration"] = b'"as-approved"' if same else b'"differs"'
    assert states == expected
