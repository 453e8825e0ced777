"""What an engine answers is complete, well-formed and of bearable size, or an error."""

from __future__ import annotations

import msgspec
import pytest

from plantproof.model.vocabulary import Outcome, Reason
from plantproof.policies.answers import LARGEST_VIOLATIONS, as_violations, read_violations


def test_a_policy_cannot_fill_the_pack() -> None:
    for violations in ([{"message": "x" * LARGEST_VIOLATIONS}], [{"message": f"{i:08}" * 100} for i in range(2000)]):
        for verdict in (read_violations(msgspec.json.encode(violations)), as_violations(violations)):
            assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, str(Reason.LIMIT))
            assert "larger than 1024 kB" in verdict.detail
    assert as_violations([{"message": "x" * 100_000}]).outcome == Outcome.FAIL


@pytest.mark.parametrize(
    "data", [b"null", b"{}", b'["x"]', b'[{"message": 5}]', b"[" * 100_000, b'[{"message": "\\ud800"}]']
)
def test_what_is_no_set_of_violations_is_an_error(data: bytes) -> None:
    assert read_violations(data).outcome == Outcome.ERROR
