"""The configuration of a device as facts with digests: equal for equal configurations, whenever and however collected.

What moves by itself has no part in it: neither sightings, nor lines, nor the method, nor the ids that assets and
records have with us. A fact is one setting, rule, interface or account, or one property of the device itself. The place
of a rule is no property of the rule: what holds is the order of all, a fact of its own, so that one new rule at the top
is one new rule and not a change of each below it.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from plantproof.errors import InputError, Problem
from plantproof.model.approved import digest_of
from plantproof.model.evidence import Source
from plantproof.model.vocabulary import Method

MOVES_BY_ITSELF = frozenset({"id", "asset", "method", "last_logon", "locked_out"})
"""Fields that change without anybody configuring anything, and those that say where and how a fact was found."""

OF_CONFIGURATIONS = frozenset({"config", "proposed"})
"""Only what was read from a configuration can be compared with one; a sensor's guess at the firmware cannot."""

MOST_NAMED = 12
"""So many differences are named one by one; of more it gives the number."""

_PROPERTIES = {"ips": "addresses", "macs": "hardware addresses", "os": "operating system", "order_code": "order code"}
"""Properties of a device whose field is no word of people."""

_TOKEN = re.compile(r"<redacted(?::[A-Za-z0-9._-]{1,32}:[0-9a-f]{16})>", re.ASCII)
_ENCODER = msgspec.json.Encoder(order="sorted")


class _Owner(msgspec.Struct, gc=False):
    id: str
    asset: str = ""
    method: str = ""


_OWNER = msgspec.json.Decoder(_Owner)


class Fact(NamedTuple):
    """The digest of one fact, the one without the tokens of secrets ("" where it holds none), and where it lies."""

    digest: str
    redacted: str
    path: str
    line: int


class Configuration(NamedTuple):
    """What one source says of one device. `method` is the weakest of its facts, `kinds` the kinds they are of.

    `proposed`: none of it is on the device yet. A device that only has some facts so marked is judged as it is.
    """

    source: str
    format: str
    key_id: str
    facts: dict[str, Fact]
    method: int
    kinds: frozenset[str]
    proposed: bool

    @property
    def digest(self) -> str:
        """Of all its facts."""
        return digest_of({name: fact.digest for name, fact in self.facts.items()})


def configurations(
    source: Source, wanted: Collection[str] | None, canonical: Mapping[str, str]
) -> dict[str, Configuration]:
    """Asset id -> its configuration as the source has it, for the assets of `wanted` (living ids; None: for all).

    `canonical` maps an id that an asset had to the living one. Raises InputError for lines that are no records.
    """
    found: dict[str, list[tuple[str, dict[str, Any], str, int]]] = defaultdict(list)
    problems: list[Problem] = []
    for kind in sorted(source.records):
        for path, data in source.records[kind]:
            for number, line in enumerate(data.split(b"\n"), 1):
                if not line.strip():
                    continue
                try:
                    owner = _OWNER.decode(line)
                    given = owner.id if kind == "asset" else owner.asset
                    asset = canonical.get(given, given)
                    if owner.method in OF_CONFIGURATIONS and given and (wanted is None or asset in wanted):
                        found[asset].append((kind, msgspec.json.decode(line), path, number))
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    problems.append(Problem(path, number, f"not a record: {error}", "collect the source again"))
    if problems:
        raise InputError(*problems)
    return {asset: _configuration(source, records) for asset, records in sorted(found.items())}


def differing(facts: Mapping[str, str], redacted: Mapping[str, str], key_id: str, seen: Configuration) -> list[str]:
    """The names of the facts in which a configuration differs from the digests on record, sorted.

    A fact with the token of a secret is compared by its token where both were redacted under one key, else without it:
    a rotated key changes every token and no device, and a proposal may be judged where no key is.
    """
    names = facts.keys() ^ seen.facts.keys()
    for name in facts.keys() & seen.facts.keys():
        fact = seen.facts[name]
        without = (redacted.get(name, facts[name]), fact.redacted or fact.digest)
        if fact.digest != facts[name] and (seen.key_id == key_id or without[0] != without[1]):
            names.add(name)
    return sorted(names)


