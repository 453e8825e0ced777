"""The batch form gives, byte for byte, the answers of one call a subject; what it does not know has none."""

from __future__ import annotations

import json
import random
from typing import Any

import msgspec
import pytest
import regorus
from benchmarks.policy_table import POLICIES, for_one_subject
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.policy_world import path_of, policy_source

from plantproof.model.policy import Policy
from plantproof.model.vocabulary import Reason
from plantproof.policies import contained
from plantproof.policies.batch import batch_form
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.metadata import read_metadata
from plantproof.policies.protocol import Request
from plantproof.policies.worker import WorkerFailed, Workers

SUBJECTS: list[dict[str, Any]] = [
    {},
    {"a": 1},
    {"a": 2, "b": "x"},
    {"a": 1, "l": [1, 1, 2], "b": "input.a"},
    {"a": False, "l": [], "n": None},
    {"l": [{"k": "x"}, {"k": "y", "input": 3}], "a": None},
    {"batch": [{"a": 1}], "a": 3, "d": {"e": {"f": 1}}},
    {"a": "1.0.0", "b": "2.0.0"},
    {"a": "n/a", "b": 'q"\n}\u2028ä\U0001f600'},
    {"a": 0.1, "l": [3, 2, 1], "s": 12345678901234567890},
    {"input": {"a": 1}, "subject": 1, "index": 0},
    {"a": 5},
    {"a": 6},
    {"a": 7},
    {"a": 8, "l": [0]},
]
MANY = SUBJECTS + [{"a": 100 + number} for number in range(600)]


def policy_of(body: str, *, head: str = "") -> Policy:
    source = policy_source(head + body)
    block = read_metadata(source, path_of()).block
    rules = ("applicable", "violations") if "applicable" in body else ("violations",)
    return Policy(
        id="test/sample",
        package="policies.test.sample",
        path=path_of(),
        line=1,
        title="",
        description="",
        metadata=block.custom,
        source=source,
        libraries=(),
        origin="project",
        rules=rules,
    )


def answers(policy: Policy, sources: dict[str, str], lines: list[bytes], form: Any) -> tuple[bytes, int]:
    """What the worker answers, and how many subjects the batch form let pass."""
    header = {
        "modules": [list(module) for module in sources.items()],
        "data": '{"params":{"least":3,"keys":["a"]},"context":{}}',
        "applicable": f"data.{policy.package}.applicable" if "applicable" in policy.rules else "",
        "violations": f"data.{policy.package}.violations",
        "batch": [policy.path, *form] if form else None,
    }
    loaded = contained.Policy(regorus, header)
    texts = [line.decode() for line in lines]
    sure = sum(len(loaded.passing(part)) for part in contained.batches(texts) if form)
    answer = contained.evaluate(loaded, header, b"\n".join(lines))
    if form:  # each alone, so that no error of another hides a pass that should not be
        alone = {number for number, text in enumerate(texts) if loaded.passing([text])}
        assert alone <= {number for number, code in enumerate(json.loads(answer)["codes"]) if code == "p"}
    return answer, sure


def encoded(subjects: list[dict[str, Any]]) -> list[bytes]:
    return [json.dumps(subject, ensure_ascii=False).replace("\u2028", "\\u2028").encode() for subject in subjects]


def same_both_ways(policy: Policy, workers: Workers, subjects: list[dict[str, Any]], **more: str) -> tuple[bool, int]:
    """Whether there is a batch form, and how many it let pass; the answers must be the same bytes."""
    sources = {policy.path: policy.source, **more}
    form = batch_form(policy, sources, workers)
    lines = encoded(subjects)
    plain, _ = answers(policy, sources, lines, None)
    batch, sure = answers(policy, sources, lines, form)
    assert batch == plain
    assert json.loads(plain)["codes"].count("p") >= sure
    return form is not None, sure


