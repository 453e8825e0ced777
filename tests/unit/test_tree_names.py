"""Names that exist alike on every system, inside the project."""

from __future__ import annotations

import pytest

from plantproof.tree_names import check_names, lies_under


@pytest.mark.parametrize(
    "path",
    ["controls/a b.yaml", "evidence/s/SR 1.1 RE 1.csv", "evidence/\u00fcber/x'y.csv", "evidence/console.csv", ".x"],
)
def test_ordinary_names_are_fine(path: str) -> None:
    assert check_names([path]) == []


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("../x", "leads out"),
        ("a/../../x", "leads out"),
        ("/etc/passwd", "leads out"),
        ("a//b", "leads out"),
        ("a/./b", "leads out"),
        ("a/.GIT/config", "git's own"),
        ("a/git~1", "git's own"),
        ("a\\b", "cannot store"),
        ("C:x", "cannot store"),
        ("a?", "cannot store"),
        ("aux", "reserved"),
        ("a/Lpt1.tar.gz", "reserved"),
        ("a/com\u00b9", "reserved"),
        ("a/nul .txt", "reserved"),
        ("a.", "drops"),
        ("a /b", "drops"),
        ("a\x9bb", "control character"),
        ("a\u202eb", "control character"),
        ("x" * 256, "255"),
        ("\u00fc" * 128, "255"),
    ],
)
def test_name_is_refused(path: str, message: str) -> None:
    problems = check_names([path])
    assert len(problems) == 1
    assert message in problems[0].message


def test_names_that_differ_in_case_only() -> None:
    problems = check_names(["a/B.yaml", "a/b.yaml", "A/c.yaml", "a/stra\u00dfe", "a/STRASSE"])
    assert [(problem.path, problem.hint.split(";")[0]) for problem in problems] == [
        ("a/B.yaml", "the other is A"),
        ("a/STRASSE", "the other is A"),
        ("a/b.yaml", "the other is A"),
        ("a/stra\u00dfe", "the other is A"),
    ]
    assert [problem.path for problem in check_names(["a/B.yaml", "a/b.yaml"])] == ["a/b.yaml"]


def test_names_that_differ_in_composition_only() -> None:
    assert [problem.path for problem in check_names(["a/\u00fc", "a/u\u0308"])] == ["a/\u00fc"]


def test_what_lies_under_a_folder() -> None:
    assert lies_under("a/b", "a")
    assert not lies_under("ab", "a")
    assert lies_under("a", "")