def in_words(names: Iterable[str], before: Collection[str], after: Collection[str]) -> list[str]:
    """Differences as a reader wants them, at most `MOST_NAMED` and one line for the rest: rules and settings first."""
    names = set(names)
    moved = {name for name in names if name.startswith("order ")}
    rules = {name for name in names if name.startswith("firewall_rule ") and not (name in before and name in after)}
    if rules:
        names -= moved  # where rules came or went, the list is another one anyway
    words = [_word(name, before, after) for name in sorted(names, key=_rank)]
    if len(words) > MOST_NAMED:
        words = [*words[: MOST_NAMED - 1], f"and {len(words) - MOST_NAMED + 1} more"]
    return words


def _word(name: str, before: Collection[str], after: Collection[str]) -> str:
    kind, _, rest = name.partition(" ")
    what = {
        "firewall_rule": f"rule `{rest}`",
        "order": f"the order of the {rest}",
        "device": f"its {_PROPERTIES.get(rest, rest)}",
    }.get(kind, f"{kind} `{rest}`")
    how = "changed" if name in before and name in after else "added" if name in after else "removed"
    return f"{what} {how}"


def _rank(name: str) -> tuple[int, str]:
    kind = name.partition(" ")[0]
    order = ("firewall_rule", "order", "setting", "account", "interface", "device")
    return (order.index(kind) if kind in order else len(order), name)


def _configuration(source: Source, records: list[tuple[str, dict[str, Any], str, int]]) -> Configuration:
    facts: dict[str, Fact] = {}
    lists: dict[str, list[tuple[float, str]]] = defaultdict(list)
    places: dict[str, tuple[str, int]] = {}
    for kind, record, path, line in sorted(records, key=lambda each: (each[0], str(each[1]["id"]))):
        for own, value in _facts(kind, record):
            # Two assets that were found to be one bring one name twice: both are facts.
            name = own if own not in facts else f"{own} ({record['id']})"
            facts[name] = _fact(name, value, path, line)
        if kind == "firewall_rule" and "order" in record:
            of = f"order rules{_in_list(record)}"
            lists[of].append((record["order"], _own_name(kind, record)))
            places.setdefault(of, (path, line))
    for of, rules in lists.items():
        facts[of] = _fact(of, [name for _, name in sorted(rules)], *places[of])
    methods = [int(Method[str(record["method"]).upper()]) for _, record, _, _ in records]
    proposed = min(methods) >= Method.PROPOSED
    kinds = frozenset(kind for kind, _, _, _ in records)
    return Configuration(
        source.name, source.custody.format, source.custody.key_id, facts, max(methods), kinds, proposed
    )


def _facts(kind: str, record: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    own = {field: value for field, value in record.items() if field not in MOVES_BY_ITSELF}
    if kind == "asset":
        yield from ((f"device {field}", value) for field, value in own.items())
        return
    if kind == "firewall_rule":
        own.pop("order", None)
    yield f"{kind} {_own_name(kind, record)}", own


def _own_name(kind: str, record: dict[str, Any]) -> str:
    """The id of a record within its device."""
    return str(record["id"]).removeprefix(f"{record.get('asset', '')}/")


def _in_list(record: dict[str, Any]) -> str:
    return f" in {record['rule_list']}" if record.get("rule_list") else ""


def _fact(name: str, value: Any, path: str, line: int) -> Fact:
    text = _ENCODER.encode(value).decode()
    without = _TOKEN.sub("<redacted>", text)
    return Fact(_short(name, text), _short(name, without) if without != text else "", path, line)


def _short(name: str, text: str) -> str:
    return hashlib.sha256(f"{name}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
