"""Asset identities: minted once, kept for ever, one line an identifier, read in any order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from plantproof.errors import InputError, Problem
from plantproof.evidence.identity_keys import ADDRESSES, is_strong, normal, normal_all
from plantproof.evidence.identity_lines import Numbered, read_lines
from plantproof.evidence.layout import may_be_written_otherwise
from plantproof.model.evidence import Identities, IdentityLine
from plantproof.text import shown

Borne = dict[str, tuple[list[str], list[str]]]
"""Kind of identifier -> the ids of assets, and beside each the value that it bears, as it is compared."""
_MENTIONED = re.compile(rb'"([A-Za-z0-9][A-Za-z0-9._-]{0,127})"')


def read_identities(data: bytes, path: str, *, keys: bool = True) -> Identities:
    """identities.jsonl, resolved. Raises `InputError` with every line that is no identity, every strong key that
    belongs to two assets, and every mention of an id that nobody minted.

    `keys` False leaves `by_key` empty: only a collection asks which asset bears a key.
    """
    lines, problems = read_lines(data, path)
    borne, mentioning = _sorted_out(lines)
    minted = {asset for ids, _ in borne.values() for asset in ids}
    problems += _unknown_mentions(mentioning, minted, path)
    canonical = _canonical(mentioning, minted)
    owners: dict[tuple[str, str], set[str]] = {}
    if keys or not _each_of_one_asset(borne, canonical):
        owners, first_line = _owners(lines, canonical)
        problems += _shared_keys(owners, first_line, path)
    if problems:
        raise InputError(*sorted(problems, key=lambda problem: (problem.line, problem.message)))
    names: dict[str, list[str]] = {}
    for asset, name in zip(*borne.get("name", ((), ())), strict=True):
        names.setdefault(canonical[asset], []).append(name)
    merged = _merged(canonical) if any(line.same for _, line in mentioning) else {}
    retired, retired_in_part = _left([line for _, line in mentioning], canonical, merged)
    return Identities(
        ids=frozenset(set(canonical.values()) - set(retired)),
        canonical=canonical,
        by_key={
            place: next(iter(ids))
            for place, ids in sorted(owners.items() if keys else ())
            if len(ids) == 1 and place[0] not in ADDRESSES
        },
        names={asset: borne if len(borne) == 1 else sorted(set(borne)) for asset, borne in sorted(names.items())},
        retired=retired,
        retired_in_part=retired_in_part,
        doubtful_merges=_differing_keys(lines, canonical, merged) if merged else {},
    )


def _sorted_out(lines: Numbered) -> tuple[Borne, Numbered]:
    """What is borne, and the lines about what is."""
    borne: Borne = {}
    mentioning: Numbered = []
    for entry in lines:
        line = entry[1]
        if not line.id:
            mentioning.append(entry)
            continue
        ids, values = borne.get(line.key) or borne.setdefault(line.key, ([], []))
        ids.append(line.id)
        values.append(line.value)
    return {key: (ids, normal_all(key, values)) for key, (ids, values) in borne.items()}, mentioning


class IdentitiesInPart:
    """An identities.jsonl that is known to hold no mistake, of which only some assets are asked for.

    People may write lines of it themselves: where one is not written as `encode` writes it, the whole file is read, and
    `mentioning` is None; else that holds the lines about assets that were merged or retired, here or as given.
    """

    def __init__(self, read: Callable[[], bytes], path: str, mentioning: str | None = None) -> None:
        self._read, self._path = read, path
        if mentioning is None and not may_be_written_otherwise(read(), ("id", "retired", "same")):
            data = read()
            mentioning = b"".join([*_lines_with(data, b'"retired":'), *_lines_with(data, b'"same":')]).decode()
        self.mentioning = mentioning
        self._mentioned = {text.decode() for text in _MENTIONED.findall((mentioning or "").encode())}
        self._own: dict[str, list[bytes]] = {}

    def about(self, assets: Iterable[str]) -> Identities:
        """What it says of some assets (any ids that they ever had), with everything that was merged or retired; it may
        say more. Raises as `read_identities`."""
        if self.mentioning is None:
            return read_identities(self._read(), self._path, keys=False)
        wanted = sorted({*assets, *self._mentioned})
        self._look_for([asset for asset in wanted if asset not in self._own])
        own = [line for asset in wanted for line in self._own[asset]]
        return read_identities(b"".join([self.mentioning.encode(), *own]), self._path, keys=False)

    def _look_for(self, assets: list[str]) -> None:
        if not assets:
            return
        data = self._read()
        self._own |= {asset: [] for asset in assets}
        for match in re.finditer(rb'"id":"(%s)"' % b"|".join(re.escape(each.encode()) for each in assets), data):
            self._own[match[1].decode()].append(_line_around(data, match.start()))


def _lines_with(data: bytes, needle: bytes) -> Iterator[bytes]:
    at = data.find(needle)
    while at >= 0:
        yield _line_around(data, at)
        end = data.find(b"\n", at)
        at = data.find(needle, end) if end >= 0 else -1


def _line_around(data: bytes, at: int) -> bytes:
    start, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
    return data[start:] + b"\n" if end < 0 else data[start : end + 1]


def _unknown_mentions(lines: list[tuple[int, IdentityLine]], minted: set[str], path: str) -> list[Problem]:
    return [
        Problem(path, number, f"no asset has the id `{mentioned}`", "was it misspelt?")
        for number, line in lines
        for mentioned in (*line.same, *([line.retired] if line.retired else []))
        if mentioned not in minted
    ]


def _canonical(lines: list[tuple[int, IdentityLine]], minted: set[str]) -> dict[str, str]:
    """Every id -> the first, by name, of those that are the same asset: no order of lines changes it."""
    parent = {asset: asset for asset in minted}
    for _, line in lines:
        known = [asset for asset in line.same if asset in parent]
        for other in known[1:]:
            first, second = sorted((_root(parent, known[0]), _root(parent, other)))
            parent[second] = first
    ordered = sorted(minted)
    if not lines:
        return dict(zip(ordered, ordered, strict=True))
    return {asset: _root(parent, asset) for asset in ordered}


def _merged(canonical: Mapping[str, str]) -> dict[str, list[str]]:
    """The living id of each asset that has several -> all of them."""
    merged: dict[str, list[str]] = {}
    for given, living in canonical.items():
        if given != living:
            merged.setdefault(living, [living]).append(given)
    return merged


def _left(
    lines: Iterable[IdentityLine], canonical: Mapping[str, str], merged: Mapping[str, Sequence[str]]
) -> tuple[dict[str, tuple[str, str, str]], dict[str, tuple[str, ...]]]:
    """The assets that left, and those of which only some ids did -> the ids that did not.

    A merged asset leaves by a line for each of its ids: else a merge with one that was retired would take assets out
    whose leaving nobody approved (verdicts.md 7).
    """
    own: dict[str, tuple[str, str, str]] = {}
    # Of several lines for one id the earliest counts: it left once.
    for asset, *entry in sorted(
        (line.retired, line.date, line.approved_by, line.reason) for line in lines if line.retired
    ):
        own.setdefault(asset, (entry[0], entry[1], entry[2]))
    retired: dict[str, tuple[str, str, str]] = {}
    in_part: dict[str, tuple[str, ...]] = {}
    for living in sorted({canonical[asset] for asset in own}):
        ids = merged.get(living, [living])
        if missing := tuple(sorted(set(ids) - own.keys())):
            in_part[living] = missing
        else:
            retired[living] = max(own[asset] for asset in ids)
    return retired, in_part


def _differing_keys(
    lines: Iterable[tuple[int, IdentityLine]], canonical: Mapping[str, str], merged: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Merged assets of which two ids have a strong key of one kind, and share none of it: two serials are two devices,
    unless a person knows better. In words, by living id."""
    members = {given for ids in merged.values() for given in ids}
    borne: dict[tuple[str, str], dict[str, set[str]]] = {}
    for _, line in lines:
        if line.id in members and is_strong(line.key):
            ids = borne.setdefault((canonical[line.id], line.key), {})
            ids.setdefault(line.id, set()).add(normal(line.key, line.value))
    found: dict[str, list[str]] = {}
    for (living, key), ids in sorted(borne.items()):
        if any(one.isdisjoint(other) for one, other in combinations(ids.values(), 2)):
            values = sorted(set().union(*ids.values()))
            found.setdefault(living, []).append(f"`{key}` {' and '.join(shown(value, 60) for value in values)}")
    return {living: tuple(words) for living, words in found.items()}


