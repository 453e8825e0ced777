"""Where the evidence of gaps stands after a source was collected again."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.support.carried_world import Record, edited
from tests.support.collected_again import Files
from tests.support.documents import ROOT as PROJECT
from tests.support.example_gaps import GAPS
from tests.support.memory_tree import MemoryTree

from plantproof.errors import InputError
from plantproof.evidence.blobs import Blobs
from plantproof.evidence.ledger import read_claims
from plantproof.evidence.relocation import has_moved, relocated
from plantproof.evidence.stored_site import StoredSite, differing
from plantproof.evidence.tracing import raw_places
from plantproof.git_opening import open_repository
from plantproof.model.assessment import EvidenceLink, Gap

ROOT = "evidence/northmill/directory/"
RECORDS, SEEN = f"{ROOT}records/account.jsonl", f"{ROOT}sightings/account.jsonl"


@pytest.fixture(scope="module")
def files() -> Files:
    tree = open_repository(PROJECT).working_tree()
    return {path: tree.read(path) for path in tree.paths("evidence/northmill")}


def traced(files: Files, line: int) -> EvidenceLink:
    """A link to one account, down to the raw file."""
    link = EvidenceLink(source="directory", record=RECORDS, record_line=line)
    ((raw, number, pointer),) = raw_places(read_claims(MemoryTree(files), "northmill"), [link])
    return msgspec.structs.replace(link, raw=raw, raw_line=number, pointer=pointer)


def both(old: Files, new: Files) -> tuple[Any, StoredSite, StoredSite]:
    before, after = (StoredSite(MemoryTree(each), "northmill", Blobs()) for each in (old, new))
    where = differing(before, after)
    assert where is not None
    return where, before, after


def gaps(*links: EvidenceLink) -> list[Gap]:
    return [msgspec.structs.replace(GAPS[0], id=f"gap-{number}", evidence=[link]) for number, link in enumerate(links)]


def further_down(lines: list[Record]) -> None:
    for line in lines:
        line["line"] = line.get("line", 1) + 3


def test_a_record_above_that_is_gone_moves_the_others_up(files: Files) -> None:
    new = edited(files, RECORDS, lambda lines: lines.pop(0))
    assert has_moved(*both(files, new))
    found = relocated(gaps(traced(files, 5), traced(files, 9)), (), *both(files, new))
    assert [each.evidence for each in found] == [[traced(new, 4)], [traced(new, 8)]]


def test_the_same_record_on_another_line_of_the_export(files: Files) -> None:
    new = edited(files, SEEN, further_down)
    assert has_moved(*both(files, new))
    (found,) = relocated(gaps(traced(files, 5)), (), *both(files, new))
    assert found.evidence == [traced(new, 5)] != [traced(files, 5)]


def test_another_value_on_the_same_line_moves_nothing(files: Files) -> None:
    new = edited(files, RECORDS, lambda lines: lines[0].update(enabled=False))
    assert not has_moved(*both(files, new))
    assert not has_moved(*both(files, edited(files, SEEN, lambda lines: lines[0].update(last_seen="2026-11-19"))))


def test_gaps_that_are_traced_already_and_those_of_other_kinds_stay(files: Files) -> None:
    new = edited(files, RECORDS, lambda lines: lines.pop(0))
    other = EvidenceLink(source="netbox", record="evidence/northmill/netbox/records/asset.jsonl", record_line=3)
    before = gaps(traced(files, 5), other)
    found = relocated(before, {"gap-0"}, *both(files, new))
    assert found == before


def test_a_record_that_is_gone(files: Files) -> None:
    new = edited(files, RECORDS, lambda lines: lines.pop(4))
    for link in (traced(files, 5), msgspec.structs.replace(traced(files, 5), record_line=900)):
        with pytest.raises(InputError, match="not there any more"):
            relocated(gaps(link), (), *both(files, new))
