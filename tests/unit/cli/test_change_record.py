"""`approvals record`: which change record an uncommitted collection belongs to, for the trailer of its commit."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.exports import IOS
from tests.support.project import at

from plantproof.cli.start import run

RECORD = """schema: plantproof/change/1
id: {id}
title: Raise the timeout
site: works
requested_by: Lee Works
responsible: Kim Plant
assets: [sw-77]
window: {{from: 2026-11-19T20:00Z, until: 2026-11-19T22:00Z}}
rollback_plan: Restore revision 7.
"""


def printed(capsys: pytest.CaptureFixture[str], date: str = "2026-11-20") -> str:
    assert run(["approvals", "record", "--date", date]) == 0
    return capsys.readouterr().out


@pytest.fixture
def collected(project: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The project with a record, and the switch collected again and not committed."""
    at(project).commit("Announce", **{"controls/changes/CHG-1.yaml": RECORD.format(id="CHG-1")})
    export = project.parent / "sw-77.cfg"
    export.write_text(IOS.replace("exec-timeout 10 0", "exec-timeout 9 0"))
    arguments = ["collect", "--source", "switches", "--by", "Kim", "--at", "2026-11-20T01:00:00Z", "-q", str(export)]
    assert run(arguments) == 0
    capsys.readouterr()
    return project


def test_the_record_of_the_device_and_the_night(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys) == "CHG-1\n"


def test_a_night_long_after_has_none(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "2026-11-29") == ""


def test_of_several_that_fit_none_does(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at(collected).write(**{"controls/changes/CHG-2.yaml": RECORD.format(id="CHG-2")})
    assert printed(capsys) == ""


def test_nothing_collected_belongs_to_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at(project).commit("Announce", **{"controls/changes/CHG-1.yaml": RECORD.format(id="CHG-1")})
    assert printed(capsys) == ""