KNOWN = {
    "reads_directly": 'violations contains v if {\n\tinput.a == 1\n\tv := {"message": "m", "seen": input.a}\n}\n',
    "one_line": 'violations contains {"message": "m"} if input.a == 1\n',
    "string_at_the_end": 'violations contains "m" if input.b == "x"\n',
    "raw_string": "violations contains `m` if input.b == `x`\n",
    "says_input_in_text": 'violations contains v if {\n\t# input.a } is "input"\n\tinput.b == "input.a" # input\n'
    '\tv := {"message": "input"}\n}\n',
    "letters_of_two_bytes": 'violations contains v if {\n\tx := "äöü"\n\tinput.a != x; input.a\n'
    '\tv := {"message": sprintf("ä %v", [input.a])}\n}\n',
    "head_undefined": 'violations contains {"message": "m", "seen": input.b} if input.a\n',
    "comprehensions": "violations contains v if {\n\tx := [y | some y in input.l; y != input.a]\n"
    '\tcount({y | some y in x}) > 1\n\tv := {"message": "m", "seen": {k: input | some k, _ in input}}\n}\n',
    "every": 'violations contains v if {\n\tevery x in input.l { x == input.l[0] }\n\tv := {"message": "m"}\n}\n',
    "old_loop": 'violations contains v if {\n\tinput.l[i].k == "x"\n\tnot input.l[i].input\n'
    '\tv := {"message": "m"}\n}\n',
    "whole_document": 'violations contains v if {\n\tcount(input) > 2\n\t"a" in object.keys(input)\n'
    '\twalk(input, [path, 1])\n\tv := {"message": "m", "seen": path}\n}\n',
    "computed_field": 'violations contains v if {\n\tsome k in data.params.keys\n\tinput[k] < data.params["least"]\n'
    '\tv := {"message": k}\n}\n',
    "error_of_one": 'violations contains v if {\n\tsemver.compare(input.a, "2.0.0") < 0\n\tv := {"message": "m"}\n}\n',
    "two_definitions": 'violations contains v if {\n\tinput.a == 1\n\tv := "z"\n}\n\nviolations contains v if {\n'
    "\tsome x in input.l\n\tv := x\n}\n",
    "rule_used_twice": "level := input.a\n\ntwice := level * 2\n\n"
    "violations contains v if {\n\ttwice > 13\n\tlevel < 8\n"
    '\tv := {"message": "m", "seen": [level, twice]}\n}\n',
    "value_of_two_definitions": 'seen := input.b\n\nseen := "none" if not input.b\n\nviolations contains v if {\n'
    '\tseen != "none"\n\tv := {"message": seen}\n}\n',
    "conflict_of_some": "seen := input.a\n\nseen := 1 if input.b\n\nviolations contains seen if seen == 1\n",
    "conflict_within_a_body": "seen := x if {\n\tsome x in input.l\n}\n\nviolations contains seen if seen == 1\n",
    "error_beside_a_true_definition": 'fine if input.a\n\nfine if semver.compare(input.b, "1.0.0") > 0\n\n'
    'violations contains "m" if not fine\n',
    "error_never_asked_for": 'bad := semver.compare(input.b, "1.0.0")\n\nviolations contains "m" if {\n'
    "\tinput.a == 7\n\tbad == 1\n}\n",
    "partial_set": 'wide contains "l" if count(input.l) > 1\n\n'
    "wide contains k if {\n\tsome k, v in input\n\tv == 2\n}\n\n"
    'violations contains v if {\n\tcount(wide) > 0\n\tv := {"message": concat(",", sort(wide)), "seen": wide}\n}\n',
    "false_is_a_value": 'flag := input.a\n\nviolations contains "m" if not flag\n',
    "constants": 'words := {"x", "input"}\n\nknown(w) if w in words\n\nviolations contains "m" if {\n'
    "\tinput.b\n\tnot known(input.b)\n}\n",
    "constant_in_a_loop": 'words := ["x", "input"]\n\nviolations contains "m" if {\n\tsome x in input.l\n'
    "\tnot x.k in words\n}\n",
    "constant_set_in_pieces": 'words contains "x"\n\nwords contains "y" if data.params.least == 3\n\n'
    'violations contains "m" if not words[input.b]\n',
    "constant_indexed_by_a_loop": 'words := ["x", "y"]\n\nviolations contains words[i] if words[i] == input.b\n',
    "constant_that_is_undefined": 'limit := data.params.none\n\nviolations contains "m" if not input.a == limit\n',
    "constant_of_two_values": "limit := x if some x in data.params.keys\n\nlimit := 2\n\n"
    'violations contains "m" if input.a == limit\n',
    "constant_of_a_constant": "first := 1\n\nsecond := first + 1\n\nviolations contains second if input.a == second\n",
    "constant_of_a_local_name": 'word := "x"\n\nviolations contains "m" if {\n\tsome word in input.l\n'
    "\tword == input.a\n}\n\nviolations contains word if input.b == word\n",
    "constant_in_applicable": 'words := {"x", "2.0.0"}\n\napplicable if input.b in words\n\n'
    'violations contains "m" if input.a == 1\n',
    "constant_is_applicable": 'applicable if data.params.least == 3\n\nviolations contains "m" if input.a == 1\n',
    "reads_nothing": 'violations contains "m" if data.params.least > 3\n',
    "applicable": 'applicable if input.a != 5\n\nviolations contains "m" if input.a == 1\n',
    "applicable_is_no_boolean": 'applicable := input.a\n\nviolations contains "m" if input.b\n',
    "applicable_twice": 'applicable if input.a\n\napplicable if input.l\n\nviolations contains "m" if input.a == 1\n',
    "applicable_of_nothing": 'applicable if data.params.least == 4\n\nviolations contains "m" if input.a == 1\n',
    "names_of_the_form": "passing_batch0 := 1\n\nviolations contains subject_batch1 if subject_batch1 := input.a - 1\n",
    "braces": 'violations contains v if {{"a": 1}[k] == input[k]; v := "}"}\n',
    "tabs_and_returns": 'violations contains v if {\r\n\t\tinput.a == 1\r\n\tv := "m"\r\n}\r\n',
}
UNKNOWN = {
    "some_input": 'violations contains "m" if {\n\tsome input in [1, 2]\n\tinput == 1\n}\n',
    "input_bound": 'violations contains "m" if {\n\tinput := {"a": 1}\n\tinput.a == 1\n}\n',
    "every_input": 'violations contains "m" if every input in [1, 2] { input > 0 }\n',
    "argument_input": 'first(input) := input.a\n\nviolations contains "m" if first({"a": 1}) == 1\n',
    "with_input": 'same if input.a == 1\n\nviolations contains "m" if same with input as {"a": 1}\n',
    "with_data": 'violations contains "m" if input.a < data.params.least with data.params as {"least": 9}\n',
    "function_reads": 'above(n) if input.a > n\n\nviolations contains "m" if above(3)\n',
    "function_of_function": "one(n) if two(n)\n\ntwo(n) if level > n\n\nlevel := input.a\n\n"
    "violations contains 1 if one(3)\n",
    "default": 'default level := 1\n\nlevel := input.a\n\nviolations contains "m" if level == 1\n',
    "default_applicable": "default applicable := false\n\napplicable if input.a\n\n"
    'violations contains "m" if input.a == 1\n',
    "else": 'level := 1 if {\n\tinput.a == 1\n} else := 2\n\nviolations contains "m" if level == 2\n',
    "partial_object": 'levels[k] := v if some k, v in input\n\nviolations contains "m" if levels.a == 1\n',
    "dotted_rule": 'levels.a := input.a\n\nviolations contains "m" if levels.a == 1\n',
    "complete_violations": "violations := set() if input.a == 1\n",
    "undefined_violations": 'violations := {"m"} if input.a == "never"\n',
    "detour": 'level := input.a\n\nviolations contains "m" if data.policies.test.sample.level == 1\n',
    "whole_data": 'level := input.a\n\nviolations contains "m" if {\n\twalk(data, [path, 1])\n\t"level" in path\n}\n',
    "recursion": 'one if two\n\ntwo if one\n\ntwo if input.a\n\nviolations contains "m" if one\n',
    "no_violations": 'other contains "m" if input.a\n',
    "hidden_rule": "level := input.a\n\nviolations contains level if some level in [1, 2]\n",
    "applicable_set": 'applicable contains "m" if input.a\n\nviolations contains "m" if input.a == 1\n',
    "import_of_input": 'violations contains "m" if a == 1\n',
    "import_of_itself": 'level := input.a\n\nviolations contains "m" if sample.level == 1\n',
}
EITHER = {
    "body_that_is_a_set": 'violations contains "m" if {input.a, 2} == {1, 2}\n',
    "key_of_two_parts": "violations contains input.l | [2] if input.a\n",
    "new_line_in_a_head": 'violations contains\n\t"m" if\n\tinput.a == 1\n',
}
"""Their text is hard to cut; whether there is a form does not matter, the answers do."""

