"""Veeam's sessions: the newest run of each job, and the asset that the job protects."""

from __future__ import annotations

import pytest
from tests.support.exports import SESSIONS

from plantproof.errors import InputError
from plantproof.evidence.collectors import veeam
from plantproof.evidence.collectors.protocol import Export
from plantproof.model.project_file import SourceSettings


def test_the_newest_run_and_the_newest_success() -> None:
    found = veeam.collect([Export("s.csv", SESSIONS.encode())], SourceSettings(assets={"ews-01": "EWS line 1"}))
    assert [(draft.local, dict(draft.fields), draft.line, draft.count) for draft in found.drafts] == [
        ("ews-01", {"job": "ews-01", "last_run": "2026-10-28T12:30:00Z", "last_result": "warning",
          "last_success": "2026-10-28T12:30:00Z"}, 4, 1),
        ("hist-01", {"job": "hist-01", "last_run": "2026-10-28T00:00:00Z", "last_result": "failed",
          "last_success": "2026-10-27T13:05:49Z"}, 3, 2),
    ]  # fmt: skip
    assert [(asset.refers, asset.keys[0].value) for asset in found.assets] == [(True, "EWS line 1"), (True, "hist-01")]
    assert (found.observed_from, found.observed_to) == ("2026-10-27T13:05:49Z", "2026-10-28T12:30:00Z")


def test_a_job_that_never_succeeded_has_no_success() -> None:
    text = SESSIONS.replace("Success", "Failed")
    drafts = veeam.collect([Export("s.csv", text.encode())], SourceSettings()).drafts
    assert "last_success" not in next(draft for draft in drafts if draft.local == "hist-01").fields


def test_a_clock_that_is_not_utc() -> None:
    settings = SourceSettings(time_zone="America/Chicago")
    (_, hist) = veeam.collect([Export("s.csv", SESSIONS.encode())], settings).drafts
    assert hist.fields["last_run"] == "2026-10-28T05:00:00Z"


def test_sessions_that_are_not_understood_are_named() -> None:
    text = SESSIONS + '"x","None","1","1","1x","1x","10/28/2026 1:00:00 AM"\n"x","Success","1","1","1x","1x","soon"\n'
    found = veeam.collect([Export("s.csv", text.encode())], SourceSettings())
    assert [(one.line, one.what) for one in found.unread] == [
        (5, "session whose result `None` is not understood"), (6, "session whose date is not understood"),
    ]  # fmt: skip


def test_dates_that_no_row_decides_are_refused_until_stated() -> None:
    text = SESSIONS.replace("10/27/2026", "10/1/2026").replace("10/28/2026", "10/2/2026")
    with pytest.raises(InputError, match="date_order"):
        veeam.collect([Export("s.csv", text.encode())], SourceSettings())
    (_, hist) = veeam.collect([Export("s.csv", text.encode())], SourceSettings(date_order="D/M/Y")).drafts
    assert hist.fields["last_run"] == "2026-02-10T00:00:00Z"


def test_one_report_tells_nothing_of_how_another_writes_dates() -> None:
    """The second is of a server that writes the day first: 11/02 is in February, and not the day before yesterday."""
    first, second = SESSIONS, SESSIONS.replace("10/27/2026", "11/02/2026").replace("10/28/2026", "11/02/2026")
    with pytest.raises(InputError, match="day or the month") as refused:
        veeam.collect([Export("a.csv", first.encode()), Export("b.csv", second.encode())], SourceSettings())
    assert refused.value.problems[0].path == "b.csv"


@pytest.mark.parametrize(
    ("zero", "stored"), [("0", False), ("0.00", False), ("0,0", False), ("0.01", True), ("", True)]
)
def test_a_session_that_stored_nothing_is_no_success(zero: str, stored: bool) -> None:
    """A job without any machine left in it ends with a warning every night."""
    text = SESSIONS + f'"hist-01","Warning","{zero}","{zero}","1x","1x","10/28/2026 3:00:00 AM"\n'
    found = veeam.collect([Export("s.csv", text.encode())], SourceSettings())
    fields = next(draft.fields for draft in found.drafts if draft.local == "hist-01")
    assert (fields["last_run"], fields["last_result"]) == ("2026-10-28T03:00:00Z", "warning")
    assert fields["last_success"] == ("2026-10-28T03:00:00Z" if stored else "2026-10-27T13:05:49Z")
    said = [] if stored else [(5, "session with result `warning` that stored nothing")]
    assert [(one.line, one.what) for one in found.remarks] == said


def test_a_report_that_writes_dates_both_ways_is_named() -> None:
    mixed = SESSIONS.replace("10/28/2026", "28/10/2026").encode()
    with pytest.raises(InputError, match=r"^b\.csv: dates are written both"):
        veeam.collect([Export("a.csv", SESSIONS.encode()), Export("b.csv", mixed)], SourceSettings())


def test_a_session_that_read_nothing_new_and_wrote_is_a_success() -> None:
    text = SESSIONS + '"hist-01","Success","0","0.07","1x","1x","10/28/2026 3:00:00 AM"\n'
    found = veeam.collect([Export("s.csv", text.encode())], SourceSettings())
    hist = next(draft for draft in found.drafts if draft.local == "hist-01")
    assert hist.fields["last_success"] == "2026-10-28T03:00:00Z"
    assert found.remarks == []


def test_missing_columns_are_named() -> None:
    with pytest.raises(InputError, match="column `Date` is missing"):
        veeam.collect([Export("s.csv", SESSIONS.replace('"Date"', '"When"').encode())], SourceSettings())
