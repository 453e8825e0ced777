"""The evidence of one synthetic site as collectors would have written it, and as it is after something changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from benchmarks.devices import Plan, assets_of
from plantproof.evidence.layout import kind_of, sha256, store
from plantproof.files import dump_yaml

COLLECTED = "2026-06-01T06:00:00Z"


class SourceKind(NamedTuple):
    """One source of every site: what looked, what it exports, and which fields of an asset it says."""

    method: str
    tool: str
    export: str
    fields: tuple[str, ...]


SOURCES: Mapping[str, SourceKind] = {
    "sensor": SourceKind(
        "passive",
        "passive sensor",
        "assets.json",
        ("names", "ips", "macs", "vendor", "model", "firmware", "role", "zone"),
    ),
    "inventory": SourceKind(
        "declared",
        "asset register",
        "assets.csv",
        ("names", "serial", "owner", "criticality", "lifecycle", "support_ends", "authorised", "purdue_level",
         "vendor", "parent"),
    ),
    "config": SourceKind(
        "config",
        "configuration backup",
        "devices.json",
        ("names", "serial", "order_code", "firmware", "os", "ips", "macs", "model"),
    ),
}  # fmt: skip


def record(source: SourceKind, asset: Mapping[str, Any]) -> bytes:
    """What a source says of an asset, as one line."""
    said = {"id": asset["id"], "method": source.method, **{field: asset[field] for field in source.fields}}
    return msgspec.json.encode(said, order="sorted")


def sighting(source: SourceKind, asset: Mapping[str, Any], number: int, day: str) -> bytes:
    """Where an asset stood in a source's export, and when it was seen."""
    said = {"id": asset["id"], "raw": source.export, "line": number + 2}
    if source.method == "passive":
        # Two devices are not seen at the same second.
        clock = f"T0{number % 6}:{number // 60 % 60:02}:{number % 60:02}Z"
        said |= {"first_seen": f"2025-1{number % 3}-0{number % 9 + 1}{clock}", "last_seen": day + clock}
    return msgspec.json.encode(said, order="sorted")


class _Identified(msgspec.Struct):
    id: str


