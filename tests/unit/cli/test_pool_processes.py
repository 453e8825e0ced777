"""Processes of a pool: none runs what lies in the folder in which somebody works, which may be hostile."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from plantproof.cache import cache_folder
from plantproof.cli import pool_processes
from plantproof.cli.pool_processes import SAFE_PATH, safe_path
from plantproof.cli.site_pool import _start

STARTING = """
import sys
import threading
from plantproof.cli import pool_processes
from plantproof.cli.site_pool import in_pool
from plantproof.cli.work import Job

if __name__ == "__main__":
    pool_processes.COPIED = pool_processes.COPIED and sys.argv[1] != "each by itself"
    if sys.argv[1] == "beside a thread":
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    try:
        list(in_pool((), [Job(0, "", site, "2026-11-20") for site in "ab"], len, 2))
    except IndexError:  # there is no setting: so says a process that has started
        print(pool_processes.pool_context().get_start_method())
"""


WAITING = """
import os
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from plantproof.cli import pool_processes
from plantproof.cli.site_pool import _start

if __name__ == "__main__":
    pool_processes.COPIED = pool_processes.COPIED and sys.argv[1] != "each by itself"
    if sys.argv[1] == "beside a thread":
        threading.Thread(target=time.sleep, args=[600], daemon=True).start()
    given = ((), len, dict(os.environ))
    pool = ProcessPoolExecutor(2, pool_processes.pool_context(), initializer=_start, initargs=given)
    started = [pool.submit(os.getpid), pool.submit(os.getpid)]
    print([each.result() for each in started], flush=True)
    busy = [pool.submit(time.sleep, 600) for _ in range(4)]
    time.sleep(600)
"""


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder in which everything is called as something that Python loads, and leaves a mark where that is run."""
    folder = tmp_path / "hostile"
    folder.mkdir()
    for name in sys.stdlib_module_names - set(sys.builtin_module_names) | {"git", "msgspec", "plantproof"}:
        (folder / f"{name}.py").write_text(f"open({str(tmp_path / 'mark')!r}, 'a').write({name!r})\nraise SystemExit\n")
    return folder


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "tool" / "start.py"
    path.parent.mkdir()
    path.write_text(STARTING)
    return path


@pytest.mark.parametrize(
    ("started", "temporary"),
    [("copied", "t"), ("beside a thread", "t"), ("beside a thread", "t" * 200), ("each by itself", "t")],
    ids=["copied", "beside a thread", "no place for a socket", "each by itself"],
)
def test_what_lies_in_the_working_directory_is_not_run(
    started: str, temporary: str, hostile: Path, script: Path, tmp_path: Path
) -> None:
    (tmp_path / temporary).mkdir()
    environment = {name: value for name, value in os.environ.items() if name != SAFE_PATH}
    run = subprocess.run(
        [sys.executable, str(script), started],
        cwd=hostile,
        env={**environment, "TMPDIR": str(tmp_path / temporary)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert not (tmp_path / "mark").exists()
    # From 3.14 on Python looks for another place where the name of one is too long for a socket.
    room = temporary == "t" or sys.version_info >= (3, 14)
    how = {"copied": "fork", "beside a thread": "forkserver" if room else "spawn"} if sys.platform == "linux" else {}
    assert (run.returncode, run.stdout) == (0, f"{how.get(started, 'spawn')}\n"), run.stderr


@pytest.mark.parametrize("before", [None, "", "yes"])
def test_the_caller_keeps_its_environment(before: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SAFE_PATH, raising=False)
    if before is not None:
        monkeypatch.setenv(SAFE_PATH, before)
    with safe_path():
        assert os.environ[SAFE_PATH] == "1"
    assert os.environ.get(SAFE_PATH) == before


def test_a_process_has_the_environment_of_who_asks_and_not_of_who_started_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool_processes._template()
    monkeypatch.setenv("PLANTPROOF_CACHE_DIR", str(tmp_path))
    given = ((), len, dict(os.environ))
    with ProcessPoolExecutor(1, pool_processes._template(), initializer=_start, initargs=given) as pool:
        assert pool.submit(cache_folder).result() == tmp_path


@pytest.mark.parametrize("watches", [True, False])
def test_another_process_is_started_ahead_only_where_a_bar_will_be_drawn(
    watches: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    monkeypatch.setattr(pool_processes, "watched", lambda: watches)
    monkeypatch.setattr(pool_processes, "_template", lambda: started.append("template"))
    pool_processes.prepare_pool()
    assert started == ["template"] * watches


@pytest.mark.parametrize("started", ["copied", "beside a thread", "each by itself"])
def test_no_process_outlives_who_asked(started: str, tmp_path: Path) -> None:
    """It is killed by whoever waits no longer, and what it started would hold its output for ever."""
    path = tmp_path / "start.py"
    path.write_text(WAITING)
    with subprocess.Popen([sys.executable, str(path), started], stdout=subprocess.PIPE) as asking:
        assert asking.stdout is not None
        assert asking.stdout.readline().startswith(b"[")
        asking.kill()
        assert asking.communicate(timeout=60) == (b"", None)
