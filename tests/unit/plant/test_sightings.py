"""Since when assets are known (verdicts.md 14)."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace
from tests.support.plant_world import attestation, identities, plant, source

from plantproof.errors import InputError
from plantproof.plant.sightings import first_days

ASSETS = {"asset": [{"id": "a"}, {"id": "b"}, {"id": "c"}]}


def test_the_earliest_day_that_any_source_says_counts() -> None:
    """`a` was seen by two sensors, `c` is the same as `b` since a merge; of `d` nobody says a day."""
    first = source(
        "s",
        ASSETS,
        sightings={"asset": [{"id": "a", "first_seen": "2026-05-02T10:00:00Z"}, {"id": "b"}, {"id": "d"}]},
    )
    second = source(
        "t",
        {},
        sightings={"asset": [{"id": "a", "first_seen": "2026-04-01"}, {"id": "c", "first_seen": "2026-03-01"}]},
    )
    known = identities(["a", "b", "d"], merged={"c": "b"})
    built = plant(first, second, known=known, attestations=[attestation()])
    assert built.first_seen == {"a": "2026-04-01", "b": "2026-03-01"}


def test_nobody_asks_where_there_are_no_attestations() -> None:
    """Not even whether the sightings parse."""
    broken = replace(source("s", ASSETS), sightings={"asset": [("s/asset.jsonl", b'{"first_seen"\n')]})
    assert plant(broken).first_seen == {}
    with pytest.raises(InputError, match=r"s/asset\.jsonl: not sightings"):
        plant(broken, attestations=[attestation()])


def test_the_first_day_of_several_files_counts() -> None:
    files = [
        b'{"id":"a","first_seen":"2026-03-01T05:00:00Z"}\n{"id":"b"}\n',
        b'{"id":"a","first_seen":"2026-02-01"}\n{"id":"c","first_seen":""}\n',
    ]
    assert first_days(files) == {"a": "2026-02-01"} == first_days(reversed(files))
    with pytest.raises(msgspec.DecodeError):
        first_days([b"{\n"])
