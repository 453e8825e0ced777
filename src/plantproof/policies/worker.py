"""Processes in which Rego runs: started when needed, limited, killed when late, replaced when dead.

A project under assessment may be hostile, and a Rego engine can be made to loop or to end its process. So no Rego is
parsed or evaluated in our own process: jobs go over pipes as JSON, never as pickles, to a script that imports nothing
of ours, in an isolated interpreter with an empty environment.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import queue
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from plantproof.bulk import widened
from plantproof.deadlines import ended_after
from plantproof.errors import InputError, refuse
from plantproof.installed_packages import version_of
from plantproof.model.vocabulary import Reason
from plantproof.policies.protocol import Limits

SCRIPT = Path(__file__).with_name("contained.py")
OUT_OF_MEMORY = 71
"""The exit code of a worker that ran out of memory, as in contained.py."""

LARGEST_ANSWER = 512 * 1024 * 1024


class WorkerFailed(Exception):  # noqa: N818  not an error of ours: an outcome of a policy
    """The worker did not answer: it was killed at its limit, or it died. `reason` is a `Reason`."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@functools.cache  # 2 ms each time, and every table of verdicts is named by it
def engine_version() -> str:
    """The version of the embedded engine, without loading it."""
    try:
        return version_of("gordon-to-regorus")
    except LookupError as error:
        raise refuse("the embedded Rego engine is not installed", "pip install gordon-to-regorus") from error


def _library() -> str:
    spec = importlib.util.find_spec("regorus")
    if spec is None or spec.origin is None:
        raise refuse("the embedded Rego engine is not installed", "pip install gordon-to-regorus")
    return str(Path(spec.origin).parent.parent)


def _environment() -> dict[str, str]:
    # Windows cannot start a process without SYSTEMROOT; a policy learns nothing from it.
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    # The engine's allocator reserves 1 GB of addresses unless told otherwise, and could not be limited.
    return {**kept, "RUST_BACKTRACE": "0", "MIMALLOC_ARENA_RESERVE": "16384"}


class Worker:
    """One process. Not for use by two threads at once."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        command = [sys.executable, "-I", "-X", "utf8", str(SCRIPT), _library(), str(limits.memory_mb)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            close_fds=True,
        )
        assert self._process.stdin is not None  # noqa: S101  opened as a pipe above
        widened(self._process.stdin)
        try:
            self._timed(self._read_frame, 60.0)
        except WorkerFailed as error:
            self.close()
            raise refuse(f"the policy worker does not start: {error.detail}", "run `plantproof doctor`") from error

    @property
    def pid(self) -> int:
        return self._process.pid

    def call(self, header: bytes, body: bytes = b"") -> bytes:
        """Run one job within the limits. Raises `WorkerFailed`; the worker is closed then."""

        def exchange() -> bytes:
            assert self._process.stdin is not None  # noqa: S101  opened as a pipe above
            for frame in (header, body):
                self._process.stdin.write(len(frame).to_bytes(4, "big"))
                self._process.stdin.write(frame)
            self._process.stdin.flush()
            return self._read_frame()

        try:
            return self._timed(exchange, self.limits.seconds)
        except WorkerFailed:
            self.close()
            raise

    def _timed(self, action: Any, seconds: float) -> bytes:
        with ended_after(seconds, self._process.kill) as deadline:
            try:
                answer: bytes = action()
            except (OSError, EOFError, ValueError) as error:
                if not deadline.passed:
                    raise WorkerFailed(Reason.CRASHED, self._how_it_died()) from error
        if deadline.passed:
            raise WorkerFailed(Reason.LIMIT, f"took longer than {seconds:g} s")
        return answer

    def _how_it_died(self) -> str:
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return "the worker answered nonsense"
        memory = f"its memory is limited to {self.limits.memory_mb} MB"
        if code == OUT_OF_MEMORY:
            return f"the worker ran out of memory; {memory}"
        how = f"by signal {-code}" if code < 0 else f"with code {code}"
        return f"the worker ended {how}; {memory}"

    def _read_frame(self) -> bytes:
        size = int.from_bytes(self._read(4), "big")
        if size > LARGEST_ANSWER:
            raise ValueError("answer too large")
        return self._read(size)

    def _read(self, size: int) -> bytes:
        assert self._process.stdout is not None  # noqa: S101  opened as a pipe above
        data = self._process.stdout.read(size)
        if len(data) < size:
            raise EOFError
        return data

    def close(self) -> None:
        """End the process; the worker has nothing to save."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._process.wait()


class Workers:
    """Up to `jobs` workers, started when first needed; one that died is replaced. Safe to use from several threads."""

    def __init__(self, limits: Limits | None = None, jobs: int = 1) -> None:
        self.limits = limits or Limits()
        self.jobs = max(1, jobs)
        self._idle: queue.LifoQueue[Worker | None] = queue.LifoQueue()
        for _ in range(self.jobs):
            self._idle.put(None)

    def call(self, header: dict[str, Any], body: bytes = b"") -> bytes:
        """Run a job on the next idle worker and return its answer (JSON). Raises `WorkerFailed`."""
        frame = msgspec.json.encode({"seconds": self.limits.seconds, **header})
        worker = self._idle.get()
        try:
            if worker is None:
                worker = Worker(self.limits)
            answer = worker.call(frame, body)
        except BaseException:
            if worker is not None:
                worker.close()
            worker = None
            raise
        finally:
            self._idle.put(worker)
        return answer

    def warm(self) -> None:
        """Start a worker, unless one is there. What is wrong with it is told by the first job."""
        worker = self._idle.get()
        try:
            worker = worker or Worker(self.limits)
        except InputError:
            worker = None
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        """End all idle workers. The pool can be used again."""
        for _ in range(self.jobs):
            worker = self._idle.get()
            if worker is not None:
                worker.close()
        for _ in range(self.jobs):
            self._idle.put(None)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
