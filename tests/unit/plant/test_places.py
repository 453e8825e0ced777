"""Which zones lie behind which interface of a device."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import pytest
from tests.support.plant_world import CELL, DMZ, OFFICE, plant, site, source

from plantproof.plant.crossing import INTERFACE_FIELDS
from plantproof.plant.places import Attachments, Places

AT = site(CELL, OFFICE, DMZ)
LAN = {"id": "i1", "asset": "fw", "name": "lan", "ips": ["10.1.0.1/16"]}


class Declared:
    """What is asked of the zones of a plan: Cell 10.1/16, DMZ 10.5/16, office 10.9/16."""

    every = ("cell", "dmz", "office")

    def attached(self, networks: Iterable[str]) -> frozenset[str]:
        names = {"10.1.": "cell", "10.5.": "dmz", "10.9.": "office"}
        return frozenset(names[text[:5]] for text in networks if text[:5] in names)


def attached(*interfaces: dict[str, Any]) -> dict[str, frozenset[str]]:
    records = {"asset": [{"id": "fw", "role": "firewall"}], "interface": interfaces}
    built = plant(source("config", records, method="config"), at=AT, needs={"interface": set(INTERFACE_FIELDS)})
    return Attachments(built.tables["interface"], cast("Places", Declared())).of_device(0)


@pytest.mark.parametrize(
    ("default", "found"),
    [
        (["0.0.0.0/0"], {"lan": {"cell"}, "wan": {"dmz", "office"}}),
        (["0.0.0.0/0", "::/0"], {"lan": {"cell"}, "wan": {"dmz", "office"}}),
        (["::/0"], {"lan": {"cell"}, "wan": {"dmz"}}),
    ],
)
def test_a_default_route_of_ipv6_alone_does_not_say_where_ipv4_leads(
    default: list[str], found: dict[str, set[str]]
) -> None:
    wan = {"id": "i2", "asset": "fw", "name": "wan", "ips": ["10.5.0.1/16"], "routes": default}
    assert attached(LAN, wan) == found


def test_a_default_route_of_ipv6_may_lead_elsewhere_than_that_of_ipv4() -> None:
    wan = {"id": "i2", "asset": "fw", "name": "wan", "routes": ["0.0.0.0/0"]}
    tunnel = {"id": "i3", "asset": "fw", "name": "tunnel", "routes": ["::/0"]}
    rest = {"dmz", "office"}
    assert attached(LAN, wan, tunnel) == {"lan": {"cell"}, "tunnel": rest, "wan": rest}
