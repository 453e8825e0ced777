"""Ways out of what a change makes worse: mend it in a window, bridge the time, or ask for a dated deviation.

Nothing here says "switch it on": what a policy asks for may stop a line, so its own words of remediation are used, and
where it may affect an essential function, engineering and safety come first (verdicts.md 12).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from plantproof.model.delta import SiteDelta
from plantproof.model.moves import GapMove
from plantproof.model.policy import Policy
from plantproof.model.ways_out import WayOut

WAIVER_DAYS = 180
"""How long a proposed waiver lasts: half a year, to the next planned stop or the one after."""

_WORSE = ("opened", "worse", "known-now")


def ways_out(sites: Iterable[SiteDelta], policies: Mapping[str, Policy], on: str) -> list[WayOut]:
    """For everything that got worse, by site and policy: the remedy with its window, what helps until then, and the
    command for a waiver that ends `WAIVER_DAYS` after `on`."""
    found: list[WayOut] = []
    for site in sites:
        by_policy: dict[str, list[GapMove]] = {}
        for move in site.gaps:
            if move.status in _WORSE and not move.identity:
                by_policy.setdefault(move.gap.policy, []).append(move)
        for name in sorted(by_policy):
            if name in policies:
                found += _of_policy(site.site, policies[name], by_policy[name], on)
    return found


def _of_policy(site: str, policy: Policy, moves: list[GapMove], on: str) -> Iterable[WayOut]:
    remediation = policy.metadata.remediation
    gaps = sorted(move.gap.id for move in moves)
    review = next((move.gap.review for move in moves if move.gap.review), "")
    first = f"{review.capitalize()} first. " if review else ""
    window = f" Window: {remediation.window.strip().rstrip('.')}." if remediation.window else ""
    yield WayOut(
        kind="fix", site=site, policy=policy.id, gaps=gaps, words=f"{first}{remediation.action.strip()}{window}"
    )
    if remediation.interim:
        yield WayOut(kind="interim", site=site, policy=policy.id, gaps=gaps, words=remediation.interim.strip())
    until = (date.fromisoformat(on) + timedelta(days=WAIVER_DAYS)).isoformat()
    yield WayOut(
        kind="waiver",
        site=site,
        policy=policy.id,
        gaps=gaps,
        words=f"A deviation until {until}, with a reason and an approver who is not its owner. The gap stays a gap.",
        command=_waiver_command(site, policy.id, moves, until),
    )


def _waiver_command(site: str, policy: str, moves: list[GapMove], until: str) -> str:
    subjects = sorted({move.gap.subject for move in moves})
    controls = sorted({"/".join(part.split("/")[:2]) for move in moves for part in move.gap.findings})
    words = ["plantproof", "waiver", "new", "--site", site, "--policy", policy, "--expires", until]
    for subject in subjects:
        words += ["--subject", subject]
    for control in controls:
        words += ["--control", control]
    return shlex.join(words)
