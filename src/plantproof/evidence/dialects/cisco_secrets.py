"""Where Cisco IOS configurations hold secrets, and how each is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plantproof.evidence.collectors.protocol import Secret
from plantproof.evidence.dialects.hardening import WELL_KNOWN_COMMUNITIES
from plantproof.evidence.dialects.lines import Line

SALTED = frozenset({"4", "5", "6", "8", "9"})
"""Storage types that are hashes or encrypted anew; 0 and 7 can be read back."""

VALUE = r"(?:(?P<type>[0-9]) )?(?P<value>\S+)"

LINE = r"(?:(?P<type>[0-9]) )?(?P<value>\S.*?)\s*$"
"""IOS takes what follows to the end of the line: a password may hold blanks."""

WORDS = (
    r"(?:[\w$./]+[-_])*?(?:password|passwd|passphrase|secret|masked-secret|pass|key|key-string|pmk|cak|pin|psk|token|idtoken"
    r"|authentication-key|shared-secret|community)"
)
"""Whatever the command: a word that a secret follows."""

FILLERS = (
    r"(?:fallback|default|encrypted|unencrypted|clear|hidden|hex|ascii|local|remote|is|ipv[46]|set-key|terminal|pem|des|3des"
    r"|level \d+|peer \S+|address(?: ipv6)? \S+|hostname \S+|size \d+\s?bit|\d{1,2} size \d+bit|md5|sha\d*|cipher"
    r"|password|key|password-encrypt|newpass|inbound|outbound|esp|ah|\d{3,} )"
)

NO_SECRET = frozenset({
    "0", "7", "aes", "aging", "authentication", "chain", "config-key", "encryption", "export", "generate", "import",
    "logging",
    "lifetime", "min-length", "option", "optional", "policy", "recovery", "required", "rsa", "ec", "reset", "retry",
    "storage", "type", "zeroize", "key-chain", "server", "ring", "list", "list-name", "expanded", "standard", "map",
    "modulus", "history", "expire", "change", "prompt", "text", "none", "pubkey-chain", "valid", "size", "ro", "rw",
    "authority", "exchange", "id", "set", "delete", "usage", "pairs", "management", "md5", "hash", "sha1", "with",
    "and",
})  # fmt: skip
"""What follows such a word in commands that hold no secret."""

NET = re.compile(
    rf"(?<![-\w]){WORDS}[\"']? (?:{FILLERS} )*(?:(?P<type>[0-9]) )?[\"']?(?P<value>[^\s\"]+)", re.IGNORECASE
)
NOT_THE_NET = re.compile(
    r"^\s*(?:no |key chain |ntp server |ip community-list |ip extcommunity-list |ip rsa |route-map |set community "
    r"|set ext|match community|tunnel key |(?:ntp )?trusted-key |ip ssh |crypto key (?!import|export)|service "
    r"|security passwords"
    r"|aaa (?!attribute)|privilege |description |remark |!|parser |access-list |snmp-server (?!community)"
    r"|neighbor \S+ send-community|ip bgp-community|bgp |key \d+\s*$)"
)
COMMENTED = re.compile(
    r"^\s*!\s*(?:enable|username|snmp-server|tacacs-server|radius-server|crypto|key|password|secret|neighbor|ip|ntp)\b.*?"
    r"\b(?:password|secret|key|key-string|community|md5|authentication-key) (?:(?P<type>[0-9]) )?(?P<value>\S.*?)\s*$"
)
FREE_TEXT = re.compile(r"^\s*(?:description|remark|!)")

PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), what)
    for pattern, what in (
        (
            rf"^\s*enable (?:algorithm-type \S+ )?(?:secret|password)(?: (?:level \d+|sha512|pbkdf2|scrypt))* {LINE}",
            "enable password",
        ),
        (r"^\s*username \S+ .*?\b(?:secret|password) (?P<type>[4-9]) (?P<value>\S+)", "password of a local user"),
        (rf"^\s*username \S+ .*?\b(?:secret|password) (?![4-9] ){LINE}", "password of a local user"),
        (r"\bsnmp-server community (?:(?P<type>[0-9]) )?\"?(?P<value>[^\s\"]+)", "SNMP community"),
        (r"^\s*snmp-server community \"(?P<value>[^\"]+)\"", "SNMP community"),
        (r"^\s*snmp mib community-map (?P<value>\S+)", "SNMP community"),
        (
            (
                r"^\s*snmp-server host (?:ipv6 \S+|(?!ipv6 )\S+)(?: vrf \S+)?(?: (?:traps|informs))?"
                r"(?: version (?:1|2c))?(?: udp-port \d+)?"
                r" (?!version |traps |informs |vrf |udp-port )(?:[0-9] )?(?P<value>\S+)"
            ),
            "SNMP community",
        ),
        (
            r"^\s*snmp-server user .*\bauth (?:md5|sha(?:-2 \d+)?\S*) (?:[0-9] )?(?P<value>\S+)",
            "SNMPv3 authentication password",
        ),
        (
            r"^\s*snmp-server user .*\bpriv (?:3?des\d*|aes(?:[ -]?\d{3})?) (?:[0-9] )?(?P<value>\S+)",
            "SNMPv3 privacy password",
        ),
        (rf"^\s*(?:tacacs-server|radius-server)(?: host \S+.*)? key {VALUE}", "key of an authentication server"),
        (rf"^\s+server-private \S+.* key {VALUE}", "key of an authentication server"),
        (rf"^\s+(?:pac )?key {LINE}", "key of an authentication server"),
        (rf"\b(?:server-key|shared-secret) {VALUE}", "key of an authentication server"),
        (rf"^\s+key-string {LINE}", "routing key"),
        (rf"\bkey-string {VALUE}", "key"),
        (rf"^\s*crypto (?:isakmp|ikev2) key {VALUE} (?:address|hostname)", "VPN pre-shared key"),
        (
            rf"^\s+pre-shared-key(?: (?:local|remote|address \S+ key|hostname \S+ key))* {VALUE}\s*$",
            "VPN pre-shared key",
        ),
        (rf"^\s+neighbor \S+ password {LINE}", "routing password"),
        (rf"\b(?:authentication-key|message-digest-key \d+ md5) {VALUE}\s*$", "routing password"),
        (rf"\bauthentication mode hmac-sha-256 {VALUE}", "routing password"),
        (rf"\bspi \d+ (?:.*? )?(?:md5|sha1) {VALUE}\s*$", "routing key"),
        (r"\bspi \d+ esp (?!null)\S+(?: \d+)? (?:[0-9] )?(?P<value>[^\s]{5,})", "routing key"),
        (rf"\bip(?:v6)? nhrp authentication {VALUE}", "tunnel password"),
        (rf"\bsession-key \S+ (?:ah|esp) \d+ (?:cipher )?{VALUE}", "VPN key"),
        (rf"\bauthenticator {VALUE}", "VPN key"),
        (rf"\bstatic-wep-key encryption \d+ (?:ascii|hex) {VALUE}", "Wi-Fi key"),
        (
            r"^crypto key (?:import|export) rsa \S+ pem (?:terminal|url \S+)(?: 3des| des)? (?P<value>\S+)\s*$",
            "password",
        ),
        (rf"\bip(?:v6)? msdp password peer \S+ {VALUE}", "routing password"),
        (r"^kerberos srvtab entry .* (?P<value>\S+)\s*$", "key of an authentication server"),
        (r"^event manager environment \S*(?i:pass|pw|secret|key|token|community)\S* (?P<value>\S.*?)\s*$", "password"),
        (r"\bmail[- ]server \"?[^\s:\"]+:(?P<value>[^\s\"]+)@", "password"),
        (r"\bpap \S+ (?P<value>(?!username|sent-username|callin)\S+)\s*$", "password"),
        (r"^\s*rmon event .*\btrap (?P<value>\S+)", "SNMP community"),
        (r"\battribute type \S*(?:password|secret|key)\S* \"?(?P<value>[^\s\"]+)", "password"),
        (r"\bvtp password (?P<value>\S+)(?: (?:hidden|secret))?\s*$", "password"),
        (r"\bvtp password 8 secret (?P<value>\S+)", "password"),
        (r"^\s*s?ntp authentication-key \d+ \S+ (?P<value>\S+)", "NTP key"),
        (rf"^\s*(?:standby|vrrp|glbp) .*\bauthentication(?: text)? (?!md5|text){VALUE}\s*$", "redundancy password"),
        (rf"^\s+user \S+ (?:.* )?nthash {VALUE}", "password of a local user"),
        (rf"^\s*mpls ldp (?:vrf \S+ )?password option \d+ for \S+ (?!key-chain ){VALUE}", "routing password"),
        (rf"^\s*cellular \S+ \S+ profile create \d+ \S+ (?:chap|pap\S*) \S+ {VALUE}", "password"),
        (rf"^\s+wpa-psk (?:ascii|hex) {VALUE}\s*$", "Wi-Fi key"),
        (rf"^\s*(?:ppp|ip http client|ip ftp) .*?password {VALUE}\s*$", "password"),
        (rf"^\s+password {LINE}", "line password"),
        (rf"^\s*(?:vtp|cns|archive|mpls ldp|bind authenticate) .*password {VALUE}\s*$", "password"),
        (rf"^\s+isis password {VALUE}", "routing password"),
        (rf"^\s+(?:area|domain)-password {VALUE}", "routing password"),
        # Whatever the command: a word for a secret, the digit of its storage, and a value.
        (r"(?<![-\w])(?:password|secret|key|passphrase) (?P<type>[0-9]) (?P<value>\S+)", "secret"),
    )
)


def matches(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Where a line fits a pattern, and under which name."""
    if not FREE_TEXT.match(text):
        for pattern, what in PATTERNS:
            if match := pattern.search(text):
                yield match, what
    elif comment := COMMENTED.match(text):
        # A command that was commented out held a secret that may still be in use.
        yield comment, "secret"
    if not NOT_THE_NET.match(text):
        place = 0
        while match := NET.search(text, place):
            place = match.start("value")
            word = match[0].split()[0].lower()
            if match["value"].lower() not in NO_SECRET:
                yield match, "SNMP community" if word.endswith("community") else "secret"


