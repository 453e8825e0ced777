"""`plantproof explain --impact`: what it takes, and what it refuses to call nothing."""

from __future__ import annotations

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
