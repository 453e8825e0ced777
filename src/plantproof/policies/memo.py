"""Verdicts remembered: a table for each policy, with its parameters, context, driver and engine. Safe to delete.

The key of a table names everything that a verdict depends on but the subject; within it, the subject's digest. Errors
are never remembered: a limit that was exceeded once says nothing of the next run.
"""

from __future__ import annotations

import hashlib
from typing import Protocol

import msgspec

from plantproof.model.policy import Violation
from plantproof.model.vocabulary import Outcome
from plantproof.policies.driver import DRIVER
from plantproof.policies.protocol import NOT_APPLICABLE, PASS, Engine, Request, Verdict

_Stored = dict[str, list[Violation] | None]
_DECODER = msgspec.json.Decoder(_Stored)


class Store(Protocol):
    """Where tables are kept between runs: content-addressed, self-checking, outside the project. Damage is a miss."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, data: bytes) -> None: ...


def table_key(request: Request, engine: Engine) -> str:
    """The name of everything that a verdict of this request depends on, but the subject."""
    total = hashlib.sha256()
    policy = request.policy
    parts = [policy.id, policy.closure, engine.name, engine.version, DRIVER]
    for part in [*(text.encode() for text in parts), request.parameters, request.context]:
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.hexdigest()


def subject_key(subject: bytes) -> str:
    return hashlib.sha256(subject).hexdigest()


def load_table(store: Store, key: str) -> dict[str, Verdict]:
    """The verdicts remembered under a key; none where there are none, or where they cannot be read."""
    data = store.get(key)
    if data is None:
        return {}
    try:
        stored = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return {subject: _verdict(violations) for subject, violations in stored.items()}


def save_table(store: Store, key: str, verdicts: dict[str, Verdict]) -> None:
    """Remember verdicts, errors left out."""
    stored: _Stored = {}
    for subject in sorted(verdicts):
        verdict = verdicts[subject]
        if verdict.outcome == Outcome.NOT_APPLICABLE:
            stored[subject] = None
        elif verdict.outcome in (Outcome.PASS, Outcome.FAIL):
            stored[subject] = list(verdict.violations)
    store.put(key, msgspec.json.encode(stored))


def _verdict(violations: list[Violation] | None) -> Verdict:
    if violations is None:
        return NOT_APPLICABLE
    return Verdict(Outcome.FAIL, tuple(violations)) if violations else PASS
