"""A Dask cluster of separate processes on the loopback: the bytes of one process, or none at all."""

from __future__ import annotations

import os
import re
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import distributed
import pytest
from benchmarks.devices import Plan
from benchmarks.growth import Grown
from benchmarks.synthetic import write_project

from plantproof.cli import dask_cluster
from plantproof.cli.assessing import EngineChoice
from plantproof.cli.dask_cluster import Task, do, installed
from plantproof.cli.start import run
from plantproof.cli.work import Job

DATE = ["--date", "2026-06-02"]


def started(workers: int) -> Any:
    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    )


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with started(2) as shared:
        yield shared


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grown") / "plant"
    plan = Plan(60, 3, "B", 3)
    write_project(folder, plan)
    step = Grown(folder, plan)
    step.change_records(3, site=1)
    step.edit_policy()
    return folder


def written(folder: Path, *arguments: str, code: int | None = None) -> bytes:
    output = folder.parent / "written.json"
    got = run([*arguments, "-C", str(folder), "-q", "--format", "json", "--output", str(output)])
    assert got == code if code is not None else got in (0, 1)
    data = output.read_bytes() if output.exists() else b""
    output.unlink(missing_ok=True)
    return data


def on(cluster: Any) -> list[str]:
    return ["--executor", "dask", "--scheduler", cluster.scheduler_address]


def test_check_writes_the_bytes_of_one_process(cluster: Any, grown: Path) -> None:
    plain = written(grown, "check", "--at", "HEAD", *DATE)
    assert b'"gaps": [\n    {' in plain
    assert written(grown, "check", "--at", "HEAD", *DATE, *on(cluster)) == plain


def test_history_writes_the_bytes_of_one_process(cluster: Any, grown: Path) -> None:
    plain = written(grown, "report", "history", "--jobs", "1")
    assert written(grown, "report", "history", *on(cluster)) == plain


def test_wrong_evidence_is_told_as_here(cluster: Any, grown: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for options in ([], on(cluster)):
        assert run(["check", "-C", str(grown), "--at", "HEAD", "--date", "2026-01-01", *options]) == 2
        told.append([line for line in capsys.readouterr().err.splitlines() if "warning" not in line])
    assert told[0] == told[1]
    assert "after the date of the assessment" in told[0][0]


def once_under_way(monkeypatch: pytest.MonkeyPatch, action: Callable[[], object]) -> None:
    """Do something when all jobs are handed out, and before the first answer is taken."""
    awaited, waiting = dask_cluster._awaited, [action]

    def acting(*given: Any) -> Any:
        while waiting:
            waiting.pop()()
        return awaited(*given)

    monkeypatch.setattr(dask_cluster, "_awaited", acting)


def test_a_worker_that_dies_is_survived(grown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = written(grown, "report", "history", "--jobs", "1")
    with started(2) as cluster:
        first = next(iter(cluster.workers.values()))
        once_under_way(monkeypatch, lambda: os.kill(first.pid, signal.SIGKILL))
        assert written(grown, "report", "history", *on(cluster)) == plain


def test_a_cluster_that_loses_all_its_workers_gives_no_result(
    grown: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dask_cluster, "LOST_SECONDS", 0.5)
    with started(1) as cluster:
        once_under_way(monkeypatch, lambda: cluster.scale(0))
        assert written(grown, "report", "history", *on(cluster), code=2) == b""
    assert "has lost all its workers" in capsys.readouterr().err


def test_a_scheduler_that_goes_away_gives_no_result(
    grown: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster = started(1)
    once_under_way(monkeypatch, cluster.close)
    assert written(grown, "report", "history", *on(cluster), code=2) == b""
    assert re.search("went away|is lost", capsys.readouterr().err)


def test_a_scheduler_that_is_down_is_named(
    grown: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dask_cluster, "CONNECT_SECONDS", 0.3)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    arguments = ["check", "--at", "HEAD", *DATE, "--executor", "dask", "--scheduler", address]
    assert written(grown, *arguments, code=2) == b""
    assert f"no Dask scheduler answers at {address}" in capsys.readouterr().err
    assert run(["check", "-C", str(grown), "--at", "HEAD", "--executor", "dask", "--scheduler", "nonsense://x"]) == 2


def test_another_version_is_refused(
    cluster: Any, grown: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = distributed.Client.get_versions

    def other(self: Any) -> Any:
        found = told(self)
        found["scheduler"]["packages"]["distributed"] = "1.0"
        return found

    monkeypatch.setattr(distributed.Client, "get_versions", other)
    assert written(grown, "check", "--at", "HEAD", *DATE, *on(cluster), code=2) == b""
    assert "the scheduler of the cluster" in capsys.readouterr().err


def test_a_worker_with_another_program_does_nothing(
    cluster: Any, grown: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dask_cluster, "installed", lambda: ("another program", "", ""))
    assert written(grown, "check", "--at", "HEAD", *DATE, *on(cluster), code=2) == b""
    assert "another program, content or engine" in capsys.readouterr().err


def test_a_worker_that_cannot_read_the_repository_says_so(tmp_path: Path) -> None:
    job = Job(0, "0" * 40, "works", "2026-06-02")
    answer = do(Task(tmp_path / "nowhere", "0" * 40, EngineChoice(), job, False, installed()))
    assert "a worker cannot read" in answer.words  # type: ignore[union-attr]  # a Refusal


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--executor", "dask", "--at", "HEAD"], "needs --scheduler"),
        (["--scheduler", "tcp://127.0.0.1:1", "--at", "HEAD"], "needs --executor dask"),
        (["--executor", "dask", "--scheduler", "tcp://127.0.0.1:1"], "add --at HEAD"),
        (["--executor", "dask", "--scheduler", "x", "--at", "HEAD", "--engine", "opa"], "leave --engine away"),
    ],
)
def test_what_a_cluster_needs_is_asked_before_anything_else(
    options: list[str], words: str, grown: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "-C", str(grown), *options]) == 2
    assert words in capsys.readouterr().err
