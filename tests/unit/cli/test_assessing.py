"""Which day an assessment is of (verdicts.md 15): only a day that can be believed, or one that somebody names."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.project import at

from plantproof.cli.assessing import open_at, today, token_of
from plantproof.cli.start import run
from plantproof.errors import InputError


def day_of(project: Path, ref: str | None = "HEAD", date: str | None = None) -> str:
    return open_at(project, ref, date, "pinned").on


def test_today_is_what_source_date_epoch_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86399")
    assert today() == "1970-01-01"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert today() == "1970-01-02"


@pytest.mark.parametrize("epoch", ["yesterday", "9" * 30, "1.5", "9" * 5000])
def test_what_is_no_moment_is_refused(epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(InputError, match="SOURCE_DATE_EPOCH is no number of seconds"):
        today()


def test_without_it_today_is_a_day_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime

    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    before = datetime.datetime.now(datetime.UTC).date().isoformat()
    assert before <= today() <= datetime.datetime.now(datetime.UTC).date().isoformat()


def test_a_commit_is_of_its_committers_day_in_utc(project: Path) -> None:
    repository = at(project)
    repository.date = "2026-11-20T01:30:00+0200"
    repository.commit("At night, in the plant's time")
    assert day_of(project) == "2026-11-19"


def test_a_commit_dated_before_its_parent_is_refused_unless_a_day_is_named(project: Path) -> None:
    repository = at(project)
    repository.date = "2026-11-18T12:00:00Z"
    repository.commit("With a slow clock")
    with pytest.raises(InputError, match=r"is dated 2026-11-18, before its parent .* of 2026-11-19 .*--date"):
        day_of(project)
    assert day_of(project, date="2026-11-20") == "2026-11-20"


def test_a_commit_dated_after_today_is_refused_unless_a_day_is_named(project: Path) -> None:
    repository = at(project)
    repository.date = "2026-11-21T00:00:00Z"
    repository.commit("From the future")
    with pytest.raises(InputError, match=r"is dated 2026-11-21, later than today .*--date"):
        day_of(project)
    assert day_of(project, date="2026-11-21") == "2026-11-21"


def test_each_parent_of_a_merge_counts(project: Path) -> None:
    repository = at(project)
    repository.git("checkout", "-q", "-b", "side")
    repository.date = "2026-11-20T12:00:00Z"
    repository.commit("Side", **{"README.md": "x"})
    repository.git("checkout", "-q", "main")
    repository.date = "2026-11-19T18:00:00Z"
    repository.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    with pytest.raises(InputError, match="before its parent"):
        day_of(project)


def test_a_commit_dated_before_its_evidence_is_refused_with_the_file(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = at(project)
    repository.git("checkout", "-q", "--orphan", "early")
    repository.date = "2026-11-17T12:00:00Z"
    repository.commit("Dated before the collection")
    assert run(["check", "--at", "HEAD"]) == 2
    told = capsys.readouterr().err
    for source in ("firewalls", "switches"):
        assert f"evidence/works/{source}/custody.yaml: `collected_at: 2026-11-18T05:30:00Z` is after the date" in told
    assert "--date 2026-11-18" in told
    assert run(["check", "--at", "HEAD", "-q", "--date", "2026-11-18"]) == 1


def test_a_day_before_the_evidence_is_refused_also_when_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What had not been collected yet cannot have been known."""
    assert run(["check", "--date", "2026-11-17"]) == 2
    assert "is after the date of the assessment, 2026-11-17" in capsys.readouterr().err


def test_a_token_file_without_text_is_the_users_mistake(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError) as refused:
        token_of(tmp_path / "token")
    assert "no token" in str(refused.value)


def test_a_token_is_read_without_its_line_end(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret\n")
    assert token_of(tmp_path / "token") == "secret"
    assert token_of(None) is None
