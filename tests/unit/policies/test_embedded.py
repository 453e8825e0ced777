"""A policy that loops, recurses, exhausts memory, dies or answers nonsense costs itself an error, and nothing else."""

from __future__ import annotations

import os
import signal
import threading

import pytest
from tests.support.policy_world import (
    ON,
    DictProject,
    column,
    observe,
    path_of,
    plant_of,
    policy_source,
    table,
    words,
)

from plantproof.model.plant import Plant
from plantproof.model.vocabulary import Outcome, Reason
from plantproof.policies.bundle import load_bundle
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.evaluate import evaluate
from plantproof.policies.protocol import Limits
from plantproof.policies.worker import WorkerFailed

READS = "reads:\n  firmware: required"
GOOD = policy_source(
    'violations contains v if {\n\tinput.firmware == "1"\n\tv := {"message": "m"}\n}\n', READS, name="good"
)
LOOP = """violations contains v if {
	some x in numbers.range(1, 1000000)
	some y in numbers.range(1, 1000000)
	x * y < count(input.firmware) - 100
	v := {"message": "never"}
}
"""
MEMORY = """violations contains v if {
	rows := [sprintf("%v%v", [x, input.firmware]) | some x in numbers.range(1, 100000000)]
	v := {"message": rows[0]}
}
"""


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        (LOOP, "limit-exceeded", "policy test/sample: took longer than 1 s"),
        (MEMORY, "worker-died", "policy test/sample: the worker"),
    ],
)
def test_policy_that_never_ends_loses_only_itself(body: str, reason: str, detail: str) -> None:
    source = policy_source(body, READS)
    bundle = load_bundle(DictProject({path_of(): source, path_of("good"): GOOD}))
    plant = plant_of(table("asset", 3, {"firmware": column(["1", "2", None])}))
    limits = Limits(seconds=1 if reason == "limit-exceeded" else 60, memory_mb=256)
    with EmbeddedEngine(limits) as engine:
        bindings = [("test/good", {}), ("test/sample", {})]
        good, bad = evaluate(bundle, bindings, plant, engine, ON)
        again = evaluate(bundle, bindings[:1], plant, engine, ON)[0]
    assert words(good) == words(again) == ["fail", "pass", "no-evidence: missing-field"]
    assert words(bad) == [f"error: {reason}"] * 2 + ["no-evidence: missing-field"]
    assert bad.reasons[0][1].startswith(detail)


@pytest.mark.parametrize("value", ['"yes"', '"no"', "0", "1", "null", "[]", "[true]", '{"a": 1}'])
def test_what_applies_neither_truly_nor_falsely_is_no_answer(value: str) -> None:
    body = f'applicable := {value} if input.firmware != "1"\n\napplicable := false if input.firmware == "1"\n\n'
    bundle = load_bundle(DictProject({path_of(): policy_source(f"{body}violations := set()\n", READS)}))
    plant = plant_of(table("asset", 2, {"firmware": column(["1", "2"])}))
    with EmbeddedEngine() as engine:
        found = evaluate(bundle, [("test/sample", {})], plant, engine, ON)[0]
    assert words(found) == ["not-applicable", "error: engine-error"]
    assert found.reasons[1][1].startswith("`applicable` is neither true nor false")


def plant_with(firmware: str) -> Plant:
    return plant_of(table("asset", 1, {"firmware": column([firmware])}))


def test_worker_killed_from_outside_is_replaced() -> None:
    bundle = load_bundle(DictProject({path_of("good"): GOOD}))
    with EmbeddedEngine() as engine:
        assert words(evaluate(bundle, [("test/good", {})], plant_with("2"), engine, ON)[0]) == ["pass"]
        worker = engine.workers._idle.get()
        engine.workers._idle.put(worker)
        assert worker is not None
        os.kill(worker.pid, signal.SIGTERM)
        worker._process.wait()
        found = evaluate(bundle, [("test/good", {})], plant_with("3"), engine, ON)[0]
        assert words(found) == ["error: worker-died"]
        assert words(evaluate(bundle, [("test/good", {})], plant_with("3"), engine, ON)[0]) == ["pass"]


