"""What a FortiOS policy or service asks for beyond interfaces, addresses and ports: with any, it matches less than it
looks, and a denial is not relied on.

Source of the keys: the FortiOS CLI reference, `config firewall policy` and `config firewall service custom`.
"""

from __future__ import annotations

from plantproof.evidence.dialects.fortios_tree import Block

NARROWING = (
    "app-category", "app-group", "application", "custom-log-fields", "devices", "fsso-groups", "geoip-match", "groups",
    "reputation-minimum", "reputation-minimum6", "sgt", "src-vendor-mac", "url-category", "users", "vlan-filter",
    "ztna-ems-tag", "ztna-ems-tag-secondary", "ztna-geo-tag",
)  # fmt: skip
"""Settings whose presence makes a policy match less than its addresses and services say."""
SWITCHES = ("match-vip-only", "policy-expiry", "rsso", "sgt-check", "tos", "tos-mask", "ztna-status")
"""The same for settings that are switched on."""
OFF = frozenset({"", "''", "0", "0x00", "disable"})
"""Values that switch a setting off, as `show full-configuration` writes what stands at its default."""
DEFAULTS = {"geoip-match": "physical-location"}

READ = frozenset({
    "action", "dstaddr", "dstaddr-negate", "dstaddr6", "dstaddr6-negate", "dstintf", "internet-service",
    "internet-service-src", "internet-service6", "internet-service6-src", "name", "nat", "schedule", "service",
    "service-negate", "srcaddr", "srcaddr-negate", "srcaddr6", "srcaddr6-negate", "srcintf", "status",
})  # fmt: skip
"""Settings of a policy that are read elsewhere."""
BY_SWITCH = "internet-service"
"""How settings begin that mean something only where one of the switches among those above is on."""
PLAIN = frozenset({
    "anti-replay", "application-list", "auto-asic-offload", "av-profile", "block-notification", "capture-packet",
    "comments", "delay-tcp-npu-session", "diffserv-forward", "diffserv-reverse", "diffservcode-forward",
    "diffservcode-rev", "dnsfilter-profile", "dsri", "emailfilter-profile", "file-filter-profile",
    "firewall-session-dirty", "fixedport", "global-label", "inspection-mode", "ippool", "ips-sensor", "label",
    "logtraffic", "logtraffic-start", "match-vip", "np-acceleration", "per-ip-shaper", "permit-any-host",
    "permit-stun-host", "policy-expiry-date", "policy-expiry-date-utc", "poolname", "poolname6", "profile-group",
    "profile-protocol-options", "profile-type", "replacemsg-override-group", "reputation-direction",
    "reputation-direction6", "schedule-timeout", "send-deny-packet", "session-ttl", "ssl-ssh-profile",
    "tcp-mss-receiver", "tcp-mss-sender", "tcp-session-without-syn", "timeout-send-rst", "traffic-shaper",
    "traffic-shaper-reverse", "utm-status", "uuid", "vlan-cos-fwd", "vlan-cos-rev", "voip-profile",
    "webfilter-profile", "ztna-tags-match-logic",
})  # fmt: skip
"""Settings that say what happens to what matches, and nothing of what does."""
PLAIN_OF_SERVICE = frozenset({
    "category", "check-reset-range", "color", "comment", "explicit-proxy", "fabric-object", "helper", "icmptype",
    "protocol", "protocol-number", "proxy", "sctp-portrange", "session-ttl", "tcp-halfclose-timer",
    "tcp-halfopen-timer", "tcp-portrange", "tcp-rst-timer", "tcp-timewait-timer", "udp-idle-timer", "udp-portrange",
    "udplite-portrange", "uuid", "visibility",
})  # fmt: skip
"""Settings of a service that are read elsewhere, or say nothing of what it matches."""
DAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})


def conditions_of(policy: Block, denies: bool, always: bool) -> list[str]:
    """What a policy asks for beside what is read. Of one that denies, every setting of which it is not known that it
    narrows nothing. `always`: whether the schedule of that name is what it says."""
    schedule = policy.word("schedule", "always")
    found = [] if schedule == "always" and always else [f"schedule {schedule}"]
    found += [said(policy, key) for key in NARROWING if is_on(policy, key)]
    found += [key for key in SWITCHES if is_on(policy, key)]
    if denies:
        known = {*NARROWING, *SWITCHES, *READ, *PLAIN}
        others = [key for key in policy.settings if key not in known and not key.startswith(BY_SWITCH)]
        found += [said(policy, key) for key in others if is_on(policy, key)]
        found += [f"config {block.name}" for block in policy.blocks]
    return found


def limits_of(service: Block) -> list[str]:
    """What a service asks for beside protocol and ports: ports of the sender, as `12-13:1024-65535` does, a range of
    addresses, a code of ICMP, an application."""
    ranges = [key for key in ("tcp-portrange", "udp-portrange", "sctp-portrange") if service.words(key)]
    senders = [word.partition(":")[2] for key in ranges for word in service.words(key)]
    found = ["source ports"] if any(ports not in ("", "0-65535", "1-65535") for ports in senders) else []
    if ranges and service.word("protocol").upper() in ("ICMP", "ICMP6", "IP"):
        found.append("ports beside another protocol")
    found += [key for key in service.settings if key not in PLAIN_OF_SERVICE and is_on(service, key)]
    # A code of 0 is a code; an address of 0.0.0.0 is none.
    found += ["icmpcode"] * (service.word("icmpcode") == "0")
    return [key for key in found if key != "iprange" or service.words(key) != ("0.0.0.0",)]  # noqa: S104  compared only


def always_is_always(root: Block) -> bool:
    """Whether the schedule `always` is the one that every FortiGate has: every day, all day. It can be redefined."""
    if any(edit.name == "always" for kind in ("onetime", "group") for edit in root.edits(f"firewall schedule {kind}")):
        return False
    return all(
        set(edit.words("day")) >= DAYS
        and all(edit.word(key, "00:00") == "00:00" for key in ("start", "end"))
        and not any(is_on(edit, key) for key in edit.settings if key not in {"color", "day", "end", "start", "uuid"})
        for edit in root.edits("firewall schedule recurring")
        if edit.name == "always"
    )


def is_on(block: Block, key: str) -> bool:
    """Whether a setting is written with a value other than that which switches it off."""
    words = block.words(key)
    return bool(words) and (len(words) > 1 or words[0] not in OFF | {DEFAULTS.get(key, "")})


def said(block: Block, key: str) -> str:
    """A setting in the words of the file."""
    return f"{key} {' '.join(block.words(key))}"
