"""Hand-made policies and plants: just what one test is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec
from tests.support.subjects import SITE

from plantproof.model.observation import Observations
from plantproof.model.plant import Column, Plant, Table, Uncovered
from plantproof.model.vocabulary import Method, Outcome
from plantproof.policies.bundle import load_bundle
from plantproof.policies.evaluate import evaluate
from plantproof.policies.protocol import Engine

ON = "2025-06-30"

HEAD = """# METADATA
# title: A policy of a test
# description: It judges what the test shows it.
# custom:
#   subject: {subject}
#   severity: high
#   remediation:
#     action: Do it.
#     window: Now.
#     interim: Wait.
"""


def policy_source(body: str, declares: str = "", *, subject: str = "asset", name: str = "sample") -> str:
    """A whole policy file: `declares` is YAML under `custom:`, `body` the Rego below the package."""
    lines = [f"#   {line}" for line in declares.strip("\n").split("\n") if line.strip()]
    block = HEAD.format(subject=subject) + "".join(f"{line}\n" for line in lines)
    return f"{block}package policies.test.{name}\n\nimport rego.v1\n\n{body}"


def path_of(name: str = "sample") -> str:
    return f"policies/test/{name}/{name}.rego"


class DictProject:
    """A project that is a dict of path to text."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self.files = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}

    def list(self, under: str = "") -> list[str]:
        return [path for path in self.files if path.startswith(under)]

    def read(self, path: str) -> bytes:
        return self.files[path]

    def origin(self, path: str) -> Literal["content", "project", "override"]:
        return "project"


def column(values: Sequence[Any], **given: Any) -> Column:
    """A column from plain values; None is unknown. `disputed` maps a row to all its claims, `stale` lists rows."""
    methods = given.get("methods") or [Method.CONFIG if value is not None else 255 for value in values]
    return Column(
        values=[None if value is None else msgspec.json.encode(value) for value in values],
        methods=bytearray(methods),
        disputed={
            row: tuple(msgspec.json.encode(claim) for claim in claims)
            for row, claims in given.get("disputed", {}).items()
        },
        stale=set(given.get("stale", ())),
    )


def table(kind: str, size: int, columns: Mapping[str, Column] | None = None, **given: Any) -> Table:
    """A table with ids `<kind>-0`, ..., of which no row says where it comes from unless `origins` are given.
    `asset_rows` defaults to the own row for assets, to row 0 for the rest."""
    ids = given.get("ids") or [f"{kind}-{row}" for row in range(size)]
    return Table(
        kind=kind,
        ids=ids,
        rows={name: row for row, name in enumerate(ids)},
        columns=dict(columns or {}),
        fresh=bytearray(given.get("fresh", [1] * size)),
        zones=given.get("zones", [("cell",)] * size),
        conduits=given.get("conduits", [()] * size),
        asset_rows=given.get("asset_rows", list(range(size)) if kind == "asset" else [0] * size),
        origins=given.get("origins", [()] * size),
    )


def plant_of(*tables: Table, covered: Mapping[str, Sequence[int]] | None = None, **given: Any) -> Plant:
    by_kind = {one.kind: one for one in tables}
    by_kind.setdefault("asset", table("asset", 1))
    return Plant(
        site=SITE,
        date=ON,
        tables=by_kind,
        uncovered=given.get("uncovered", {}),
        covered_assets={kind: bytearray(flags) for kind, flags in (covered or {}).items()},
        context=given.get("context", {"zone": b'[{"id":"cell"}]', "conduit": b"[]"}),
        names={},
        placement={},
        sources=(),
        attestations=(),
        lapses=(),
    )


def observe(
    engine: Engine,
    source: str,
    plant: Plant,
    parameters: dict[str, Any] | None = None,
    libraries: Mapping[str, str] | None = None,
) -> Observations:
    """What one policy finds on a plant."""
    bundle = load_bundle(DictProject({path_of(): source, **(libraries or {})}))
    return evaluate(bundle, [("test/sample", parameters or {})], plant, engine, ON)[0]


def words(observations: Observations) -> list[str]:
    """The outcomes in words, with the reason behind it where there is one."""
    result = []
    for row, code in enumerate(observations.outcomes):
        reason = observations.reasons.get(row, ("", ""))[0]
        result.append(Outcome(code).word + (f": {reason}" if reason else ""))
    return result


def uncovered_asset(name: str) -> Uncovered:
    return Uncovered(name, "asset", ("cell",), "not-covered", "nobody says")
