"""Gaps grouped by cause: one template, one directory or one firewall rule explains many (verdicts.md 17)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from plantproof.mappers.identity import canonical, name_of
from plantproof.model.assessment import Cause, Gap
from plantproof.model.policy import Bundle
from plantproof.model.vocabulary import Severity

DEVICE_BORNE = frozenset({"account", "firewall_rule"})
"""Subjects that live on one device, which is the thing to change: a directory's accounts, a firewall's rules."""

MOST_NAMED = 3
"""So many subjects or zones a title names; of more it gives the number."""

_SPECIFIC = re.compile(
    r"`[^`]*`|'[^']*'|\"[^\"]*\"|\b[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}\b"
    r"|\b(?:tcp|udp)/\d+(?:-\d+)?|\d+(?:[.:/-]\d+)*"
)
REVIEW = "engineering and safety review"


class Grouped(NamedTuple):
    """The gaps with their cause filled in, and the causes, the ones behind most gaps first."""

    gaps: list[Gap]
    causes: list[Cause]


class Behind(NamedTuple):
    """What gaps of one cause share besides the policy: a way of failing, a device, or what opens the way."""

    shape: str
    device: str = ""
    opener: str = ""


def group(gaps: Sequence[Gap], bundle: Bundle, names: Mapping[str, str] | None = None) -> Grouped:
    """Give every gap of one site its cause. `names` are what people call zones.

    One cause is one policy with parameters, and one wording with what is specific to the subject taken out. Subjects
    that live on a device are grouped by the device where it has two or more of them; crossings by the firewall rule or
    the sender that opens them. Gaps whose repair may affect an essential function stand apart, since another remedy
    holds there.
    """
    alike: dict[tuple[str, bytes, str], list[int]] = {}
    for number, gap in enumerate(gaps):
        alike.setdefault((gap.policy, canonical(gap.parameters), gap.review), []).append(number)
    causes = []
    cause_of: dict[int, str] = {}
    for (policy, parameters, review), members in sorted(alike.items()):
        for behind, numbers in sorted(_by_what_is_behind(gaps, members).items()):
            first = gaps[numbers[0]]
            ends = behind.opener or behind.device
            key = name_of("cause", first.site, policy, parameters.decode(), behind.shape, review, ends)
            title = _title([gaps[number] for number in numbers], behind, bundle, names or {})
            causes.append(_cause(key, [gaps[number] for number in numbers], title, bundle, len(gaps)))
            cause_of.update(dict.fromkeys(numbers, key))
    named = [msgspec.structs.replace(gap, cause=cause_of[number]) for number, gap in enumerate(gaps)]
    return Grouped(named, ranked(causes))


def ranked(causes: Sequence[Cause]) -> list[Cause]:
    """The most severe first, then those behind most gaps."""
    return sorted(
        causes,
        key=lambda each: (Severity(each.severity).rank, -each.gaps, each.site, each.policy, each.title, each.key),
    )


def shape_of(gap: Gap) -> str:
    """The wording of a gap without what is specific to its subject: names, services, numbers, quoted words."""
    own = sorted(
        {each for each in (gap.name, gap.subject, gap.asset) if len(each) > 2}, key=lambda each: (-len(each), each)
    )
    shapes = set()
    for violation in gap.violations:
        text = violation.message
        for name in own:
            if name in text:
                text = text.replace(name, "…")
        shapes.add(_general(text))
    return "; ".join(sorted(shapes))


@lru_cache(maxsize=4096)
def _general(text: str) -> str:
    """A wording without numbers and quoted words. One policy says the same of many subjects."""
    return " ".join(_SPECIFIC.sub("…", text).split())


def _by_what_is_behind(gaps: Sequence[Gap], members: Sequence[int]) -> dict[Behind, list[int]]:
    # A way that several rules open is shown with the rule that opens most: it is the first to be looked at.
    opened = Counter(opener for number in members for opener in gaps[number].opened_by)
    on_device = Counter(
        (shape_of(gaps[number]), gaps[number].asset) for number in members if gaps[number].subject_kind in DEVICE_BORNE
    )
    found: dict[Behind, list[int]] = {}
    for number in members:
        gap = gaps[number]
        if gap.opened_by:
            behind = Behind("", opener=min(gap.opened_by, key=lambda each: (-opened[each], each)))
        else:
            shape = shape_of(gap)
            alone = not gap.asset or on_device[shape, gap.asset] < 2
            behind = Behind(shape, device="" if alone else gap.asset)
        found.setdefault(behind, []).append(number)
    return found


def _title(gaps: Sequence[Gap], behind: Behind, bundle: Bundle, names: Mapping[str, str]) -> str:
    """What is wrong in one line: the words of the policy where they fit all, else who is concerned, and only then its
    title: that says how it should be, and standing first it reads as if it were so."""
    policy = bundle.policies[gaps[0].policy]
    if behind.opener:
        zones = sorted({names.get(zone, zone) for gap in gaps for zone in gap.zones})
        between = f"between {_listed(zones)}" if len(zones) <= MOST_NAMED else f"among {len(zones)} zones"
        ways = "one way" if len(gaps) == 1 else f"{len(gaps)} ways"
        return f"{behind.opener} opens {ways} {between}; asked: {policy.title}"
    device = device_name(gaps, behind.device)
    messages = sorted({violation.message for gap in gaps for violation in gap.violations})
    if len(gaps) == 1 or len(messages) == 1 or (behind.shape and "…" not in behind.shape):
        words = "; ".join(messages) if len(gaps) == 1 or len(messages) == 1 else behind.shape
        return f"{words} ({device})" if device else words or policy.title
    subjects = sorted({gap.name.removesuffix(f" on {device}") if device else gap.name for gap in gaps})
    some = (
        _listed(subjects) if len(subjects) <= MOST_NAMED else f"{', '.join(subjects[:2])} and {len(subjects) - 2} more"
    )
    return f"{some}{f' on {device}' if device else ''} fail: {policy.title}"


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _cause(key: str, gaps: Sequence[Gap], title: str, bundle: Bundle, everything: int) -> Cause:
    first = gaps[0]
    policy = bundle.policies[first.policy]
    remediation = policy.metadata.remediation
    action = remediation.action
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
        title=title,
        severity=first.severity,
        gaps=len(gaps),
        zones=sorted({zone for gap in gaps for zone in gap.zones}),
        action=action,
        window=remediation.window,
        interim=remediation.interim,
        share=len(gaps) / everything,
        review=first.review,
    )


def device_name(gaps: Sequence[Gap], asset: str) -> str:
    """What to call the device behind several gaps; its id where nothing better is known, "" where there is none."""
    return next((gap.device for gap in gaps if gap.device), asset) if asset else ""
