"""What the change's own judge would say otherwise, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from plantproof.files import encode_json
from plantproof.model.assessment import Gap
from plantproof.model.delta import JudgeChange
from plantproof.model.intent import Intent
from plantproof.model.mapping import Mapping as Mapped
from plantproof.model.moves import Counts
from plantproof.model.policy import Policy
from plantproof.model.vocabulary import Severity
from plantproof.review.gap_moves import Matched
from plantproof.review.judged import Key
from plantproof.review.rebound import Judging, closure


def binding_words(matched: Matched, counts: Counts, before: Policy, after: Policy) -> str:
    """`max_failures from 5 to 10 (Accounts lock out): 3 gaps would close`."""
    was: dict[str, Any] = msgspec.json.decode(matched.base.parameters)
    now: dict[str, Any] = msgspec.json.decode(matched.head.parameters)
    changed = [
        f"{name} from {_value(was.get(name))} to {_value(now.get(name))}"
        for name in sorted({*was, *now})
        if was.get(name) != now.get(name)
    ]
    what = f"{', '.join(changed)} in {matched.head.policy}" if changed else f"another text of {matched.head.policy}"
    told = [f"{what} ({after.title}): {effect(counts)}", *_weight_words(counts, before, after)]
    return "; ".join(told)


def _weight_words(counts: Counts, before: Policy, after: Policy) -> list[str]:
    """How much the gaps of a policy would weigh, and what its remedy may affect, where that is edited."""
    told = []
    severities = before.metadata.severity, after.metadata.severity
    if severities[0] != severities[1]:
        weigh = "less" if Severity(severities[1]).rank > Severity(severities[0]).rank else "more"
        told.append(f"severity from {severities[0]} to {severities[1]}: {_gaps(counts.gaps_now)} would weigh {weigh}")
    affected = [", ".join(each.metadata.may_affect) or "nothing" for each in (before, after)]
    if affected[0] != affected[1]:
        told.append(f"its remedy may affect {affected[1]}, and no longer {affected[0]}")
    return told


def effect(counts: Counts) -> str:
    """`3 gaps would close, 1 would open`."""
    told = [
        f"{many} {'gap' if many == 1 else 'gaps'} would {verb}"
        for many, verb in (
            (counts.closed, "close"),
            (counts.opened + counts.known_failed, "open"),
            (counts.unknown_failed, "no longer be known"),
            (counts.worse, "grow"),
            (counts.better, "shrink"),
        )
        if many
    ]
    told += [
        f"{many} {'subject' if many == 1 else 'subjects'} {words}"
        for many, words in (
            (counts.known_passed, "of which too little is known would pass"),
            (counts.unknown_passed, "would pass no more, and not be known"),
            (counts.unasked, "would not be asked about any more"),
        )
        if many
    ]
    return ", ".join(told) or "nothing would move"


def waiver_words(changes: Iterable[JudgeChange], before: Iterable[Gap], after: Iterable[Gap]) -> list[str]:
    """Which gaps the change's waivers would take from the gate, or give back to it, and for which a countermeasure
    would count, by waiver."""
    now: Mapping[str, Gap] = {gap.id: gap for gap in after}
    found: Counter[tuple[str, str]] = Counter()
    for gap in before:
        other = now.get(gap.id)
        if other is None:
            continue
        if other.waiver_state != gap.waiver_state:
            if other.waiver_state == "in-force":
                found["would no longer stop the gate", other.waiver] += 1
            elif gap.waiver_state == "in-force":
                found["would stop the gate again", gap.waiver] += 1
        if other.compensated and not gap.compensated:
            found["would count as compensated", other.waiver] += 1
        elif gap.compensated and not other.compensated:
            found["would no longer count as compensated", gap.waiver] += 1
    told = [f"waiver {name}: {_gaps(many)} {words}" for (words, name), many in sorted(found.items())]
    files = [change.path for change in changes if change.kind == "waiver"]
    return told or ([f"no gap moves by {', '.join(files)}"] if files else [])


def untried_words(changes: Iterable[JudgeChange], before: Judging, after: Judging) -> list[str]:
    """Which edits were not tried out, so that nobody takes silence for harmless: settings of the project (age limits,
    precedence, the gate), and what moves conclusions without a policy being asked otherwise."""
    untried = {"project", "catalog"}
    if _answering(before[1]) != _answering(after[1]):
        untried.add("mapping")
    if _selected(before[0]) != _selected(after[0]):
        untried.add("profile")
    paths = [change.path for change in changes if change.kind in untried]
    return [f"not tried out, so that nobody knows what would move: {', '.join(paths)}"] if paths else []


def _answering(mappings: Iterable[Mapped]) -> bytes:
    """What answers controls, but for the parameters of policies: those are asked otherwise."""
    plain = msgspec.to_builtins(list(mappings))
    for part in (part for each in plain for control in each["controls"].values() for part in control["parts"]):
        for answer in (*part.get("all_of", ()), *part.get("any_of", ())):
            answer.pop("with", None)
            answer.pop("from_profile", None)
    return encode_json(plain)


def _selected(intent: Intent) -> list[Any]:
    """What profiles select and tailor, and which parameters they set, but not to what: policies are asked with that."""
    return [
        (each.catalog.id, each.controls, each.all_controls, each.removed, sorted(each.parameters))
        for each in intent.frameworks
    ]


def countermeasure_words(before: Judging, after: Judging) -> list[str]:
    """The waivers whose countermeasure is a policy that is edited: what that would lift is not tried out."""
    waivers = {waiver.id: waiver for intent in (after[0], before[0]) for waiver in intent.waivers}
    policies = {name: each.compensation.policy for name, each in sorted(waivers.items()) if each.compensation}
    return [
        f"{policy}, the countermeasure of {name}, is edited: not tried out, so that nobody knows what it would lift"
        for name, policy in policies.items()
        if closure(before[2], policy) != closure(after[2], policy)
    ]


def adopted_words(before: Intent, after: Intent) -> list[str]:
    """How many gaps would be known debt, or no longer, by site."""
    told = []
    for site in sorted({*before.adopted, *after.adopted}):
        known = (each.adopted.get(site) for each in (before, after))
        was, now = ({gap.id for gap in each.gaps} if each else set() for each in known)
        for many, words in (
            (len(now - was), "would be adopted: `check --against adopted` would let them pass"),
            (len(was - now), "would no longer be adopted"),
        ):
            if many:
                told.append(f"{_gaps(many)} of {site} {words}")
    return told


def dropped_words(key: Key, many: int) -> str:
    """How many gaps nobody would look at any more."""
    return f"{key.policy} would be asked no more: {_gaps(many)} would no longer be looked at"


def new_words(key: Key, many: int) -> str:
    """How many gaps a new question finds."""
    return f"{key.policy} would be asked from now on: it finds {_gaps(many)}"


def approved_words(site: str, before: Iterable[Gap], after: Iterable[Gap]) -> list[str]:
    """Which gaps the change's own records of approved configurations would close or open at one site, by device.

    `before` are the gaps of approved configurations by the records of the base, `after` by those of the head.
    """
    was, now = ({gap.subject: gap.device or gap.name for gap in gaps} for gaps in (before, after))
    moved = [
        f"{_gaps(len(named))} would {verb} ({', '.join(sorted(named.values()))})"
        for verb, named in (
            ("close", {subject: name for subject, name in was.items() if subject not in now}),
            ("open", {subject: name for subject, name in now.items() if subject not in was}),
        )
        if named
    ]
    return [f"approved configurations of {site}: {', '.join(moved) or 'nothing would move'}"]


def _gaps(many: int) -> str:
    return f"{many} {'gap' if many == 1 else 'gaps'}"


def _value(value: Any) -> str:
    return msgspec.json.encode(value).decode()
