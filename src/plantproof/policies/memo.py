"""Verdicts remembered between runs: an engine before the engine. Safe to delete, and never another verdict.

A verdict depends on the policy with its libraries, its parameters, the context, the projected subject, and on driver
and engine with their versions: on nothing else, for a policy sees nothing else. The key names all of it, so equal keys
mean equal verdicts. Errors are never remembered: a limit that was exceeded once says nothing of the next run.

A digest shows that an entry is whole, not that it is true: in each run some of what was remembered is evaluated again,
and where one verdict differs the cache is refused.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from plantproof.cache import Cache, MemoryCache, cache_folder
from plantproof.errors import refuse
from plantproof.model.policy import Violation
from plantproof.model.vocabulary import Outcome
from plantproof.policies.protocol import NOT_APPLICABLE, PASS, Engine, Request, Verdict

KIND = "verdicts"
DRIVER = "2"
"""Part of every key: change it when what a policy is shown, or how its answer is read, changes."""

MOST_REMEMBERED = 50_000
"""Verdicts in one table. A table is written as a whole, and one site's subjects are rarely more."""

SAMPLE = 20
"""Remembered verdicts that a run evaluates again, at most `SAMPLE_OF_ONE` of them for one policy on one site."""
SAMPLE_OF_ONE = 2

_Stored = dict[str, list[Violation] | None]
_DECODER = msgspec.json.Decoder(_Stored)


def table_key(request: Request, engine: Engine, about: str = "") -> str:
    """The name of everything that a verdict of this request depends on, but the subject: a table of verdicts. `about`
    is whose table it is, so that what one site needs is not read for another."""
    total = hashlib.sha256()
    parts = [about, request.policy.id, DRIVER, engine.name, engine.version]
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
    again: list[int]


class Remembering:
    """An engine that asks another one only what the cache does not hold, and remembers the answers.

    What lies on the disk is doubted: a sample of it is asked again. `about` names whose verdicts these are (`about()`).
    """

    def __init__(self, engine: Engine, cache: Cache | MemoryCache, about: str = "") -> None:
        self.engine = engine
        self._cache = cache
        self._about = about
        self._room = [SAMPLE if isinstance(cache, Cache) else 0]

    def about(self, what: str) -> Remembering:
        """The same memory and the same sample, with tables of their own for `what`."""
        other = Remembering(self.engine, self._cache, what)
        other._room = self._room
        return other

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
                table = table_key(request, self.engine, self._about)
                keys = [subject_key(subject) for subject in request.inputs]
                remembered = self._load(table)
                missing = [number for number, key in enumerate(keys) if key not in remembered]
                again = self._sample(keys, remembered)
                waiting.append(_Asked(table, keys, remembered, missing, again))
                yield request._replace(inputs=[request.inputs[number] for number in [*missing, *again]])

        for given in self.engine.evaluate(unknown()):
            asked = waiting.popleft()
            answers = given[: len(asked.missing)]
            self._compare(asked, given[len(asked.missing) :])
            new = {asked.keys[number]: verdict for number, verdict in zip(asked.missing, answers, strict=True)}
            if new:
                self._save(asked, new)
            yield [new[key] if key in new else asked.remembered[key] for key in asked.keys]

    def close(self) -> None:
        """Close the engine behind, and keep the cache within its bounds."""
        self.engine.close()
        self._cache.trim()

    def _sample(self, keys: list[str], remembered: dict[str, Verdict]) -> list[int]:
        """Which of the remembered to ask again: those with the lowest digests, the same in every run."""
        most = min(SAMPLE_OF_ONE, self._room[0])
        if not most or not remembered:
            return []
        known = (number for number, key in enumerate(keys) if key in remembered)
        chosen = heapq.nsmallest(most, known, key=keys.__getitem__)
        self._room[0] -= len(chosen)
        return chosen

    def _compare(self, asked: _Asked, answers: list[Verdict]) -> None:
        for number, answer in zip(asked.again, answers, strict=True):
            # An error says nothing of the verdict: a limit was exceeded, now.
            if answer.outcome != Outcome.ERROR and answer != asked.remembered[asked.keys[number]]:
                raise refuse(
                    "the cache holds a verdict that evaluation does not give: none of it can be relied on",
                    f"delete {cache_folder()}, find out who writes to it, and check again with --no-cache",
                )

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


def without_memory(engine: Engine) -> Engine:
    """The engine that is asked by one that remembers; any other one itself."""
    return engine.engine if isinstance(engine, Remembering) else engine


def about(engine: Engine, what: str) -> Engine:
    """The engine as it is to judge `what`: with tables of their own where it remembers."""
    return engine.about(what) if isinstance(engine, Remembering) else engine
