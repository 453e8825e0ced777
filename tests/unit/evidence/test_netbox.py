"""NetBox in its shapes: lists of the REST API, one object of all lists, a fixture dump."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.support.exports import netbox_device, netbox_lists

from plantproof.errors import InputError
from plantproof.evidence.collectors import netbox
from plantproof.evidence.collectors.protocol import Collected, Export
from plantproof.model.project_file import SourceSettings


def collect(*exports: Export) -> Collected:
    return netbox.collect(exports, SourceSettings())


def as_json(value: Any, name: str = "x.json") -> Export:
    return Export(name, json.dumps(value).encode())


def test_lists_one_a_file() -> None:
    found = collect(*netbox_lists())
    first = next(asset for asset in found.assets if asset.local == "device/1")
    assert first.fields == {
        "names": ["sw-01"], "role": "switch", "purdue_level": 2.0, "vendor": "Cisco", "model": "IE-4000",
        "order_code": "IE-4000-8GT", "serial": "FOC0001", "os": "Cisco IOS", "ips": ["192.0.2.1"],
        "macs": ["02:00:00:00:01:01"], "zone": "control-room", "criticality": "high", "lifecycle": "active",
        "owner": "Plant engineering", "authorised": True,
    }  # fmt: skip
    assert [(key.key, key.value) for key in first.keys][:3] == [
        ("id", "device/1"),
        ("serial", "Cisco/FOC0001"),
        ("name", "sw-01"),
    ]
    interface = found.drafts[0]
    assert interface.asset == "device/1"
    assert interface.fields == {
        "name": "Gi1/1", "enabled": True, "mac": "02:00:00:00:01:01", "ips": ["192.0.2.1/24"], "vlan": 20,
        "mode": "access", "description": "uplink",
    }  # fmt: skip
    assert [one.what for one in found.unread] == ["an address that is assigned to no interface"]
    assert found.rows == {"devices.json": 2, "interfaces.json": 2, "ips.json": 2}


def test_one_object_of_all_lists_says_the_same() -> None:
    parts = {"devices": 0, "interfaces": 1, "ip_addresses": 2}
    lists = netbox_lists()
    apart = collect(*lists)
    for nested in (True, False):
        value = {name: json.loads(lists[at].data) for name, at in parts.items()}
        together = collect(as_json(value if nested else {name: part["results"] for name, part in value.items()}))
        assert [asset.fields for asset in together.assets] == [asset.fields for asset in apart.assets]
        assert [draft.fields for draft in together.drafts] == [draft.fields for draft in apart.drafts]


def test_a_fixture_dump_resolves_its_keys() -> None:
    rows = [
        {"model": "dcim.manufacturer", "pk": 3, "fields": {"name": "Cisco"}},
        {"model": "dcim.devicetype", "pk": 6, "fields": {"manufacturer": 3, "model": "ISR", "part_number": "C1111"}},
        {"model": "dcim.devicerole", "pk": 1, "fields": {"name": "Router", "slug": "router"}},
        {"model": "tenancy.tenant", "pk": 5, "fields": {"name": "OT"}},
        {"model": "dcim.device", "pk": 1, "fields": {"name": "rtr-1", "device_type": 6, "role": 1, "tenant": 5,
         "platform": 9, "serial": "", "status": "active", "primary_ip4": None, "custom_field_data": {}}},
        {"model": "dcim.interface", "pk": 7, "fields": {"device": 1, "name": "Gi0", "enabled": False,
         "mac_address": None, "mode": ""}},
        {"model": "ipam.ipaddress", "pk": 8, "fields": {"address": "192.0.2.9/24",
         "assigned_object_type": ["dcim", "interface"], "assigned_object_id": 7}},
        {"model": "dcim.cable", "pk": 1, "fields": {}},
        {"model": "dcim.cable", "pk": 2, "fields": {}},
    ]  # fmt: skip
    found = collect(as_json(rows))
    assert found.assets[0].fields == {
        "names": ["rtr-1"], "role": "router", "vendor": "Cisco", "model": "ISR", "order_code": "C1111",
        "ips": ["192.0.2.9"], "lifecycle": "active", "owner": "OT", "authorised": True,
    }  # fmt: skip
    assert found.drafts[0].fields == {"name": "Gi0", "enabled": False, "ips": ["192.0.2.9/24"]}
    assert [(one.what, one.count) for one in found.unread] == [("dcim.cable: a kind of row that is not read", 2)]
    assert found.rows == {"x.json": 9}


def test_a_list_that_lacks_pages_is_refused() -> None:
    value = {"count": 500, "next": "…", "results": [netbox_device(1)]}
    with pytest.raises(InputError, match="holds 1 of 500 device rows"):
        collect(as_json(value))
    pages = [{"count": 2, "next": None, "results": [netbox_device(n)]} for n in (1, 2)]
    assert len(collect(*(as_json(page, f"{n}.json") for n, page in enumerate(pages))).assets) == 2


def listed(name: str, count: int, numbers: range, **more: Any) -> Export:
    rows = [{**netbox_device(number), **more} for number in numbers]
    return as_json({"count": count, "next": None, "previous": None, "results": rows}, name)


def test_a_page_that_is_there_twice_is_one_page() -> None:
    page = [
        {"id": n, "address": f"192.0.2.{n}/24", "assigned_object_type": None, "assigned_object_id": None}
        for n in (1, 2)
    ]
    twice = [as_json({"count": 4, "results": page}, f"{name}.json") for name in "ab"]
    with pytest.raises(InputError, match="holds 2 of 4 address rows"):
        collect(as_json([netbox_device(1)]), *twice)


def test_a_whole_list_completes_no_other_of_the_same_count() -> None:
    with pytest.raises(InputError, match="holds 1 of 3 device rows"):
        collect(listed("press.json", 3, range(1, 2)), listed("paint.json", 3, range(10, 13)))
    assert len(collect(listed("press.json", 2, range(1, 3)), listed("paint.json", 3, range(10, 13))).assets) == 5


def test_a_list_that_counts_rows_and_has_none_is_refused() -> None:
    with pytest.raises(InputError, match="holds 0 of 50 rows"):
        collect(as_json([netbox_device(1)]), as_json({"count": 50, "results": []}, "interfaces.json"))


def test_two_devices_under_one_id_are_refused() -> None:
    with pytest.raises(InputError, match="two devices have the id 1"):
        collect(as_json([netbox_device(1), netbox_device(1, name="other")]))


def test_templates_and_other_ports_are_no_devices_and_no_interfaces() -> None:
    """The one address belongs to interface 11, and the power supply of another device has the number 11 too."""
    template = {"id": 3, "device_type": {"id": 1}, "name": "Gi0/1", "label": "", "type": {"value": "x"},
                "enabled": True, "mgmt_only": False}  # fmt: skip
    supply = {"id": 11, "device": {"id": 1}, "name": "PSU1", "label": "", "type": {"value": "iec"}}
    address = {"id": 20, "address": "192.0.2.7/24", "assigned_object_type": "dcim.interface", "assigned_object_id": 11}
    lists = [[netbox_device(1)], [template], [supply], [address]]
    found = collect(*(as_json(rows, f"{number}.json") for number, rows in enumerate(lists)))
    assert [asset.local for asset in found.assets] == ["device/1"]
    assert found.assets[0].fields["ips"] == ["192.0.2.1"]
    assert found.drafts == []
    assert sorted((one.raw, one.what) for one in found.unread) == [
        ("1.json", "a row that is no device, interface or address"),
        ("2.json", "a row that is no device, interface or address"),
        ("3.json", "an address of an interface that is not in the export"),
    ]


@pytest.mark.parametrize(
    ("explained", "ips", "unread"),
    [
        ([], None, ["an address of an object of kind 75, which the dump leaves open"]),
        ([("virtualization", "vminterface")], None, ["an address of an interface that is not in the export"]),
        ([("dcim", "interface")], ["192.0.2.9/24"], []),
    ],
)
def test_an_address_goes_to_an_interface_only_where_the_dump_says_so(
    explained: list[tuple[str, str]], ips: list[str] | None, unread: list[str]
) -> None:
    rows: list[dict[str, Any]] = [
        {"model": "dcim.device", "pk": 1, "fields": {"name": "rtr-1", "status": "active"}},
        {"model": "dcim.interface", "pk": 7, "fields": {"device": 1, "name": "Gi0"}},
        {"model": "ipam.ipaddress", "pk": 8, "fields": {"address": "192.0.2.9/24", "assigned_object_type": 75,
         "assigned_object_id": 7}},
    ]  # fmt: skip
    rows += [
        {"model": "contenttypes.contenttype", "pk": 75, "fields": {"app_label": app, "model": model}}
        for app, model in explained
    ]
    found = collect(as_json(rows))
    assert found.drafts[0].fields.get("ips") == ips
    assert [one.what for one in found.unread] == unread


@pytest.mark.parametrize(
    ("status", "authorised"),
    [
        ("active", True), ("staged", True), ("offline", True), ("planned", None), ("inventory", None),
        ("failed", None), ("decommissioning", None), ("of our own making", None),
    ],
)  # fmt: skip
def test_a_device_is_authorised_where_its_status_has_it_in_the_plant(status: str, authorised: bool | None) -> None:
    found = collect(as_json([netbox_device(1, status={"value": status, "label": "x"})]))
    assert found.assets[0].fields.get("authorised") is authorised
    assert found.assets[0].fields["lifecycle"] == status


def test_the_address_for_management_out_of_band_is_an_address_too() -> None:
    device = netbox_device(1, oob_ip={"id": 5, "address": "203.0.113.9/24", "family": 4})
    assert collect(as_json([device])).assets[0].fields["ips"] == ["192.0.2.1", "203.0.113.9"]


@pytest.mark.parametrize("status", [{"value": "deprecated", "label": "Deprecated"}, "deprecated"])
def test_an_address_that_is_deprecated_is_not_one_of_the_device(status: object) -> None:
    devices, interfaces, _ = netbox_lists()
    assigned = {"assigned_object_type": "dcim.interface", "assigned_object_id": 11}
    addresses = [
        {"id": 1, "address": "203.0.113.1/24", "status": status, **assigned},
        {"id": 2, "address": "203.0.113.2/24", "status": {"value": "active"}, "vrf": None, **assigned},
        {"id": 3, "address": "203.0.113.2/24", "status": {"value": "active"}, "vrf": {"id": 1}, **assigned},
    ]
    found = collect(devices, interfaces, as_json(addresses, "ips.json"))
    assert found.assets[0].fields["ips"] == ["192.0.2.1", "203.0.113.2"]
    assert found.drafts[0].fields["ips"] == ["203.0.113.2/24"]
    assert [one.what for one in found.unread] == ["an address that is deprecated: nobody is said to use it"]


@pytest.mark.parametrize("lifecycle", ["End of life", {"value": "end_of_life", "label": "Old"}])
def test_a_custom_lifecycle_is_written_as_policies_know_it(lifecycle: object) -> None:
    found = collect(as_json([netbox_device(1, custom_fields={"lifecycle": lifecycle})]))
    assert found.assets[0].fields["lifecycle"] == "end-of-life"


@pytest.mark.parametrize(
    ("slug", "role"),
    [
        ("access-switch", "switch"), ("dcs", "controller"), ("ied", "controller"), ("vfd", "drive"),
        ("safety-automation-system", "safety-plc"), ("sis", "safety-plc"), ("scada-client", "operator-station"),
        ("hypervisor", "server"), ("network-sensor", "server"), ("printer", "printer"),
    ],
)  # fmt: skip
def test_a_role_is_the_one_that_policies_are_for(slug: str, role: str) -> None:
    """The words are those that Malcolm ships for NetBox; a word that no policy knows leaves the device out of it."""
    found = collect(as_json([netbox_device(1, role={"id": 1, "name": slug.title(), "slug": slug})]))
    assert found.assets[0].fields["role"] == role


@pytest.mark.parametrize(
    ("said", "read"),
    [("2027-06-30", "2027-06-30"), ("30.06.2027", "2027-06-30"), ("06.07.2027", None), ("soon", None), ("", None)],
)
def test_a_date_of_support_that_is_none_costs_no_device(said: str, read: str | None) -> None:
    """A field of text may hold anything; the whole device was left out for it."""
    found = collect(as_json([netbox_device(1, custom_fields={"support_ends": said})]))
    assert found.assets[0].fields.get("support_ends") == read
    remarked = [f"the end of support `{said}` is no date, or may be read two ways"] if said and not read else []
    assert [one.what for one in found.remarks] == remarked


@pytest.mark.parametrize(
    "data", [b"{}", b"7", b'"x"', b'{"results": 7}', b'{"results": [], "count": 0}', b"[]", b"[{}]"]
)
def test_what_is_no_inventory_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        collect(Export("x", data))