HEADS = {"import_of_input": "import input.a\n\n", "import_of_itself": "import data.policies.test.sample\n\n"}


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_same_bytes_where_there_is_a_batch_form(name: str, engine: EmbeddedEngine) -> None:
    has_form, _ = same_both_ways(policy_of(KNOWN[name]), engine.workers, SUBJECTS)
    assert has_form
    assert same_both_ways(policy_of(KNOWN[name]), engine.workers, MANY)[0]


@pytest.mark.parametrize("name", sorted(EITHER))
def test_same_bytes_where_the_text_is_hard_to_cut(name: str, engine: EmbeddedEngine) -> None:
    same_both_ways(policy_of(EITHER[name]), engine.workers, SUBJECTS)


@pytest.mark.parametrize("name", sorted(UNKNOWN))
def test_what_is_not_known_has_no_batch_form(name: str, engine: EmbeddedEngine) -> None:
    policy = policy_of(UNKNOWN[name], head=HEADS.get(name, ""))
    assert batch_form(policy, {policy.path: policy.source}, engine.workers) is None


@pytest.mark.parametrize(
    ("library", "known"),
    [
        ("above(x, n) if x > n\n", True),
        ("above(x, n) if {\n\tx > n\n\tinput.b\n}\n", False),
        ("above(x, n) if {\n\tx > n with data.params as 1\n}\n", False),
        ("above(x, n) if {\n\tx > n\n\tdata.policies.test.sample.level\n}\n", False),
        ("above(input, n) if input > n\n", False),
    ],
)
def test_library_that_reads_the_subject_leaves_the_plain_form(
    library: str, known: bool, engine: EmbeddedEngine
) -> None:
    body = 'level := input.a\n\nviolations contains "m" if numbers.above(input.a, 2)\n'
    policy = policy_of(body, head="import data.lib.numbers\n\n")
    more = {"policies/lib/numbers.rego": f"package lib.numbers\n\nimport rego.v1\n\n{library}"}
    assert same_both_ways(policy, engine.workers, MANY, **more)[0] == known


