"""From what an engine prints to verdicts: complete, well-formed, in one order, or an error. Never a silent pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from plantproof.model.policy import Violation
from plantproof.model.vocabulary import Outcome, Reason
from plantproof.policies.protocol import NOT_APPLICABLE, PASS, Verdict
from plantproof.policies.syntax import error_place

_VIOLATIONS = msgspec.json.Decoder(list[Violation])
LARGEST_VIOLATIONS = 1024 * 1024
"""Bytes of what a policy says of one subject. A pack that a policy could fill without end would be nobody's."""

UNDEFINED = "`violations` is undefined: the policy says neither pass nor fail"
NO_BOOLEAN = "`applicable` is neither true nor false: the policy does not say whether it asks"


class Answer(msgspec.Struct):
    """What the worker says of a chunk: one code an input, details by index."""

    codes: str = ""
    found: dict[str, msgspec.Raw] = {}
    errors: dict[str, str] = {}
    failed: str = ""


_ANSWER = msgspec.json.Decoder(Answer)


def failure(detail: str, reason: Reason = Reason.ENGINE) -> Verdict:
    """The verdict where there is none: the policy could not be evaluated."""
    return Verdict(Outcome.ERROR, (), str(reason), detail)


def read_answer(data: bytes, count: int, sources: Mapping[str, str]) -> list[Verdict]:
    """The verdicts of a chunk of `count` inputs. An answer that is not complete is an error of every input."""
    try:
        answer = _ANSWER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return [failure(f"the engine answered nonsense: {error}")] * count
    if answer.failed:
        return [failure(error_place(answer.failed, sources))] * count
    if len(answer.codes) != count or set(answer.codes) - set("pfnoue"):
        return [failure("the engine did not answer for every subject")] * count
    verdicts = [PASS] * count
    for index, code in enumerate(answer.codes):
        if code == "p":
            continue
        if code == "n":
            verdicts[index] = NOT_APPLICABLE
        elif code == "o":
            verdicts[index] = failure(NO_BOOLEAN)
        elif code == "u":
            verdicts[index] = failure(UNDEFINED)
        elif code == "e":
            verdicts[index] = failure(error_place(answer.errors.get(str(index), "unknown error"), sources))
        else:
            verdicts[index] = read_violations(answer.found.get(str(index), msgspec.Raw(b"null")))
    return verdicts


def read_violations(data: bytes | msgspec.Raw) -> Verdict:
    """Pass for an empty list, fail for violations in canonical order, an error for anything else."""
    if len(bytes(data)) > LARGEST_VIOLATIONS:
        return failure(f"`violations` of one subject are larger than {LARGEST_VIOLATIONS // 1024} kB", Reason.LIMIT)
    try:
        violations = _VIOLATIONS.decode(data)
        if not violations:
            return PASS
        # Engines order sets and print whole numbers each in their own way.
        same = [
            msgspec.structs.replace(one, seen=whole_numbers(one.seen), expected=whole_numbers(one.expected))
            for one in violations
        ]
        ordered = sorted(same, key=lambda violation: msgspec.json.encode(violation, order="sorted"))
        return Verdict(Outcome.FAIL, tuple(ordered))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return failure(f"`violations` is not a set of objects with a message: {error}")


def whole_numbers(value: Any) -> Any:
    """The same value with `5` for every `5.0`."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, list):
        return [whole_numbers(item) for item in value]
    if isinstance(value, dict):
        return {key: whole_numbers(item) for key, item in value.items()}
    return value


def as_violations(value: Any) -> Verdict:
    """The same for a value that is decoded already."""
    return read_violations(msgspec.json.encode(value))
