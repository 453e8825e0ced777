"""Configurations as facts with digests: what has a part in them, what has none, and differences in words."""

from __future__ import annotations

import pytest
from tests.support.approved_world import ASSET, RULES, SETTINGS, switch
from tests.support.plant_world import lines

from plantproof.errors import InputError
from plantproof.model.evidence import Source
from plantproof.model.vocabulary import Method
from plantproof.plant.configuration import Configuration, configurations, differing, in_words


def read(source: Source, asset: str = "sw") -> Configuration:
    return configurations(source, None, {})[asset]


def digests(configuration: Configuration) -> dict[str, str]:
    return {name: fact.digest for name, fact in configuration.facts.items()}


def redacted(configuration: Configuration) -> dict[str, str]:
    return {name: fact.redacted for name, fact in configuration.facts.items() if fact.redacted}


def moved(before: Source, after: Source) -> list[str]:
    was, now = read(before), read(after)
    names = differing(digests(was), redacted(was), was.key_id, now)
    return in_words(names, was.facts, now.facts)


def test_facts_are_settings_rules_their_order_and_properties_of_the_device() -> None:
    assert sorted(read(switch()).facts) == [
        "device firmware",
        "device ips",
        "device names",
        "device role",
        "firewall_rule policy/1",
        "firewall_rule policy/2",
        "order rules",
        "setting ntp.servers",
        "setting ssh.version",
    ]


def test_each_fact_lies_on_its_line() -> None:
    fact = read(switch()).facts["setting ntp.servers"]
    assert (fact.path, fact.line) == ("evidence/works/switches/records/setting.jsonl", 2)


def test_another_id_of_the_asset_is_the_same_configuration() -> None:
    rules = [{**rule, "id": rule["id"].replace("sw/", "old/"), "asset": "old"} for rule in RULES]
    other = configurations(switch(asset={**ASSET, "id": "old"}, rules=rules), None, {"old": "sw"})["sw"]
    assert digests(other) == digests(read(switch()))


def test_what_moves_by_itself_is_no_part_of_it() -> None:
    accounts = [{"id": "sw/admin", "asset": "sw", "principal": "admin", "method": "config"}]
    later = [{**accounts[0], "last_logon": "2026-06-01", "locked_out": True}]
    assert digests(_with(switch(), accounts)) == digests(_with(switch(), later))


def _with(source: Source, accounts: list[dict[str, object]]) -> Configuration:
    source.records["account"] = [("evidence/works/switches/records/account.jsonl", lines(accounts))]
    return read(source)


def test_what_is_not_read_from_a_configuration_is_none() -> None:
    assert configurations(switch(method="passive"), None, {}) == {}


def test_only_the_assets_asked_for_are_read() -> None:
    assert configurations(switch(), {"another"}, {}) == {}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (switch(), []),
        (switch(settings={**SETTINGS, "ssh.version": 1}), ["setting `ssh.version` changed"]),
        (switch(settings={"ssh.version": 2}), ["setting `ntp.servers` removed"]),
        (switch(settings={**SETTINGS, "telnet.enabled": True}), ["setting `telnet.enabled` added"]),
        (switch(asset={**ASSET, "firmware": "1.1"}), ["its firmware changed"]),
        (switch(asset={**ASSET, "ips": []}), ["its addresses changed"]),
        (switch(rules=[{**RULES[0], "services": ["ip"]}, RULES[1]]), ["rule `policy/1` changed"]),
        (
            switch(rules=[{**RULES[0], "order": 2}, {**RULES[1], "order": 1}]),
            ["the order of the rules changed"],
        ),
        (
            switch(
                rules=[
                    {"id": "sw/policy/9", "asset": "sw", "order": 1, "action": "accept"},
                    {**RULES[0], "order": 2},
                    {**RULES[1], "order": 3},
                ]
            ),
            ["rule `policy/9` added"],
        ),
    ],
)  # fmt: skip
def test_differences_are_told_in_words(after: Source, expected: list[str]) -> None:
    assert moved(switch(), after) == expected


def test_a_shift_of_all_places_alone_is_no_change() -> None:
    assert moved(switch(), switch(rules=[{**rule, "order": rule["order"] + 10} for rule in RULES])) == []


def test_many_differences_are_counted() -> None:
    words = moved(switch(), switch(settings={f"key.{number:02}": 1 for number in range(40)}))
    assert len(words) == 12
    assert words[-1] == "and 31 more"


def _secret(key: str, token: str) -> Source:
    return switch(settings={"snmp.community": f"<redacted:{key}:{token}>"}, key_id=key)


def test_another_secret_under_one_key_is_a_change() -> None:
    assert moved(_secret("k1", "0" * 16), _secret("k1", "1" * 16)) == ["setting `snmp.community` changed"]


def test_another_redaction_key_is_no_change() -> None:
    assert moved(_secret("k1", "0" * 16), _secret("k2", "1" * 16)) == []


def test_a_placeholder_where_no_key_was_is_no_change() -> None:
    placeholder = switch(settings={"snmp.community": "<redacted>"})
    assert moved(_secret("k1", "0" * 16), placeholder) == []
    assert moved(placeholder, _secret("k1", "0" * 16)) == []


def test_a_secret_that_is_no_secret_any_more_is_a_change_under_any_key() -> None:
    plain = switch(settings={"snmp.community": "none"}, key_id="k2")
    assert moved(_secret("k1", "0" * 16), plain) == ["setting `snmp.community` changed"]


def test_what_is_proposed_is_not_on_the_device() -> None:
    assert read(switch(method="proposed")).proposed
    assert not read(switch()).proposed
    assert read(switch()).method == Method.CONFIG


def test_two_assets_that_became_one_lose_no_fact() -> None:
    both = switch()
    twin = lines([{"id": "twin/ssh.version", "asset": "twin", "key": "ssh.version", "value": 1, "method": "config"}])
    both.records["setting"].append(("evidence/works/switches/records/setting.2.jsonl", twin))
    facts = configurations(both, None, {"twin": "sw"})["sw"].facts
    assert "setting ssh.version (twin/ssh.version)" in facts


def test_lines_that_are_no_records_are_told_with_their_place() -> None:
    broken = switch()
    broken.records["setting"] = [("evidence/works/switches/records/setting.jsonl", b'{"id": 3}\n\nnonsense\n')]
    with pytest.raises(InputError) as caught:
        configurations(broken, None, {})
    assert [problem.line for problem in caught.value.problems] == [1, 3]
