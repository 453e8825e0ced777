"""Verdicts remembered between runs: an engine before the engine. Safe to delete, and never another verdict.

A verdict depends on the policy with its libraries, its parameters, the context, the projected subject, and on driver
and engine with their versions: on nothing else, for a policy sees nothing else. The key names all of it, so equal keys
mean equal verdicts. Errors are never remembered: a limit that was exceeded once says nothing of the next run.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from plantproof.cache import Cache, MemoryCache
from plantproof.model.policy import Violation
from plantproof.model.vocabulary import Outcome
from plantproof.policies.protocol import NOT_APPLICABLE, PASS, Engine, Request, Verdict

KIND = "verdicts"
DRIVER = "1"
"""Part of every key: change it when what a policy is shown, or how its answer is read, changes."""

MOST_REMEMBERED = 50_000
"""Verdicts in one table. A table is written as a whole, and one site's subjects are rarely more."""

_Stored = dict[str, list[Violation] | None]
_DECODER = msgspec.json.Decoder(_Stored)


def table_key(request: Request, engine: Engine) -> str:
    """The name of everything that a verdict of this request depends on, but the subject: a table of verdicts."""
    total = hashlib.sha256()
    parts = [request.policy.id, DRIVER, engine.name, engine.version]
    parts += [text for module in request.modules for text in module]
    for part in [*(text.encode() for text in parts), request.parameters, request.context]:
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.hexdigest()


def subject_key(subject: bytes) -> str:
    """The name of a projected subject within a table."""
    return hashlib.sha256(subject).hexdigest()


class _Asked(NamedTuple):
    table: str
    keys: list[str]
    remembered: dict[str, Verdict]
    missing: list[int]


class Remembering:
    """An engine that asks another one only what the cache does not hold, and remembers the answers."""

    def __init__(self, engine: Engine, cache: Cache | MemoryCache) -> None:
        self.engine = engine
        self._cache = cache

    @property
    def name(self) -> str:
        return self.engine.name

    @property
    def version(self) -> str:
        return self.engine.version

    def evaluate(self, requests: Iterable[Request]) -> Iterator[list[Verdict]]:
        """See `Engine.evaluate`: the same verdicts, in the same order."""
        waiting: deque[_Asked] = deque()

        def unknown() -> Iterator[Request]:
            for request in requests:
                table = table_key(request, self.engine)
                keys = [subject_key(subject) for subject in request.inputs]
                remembered = self._load(table)
                missing = [number for number, key in enumerate(keys) if key not in remembered]
                waiting.append(_Asked(table, keys, remembered, missing))
                yield request._replace(inputs=[request.inputs[number] for number in missing])

        for answers in self.engine.evaluate(unknown()):
            asked = waiting.popleft()
            new = {asked.keys[number]: verdict for number, verdict in zip(asked.missing, answers, strict=True)}
            if new:
                self._save(asked, new)
            yield [new[key] if key in new else asked.remembered[key] for key in asked.keys]

    def close(self) -> None:
        """Close the engine behind, and keep the cache within its bounds."""
        self.engine.close()
        self._cache.trim()

    def _load(self, table: str) -> dict[str, Verdict]:
        data = self._cache.get(KIND, table)
        if data is None:
            return {}
        try:
            stored = _DECODER.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return {}
        return {subject: _verdict(violations) for subject, violations in stored.items()}

    def _save(self, asked: _Asked, new: dict[str, Verdict]) -> None:
        known = {**asked.remembered, **new}
        if len(known) > MOST_REMEMBERED:
            known = {key: known[key] for key in asked.keys}
        stored: _Stored = {}
        for key in sorted(known):
            verdict = known[key]
            if verdict.outcome == Outcome.NOT_APPLICABLE:
                stored[key] = None
            elif verdict.outcome in (Outcome.PASS, Outcome.FAIL):
                stored[key] = list(verdict.violations)
        self._cache.put(KIND, asked.table, msgspec.json.encode(stored))


def _verdict(violations: list[Violation] | None) -> Verdict:
    if violations is None:
        return NOT_APPLICABLE
    return Verdict(Outcome.FAIL, tuple(violations)) if violations else PASS
