"""The memo: right keys, no errors in it, damage is a miss, and never another verdict."""

from __future__ import annotations

from tests.support.policy_world import ON, DictProject, column, path_of, plant_of, policy_source, table

from plantproof.policies.bundle import load_bundle
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.evaluate import evaluate

SOURCE = policy_source(
    'applicable if input.firmware != "none"\n\nviolations contains v if {\n'
    '\tsemver.compare(input.firmware, data.params.least) < 0\n\tv := {"message": "old", "seen": input.firmware}\n}\n',
    'reads: {firmware: required}\nparameters: {least: {description: a, default: "2.0.0"}}',
)
PLANT = plant_of(table("asset", 5, {"firmware": column(["1.0.0", "3.0.0", "none", "n/a", None])}))


class Store:
    def __init__(self) -> None:
        self.tables: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self.tables.get(key)

    def put(self, key: str, data: bytes) -> None:
        self.tables[key] = data


class Counting(EmbeddedEngine):
    """Counts the inputs that reach the engine."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def evaluate(self, requests):  # type: ignore[no-untyped-def]
        def counted():  # type: ignore[no-untyped-def]
            for request in requests:
                self.asked += len(request.inputs)
                yield request

        return super().evaluate(counted())


def test_second_run_asks_only_for_what_failed() -> None:
    bundle, store = load_bundle(DictProject({path_of(): SOURCE})), Store()
    with Counting() as engine:
        plain = evaluate(bundle, [("test/sample", {})], PLANT, engine, ON)
        first = evaluate(bundle, [("test/sample", {})], PLANT, engine, ON, store)
        engine.asked = 0
        second = evaluate(bundle, [("test/sample", {})], PLANT, engine, ON, store)
    assert plain == first == second
    assert engine.asked == 1  # the builtin error is not remembered


def test_parameters_and_code_are_in_the_key(engine: EmbeddedEngine) -> None:
    bundle, store = load_bundle(DictProject({path_of(): SOURCE})), Store()
    evaluate(bundle, [("test/sample", {})], PLANT, engine, ON, store)
    evaluate(bundle, [("test/sample", {"least": "4.0.0"})], PLANT, engine, ON, store)
    changed = load_bundle(DictProject({path_of(): SOURCE + "\n# note\n"}))
    evaluate(changed, [("test/sample", {})], PLANT, engine, ON, store)
    assert len(store.tables) == 3


def test_damage_is_a_miss(engine: EmbeddedEngine) -> None:
    bundle, store = load_bundle(DictProject({path_of(): SOURCE})), Store()
    first = evaluate(bundle, [("test/sample", {})], PLANT, engine, ON, store)
    for damage in (b"", b"[]", b'{"a":[1]}', b"\xff"):
        store.tables = dict.fromkeys(store.tables, damage)
        assert evaluate(bundle, [("test/sample", {})], PLANT, engine, ON, store) == first
