"""Which collector reads what: the table, plugins, and exports that two of them claim."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from plantproof.errors import InputError
from plantproof.evidence.collectors import BUILT_IN
from plantproof.evidence.collectors.protocol import Collector, Export
from plantproof.evidence.formats import SHIPPED, collector, installed, recognise


def claims(name: str, score: int) -> Collector:
    return cast("Collector", SimpleNamespace(FORMAT=name, recognise=lambda _: score))


def test_the_installed_table_holds_every_built_in_format() -> None:
    assert set(BUILT_IN) <= set(installed())


def test_a_plugin_is_a_row_more() -> None:
    table = {**SHIPPED, "other": claims("other", 90)}
    assert recognise([Export("x", b"whatever")], table).FORMAT == "other"
    assert collector("other", table).FORMAT == "other"


def test_two_that_claim_alike_leave_the_decision_to_a_person() -> None:
    table = {"one": claims("one", 80), "two": claims("two", 70), "three": claims("three", 0)}
    with pytest.raises(InputError) as refused:
        recognise([Export("x.json", b"{}")], table)
    (problem,) = refused.value.problems
    assert problem.message == "the format is not clear from the content"
    assert problem.hint == "candidates: one, two; say which with `--format one`"


def test_a_clear_lead_decides() -> None:
    table = {"one": claims("one", 80), "two": claims("two", 60)}
    assert recognise([Export("x", b"{}")], table).FORMAT == "one"


def test_every_export_that_nobody_claims_is_named() -> None:
    table = {"one": claims("one", 0)}
    with pytest.raises(InputError) as refused:
        recognise([Export("a", b"x"), Export("b", b"")], table)
    assert [(problem.path, problem.message) for problem in refused.value.problems] == [
        ("a", "the format is not recognised"),
        ("b", "the file is empty"),
    ]


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        (b"a,b\x00c\n", "the file is binary", "collect the tool's text"),
        ("hostname sw1\n".encode("utf-16"), "the format is not recognised", "it is UTF-16, which few formats are"),
    ],
)
def test_what_is_no_text_is_said_to_be_none(data: bytes, message: str, hint: str) -> None:
    with pytest.raises(InputError) as refused:
        recognise([Export("a", data)], SHIPPED)
    (problem,) = refused.value.problems
    assert problem.message == message
    assert problem.hint.startswith(hint)
