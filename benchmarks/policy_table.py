"""Twenty policies on assets, each written once and rendered twice: for one subject (ours), and over the whole plant.

In a body, `S` is the subject: `input` in a policy of ours, the loop variable in the whole-plant form that `opa
eval` and conftest run. Both forms find the same violations in the same plant, which the benchmark checks before it
believes a time.
"""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.devices import DEPARTMENTS, MODELS, PROCESS_SAFETY, VENDORS, department, model, vendor


class BenchmarkPolicy(NamedTuple):
    """`reads` are required fields, `body` the condition of a violation, `field` the one that a violation names."""

    name: str
    title: str
    reads: tuple[str, ...]
    field: str
    body: tuple[str, ...]
    constants: tuple[str, ...] = ()


OLDER = (
    "older(have, want) if have[0] < want[0]\n\n"
    "older(have, want) if {\n\thave[0] == want[0]\n\thave[1] < want[1]\n}\n\n"
    "older(have, want) if {\n\thave[0] == want[0]\n\thave[1] == want[1]\n\thave[2] < want[2]\n}"
)
NUMBERS = 'numbers(text) := [to_number(part) | some part in split(trim_prefix(text, "V"), ".")]'


def listed(name: str, entries: list[str]) -> str:
    """A Rego constant that holds a list of entries, one a line."""
    lines = ",\n\t".join(entries)
    return f"{name} := [\n\t{lines},\n]"


def braced(name: str, entries: list[str]) -> str:
    """The same for the entries of a set or an object."""
    lines = ",\n\t".join(entries)
    return f"{name} := {{\n\t{lines},\n}}"


ADVISORIES = listed(
    "advisories",
    [
        f'{{"vendor": "{vendor(number * 5)}", "model": "{model(number * 5)}", '
        f'"fixed": [{1 + number % 2}, 9, {number % 20}]}}'
        for number in range(60)
    ],
)
NETWORKS = listed(
    "networks",
    [f'"10.{number}"' for number in range(1, 10)] + ['"10.0"', '"172.16."', '"192.168."', '"fe80:"', '"fd00:"'],
)
MINIMUM = braced("minimum", [f'"{vendor(number)}": [{1 + number % 2}, 0, 0]' for number in range(VENDORS)])
WITHDRAWN = braced("withdrawn", [f'"{vendor(number)}/{model(number)}"' for number in range(0, MODELS, 59)])
LEVELS = listed(
    "levels",
    [
        f'{{"role": "{role}", "low": {low}, "high": {high}}}'
        for role, low, high in (
            ("plc", 0, 2),
            ("safety-plc", 0, 2),
            ("rtu", 0, 2),
            ("drive", 0, 5),
            ("remote-io", 0, 5),
            ("sensor", 0, 5),
            ("actuator", 0, 5),
            ("robot", 0, 5),
            ("cnc", 0, 5),
            ("meter", 0, 5),
            ("hmi", 0, 5),
            ("operator-station", 0, 5),
            ("ews", 0, 5),
            ("historian", 0, 5),
            ("server", 0, 5),
            ("switch", 0, 5),
            ("firewall", 0, 5),
            ("router", 0, 5),
            ("wireless-ap", 0, 5),
            ("workstation", 0, 5),
        )
    ],
)
ENDED = (
    "windows nt", "windows 95", "windows 98", "windows 2000", "windows xp", "windows vista", "windows 7", "windows 8",
    "windows ce", "server 2003", "server 2008", "linux 2[.]", "linux 3[.]", "vxworks 5", "vxworks 6[.]", "qnx 4",
)  # fmt: skip
SYSTEMS = listed("ended", [f'"{name}"' for name in ENDED])
DUTIES = listed(
    "duties",
    [
        f'{{"owner": "{department(number)}", "criticality": ["low", "medium", "high", "critical"]}}'
        for number in range(DEPARTMENTS)
    ],
)
APPROVALS = listed(
    "approvals",
    [f'{{"vendor": "{vendor(number)}", "from": "2020-01-01", "to": "2031-12-31"}}' for number in range(VENDORS - 1)],
)

