"""What a draft cannot know: questions in the words of the plant, each with how much hangs on its answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from plantproof.model.draft import Question
from plantproof.model.roles import chain
from plantproof.plant.draft_conduits import Proposed, Traffic
from plantproof.plant.draft_evidence import Evidence, Rule
from plantproof.plant.draft_subnets import Drawn
from plantproof.plant.draft_words import ROLE_KINDS, WORDS_FOR, listed, role_words
from plantproof.plant.draft_zones import Group, Zoned

ORDER = ("boundary", "place", "kind", "crossing", "subnet", "owner", "sl-target")
"""Of questions on which as much hangs, the first is the one that the others wait for."""
INNER = frozenset({"control", "safety"})
OUTER = frozenset({"business", "external", "temporary"})


def questions(
    evidence: Evidence,
    drawn: Drawn,
    zoned: Zoned,
    traffic: Traffic,
    conduits: Sequence[Proposed],
    names: dict[int, str],
) -> tuple[Question, ...]:
    """Every question, the most deciding first."""
    found = [
        *_boundaries(zoned, conduits),
        *_places(evidence, zoned, traffic),
        *_kinds(zoned),
        *_crossings(zoned, conduits, names),
        *_wide_rules(evidence, traffic),
        *_subnets(drawn, zoned),
        *_owners(zoned),
        *_targets(zoned),
    ]
    return tuple(sorted(found, key=lambda each: (-each.decides, ORDER.index(each.kind), each.about, each.text)))


def _boundaries(zoned: Zoned, conduits: Sequence[Proposed]) -> Iterator[Question]:
    for group in zoned.groups:
        if len(group.subnets) > 1 and group.devices:
            listed_ = listed([str(each.network) for each in group.subnets])
            yield Question(
                kind="boundary",
                about=(group.zone.id,),
                text=f"Are {listed_} ({role_words(group.roles)}) really one cell, `{group.zone.id}`?",
                why="one name or one interface joins them; what stands in one zone may talk freely within it",
                decides=len(group.devices),
            )
    for each in conduits:
        if min(each.ways) < 0 or each.conduit.enforcement_points or not each.conduit.permitted:
            continue
        first, second = (zoned.groups[place] for place in each.ways)
        yield Question(
            kind="boundary",
            about=(first.zone.id, second.zone.id),
            text=f"Are {_named(first)} and {_named(second)} one cell?",
            why="they talk, and no firewall between them is in the evidence: they are one zone, or it is missing",
            decides=len(first.devices) + len(second.devices),
        )


def _places(evidence: Evidence, zoned: Zoned, traffic: Traffic) -> Iterator[Question]:
    loose = [device for device, place in zip(evidence.devices, zoned.by_device, strict=True) if place < 0]
    if loose:
        yield Question(
            kind="place",
            about=(),
            text=f"Where do {listed(sorted(device.name for device in loose))} stand?",
            why="no address in a subnet of the plant, and no source names their zone: they count in every zone",
            decides=len(loose),
        )
    if traffic.nowhere:
        ranked = sorted(traffic.nowhere, key=lambda address: (-traffic.nowhere[address], address))
        yield Question(
            kind="place",
            about=(),
            text=f"What is at {listed(ranked)}?",
            why="they talk to the plant, or rules let them, and they lie in none of its subnets",
            decides=len(ranked),
        )
    for group in zoned.groups:
        if not group.subnets and not group.devices:
            yield Question(
                kind="place",
                about=(group.zone.id,),
                text=f"Which subnets are `{group.zone.id}`?",
                why="the settings of a source name this zone, and no record says what is in it",
                decides=1,
            )


def _kinds(zoned: Zoned) -> Iterator[Question]:
    unknown = [group for group in zoned.groups if group.subnets and not group.kind_known]
    empty = [group for group in unknown if not group.devices]
    what = "a line, a cell, the control room, an office, a DMZ?"
    why = "no name, role or level hints at it; drafted as a control zone, of which most is asked"
    for group in unknown:
        if group.devices:
            text, many = f"What is {_named(group)}: {what}", len(group.devices)
            yield Question(kind="kind", about=(group.zone.id,), text=text, why=why, decides=many)
    if empty:
        named = listed([group.zone.id for group in empty])
        text = f"What is in {named}, where no device was seen?"
        yield Question(
            kind="kind", about=tuple(group.zone.id for group in empty), text=text, why=why, decides=len(empty)
        )
    for group in zoned.groups:
        plant = Counter({role: many for role, many in group.roles.items() if "ot-device" in chain(role)})
        if plant and group.zone.kind in OUTER:
            yield Question(
                kind="kind",
                about=(group.zone.id,),
                text=f"Is `{group.zone.id}` really a {group.zone.kind} zone, with {role_words(plant)} in it?",
                why="its kind is guessed, and of such a zone less is asked than these devices need",
                decides=len(group.devices),
            )
        for role, kind in sorted(ROLE_KINDS.items()):
            many = group.roles[role]
            if many and group.zone.kind != kind:
                word = WORDS_FOR.get(role, role.replace("-", " ")) + ("" if many == 1 else "s")
                yield Question(
                    kind="kind",
                    about=(group.zone.id,),
                    text=f"Do the {many} {word} in {_named(group)} belong in a {kind} zone of their own?",
                    why="62443-3-2 keeps safety, wireless and temporary devices apart (ZCR 3.3 to 3.5)",
                    decides=len(group.devices) if kind == "safety" else many,
                )


def _crossings(zoned: Zoned, conduits: Sequence[Proposed], names: dict[int, str]) -> Iterator[Question]:
    for each in conduits:
        kinds = {zoned.groups[place].zone.kind if place >= 0 else "external" for place in each.ways}
        devices = sum(len(zoned.groups[place].devices) for place in each.ways if place >= 0)
        if kinds & INNER and kinds & OUTER:
            services = sorted({service for entry in each.conduit.permitted for service in entry.services})
            yield Question(
                kind="crossing",
                about=(each.conduit.id,),
                text=f"Is the direct way `{each.conduit.title}` wanted ({listed(services) or 'no known service'})?",
                why="it goes around the DMZ; if the line needs it, in which maintenance window can it move there?",
                decides=devices,
            )
        if each.unruled:
            yield Question(
                kind="crossing",
                about=(each.conduit.id,),
                text=f"Is this traffic wanted: {listed(list(each.unruled))}?",
                why="no rule that was collected lets it through: a way around the firewall, or a missing source",
                decides=len(each.unruled),
            )
        if each.unseen:
            yield Question(
                kind="crossing",
                about=(each.conduit.id,),
                text=f"Does anybody still need {listed(list(each.unseen))}?",
                why="rules let it through and it was not seen; it may be needed once a year, so ask before closing it",
                decides=len(each.unseen),
            )
        if each.left_out:
            yield Question(
                kind="crossing",
                about=(each.conduit.id,),
                text=f"Which other services does `{each.conduit.title}` need (seen: {listed(list(each.left_out))})?",
                why="they are too many, or of a protocol that a conduit cannot name",
                decides=len(each.left_out),
            )


def _wide_rules(evidence: Evidence, traffic: Traffic) -> Iterator[Question]:
    by_device: dict[int, list[tuple[Rule, int]]] = {}
    for rule, devices in traffic.wide:
        by_device.setdefault(rule.device, []).append((rule, devices))
    for number, rules in sorted(by_device.items()):
        device = evidence.devices[number].name if number >= 0 else "an unknown device"
        named = listed([f"`{rule.name}`" for rule, _ in rules], 3)
        yield Question(
            kind="crossing",
            about=(),
            text=f"Which services have to pass {device}? Its rules {named} say any, or join many zones."
            if len(rules) > 1
            else f"Which services have to pass {device}? Its rule {named} says any, or joins many zones.",
            why="log it for a cycle of production, ask the owners of the cells, narrow it in a maintenance window",
            decides=max(len(rules), *(devices for _, devices in rules)),
        )


def _subnets(drawn: Drawn, zoned: Zoned) -> Iterator[Question]:
    guessed = [each for each in drawn.subnets.found if each.guessed]
    if guessed:
        yield Question(
            kind="subnet",
            about=(),
            text=f"How large are {listed([str(each.network) for each in guessed])} really?",
            why="no router or firewall with an address there was collected, so their masks are guessed",
            decides=len({number for each in guessed for number in each.members}),
        )
    for network, legs in drawn.wide.items():
        yield Question(
            kind="subnet",
            about=(),
            text=f"Is {network} a summary, or a wrong mask?",
            why=f"{len(legs)} interfaces have it, and others have smaller subnets of it: those were drafted",
            decides=len(legs),
        )
    if drawn.outside:
        yield Question(
            kind="subnet",
            about=(),
            text=f"Are the public addresses of {drawn.outside} {'device' if drawn.outside == 1 else 'devices'} yours?",
            why="they lie in no subnet of the plant; if the plant uses public addresses inside, write their subnets",
            decides=drawn.outside,
        )


def _owners(zoned: Zoned) -> Iterator[Question]:
    without = [group for group in zoned.groups if not group.zone.owner]
    if without:
        yield Question(
            kind="owner",
            about=tuple(group.zone.id for group in without),
            text=f"Who owns {listed([group.zone.id for group in without])}, and who answers for the plant?",
            why="the owner agrees to what may pass, and to the maintenance window in which it changes",
            decides=max(len(without), sum(len(group.devices) for group in without)),
        )


def _targets(zoned: Zoned) -> Iterator[Question]:
    groups = [group for group in zoned.groups if group.zone.kind not in ("business", "external")]
    if groups:
        yield Question(
            kind="sl-target",
            about=tuple(group.zone.id for group in groups),
            text=f"Which SL-T does each of the {len(groups)} zones need?"
            if len(groups) > 1
            else f"Which SL-T does `{groups[0].zone.id}` need?",
            why="what happens if it stands still, or runs wrong? 62443-3-2 derives the target from that",
            decides=max(len(groups), sum(len(group.devices) for group in groups)),
        )


def _named(group: Group) -> str:
    subnets = listed([str(each.network) for each in group.subnets], 2)
    roles: Counter[str] = group.roles
    return f"`{group.zone.id}` ({', '.join(filter(None, (subnets, role_words(roles))))})"
