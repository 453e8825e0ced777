"""Observations as columns: what every policy found of every subject. Objects exist for what is not a pass."""

from __future__ import annotations

import msgspec

from plantproof.model.plant import Uncovered
from plantproof.model.policy import Violation


class Observations(msgspec.Struct):
    """One policy with one set of parameters at one site.

    The subjects are the rows of the plant's table of `kind`, followed by the `uncovered` ones. `outcomes` and `methods`
    are bytes of `Outcome` and `Method` (the weakest among the fields read; NO_METHOD where none was). `reasons` maps a
    row to why it is no-evidence or error (a `Reason`, and a detail in words); `violations` a failing row to what was
    found.
    """

    site: str
    policy: str
    parameters: bytes
    """Canonical JSON of the bound parameters, defaults included."""
    kind: str
    outcomes: bytearray
    methods: bytearray
    reasons: dict[int, tuple[str, str]]
    violations: dict[int, tuple[Violation, ...]]
    uncovered: list[Uncovered]
    evaluated: int = 0
    """Distinct inputs that reached the engine: the cost of this column."""
