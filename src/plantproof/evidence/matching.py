"""Which asset a source speaks of: strong keys first, then a unique name that nothing contradicts. The rest proposes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from plantproof.errors import InputError, Problem
from plantproof.evidence.collectors.protocol import AssetDraft
from plantproof.evidence.identity_keys import identifies, mint, normal
from plantproof.model.evidence import Identities, IdentityLine
from plantproof.text import shown


class Proposal(NamedTuple):
    """Two assets that may be one: a person decides, with `plantproof asset merge FIRST SECOND`."""

    first: str
    second: str
    why: str


class Matched(NamedTuple):
    """`ids` local -> asset id; `lines` the identifiers learned; `proposals` sorted; `minted` new ids."""

    ids: dict[str, str]
    lines: list[IdentityLine]
    proposals: list[Proposal]
    minted: list[str]


class _Keyed(NamedTuple):
    draft: AssetDraft
    strong: list[tuple[str, str]]
    names: list[str]


def match(
    site: str, source: str, drafts: Sequence[AssetDraft], identities: Identities, addresses: Mapping[str, set[str]]
) -> Matched:
    """The asset of each draft. `addresses`: MAC or IP -> the assets that other sources report with it.

    Does not depend on the order of the drafts. Raises `InputError` where two drafts are one asset, where strong keys of
    one draft lead to two assets, and where nothing but a shared name tells two drafts apart.
    """
    known: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for (key, value), asset in identities.by_key.items():
        if identifies(key, value):
            known[asset][key].add(value)
    keyed = [_keys(draft, source) for draft in drafts]
    shared = _shared_serials(keyed)
    problems: list[Problem] = []
    proposals: set[Proposal] = set()
    ids: dict[str, str] = {}
    lines: list[IdentityLine] = []
    minted: list[str] = []
    bare: dict[str, str] = {}
    names = Counter(name for one in keyed if not one.draft.refers for name in set(one.names))
    for one in (one for one in keyed if not one.draft.refers):
        one = one._replace(strong=[pair for pair in one.strong if pair not in shared])
        found = _found(one, identities, known, names, problems)
        asset = found or _mint(site, one)
        if not found and asset not in identities.canonical:
            minted.append(asset)
        elif not found and not one.strong:
            bare[one.names[0]] = identities.canonical[asset]
        asset = identities.canonical.get(asset, asset)
        ids[one.draft.local] = asset
        lines += _learned(one, asset, identities, known)
    _refuse_doubles(drafts, ids, problems)
    own_names = {
        name: ids[one.draft.local] for one in keyed if not one.draft.refers for name in one.names if names[name] == 1
    }
    for one in (one for one in keyed if one.draft.refers):
        hit = _found(one, identities, known, Counter(), problems)
        hit = hit or next((own_names[name] for name in one.names if name in own_names), "")
        if hit:
            ids[one.draft.local] = hit
    proposals.update(_namesakes(bare, identities))
    for one in keyed:
        proposals.update(_proposed(one, ids, addresses))
    for (_, value), locals_ in sorted(shared.items()):
        bearers = sorted({ids[local] for local in locals_})
        if len(bearers) > 1:  # else they are refused as doubles
            proposals.add(
                Proposal(bearers[0], bearers[1], f"serial {shown(value)} twice in this export; it identifies neither")
            )
    if problems:
        raise InputError(*sorted(set(problems)))
    return Matched(ids, lines, sorted(proposals), sorted(minted))


def _keys(draft: AssetDraft, source: str) -> _Keyed:
    strong = [
        (f"{source}:id" if key == "id" else key, normal(key, value))
        for key, value in draft.keys
        if key in ("id", "serial") and identifies(key, value)
    ]
    names = list(dict.fromkeys(normal("name", value) for key, value in draft.keys if key == "name" and value.strip()))
    if not strong and not names:
        # Nothing but addresses: the source's own name for it has to do, or every collection would mint another.
        strong = [(f"{source}:id", draft.local)]
    return _Keyed(draft, strong, names)


def _shared_serials(keyed: Sequence[_Keyed]) -> dict[tuple[str, str], list[str]]:
    """Serials that rows with different own ids bear: makers ship `0123456789`, so they identify nobody."""
    bearers: dict[tuple[str, str], list[_Keyed]] = defaultdict(list)
    for one in keyed:
        for pair in one.strong:
            if pair[0] == "serial":
                bearers[pair].append(one)
    return {
        pair: [one.draft.local for one in some]
        for pair, some in bearers.items()
        if len(some) > 1
        and all(any(key != "serial" for key, _ in one.strong) for one in some)
        and len({value for one in some for key, value in one.strong if key != "serial"}) > 1
    }


def _found(
    one: _Keyed,
    identities: Identities,
    known: Mapping[str, Mapping[str, set[str]]],
    names: Counter[str],
    problems: list[Problem],
) -> str:
    hits = {pair: identities.by_key[pair] for pair in one.strong if pair in identities.by_key}
    assets = sorted(set(hits.values()))
    if len(assets) > 1:
        told = ", ".join(f"{key} `{shown(value)}` is {asset}" for (key, value), asset in sorted(hits.items()))
        problems.append(
            Problem(
                one.draft.raw,
                one.draft.line,
                f"its identifiers belong to different assets: {told}",
                f"one asset: `plantproof asset merge {assets[0]} {assets[1]}`; else correct the source",
            )
        )
        return assets[0]
    if assets:
        return assets[0]
    candidates = {
        identities.by_key["name", name]
        for name in one.names
        if names[name] <= 1 and ("name", name) in identities.by_key
    }
    candidates = {asset for asset in candidates if not _contradicts(one.strong, known[asset])}
    return candidates.pop() if len(candidates) == 1 else ""


def _contradicts(strong: Sequence[tuple[str, str]], known: Mapping[str, set[str]]) -> bool:
    for key in {key for key, _ in strong}:
        mine = {value.rsplit("/", 1)[-1] if key == "serial" else value for other, value in strong if other == key}
        theirs = {value.rsplit("/", 1)[-1] if key == "serial" else value for value in known.get(key, ())}
        if theirs and not mine & theirs:
            return True
    return False


def _mint(site: str, one: _Keyed) -> str:
    key, value = one.strong[0] if one.strong else ("name", one.names[0])
    return mint(site, key, value)


def _namesakes(bare: Mapping[str, str], identities: Identities) -> list[Proposal]:
    """The other assets that bear a name by which alone a draft came to its asset: it may mean one of those."""
    found = []
    for other, borne in identities.names.items() if bare else ():
        for name in bare.keys() & set(borne):
            first, second = sorted((bare[name], other))
            if first != second:
                found.append(
                    Proposal(first, second, f"name {shown(name)}: this source tells no more of which it means")
                )
    return found


def _learned(
    one: _Keyed, asset: str, identities: Identities, known: Mapping[str, Mapping[str, set[str]]]
) -> list[IdentityLine]:
    pairs = [*one.strong, *(("name", name) for name in one.names)]
    borne = set(identities.names.get(asset, ()))
    return [
        IdentityLine(key=key, value=value, id=asset)
        for key, value in pairs
        if not (value in borne if key == "name" else value in known[asset][key])
    ]


def _refuse_doubles(drafts: Sequence[AssetDraft], ids: Mapping[str, str], problems: list[Problem]) -> None:
    first: dict[str, AssetDraft] = {}
    for draft in sorted(
        (draft for draft in drafts if not draft.refers), key=lambda draft: (draft.raw, draft.line, draft.pointer)
    ):
        asset = ids[draft.local]
        if asset in first:
            other = first[asset]
            where = f"{shown(other.raw)}:{other.line}" if other.line else f"{shown(other.raw)} {other.pointer}"
            problems.append(
                Problem(
                    draft.raw,
                    draft.line,
                    f"two assets under one identity: `{shown(draft.local)}`, and `{shown(other.local)}` at {where}",
                    "one row an asset, with an id or serial of its own: correct the source and export it again; "
                    "where a merge made them one, take its `same` line out of identities.jsonl",
                )
            )
        else:
            first[asset] = draft


def _proposed(one: _Keyed, ids: Mapping[str, str], addresses: Mapping[str, set[str]]) -> list[Proposal]:
    mine = ids.get(one.draft.local)
    if mine is None:
        return []
    found = []
    for key, value in one.draft.keys:
        others = addresses.get(value, set()) if key in ("mac", "ip") else set()
        # An address that several assets bear (a router's MAC) points at none of them.
        if len(others) == 1 and mine not in others:
            first, second = sorted((mine, *others))
            found.append(Proposal(first, second, f"same {key} {shown(value)}"))
    return found
