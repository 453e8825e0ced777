"""Devices as discovery tools and inventories describe them: what those of one model share, and what each has alone.

Texts are as long as in real exports: the system as SNMP answers it (sysDescr), designations after IEC 81346, the names
under which sensor, engineering and maintenance know one device. Vendors, models and people are made up.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, NamedTuple

MODELS = 300
VENDORS = 40
DEPARTMENTS = 30
ZONES = 10
DEVIATION = 0.05
RARE = 0.02
"""How often a drawn field is one that a policy objects to: a plant in fair order, 1 to 3 % of the observations fail."""

ROLES = ("plc", "safety-plc", "rtu", "hmi", "operator-station", "ews", "historian", "server", "switch", "firewall")
CONTROLLERS = ("plc", "safety-plc", "rtu")
WORDS = {
    "plc": "machine controller",
    "safety-plc": "safety controller",
    "rtu": "telecontrol unit",
    "hmi": "operator panel",
    "operator-station": "operator station",
    "ews": "engineering station",
    "historian": "process historian",
    "server": "application server",
    "switch": "industrial switch",
    "firewall": "cell firewall",
}
PORTS = {"plc": 3, "operator-station": 2, "ews": 4, "historian": 4, "server": 4, "switch": 12, "firewall": 8}
"""How many addresses of network ports a sensor or a configuration lists; two for every other role."""

BARE_SYSTEM = (
    "none, bare metal; boot loader 2.9.0, HW revision 5, program and parameters on memory card, Modbus/TCP and "
    "OPC UA servers built in; modules: CPU, 1x ETH, 2x serial, DI 16x24VDC, DO 16x relay, AI 4x4..20mA"
)
REALTIME_SYSTEM = (
    "VxWorks 7 SR0660, signed image of the vendor, boot loader 4.2.1, HW revision 3, PROFINET IO conformance class C, "
    "web server off, watchdog on, service interface closed; modules: CPU, 2x PN, DI 32x24VDC, DQ 32x24VDC/0.5A"
)
DESKTOP_SYSTEM = (
    "Hardware: Intel64 Family 6 Model 142 Stepping 12 AT/AT COMPATIBLE - Software: Windows 10 IoT Enterprise LTSC, "
    "Version 21H2 (Build 19044.4412 Multiprocessor Free), hardened image of the machine builder, domain member"
)
APPLIANCE_SYSTEM = (
    "Linux 5.10.184-rt90 #1 SMP PREEMPT_RT x86_64, Yocto Kirkstone 4.0.11, read-only root file system, updates as "
    "signed bundles only; management module 2.4.0, HW revision 2, 16x 10/100/1000BASE-T, 2x SFP, redundant supply"
)
OLD_SYSTEM = (
    "Hardware: x86 Family 6 Model 55 Stepping 8 AT/AT COMPATIBLE - Software: Windows 7 Embedded Standard SP1, Version "
    "6.1 (Build 7601 Multiprocessor Free), locked down by the integrator, write filter on"
)
SMALL_SYSTEMS = (REALTIME_SYSTEM, BARE_SYSTEM)
LARGE_SYSTEMS = (DESKTOP_SYSTEM, APPLIANCE_SYSTEM)

SHARED = ("role", "purdue_level", "vendor", "model", "order_code", "firmware", "os", "criticality", "lifecycle",
          "support_ends", "owner", "authorised")  # fmt: skip
"""The fields that devices of one model share, each of which may deviate."""


class Plan(NamedTuple):
    """What is to be generated."""

    assets: int
    sites: int
    mix: str
    seed: int


def vendor(number: int) -> str:
    return f"Vendor {number % VENDORS} Automation & Drives GmbH"


def model(number: int) -> str:
    return f"Model {number} Compact Series {1500 + number % 7 * 100}, 24 V DC, -25..60 C"


def department(number: int) -> str:
    return f"dept-{number:02} Production maintenance, electrical and automation"


PROCESS_SAFETY = department(0)


def a_device(chance: random.Random, number: int) -> dict[str, Any]:
    """The fields that devices of one model share, drawn anew."""

    def rarely(odd: Any, usual: Any) -> Any:
        return odd if chance.random() < RARE else usual

    role = chance.choice(ROLES)
    low = role in CONTROLLERS
    level = chance.choice((0.0, 1.0, 2.0) if low else (2.0, 3.0, 3.5))
    return {
        "role": role,
        "purdue_level": rarely(3.0 if low else 1.0, level),
        "vendor": vendor(number),
        "model": model(number),
        "order_code": f"{chance.randrange(16**4):04X}-{chance.randrange(10**4):04}-{rarely('x', '0AB0')}",
        "firmware": f"V{rarely(1, chance.randrange(2, 7))}.{chance.randrange(10)}.{chance.randrange(20)}",
        "os": rarely(OLD_SYSTEM, chance.choice(SMALL_SYSTEMS if level < 2 else LARGE_SYSTEMS)),
        "criticality": rarely("?", chance.choice(("low", "medium", "high", "critical"))),
        "lifecycle": rarely(chance.choice(("phase-out", "obsolete")), "active"),
        "support_ends": f"{rarely(2025, chance.randrange(2029, 2039))}-{chance.randrange(1, 13):02}-01",
        "owner": PROCESS_SAFETY
        if role == "safety-plc"
        else rarely("nobody", department(chance.randrange(DEPARTMENTS))),
        "authorised": rarely(False, True),
    }


def assets_of(plan: Plan, site: int) -> Iterator[dict[str, Any]]:
    """Every asset of one site with all its fields, as the merged plant should show it; a function of plan and site."""
    chance = random.Random(f"{plan.seed}/{plan.mix}/{site}")  # noqa: S311  a seeded plant, not a secret
    models = [a_device(random.Random(f"{plan.seed}/{number}"), number) for number in range(MODELS)]  # noqa: S311  seeded, and no secret
    count = plan.assets // plan.sites + (site < plan.assets % plan.sites)
    for number in range(count):
        template = models[chance.randrange(MODELS)]
        other = a_device(chance, chance.randrange(10**6))
        deviating = 1.0 if plan.mix == "A" else DEVIATION
        shared = {field: other[field] if chance.random() < deviating else template[field] for field in SHARED}
        if plan.mix == "A":
            shared["os"] = f"{shared['os']}, patch {chance.randrange(10**6)}"
        yield {**its_own(chance, site, number, shared["role"]), **shared}


def asset_id(site: int, number: int) -> str:
    return f"a-{site:03}{number:07}"


def its_own(chance: random.Random, site: int, number: int, role: str) -> dict[str, Any]:
    """What one device has alone: names, addresses, serial number, and where it is."""
    zone = chance.randrange(ZONES)
    line, cell = number // 40 % 100, number % 40
    low, high, top = number & 255, number >> 8 & 255, number >> 16
    name = f"{role}-{site:03}-{number:06}"
    ips = [
        f"10.{zone * 16 + top}.{high}.{low}",
        f"192.168.{high}.{low}",
        f"fe80::{site:x}:ff:fe{top:02x}:{high:x}{low:02x}",
    ]
    if role not in CONTROLLERS:
        ips.append(f"fd00:10:{zone:x}::{site:x}:{top:x}:{high:x}{low:02x}")
    return {
        "id": asset_id(site, number),
        "names": sorted(
            [
                name,
                f"{name}.cell-{zone}.plant.example",
                f"{WORDS[role]} of line {line:02}, cell {cell:02}, hall {zone}, cabinet K{zone}.{cell:02}",
                f"=S{site:03}.L{line:02}+C{cell:02}.K{zone}-A{number:06}",
                f"{role.upper()}{site:03}{number:06}",
                f"TAG-{site:03}-{number:06}",
                f"CI{site:03}{number:07}",
            ]
        ),
        "ips": sorted(ips),
        "macs": [f"02:{site:02x}:{port:02x}:{top:02x}:{high:02x}:{low:02x}" for port in range(PORTS.get(role, 2))],
        "serial": f"S C-{chance.randrange(10**12):012}",
        "parent": asset_id(site, number - cell),
        "zone": f"zone-{zone}",
    }
