"""From a record to the line of the raw file that said so."""

from __future__ import annotations

import pytest
from tests.support.exports import IOS, nozomi
from tests.support.memory_tree import MemoryTree

from plantproof.evidence.collect import collect
from plantproof.evidence.collectors.protocol import Export
from plantproof.evidence.ledger import read_claims
from plantproof.evidence.tracing import NOWHERE, raw_places
from plantproof.model.assessment import EvidenceLink
from plantproof.model.evidence import Claims, Collector
from plantproof.model.project_file import SourceSettings


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The evidence of one switch and of three assets that a sensor saw."""
    existing: dict[str, bytes] = {}
    for source, export in (("switches", Export("sw-77.cfg", IOS.encode())), ("sensor", nozomi())):
        plan = collect(
            site="works", source=source, exports=[export], settings=SourceSettings(), who=Collector(name="Kim"),
            when="2026-11-18T05:30:00Z", existing=existing,
        )  # fmt: skip
        identities = "evidence/works/identities.jsonl"
        existing = {**existing, **plan.files, identities: existing.get(identities, b"") + plan.appended}
    return existing


@pytest.fixture(scope="module")
def claims(files: dict[str, bytes]) -> Claims:
    return read_claims(MemoryTree(files), "works")


def link(source: str, kind: str, line: int) -> EvidenceLink:
    return EvidenceLink(source=source, record=f"evidence/works/{source}/records/{kind}.jsonl", record_line=line)


def test_every_record_leads_to_the_line_that_says_it(files: dict[str, bytes], claims: Claims) -> None:
    records = files["evidence/works/switches/records/setting.jsonl"].decode().splitlines()
    links = [link("switches", "setting", number) for number in range(1, len(records) + 1)]
    said = {}
    for record, (raw, line, _) in zip(records, raw_places(claims, links), strict=True):
        assert raw == "evidence/works/switches/raw/sw-77.cfg"
        key = record.partition('"key":"')[2].partition('"')[0]
        said[key] = files[raw].decode().splitlines()[line - 1].strip() if line else ""
    assert said["telnet.enabled"] == "transport input ssh"
    assert said["session.timeout_minutes"] == "exec-timeout 10 0"
    assert said["password.encryption"] == "service password-encryption"
    assert said["logging.hosts"] == ""


def test_an_element_of_json_has_its_pointer(claims: Claims) -> None:
    places = raw_places(claims, [link("sensor", "asset", number) for number in (1, 2, 3)])
    assert {raw for raw, _, _ in places} == {"evidence/works/sensor/raw/assets.json"}
    assert sorted(pointer for _, _, pointer in places) == ["/result/0", "/result/1", "/result/2"]


def test_what_no_collection_brought_leads_nowhere(claims: Claims) -> None:
    declared = EvidenceLink(source="", record="controls/sites/works.yaml", record_line=9)
    assert (
        raw_places(claims, [declared, link("switches", "software", 1), link("switches", "setting", 0)]) == [NOWHERE] * 3
    )


def test_places_stand_in_the_order_of_the_links(claims: Claims) -> None:
    links = [link("switches", "setting", 2), link("sensor", "asset", 1), link("switches", "setting", 1)]
    each = [raw_places(claims, [one])[0] for one in links]
    assert raw_places(claims, links) == each
    assert raw_places(claims, []) == []
