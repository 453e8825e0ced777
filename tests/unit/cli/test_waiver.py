"""`plantproof waiver new`: what it says once the file is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from plantproof.cli.start import run

ASKED = (
    *("--site", "works", "--policy", "confidentiality/snmp_secure", "--control", "SR 4.1", "--reason", "old"),
    *("--owner", "Kim Reader", "--approver", "Alex Plant", "--expires", "2027-05-31"),
)


def test_it_names_the_command_that_shows_what_it_lets_pass(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A subject that is misspelt lets nothing pass, and which names there are is known after judging only."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795176000")  # 2026-11-20
    assert run(["waiver", "new", "--id", "W-1", "--subject", "sw-78", *ASKED]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "`plantproof explain W-1` lists the gaps that it lets pass"
    assert run(["explain", "W-1"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "none of the 1 of this policy is about these subjects; they are about: sw-77" in told
