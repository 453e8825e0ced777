"""Small exports in the true formats of the tools, of a plant that does not exist: one set for each collector."""

from __future__ import annotations

import json
from typing import Any

from plantproof.evidence.collectors.protocol import Export
from plantproof.model.project_file import ColumnMapping, SourceSettings


def nozomi_row(number: int, **more: Any) -> dict[str, Any]:
    """One row of the assets table, as Guardian writes it."""
    row: dict[str, Any] = {
        "id": f"00000000-0000-0000-0000-{number:012d}",
        "name": f"plc-{number:02d}",
        "level": "1",
        "appliance_hosts": ["guardian-1"],
        "ip": [f"198.51.100.{number}"],
        "mac_address": [f"02:00:00:00:00:{number:02x}"],
        "mac_address_level": {},
        "mac_vendor": ["Example Works"],
        "vendor": "Siemens",
        "vendor:info": {"source": "passive"},
        "product_name": "S7-1500",
        "product_name:info": {"source": "passive"},
        "serial_number": f"SN-{number}",
        "serial_number:info": {"source": "passive"},
        "firmware_version": "V2.9.4",
        "firmware_version:info": {"source": "passive"},
        "type": "controller",
        "zones": ["Line 1"],
        "custom_fields": {},
        "last_activity_time": 1763000000000 + number * 1000,
    }
    return {**row, **more}


def nozomi(*rows: dict[str, Any]) -> Export:
    listed = rows or (nozomi_row(1), nozomi_row(2), nozomi_row(3))
    return Export("assets.json", json.dumps({"result": list(listed)}, indent=2).encode())


def netbox_device(number: int, **more: Any) -> dict[str, Any]:
    """One device as /api/dcim/devices/ nests it."""
    device: dict[str, Any] = {
        "id": number,
        "name": f"sw-{number:02d}",
        "device_type": {"id": 1, "model": "IE-4000", "part_number": "IE-4000-8GT", "manufacturer": {"name": "Cisco"}},
        "role": {"id": 1, "name": "Access switch", "slug": "access-switch"},
        "tenant": {"name": "Plant engineering"},
        "platform": {"name": "Cisco IOS"},
        "serial": f"FOC{number:04d}",
        "site": {"name": "Works"},
        "status": {"value": "active", "label": "Active"},
        "primary_ip4": {"address": f"192.0.2.{number}/24"},
        "custom_fields": {"criticality": "high", "purdue_level": 2, "zone": "control-room"},
    }
    return {**device, **more}


def netbox_lists() -> tuple[Export, ...]:
    """Devices, interfaces and addresses as one list a file."""
    interfaces = [
        {"id": 10 + number, "device": {"id": number, "name": f"sw-{number:02d}"}, "name": "Gi1/1",
         "type": {"value": "x"},
         "enabled": True, "mac_address": f"02:00:00:00:01:{number:02X}", "mgmt_only": False, "mark_connected": False,
         "mode": {"value": "access"}, "untagged_vlan": {"vid": 20}, "description": "uplink"}
        for number in (1, 2)
    ]  # fmt: skip
    addresses = [
        {"id": 20, "address": "192.0.2.1/24", "assigned_object_type": "dcim.interface", "assigned_object_id": 11},
        {"id": 21, "address": "192.0.2.99/24", "assigned_object_type": None, "assigned_object_id": None},
    ]
    lists = {"devices.json": [netbox_device(1), netbox_device(2)], "interfaces.json": interfaces, "ips.json": addresses}
    return tuple(
        Export(name, json.dumps({"count": len(rows), "next": None, "previous": None, "results": rows}).encode())
        for name, rows in lists.items()
    )


