"""The memo: right keys, no errors in it, damage is a miss, and never another verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.policy_world import ON, DictProject, column, path_of, plant_of, policy_source, table

from plantproof.cache import Cache
from plantproof.errors import InputError
from plantproof.model.policy import Bundle
from plantproof.policies.bundle import load_bundle
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.evaluate import evaluate
from plantproof.policies.memo import KIND, SAMPLE, SAMPLE_OF_ONE, Remembering, about, table_key
from plantproof.policies.protocol import Request, Verdict

SOURCE = policy_source(
    'applicable if input.firmware != "none"\n\nviolations contains v if {\n'
    '\tsemver.compare(input.firmware, data.params.least) < 0\n\tv := {"message": "old", "seen": input.firmware}\n}\n',
    'reads: {firmware: required}\nparameters: {least: {description: a, default: "2.0.0"}}',
)
WORDS = ["1.0.0", "3.0.0", "none", "n/a", None]
PLANT = plant_of(table("asset", 5, {"firmware": column(WORDS)}))


class Counting:
    """An engine that counts the inputs that reach it."""

    def __init__(self, engine: EmbeddedEngine) -> None:
        self._engine = engine
        self.asked = 0

    @property
    def name(self) -> str:
        return self._engine.name

    @property
    def version(self) -> str:
        return self._engine.version

    def evaluate(self, requests: Iterable[Request]) -> Iterator[list[Verdict]]:
        def counted() -> Iterator[Request]:
            for request in requests:
                self.asked += len(request.inputs)
                yield request

        return self._engine.evaluate(counted())

    def close(self) -> None:
        """The fixture closes the engine."""


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_bundle(DictProject({path_of(): SOURCE}))


def tables(cache: Path) -> list[Path]:
    return sorted((cache / KIND).rglob("*.entry")) if (cache / KIND).is_dir() else sorted(cache.rglob("*.entry"))


def test_second_run_asks_only_for_what_failed(engine: EmbeddedEngine, bundle: Bundle, tmp_path: Path) -> None:
    plain = evaluate(bundle, [("test/sample", {})], PLANT, engine, ON)
    counting = Counting(engine)
    memo = Remembering(counting, Cache(tmp_path / "cache"))
    first = evaluate(bundle, [("test/sample", {})], PLANT, memo, ON)
    assert counting.asked == 4
    second = evaluate(bundle, [("test/sample", {})], PLANT, memo, ON)
    assert plain == first == second
    assert counting.asked == 4 + 1 + SAMPLE_OF_ONE  # the builtin error is not remembered, and some are doubted


def test_parameters_and_code_are_in_the_key(engine: EmbeddedEngine, bundle: Bundle, tmp_path: Path) -> None:
    memo = Remembering(engine, Cache(tmp_path / "cache"))
    evaluate(bundle, [("test/sample", {})], PLANT, memo, ON)
    evaluate(bundle, [("test/sample", {"least": "4.0.0"})], PLANT, memo, ON)
    changed = load_bundle(DictProject({path_of(): SOURCE + "\n# note\n"}))
    evaluate(changed, [("test/sample", {})], PLANT, memo, ON)
    assert len(tables(tmp_path / "cache")) == 3


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"a":[1]}', b"\xff"])
def test_damage_is_a_miss(engine: EmbeddedEngine, bundle: Bundle, tmp_path: Path, damage: bytes) -> None:
    memo = Remembering(engine, Cache(tmp_path / "cache"))
    first = evaluate(bundle, [("test/sample", {})], PLANT, memo, ON)
    for path in tables(tmp_path / "cache"):
        path.write_bytes(damage)
    assert evaluate(bundle, [("test/sample", {})], PLANT, memo, ON) == first


@settings(max_examples=25)
@given(plants=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), min_size=1, max_size=4))
def test_cache_equals_no_cache(
    plants: list[list[str | None]],
    engine: EmbeddedEngine,
    bundle: Bundle,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Whatever was judged before, and in whatever order: the memo changes no observation."""
    memo = Remembering(engine, Cache(tmp_path_factory.mktemp("memo") / "cache"))
    for words in plants:
        plant = plant_of(table("asset", len(words), {"firmware": column(words)}))
        plain = evaluate(bundle, [("test/sample", {})], plant, engine, ON)
        assert evaluate(bundle, [("test/sample", {})], plant, memo, ON) == plain


def test_no_more_than_the_sample_is_asked_again(engine: EmbeddedEngine, bundle: Bundle, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    bindings = [("test/sample", {"least": f"{number}.0.0"}) for number in range(SAMPLE)]
    evaluate(bundle, bindings, PLANT, Remembering(engine, cache), ON)
    counting = Counting(engine)
    evaluate(bundle, bindings, PLANT, Remembering(counting, cache), ON)
    assert counting.asked == SAMPLE + SAMPLE  # one error of each binding, and the sample


def test_a_forged_verdict_is_refused_loudly(engine: EmbeddedEngine, bundle: Bundle, tmp_path: Path) -> None:
    """Whoever can write to the cache can write what the digest confirms: only evaluation tells."""
    cache = Cache(tmp_path / "cache")
    evaluate(bundle, [("test/sample", {})], PLANT, Remembering(engine, cache), ON)
    key = _only_key(bundle, engine)
    forged: dict[str, list[str]] = {each: [] for each in msgspec.json.decode(cache.get(KIND, key) or b"")}
    cache.put(KIND, key, msgspec.json.encode(forged))
    with pytest.raises(InputError, match="a verdict that evaluation does not give"):
        evaluate(bundle, [("test/sample", {})], PLANT, Remembering(engine, cache), ON)


def _only_key(bundle: Bundle, engine: EmbeddedEngine) -> str:
    keys: list[str] = []

    class Noting(Counting):
        def evaluate(self, requests: Iterable[Request]) -> Iterator[list[Verdict]]:
            def noted() -> Iterator[Request]:
                for request in requests:
                    keys.append(table_key(request, engine))
                    yield request

            return super().evaluate(noted())

    evaluate(bundle, [("test/sample", {})], PLANT, Noting(engine), ON)
    return keys[0]


def test_each_site_has_tables_of_its_own(engine: EmbeddedEngine, bundle: Bundle, tmp_path: Path) -> None:
    counting = Counting(engine)
    memo = Remembering(counting, Cache(tmp_path / "cache"))
    for site in ("north", "south"):
        evaluate(bundle, [("test/sample", {})], PLANT, about(memo, site), ON)
    assert counting.asked == 4 + 4
    assert about(engine, "north") is engine
