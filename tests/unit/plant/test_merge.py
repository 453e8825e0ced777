"""Claims of several sources become one value, or a dispute."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.support.plant_world import disputed, identities, lines, plant, project, source, value

from plantproof.errors import InputError, Problem
from plantproof.model.evidence import Vantage
from plantproof.model.plant import NO_METHOD, Origin
from plantproof.model.records import KINDS
from plantproof.model.vocabulary import Method

FIRMWARE = {"asset": {"firmware", "macs", "serial"}}


def claim(name: str, firmware: str, method: str = "passive", collected: str = "2026-06-01") -> object:
    return source(name, {"asset": [{"id": "a", "firmware": firmware}]}, method=method, collected=collected)


def test_the_strongest_method_wins_and_the_difference_is_a_dispute() -> None:
    built = plant(claim("inventory", "1.0", "declared"), claim("sensor", "2.0"), claim("config", "3.0", "config"))
    assert value(built, "asset", "a", "firmware") == "3.0"
    assert disputed(built, "asset", "a", "firmware") == ["3.0", "2.0", "1.0"]
    assert built.tables["asset"].columns["firmware"].methods[0] == Method.CONFIG


def test_the_projects_precedence_comes_before_the_method() -> None:
    built = plant(
        claim("inventory", "1.0", "declared"), claim("sensor", "2.0"), by=project(source_precedence=["inventory"])
    )
    assert disputed(built, "asset", "a", "firmware") == ["1.0", "2.0"]
    assert built.tables["asset"].columns["firmware"].methods[0] == Method.DECLARED


def test_the_name_decides_between_equal_sources() -> None:
    built = plant(claim("sensor-b", "2.0"), claim("sensor-a", "1.0"))
    assert disputed(built, "asset", "a", "firmware") == ["1.0", "2.0"]


def test_equal_claims_are_no_dispute_and_as_strong_as_the_strongest() -> None:
    by = project(source_precedence=["inventory"])
    built = plant(claim("inventory", "1.0", "declared"), claim("config", "1.0", "config"), by=by)
    assert disputed(built, "asset", "a", "firmware") is None
    assert built.tables["asset"].columns["firmware"].methods[0] == Method.CONFIG


@pytest.mark.parametrize("other", ["v1.2", "V1.2 ", "1.2"])
def test_a_difference_in_case_or_spaces_is_a_dispute(other: str) -> None:
    assert disputed(plant(claim("a", "V1.2"), claim("b", other)), "asset", "a", "firmware") == ["V1.2", other]


def test_one_value_written_in_two_ways_of_json_is_one_value() -> None:
    spaced = source("b", {"asset": b'{"id":"a","method":"passive","firmware": "V1.\\u0032","purdue_level":2}\n'})
    plain = source("a", {"asset": b'{"firmware":"V1.2","id":"a","method":"passive","purdue_level":2.0}\n'})
    built = plant(plain, spaced, needs=FIRMWARE)
    assert value(built, "asset", "a", "firmware") == "V1.2"
    assert built.tables["asset"].columns["firmware"].disputed == {}
    assert built.tables["asset"].columns["purdue_level"].values == [b"2.0"]


def test_a_stale_source_gives_no_value_and_marks_what_only_it_says() -> None:
    built = plant(claim("sensor", "2.0", collected="2026-01-01"))
    column = built.tables["asset"].columns["firmware"]
    assert (column.values, column.stale, column.methods[0]) == ([None], {0}, NO_METHOD)
    assert built.tables["asset"].fresh == bytearray([0])


def test_a_stale_source_does_not_dispute_a_fresh_one() -> None:
    built = plant(claim("config", "3.0", "config", collected="2026-01-01"), claim("sensor", "2.0"))
    column = built.tables["asset"].columns["firmware"]
    assert (column.values, column.stale, column.disputed) == ([b'"2.0"'], set(), {})


def test_names_and_addresses_are_united_and_sorted() -> None:
    first = source("a", {"asset": [{"id": "x", "names": ["plc", "PLC-1"], "ips": ["10.1.0.2"], "macs": ["b", "a"]}]})
    second = source(
        "b", {"asset": [{"id": "x", "names": ["S7"], "ips": ["10.1.0.2"], "macs": ["c"]}]}, method="declared"
    )
    built = plant(first, second, needs=FIRMWARE)
    columns = built.tables["asset"].columns
    assert value(built, "asset", "x", "names") == ["PLC-1", "S7", "plc"]
    assert value(built, "asset", "x", "macs") == ["a", "b", "c"]
    assert [columns[field].disputed for field in ("names", "ips", "macs")] == [{}, {}, {}]
    assert [columns[field].methods[0] for field in ("ips", "macs")] == [Method.PASSIVE, Method.DECLARED]


def test_a_union_that_one_strong_source_lists_in_full_is_as_strong_as_that_source() -> None:
    part = source("a", {"asset": [{"id": "x", "ips": ["10.1.0.2"]}]}, method="declared")
    whole = source("b", {"asset": [{"id": "x", "ips": ["10.1.0.3", "10.1.0.2"]}]}, method="config")
    assert plant(part, whole).tables["asset"].columns["ips"].methods[0] == Method.CONFIG


def test_merged_ids_are_one_asset_and_their_records_belong_to_it() -> None:
    known = identities(["a"], merged={"b": "a"})
    first = source("s1", {"asset": [{"id": "a", "firmware": "1"}, {"id": "b", "serial": "N7"}]})
    second = source("s2", {"account": [{"id": "k", "asset": "b", "principal": "admin"}]}, method="config")
    built = plant(first, second, known=known, needs={**FIRMWARE, "account": {"asset"}})
    assert built.tables["asset"].ids == ["a"]
    assert value(built, "asset", "a", "serial") == "N7"
    assert value(built, "account", "k", "asset") == "a"
    assert built.tables["account"].asset_rows == [0]


def test_a_merged_parent_is_the_asset_that_lives_on() -> None:
    """Whoever follows `parent` finds it, and sources that name the rack by two of its ids do not differ."""
    first = source("first", {"asset": [{"id": "a", "names": ["RACK-1"]}, {"id": "card", "parent": "b"}]})
    second = source("second", {"asset": [{"id": "card", "parent": "a"}]})
    built = plant(first, second, known=identities(["a"], merged={"b": "a"}))
    assert value(built, "asset", "card", "parent") == "a"
    assert disputed(built, "asset", "card", "parent") is None


def test_a_record_of_merged_ids_is_one_whichever_of_them_each_source_wrote() -> None:
    """A source that is collected again after the merger writes the living id; the other still has the one before."""
    known = identities(["a"], merged={"b": "a"})
    assets = source("s1", {"asset": [{"id": "a"}]})
    needs = {**FIRMWARE, "account": {"asset", "enabled", "type"}}
    built = [
        plant(
            assets,
            source("s2", {"account": [{"id": f"{own}/x", "asset": own, "enabled": True}]}, method="config"),
            source("s3", {"account": [{"id": "b/x", "asset": "b", "type": "shared"}]}),
            known=known,
            needs=needs,
        )
        for own in ("a", "b")
    ]
    for each in built:
        assert each.tables["account"].ids == ["a/x"]
        assert (value(each, "account", "a/x", "enabled"), value(each, "account", "a/x", "type")) == (True, "shared")
        assert len(each.tables["account"].origins[0]) == 2


def test_every_line_that_says_something_of_a_subject_is_an_origin() -> None:
    first = source("s1", {"asset": [{"id": "z"}, {"id": "a"}]})
    second = source("s2", {"asset": b'\n{"id":"a","method":"config"}'}, method="config")
    table = plant(first, second).tables["asset"]
    assert table.origins[0] == (
        Origin("s2", "evidence/works/s2/records/asset.jsonl", 2),
        Origin("s1", "evidence/works/s1/records/asset.jsonl", 2),
    )
    assert list(table.origins) == table.origins[0:2]
    assert table.origins[-1] == (Origin("s1", "evidence/works/s1/records/asset.jsonl", 1),)
    with pytest.raises(IndexError):
        table.origins[2]


def test_an_id_that_a_source_brings_twice_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        plant(source("s", {"asset": [{"id": "a"}, {"id": "b"}, {"id": "a", "method": "config"}]}))
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("evidence/works/s/records/asset.jsonl", 3)
    assert problem.message == "`a` is already the id of evidence/works/s/records/asset.jsonl:1"


def test_every_line_that_is_no_record_is_named() -> None:
    good = lines([{"id": "a"}])
    broken = good + b'{"id":"b","method":"passive"\n' + b"\xff\xfe\n" + b'{"id":"","method":"passive"}\n' + b"[]\n"
    with pytest.raises(InputError) as caught:
        plant(source("s", {"asset": broken, "flow": b"\x00"}))
    places = [(problem.path.rsplit("/", 1)[1], problem.line) for problem in caught.value.problems]
    assert places == [("asset.jsonl", 2), ("asset.jsonl", 3), ("asset.jsonl", 4), ("asset.jsonl", 5), ("flow.jsonl", 1)]


def test_a_value_of_a_wrong_type_is_named_with_field_and_line() -> None:
    with pytest.raises(InputError) as caught:
        plant(source("s", {"asset": [{"id": "a"}, {"id": "b", "firmware": 3}, {"id": "c", "firmware": None}]}))
    path = "evidence/works/s/records/asset.jsonl"
    hint = "a field that is unknown is left out"
    assert caught.value.problems == (
        Problem(path, 2, "`firmware` of `b`: Expected `str`, got `int`", hint),
        Problem(path, 3, "`firmware` of `c`: Expected `str`, got `null`", hint),
    )


def test_wrong_types_are_found_among_thousands_of_distinct_values() -> None:
    records = [{"id": f"{number:05}", "firmware": f"1.{number}"} for number in range(6000)]
    more = [*records, {"id": "x", "firmware": 7}]
    with pytest.raises(InputError) as caught:
        plant(source("a", {"asset": records}), source("b", {"asset": more}))
    assert [problem.line for problem in caught.value.problems] == [6001]
    built = plant(source("a", {"asset": records}), source("b", {"asset": records}))
    assert value(built, "asset", "05999", "firmware") == "1.5999"
    assert built.tables["asset"].columns["firmware"].disputed == {}


def test_a_name_with_a_line_break_is_no_id() -> None:
    with pytest.raises(InputError, match="not a record"):
        plant(source("s", {"asset": [{"id": "a\nb"}]}))


def test_kinds_that_nobody_needs_are_not_read() -> None:
    account = source("s", {"account": b"not json\n"})
    assert "account" not in plant(account).tables
    with pytest.raises(InputError):
        plant(account, needs={"account": set()})


def test_only_needed_fields_have_columns_and_reports_get_theirs() -> None:
    built = plant(
        source("s", {"asset": [{"id": "a", "serial": "N7", "os": "x"}]}), needs={"asset": {"serial", "nonsense"}}
    )
    columns = built.tables["asset"].columns
    assert "os" not in columns
    assert "nonsense" not in columns
    assert {"serial", "names", "role", "vendor", "model", "firmware", "zone", "criticality", "owner"} <= set(columns)


def test_the_id_is_a_field_for_those_who_declare_it() -> None:
    built = plant(source("s", {"asset": [{"id": "a"}]}), needs={"asset": {"id"}})
    assert value(built, "asset", "a", "id") == "a"
    assert "id" not in plant(source("s", {"asset": [{"id": "a"}]})).tables["asset"].columns


def test_every_kind_of_record_can_be_read() -> None:
    built = plant(needs={kind: set() for kind in KINDS})
    assert set(KINDS) <= set(built.tables)


@pytest.mark.parametrize(
    ("form", "vantage", "method"),
    [
        ("csv", None, Method.DECLARED),
        ("csv", Vantage(loss_percent=0.0), Method.DECLARED),
        ("csv", Vantage(sensor=" ", segments=["-"]), Method.DECLARED),
        ("csv", Vantage(sensor="tap-1"), Method.CONFIG),
        ("fortios", None, Method.CONFIG),
    ],
)
def test_a_table_that_anybody_can_write_is_declared_until_it_says_what_looked(
    form: str, vantage: Vantage | None, method: Method
) -> None:
    """`method: config` in the project's settings makes no list tested evidence."""
    table = source("s", {"asset": [{"id": "a", "firmware": "1"}]}, method="config", vantage=vantage)
    table = replace(table, custody=replace(table.custody, format=form))
    assert plant(table, needs={"asset": {"firmware"}}).tables["asset"].columns["firmware"].methods[0] == method
