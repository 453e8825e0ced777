"""One mistake that the lint found in a policy."""

from __future__ import annotations

from typing import NamedTuple

from plantproof.errors import Problem
from plantproof.policies.syntax import Module


class Finding(NamedTuple):
    """One mistake: where, which rule of the lint, what, and what to do."""

    path: str
    line: int
    column: int
    rule: str
    message: str
    hint: str = ""

    def problem(self) -> Problem:
        """As every wrong input is told."""
        return Problem(self.path, self.line, f"{self.message} [{self.rule}]", self.hint, self.column)

    def __str__(self) -> str:
        return str(self.problem())


def finding(module: Module, offset: int, rule: str, message: str, hint: str = "") -> Finding:
    """A finding at a byte of a module."""
    return Finding(module.path, *module.place(offset), rule, message, hint)