def test_most_subjects_pass_by_the_batch_form(engine: EmbeddedEngine) -> None:
    assert same_both_ways(policy_of(KNOWN["reads_directly"]), engine.workers, MANY) == (True, len(MANY) - 2)
    assert same_both_ways(policy_of(KNOWN["applicable"]), engine.workers, MANY) == (True, len(MANY) - 5)


def test_constant_is_looked_up_once_for_all_subjects(engine: EmbeddedEngine) -> None:
    def form_of(name: str) -> str:
        policy = policy_of(KNOWN[name])
        form = batch_form(policy, {policy.path: policy.source}, engine.workers)
        assert form
        return form.source

    assert "\twords_batch0 := words\n" in form_of("constant_in_a_loop")
    assert "words_batch0 :=" not in form_of("constants")  # only a function reads it, which is not copied
    assert "word_batch0 :=" not in form_of("constant_of_a_local_name")
    assert same_both_ways(policy_of(KNOWN["constant_in_a_loop"]), engine.workers, MANY)[1] == len(MANY) - 4
    assert same_both_ways(policy_of(KNOWN["constant_in_applicable"]), engine.workers, MANY)[1] == 2
    assert same_both_ways(policy_of(KNOWN["constant_is_applicable"]), engine.workers, MANY)[1] == len(MANY) - 2
    assert same_both_ways(policy_of(KNOWN["constant_that_is_undefined"]), engine.workers, MANY)[1] == 0


def test_error_of_one_subject_stops_only_the_batch_form(engine: EmbeddedEngine) -> None:
    policy = policy_of(KNOWN["error_of_one"])
    subjects = [{"a": f"3.0.{number}"} for number in range(700)]
    subjects[333] = {"a": "n/a"}
    form = batch_form(policy, {policy.path: policy.source}, engine.workers)
    answer, sure = answers(policy, {policy.path: policy.source}, encoded(subjects), form)
    found = json.loads(answer)
    assert sure == 450
    assert found["codes"] == "p" * 333 + "e" + "p" * 366
    assert list(found["errors"]) == ["333"]


