"""Both engines, side by side: a real OPA server on the loopback gives the same observations as the embedded engine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from tests.support.negations import ALIKE, LOST, negating
from tests.support.opa import find_opa, opa_server
from tests.support.policy_world import DictProject, column, path_of, plant_of, policy_source, table, words
from tests.support.subjects import ON, generated_plant

from plantproof.evidence.ledger import read_claims
from plantproof.git import DirTree
from plantproof.mappers.bindings import bindings_of
from plantproof.model.observation import Observations
from plantproof.model.policy import Bundle
from plantproof.pipeline import load_judge
from plantproof.plant.build import build_plant
from plantproof.policies.bundle import load_bundle
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.evaluate import evaluate
from plantproof.policies.needs import needs_of
from plantproof.policies.opa_server import OpaServerEngine
from plantproof.project import open_project

pytestmark = pytest.mark.opa
ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted(
    "/".join(path.parts[-3:-1]) for path in (ROOT / "policies").glob("*/*/*.rego") if not path.stem.endswith("_test")
)


class Folder:
    """The repository's own policies."""

    def list(self, under: str = "") -> list[str]:
        paths = (ROOT / under).rglob("*") if under else ROOT.rglob("*.rego")
        return sorted(path.relative_to(ROOT).as_posix() for path in paths if path.is_file())

    def read(self, path: str) -> bytes:
        return (ROOT / path).read_bytes()

    def origin(self, path: str) -> Literal["content", "project", "override"]:
        return "content"


@pytest.fixture(scope="module")
def embedded() -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine() as engine:
        yield engine


@pytest.fixture(scope="module")
def opa() -> Iterator[OpaServerEngine]:
    with opa_server(find_opa()) as url:
        engine = OpaServerEngine(url)
        try:
            yield engine
        finally:
            engine.close()


@pytest.fixture(scope="module")
def shipped() -> Bundle:
    return load_bundle(Folder())


def comparable(found: Observations) -> tuple[object, ...]:
    """Everything but the wording of engine errors, which is each engine's own."""
    reasons = {
        row: (reason, "" if reason == "engine-error" else detail) for row, (reason, detail) in found.reasons.items()
    }
    return (
        found.parameters,
        found.outcomes,
        found.methods,
        reasons,
        found.violations,
        found.uncovered,
        found.evaluated,
    )


def test_server_tells_its_version(opa: OpaServerEngine) -> None:
    assert opa.version.split(".")[0].isdigit()


@pytest.mark.parametrize("policy", SHIPPED)
def test_same_observations_on_1000_generated_subjects(
    policy: str, shipped: Bundle, embedded: EmbeddedEngine, opa: OpaServerEngine
) -> None:
    plant = generated_plant(shipped, shipped.policies[policy], 1000, seed=len(policy))
    one = evaluate(shipped, [(policy, {})], plant, embedded, ON)[0]
    other = evaluate(shipped, [(policy, {})], plant, opa, ON)[0]
    assert comparable(one) == comparable(other)
    assert one.evaluated


FIRMWARE = 'reads: {firmware: required}\nparameters: {least: {description: a, default: "2.0.0"}}'
OWN = {
    "builtin_error": 'violations contains v if {\n\tsemver.compare(input.firmware, "2.0.0") < 0\n'
    '\tv := {"message": "m"}\n}\n',
    "applicable": 'applicable if input.firmware != "x"\n\nviolations contains v if {\n'
    '\tinput.firmware != "1.0.0"\n\tv := {"message": "m", "seen": input.firmware}\n}\n',
    "applies_in_words": "applicable := input.firmware\n\nviolations := set()\n",
    "applies_in_a_set": 'applicable contains input.firmware if input.firmware != "x"\n\nviolations := set()\n',
    "applies_by_default": 'default applicable := false\n\napplicable if input.firmware != "x"\n\nviolations := set()\n',
    "undefined": 'violations := set() if input.firmware == "1.0.0"\n',
    "no_set": "violations := input.firmware\n",
    "conflict": 'violations := set() if input.firmware\n\nviolations := {1} if input.firmware != "1.0.0"\n',
    "bad_violation": 'violations contains v if {\n\tinput.firmware != "1.0.0"\n\tv := {"field": "m"}\n}\n',
    "numbers": "violations contains v if {\n\tsome n in [1, 1.0, 2.5, 10000000000, 0.1, -3]\n"
    '\tinput.firmware\n\tv := {"message": sprintf("%v %s", [n, input.firmware]), "seen": n}\n}\n',
    "order": 'violations contains v if {\n\tsome n in ["b", "a", "ä", "Z", input.firmware]\n'
    '\tv := {"message": n, "seen": {n, "c"}, "expected": {"z": 1, "a": [n]}}\n}\n',
    "parameters": "violations contains v if {\n\tinput.firmware < data.params.least\n"
    '\tv := {"message": "m", "expected": data.params.least}\n}\n',
}


