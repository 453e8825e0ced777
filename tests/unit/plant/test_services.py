"""What permissions comprise."""

from __future__ import annotations

import pytest

from plantproof.plant.services import Ports, permits, read_service, service_of_flow


@pytest.mark.parametrize(
    ("permitted", "service", "expected"),
    [
        (["tcp/502"], "tcp/502", True),
        (["tcp/502"], "TCP/502", True),
        (["tcp/502"], "udp/502", False),
        (["tcp/502"], "tcp/502-503", False),
        (["tcp/500-600"], "tcp/502-503", True),
        (["tcp/502", "tcp/503"], "tcp/502-503", True),
        (["tcp/502", "tcp/504"], "tcp/502-504", False),
        (["tcp/502"], "tcp", False),
        (["tcp"], "tcp/1-65535", True),
        (["tcp/1-65535"], "tcp", True),
        (["tcp/0-65535"], "tcp", True),
        (["tcp/1-65534"], "tcp", False),
        (["ip"], "tcp/502", True),
        (["ip"], "ip", True),
        (["ip"], "unknown", True),
        (["tcp", "udp", "icmp"], "ip", False),
        (["icmp"], "icmp", True),
        (["icmp"], "esp", False),
        (["tcp/502"], "unknown", False),
        (["tcp/502"], "tcp/x", False),
        (["tcp/x", "tcp/9-1", "tcp/70000", ""], "tcp/9", False),
        ([], "tcp/502", False),
    ],
)
def test_a_permission_comprises_only_what_it_names(permitted: list[str], service: str, expected: bool) -> None:
    assert permits(permitted, service) is expected


@pytest.mark.parametrize(
    ("protocol", "port", "expected"),
    [("TCP", 502, "tcp/502"), ("udp", 0, "udp/0"), ("icmp", 8, "icmp"), ("tcp", None, "tcp"), ("", 502, "unknown")],
)
def test_a_flow_is_written_as_a_service(protocol: str, port: int | None, expected: str) -> None:
    assert service_of_flow(protocol, port) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tcp/502", Ports("tcp", 502, 502)),
        ("any", Ports("ip", 1, 65535)),
        ("ip-89", Ports("ip-89", 1, 65535)),
        ("OSPF", Ports("ospf", 1, 65535)),
        ("icmp/8", Ports("icmp", 8, 8)),
        ("https", None),
        ("tcp 80", None),
        ("ip-x", None),
        ("ip/80", None),
        ("gre/47", None),
    ],
)
def test_what_a_rule_means_by_a_service(text: str, expected: Ports | None) -> None:
    assert read_service(text) == expected
