"""Judges of two controls and one policy, to be compared."""

from __future__ import annotations

from typing import Any

from tests.support import mapper_world as world

from plantproof.model.intent import Intent
from plantproof.model.mapping import MappedPart
from plantproof.model.policy import Bundle, Policy
from plantproof.model.waiver import Waiver
from plantproof.review.judged import Key
from plantproof.review.rebound import Judging

LOCKOUT = world.policy("f/lockout", parameters={"most": 5})


def judging(
    *parts: MappedPart, policies: tuple[Policy, ...] = (LOCKOUT,), waivers: tuple[Waiver, ...] = (), **framework: Any
) -> Judging:
    """A judge of two controls, of which the parts are those of the first and of the second."""
    controls = [world.control("SR 1.1"), world.control("SR 1.2")]
    mapped = {f"SR_1_{number}": world.mapped(part) for number, part in enumerate(parts, 1)}
    intent = Intent(frameworks=(world.framework(controls, **framework),), sites={}, waivers=waivers)
    return intent, [world.mapping(**mapped)], Bundle(policies={each.id: each for each in policies}, libraries={})


def asked(**parameters: Any) -> MappedPart:
    return world.part(world.by("f/lockout", params=parameters))


def key(most: int) -> Key:
    return Key("f/lockout", b'{"most":%d}' % most)