GONE_WRONG = (
    "applies_in_a_set",
    "applies_in_words",
    "bad_violation",
    "builtin_error",
    "conflict",
    "no_set",
    "undefined",
)


@pytest.mark.parametrize("name", sorted(OWN))
def test_same_observations_where_policies_go_wrong(name: str, embedded: EmbeddedEngine, opa: OpaServerEngine) -> None:
    declares = FIRMWARE if name == "parameters" else FIRMWARE.split("\n")[0]
    bundle = load_bundle(DictProject({path_of(): policy_source(OWN[name], declares)}))
    values = ["1.0.0", "3.0.0", "x", "n/a", 'q"\n\x01ä\u2028\U0001f600', "", "1.0.0"]
    plant = plant_of(table("asset", len(values), {"firmware": column(values)}))
    one = evaluate(bundle, [("test/sample", {})], plant, embedded, ON)[0]
    other = evaluate(bundle, [("test/sample", {})], plant, opa, ON)[0]
    assert comparable(one) == comparable(other)
    assert any("engine-error" in word for word in words(one)) == (name in GONE_WRONG)


def test_what_the_server_held_before_stays_and_does_not_matter(
    embedded: EmbeddedEngine, shipped: Bundle, tmp_path: Path
) -> None:
    other = tmp_path / "held.rego"
    other.write_text('package policies.zones.asset_placed\n\nviolations contains {"message": "not ours"}\n', "utf-8")
    plant = generated_plant(shipped, shipped.policies["zones/asset_placed"], 50)
    with opa_server(find_opa(), os.fspath(other)) as url:
        engine = OpaServerEngine(url)
        found = evaluate(shipped, [("zones/asset_placed", {})], plant, engine, ON)[0]
        engine.close()
        second = OpaServerEngine(url)
        assert len(second._session.get_policies_list()) == 1
        second.close()
    assert comparable(found) == comparable(evaluate(shipped, [("zones/asset_placed", {})], plant, embedded, ON)[0])


def test_same_observations_on_the_reference_plant(embedded: EmbeddedEngine, opa: OpaServerEngine) -> None:
    project = open_project(DirTree(ROOT))
    judge = load_judge(project)
    assert judge.intent.sites
    for site in sorted(judge.intent.sites):
        claims = read_claims(project.tree, site)
        on = max(source.custody.collected_at for source in claims.sources)[:10]
        plant = build_plant(claims, judge.intent.sites[site], project.file, needs_of(judge.bundle), on)
        bindings = bindings_of(judge.mappings, judge.intent, judge.bundle)
        bindings += [(policy, {}) for policy in sorted(judge.bundle.policies)]
        one = evaluate(judge.bundle, bindings, plant, embedded, on)
        other = evaluate(judge.bundle, bindings, plant, opa, on)
        assert {found.policy for found in one} == set(judge.bundle.policies)
        assert [comparable(found) for found in one] == [comparable(found) for found in other]
        assert not any("error" in word for found in one for word in words(found))


@pytest.mark.parametrize("condition", [*ALIKE, *LOST])
def test_not_over_what_is_not_known(embedded: EmbeddedEngine, opa: OpaServerEngine, condition: str) -> None:
    """The lint names the conditions of which OPA loses the violation; all others say the same in both engines."""
    bundle = load_bundle(DictProject({path_of(): negating(condition)}))
    plant = plant_of(table("asset", 1, {"firmware": column(["1.0"]), "parent": column(["asset-0"])}))
    found = [words(evaluate(bundle, [("test/sample", {})], plant, engine, ON)[0]) for engine in (embedded, opa)]
    assert found == [["fail"], ["pass"] if condition in LOST else ["fail"]]
