"""Who is expected: declared, or ever seen by any source and not retired (verdicts.md 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from plantproof.errors import Problem
from plantproof.model.evidence import Claims, Identities
from plantproof.model.site import Site
from plantproof.plant.claims import ReadKind
from plantproof.plant.sightings import returned
from plantproof.text import says_something

DECLARED_PREFIX = "declared:"


class NameIndex:
    """What people call assets -> asset ids. Host names know no case, so neither does the index.

    Only names that somebody asks for are kept: a site file names dozens of the 100,000.
    """

    def __init__(self, wanted: Iterable[str]) -> None:
        self._ids: dict[str, set[str]] = {name.casefold(): set() for name in wanted}

    def __bool__(self) -> bool:
        return bool(self._ids)

    def add(self, name: str, identifier: str) -> None:
        """Let `name` find the asset too, if anybody asks for it."""
        found = self._ids.get(name.casefold())
        if found is not None:
            found.add(identifier)

    def find(self, name: str) -> tuple[str, ...]:
        """The assets of that name or id, sorted; several where a name is not unique.

        Raises KeyError for a name that was not announced as wanted: a bug, since it would never be found.
        """
        return tuple(sorted(self._ids[name.casefold()]))


class Population(msgspec.Struct):
    """`ids` of all expected assets, sorted; `index` finds them; `declared_names` of those that only the site declares;
    `retired` ids that left by an approved line in force on the date; `returned` those that left and were seen again."""

    ids: list[str]
    index: NameIndex
    declared_names: dict[str, str]
    retired: frozenset[str]
    returned: frozenset[str]
    remarks: list[Problem]


def retired_on(identities: Identities, on: str) -> tuple[dict[str, str], list[Problem]]:
    """Assets that left, with the day: not after `on`, and approved. Any other line retires nothing, and is remarked."""
    retired: dict[str, str] = {}
    remarks = []
    for identifier, (date, approver, _) in sorted(identities.retired.items()):
        if not date or not says_something(approver):
            remarks.append(
                Problem(
                    "", 0, f"asset `{identifier}` is retired without date or approver: it stays expected", "add both"
                )
            )
        elif date[:10] <= on[:10]:
            living = identities.canonical.get(identifier, identifier)
            retired[living] = max(retired.get(living, ""), date[:10])
    return retired, remarks


def population(
    read: ReadKind, claims: Claims, canonical: Mapping[str, str], site: Site, asked: Iterable[str], on: str
) -> Population:
    """Every asset that the plant must answer for on the date `on`.

    Ids minted by any source, ids in records, the assets that the site declares and the members that its zones name;
    minus the retired, unless they were seen again. A declared name that no asset bears becomes an asset of its own,
    `declared:<name>`, which nobody reports. `canonical` maps merged ids to living ones; `asked` are further names that
    the index must find.
    """
    identities = claims.identities
    left, remarks = retired_on(identities, on)
    back = returned(claims, read, left, canonical)
    remarks += [
        Problem(
            "",
            0,
            f"asset `{identifier}` was retired on {left[identifier]}, and {name} saw it on {day}: it is expected again",
            "find it in the plant: correct the retirement, or take the device off the network",
        )
        for identifier, (name, day) in sorted(back.items())
    ]
    remarks += _odd_merges(claims, read, canonical)
    retired = frozenset(left) - frozenset(back)
    known = {*identities.ids, *identities.retired}
    for batch in read.batches:
        known.update(batch.ids)
    if canonical:
        known = {canonical.get(identifier, identifier) for identifier in known}
    index = NameIndex({*names_in_site(site), *asked})
    if index:
        for identifier in known:
            index.add(identifier, identifier)
        for identifier, living in canonical.items():
            index.add(identifier, living)
        for identifier, names in identities.names.items():
            for name in names:
                index.add(name, canonical.get(identifier, identifier))
        _index_claimed_names(read, canonical, index)
    declared: dict[str, str] = {}
    for name in sorted(set(_declared_names(site))):
        found = index.find(name)
        if not found:
            identifier = DECLARED_PREFIX + name
            known.add(identifier)
            declared[identifier] = name
            index.add(name, identifier)
        elif retired.issuperset(found):
            message = f"`{name}` is declared, but retired"
            remarks.append(Problem(f"controls/sites/{site.id}.yaml", 0, message, "remove it from the site file"))
    return Population(sorted(known - retired), index, declared, retired, frozenset(back), remarks)


def _odd_merges(claims: Claims, read: ReadKind, canonical: Mapping[str, str]) -> list[Problem]:
    """What is odd about assets of several ids. None of it is refused, since a person may know better; it is said in
    every report, since two that are taken for one are judged as one."""
    path = f"evidence/{claims.site}/identities.jsonl"
    part = "if they are not one asset, take the `same` line out"
    remarks = []
    for living, others in sorted(claims.identities.retired_in_part.items()):
        message = f"asset `{living}` is retired under some of its ids only, not as {_listed(others)}: it stays expected"
        remarks.append(Problem(path, 0, message, f"if it left, `plantproof asset retire` says so of each; {part}"))
    for living, words in sorted(claims.identities.doubtful_merges.items()):
        message = f"asset `{living}` was merged of ids that differ in {', '.join(words)}"
        remarks.append(Problem(path, 0, message, part))
    apart: dict[tuple[str, str], set[str]] = {}
    members = {*canonical, *canonical.values()}
    for batch in read.batches if members else ():
        for given in members.intersection(batch.ids) if not batch.stale else ():
            apart.setdefault((canonical.get(given, given), batch.source), set()).add(given)
    for (living, source), ids in sorted(apart.items()):
        if len(ids) > 1:
            message = f"asset `{living}` was merged of {_listed(ids)}, which {source} reports apart"
            remarks.append(Problem(path, 0, message, part))
    return remarks


def _listed(ids: Iterable[str]) -> str:
    return " and ".join(f"`{each}`" for each in sorted(ids))


def names_in_site(site: Site) -> Iterable[str]:
    """Every name of an asset in the site file."""
    yield from _declared_names(site)
    for shared in site.shared_systems:
        yield shared.asset
    for conduit in site.conduits:
        yield from conduit.enforcement_points


def _declared_names(site: Site) -> Iterable[str]:
    for expected in site.expected_assets:
        yield expected.name
    for zone in site.zones:
        yield from zone.members


def _index_claimed_names(read: ReadKind, canonical: Mapping[str, str], index: NameIndex) -> None:
    """Names in records, stale ones too: a name that is not reported any more still says which asset is meant."""
    decode = msgspec.json.Decoder(list[str]).decode
    for batch in read.batches:
        for identifier, names in zip(batch.ids, batch.columns["names"], strict=True):
            if names is not None:
                for name in decode(names):
                    index.add(name, canonical.get(identifier, identifier))