USERS = (
    '"UserName","Name","Enabled","Password Never Expires","Never Logged in","Account Locked Out",'
    '"Password Not Required",'
    '"AdminCount","SID","Description","Last Logon Date","Password LastSet","whenCreated","DistinguishedName"\n'
    '"anna","Anna","True","False","False","False","False","","S-1-5-21-1-1101","","28/08/2026 10:34:37 PM",'
    '"16/03/2026 3:27:57 AM","16/03/2025 5:21:13 PM","CN=anna,OU=Staff,DC=plant,DC=example"\n'
    '"Administrator","Administrator","True","True","True","False","False","1","S-1-5-21-1-500","",'
    '"","16/03/2026 3:27:57 AM","16/03/2025 5:21:13 PM","CN=Administrator,CN=Users,DC=plant,DC=example"\n'
)
MEMBERS = (
    '"Group Name","Member UserName","Member Name","AccountType"\n'
    '"Domain Admins","anna","Anna","user"\n"Administrators","-","Domain Admins","group"\n'
)
POLICY = (
    '"Policy","Value"\n"Enforce password history","24"\n"Minimum password length","12"\n'
    '"Password must meet complexity requirements","True"\n"Account lockout threshold","0"\n'
)
SESSIONS = (
    '"JobName","Result","DataSize(GB)","BackupSize(GB)","DedupRatio","CompressRatio","Date"\n'
    '"hist-01","Success","40","6.5","3.3x","1.9x","10/27/2026 1:05:49 PM"\n'
    '"hist-01","Failed","0","0","1x","1x","10/28/2026 12:00:00 AM"\n'
    '"ews-01","Warning","1","1","1x","1x","10/28/2026 12:30:00 PM"\n'
)
REGISTER = (
    "Tag,Maker,Type,Serial,Commissioned,Safety relevant,Addresses\n"
    "PLC-7,Siemens,S7-300,S-7,2009,yes,198.51.100.7;198.51.100.8\n"
    "HMI-7,Siemens,TP1200,S-8,2011,no,N/A\n"
)
REGISTER_MAPPING = ColumnMapping(
    kind="asset",
    id=["Tag"],
    fields={
        "names": "Tag",
        "vendor": "Maker",
        "model": "Type",
        "serial": "Serial",
        "ips": "Addresses",
        "authorised": "Safety relevant",
    },
    lists={"ips": ";"},
)

IOS = (
    "!\n! Last configuration change at 10:00:00 UTC Mon Nov 2 2026\nversion 15.2\nservice password-encryption\n"
    "hostname sw-77\n!\nenable secret 5 $1$abcd$ABCDEFGHIJKLMNOPQRSTU.\n"
    "username admin privilege 15 password 7 0822455D0A16\n"
    "interface GigabitEthernet1/0/1\n description uplink\n ip address 192.0.2.77 255.255.255.0\n!\n"
    "snmp-server community S3cretWord RO\nline vty 0 4\n transport input ssh\n exec-timeout 10 0\nend\n"
)
FORTIOS = (
    "#config-version=FGT60F-7.4.7-FW-build2731-250120:opmode=0:vdom=0:user=admin\n"
    "config system global\n    set hostname \"fw-77\"\n    set admintimeout 10\nend\n"
    "config system admin\n    edit \"admin\"\n        set password ENC SH2abcdefghijk=\n    next\nend\n"
    "config firewall policy\n    edit 1\n        set name \"all\"\n"
    "        set srcintf \"port1\"\n        set dstintf \"port2\"\n"
    "        set srcaddr \"all\"\n        set dstaddr \"all\"\n        set action accept\n        set service \"ALL\"\n"
    "        set schedule \"always\"\n    next\nend\n"
)  # fmt: skip

SAMPLES: dict[str, tuple[tuple[Export, ...], SourceSettings]] = {
    "nozomi-assets": ((nozomi(),), SourceSettings()),
    "netbox": (netbox_lists(), SourceSettings()),
    "adrecon": (
        (
            Export("Users.csv", USERS.encode()),
            Export("GroupMembers.csv", MEMBERS.encode()),
            Export("DefaultPasswordPolicy.csv", POLICY.encode()),
        ),
        SourceSettings(),
    ),
    "veeam-sessions": ((Export("sessions.csv", SESSIONS.encode()),), SourceSettings()),
    "csv": ((Export("register.csv", REGISTER.encode()),), SourceSettings(mapping=REGISTER_MAPPING)),
    "cisco-ios": ((Export("sw-77.cfg", IOS.encode()),), SourceSettings()),
    "fortios": ((Export("fw-77.conf", FORTIOS.encode()),), SourceSettings()),
}
"""Format -> exports of one source, and what a person set for it."""
