"""An answer that is given again is the answer that would be given: same bytes, same code, or none at all."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.support.project import at

from plantproof.cache import Cache
from plantproof.cli import answered, history
from plantproof.cli.answered import LARGEST, PIECE, SMALLEST, Answer, replay
from plantproof.cli.application import application
from plantproof.cli.check import command
from plantproof.cli.question import FORMATS, HISTORY_FORMATS, asked
from plantproof.cli.start import run
from plantproof.git_range import first_parents
from plantproof.model.assessment import Totals
from plantproof.pipeline import assess
from plantproof.reports.history_report import FORMATS as OF_HISTORY
from plantproof.reports.reporters import BUILT_IN

HEAD = ["check", "--at", "HEAD", "--cache"]


@pytest.fixture(autouse=True)
def _no_forge(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PLANTPROOF_CACHE", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "CI_PROJECT_URL"):
        monkeypatch.delenv(name, raising=False)


def entries(cache: Path) -> list[Path]:
    return sorted(cache.rglob("*.entry"))


@pytest.mark.parametrize(
    "options",
    [
        ["--format", "json", "--output", "a.json", "--format", "csv", "--output", "a.csv"],
        ["--format", "sarif", "--output=b/c.sarif", "--exit-zero", "-q"],
        ["-v", "--fail-on", "critical", "--site", "works", "--jobs", "1", "-C", "."],
        ["--date", "2027-06-01", "--fail-on", "critical,stale"],
        ["--date", "2026-11-25", "--format", "text", "--output", "-", "--format", "json", "--output", "a.json"],
    ],
)
def test_the_same_bytes_and_the_same_code(
    options: list[str], project: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    def everything(code: int | None) -> object:
        files = {path: path.read_bytes() for path in sorted(project.glob("**/[abc].*")) if ".git" not in path.parts}
        for path in files:
            path.unlink()
        return code, capfdbinary.readouterr(), files

    plain = everything(run(["check", "--at", "HEAD", "--no-cache", *options]))
    assert replay([*HEAD, *options]) is None
    first = everything(run([*HEAD, *options]))
    again = everything(replay([*HEAD, *options]))
    assert plain == first == again


def test_nothing_that_judges_is_loaded(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run([*HEAD, "-q"])
    for name in ("click", "msgspec", "plantproof.pipeline", "plantproof.git"):
        monkeypatch.setitem(sys.modules, name, None)
    assert replay([*HEAD, "-q"]) == 1


def test_another_commit_option_or_installation_is_another_question(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run([*HEAD, "-q"])
    assert replay([*HEAD, "-q"]) == 1
    assert replay([*HEAD, "-q", "--fail-on", "low"]) is None
    assert replay([*HEAD, "-q", "--date", "2026-11-20"]) is None
    assert replay(["check", "--at", "HEAD", "-q", "--no-cache"]) is None
    assert replay(["check", "--cache", "-q"]) is None
    monkeypatch.setenv("CI_PROJECT_URL", "https://forge.example/works")
    assert replay([*HEAD, "-q"]) is None
    monkeypatch.delenv("CI_PROJECT_URL")
    with monkeypatch.context() as patched:
        patched.setattr(answered, "code_digest", lambda: "other")
        assert replay([*HEAD, "-q"]) is None
    with monkeypatch.context() as patched:
        patched.setattr(answered, "content_digest", lambda: "other")
        assert replay([*HEAD, "-q"]) is None
    with monkeypatch.context() as patched:
        patched.setattr(answered, "_packages", lambda: ["plugin-2.dist-info"])
        assert replay([*HEAD, "-q"]) is None
    (project / "README.md").write_text("x")
    at(project).commit("Another commit, although of nothing that is judged")
    assert replay([*HEAD, "-q"]) is None


def test_a_ref_that_is_none_or_two_is_left_to_the_command(project: Path, tmp_path: Path) -> None:
    run([*HEAD, "-q"])
    for ref in ("nowhere", "-x", "HEAD HEAD", "HEAD\n", ""):
        assert replay(["check", "--at", ref, "--cache", "-q"]) is None
    assert replay(["check", "--at", "HEAD", "--cache", "-q", "-C", str(tmp_path)]) is None


def test_a_commit_from_the_future_is_not_answered(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run([*HEAD, "-q"])
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert replay([*HEAD, "-q"]) is None
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    assert replay([*HEAD, "-q"]) is None


@pytest.mark.parametrize("several", [0, 100], ids=["by two", "by one"])
def test_any_damaged_entry_is_found_and_computed_again(
    several: int, project: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bit flips anywhere, an entry is cut, emptied or swapped with another: the answer stays what it is."""
    monkeypatch.setattr(answered, "SEVERAL", several)
    options = [*HEAD, "--format", "json", "--output", "a.json", "-q"]
    assert run(options) == 1
    whole = (project / "a.json").read_bytes()
    for number, path in enumerate(entries(cache)):
        data = path.read_bytes()
        spoilt = {
            0: bytes([data[0] ^ 1]) + data[1:],
            1: data[:-1] + bytes([data[-1] ^ 128]),
            2: data[: len(data) // 2],
            3: b"",
            4: entries(cache)[number - 1].read_bytes(),
        }[number % 5]
        path.write_bytes(spoilt)
        (project / "a.json").unlink()
        code = replay(options)
        if code is None:
            assert not (project / "a.json").exists()
            code = run(options)
        assert (code, (project / "a.json").read_bytes()) == (1, whole)


def test_an_output_that_cannot_be_written_is_left_to_the_command(project: Path) -> None:
    options = [*HEAD, "--format", "json", "--output", "out/a.json", "-q"]
    assert run(options) == 1
    shutil.rmtree(project / "out")
    (project / "out").write_text("in the way")
    assert replay(options) is None
    assert run(options) == 2


def test_a_reader_that_went_away_ends_it_as_ever(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(HEAD)

    class Gone(io.BytesIO):
        def write(self, data: object) -> int:
            raise BrokenPipeError

    class Standard(io.StringIO):
        buffer = Gone()

        def fileno(self) -> int:
            return duplicate

    with (project / "sink").open("wb") as sink:
        duplicate = sink.fileno()
        monkeypatch.setattr(sys, "stdout", Standard())
        assert replay(HEAD) == answered.READER_GONE


WORDS = ["--at", "HEAD", "-q", "-v", "--site", "works", "--format", "json", "text", "--output", "a", "-", "--cache"]
WORDS += ["--no-cache", "--date", "2026-11-20", "--exit-zero", "-C", ".", "--at=HEAD", "--fail-on", "low", "-qv", "--x"]


@given(some.lists(some.sampled_from(WORDS), max_size=9))
def test_what_is_understood_is_what_click_understands(words: list[str]) -> None:
    """Whatever the short reader makes of a command line, click makes of it too."""
    question = asked(["check", *words])
    if question is None:
        return
    with application.make_context("plantproof", ["check"]), command.make_context("check", list(words)) as context:
        given = context.params
    assert (question.refs, question.folder) == ([given["at"]], str(given["folder"]))
    assert question.date == (given["date"] or "")
    assert question.quiet == given["quiet"]
    assert given["cache"] is True or given["cache"] is None
    assert question.rest.count(repr(given["fail_on"])) >= 1
    names = given["formats"] or ("text",)
    assert [name for name, _ in question.places] in ([*names], [name for name in names if name != "text"])


def test_the_formats_are_the_built_in_ones() -> None:
    assert set(FORMATS) == set(BUILT_IN)
    assert set(HISTORY_FORMATS) == set(OF_HISTORY)


def test_a_history_is_given_again_too(project: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (project / "controls/README.md").write_text("x")
    at(project).commit("Another")
    report = ["report", "history", "--cache", "--format", "json", "--output", "a.json", "--format", "text"]
    given = []
    for options in ([], ["--last", "1"], ["--from", "HEAD~1"]):
        assert replay([*report, *options]) is None
        assert run([*report, *options]) == 0
        first = capfdbinary.readouterr().out, (project / "a.json").read_bytes()
        (project / "a.json").unlink()
        assert replay([*report, *options]) == 0
        assert (capfdbinary.readouterr().out, (project / "a.json").read_bytes()) == first
        given.append(first)
    assert given[0] != given[1] == given[2]
    for options in (["--last", "0"], ["--last", "x"], ["--site", "nowhere"], ["--verbose"], ["--to", "HEAD~1"]):
        assert replay([*report, *options]) is None


def test_a_branch_that_moves_meanwhile_lends_its_answer_to_no_other_commit(
    project: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    words = ["report", "history", "--format", "json", "-q"]

    def while_somebody_commits(*given: object, **named: object) -> object:
        commits = first_parents(*given, **named)  # type: ignore[arg-type]  # as it is called
        (project / "controls/sites/works.yaml").write_text("schema: nonsense\n")
        at(project).commit("Break the site file")
        return commits

    monkeypatch.setattr(history, "first_parents", while_somebody_commits)
    assert run([*words, "--cache"]) == 0
    monkeypatch.setattr(history, "first_parents", first_parents)
    before = capfdbinary.readouterr().out
    assert replay([*words, "--cache"]) is None
    assert run([*words, "--no-cache"]) == 0
    assert capfdbinary.readouterr().out != before


def test_a_history_with_a_commit_that_was_not_judged_is_made_again(project: Path) -> None:
    intent = project / "controls/sites/works.yaml"
    whole = intent.read_text()
    intent.write_text("schema: nonsense\n")
    at(project).commit("Break the site file")
    words = ["report", "history", "--cache", "-q"]
    assert run(words) == 0
    assert replay(words) is None, "git may have been too slow, once"
    intent.write_text(whole)
    at(project).commit("Mend it")
    assert run([*words, "--last", "1"]) == 0
    assert replay([*words, "--last", "1"]) == 0


def test_an_answer_that_a_limit_cut_short_is_not_kept(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*given: object, **more: object) -> object:
        found = assess(*given, **more)  # type: ignore[arg-type]  # passed on as it came
        broken = msgspec.structs.replace(found.policies[0], totals=Totals(error=1))
        return msgspec.structs.replace(found, policies=[broken, *found.policies[1:]])

    with monkeypatch.context() as patched:
        patched.setattr("plantproof.pipeline.assess", failing)
        assert run([*HEAD, "-q"]) == 1
    assert replay([*HEAD, "-q"]) is None
    assert run([*HEAD, "-q"]) == 1
    assert replay([*HEAD, "-q"]) == 1


@given(some.lists(some.binary(max_size=3 * SMALLEST // 2), max_size=5), some.integers(0, 4))
def test_pieces_join_to_what_was_given(tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], at: int) -> None:
    kept = Cache(tmp_path_factory.mktemp("pieces") / "cache")
    answer = Answer(kept, [], [], "", "")
    answer._key = "some"
    assert list(answer.noting(parts)) == parts
    assert b"".join(kept.get(PIECE, name) or b"" for name in answer._reports[0]) == b"".join(parts)


@settings(max_examples=20)
@given(some.lists(some.integers(SMALLEST, 3 * SMALLEST), max_size=20))
def test_two_write_what_one_writes(tmp_path_factory: pytest.TempPathFactory, sizes: list[int]) -> None:
    parts = [bytes([number]) * size for number, size in enumerate(sizes)]
    folder = tmp_path_factory.mktemp("pieces")
    kept = Cache(folder / "cache")
    answer = Answer(kept, [], [], "", "")
    answer._key = "some"
    list(answer.noting(parts))
    answered._write(str(folder / "report"), kept, answer._reports[0])
    assert (folder / "report").read_bytes() == b"".join(parts)


def test_two_reports_that_differ_in_one_place_share_their_pieces(cache: Path) -> None:
    rows = [b"%06d %s\n" % (number, b"x" * 200) for number in range(20_000)]
    kept = Cache(cache)
    answer = Answer(kept, [], [], "", "")
    answer._key = "some"
    list(answer.noting(rows))
    list(answer.noting([*rows[:5000], b"another row\n", *rows[5000:]]))
    one, other = map(set, answer._reports)
    assert len(one) >= len(rows) * 200 // LARGEST
    assert len(other - one) <= 2


def test_a_link_is_not_replaced_by_an_answer_either(project: Path, tmp_path: Path) -> None:
    place, target = tmp_path / "report.json", tmp_path / "target"
    asking = [*HEAD, "-q", "--format", "json", "--output", str(place)]
    assert run(asking) == replay(asking) == 1
    place.unlink()
    target.write_text("before")
    place.symlink_to(target)
    assert replay(asking) is None
    assert run(asking) == 2
    assert (place.is_symlink(), target.read_text()) == (True, "before")
