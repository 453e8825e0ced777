"""The gate of a check: green only where something was judged."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.assessment_example import example

from plantproof.errors import InputError
from plantproof.model.assessment import Totals
from plantproof.reports.gate import refuse_nothing_judged


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
