"""Tunnels of Cisco IOS: what a crypto map decrypts comes in past the list of its interface."""

from __future__ import annotations

from typing import Any

from plantproof.evidence.dialects.cisco_rules import rule_drafts
from plantproof.evidence.dialects.indented import parse_indented
from plantproof.evidence.dialects.lines import split_lines

MAP = """crypto map VPN local-address Gi0
crypto map VPN 10 ipsec-isakmp
 set peer 198.51.100.1
 match address REMOTE
"""
ROUTER = """interface Gi0
 ip address 203.0.113.1 255.255.255.0
 ip access-group TUNNEL-ONLY in
 crypto map VPN
interface Gi1
 ip address 10.1.0.1 255.255.0.0
ip access-list extended TUNNEL-ONLY
 permit esp host 198.51.100.1 any
 deny ip any any
ip access-list extended REMOTE
 deny ip 10.1.0.0 0.0.255.255 host 10.200.0.9
 permit ip 10.1.0.0 0.0.255.255 10.200.0.0 0.0.255.255
 permit tcp host 10.1.0.5 eq 502 any
"""


def through_tunnels(text: str) -> list[dict[str, Any]]:
    top, _ = parse_indented(split_lines(text.encode(), "x"))
    return [dict(each.fields) for each in rule_drafts(top, "rt", "x") if each.local.startswith("crypto map")]


def test_what_a_map_decrypts_comes_in_past_the_list() -> None:
    first, second = through_tunnels(MAP + ROUTER)
    names = ("action", "src_interfaces", "src_networks", "dst_networks", "services", "direction", "conditions")
    assert [first[name] for name in names] == [
        "accept", ["Gi0"], ["10.200.0.0/16"], ["10.1.0.0/16"], ["ip"], "in", ["decrypted by crypto map VPN"],
    ]  # fmt: skip
    assert (second["dst_networks"], second["services"]) == (["10.1.0.5/32"], ["tcp"])


def test_what_is_agreed_with_the_other_end_may_be_anything() -> None:
    (found,) = through_tunnels("crypto map VPN 20 ipsec-isakmp dynamic DYN\n" + ROUTER)
    assert (found["src_networks"], found["dst_networks"]) == (["0.0.0.0/0"], ["0.0.0.0/0"])
    assert found["unresolved"] == ["crypto map VPN 20 ipsec-isakmp dynamic DYN"]
    (unwritten,) = through_tunnels(MAP.replace("REMOTE", "NOWHERE") + ROUTER)
    assert unwritten["unresolved"] == ["crypto map VPN 10 ipsec-isakmp"]


def test_an_interface_without_a_map_or_without_a_list_has_no_such_rule() -> None:
    assert through_tunnels(MAP + ROUTER.replace(" crypto map VPN\n", "")) == []
    assert through_tunnels(MAP + ROUTER.replace(" ip access-group TUNNEL-ONLY in\n", "")) == []