ON_DUTY = (
    "on_duty(owner, criticality) if {\n\tsome duty in duties\n\tduty.owner == owner\n"
    "\tcriticality in duty.criticality\n}"
)

FITS = (
    "fits(role, level) if {\n\tsome entry in levels\n\tentry.role == role\n\tlevel >= entry.low\n"
    "\tlevel <= entry.high\n}\n\nfits(role, _) if not role in {entry.role | some entry in levels}"
)

APPROVED = (
    "approved(vendor) if {\n\tsome approval in approvals\n\tapproval.vendor == vendor\n"
    '\tapproval.from <= "2026-06-02"\n\tapproval.to >= "2026-06-02"\n}'
)

POLICIES = (
    BenchmarkPolicy(
        "addresses_planned",
        "Addresses lie in the networks that are planned for the plant",
        ("ips",),
        "ips",
        ("some ip in S.ips", "not strings.any_prefix_match(ip, networks)"),
        (NETWORKS,),
    ),
    BenchmarkPolicy(
        "authorised",
        "Every asset is on the approved inventory",
        ("authorised",),
        "authorised",
        ("S.authorised != true",),
    ),
    BenchmarkPolicy(
        "criticality_known",
        "Criticality is one of the agreed words",
        ("criticality",),
        "criticality",
        ("not S.criticality in words",),
        ('words := {"low", "medium", "high", "critical"}',),
    ),
    BenchmarkPolicy(
        "critical_in_service",
        "Critical assets are in their active life",
        ("criticality", "lifecycle"),
        "lifecycle",
        ('S.criticality == "critical"', 'S.lifecycle != "active"'),
    ),
    BenchmarkPolicy(
        "critical_support_lasts",
        "Support of important assets lasts two more years",
        ("criticality", "support_ends"),
        "support_ends",
        ("S.criticality in important", 'S.support_ends < "2028-06-01"'),
        ('important := {"high", "critical"}',),
    ),
    BenchmarkPolicy(
        "firmware_form",
        "Firmware versions are written in full",
        ("firmware",),
        "firmware",
        ("not regex.match(`^V[0-9]+\\.[0-9]+\\.[0-9]+$`, S.firmware)",),
    ),
    BenchmarkPolicy(
        "firmware_minimum",
        "Firmware is not below the vendor's minimum",
        ("vendor", "firmware"),
        "firmware",
        ("regex.match(`^V[0-9]+[.][0-9]+[.][0-9]+$`, S.firmware)", "older(numbers(S.firmware), minimum[S.vendor])"),
        (
            MINIMUM,
            NUMBERS,
            OLDER,
        ),
    ),
    BenchmarkPolicy(
        "firmware_without_advisory",
        "No advisory speaks of the firmware",
        ("vendor", "model", "firmware"),
        "firmware",
        (
            "regex.match(`^V[0-9]+[.][0-9]+[.][0-9]+$`, S.firmware)",
            "have := numbers(S.firmware)",
            "some advisory in advisories",
            "advisory.vendor == S.vendor",
            "advisory.model == S.model",
            "older(have, advisory.fixed)",
        ),
        (ADVISORIES, NUMBERS, OLDER),
    ),
    BenchmarkPolicy(
        "system_supported",
        "Operator panels and stations run a supported system",
        ("role", "os"),
        "os",
        (
            'S.role in {"hmi", "operator-station", "ews", "server"}',
            "some pattern in ended",
            "regex.match(pattern, lower(S.os))",
        ),
        (SYSTEMS,),
    ),
    BenchmarkPolicy(
        "level_valid",
        "The Purdue level exists",
        ("purdue_level",),
        "purdue_level",
        ("not S.purdue_level in {0, 1, 2, 3, 3.5, 4, 5}",),
    ),
    BenchmarkPolicy(
        "lifecycle_active",
        "Nothing is in use that the vendor took out of service",
        ("lifecycle",),
        "lifecycle",
        ('S.lifecycle in {"obsolete", "phase-out"}',),
    ),
    BenchmarkPolicy(
        "model_not_withdrawn",
        "No withdrawn model is in use",
        ("vendor", "model"),
        "model",
        ('sprintf("%s/%s", [S.vendor, S.model]) in withdrawn',),
        (WITHDRAWN,),
    ),
    BenchmarkPolicy(
        "order_code_form",
        "Order codes are written in full",
        ("order_code",),
        "order_code",
        ("not regex.match(`^[A-Z0-9]{4}-[0-9]{4}-[0-9A-Z]{4}$`, S.order_code)",),
    ),
    BenchmarkPolicy(
        "owner_on_duty",
        "Every asset has an owner whose duty covers its criticality",
        ("owner", "criticality"),
        "owner",
        ("not on_duty(S.owner, S.criticality)",),
        (DUTIES, ON_DUTY),
    ),
    BenchmarkPolicy(
        "role_on_level",
        "Every role stands on the levels that are meant for it",
        ("role", "purdue_level"),
        "purdue_level",
        ("not fits(S.role, S.purdue_level)",),
        (LEVELS, FITS),
    ),
    BenchmarkPolicy(
        "safety_owner",
        "Safety controllers belong to process safety",
        ("role", "owner"),
        "owner",
        ('S.role == "safety-plc"', f'S.owner != "{PROCESS_SAFETY}"'),
    ),
    BenchmarkPolicy(
        "support_not_ended",
        "Support has not ended",
        ("support_ends",),
        "support_ends",
        ('S.support_ends < "2026-06-02"',),
    ),
    BenchmarkPolicy(
        "system_not_on_low_levels",
        "General-purpose systems do not stand on levels 0 and 1",
        ("purdue_level", "os"),
        "os",
        ("S.purdue_level <= 1", "regex.match(`(?i)windows|linux`, S.os)"),
    ),
    BenchmarkPolicy(
        "vendor_approved",
        "The vendor is approved on the day",
        ("vendor",),
        "vendor",
        ("not approved(S.vendor)",),
        (APPROVALS, APPROVED),
    ),
    BenchmarkPolicy(
        "zone_of_network_devices",
        "Switches and firewalls are placed and written with model and firmware",
        ("role", "zone", "model", "firmware"),
        "zone",
        ('S.role in {"switch", "firewall"}', 'S.zone == "zone-9"', 'startswith(S.firmware, "V1.")'),
    ),
)


