"""Check with a cache after the evidence changed: the bytes and the exit code of a check without one, whatever anybody
did to the evidence or to the cache."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.carried_world import added, removed, set_field
from tests.support.edited_project import ROOT, SETTINGS, edit, first, fit, telnet
from tests.support.git_repository import GitRepository
from tests.support.project import DAY, at

from plantproof.cache import Cache
from plantproof.cli import carried_sites
from plantproof.cli.kept_plants import NEWEST
from plantproof.cli.kept_sites import SITE
from plantproof.cli.start import run

RAW = f"{ROOT}raw/sw-77.cfg"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
Edit = Callable[[Path], None]


@pytest.fixture(scope="module")
def warmed(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache after the project was checked once."""
    folder = tmp_path_factory.mktemp("warm") / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLANTPROOF_CACHE_DIR", str(folder))
        output = folder.parent / "warm.json"
        assert run(["check", "-C", str(template), *CHECK, "--cache", "--format", "json", "--output", str(output)]) == 1
    return folder


CHECK = ["--at", "HEAD", "--date", DAY, "--jobs", "1", "-q"]


@pytest.fixture(autouse=True)
def cache(warmed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    shutil.copytree(warmed, folder)
    monkeypatch.setenv("PLANTPROOF_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether sites were carried over, in turn."""
    found: list[bool] = []
    plain = carried_sites.carried_site

    def noting(*arguments: object) -> object:
        made = plain(*arguments)  # type: ignore[arg-type]  # passed on as it came
        found.append(made is not None)
        return made

    monkeypatch.setattr(carried_sites, "carried_site", noting)
    return found


def entries_become(monkeypatch: pytest.MonkeyPatch, kind: str, other: Callable[[bytes], bytes]) -> None:
    """Let what was kept of one kind be read as something else."""
    plain = Cache.get

    def get(self: Cache, asked: str, key: str) -> bytes | None:
        found = plain(self, asked, key)
        return other(found) if found is not None and asked == kind else found

    monkeypatch.setattr(Cache, "get", get)


def check(project: Path, capsys: pytest.CaptureFixture[str], *options: str, date: str = DAY) -> tuple[int, bytes, str]:
    """Exit code, report and words of a check."""
    output = project.parent / "findings.json"
    output.unlink(missing_ok=True)
    arguments = ["check", "-C", str(project), *CHECK, "--date", date, "--format", "json", "--output", str(output)]
    code = run([*arguments, *options])
    return code, output.read_bytes() if output.exists() else b"", capsys.readouterr().err


def same(project: Path, capsys: pytest.CaptureFixture[str], date: str = DAY) -> int:
    """The exit code, which is that without a cache, as is all that is said."""
    found = check(project, capsys, "--cache", date=date)
    assert found == check(project, capsys, "--no-cache", date=date)
    return found[0]


def test_a_change_that_a_collection_would_bring_is_carried(
    project: Path, carried: list[bool], capsys: pytest.CaptureFixture[str]
) -> None:
    before = check(project, capsys, "--cache")
    telnet(project)
    fit(project)
    at(project).commit("Collect again")
    assert same(project, capsys) == 1
    assert carried == [True]
    assert check(project, capsys, "--cache") != before
    assert carried == [True], "what was carried is kept like any other"


def by_hand(project: Path) -> None:
    edit(project, SETTINGS, removed(f"{first(project)}/telnet.enabled"))


def sighting(project: Path) -> None:
    edit(project, f"{ROOT}sightings/setting.jsonl", lambda lines: lines[0].update(line=99))


def unlisted(project: Path) -> None:
    (project / ROOT / "raw/more.cfg").write_bytes(b"x\n")


def ghost(project: Path) -> None:
    folder = project / "evidence/works/ghost/raw"
    folder.mkdir(parents=True)
    (folder / "x.cfg").write_bytes(b"x\n")


def missing(project: Path) -> None:
    (project / SETTINGS).unlink()


def raw(project: Path) -> None:
    (project / RAW).write_bytes((project / RAW).read_bytes() + b"!\n")


def link(project: Path) -> None:
    (project / SETTINGS).unlink()
    (project / SETTINGS).symlink_to("asset.jsonl")


def pointer(project: Path) -> None:
    (project / RAW).write_bytes(POINTER)
    fit(project)


def no_json(project: Path) -> None:
    (project / SETTINGS).write_bytes((project / SETTINGS).read_bytes() + b"{\n")
    fit(project)


def twice(project: Path) -> None:
    asset = first(project)
    record = {"id": f"{asset}/telnet.enabled", "asset": asset, "key": "telnet.enabled", "value": True}
    edit(project, SETTINGS, added(**record, method="config"))
    fit(project)


def proposed(project: Path) -> None:
    edit(project, SETTINGS, set_field(f"{first(project)}/telnet.enabled", method="proposed"))
    fit(project)


def future(project: Path) -> None:
    telnet(project)
    fit(project, collected_at="2026-12-01T05:30:00Z")


def unknown_zone(project: Path) -> None:
    fit(project, covers=[{"kind": "setting", "zones": ["nowhere"]}])


WRONG: list[Edit] = [
    by_hand,
    sighting,
    unlisted,
    ghost,
    missing,
    raw,
    link,
    pointer,
    no_json,
    twice,
    proposed,
    future,
    unknown_zone,
]


@pytest.mark.parametrize("change", WRONG)
def test_wrong_evidence_is_told_with_a_cache_too(
    change: Edit, project: Path, carried: list[bool], capsys: pytest.CaptureFixture[str]
) -> None:
    change(project)
    at(project).commit("Change evidence")
    assert same(project, capsys) == 2
    assert carried in ([False], []), "a link is refused before any site is judged"


def widened(project: Path) -> None:
    telnet(project)
    fit(project, covers=[{"kind": "setting"}, {"kind": "account"}, {"kind": "service"}])


def vantage(project: Path) -> None:
    telnet(project)
    fit(project, vantage={"sensor": "tap-1"})


def as_table(project: Path) -> None:
    telnet(project)
    fit(project, format="csv")


def spaces(project: Path) -> None:
    old = (project / SETTINGS).read_bytes()
    (project / SETTINGS).write_bytes(old.replace(b'"value":', b'"value": ').replace(b'"asset":', b'"asset": '))
    fit(project)


@pytest.mark.parametrize("change", [widened, vantage, as_table, spaces])
def test_evidence_that_speaks_otherwise_is_judged_as_a_whole(
    change: Edit, project: Path, carried: list[bool], capsys: pytest.CaptureFixture[str]
) -> None:
    change(project)
    at(project).commit("Change evidence")
    assert same(project, capsys) in (0, 1)
    assert carried == [False]


def changed(project: Path) -> GitRepository:
    telnet(project)
    fit(project)
    repository = at(project)
    repository.commit("Collect again")
    return repository


def test_evidence_that_git_does_not_have_any_more(
    project: Path, carried: list[bool], capsys: pytest.CaptureFixture[str]
) -> None:
    repository = changed(project)
    repository.git("checkout", "-q", "--orphan", "fresh")
    repository.commit("Begin anew")
    repository.git("branch", "-D", "main")
    repository.git("reflog", "expire", "--expire=now", "--all")
    repository.git("gc", "-q", "--prune=now")
    assert same(project, capsys) == 1
    assert carried == [False]


@pytest.mark.parametrize("length", [0, 10, -1])
def test_entries_that_are_cut_short(
    length: int, project: Path, cache: Path, carried: list[bool], capsys: pytest.CaptureFixture[str]
) -> None:
    changed(project)
    entries = list(cache.rglob("*.entry"))
    assert entries
    for path in entries:
        path.write_bytes(path.read_bytes()[:length])
    assert same(project, capsys) == 1
    assert carried == [False]


@pytest.mark.parametrize("kind", [NEWEST, SITE])
def test_entries_that_hold_less_than_was_kept(
    kind: str,
    project: Path,
    carried: list[bool],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changed(project)
    entries_become(monkeypatch, kind, lambda found: found[: len(found) // 2])
    assert same(project, capsys) == 1
    assert carried == [False]


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'["x", []]', b'["x", [["../../etc/passwd", "00", "100644"]]]', b"\xff\xfe"]
)
def test_entries_of_another_form(
    data: bytes,
    project: Path,
    carried: list[bool],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changed(project)
    entries_become(monkeypatch, NEWEST, lambda found: data)
    assert same(project, capsys) == 1
    assert carried == [False]


def test_two_runs_at_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(project)
    outputs = [project.parent / f"run-{number}.json" for number in range(2)]
    program = "import sys; from plantproof.cli.start import run; sys.exit(run(sys.argv[1:]))"
    arguments = [sys.executable, "-c", program, "check", "-C", str(project), *CHECK, "--cache", "--format", "json"]
    runs = [subprocess.Popen([*arguments, "--output", str(output)]) for output in outputs]
    assert [each.wait() for each in runs] == [1, 1]
    _, alone, _ = check(project, capsys, "--no-cache")
    assert [output.read_bytes() for output in outputs] == [alone, alone]
    assert check(project, capsys, "--cache")[1] == alone


def test_on_another_day_of_the_same_stretch(
    project: Path, carried: list[bool], capsys: pytest.CaptureFixture[str]
) -> None:
    changed(project)
    assert same(project, capsys, date="2026-11-23") == 1
    assert same(project, capsys, date="2027-06-01") == 1
    assert carried == [True, False]
