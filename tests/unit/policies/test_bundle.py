"""Loading all policies: every mistake of every file at once, with its place."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from tests.support.policy_world import DictProject, path_of, policy_source

from plantproof.errors import InputError
from plantproof.model.vocabulary import Reason
from plantproof.policies.bundle import load_bundle, modules_of
from plantproof.policies.worker import WorkerFailed, Workers

BODY = 'violations contains v if {\n\tinput.firmware == "old"\n\tv := {"message": "old"}\n}\n'
READS = "reads:\n  firmware: required"
LIB = "package lib.words\n\nimport data.lib.more\n\nold(x) if more.same(x)\n"
MORE = 'package lib.more\n\nsame(x) if x == "old"\n'


def problems(files: dict[str, str | bytes], workers: Workers) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_bundle(DictProject(files), workers)
    return [str(problem) for problem in caught.value.problems]


def test_policy_is_read_whole(workers: Workers) -> None:
    bundle = load_bundle(DictProject({path_of(): policy_source(BODY, READS)}), workers)
    policy = bundle.policies["test/sample"]
    assert (policy.package, policy.line, policy.title) == ("policies.test.sample", 1, "A policy of a test")
    assert policy.metadata.reads == {"firmware": "required"}
    assert policy.rules == ("violations",)


def test_malformed_rego_of_all_files_is_told_with_its_place(workers: Workers) -> None:
    files: dict[str, str | bytes] = {
        path_of("one"): policy_source("violations contains v if {\n\tinput.firmware ==\n}\n", READS, name="one"),
        path_of("two"): policy_source("violations contains\n", READS, name="two"),
        path_of("fine"): policy_source(BODY, READS, name="fine"),
        "policies/lib/broken.rego": "package lib.broken\n\n\tx := ]\n",
        path_of("binary"): b"package \xff\xfe",
    }
    assert problems(files, workers) == [
        "policies/lib/broken.rego:3:7: is not valid Rego: expecting expression",
        "policies/test/binary/binary.rego:1: is not UTF-8 text (save it as UTF-8)",
        "policies/test/one/one.rego:19:1: is not valid Rego: expecting expression",
        "policies/test/two/two.rego:18:1: is not valid Rego: expecting expression",
    ]


@pytest.mark.parametrize("count", [150, 200_000])
def test_file_that_is_nested_without_end_is_named(workers: Workers, count: int) -> None:
    deep = policy_source("x := " + "[" * count + "\n", READS, name="deep")
    found = problems({path_of("deep"): deep, path_of(): policy_source(BODY, READS)}, workers)
    assert found == ["policies/test/deep/deep.rego:1: is nested too deeply"]


def test_brackets_in_text_are_no_nesting(workers: Workers) -> None:
    body = BODY.replace('"old"', '"' + "[" * 150 + '"') + "# " + "{" * 150 + "\n"
    assert load_bundle(DictProject({path_of(): policy_source(body, READS)}), workers).policies


def test_file_that_ends_the_parser_is_named() -> None:
    class Fragile(Workers):
        def call(self, header: dict[str, Any], body: bytes = b"") -> bytes:
            if any("policies.test.bad" in source for _, source in header["modules"]):
                raise WorkerFailed(Reason.CRASHED, "the worker ended by signal 11")
            return super().call(header, body)

    with Fragile() as fragile:
        files: dict[str, str | bytes] = {
            path_of("bad"): policy_source(BODY, READS, name="bad"),
            path_of(): policy_source(BODY, READS),
        }
        assert problems(files, fragile) == [
            "policies/test/bad/bad.rego:1: is not valid Rego: cannot be parsed: the worker ended by signal 11"
        ]


def test_package_must_be_the_path(workers: Workers) -> None:
    found = problems({path_of("other"): policy_source(BODY, READS)}, workers)
    assert found[0].startswith("policies/test/other/other.rego:13:1: package is `policies.test.sample`, not")
    found = problems({"policies/stray.rego": policy_source(BODY, READS)}, workers)
    assert "is not where a policy belongs" in found[0]


def test_closure_holds_the_libraries_that_are_used(workers: Workers) -> None:
    source = policy_source(BODY.replace('input.firmware == "old"', "words.old(input.firmware)"), READS)
    source = source.replace("import rego.v1", "import data.lib.words\n\nimport rego.v1")
    files = {path_of(): source, "policies/lib/words.rego": LIB, "policies/lib/more.rego": MORE}
    files |= {"policies/lib/unused.rego": "package lib.unused\n\nx := 1\n"}
    one = load_bundle(DictProject(files), workers)
    policy = one.policies["test/sample"]
    assert policy.libraries == ("policies/lib/more.rego", "policies/lib/words.rego")
    assert [path for path, _ in modules_of(one, policy)] == [path_of(), *policy.libraries]


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ('violations contains http.send({"url": "http://x", "method": "get"})\n', "builtin"),
        ("violations contains time.now_ns()\n", "builtin"),
        ("violations contains opa.runtime()\n", "builtin"),
        ('violations contains rand.intn("a", 3)\n', "builtin"),
        ('violations contains uuid.rfc4122("a")\n', "builtin"),
        ("violations contains nothing(input.firmware)\n", "builtin"),
        ("f(x) := f(x)\n\nviolations contains v if v := f(input.firmware)\n", "recursion"),
        ("a := b\n\nb := a\n\nviolations contains v if v := a\n", "recursion"),
        ("violations contains v if v := data.policies.test.other.violations\n", "foreign-data"),
        ("violations contains v if v := data[input.firmware]\n", "foreign-data"),
        ("violations contains v if v := nothing\n", "unknown-variable"),
        ('violations contains v if v := helper with input as {}\n\nhelper := "a"\n', "with"),
    ],
)
def test_what_no_policy_may_do_is_refused(workers: Workers, body: str, rule: str) -> None:
    found = problems({path_of(): policy_source(body, READS)}, workers)
    assert any(f"[{rule}]" in line for line in found), found
    assert all(line.startswith("policies/test/sample/sample.rego:1") for line in found)


def test_import_of_what_is_not_there(workers: Workers) -> None:
    source = policy_source(BODY, READS).replace("import rego.v1", "import data.lib.nowhere\n\nimport rego.v1")
    assert any("[import]" in line for line in problems({path_of(): source}, workers))


def test_function_and_rule_may_share_a_name_with_a_local_variable(workers: Workers) -> None:
    body = 'seen := input.firmware\n\nviolations contains v if {\n\tsome x in [seen]\n\tv := {"message": x}\n}\n'
    assert load_bundle(DictProject({path_of(): policy_source(body, READS)}), workers).policies


class Shipped(DictProject):
    """All files are content, as shipped."""

    def origin(self, path: str) -> Literal["content", "project", "override"]:
        return "content"


def test_only_what_was_shipped_is_believed_to_be_linted(workers: Workers) -> None:
    files = {path_of(): policy_source('violations contains {"message": "m"} if {\n\thttp.send({})\n}\n', READS)}
    load_bundle(Shipped(files), workers)
    with pytest.raises(InputError, match=r"`http.send` is not allowed"):
        load_bundle(DictProject(files), workers)


def test_of_what_was_shipped_only_libraries_are_linted_again_beside_a_policy_of_the_project(workers: Workers) -> None:
    library = "package lib.shared\n\nround(x) := http.send(x)\n"
    files = {
        "policies/lib/shared.rego": library,
        path_of("good"): policy_source(BODY, READS, name="good"),
        path_of(): policy_source('violations contains {"message": "m"} if {\n\thttp.send({})\n}\n', READS),
    }

    class Mixed(DictProject):
        def origin(self, path: str) -> Literal["content", "project", "override"]:
            return "project" if path == path_of("good") else "content"

    with pytest.raises(InputError, match=r"`http.send` is not allowed") as refused:
        load_bundle(Mixed(files), workers)
    assert {problem.path for problem in refused.value.problems} == {"policies/lib/shared.rego"}
