"""controls/approved/<site>/<change>.jsonl: the configurations that one change was to leave, one device a line.

A file a change: two changes that are recorded on two branches touch no file in common, and a reviewer sees one new
file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from plantproof.errors import InputError, Problem
from plantproof.model.approved import ApprovedDevice, ApprovedHead, ApprovedRecord, digest_of
from plantproof.project import Project

FOLDER = "controls/approved"
HINT = "`plantproof baseline` and `plantproof diff --record` write these files; restore it from git"


def approved_path(site: str, change: str) -> str:
    """Where the record of a change lies."""
    return f"{FOLDER}/{site}/{change}.jsonl"


def load_approved(data: bytes, path: str) -> list[ApprovedRecord]:
    """The devices of one record, all of them current as yet. Raises `InputError` with every mistake: a line that is
    none, a name that is not the file's, a device named twice, a digest that is not that of its facts."""
    lines = [(number, line) for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]
    if len(lines) < 2:
        raise InputError(Problem(path, 1, "a record without a device approves nothing", HINT))
    problems: list[Problem] = []
    head: ApprovedHead | None = None
    found: list[tuple[int, ApprovedDevice]] = []
    for number, line in lines:
        try:
            if number == lines[0][0]:
                head = msgspec.json.decode(line, type=ApprovedHead)
            else:
                found.append((number, msgspec.json.decode(line, type=ApprovedDevice)))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            problems.append(Problem(path, number, str(error), HINT))
    if head is not None and approved_path(head.site, head.change) != path:
        message = f"it is the record of `{head.change}` at `{head.site}`"
        problems.append(Problem(path, lines[0][0], message, f"name it {approved_path(head.site, head.change)}"))
    problems += [*(_date_problems(path, lines[0][0], head) if head else ()), *_device_problems(path, found)]
    if problems or head is None:
        raise InputError(*problems)
    return [ApprovedRecord(head=head, device=device, current=True, origin=path, line=line) for line, device in found]


def _date_problems(path: str, line: int, head: ApprovedHead) -> Iterator[Problem]:
    for field, text in (("on", head.on), ("due", head.due)):
        try:
            if isinstance(text, str):
                date.fromisoformat(text[:10])
        except ValueError:
            # A date that never comes would never be over, and the change would wait for ever.
            yield Problem(path, line, f"`{field}: {text}` is no date of any calendar", HINT)


def _device_problems(path: str, found: Sequence[tuple[int, ApprovedDevice]]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for number, device in found:
        first = seen.setdefault(device.asset, number)
        if first != number:
            yield Problem(path, number, f"the asset {device.asset} is on line {first} already", HINT)
        if digest_of(device.facts) != device.digest:
            yield Problem(path, number, f"the digest of {device.name} is not that of its facts", HINT)
        if strange := sorted(device.redacted.keys() - device.facts.keys()):
            yield Problem(path, number, f"{strange[0]} is redacted, and is none of the facts", HINT)


def with_current(records: Iterable[ApprovedRecord]) -> tuple[list[ApprovedRecord], list[Problem]]:
    """All records of one site, each told whether it is current: whether no other one of its device replaces it.

    A device is known by its id, and by its name where it was found to be one with another and has a new id since. A
    mistake where the records of a device replace one another in a circle, so that none is current. Of what is not
    current the facts are dropped: only whether a device still has that configuration is ever asked.
    """
    by_asset: dict[str, list[ApprovedRecord]] = defaultdict(list)
    replaced: set[tuple[str, str]] = set()
    for record in records:
        device = record.device
        by_asset[device.asset].append(record)
        replaced |= {(name, known) for name in device.replaces for known in (device.asset, device.name)}
    told: list[ApprovedRecord] = []
    problems: list[Problem] = []
    for asset in sorted(by_asset):
        own = sorted(by_asset[asset], key=lambda each: (each.head.on, each.head.change))
        theirs = {name for each in own for name in each.device.replaces}
        if all(each.head.change in theirs for each in own):
            names = ", ".join(each.head.change for each in own)
            message = f"the records of {own[0].device.name} replace one another, so that none holds: {names}"
            problems.append(Problem(own[-1].origin, own[-1].line, message, HINT))
        for each in own:
            known = {(each.head.change, each.device.asset), (each.head.change, each.device.name)}
            told.append(each if replaced.isdisjoint(known) else _superseded(each))
    return told, problems


def _superseded(record: ApprovedRecord) -> ApprovedRecord:
    device = msgspec.structs.replace(record.device, facts={}, redacted={})
    return msgspec.structs.replace(record, device=device, current=False)


def encode_approved(head: ApprovedHead, devices: Iterable[ApprovedDevice]) -> bytes:
    """The file: its head, then the devices by name and id."""
    ordered = sorted(devices, key=lambda device: (device.name, device.asset))
    lines = [msgspec.json.encode(head, order="sorted")]
    lines += [msgspec.json.encode(device, order="sorted") for device in ordered]
    return b"".join(line + b"\n" for line in lines)


def read_approved(project: Project, site: str) -> list[ApprovedRecord]:
    """The records of one site of a project. Raises `InputError` with every mistake in them."""
    found: list[ApprovedRecord] = []
    problems: list[Problem] = []
    for path in project.list(f"{FOLDER}/{site}"):
        if path.endswith(".jsonl"):
            try:
                found += load_approved(project.read(path), path)
            except InputError as error:
                problems += error.problems
    told, circles = with_current(found)
    if problems or circles:
        raise InputError(*problems, *circles)
    return told