def for_one_subject(policy: BenchmarkPolicy) -> bytes:
    """The policy as our projects hold it: policies/bench/<name>/<name>.rego."""
    reads = "".join(f"#     {field}: required\n" for field in policy.reads)
    constants = "".join(f"{line}\n\n" for line in policy.constants)
    body = "".join(f"\t{line.replace('S.', 'input.')}\n" for line in policy.body)
    text = (
        f"# METADATA\n# title: {policy.title}\n# description: {policy.title}.\n# custom:\n#   subject: asset\n"
        "#   severity: medium\n#   remediation:\n#     action: Correct it under management of change.\n"
        "#     window: The next planned stop.\n#     interim: Watch it.\n"
        f"#   reads:\n{reads}package policies.bench.{policy.name}\n\nimport rego.v1\n\n{constants}"
        f'violations contains v if {{\n{body}\tv := {{"message": "{policy.title}: not so", "field": "{policy.field}", '
        f'"seen": input.{policy.field}}}\n}}\n'
    )
    return text.encode()


def for_whole_plant(policy: BenchmarkPolicy) -> bytes:
    """The same over all of `input.assets`, with the id in each violation: what `opa eval` and conftest are given."""
    constants = "".join(f"{line}\n\n" for line in policy.constants)
    body = "".join(f"\t{line.replace('S.', 'asset.')}\n" for line in policy.body)
    text = (
        f"package whole.{policy.name}\n\nimport rego.v1\n\n{constants}"
        f"deny contains v if {{\n\tsome asset in input.assets\n{body}"
        f'\tv := {{"msg": "{policy.title}: not so", "id": asset.id, "field": "{policy.field}", '
        f'"seen": asset.{policy.field}}}\n}}\n'
    )
    return text.encode()
