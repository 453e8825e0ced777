"""Configurations that are not on their devices yet: one beside another, and files of other devices."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.support.exports import FORTIOS

from plantproof.errors import InputError
from plantproof.evidence.collect import after, collect
from plantproof.evidence.collectors.protocol import Export
from plantproof.evidence.proposal import Proposed, propose
from plantproof.files import load_yaml
from plantproof.model.evidence import Collector, Custody
from plantproof.model.project_file import SourceSettings

FOLDER = "evidence/works/firewalls"
CUSTODY = f"{FOLDER}/custody.yaml"
NAMES = ("fw-77", "fw-78", "fw-79")


def configuration(name: str, minutes: int = 10) -> Export:
    """The configuration of a firewall, with the minutes after which it logs an administrator off."""
    text = FORTIOS.replace("fw-77", name).replace("admintimeout 10", f"admintimeout {minutes}")
    return Export(f"{name}.conf", text.encode())


def collected(*names: str, source: str = "firewalls", before: dict[str, bytes] | None = None) -> dict[str, bytes]:
    plan = collect(
        site="works",
        source=source,
        exports=[configuration(name) for name in names],
        settings=SourceSettings(),
        who=Collector(name="Kim"),
        when="2026-11-18T05:30:00Z",
        existing=before or {},
    )
    return after(before or {}, plan)


EXISTING = collected(*NAMES)


def proposed(device: str, export: Export, existing: dict[str, bytes] = EXISTING, *earlier: Proposed) -> Proposed:
    return propose(
        site="works", device=device, export=export, sources={}, existing=existing, earlier=earlier
    )  # fmt: skip


def both(first: str, second: str) -> dict[str, bytes]:
    """The evidence with a shorter time on two firewalls, proposed one after the other."""
    one = proposed(first, configuration(first, 5))
    files = laid_over(EXISTING, one)
    return laid_over(files, proposed(second, configuration(second, 5), files, one))


def laid_over(existing: dict[str, bytes], one: Proposed) -> dict[str, bytes]:
    files = {**existing, **one.files}
    return {path: data for path, data in files.items() if data is not None}


def records(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [
        msgspec.json.decode(line)
        for path, data in sorted(files.items())
        if path.startswith(f"{FOLDER}/records/")
        for line in data.splitlines()
    ]


def lines_of(files: dict[str, bytes], export: Export, part: str) -> list[bytes]:
    """The records, or the sightings, of the firewall of an export."""
    (asset,) = {each["id"] for each in records(EXISTING) if each.get("names") == [export.name.partition(".")[0]]}
    return sorted(
        line
        for path, data in files.items()
        if path.startswith(f"{FOLDER}/{part}/")
        for line in data.splitlines()
        if asset.encode() in line or f'"raw/{export.name}"'.encode() in line
    )


def test_of_two_proposals_of_one_source_both_are_marked_as_proposed() -> None:
    files = both("fw-77", "fw-78")
    marked = {name: set[str]() for name in NAMES}
    names = {each["id"]: each["names"][0] for each in records(files) if each.get("names")}
    for each in records(files):
        marked[names.get(each["id"]) or names[each["asset"]]].add(each["method"])
    assert marked == {"fw-77": {"proposed"}, "fw-78": {"proposed"}, "fw-79": {"config"}}


def test_two_proposals_are_the_same_in_either_order_and_each_is_as_it_is_alone() -> None:
    files = both("fw-77", "fw-78")
    assert files == both("fw-78", "fw-77")
    for name in ("fw-77", "fw-78"):
        export = configuration(name, 5)
        alone = laid_over(EXISTING, proposed(name, export))
        for part in ("records", "sightings"):
            assert lines_of(files, export, part) == lines_of(alone, export, part) != []


def test_two_proposals_leave_custody_and_dates_as_they_were() -> None:
    before, now = (load_yaml(files[CUSTODY], CUSTODY, Custody) for files in (EXISTING, both("fw-77", "fw-78")))
    assert now.collected_by == before.collected_by
    assert (now.collected_at, now.observed_from, now.observed_to) == (
        before.collected_at,
        before.observed_from,
        before.observed_to,
    )


def test_a_proposal_to_another_source_marks_nothing_here() -> None:
    """What this source has seen of the device it has seen."""
    (asset,) = {each["id"] for each in records(EXISTING) if each.get("names") == ["fw-78"]}
    elsewhere = Proposed({}, asset, "others", "evidence/works/others/raw/fw-78.conf", ())
    files = laid_over(EXISTING, proposed("fw-77", configuration("fw-77", 5), EXISTING, elsewhere))
    assert {each["method"] for each in records(files) if asset in (each["id"], each.get("asset"))} == {"config"}


@pytest.mark.parametrize("device", ["fw-77", "fw-79"])
def test_the_configuration_of_another_device_is_refused_by_its_name(device: str) -> None:
    with pytest.raises(InputError) as told:
        proposed(device, Export("next.conf", configuration("fw-78").data))
    (problem,) = told.value.problems
    assert (problem.path, problem.message) == ("next.conf", f"this is not the configuration of {device}, but of fw-78")


def test_the_configuration_of_a_device_of_another_source_is_refused_by_its_name() -> None:
    existing = collected("fw-80", source="others", before=EXISTING)
    with pytest.raises(InputError, match="not the configuration of fw-77, but of fw-80"):
        proposed("fw-77", configuration("fw-80"), existing)


def test_the_configuration_of_a_device_that_nobody_knows_is_refused() -> None:
    with pytest.raises(InputError) as told:
        proposed("fw-77", configuration("fw-99"))
    assert told.value.problems[0].message == "this is not the configuration of fw-77"


@pytest.mark.parametrize("named", ["fw-77", "a-00", "second"])
def test_a_device_that_was_merged_is_found_under_every_id_that_it_had(named: str) -> None:
    """Its records still have the id of before the merger; what is read anew has the one that lives on."""
    (asset,) = {each["id"] for each in records(EXISTING) if each.get("names") == ["fw-77"]}
    path = "evidence/works/identities.jsonl"
    lines = b'{"id":"a-00","key":"name","value":"erp"}\n{"same":["a-00","%s"]}\n' % asset.encode()
    existing = {**EXISTING, path: EXISTING[path] + lines}
    found = proposed(asset if named == "second" else named, configuration("fw-77", 5), existing)
    assert found.asset == "a-00"
    told = [each for each in records(laid_over(existing, found)) if "a-00" in (each["id"], each.get("asset"))]
    assert {each["method"] for each in told} == {"proposed"}