def test_what_was_judged_once_is_not_asked_again_and_errors_are() -> None:
    bundle = load_bundle(DictProject({path_of("good"): GOOD}))
    with EmbeddedEngine() as engine:
        asked = []
        call = engine.workers.call
        engine.workers.call = lambda header, body=b"": asked.append(body) or call(header, body)
        for firmware in ("2", "2", "1"):
            evaluate(bundle, [("test/good", {})], plant_with(firmware), engine, ON)
        assert asked == [b'{"firmware":"2"}', b'{"firmware":"1"}']
        engine.workers.call = lambda header, body=b"": (_ for _ in ()).throw(WorkerFailed(Reason.CRASHED, "gone"))
        assert words(evaluate(bundle, [("test/good", {})], plant_with("7"), engine, ON)[0]) == ["error: worker-died"]
        engine.workers.call = call
        assert words(evaluate(bundle, [("test/good", {})], plant_with("7"), engine, ON)[0]) != ["error: worker-died"]


def test_an_engine_at_rest_has_neither_processes_nor_threads_and_judges_again() -> None:
    bundle = load_bundle(DictProject({path_of("good"): GOOD}))
    others = set(threading.enumerate())
    with EmbeddedEngine() as engine:
        engine.start()
        before = words(evaluate(bundle, [("test/good", {})], plant_with("1"), engine, ON)[0])
        engine.rest()
        assert {each.name for each in set(threading.enumerate()) - others} <= {"deadlines"}
        assert words(evaluate(bundle, [("test/good", {})], plant_with("1"), engine, ON)[0]) == before == ["fail"]
        assert words(evaluate(bundle, [("test/good", {})], plant_with("7"), engine, ON)[0]) == ["pass"]


def test_builtin_error_names_its_record_among_5000(engine: EmbeddedEngine) -> None:
    body = 'violations contains v if {\n\tsemver.compare(input.firmware, "2.0.0") < 0\n\tv := {"message": "old"}\n}\n'
    values = [f"3.0.{number}" for number in range(5000)]
    values[4321] = "n/a"
    found = observe(engine, policy_source(body, READS), plant_of(table("asset", 5000, {"firmware": column(values)})))
    assert found.outcomes.count(Outcome.PASS) == 4999
    assert found.reasons == {4321: ("engine-error", f"{path_of()}:18:22: invalid semver")}


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ('violations := true if input.firmware != ""\n', "error: engine-error"),
        ('violations := {"message": "m"} if input.firmware != ""\n', "error: engine-error"),
        ('violations contains v if {\n\tinput.firmware\n\tv := "m"\n}\n', "error: engine-error"),
        ('violations contains v if {\n\tinput.firmware\n\tv := {"field": "m"}\n}\n', "error: engine-error"),
        ('violations := [] if input.firmware == "never"\n', "error: engine-error"),
        ('violations := set() if input.firmware != ""\n', "pass"),
    ],
)
def test_what_is_no_set_of_violations_is_an_error(engine: EmbeddedEngine, body: str, outcome: str) -> None:
    plant = plant_of(table("asset", 1, {"firmware": column(["1"])}))
    assert words(observe(engine, policy_source(body, READS), plant)) == [outcome]


def test_policy_without_violations_is_an_error(engine: EmbeddedEngine) -> None:
    plant = plant_of(table("asset", 1, {"firmware": column(["1"])}))
    found = observe(engine, policy_source("other if input.firmware\n", READS), plant)
    assert words(found) == ["error: engine-error"]


def test_hostile_text_stays_text(engine: EmbeddedEngine) -> None:
    text = 'a"]}\n\x00\x1b[31m<script>\u2028\U0001f4a5'
    body = 'violations contains v if {\n\tinput.firmware\n\tv := {"message": "m", "seen": input.firmware}\n}\n'
    plant = plant_of(table("asset", 1, {"firmware": column([text])}))
    assert observe(engine, policy_source(body, READS), plant).violations[0][0].seen == text


def test_two_workers_give_the_same_as_one(engine: EmbeddedEngine) -> None:
    values = [str(number % 4001) for number in range(9000)]
    plant = plant_of(table("asset", 9000, {"firmware": column(values)}))
    bundle = load_bundle(DictProject({path_of("good"): GOOD}))
    with EmbeddedEngine(jobs=2) as pair:
        assert evaluate(bundle, [("test/good", {})], plant, pair, ON) == evaluate(
            bundle, [("test/good", {})], plant, engine, ON
        )
