"""`plantproof explain --impact`: what it takes, and what it refuses to call nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.project import DAY

from plantproof.cli.start import run


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    "what",
    ["account.mfa", "account.*", "account", "zone", "SR 1.1", "confidentiality/snmp_secure", "office", "sw-77"],
)
def test_what_it_takes(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", what, "--impact", "--date", DAY]) == 0
    assert capsys.readouterr().out.startswith(f"{what} reaches\n")


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("account.mfaa", "account has no field `mfaa` (did you mean `mfa`?)"),
        ("account.", "account has no field `` (there are: id, "),
        ("zone.qqq", "no policy reads a field `qqq` of zone (there are: "),
        ("acount.mfa", "`acount.mfa` is no policy, control, kind, field, zone or asset of this project (did you mean"),
        ("SR 2.11 RE 2", "`SR 2.11 RE 2` is a requirement that no profile of this project selects"),
        ("office-line", "`office-line` is no policy, control, kind, field, zone or asset of this project"),
    ],
)
def test_what_it_refuses(what: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", what, "--impact", "--date", DAY]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err


REMOVING = """schema: plantproof/profile/1
id: works-ot
title: The OT overlay as the works tailor it
framework: sp800-53r5
extends: [ot-moderate]
tailoring:
  - control: ac-2.1
    action: remove
    reason: Decided for the whole company.
    approver: R. Amsel
    review_by: 2027-06-30
"""


def test_a_requirement_that_the_profile_takes_out_reaches_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = (project / "plantproof.yaml").read_text("utf-8").replace("[iec62443-sl2]", "[works-ot]")
    (project / "plantproof.yaml").write_text(settings, "utf-8")
    (project / "controls/profiles").mkdir()
    (project / "controls/profiles/works-ot.yaml").write_text(REMOVING, "utf-8")
    assert run(["explain", "ac-2.1", "--impact", "--date", DAY]) == 2
    assert "`AC-2(1)` is taken out by the profile works-ot: it reaches nothing" in capsys.readouterr().err
    assert run(["explain", "ac-2.1", "--date", DAY]) == 0
    assert "R. Amsel" in capsys.readouterr().out