def _shared_keys(
    owners: dict[tuple[str, str], set[str]], first_line: dict[tuple[str, str], int], path: str
) -> list[Problem]:
    problems = []
    for (key, value), ids in owners.items():
        if len(ids) > 1 and is_strong(key):
            first, second, *_ = sorted(ids)
            problems.append(
                Problem(
                    path,
                    first_line[key, value],
                    f"`{key}` `{ascii(value)[1:-1]}` belongs to {len(ids)} assets: {', '.join(sorted(ids))}",
                    f"one asset: `plantproof asset merge {first} {second}`; else remove the wrong line",
                )
            )
    return problems


def _each_of_one_asset(borne: Borne, canonical: Mapping[str, str]) -> bool:
    """Whether no strong key belongs to two assets: all that has to be known where nobody asks who bears a key."""
    for key, (ids, values) in borne.items():
        if is_strong(key) and len(set(values)) != len(values):
            owner: dict[str, str] = {}
            for asset, value in zip(ids, values, strict=True):
                if owner.setdefault(value, canonical[asset]) != canonical[asset]:
                    return False
    return True


def _owners(
    lines: list[tuple[int, IdentityLine]], canonical: dict[str, str]
) -> tuple[dict[tuple[str, str], set[str]], dict[tuple[str, str], int]]:
    owners: dict[tuple[str, str], set[str]] = {}
    first: dict[tuple[str, str], int] = {}
    for number, line in lines:
        if line.id:
            place = (line.key, normal(line.key, line.value))
            ids = owners.get(place)
            if ids is None:
                owners[place] = {canonical[line.id]}
            else:
                ids.add(canonical[line.id])
            first[place] = number
    return owners, first


def _root(parent: dict[str, str], asset: str) -> str:
    while parent[asset] != asset:
        parent[asset] = parent[parent[asset]]
        asset = parent[asset]
    return asset
