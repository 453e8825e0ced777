"""Several processes give the bytes of one, and a process that dies is no pass."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.synthetic import Plan, write_project

from plantproof import pipeline
from plantproof.cli import pool_processes, sites
from plantproof.cli.assessing import EngineChoice, open_at
from plantproof.cli.site_pool import conclude_in_pool
from plantproof.cli.start import run
from plantproof.errors import InputError
from plantproof.pipeline import load_judge

SITES = 8
COPIED = """
import sys
from plantproof.cli import pool_processes, site_pool, sites
from plantproof.cli.start import run

def noted():
    context = pool_processes.pool_context()
    print(context.get_start_method(), flush=True)
    return context

site_pool.pool_context, sites.WORTHWHILE = noted, 1
sys.exit(run(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic") / "plant"
    write_project(folder, Plan(160, SITES, "B", 3))
    return folder


@pytest.fixture
def _worthwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "WORTHWHILE", 1)


def reports(plant: Path, output: Path, jobs: int, *formats: str, at: tuple[str, ...] = ("--at", "HEAD")) -> list[bytes]:
    """What `check` writes in the formats, with that many jobs."""
    arguments = ["check", "-C", str(plant), *at, "--date", "2026-06-02", "--quiet", "--jobs", str(jobs)]
    paths = [output / f"{jobs}.{name}" for name in formats]
    for name, path in zip(formats, paths, strict=True):
        arguments += ["--format", name, "--output", str(path)]
    assert run(arguments) == 1
    return [path.read_bytes() for path in paths]


@pytest.mark.usefixtures("_worthwhile")
@pytest.mark.parametrize("at", [("--at", "HEAD"), ()])
@pytest.mark.parametrize("formats", [("json",), ("json", "text", "csv")])
def test_two_processes_write_the_bytes_of_one(
    formats: tuple[str, ...], at: tuple[str, ...], plant: Path, tmp_path: Path
) -> None:
    alone = reports(plant, tmp_path, 1, *formats, at=at)
    together = reports(plant, tmp_path, 2, *formats, at=at)
    assert alone == together
    assert b'"gaps": [\n    {' in together[0]


@pytest.mark.skipif(not pool_processes.COPIED, reason="this system copies no processes")
@pytest.mark.parametrize("option", ["--cache", "--no-cache"])
def test_nothing_runs_beside_a_check_that_is_copied(option: str, plant: Path, tmp_path: Path, root: Path) -> None:
    """Whatever starts a thread before the pool makes each of its processes load the program anew. In a process of its
    own: tests have threads."""
    words = ["check", "-C", str(plant), "--at", "HEAD", "--date", "2026-06-02", "--jobs", "2", option]
    done = subprocess.run(
        [sys.executable, "-c", COPIED, *words, "--format", "csv", "--output", str(tmp_path / "gaps.csv")],
        env={**os.environ, "PYTHONPATH": str(root / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "fork\n"), done.stderr


@pytest.mark.usefixtures("_worthwhile")
def test_wrong_evidence_is_told_as_by_one_process(
    plant: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "plant"
    write_project(folder, Plan(40, 2, "B", 3))
    record = next((folder / "evidence/site-001/sensor/records").iterdir())
    record.write_bytes(record.read_bytes().replace(b"Vendor", b"vendor"))
    told = []
    for jobs in ("1", "2"):
        assert run(["check", "-C", str(folder), "--date", "2026-06-02", "--jobs", jobs]) == 2
        told.append(capsys.readouterr())
    assert told[0] == told[1]
    assert "edited by hand" in told[0].err


def test_a_process_that_is_killed_leaves_no_site_without_a_word(plant: Path) -> None:
    opened = open_at(plant, "HEAD", "2026-06-02", "pinned")
    judge = load_judge(opened.project)
    found = conclude_in_pool(opened, judge, sorted(judge.intent.sites), EngineChoice(), 1)
    assert next(iter(found)).conclusions.site.id == "site-000"
    for process in multiprocessing.active_children():
        process.kill()
    with pytest.raises(InputError, match=r"a process that judged sites ended before its time; site-00\d has no result"):
        list(found)


@pytest.mark.usefixtures("_worthwhile")
def test_one_process_where_more_would_not_help(plant: Path) -> None:
    opened = open_at(plant, "HEAD", "2026-06-02", "pinned")
    names = sorted(f"site-{number:03}" for number in range(SITES))
    assert sites.processes_for(opened, names, EngineChoice(jobs=2)) == 2
    assert sites.processes_for(opened, names, EngineChoice(jobs=99)) == SITES
    assert sites.processes_for(opened, names, EngineChoice(jobs=1)) == 1
    assert sites.processes_for(opened, names[:1], EngineChoice(jobs=2)) == 1
    assert sites.processes_for(opened, names, EngineChoice(jobs=2, engine="opa", opa_url="http://127.0.0.1:1")) == 1


def test_a_small_plant_is_judged_where_it_is(plant: Path) -> None:
    opened = open_at(plant, "HEAD", "2026-06-02", "pinned")
    names = sorted(f"site-{number:03}" for number in range(SITES))
    assert sites.processes_for(opened, names, EngineChoice(jobs=2)) == 1


@pytest.mark.usefixtures("_worthwhile")
@pytest.mark.parametrize(
    ("options", "before", "first"),
    [
        (("--jobs", "2", "--no-cache"), False, ["processes"]),
        (("--jobs", "2", "--cache"), False, ["processes"]),
        (("--jobs", "2", "--cache"), True, []),  # every site is known, and what must hold
        (("--jobs", "1", "--no-cache"), False, ["judge"]),
        (("--jobs", "2", "--no-cache", "--site", "site-000"), False, ["judge"]),
    ],
)
def test_processes_are_prepared_before_what_must_hold_is_read_where_all_sites_are_judged_in_them(
    options: tuple[str, ...],
    before: bool,
    first: list[str],
    plant: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command = ["check", "-C", str(plant), "--at", "HEAD", "--date", "2026-06-02", "--quiet", *options]
    if before:
        assert run(command) == 1
    order: list[str] = []
    start, read = pool_processes.prepare_pool, pipeline.load_judge

    def started() -> None:
        order.append("processes")
        start()

    def judge(*given: object) -> object:
        order.append("judge")
        return read(*given)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(pool_processes, "prepare_pool", started)
    monkeypatch.setattr(pipeline, "load_judge", judge)
    assert run([*command, "--format", "csv", "--output", str(tmp_path / "gaps.csv")]) == 1
    assert order[:1] == first
