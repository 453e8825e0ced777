"""The lint: each trap of the engines by a policy that falls into it, and by one that does not."""

from __future__ import annotations

import pytest
from tests.support.policy_world import DictProject, path_of, policy_source

from plantproof.errors import InputError
from plantproof.policies.bundle import load_bundle
from plantproof.policies.lint import lint
from plantproof.policies.worker import Workers

DECLARES = """
reads: {firmware: required, vendor: optional}
follow: {parent: [zone]}
joins: {setting: {where: {key: [a.b]}, fields: [value]}}
context: [zone]
parameters: {limit: {description: a, default: 3}}
"""
USES_ALL = """violations contains v if {
	zones := data.context.zone
	some setting in input.joins.setting
	setting.value > data.params.limit
	count(zones) > 0
	object.get(input, "vendor", "") != input.firmware
	object.get(input, ["parent", "zone"], "") == setting.key
	v := {"message": sprintf("%v is %s", [setting.value, input.firmware])}
}
"""


def findings(workers: Workers, body: str, declares: str = DECLARES, **files: str) -> list[tuple[str, int, str]]:
    project = DictProject({path_of(): policy_source(body, declares), **files})
    return [(found.rule, found.line, found.message) for found in lint(load_bundle(project, workers), workers)]


def test_a_policy_that_reads_what_it_declares_is_clean(workers: Workers) -> None:
    assert findings(workers, USES_ALL) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("input.firmware\n", "input.model\n", "`input.model` is not declared"),
        ('"vendor"', '"owner"', "`input.owner` is not declared"),
        ('["parent", "zone"]', '["parent", "role"]', "`input.parent.role` is not declared"),
        ("setting.key", "setting.method", "`setting.method` is not declared"),
        ("setting.key", "input.joins.account", "`input.joins.account` is not declared"),
        ("setting.key", "input.ages.firmware", "`input.ages.firmware` is not declared"),
        ("setting.key", "input[setting.key]", "`input.` reads the whole subject"),
        ("setting.key", "input", "`input` reads the whole subject"),
        ("data.params.limit", "data.params.other", "`data.params.other` is not declared"),
        ("data.context.zone", "data.context.conduit", "`data.context.conduit` is not declared"),
    ],
)
def test_undeclared_reads(workers: Workers, old: str, new: str, message: str) -> None:
    found = findings(workers, USES_ALL.replace(old, new, 1))
    assert message in [text for rule, _, text in found if rule == "undeclared-read"]


def test_unused_declarations(workers: Workers) -> None:
    body = 'violations contains v if {\n\tinput.firmware == "x"\n\tv := {"message": "m"}\n}\n'
    assert sorted(text for rule, _, text in findings(workers, body) if rule == "unused-declaration") == [
        "`limit` in parameters is never used",
        "`parent.zone` in follow is never used",
        "`setting` in joins is never used",
        "`vendor` in reads is never used",
        "`zone` in context is never used",
    ]


READS = "reads: {firmware: required}"


@pytest.mark.parametrize(
    ("body", "rule", "line"),
    [
        ('violations contains {"message": input.firmware} if true\n', "unbound-head", 14),
        ('violations contains v if {\n\tv := {"message": sprintf("%5.1f", [input.firmware])}\n}\n', "format", 15),
        ('violations contains v if {\n\tv := {"message": sprintf("%-5s", [input.firmware])}\n}\n', "format", 15),
        ("violations := [1] if input.firmware\n", "results", 14),
    ],
)
def test_traps(workers: Workers, body: str, rule: str, line: int) -> None:
    assert (rule, line + 2) in [found[:2] for found in findings(workers, body, READS)]


def test_data_inside_a_loop(workers: Workers) -> None:
    body = (
        "violations contains v if {\n\tsome letter in [input.firmware]\n"
        '\tcount(data.context.zone) > 3\n\tv := {"message": letter}\n}\n'
    )
    assert [found[0] for found in findings(workers, body, READS + "\ncontext: [zone]")] == ["data-in-loop"]


@pytest.mark.parametrize("whole", ["data.policies.test.sample", "data.policies.test.sample.violations"])
def test_policy_that_asks_for_itself(workers: Workers, whole: str) -> None:
    """OPA refuses it; the embedded engine finds nothing to violate, which was a pass."""
    body = f'violations contains v if {{\n\t{whole} == input.firmware\n\tv := {{"message": "m"}}\n}}\n'
    with pytest.raises(InputError, match="`violations` depends on itself"):
        findings(workers, body, READS)


def test_library_that_asks_for_itself(workers: Workers) -> None:
    """A library may name another as a whole, and not the one that it is."""
    one = "package lib.one\n\nimport rego.v1\n\nimport data.lib.two\n\nx := two\n"
    two = "package lib.two\n\nimport rego.v1\n\ny := 1\n"
    body = 'violations contains v if {\n\tinput.firmware == data.lib.one.x.y\n\tv := {"message": "m"}\n}\n'
    files = {"policies/lib/one.rego": one, "policies/lib/two.rego": two}
    assert findings(workers, body, READS, **files) == []
    files["policies/lib/two.rego"] = two.replace("y := 1", "y := data.lib.two")
    with pytest.raises(InputError, match="`y` depends on itself"):
        findings(workers, body, READS, **files)


def test_two_tests_with_one_name(workers: Workers) -> None:
    body = 'violations contains v if {\n\tinput.firmware == "x"\n\tv := {"message": "m"}\n}\n'
    test = "package policies.test.sample_test\n\nimport rego.v1\n\ntest_passes if true\n\ntest_passes if false\n"
    found = findings(workers, body, READS, **{path_of().replace(".rego", "_test.rego"): test})
    assert [(rule, line) for rule, line, _ in found] == [("doubled-test", 7)]


def test_library_that_reads_input(workers: Workers) -> None:
    body = 'violations contains v if {\n\thelp.bad(input.firmware)\n\tv := {"message": "m"}\n}\n'
    source = policy_source(body, READS).replace("import rego.v1", "import data.lib.help\n\nimport rego.v1")
    library = "package lib.help\n\nimport rego.v1\n\nbad(x) if x == input.vendor\n"
    bundle = load_bundle(DictProject({path_of(): source, "policies/lib/help.rego": library}), workers)
    assert [(found.rule, found.path) for found in lint(bundle, workers)] == [
        ("library-input", "policies/lib/help.rego")
    ]
