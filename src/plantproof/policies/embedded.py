"""The default engine: regorus, in worker processes of our own. Nothing to install or start, works offline."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any

from plantproof.errors import InputError
from plantproof.model.vocabulary import Outcome, Reason
from plantproof.policies.answers import failure, read_answer
from plantproof.policies.batch import Form, batch_form
from plantproof.policies.protocol import PASS, Limits, Request, Verdict
from plantproof.policies.worker import WorkerFailed, Workers, engine_version

CHUNK = 2000
"""Inputs a job: small enough to share among workers, large enough that pipes cost nothing."""


MOST_REMEMBERED = 32 * 1024 * 1024
"""Bytes of inputs whose verdicts an engine keeps in memory, for the next site: devices of one model are alike there."""

OVERHEAD = 100
"""Bytes that Python takes for an input besides its text."""


class _Asked:
    """One request on its way: the inputs that are new, their chunks, and whether one of them ended a worker."""

    def __init__(self, request: Request, remembered: dict[bytes, Verdict]) -> None:
        self.request = request
        self.remembered = remembered
        self.new = [subject for subject in request.inputs if subject not in remembered]
        self.failed: WorkerFailed | None = None
        self.chunks: list[Future[list[Verdict]]] = []


class _BatchForm:
    """The batch form of a policy, written when it is first wanted, and of how many subjects the policy was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self._form: Form | None = None
        self._tried = False
        self._lock = threading.Lock()

    def written(self, request: Request, workers: Workers) -> Form | None:
        """The form, or None where the policy has none. A worker that dies of it is no verdict about the policy."""
        with self._lock:
            if not self._tried:
                self._tried = True
                with contextlib.suppress(WorkerFailed, InputError):
                    self._form = batch_form(request.policy, dict(request.modules), workers)
            return self._form


BATCH_FROM = 500
"""Subjects of which a policy has been asked before its batch form is worth being written: that takes some 5 ms."""


class EmbeddedEngine:
    """Evaluates in up to `jobs` processes at once, each within `limits` a chunk.

    Every subject is evaluated by itself, so an error names its subject and leaves the others alone. A policy that
    exceeds a limit or ends its worker is an error on all its subjects, and on nothing else. Verdicts are remembered as
    long as the engine lives, errors are not. A policy that is asked of `batch_from` subjects or more is asked in its
    batch form first (see batch.py), which gives the same verdicts sooner.
    """

    name = "regorus"

    def __init__(self, limits: Limits | None = None, jobs: int = 1, batch_from: int = BATCH_FROM) -> None:
        self.workers = Workers(limits, jobs)
        self._threads = self._new_threads()
        self._remembered: dict[tuple[object, ...], dict[bytes, Verdict]] = {}
        self._room = MOST_REMEMBERED
        self._batch_from = batch_from
        self._batch_forms: dict[object, _BatchForm] = {}

    @property
    def version(self) -> str:
        return engine_version()

    def start(self) -> None:
        """Start the first worker while the caller still reads what is to be evaluated."""
        self._threads.submit(self.workers.warm)

    def evaluate(self, requests: Iterable[Request]) -> Iterator[list[Verdict]]:
        """See `Engine.evaluate`. The next requests are drawn while the workers are busy with the last ones."""
        waiting: deque[_Asked] = deque()
        for request in requests:
            waiting.append(self._submit(request))
            while len(waiting) > 1 and sum(self._open(asked) for asked in waiting) > 2 * self.workers.jobs:
                yield self._collect(waiting.popleft())
        while waiting:
            yield self._collect(waiting.popleft())

    @staticmethod
    def _open(asked: _Asked) -> int:
        return sum(not chunk.done() for chunk in asked.chunks)

    def _submit(self, request: Request) -> _Asked:
        policy = request.policy
        key = (policy.id, policy.package, policy.rules, request.modules, request.parameters, request.context)
        asked = _Asked(request, self._remembered.setdefault(key, {}))
        batch = self._batch_forms.setdefault((policy.path, policy.rules, request.modules), _BatchForm())
        batch.asked += len(asked.new)
        wanted = batch if batch.asked >= self._batch_from else None
        header = {
            "operation": "evaluate",
            "modules": [list(module) for module in request.modules],
            "data": f'{{"params":{request.parameters.decode()},"context":{request.context.decode()}}}',
            "applicable": f"data.{policy.package}.applicable" if "applicable" in policy.rules else "",
            "violations": f"data.{policy.package}.violations",
        }
        for start in range(0, len(asked.new), CHUNK):
            inputs = asked.new[start : start + CHUNK]
            asked.chunks.append(self._threads.submit(self._run, asked, header, inputs, wanted))
        return asked

    def _run(
        self, asked: _Asked, header: dict[str, Any], inputs: list[bytes], batch: _BatchForm | None
    ) -> list[Verdict]:
        if asked.failed is not None:
            return []  # the policy is lost already: do not lose another worker to it
        body = b"\n".join(inputs)
        try:
            form = batch.written(asked.request, self.workers) if batch else None
            try:
                given = {"batch": [asked.request.policy.path, *form]} if form else {}
                answer = self.workers.call({**header, **given}, body)
            except WorkerFailed as error:
                if form is None or error.reason != Reason.CRASHED:
                    raise
                answer = self.workers.call(header, body)  # many at once take more memory than each alone
        except WorkerFailed as error:
            asked.failed = error
            return []
        return read_answer(answer, len(inputs), dict(asked.request.modules))

    def _collect(self, asked: _Asked) -> list[Verdict]:
        answers = [verdict for chunk in asked.chunks for verdict in chunk.result()]
        if asked.failed is not None:
            detail = f"policy {asked.request.policy.id}: {asked.failed.detail}"
            return [failure(detail, asked.failed.reason)] * len(asked.request.inputs)
        known = asked.remembered
        if len(asked.new) == len(asked.request.inputs):
            verdicts = answers
        else:
            new = dict(zip(asked.new, answers, strict=True))
            verdicts = [new[subject] if subject in new else known[subject] for subject in asked.request.inputs]
        if self._room > 0:
            kept = dict(zip(asked.new, answers, strict=True))
            if any(it is not PASS and it.outcome == Outcome.ERROR for it in answers):
                kept = {subject: it for subject, it in kept.items() if it.outcome != Outcome.ERROR}
            self._room -= sum(map(len, kept)) + OVERHEAD * len(kept)
            known.update(kept)
        return verdicts

    def rest(self) -> None:
        """End the worker processes and the threads that wait for them: what is asked next starts others."""
        self.close()
        self._threads = self._new_threads()

    def close(self) -> None:
        """End the worker processes."""
        self._threads.shutdown(cancel_futures=True)
        self.workers.close()

    def _new_threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.workers.jobs, "policy-worker")

    def __enter__(self) -> EmbeddedEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
