"""What a link is said to be called is what its record is called, so that the place is that of the record itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from tests.support.carried_world import SITES, World

from plantproof import pipeline
from plantproof.evidence.tracing import Place, raw_places
from plantproof.mappers.tracing import UNCALLED, Called
from plantproof.model.assessment import EvidenceLink, Gap
from plantproof.model.evidence import Claims
from plantproof.policies.embedded import EmbeddedEngine


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with EmbeddedEngine(jobs=1) as engine:
        yield World(engine)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[EvidenceLink, Called]]:
    """Every link whose place is asked for, with what it is called; the answer is the same without that."""
    pairs: list[tuple[EvidenceLink, Called]] = []

    def compared(claims: Claims, links: list[EvidenceLink], called: Iterable[Called]) -> list[Place]:
        names = list(called)
        pairs.extend(zip(links, names, strict=True))
        places = raw_places(claims, links, names)
        assert places == raw_places(claims, links)
        return places

    monkeypatch.setattr(pipeline, "raw_places", compared)
    return pairs


def records(pairs: list[tuple[EvidenceLink, Called]]) -> set[str]:
    """The kinds of records whose ids did not have to be read."""
    return {kind for link, (kind, _) in pairs if f"/{kind}." in link.record}


@pytest.mark.parametrize("site", SITES)
def test_the_places_are_those_that_the_records_themselves_lead_to(
    site: str, world: World, asked: list[tuple[EvidenceLink, Called]]
) -> None:
    assert world.judged(world.files, site) == world.known[site]
    assert {"asset", "setting"} <= records(asked)
    assert UNCALLED not in {called for _, called in asked}


def test_an_asset_with_several_ids_is_not_said_to_have_one(
    world: World, asked: list[tuple[EvidenceLink, Called]]
) -> None:
    site = SITES[0]
    subjects = sorted({gap.subject for gap in world.known[site].gaps if gap.subject_kind == "asset"})
    first, second = subjects[:2]
    path = f"evidence/{site}/identities.jsonl"
    line = f'{{"same":["{first}","{second}"]}}\n'.encode()
    found = world.judged({**world.files, path: world.files[path] + line}, site)
    assert first in {gap.subject for gap in found.gaps}
    own = {called for gap in found.gaps for link, called in asked if gap.subject == first and is_of(gap, link)}
    assert own == {UNCALLED}


def is_of(gap: Gap, link: EvidenceLink) -> bool:
    """Whether a link leads to a record of the asset that a gap is about."""
    return "/asset." in link.record and (link.record, link.record_line) in {
        (each.record, each.record_line) for each in gap.evidence
    }


def test_a_record_of_a_merged_asset_leads_to_the_raw_line_that_it_came_from(
    world: World, asked: list[tuple[EvidenceLink, Called]]
) -> None:
    site = SITES[0]
    gap = next(gap for gap in world.known[site].gaps if "/" in gap.subject and gap.evidence[0].raw_line)
    asset, _, record = gap.subject.partition("/")
    first = min(each.id for each in world.known[site].site.assets if each.id != asset)
    path = f"evidence/{site}/identities.jsonl"
    line = f'{{"same":["{first}","{asset}"]}}\n'.encode()
    found = world.judged({**world.files, path: world.files[path] + line}, site)
    question = (gap.policy, gap.parameters, f"{first}/{record}")
    (same,) = (each for each in found.gaps if (each.policy, each.parameters, each.subject) == question)
    assert gap.evidence[0] in same.evidence
    assert asked
