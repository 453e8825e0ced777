"""The trace below a gap: besides the subject's own record, the joined records that the policy looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from plantproof.mappers.gaps import links_of
from plantproof.model.assessment import EvidenceLink, Gap
from plantproof.model.plant import Plant, Table
from plantproof.model.policy import Bundle, Join

MOST_JOINED = 20
"""Links to joined records that one gap shows: an asset may have thousands of them, and the first ones show the way."""

Place = tuple[str, int, str]
"""Raw file, line, pointer."""

Record = tuple[str, str, int]
"""Source, file of records, line."""

Called = tuple[str, str]
"""Kind and id of the row of the plant that a link belongs to; its record has that id where it is of that kind. Both
empty where a record may have another id, for an asset that was known by several."""
UNCALLED: Called = ("", "")

PlaceOf = Callable[[list[EvidenceLink], list[Called]], list[Place]]
"""The lines of the raw files behind links, of which it is said what they are called."""


def record_of(link: EvidenceLink) -> Record:
    """The record that a link leads to."""
    return link.source, link.record, link.record_line


def known_places(gaps: Iterable[Gap]) -> dict[Record, Place]:
    """The lines of the raw files behind the records on which gaps rest, which were traced."""
    links = (link for gap in gaps for link in gap.evidence)
    return {record_of(link): (link.raw, link.raw_line, link.pointer) for link in links}


def unless_known(known: Mapping[Record, Place], place_of: PlaceOf) -> PlaceOf:
    """`place_of`, asked only for the records whose places are not `known`, if there are any."""

    def places(links: list[EvidenceLink], called: list[Called]) -> list[Place]:
        asked = [pair for pair in zip(links, called, strict=True) if record_of(pair[0]) not in known]
        found = iter(place_of(*map(list, zip(*asked, strict=True))) if asked else ())
        return [known[record_of(link)] if record_of(link) in known else next(found) for link in links]

    return places


def trace(gaps: Iterable[Gap], plant: Plant, bundle: Bundle, place_of: PlaceOf) -> list[Gap]:
    """The gaps with all their evidence: joined records first, for they hold what was found, each down to its raw line.

    One setting read from one line is one link, however many policies read it.
    """
    wanted = list(gaps)
    several = frozenset(plant.merged_ids.values())
    joined = {policy.id: Joins(plant, policy.metadata.joins) for policy in bundle.policies.values()}
    links: list[list[EvidenceLink]] = []
    called: list[Called] = []
    for gap in wanted:
        row = plant.tables[gap.subject_kind].rows.get(gap.subject, -1)
        found = joined[gap.policy].links(gap.subject_kind, row) if row >= 0 else {}
        own = [link for link in gap.evidence if link not in found] if found else gap.evidence
        links.append([*found, *own])
        names = [*found.values(), *[(gap.subject_kind, gap.subject)] * len(own)]
        called += [UNCALLED if _asset(name[1]) in several else name for name in names] if several else names
    places = iter(place_of([link for each in links for link in each], called))
    traced = []
    for gap, each in zip(wanted, links, strict=True):
        evidence = []
        for link in each:
            raw, at, pointer = next(places)
            evidence.append(
                EvidenceLink(
                    source=link.source,
                    record=link.record,
                    record_line=link.record_line,
                    raw=raw,
                    raw_line=at,
                    pointer=pointer,
                )
            )
        traced.append(msgspec.structs.replace(gap, evidence=evidence))
    return traced


def _asset(identifier: str) -> str:
    """The id of the asset by which a subject is called."""
    return identifier.partition("/")[0]


class Joins:
    """The joined records of one policy's subjects, found when first asked for."""

    def __init__(self, plant: Plant, joins: dict[str, Join]) -> None:
        self._plant = plant
        self._joins = joins
        self._by_asset: dict[str, dict[int, list[int]]] = {}

    def links(self, kind: str, row: int) -> dict[EvidenceLink, Called]:
        """Links to the records that belong to the same asset as the subject and that the policy's joins select, with
        what those are called."""
        subjects = self._plant.tables[kind]
        asset = row if kind == "asset" else subjects.asset_rows[row]
        found: list[tuple[EvidenceLink, Called]] = []
        for name, join in sorted(self._joins.items()):
            table = self._plant.tables.get(name)
            if table is None or asset < 0:
                continue
            if name not in self._by_asset:
                self._by_asset[name] = self._index(table, join)
            for other in self._by_asset[name].get(asset, ()):
                found += [(link, (name, table.ids[other])) for link in links_of(table.origins[other])]
        return dict(found[:MOST_JOINED])

    @staticmethod
    def _index(table: Table, join: Join) -> dict[int, list[int]]:
        by_asset: dict[int, list[int]] = {}
        for row in selected(table, join):
            by_asset.setdefault(table.asset_rows[row], []).append(row)
        return by_asset


def selected(table: Table, join: Join) -> Iterator[int]:
    """The rows that the join's `where` keeps."""
    conditions = [
        (table.columns[field].values, {msgspec.json.encode(value) for value in values})
        for field, values in join.where.items()
        if field in table.columns
    ]
    for row in range(len(table.ids)):
        if all(values[row] in wanted for values, wanted in conditions):
            yield row
