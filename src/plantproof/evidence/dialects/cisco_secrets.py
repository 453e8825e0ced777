"""Where Cisco IOS configurations hold secrets, and how each is stored."""

from __future__ import annotations

import re

from plantproof.evidence.collectors.protocol import Secret
from plantproof.evidence.dialects.lines import Line

WELL_KNOWN_COMMUNITIES = frozenset({"public", "private", "cisco", "community", "snmp", "admin", "default", "secret"})
"""Words that every scanner tries first. They are no secrets: hiding one would hide the finding."""

SALTED = frozenset({"4", "5", "6", "8", "9"})
"""Storage types that are hashes or encrypted anew; 0 and 7 can be read back."""

VALUE = r"(?:(?P<type>[0-9]) )?(?P<value>\S+)"

PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), what)
    for pattern, what in (
        (rf"^\s*enable (?:secret|password)(?: level \d+)? {VALUE}\s*$", "enable password"),
        (rf"^\s*username \S+ .*?\b(?:secret|password) {VALUE}", "password of a local user"),
        (r"^\s*snmp-server community (?P<value>\S+)", "SNMP community"),
        (
            (
                r"^\s*snmp-server host \S+(?: vrf \S+)?(?: (?:traps|informs))?(?: version (?:1|2c))?"
                r" (?!version |traps |informs |vrf )(?P<value>\S+)"
            ),
            "SNMP community",
        ),
        (r"^\s*snmp-server user .*\bauth (?:md5|sha\S*) (?P<value>\S+)", "SNMPv3 authentication password"),
        (r"^\s*snmp-server user .*\bpriv (?:des|3des|aes(?: \d+)?) (?P<value>\S+)", "SNMPv3 privacy password"),
        (rf"^\s*(?:tacacs-server|radius-server)(?: host \S+.*)? key {VALUE}\s*$", "key of an authentication server"),
        (rf"^\s+key {VALUE}\s*$", "key of an authentication server"),
        (rf"\b(?:server-key|shared-secret) {VALUE}", "key of an authentication server"),
        (rf"^\s+key-string {VALUE}\s*$", "routing key"),
        (rf"\bkey-string {VALUE}\s*$", "key"),
        (rf"^\s*crypto (?:isakmp|ikev2) key {VALUE} (?:address|hostname)", "VPN pre-shared key"),
        (
            rf"^\s+pre-shared-key(?: (?:local|remote|address \S+ key|hostname \S+ key))* {VALUE}\s*$",
            "VPN pre-shared key",
        ),
        (rf"^\s+neighbor \S+ password {VALUE}\s*$", "routing password"),
        (rf"^\s+ip ospf (?:authentication-key|message-digest-key \d+ md5) {VALUE}\s*$", "routing password"),
        (r"^\s*ntp authentication-key \d+ \S+ (?P<value>\S+)", "NTP key"),
        (rf"^\s+(?:standby|vrrp|glbp) .*\bauthentication(?: text)? (?!md5|text){VALUE}\s*$", "redundancy password"),
        (rf"^\s+wpa-psk (?:ascii|hex) {VALUE}\s*$", "Wi-Fi key"),
        (rf"^\s*(?:ppp|ip http client|ip ftp) .*?password {VALUE}\s*$", "password"),
        (rf"^\s+password {VALUE}\s*$", "line password"),
        (rf"^\s*(?:vtp|cns|archive|mpls ldp|bind authenticate) .*password {VALUE}\s*$", "password"),
        (rf"^\s+isis password {VALUE}", "routing password"),
        (rf"^\s+(?:area|domain)-password {VALUE}", "routing password"),
        # Whatever the command: a word for a secret, the digit of its storage, and a value.
        (r"(?<![-\w])(?:password|secret|key|passphrase) (?P<type>[0-9]) (?P<value>\S+)", "secret"),
    )
)


def secrets_of(lines: list[Line], raw: str) -> list[Secret]:
    """The secrets of a configuration as spans of bytes. A well-known word is none; what is redacted already is
    named again, so that custody counts it."""
    found: dict[tuple[int, int], Secret] = {}
    command = ""
    for line in lines:
        if line.text.lstrip().startswith("!"):
            continue
        command = line.text if line.text[:1].strip() else command
        for pattern, what in PATTERNS:
            match = pattern.search(line.text)
            if not match:
                continue
            value = match["value"]
            if command.startswith("key chain") and line.text.split() == ["key", value]:
                continue  # the number of a key, not the key
            if what == "SNMP community" and value.lower() in WELL_KNOWN_COMMUNITIES:
                continue
            storage = match.groupdict().get("type") or ""
            salted = storage in SALTED or value.startswith(("$1$", "$5$", "$8$", "$9$", "$14$"))
            start, end = line.span(*match.span("value"))
            # A line may fit two patterns; the first, more exact one names it.
            found.setdefault((start, end), Secret(raw, start, end, what, "placeholder" if salted else "token"))
    return sorted(found.values(), key=lambda secret: secret.start)
