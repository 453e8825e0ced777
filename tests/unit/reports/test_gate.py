"""The gate of a check: green only where something was judged."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.assessment_example import example

from plantproof.errors import InputError
from plantproof.model.assessment import Totals
from plantproof.reports.gate import Limits, limits_of, refuse_nothing_judged, too_old


def test_policies_without_any_subject_are_no_green() -> None:
    whole = example()
    refuse_nothing_judged(whole)
    without = msgspec.structs.replace(
        whole,
        policies=[msgspec.structs.replace(policy, totals=Totals()) for policy in whole.policies],
        sites=[msgspec.structs.replace(site, attestations=[]) for site in whole.sites],
    )
    with pytest.raises(InputError, match="no subjects: nothing was judged at"):
        refuse_nothing_judged(without)


@pytest.mark.parametrize(
    ("words", "limits"),
    [
        (None, Limits("medium")),
        ("stale", Limits("medium", True)),
        ("high", Limits("high")),
        ("critical, high,stale", Limits("high", True)),
    ],
)
def test_a_severity_left_out_is_that_of_the_project(words: str | None, limits: Limits) -> None:
    assert limits_of(words, "medium") == limits


def test_what_is_too_old_is_named_with_its_kinds() -> None:
    whole = example()
    fresh = [
        msgspec.structs.replace(site, sources=[msgspec.structs.replace(each, stale_since={}) for each in site.sources])
        for site in whole.sites
    ]
    policies = [msgspec.structs.replace(each, reasons={"not-covered": 3}) for each in whole.policies]
    assert too_old(msgspec.structs.replace(whole, sites=fresh, policies=policies)) == ""
    source = msgspec.structs.replace(fresh[0].sources[0], name="scan", stale_since={"flow": "2026-05-01"})
    old = [msgspec.structs.replace(fresh[0], sources=[source]), *fresh[1:]]
    policies[0] = msgspec.structs.replace(policies[0], reasons={"stale": 2})
    assert too_old(msgspec.structs.replace(whole, sites=old, policies=policies)) == (
        f"1 source with evidence that is too old: {source.site}/scan (flow since 2026-05-01); "
        "2 verdicts missing by that"
    )
