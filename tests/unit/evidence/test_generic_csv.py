"""Any table: the mapping that a person wrote, cell by cell, and every mistake in it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.exports import REGISTER, REGISTER_MAPPING

from plantproof.errors import InputError
from plantproof.evidence.collectors import generic_csv
from plantproof.evidence.collectors.protocol import Collected, Export
from plantproof.model.project_file import ColumnMapping, SourceSettings


def collect(text: str, mapping: ColumnMapping | None, **more: Any) -> Collected:
    return generic_csv.collect([Export("x.csv", text.encode())], SourceSettings(mapping=mapping, **more))


TRAINING = ColumnMapping(
    kind="training", id=["Person", "Course"],
    fields={"person": "Person", "course": "Course", "completed": "Done", "domain": "Area"},
    dates={"completed": "%d.%m.%Y"}, values={"domain": {"office": "IT", "shop floor": "OT"}}, delimiter=";",
)  # fmt: skip


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("ID,Name\n1,PLC-7\n", True),
        ("ID;Name\n", True),
        ("\n", False),
        ('{"a": 1,\n"b": 2,\n}', False),
        ("! Cisco IOS XE Software, Version 17.09.04a\n!\n! Image: Software: CAT9K_LITE_IOSXE, 17.9.4a\n", False),
        ("# Version: FortiGate-91G v7.4.7,build2731,250120 (GA.M)\n# Security Level: High\n", False),
    ],
)
def test_a_comma_in_the_first_line_makes_no_table(head: str, expected: bool) -> None:
    """The head of a configuration that is cut off was taken for one: its reader went on to write a mapping."""
    assert bool(generic_csv.recognise(Export("x", head.encode()))) is expected


def test_a_register_of_assets() -> None:
    found = collect(REGISTER, REGISTER_MAPPING)
    assert [dict(asset.fields) for asset in found.assets] == [
        {"names": ["PLC-7"], "vendor": "Siemens", "model": "S7-300", "serial": "S-7", "authorised": True,
         "ips": ["198.51.100.7", "198.51.100.8"]},
        {"names": ["HMI-7"], "vendor": "Siemens", "model": "TP1200", "serial": "S-8", "authorised": False},
    ]  # fmt: skip
    assert [key.key for key in found.assets[0].keys] == ["id", "serial", "name", "ip", "ip"]


def test_dates_value_maps_and_the_id_of_several_columns() -> None:
    found = collect("Person;Course;Done;Area\np-1;OT basics;31.12.2025;shop floor\n", TRAINING)
    (draft,) = found.drafts
    assert draft.local == "p-1/OT basics"
    assert draft.fields == {"person": "p-1", "course": "OT basics", "completed": "2025-12-31", "domain": "OT"}


def test_a_cell_that_is_not_understood_costs_its_row_and_is_named() -> None:
    found = collect(
        "Person;Course;Done;Area\np-1;x;soon;office\n;x;01.01.2026;office\np-3;x;-;office\n;;01.01.2026;\n", TRAINING
    )
    assert [draft.local for draft in found.drafts] == ["/x", "p-3/x"]
    assert [(one.line, one.what) for one in found.unread] == [
        (2, "`Done`: soon is not understood as completed"), (5, "no value in `Person, Course`"),
    ]  # fmt: skip


def test_a_word_for_nothing_can_be_given_a_meaning() -> None:
    mapping = ColumnMapping(
        kind="account", id=["U"], fields={"principal": "U", "mfa": "MFA", "enabled": "On"},
        values={"mfa": {"None": False, "TOTP": True, "": False}, "enabled": {"-": False}},
    )  # fmt: skip
    found = collect("U,MFA,On\na,None,-\nb,TOTP,None\nc,,yes\n", mapping)
    assert [draft.fields for draft in found.drafts] == [
        {"principal": "a", "mfa": False, "enabled": False},
        {"principal": "b", "mfa": True},
        {"principal": "c", "mfa": False, "enabled": True},
    ]


def test_settings_take_the_type_of_their_key() -> None:
    mapping = ColumnMapping(kind="setting", id=["Key"], asset="Host", fields={"key": "Key", "value": "Value"})
    found = collect(
        "Host,Key,Value\nsw,ssh.enabled,yes\nsw,password.min_length,12\nsw,ntp.servers,a;b\nsw,own.key,12\nsw,telnet.enabled,maybe\n",
        mapping,
    )
    assert [draft.fields["value"] for draft in found.drafts] == [True, 12, ["a", "b"], "12"]
    assert [one.what for one in found.unread] == ["`maybe` is no boolean"]


def test_assets_are_meant_by_name_or_as_the_settings_translate() -> None:
    mapping = ColumnMapping(kind="backup", id=["Job"], asset="Host", fields={"job": "Job"})
    found = collect("Job,Host\nj-1,h1\nj-2,\n", mapping, assets={"h1": "HIST-01"})
    assert [draft.asset for draft in found.drafts] == ["name:HIST-01", None]
    assert [(asset.refers, asset.keys[0].value) for asset in found.assets] == [(True, "HIST-01")]


def test_lists_of_assets_and_ends_of_flows() -> None:
    mapping = ColumnMapping(
        kind="change", id=["No"], fields={"assets": "On", "approved_by": "By"}, lists={"assets": ","}
    )
    (draft,) = collect('No,On,By\nC1,"a,b",Kim\n', mapping).drafts
    assert draft.ends == {"assets": ["name:a", "name:b"]}
    mapping = ColumnMapping(kind="flow", id=["From", "To", "Port"], fields={"src": "From", "dst": "To", "port": "Port"})
    (draft,) = collect("From,To,Port\na,b,502\n", mapping).drafts
    assert draft.ends == {"src": "name:a", "dst": "name:b"}
    assert draft.fields == {"port": 502}


def test_formulas_are_kept_as_data_and_reported() -> None:
    found = collect(REGISTER.replace("S7-300", "=HYPERLINK(1)"), REGISTER_MAPPING)
    assert found.assets[0].fields["model"] == "=HYPERLINK(1)"
    assert [(one.line, one.what) for one in found.remarks] == [(2, "formula in `Type`")]


def test_every_missing_column_is_named_with_those_there_are() -> None:
    with pytest.raises(InputError) as refused:
        collect("Tag,Maker\nx,y\n", REGISTER_MAPPING)
    assert [problem.message for problem in refused.value.problems] == [
        f"column `{name}` is missing" for name in ("Type", "Serial", "Addresses", "Safety relevant")
    ]


def test_every_mistake_of_the_mapping_at_once() -> None:
    with pytest.raises(InputError) as refused:
        collect(REGISTER, ColumnMapping(kind="training", fields={"persn": "Tag"}, constants={"colour": "red"}))
    assert [problem.message for problem in refused.value.problems] == [
        "a record of kind training has no field `colour`",
        "a record of kind training has no field `persn`",
        "the mapping has no `id`: the columns that tell one row from another",
    ]
    with pytest.raises(InputError, match="is no kind of record"):
        collect(REGISTER, ColumnMapping(kind="assets", fields={}))
    with pytest.raises(InputError, match="needs a `mapping`"):
        collect(REGISTER, None)
    with pytest.raises(InputError, match="no delimiter"):
        collect(REGISTER, ColumnMapping(kind="asset", fields={"names": "Tag"}, delimiter=";;"))
