"""Gaps grouped by cause: one template, one directory or one firewall explains many (verdicts.md 17)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from plantproof.mappers.identity import canonical, name_of
from plantproof.model.assessment import Cause, Gap
from plantproof.model.policy import Bundle
from plantproof.model.vocabulary import Severity

DEVICE_BORNE = frozenset({"account", "crossing", "firewall_rule"})
"""Subjects that live on one device, which is the thing to change: a directory's accounts, a firewall's rules."""

_SPECIFIC = re.compile(
    r"`[^`]*`|'[^']*'|\"[^\"]*\"|\b[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}\b"
    r"|\b(?:tcp|udp)/\d+(?:-\d+)?|\d+(?:[.:/-]\d+)*"
)
REVIEW = "engineering and safety review"


class Grouped(NamedTuple):
    """The gaps with their cause filled in, and the causes, the ones behind most gaps first."""

    gaps: list[Gap]
    causes: list[Cause]


def group(gaps: Sequence[Gap], bundle: Bundle) -> Grouped:
    """Give every gap of one site its cause.

    One cause is one policy with parameters, and one wording with what is specific to the subject taken out. Subjects
    that live on a device are grouped by the device where it has two or more of them. Gaps whose repair may affect an
    essential function stand apart, since another remedy holds there.
    """
    shapes: dict[tuple[str, bytes, str, str], list[int]] = {}
    for number, gap in enumerate(gaps):
        key = (gap.policy, canonical(gap.parameters), shape_of(gap), gap.review)
        shapes.setdefault(key, []).append(number)
    causes = []
    cause_of: dict[int, str] = {}
    for (policy, parameters, shape, review), members in sorted(shapes.items()):
        for asset, numbers in _by_device(gaps, members):
            first = gaps[numbers[0]]
            key_text = name_of("cause", first.site, policy, parameters.decode(), shape, review, asset)
            causes.append(_cause(key_text, [gaps[number] for number in numbers], shape, asset, bundle, len(gaps)))
            cause_of.update(dict.fromkeys(numbers, key_text))
    named = [msgspec.structs.replace(gap, cause=cause_of[number]) for number, gap in enumerate(gaps)]
    return Grouped(named, ranked(causes))


def ranked(causes: Sequence[Cause]) -> list[Cause]:
    """The most severe first, then those behind most gaps."""
    return sorted(
        causes,
        key=lambda each: (Severity(each.severity).rank, -each.gaps, each.site, each.policy, each.title, each.key),
    )


def shape_of(gap: Gap) -> str:
    """The wording of a gap without what is specific to its subject: names, zones, services, numbers, quoted words."""
    zones = [f"zone {zone}" for zone in gap.zones]
    own = sorted(
        {each for each in (gap.name, gap.subject, gap.asset) if len(each) > 2}, key=lambda each: (-len(each), each)
    )
    shapes = set()
    for violation in gap.violations:
        text = violation.message
        for name in own:
            if name in text:
                text = text.replace(name, "…")
        for zone in zones:
            text = re.sub(rf"{re.escape(zone)}(?![\w-])", "zone …", text) if zone in text else text
        shapes.add(" ".join(_SPECIFIC.sub("…", text).split()))
    return "; ".join(sorted(shapes))


def _by_device(gaps: Sequence[Gap], members: Sequence[int]) -> list[tuple[str, list[int]]]:
    devices: dict[str, list[int]] = {}
    for number in members:
        gap = gaps[number]
        devices.setdefault(gap.asset if gap.subject_kind in DEVICE_BORNE else "", []).append(number)
    alone = [number for asset, numbers in devices.items() if asset and len(numbers) < 2 for number in numbers]
    rest = sorted([*devices.pop("", []), *alone])
    found = [(asset, numbers) for asset, numbers in sorted(devices.items()) if len(numbers) > 1]
    return [("", rest), *found] if rest else found


def _cause(key: str, gaps: Sequence[Gap], shape: str, asset: str, bundle: Bundle, everything: int) -> Cause:
    first = gaps[0]
    policy = bundle.policies[first.policy]
    messages = {violation.message for gap in gaps for violation in gap.violations}
    title = messages.pop() if len(messages) == 1 else shape or policy.title
    remediation = policy.metadata.remediation
    zones = sorted({zone for gap in gaps for zone in gap.zones})
    action, window = remediation.action, remediation.window
    if first.review:
        affected = ", ".join(policy.metadata.may_affect)
        action = (
            f"{REVIEW.capitalize()} first: a change here may affect {affected}. Change nothing until operations, "
            "engineering and safety have agreed what, how and when."
        )
    return Cause(
        key=key,
        site=first.site,
        policy=first.policy,
        title=f"{title} ({device_name(gaps, asset)})" if asset else title,
        severity=first.severity,
        gaps=len(gaps),
        zones=zones,
        action=action,
        window=window,
        interim=remediation.interim,
        share=len(gaps) / everything,
    )


def device_name(gaps: Sequence[Gap], asset: str) -> str:
    """What to call the device behind several gaps; its id where nothing better is known."""
    return next((gap.device for gap in gaps if gap.device), asset)
