"""Nozomi Guardian's assets: what the sensor says, and what it only writes for want of anything better."""

from __future__ import annotations

import json

import pytest
from tests.support.exports import nozomi as export_of
from tests.support.exports import nozomi_row

from plantproof.errors import InputError
from plantproof.evidence.collectors import nozomi
from plantproof.evidence.collectors.protocol import AssetDraft, Export
from plantproof.model.project_file import SourceSettings


def asset(**more: object) -> AssetDraft:
    (found,) = nozomi.collect([export_of(nozomi_row(1, **more))], SourceSettings()).assets
    return found


def test_a_full_row() -> None:
    found = asset(custom_fields={"criticality": "High"}, end_of_support_date=1767225600000)
    assert found.fields == {
        "names": ["plc-01"], "role": "controller", "purdue_level": 1.0, "vendor": "Siemens", "model": "S7-1500",
        "serial": "SN-1", "firmware": "V2.9.4", "ips": ["198.51.100.1"], "macs": ["02:00:00:00:00:01"],
        "zone": "Line 1", "criticality": "high", "support_ends": "2026-01-01",
    }  # fmt: skip
    assert [key.key for key in found.keys] == ["id", "serial", "name", "mac", "ip"]
    assert found.last_seen == "2025-11-13T02:13:21Z"
    assert found.pointer == "/result/0"


def test_missing_values_leave_fields_out() -> None:
    found = asset(
        name="198.51.100.1", type="-", level="", vendor="", serial_number="N/A",
        firmware_version="upgrade-to-see-details", product_name="-", zones=["Line 1", "Line 2"],
        mac_address=["00:00:00:00:00:00", "x"], last_activity_time=0,
    )  # fmt: skip
    assert found.fields == {"names": ["198.51.100.1"], "ips": ["198.51.100.1"]}
    assert [key.key for key in found.keys] == ["id", "ip"]
    assert found.last_seen == ""


@pytest.mark.parametrize(
    ("sources", "method"),
    [
        (("passive", "passive"), "passive"),
        (("smart-polling", "smart-polling"), "active"),
        (("passive", "smart-polling"), "passive"),
        (("config", "config"), "config"),
        (("manual", "passive"), "declared"),
        (("", "passive"), "passive"),
        (("never heard of", "passive"), "declared"),
    ],
)
def test_the_method_is_the_weakest_of_those_with_a_value(sources: tuple[str, str], method: str) -> None:
    found = asset(
        **{
            "vendor:info": {"source": sources[0]}, "firmware_version:info": {"source": sources[1]},
            "product_name:info": {"source": sources[1]}, "serial_number:info": {"source": sources[1]},
        }
    )  # fmt: skip
    assert found.method == method


def test_a_word_for_a_source_that_is_not_known_is_named() -> None:
    row = nozomi_row(1, **{"vendor:info": {"source": "asset-kb"}})
    found = nozomi.collect([export_of(row, nozomi_row(2))], SourceSettings())
    assert [(one.line, one.what) for one in found.remarks] == [(3, "source `asset-kb` is not known: declared")]
    assert [one.method for one in found.assets] == ["declared", "passive"]


@pytest.mark.parametrize("words", ["end_of_support", "End of Support", "end-of-support"])
def test_a_lifecycle_is_written_as_policies_know_it(words: str) -> None:
    assert asset(lifecycle=words).fields["lifecycle"] == "end-of-support"


def test_the_table_of_nodes_is_refused() -> None:
    """A node is an address that somebody used or asked for: the whole network's, or one that never answered."""
    node = {"id": "198.51.100.255", "ip": "198.51.100.255", "zone": "Line 1", "mac_vendor": "", "level": "",
            "vendor:info": {"source": "passive"}, "is_broadcast": True, "is_confirmed": False}  # fmt: skip
    assert nozomi.recognise(export_of(node)) > 50
    with pytest.raises(InputError, match="table `nodes`"):
        nozomi.collect([export_of(node)], SourceSettings())


def test_a_field_without_value_does_not_weaken_the_method() -> None:
    row = {name: {"source": "config"} for name in ("vendor:info", "product_name:info", "firmware_version:info")}
    assert asset(serial_number="", **{**row, "serial_number:info": {"source": "manual"}}).method == "config"


def test_rows_that_are_no_assets_are_named() -> None:
    found = nozomi.collect(
        [
            export_of(nozomi_row(1), {"name": "x"}),
        ],
        SourceSettings(),
    )
    assert [(one.what, one.count) for one in found.unread] == [("a row without `id`", 1)]
    with pytest.raises(InputError, match="no row of `result`"):
        nozomi.collect([Export("x", b'{"result": [1, 2]}')], SourceSettings())


def test_an_answer_that_holds_fewer_rows_than_its_total_is_refused() -> None:
    def part(name: str, *numbers: int) -> Export:
        value = {"result": [nozomi_row(number) for number in numbers], "header": [], "total": 3}
        return Export(name, json.dumps(value).encode())

    with pytest.raises(InputError, match="holds 2 of 3 rows"):
        nozomi.collect([part("a.json", 1, 2)], SourceSettings())
    assert len(nozomi.collect([part("a.json", 1, 2), part("b.json", 3)], SourceSettings()).assets) == 3
