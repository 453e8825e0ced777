"""Recording configurations as approved: from evidence, as it was or as it would be, to the lines of a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec import UNSET

from plantproof.errors import InputError, Problem
from plantproof.model.approved import ApprovedDevice, ApprovedRecord
from plantproof.model.evidence import Claims, Source
from plantproof.model.moves import Counts
from plantproof.model.roles import chain, normal_role
from plantproof.plant.approved import of_living
from plantproof.plant.configuration import Configuration, configurations
from plantproof.plant.population import retired_on
from plantproof.spelling import did_you_mean
from plantproof.text import shown

NETWORK = "network-device"
"""What joins and parts zones: devices of this role, or a narrower one, are recorded where nobody names others."""


class Device(NamedTuple):
    """A device as it is configured, with its names, and the day of the evidence that says so."""

    asset: str
    names: tuple[str, ...]
    network: bool
    collected: str
    configuration: Configuration

    @property
    def name(self) -> str:
        """What people call it."""
        return self.names[0] if self.names else self.asset


class _Asset(msgspec.Struct, gc=False):
    id: str
    names: list[str] = []
    role: str = ""


_ASSET = msgspec.json.Decoder(_Asset)


def configured_devices(claims: Claims, on: str) -> list[Device]:
    """Every device of which a source has read the configuration, by name, without those that have left by the date
    `on`. Where several sources have read one, the newest counts."""
    found: dict[str, Device] = {}
    left, _ = retired_on(claims.identities, on)
    canonical = claims.identities.canonical
    for source in sorted(claims.sources, key=lambda each: (each.custody.collected_at, each.name)):
        assets = _assets(source, canonical)
        for asset, configuration in configurations(source, None, canonical).items():
            if asset in left:
                continue
            own = assets.get(asset, _Asset(id=asset))
            names = tuple(dict.fromkeys([*own.names, *claims.identities.names.get(asset, ())]))
            network = NETWORK in chain(normal_role(own.role))
            found[asset] = Device(asset, names, network, source.custody.collected_at[:10], configuration)
    return sorted(found.values(), key=lambda device: (device.name, device.asset))


def proposed_devices(claims: Claims, on: str) -> list[Device]:
    """The devices on the date `on` whose configuration is not on them yet."""
    return [device for device in configured_devices(claims, on) if device.configuration.proposed]


def devices_to_record(claims: Claims, asked: Sequence[str], known: Sequence[ApprovedRecord], on: str) -> list[Device]:
    """The devices that a baseline records on the date `on`: those asked for by name or id; else the network devices
    without a record.

    Raises InputError for each name that no configured device bears, or that several bear.
    """
    devices = configured_devices(claims, on)
    if not asked:
        canonical = claims.identities.canonical
        recorded = {canonical.get(each.device.asset, each.device.asset) for each in known}
        return [device for device in devices if device.network and device.asset not in recorded]
    problems = []
    chosen = {}
    for name in asked:
        wanted = claims.identities.canonical.get(name, name)
        bearing = [
            device
            for device in devices
            if wanted == device.asset or name.casefold() in {each.casefold() for each in device.names}
        ]
        if len(bearing) == 1:
            chosen[bearing[0].asset] = bearing[0]
        elif bearing:
            ids = ", ".join(device.asset for device in bearing)
            problems.append(Problem("", 0, f"several devices are called `{shown(name)}`: {ids}", "name it by its id"))
        else:
            names = [each for device in devices for each in device.names]
            hint = did_you_mean(name, names) or f"there are: {', '.join(device.name for device in devices) or 'none'}"
            message = f"no source of `{claims.site}` has read the configuration of `{shown(name)}`"
            problems.append(Problem("", 0, message, hint))
    if problems:
        raise InputError(*problems)
    return sorted(chosen.values(), key=lambda device: (device.name, device.asset))


def recorded(
    device: Device,
    change: str,
    known: Iterable[ApprovedRecord],
    canonical: Mapping[str, str],
    before: Configuration | None = None,
) -> ApprovedDevice:
    """The line of a record of `change` for a device; it stands in for the records that are current now.

    `before` is how the device is configured while the change waits. It is kept only where nothing is on record yet:
    else an unapproved configuration would be in order until the next change is due.
    """
    configuration = device.configuration
    own = of_living(known, canonical).get(device.asset, ())
    current = {each.head.change for each in own if each.current}
    return ApprovedDevice(
        asset=device.asset,
        name=device.name,
        source=configuration.source,
        format=configuration.format,
        key_id=configuration.key_id,
        digest=configuration.digest,
        before=UNSET if before is None or current else before.digest,
        replaces=sorted(current - {change}),
        facts={name: fact.digest for name, fact in configuration.facts.items()},
        redacted={name: fact.redacted for name, fact in configuration.facts.items() if fact.redacted},
    )


def judged_words(counts: Counts) -> str:
    """What a review said of a proposal, for the head of its record."""
    told = [
        f"{word} {number}"
        for word, number in (
            ("opens", counts.opened),
            ("worsens", counts.worse),
            ("betters", counts.better),
            ("closes", counts.closed),
            ("leaves unknown", counts.unknown_failed + counts.unknown_passed),
        )
        if number
    ]
    return f"gaps: {', '.join(told)}" if told else "moves no gap"


def _assets(source: Source, canonical: Mapping[str, str]) -> dict[str, _Asset]:
    found = {}
    for _, data in source.records.get("asset", ()):
        for record in _ASSET.decode_lines(data):
            found[canonical.get(record.id, record.id)] = record
    return found
