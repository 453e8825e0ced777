"""Evidence as it would be after another collection: records edited at random, with the custody that fits them."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from typing import Any

import msgspec

from plantproof.files import dump_yaml, load_yaml
from plantproof.model.evidence import Custody

Files = dict[str, bytes]


def collected_again(files: Mapping[str, bytes], site: str, chance: random.Random) -> Files:
    """A few records of one source of a site edited: fields that take the value of another record, fields that are not
    said any more, records that come and go. Sometimes the sightings follow, and the day of the collection; now and
    then a row is not understood."""
    root = f"evidence/{site}/"
    custodies = sorted(path for path in files if path.startswith(root) and path.endswith("/custody.yaml"))
    path = chance.choice(custodies)
    folder = path.removesuffix("custody.yaml")
    found = dict(files)
    records = [each for each in sorted(files) if each.startswith(f"{folder}records/")]
    chosen = chance.choice(records)
    for _ in range(chance.choice([1, 1, 2, 3])):
        found[chosen] = _edited(found[chosen], chance)
    if chance.random() < 0.3:
        for each in sorted(files):
            if each.startswith(f"{folder}sightings/"):
                found[each] = _moved(found[each], chance)
    found[path] = _custody(found, path, chance)
    return found


def _edited(data: bytes, chance: random.Random) -> bytes:
    lines = [msgspec.json.decode(line) for line in data.splitlines()]
    if not lines:
        return data
    one: dict[str, Any] = chance.choice(lines)
    what = chance.random()
    if what < 0.08 and len(lines) > 1:
        lines.remove(one)
    elif what < 0.16:
        lines.append({**one, "id": f"{one['id']}x"})
    else:
        fields = sorted(one.keys() - {"id", "method"})
        field = chance.choice(fields or ["owner"])
        others = [each[field] for each in lines if field in each and each[field] != one.get(field)]
        if others and what < 0.8:
            one[field] = chance.choice(others)
        else:
            one.pop(field, None)
    lines.sort(key=lambda each: str(each["id"]))
    return b"".join(msgspec.json.encode(line, order="sorted") + b"\n" for line in lines)


def _moved(data: bytes, chance: random.Random) -> bytes:
    """Sightings of a new export: another name of the raw file or later lines, seen a day later."""
    lines = [msgspec.json.decode(line) for line in data.splitlines()]
    further = chance.choice([0, 0, 3])
    for each in lines:
        if "line" in each:
            each["line"] += further
        if "last_seen" in each:
            each["last_seen"] = "2026-11-19"
    return b"".join(msgspec.json.encode(line, order="sorted") + b"\n" for line in lines)


def _custody(files: Mapping[str, bytes], path: str, chance: random.Random) -> bytes:
    what = chance.random()
    later: dict[str, Any] = {"collected_at": "2026-11-19T05:00:00Z"} if what < 0.4 else {}
    if what > 0.97:
        later["not_understood"] = [{"raw": "raw/x", "line": 1, "what": "a row that is new"}]
    return fitting(files, path, **later)[path]


def fitting(files: Mapping[str, bytes], path: str, **fields: Any) -> Files:
    """The files with the custody at `path` made to fit them, and `fields` of it changed."""
    custody = load_yaml(files[path], path, Custody)
    folder = path.removesuffix("custody.yaml")

    def fit(entry: Any) -> Any:
        data = files.get(folder + entry.path)
        if data is None:
            return entry
        rows = {} if entry in custody.raw else {"rows": data.count(b"\n")}
        return msgspec.structs.replace(entry, sha256=hashlib.sha256(data).hexdigest(), **rows)

    listed = {name: [fit(each) for each in getattr(custody, name)] for name in ("raw", "records", "sightings")}
    return {**files, path: dump_yaml(msgspec.structs.replace(custody, **{**listed, **fields}))}