def test_batches_hold_every_input_once_and_are_small() -> None:
    lines = ["x" * size for size in [1] * 600 + [200_000, 100_000, 300_000, 1, 1]]
    parts = list(contained.batches(lines))
    assert [line for part in parts for line in part] == lines
    assert all(len(part) <= contained.BATCH for part in parts)
    assert all(len(part) == 1 or sum(map(len, part)) <= contained.BATCH_CHARACTERS for part in parts)


@pytest.mark.parametrize("policy", POLICIES, ids=[policy.name for policy in POLICIES])
def test_benchmark_policies_have_a_batch_form_with_the_same_answers(policy: Any, engine: EmbeddedEngine) -> None:
    name = f"policies/bench/{policy.name}/{policy.name}.rego"
    source = for_one_subject(policy).decode()
    judged = msgspec.structs.replace(
        policy_of('violations contains "m"\n'), path=name, source=source, package=f"policies.bench.{policy.name}"
    )
    seed = random.Random(policy.name)  # noqa: S311  reproducible, not secret
    values: dict[str, list[Any]] = {
        "ips": [["10.1.2.3"], ["8.8.8.8", "10.2.0.1"], []],
        "firmware": ["V1.2.3", "V2.10.0", "1.2", "n/a", "V1.9.19"],
        "vendor": [f"Vendor {number}" for number in range(42)],
        "model": [f"Model {number * 5}" for number in range(12)] + ["Model 59"],
        "role": ["safety-plc", "plc", "hmi", "switch", "firewall", "other"],
        "os": ["Windows 7", "Linux 3.1", "none", "VxWorks 5"],
        "purdue_level": [0, 1, 2, 3, 3.5, 9, "two"],
        "support_ends": ["2025-01-01", "2027-01-01", "2031-12-31"],
        "criticality": ["low", "high", "critical", "?"],
        "lifecycle": ["active", "obsolete", "phase-out"],
        "owner": ["dept-00", "dept-07", "nobody"],
        "order_code": ["AB12-1234-XY9Z", "x"],
        "authorised": [True, False],
        "zone": ["zone-9", "zone-1"],
    }
    subjects = [
        {field: seed.choice(choices) for field, choices in values.items() if seed.random() < 0.97} for _ in range(600)
    ]
    assert same_both_ways(judged, engine.workers, subjects)[0]


TERMS = ("input.a", "input.b", "helper", "other", "data.params.least", "1", '"x"', "input.l[_]", "count(input.l)")
term = st.sampled_from(TERMS)
statement = st.one_of(
    st.builds("{} {} {}".format, term, st.sampled_from(["==", "!=", "<", ">="]), term),
    st.builds("not {} == {}".format, term, term),
    st.builds("some y in [z | some z in input.l; z != {}]".format, term),
    st.builds("every w in input.l {{ w != {} }}".format, term),
    st.builds('semver.compare({}, "1.0.0") >= 0'.format, st.sampled_from(["input.a", "input.b"])),
    st.builds("{} in set_of".format, term),
)


@given(
    helper=st.sampled_from(["input.a", "object.get(input, `a`, 3)", "input.l[_]", "count(input)", "7"]),
    other=st.lists(
        st.sampled_from(["input.a", "not input.b", "input.l[_] > 0", "helper == 1"]), min_size=1, max_size=2
    ),
    member=term.filter(lambda text: text != "other"),
    bodies=st.lists(st.lists(statement, min_size=1, max_size=3), min_size=1, max_size=2),
)
@settings(max_examples=60)
def test_any_policy_gives_the_same_bytes_both_ways(
    engine: EmbeddedEngine, helper: str, other: list[str], member: str, bodies: list[list[str]]
) -> None:
    rules = [f"helper := {helper}\n", *(f"other if {text}\n" for text in other), f"set_of contains {member}\n"]
    rules += [
        "violations contains v if {\n\t" + "\n\t".join(body) + f'\n\tv := {{"message": "{number}"}}\n}}\n'
        for number, body in enumerate(bodies)
    ]
    assert same_both_ways(policy_of("\n".join(rules)), engine.workers, SUBJECTS)[0]


