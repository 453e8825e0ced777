"""FortiOS firewall policies as rules, in the order in which they are weighed, their objects resolved.

Source of the order and of what a policy matches: the FortiOS administration guide, "Firewall policies".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from plantproof.evidence.dialects.fortios_conditions import conditions_of
from plantproof.evidence.dialects.fortios_objects import ANY, ANY6, Objects, all_but
from plantproof.evidence.dialects.fortios_tree import Block
from plantproof.evidence.dialects.lines import clean


class Rule(NamedTuple):
    """One rule: its name within the device, its fields as a record, its line."""

    local: str
    fields: dict[str, Any]
    line: int


def rules_of(scopes: list[Block]) -> Iterator[Rule]:
    """The policies of each virtual domain, and what its zones let through among their own interfaces."""
    order = 0
    for index, scope in enumerate(scopes):
        objects = Objects(scope)
        for edit in scope.edits("firewall policy"):
            order += 1
            fields = {"order": order, **policy_fields(edit, objects)}
            if index:
                fields["rule_list"] = clean(scope.name, 200)
            local = f"policy/{edit.name}" if index == 0 else f"{scope.name}/policy/{edit.name}"
            yield Rule(clean(local, 200), fields, edit.line)
            if edit.word("action") == "ipsec" and edit.word("inbound") == "enable":
                # Such a policy is written as seen from inside, and with the switch lets the other end in as well.
                order += 1
                yield Rule(clean(f"{local}/inbound", 200), turned_round(fields, order), edit.line_of("inbound"))
        for edit in scope.edits("system zone"):
            members = sorted(set(edit.words("interface")))
            if edit.word("intrazone", "deny") == "allow" and len(members) > 1:
                order += 1
                local = f"zone/{edit.name}" if index == 0 else f"{scope.name}/zone/{edit.name}"
                fields = {
                    "order": order, "name": clean(f"zone {edit.name} among itself"), "enabled": True,
                    "action": "accept", "src_networks": [ANY], "dst_networks": [ANY], "services": ["ip"],
                    "log": False, "src_interfaces": members, "dst_interfaces": members,
                    "rule_list": clean(local, 200),
                }  # fmt: skip
                yield Rule(clean(local, 200), fields, edit.line_of("intrazone"))


def policy_fields(edit: Block, objects: Objects) -> dict[str, Any]:
    """What one policy says. What cannot be resolved is any, and named under `unresolved`."""
    unresolved: list[str] = []
    # Only what denies is known to deny: `learn` of older releases lets pass and takes notes.
    denies = edit.word("action", "deny") == "deny"
    conditions = conditions_of(edit, denies, objects.always)
    sources = side(edit, "src", objects, unresolved)
    destinations = side(edit, "dst", objects, unresolved)
    services = objects.ports(edit.words("service"), unresolved, conditions)
    if widened(edit, ("service-negate", "internet-service"), unresolved):
        services = ["ip"]
    fields: dict[str, Any] = {
        "name": clean(edit.word("name") or f"policy {edit.name}"),
        "enabled": edit.word("status", "enable") == "enable",
        "action": "deny" if denies else "accept",
        "src_networks": sources,
        "dst_networks": destinations,
        "services": services or ["ip"],
        "log": edit.word("logtraffic", "utm") == "all",
    }
    for field, key in (("src_interfaces", "srcintf"), ("dst_interfaces", "dstintf")):
        if named := objects.interfaces(edit.words(key)):
            fields[field] = named
    for field, found in (("unresolved", unresolved), ("conditions", conditions), ("nat", nat_of(edit, objects))):
        if found:
            fields[field] = sorted({clean(item) for item in found})
    return fields


def turned_round(fields: dict[str, Any], order: int) -> dict[str, Any]:
    """The rule for the opposite direction."""
    ends = {"src": "dst", "dst": "src"}
    turned = {
        f"{ends[name[:3]]}{name[3:]}" if name[:4] in ("src_", "dst_") else name: value for name, value in fields.items()
    }
    return {**turned, "order": order, "name": clean(f"{fields['name']}, inbound")}


def side(edit: Block, end: str, objects: Objects, unresolved: list[str]) -> list[str]:
    """The networks on one side of a policy, of IPv4 and of IPv6. What the maker's list of internet services names
    cannot be told."""
    strange: list[str] = []
    strange6: list[str] = []
    networks = objects.networks(edit.words(f"{end}addr"), strange)
    networks6 = objects.networks6(edit.words(f"{end}addr6"), strange6)
    of_maker = "-src" if end == "src" else ""
    widened(edit, (f"internet-service{of_maker}",), strange)
    widened(edit, (f"internet-service6{of_maker}", f"{end}addr6-negate"), strange6)
    if edit.word(f"{end}addr-negate") == "enable":
        # Releases differ on whether it turns round the networks of IPv6 too.
        others = None if strange or networks6 else all_but(networks)
        if not others:
            (strange6 if networks6 else strange).append(f"{end}addr-negate")
        networks = others or []
    if not (networks or networks6 or strange or strange6):
        # Groups that hold nothing but each other.
        strange += edit.words(f"{end}addr")
        strange6 += edit.words(f"{end}addr6")
    unresolved.extend([*strange, *strange6])
    if strange6:
        return [ANY, ANY6]
    return [ANY, *networks6] if strange or not (networks or networks6) else [*networks, *networks6]


def nat_of(edit: Block, objects: Objects) -> list[str]:
    """Which addresses a policy translates: those of senders by its switch, those of receivers by a published one."""
    found = ["source"] if edit.word("nat") == "enable" else []
    named = (*edit.words("dstaddr"), *edit.words("dstaddr6"))
    return found + ["destination"] * any(name in objects.translated for name in named)


def widened(policy: Block, keys: tuple[str, ...], unresolved: list[str]) -> bool:
    """Whether one of these switches is on; what is on is added to `unresolved`."""
    on = [key for key in keys if policy.word(key) == "enable"]
    unresolved.extend(on)
    return bool(on)
