"""What can go wrong because of the input, as values, and the one exception that carries them out."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """One mistake in the user's input: where it is, what it is, what to do next.

    `path` is relative to the project, with forward slashes. `line` and `column` count from 1; 0 where there is none.
    """

    path: str
    line: int
    message: str
    hint: str = ""
    column: int = 0

    def __str__(self) -> str:
        place = self.path
        if self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        text = f"{place}: {self.message}" if place else self.message
        return f"{text} ({self.hint})" if self.hint else text


class InputError(Exception):
    """The user's input is wrong: exit code 2, with every mistake found. Raised where going on would be a guess."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def refuse(message: str, hint: str = "", *, path: str = "", line: int = 0) -> InputError:
    """The common case of an `InputError`: one problem. Use as `raise refuse(...)`."""
    return InputError(Problem(path, line, message, hint))
