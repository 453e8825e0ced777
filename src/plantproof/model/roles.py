"""What an asset is for, in one vocabulary: collectors translate into it, policies choose by it.

Roles are broader and narrower: a passive sensor that says `server` does not contradict an inventory that says
`historian`. The narrower word is the better knowledge of the two, and a policy for servers is for historians too.
"""

from __future__ import annotations

from functools import cache

BROADER: dict[str, str] = {
    "access-point": "network-device",
    "actuator": "field-device",
    "agv": "ot-device",
    "camera": "ot-device",
    "cnc": "controller",
    "computer": "",
    "controller": "ot-device",
    "directory": "",
    "domain-controller": "server",
    "drive": "actuator",
    "ews": "workstation",
    "field-device": "ot-device",
    "firewall": "network-device",
    "gateway": "network-device",
    "historian": "server",
    "hmi": "operator-station",
    "jump-host": "server",
    "kvm": "",
    "load-balancer": "network-device",
    "media-converter": "network-device",
    "meter": "sensor",
    "modem": "network-device",
    "network-device": "",
    "operator-station": "",
    "ot-device": "",
    "pdu": "",
    "phone": "",
    "plc": "controller",
    "portable": "workstation",
    "printer": "",
    "remote-io": "field-device",
    "robot": "controller",
    "router": "network-device",
    "rtu": "controller",
    "safety-plc": "controller",
    "scada-server": "server",
    "sensor": "field-device",
    "server": "computer",
    "switch": "network-device",
    "ups": "",
    "wireless-ap": "access-point",
    "workstation": "computer",
}
"""Role -> the next broader one, "" for none. A new role is one row."""

ALIASES: dict[str, str] = {
    "ad-domain": "directory",
    "dcs": "controller",
    "dcs-controller": "controller",
    "distributed-control-system": "controller",
    "domain": "directory",
    "engineering-station": "ews",
    "engineering-workstation": "ews",
    "hmi-panel": "hmi",
    "hypervisor": "server",
    "i-o-module": "remote-io",
    "ied": "controller",
    "intelligent-electronic-device": "controller",
    "io-module": "remote-io",
    "ip-camera": "camera",
    "ip-phone": "phone",
    "jump-server": "jump-host",
    "maintenance-laptop": "portable",
    "mobile-device": "ot-device",
    "nas": "server",
    "network-sensor": "server",
    "ot-firewall": "firewall",
    "panel": "hmi",
    "power-distribution-unit": "pdu",
    "programmable-logic-controller": "plc",
    "protocol-converter": "gateway",
    "remote-i-o": "remote-io",
    "robot-controller": "robot",
    "safety-automation-system": "safety-plc",
    "safety-controller": "safety-plc",
    "safety-instrumented-system": "safety-plc",
    "scada": "scada-server",
    "scada-client": "operator-station",
    "serial-device-server": "gateway",
    "service-laptop": "portable",
    "sis": "safety-plc",
    "uninterruptible-power-supply": "ups",
    "variable-frequency-drive": "drive",
    "vfd": "drive",
    "voip-phone": "phone",
    "vsd": "drive",
    "wireless-access-point": "wireless-ap",
    "workstation-engineering": "ews",
}
"""Words of tools and people for the same thing."""


def normal_role(text: str) -> str:
    """A tool's word for a role in the vocabulary; a word that is not known stays, in lower case with hyphens."""
    word = "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
    return ALIASES.get(word, word)


def chain(role: str) -> list[str]:
    """The role and all broader ones, narrowest first."""
    found = []
    while role and role not in found:
        found.append(role)
        role = BROADER.get(role, "")
    return found


def narrowest(roles: list[str]) -> str | None:
    """The one role of these that all the others are broader words for; None where they contradict each other."""
    for role in roles:
        if set(roles) <= set(chain(role)):
            return role
    return None


def may_be(role: str, wanted: list[str]) -> bool:
    """Whether what is called by a role may be one of those that are wanted, though the word does not say so: it is
    broader than one of them, or no word of the vocabulary."""
    return role not in BROADER or any(role in chain(each) for each in wanted)


def with_narrower(roles: list[str]) -> list[str]:
    """The roles with every narrower one of theirs, sorted: what a policy for these roles is for."""
    return list(_with_narrower(tuple(roles)))


@cache
def _with_narrower(roles: tuple[str, ...]) -> tuple[str, ...]:
    wanted = set(roles)
    return tuple(sorted(wanted | {role for role in BROADER if wanted & set(chain(role))}))
