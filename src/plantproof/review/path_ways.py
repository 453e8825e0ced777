"""Other ways to the same end: a conduit there is, a way over other zones, the smallest rule that keeps what flows."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from plantproof.model.draft import confirmed
from plantproof.model.paths import PathWayOut, ServicePath
from plantproof.model.site import Site
from plantproof.plant.services import permits

MOST_HOPS = 3
"""Longer ways over other zones are no help."""


class Flow(NamedTuple):
    """One flow that was seen: its record, its ends by address (empty where not known), its service."""

    identifier: str
    source: str
    destination: str
    service: str


def ways_out(
    site: Site, ends: tuple[str, str], opened: Sequence[ServicePath], flows: Sequence[Flow]
) -> list[PathWayOut]:
    """What would serve instead of services that a change opens without a conduit. Only conduits that somebody has
    confirmed count."""
    declared = confirmed(site)
    return [*_conduits(declared, ends), *_detour(declared, ends), *_narrower(ends, opened, flows)]


def _conduits(site: Site, ends: tuple[str, str]) -> Iterator[PathWayOut]:
    """The conduits that join the zones: with what they permit in this direction, or with whom to ask."""
    for conduit in sorted(site.conduits, key=lambda each: each.id):
        if not {*ends} <= {*conduit.zones}:
            continue
        services = sorted(
            {text for each in conduit.permitted if (each.from_, each.to) == ends for text in each.services}
        )  # fmt: skip
        owner = f"; its owner is {conduit.owner}" if conduit.owner else ""
        if services:
            words = f"the conduit `{conduit.id}` permits {', '.join(services)} in this direction{owner}"
        else:
            words = f"the conduit `{conduit.id}` joins the zones, and permits nothing in this direction{owner}"
        yield PathWayOut(kind="conduit", words=words, conduits=[conduit.id], services=services)


def _detour(site: Site, ends: tuple[str, str]) -> Iterator[PathWayOut]:
    """The shortest way over other zones by what conduits permit, such as over a jump host in a DMZ."""
    steps: dict[str, list[tuple[str, str]]] = {}
    for conduit in site.conduits:
        for each in conduit.permitted:
            steps.setdefault(each.from_, []).append((each.to, conduit.id))
    queue: deque[tuple[str, tuple[str, ...], tuple[str, ...]]] = deque([(ends[0], (), (ends[0],))])
    while queue:
        zone, conduits, passed = queue.popleft()
        if zone == ends[1] and len(conduits) > 1:
            over = " and ".join(f"`{name}`" for name in passed[1:-1])
            words = f"over {over}, by the conduits {' and '.join(f'`{name}`' for name in conduits)}"
            yield PathWayOut(kind="detour", words=words, conduits=list(conduits))
            return
        if zone == ends[1] or len(conduits) == MOST_HOPS:
            continue
        for following, by in sorted(steps.get(zone, ())):
            if following not in passed:
                queue.append((following, (*conduits, by), (*passed, following)))


def _narrower(ends: tuple[str, str], opened: Sequence[ServicePath], flows: Sequence[Flow]) -> Iterator[PathWayOut]:
    """The smallest rule that keeps what was seen of the opened services."""
    services = [path.service for path in opened]
    seen = [flow for flow in flows if permits(services, flow.service)]
    if not seen:
        words = f"no flow from `{ends[0]}` to `{ends[1]}` was seen that needs it: without the rule nothing seen stops"
        yield PathWayOut(kind="unused", words=words)
        return
    if any(not flow.source or not flow.destination for flow in seen):
        return  # who talks is not known: no rule could be sure to keep it
    sources, destinations = sorted({flow.source for flow in seen}), sorted({flow.destination for flow in seen})
    wanted = sorted({flow.service for flow in seen})
    words = f"accept {', '.join(wanted)} from {', '.join(sources)} to {', '.join(destinations)}: all that was seen"
    yield PathWayOut(
        kind="narrower",
        words=words,
        sources=sources,
        destinations=destinations,
        services=wanted,
        flows=[flow.identifier for flow in seen],
    )
