"""controls/adopted/<site>.jsonl: written by the tool, read with every mistake."""

from __future__ import annotations

import pytest

from plantproof.controls.adopted import adopted_path, encode_adopted, load_adopted
from plantproof.errors import InputError
from plantproof.model.adopted import AdoptedGap, AdoptedHead

HEAD = AdoptedHead(schema="plantproof/adopted/1", site="works", by="Kim Plant", on="2026-06-30")
PATH = adopted_path("works")


def entry(number: int, **more: str) -> AdoptedGap:
    given = {"adopted": "2026-06-30", "review": "2027-06-30", **more}
    return AdoptedGap(
        id=f"id-{number}",
        policy="f/x",
        subject=f"a-{number}",
        name=f"PLC {number}",
        severity="high",
        violations=1,
        owner="Kim",
        adopted=given["adopted"],
        review=given["review"],
    )


def test_what_is_written_reads_back_in_the_order_of_policy_and_subject() -> None:
    found = load_adopted(encode_adopted(HEAD, [entry(2), entry(1)]), PATH)
    assert found.head == HEAD
    assert [each.subject for each in found.gaps] == ["a-1", "a-2"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "adopts nothing"),
        (b"not json\n", "malformed"),
        (encode_adopted(HEAD, [entry(1), entry(1)]), "adopted on line 2 already"),
        (encode_adopted(HEAD, [entry(1, review="2026-06-30")]), "not after its adoption"),
        (
            encode_adopted(AdoptedHead(schema="plantproof/adopted/1", site="mill", by="Kim", on="2026-06-30"), []),
            "`mill`",
        ),
        (encode_adopted(HEAD, []) + b'{"id":"x","unknown":1}\n', "unknown"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(data: bytes, told: str) -> None:
    with pytest.raises(InputError) as refused:
        load_adopted(data, PATH)
    assert told in str(refused.value).lower() or told in str(refused.value)
    assert PATH in str(refused.value)
