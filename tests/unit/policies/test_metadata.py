"""The METADATA block: lines and columns are those of the Rego file, and all mistakes come at once."""

from __future__ import annotations

import pytest
from tests.support.policy_world import path_of, policy_source

from plantproof.errors import InputError
from plantproof.policies.metadata import read_metadata

BODY = "violations contains v if v := input.firmware\n"


def mistakes(source: str) -> list[tuple[int, int, str]]:
    with pytest.raises(InputError) as caught:
        read_metadata(source, path_of())
    return [(problem.line, problem.column, problem.message) for problem in caught.value.problems]


def test_block_is_read() -> None:
    found = read_metadata("# a licence\n\n" + policy_source(BODY, "reads:\n  firmware: optional"), path_of())
    assert (found.line, found.block.custom.reads) == (3, {"firmware": "optional"})


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("package policies.a.b\n", 1, "has no METADATA block"),
        ("# METADATA\npackage policies.a.b\n", 1, "METADATA block is empty"),
        ("# METADATA\n# title: a\n\npackage policies.a.b\n", 1, "METADATA block does not reach to `package`"),
        ("# METADATA\n# title: a\n# METADATA\npackage p\n", 3, "has a second METADATA block above `package`"),
    ],
)
def test_missing_or_misplaced_block(source: str, line: int, message: str) -> None:
    assert [(found[0], found[2]) for found in mistakes(source)] == [(line, message)]


def test_all_mistakes_of_type_with_their_lines() -> None:
    source = policy_source(BODY, "reads:\n  firmware: sometimes\nmay_affect: [weather]\nwrong: 1")
    source = source.replace("severity: high", "severity: huge")
    assert [line for line, _, _ in mistakes(source)] == [6, 12, 13, 14]


def test_yaml_that_does_not_parse() -> None:
    found = mistakes(policy_source(BODY, "reads: {firmware: required"))
    assert found[0][0] in (11, 12)


def test_contradictions_are_told_all_at_once() -> None:
    source = policy_source(
        BODY,
        """
reads: {colour: required, asset: optional, ages: optional}
for: {role: [], wheel.size: [1], asset.colour: [red]}
follow: {asset: [zone, smell], wheel: [size]}
joins:
  setting:
    fields: [value, taste]
    where: {knob: [1]}
  wheel: {fields: [size]}
ages: {firmware: days, last_logon: text}
context: [asset]
parameters:
  text: {description: a, default: b}
  many: {description: a, default: 9, max: 3}
  word: {description: a, default: b, min: 1}
""",
        subject="account",
    )
    messages = [message for _, _, message in mistakes(source)]
    assert sorted(messages) == sorted(
        [
            "account has no field `colour`",
            "account has no field `ages`",
            "`input.ages` is the framework's",
            "account has no field `role`",
            "an empty list never applies",
            "`wheel` cannot be followed",
            "asset has no field `colour`",
            "`asset` is followed and read",
            "asset has no field `smell`",
            "`wheel` cannot be followed",
            "setting has no field `taste`",
            "setting has no field `knob`",
            "`wheel` is no kind of record",
            "`firmware` is not in `reads`",
            "no parameter is called `days`",
            "`last_logon` is not in `reads`",
            "an age in days is a number",
            "`asset` is not given as a whole",
            "the default is outside of the limits",
            "only a number can have limits",
        ]
    )
