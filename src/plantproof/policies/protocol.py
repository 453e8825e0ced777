"""What an engine is asked, what it answers, and the limits that hold it: the seam between projection and engines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from plantproof.model.policy import Policy, Violation
from plantproof.model.vocabulary import Outcome


class Limits(NamedTuple):
    """What one chunk of one policy may use. `memory_mb` is address space; it holds where the system knows rlimits."""

    seconds: float = 20.0
    memory_mb: int = 1024


class Request(NamedTuple):
    """One policy with parameters, and the distinct projected subjects it has to judge.

    `modules` are (path, source) of the policy and of the libraries in its closure. `parameters` and `context` are
    canonical JSON objects; every one of `inputs` is a canonical JSON object on one line.
    """

    policy: Policy
    modules: tuple[tuple[str, str], ...]
    parameters: bytes
    context: bytes
    inputs: list[bytes]


class Verdict(NamedTuple):
    """What an engine says of one input: pass, fail with violations, not-applicable, or error with reason and detail."""

    outcome: Outcome
    violations: tuple[Violation, ...] = ()
    reason: str = ""
    detail: str = ""


PASS = Verdict(Outcome.PASS)
NOT_APPLICABLE = Verdict(Outcome.NOT_APPLICABLE)


class Engine(Protocol):
    """Evaluates policies. `name` and `version` are written into the assessment."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def evaluate(self, requests: Iterable[Request]) -> Iterator[list[Verdict]]:
        """Yield for each request, in order, one verdict for each of its inputs. Requests are drawn as work allows.

        A policy that fails, loops or dies is an `error` verdict of its own inputs; `InputError` is raised where the
        engine itself cannot be used.
        """
        ...

    def close(self) -> None:
        """Give back processes and connections."""
        ...
