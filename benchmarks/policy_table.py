"""Twenty policies on assets, each written once and rendered twice: for one subject (ours), and over the whole plant.

In a body, `S` is the subject: `input` in a policy of ours, the loop variable in the whole-plant form that `opa
eval` and conftest run. Both forms find the same violations in the same plant, which the benchmark checks before it
believes a time.
"""

from __future__ import annotations

from typing import NamedTuple


class BenchmarkPolicy(NamedTuple):
    """`reads` are required fields, `body` the condition of a violation, `field` the one that a violation names."""

    name: str
    title: str
    reads: tuple[str, ...]
    field: str
    body: tuple[str, ...]
    constants: tuple[str, ...] = ()


POLICIES = (
    BenchmarkPolicy(
        "addresses_private",
        "Addresses of the plant are private",
        ("ips",),
        "ips",
        ("some ip in S.ips", 'not startswith(ip, "10.")', 'not startswith(ip, "192.168.")'),
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
        (
            'parts := split(trim_prefix(S.firmware, "V"), ".")',
            "regex.match(`^[0-9]+$`, parts[0])",
            "to_number(parts[0]) < minimum[S.vendor]",
        ),
        ("minimum := {" + ", ".join(f'"Vendor {number}": {1 + number % 2}' for number in range(40)) + "}",),
    ),
    BenchmarkPolicy(
        "firmware_not_first",
        "First releases of firmware are not in use",
        ("firmware",),
        "firmware",
        ('endswith(S.firmware, ".0.0")',),
    ),
    BenchmarkPolicy(
        "hmi_system",
        "Operator panels run a supported system",
        ("role", "os"),
        "os",
        ('S.role in {"hmi", "operator-station"}', 'contains(S.os, "Windows 7")'),
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
        ("withdrawn := {" + ", ".join(f'"Vendor {number % 40}/Model {number}"' for number in range(0, 300, 59)) + "}",),
    ),
    BenchmarkPolicy(
        "order_code_form",
        "Order codes are written in full",
        ("order_code",),
        "order_code",
        ("not regex.match(`^[A-Z0-9]{4}-[0-9]{4}-[0-9A-Z]{4}$`, S.order_code)",),
    ),
    BenchmarkPolicy(
        "owner_named",
        "Every asset has an owner who is a department",
        ("owner",),
        "owner",
        ('not startswith(S.owner, "dept-")',),
    ),
    BenchmarkPolicy(
        "role_on_level",
        "Controllers stand on levels 0 to 2",
        ("role", "purdue_level"),
        "purdue_level",
        ('S.role in {"plc", "safety-plc", "rtu"}', "S.purdue_level > 2"),
    ),
    BenchmarkPolicy(
        "safety_owner",
        "Safety controllers belong to process safety",
        ("role", "owner"),
        "owner",
        ('S.role == "safety-plc"', 'S.owner != "dept-00"'),
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
        "The vendor is approved",
        ("vendor",),
        "vendor",
        ("not S.vendor in approved",),
        ("approved := {" + ", ".join(f'"Vendor {number}"' for number in range(39)) + "}",),
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