BLANKS = re.compile(r"[ \t]{2,}|\t")


def single_blanks(text: str) -> tuple[str, list[int] | range]:
    """A line with one blank between words, as IOS reads it, and where each of its characters stood; the end too."""
    if not BLANKS.search(text):
        return text, range(len(text) + 1)
    blank = [character in " \t" for character in text]
    kept = [place for place in range(len(text)) if not (blank[place] and place and blank[place - 1])]
    return "".join(" " if blank[place] else text[place] for place in kept), [*kept, len(text)]


def secrets_of(lines: list[Line], raw: str) -> list[Secret]:
    """The secrets of a configuration as spans of bytes. A well-known word is none; what is redacted already is
    named again, so that custody counts it."""
    found: dict[tuple[int, int], Secret] = {}
    command = ""
    for line in lines:
        command = line.text if line.text[:1].strip(" \t!") else command
        text, places = single_blanks(line.text)
        for match, what in matches(text):
            value = match["value"]
            if command.startswith("key chain") and line.text.split() == ["key", value]:
                continue  # the number of a key, not the key
            if what == "SNMP community" and value.lower() in WELL_KNOWN_COMMUNITIES:
                continue
            storage = match.groupdict().get("type") or ""
            salted = storage in SALTED or value.startswith(("$1$", "$5$", "$8$", "$9$", "$14$"))
            first, after = match.span("value")
            start, end = line.span(places[first], places[after - 1] + 1)
            # A line may fit two patterns; the first, more exact one names it.
            found.setdefault((start, end), Secret(raw, start, end, what, "placeholder" if salted else "token"))
    return sorted(found.values(), key=lambda secret: secret.start)