def test_engine_asks_in_the_batch_form_once_that_is_worth_it() -> None:
    asked: list[tuple[str, bool]] = []
    policy = policy_of(KNOWN["reads_directly"])
    with EmbeddedEngine(batch_from=10) as own:
        call = own.workers.call

        def recorded(header: dict[str, Any], body: bytes = b"") -> bytes:
            asked.append((header["operation"], "batch" in header))
            return call(header, body)

        own.workers.call = recorded  # type: ignore[method-assign]  # watched on its way
        for first in (0, 9, 20):
            inputs = encoded([{"a": first + number} for number in range(9)])
            request = Request(policy, ((policy.path, policy.source),), b"{}", b"{}", inputs)
            verdicts = next(iter(own.evaluate([request])))
            assert [verdict.outcome.word for verdict in verdicts].count("fail") == (first == 0)
    parse = ("parse", False)
    assert asked == [("evaluate", False), parse, parse, ("evaluate", True), ("evaluate", True)]


def test_worker_that_dies_of_many_at_once_is_asked_one_by_one() -> None:
    policy = policy_of(KNOWN["reads_directly"])
    with EmbeddedEngine(batch_from=1) as own:
        call = own.workers.call

        def dying(header: dict[str, Any], body: bytes = b"") -> bytes:
            if "batch" in header:
                raise WorkerFailed(Reason.CRASHED, "gone")
            return call(header, body)

        own.workers.call = dying  # type: ignore[method-assign]  # stands in for a process that dies
        request = Request(policy, ((policy.path, policy.source),), b"{}", b"{}", [b'{"a":1}', b'{"a":2}'])
        assert [verdict.outcome.word for verdict in next(iter(own.evaluate([request])))] == ["fail", "pass"]


def test_late_policy_is_not_given_its_time_twice() -> None:
    policy = policy_of(KNOWN["reads_directly"])
    with EmbeddedEngine(batch_from=1) as own:
        call = own.workers.call
        evaluations = []

        def late(header: dict[str, Any], body: bytes = b"") -> bytes:
            if header["operation"] == "evaluate":
                evaluations.append("batch" in header)
                raise WorkerFailed(Reason.LIMIT, "took longer than 20 s")
            return call(header, body)

        own.workers.call = late  # type: ignore[method-assign]  # stands in for one that is late
        request = Request(policy, ((policy.path, policy.source),), b"{}", b"{}", [b'{"a":1}', b'{"a":2}'])
        found = next(iter(own.evaluate([request])))
    assert [verdict.reason for verdict in found] == ["limit-exceeded"] * 2
    assert evaluations == [True]


def header_of(body: str, data: str = "{}") -> tuple[bytes, dict[str, Any]]:
    policy = policy_of(body)
    header = {"modules": [[policy.path, policy.source]], "data": data}
    return json.dumps(header).encode(), header


def test_policies_asked_last_stay_loaded_within_bounds() -> None:
    kept = contained.Policies(regorus)
    large = json.dumps({"params": "x" * (contained.KEPT_BYTES // 2)})
    first, second, third = (header_of(KNOWN[name], large) for name in ("reads_directly", "one_line", "every"))
    one = kept.loaded(*first)
    assert kept.loaded(*first) is one
    two = kept.loaded(*second)
    assert kept.loaded(*second) is two
    kept.loaded(*third)
    assert kept.loaded(*second) is not two


def test_policy_that_cannot_be_loaded_is_told_each_time() -> None:
    kept = contained.Policies(regorus)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="unexpected keyword"):
            kept.loaded(*header_of("violations contains if\n"))


def test_worker_judges_in_the_plain_form_where_the_batch_form_cannot_be_loaded() -> None:
    policy = policy_of(KNOWN["reads_directly"])
    header = {
        "modules": [[policy.path, policy.source]],
        "data": "{}",
        "applicable": "",
        "violations": f"data.{policy.package}.violations",
        "batch": [policy.path, policy.source + "\nnot rego", "data.nothing"],
    }
    answer = contained.evaluate(contained.Policy(regorus, header), header, b'{"a":1}\n{"a":2}')
    assert json.loads(answer)["codes"] == "fp"


def test_batch_form_that_answers_anything_but_a_list_lets_nothing_pass() -> None:
    policy = policy_of(KNOWN["reads_directly"])
    form = (f"{policy.source}\nodd := {{0, 1}}\n", f"data.{policy.package}.odd_but_undefined")
    answer, sure = answers(policy, {policy.path: policy.source}, [b'{"a":1}', b'{"a":2}'], form)
    assert (json.loads(answer)["codes"], sure) == ("fp", 0)
