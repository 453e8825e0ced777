"""What a collection starts from: the source as it is stored, and the addresses that other sources report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import msgspec

from plantproof.errors import InputError, Problem, refuse
from plantproof.evidence import layout
from plantproof.evidence.assemble import Lines
from plantproof.evidence.collectors.protocol import Export
from plantproof.files import load_yaml
from plantproof.model.evidence import Custody


def custody_of(folder: str, existing: Mapping[str, bytes]) -> Custody:
    """The custody of a stored source. Raises `InputError` where there is none, or it is no custody."""
    path = f"{folder}/custody.yaml"
    if path not in existing:
        raise refuse("this source was never collected", "name the exported files, without `--again`", path=path)
    return load_yaml(existing[path], path, Custody)


def raw_exports(folder: str, existing: Mapping[str, bytes], custody: Custody) -> list[Export]:
    """The stored exports of a source, each proved by its hash. Raises `InputError` for those missing or edited."""
    exports, problems = [], []
    for raw in custody.raw:
        path = f"{folder}/{raw.path}"
        if path not in existing:
            hint = (
                "it is kept outside: collect from there"
                if raw.external
                else "restore it from git, or collect a new export"
            )
            problems.append(Problem(path, 0, "the stored export is missing", hint))
        elif layout.sha256(existing[path]) != raw.sha256:
            problems.append(
                Problem(path, 0, "the stored export was edited by hand", "restore it from git, or collect a new export")
            )
        else:
            exports.append(Export(raw.path.removeprefix("raw/"), existing[path]))
    if problems:
        raise InputError(*problems)
    return exports


def lines_of(folder: str, existing: Mapping[str, bytes]) -> Lines:
    """The stored records of a source, as they are: what cannot be read counts as changed, not as a mistake."""
    found: Lines = {}
    for path, data in existing.items():
        if path.startswith(f"{folder}/records/") and path.endswith(".jsonl"):
            kind = found.setdefault(layout.kind_of(path), {})
            for line in data.splitlines():
                kind[str(_builtin(line).get("id", line))] = line
    return found


def addresses_of_others(site: str, source: str, existing: Mapping[str, bytes]) -> dict[str, set[str]]:
    """MAC or IP -> the assets that the other sources of the site report with it."""
    owners: dict[str, set[str]] = defaultdict(set)
    root, own = layout.site_folder(site) + "/", layout.source_folder(site, source) + "/"
    for path, data in existing.items():
        if not path.startswith(root) or path.startswith(own) or "/records/" not in path:
            continue
        kind = layout.kind_of(path)
        if kind not in ("asset", "interface"):
            continue
        for line in data.splitlines():
            record = _builtin(line)
            asset = record.get("id" if kind == "asset" else "asset")
            named = [*(record.get("macs") or []), *(record.get("ips") or []), record.get("mac")]
            for address in named:
                if isinstance(address, str) and isinstance(asset, str):
                    owners[address.split("/")[0]].add(asset)
    return dict(owners)


def _builtin(line: bytes) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