class Stored:
    """The evidence of one site, kept so that a few changed records cost a few files."""

    def __init__(self, plan: Plan, number: int) -> None:
        self.site = f"site-{number:03}"
        self.assets = {asset["id"]: asset for asset in assets_of(plan, number)}
        self._files: dict[str, dict[str, bytes]] = {}
        self._entries: dict[str, dict[str, dict[str, Any]]] = {}
        """By source, the entry of each file in its custody."""
        self._where: dict[str, dict[str, str]] = {}
        """By source, the file that holds the record of each asset."""
        self._custodies: dict[str, bytes] = {}
        """By source, its custody as it is now."""
        for name, source in SOURCES.items():
            lines = {identifier: record(source, asset) for identifier, asset in self.assets.items()}
            self._keep(name, "records", lines)
            self._keep(name, "sightings", self._sightings(source, COLLECTED[:10]))
            decoder = msgspec.json.Decoder(_Identified)
            self._where[name] = {
                each.id: path
                for path, data in self._files[name].items()
                if path.startswith("records/")
                for each in decoder.decode_lines(data)
            }
            self._custody(name, COLLECTED)

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """All files, by path in the repository."""
        yield f"evidence/{self.site}/identities.jsonl", self._identities()
        for name in SOURCES:
            yield f"evidence/{self.site}/{name}/custody.yaml", self._custodies[name]
            yield from ((f"evidence/{self.site}/{name}/{path}", data) for path, data in self._files[name].items())

    def changed(self, assets: Iterable[Mapping[str, Any]], collected: str) -> Iterator[tuple[str, bytes, bytes]]:
        """The files that are different once these assets are as given, in each source that says it otherwise: of each
        its path, what it was and what it is."""
        given = {asset["id"]: dict(asset) for asset in assets}
        self.assets |= given
        for name, source in SOURCES.items():
            before: dict[str, bytes] = {}
            custody = self._custodies[name]
            for identifier in sorted(given):
                path = self._where[name][identifier]
                data = self._files[name][path]
                new = _with_line(data, identifier, record(source, given[identifier]))
                if new != data:
                    before.setdefault(path, data)
                    self._files[name][path] = new
            for path, data in before.items():
                self._put(name, path, self._files[name][path])
                yield f"evidence/{self.site}/{name}/{path}", data, self._files[name][path]
            if before:
                place, now = self._custody(name, collected)
                yield place, custody, now

    def seen_again(self, day: str) -> Iterator[tuple[str, bytes]]:
        """The files that are different once the passive sensor has looked again, on `day`, and nothing had changed."""
        for name, source in SOURCES.items():
            if source.method == "passive":
                yield from (
                    (f"evidence/{self.site}/{name}/{path}", data)
                    for path, data in self._keep(name, "sightings", self._sightings(source, day)).items()
                )
                yield self._custody(name, f"{day}T06:00:00Z")

    def _sightings(self, source: SourceKind, day: str) -> dict[str, bytes]:
        return {
            identifier: sighting(source, asset, number, day)
            for number, (identifier, asset) in enumerate(self.assets.items())
        }

    def _keep(self, name: str, folder: str, lines: Mapping[str, bytes]) -> dict[str, bytes]:
        stored = store(folder, "asset", lines)
        for path, data in stored.files.items():
            self._put(name, path, data)
        return stored.files

    def _put(self, name: str, path: str, data: bytes) -> None:
        self._files.setdefault(name, {})[path] = data
        entry = {"path": path, "kind": kind_of(path), "sha256": sha256(data), "rows": data.count(b"\n")}
        self._entries.setdefault(name, {})[path] = entry

    def _custody(self, name: str, collected: str) -> tuple[str, bytes]:
        source, entries = SOURCES[name], self._entries[name]
        export = f"{self.site}/{name}/{source.export}".encode()
        custody = {
            "schema": "plantproof/custody/1",
            "format": "csv",
            "tool": source.tool,
            "collected_by": {"name": "nobody", "kind": "bot"},
            "collected_at": collected,
            "covers": [{"kind": "asset"}],
            "vantage": {"sensor": f"{name} of {self.site}", "loss_percent": 0.0},
            # Exports of this size are kept outside of git; custody has their digest.
            "raw": [
                {
                    "path": f"raw/{source.export}",
                    "sha256": hashlib.sha256(export).hexdigest(),
                    "bytes": 900 * len(self.assets),
                    "rows": len(self.assets),
                    "imported": len(self.assets),
                    "external": True,
                }
            ],
            "records": [entry for path, entry in sorted(entries.items()) if path.startswith("records/")],
            "sightings": [entry for path, entry in sorted(entries.items()) if path.startswith("sightings/")],
        }
        self._custodies[name] = dump_yaml(custody)
        return f"evidence/{self.site}/{name}/custody.yaml", self._custodies[name]

    def _identities(self) -> bytes:
        lines = []
        for identifier, asset in self.assets.items():
            name = next(name for name in asset["names"] if name.startswith(f"{asset['role']}-"))
            keys = (("name", name.partition(".")[0]), ("serial", f"{asset['vendor']}/{asset['serial']}".lower()))
            for key, value in keys:
                lines.append(msgspec.json.encode({"id": identifier, "key": key, "value": value}, order="sorted"))
        return b"\n".join(sorted(lines)) + b"\n"


def _with_line(data: bytes, identifier: str, line: bytes) -> bytes:
    """The lines with that of one asset replaced."""
    found = data.index(b'"id":"%b"' % identifier.encode())
    start = data.rfind(b"\n", 0, found) + 1
    return data[:start] + line + data[data.index(b"\n", found) :]
