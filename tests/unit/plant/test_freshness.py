"""Evidence is fresh until the last day of its limit, and never dated after the assessment."""

from __future__ import annotations

import pytest
from tests.support.plant_world import attestation, plant, project, source

from plantproof.errors import InputError
from plantproof.model.evidence import Attestation, AttestedScope, Person
from plantproof.model.plant import SourceState
from plantproof.model.project_file import SourceSettings
from plantproof.plant.freshness import DEFAULT_MAX_AGE_DAYS, lapses_of_sources

ASSET = {"asset": [{"id": "a"}]}


def test_a_source_is_fresh_on_the_last_day_of_its_limit_and_stale_the_day_after() -> None:
    by = project(max_age_days={"asset": 29})
    (state,) = plant(source("s", ASSET, collected="2026-06-01"), by=by, on="2026-06-30").sources
    assert (state.fresh_until, state.stale_kinds) == ({"asset": "2026-06-30"}, {})
    (state,) = plant(source("s", ASSET, collected="2026-06-01"), by=by, on="2026-07-01").sources
    assert state.stale_kinds == {"asset": "2026-07-01"}


@pytest.mark.parametrize(
    ("own", "limits", "last"),
    [
        (5, {"asset": 7, "default": 9}, "2026-06-06"),
        (None, {"asset": 7, "default": 9}, "2026-06-08"),
        (None, {"default": 9}, "2026-06-10"),
        (None, {}, "2026-08-30"),
    ],
)
def test_the_limit_is_the_sources_then_the_kinds_then_the_default(
    own: int | None, limits: dict[str, int], last: str
) -> None:
    by = project(max_age_days=limits, settings={"s": SourceSettings(max_age_days=own)})
    assert plant(source("s", ASSET), by=by).sources[0].fresh_until == {"asset": last}
    assert DEFAULT_MAX_AGE_DAYS == 90


def test_age_counts_from_the_end_of_the_observation() -> None:
    (state,) = plant(source("s", ASSET, collected="2026-06-20", observed_to="2026-06-01")).sources
    assert state.fresh_until == {"asset": "2026-08-30"}


def test_an_observation_cannot_end_after_its_collection() -> None:
    (state,) = plant(source("s", ASSET, collected="2026-06-01", observed_to="2026-06-20")).sources
    assert state.fresh_until == {"asset": "2026-08-30"}


def test_evidence_from_after_the_assessment_is_refused_with_the_way_out() -> None:
    with pytest.raises(InputError) as caught:
        plant(source("s", ASSET, collected="2026-07-01T08:00:00Z"), source("t", ASSET, observed_to="2026-07-02"))
    assert [problem.path for problem in caught.value.problems] == [
        "evidence/works/s/custody.yaml",
        "evidence/works/t/custody.yaml",
    ]
    assert "--date 2026-07-01" in caught.value.problems[0].hint


def test_evidence_of_the_day_of_the_assessment_is_accepted() -> None:
    assert plant(source("s", ASSET, collected="2026-06-30T23:59:59Z")).tables["asset"].fresh == bytearray([1])


def test_a_date_of_no_calendar_is_refused() -> None:
    with pytest.raises(InputError, match="no date of any calendar"):
        plant(source("s", ASSET, collected="2026-02-30"))


def test_what_lapses_is_listed_from_the_first_day_without_it() -> None:
    attestation = Attestation(
        schema="plantproof/attestation/1",
        id="training-2026",
        topic="training",
        who=Person(name="A. Person"),
        about_own_work=False,
        method="examine",
        scope=AttestedScope(site=True),
        outcome="satisfied",
        statement="Seen.",
        date="2026-01-01",
        expires="2026-07-15",
    )
    by = project(max_age_days={"asset": 35, "flow": 10})
    built = plant(source("s", {**ASSET, "flow": []}), by=by, attestations=[attestation])
    assert built.lapses == (("2026-07-07", "evidence of s (asset)"), ("2026-07-16", "attestation training-2026"))


@pytest.mark.parametrize("expires", ["2026-13-01", "9999-12-31"])
def test_a_statement_without_a_day_after_it_lapses_when_it_says(expires: str) -> None:
    """The one is in no calendar, the other the last there is: neither stops the assessment."""
    assert plant(attestations=[attestation(expires=expires)]).lapses == ((expires, "attestation att-1"),)


def test_lapses_of_sources_are_those_of_all_without_statements() -> None:
    fresh = {"asset": "2026-07-01", "setting": "2026-07-01", "account": "2026-06-29"}
    state = SourceState(
        site="works",
        name="scan",
        custody=source("scan", {}).custody,
        custody_path="evidence/works/scan/custody.yaml",
        stale_kinds={},
        fresh_until=fresh,
    )
    assert lapses_of_sources((state,), "2026-06-30") == (("2026-07-02", "evidence of scan (asset, setting)"),)
    assert lapses_of_sources((state,), "2026-07-02") == ()
