"""Lines for a terminal: everything of unknown origin is made harmless, colour is added last and never alone."""

from __future__ import annotations

import textwrap
import unicodedata

from plantproof.reports.safe import for_terminal
from plantproof.reports.words import Status

_COLOURS = {"good": "32", "bad": "31", "warn": "33", "quiet": "2"}
_LABEL = 20


class Lines:
    """Collects lines. Whatever goes in is cleaned; `str()` gives the text with a newline at the end."""

    def __init__(self, width: int, colour: bool) -> None:
        self.width = max(width, 40)
        self.colour = colour
        self._lines: list[str] = []
        self._tones: dict[str, str] = {}

    def __str__(self) -> str:
        return "\n".join(self._lines) + "\n"

    def blank(self) -> None:
        self._lines.append("")

    def title(self, text: str) -> None:
        """A heading: bold where colour is wanted, wrapped like all else."""
        for line in self._wrap(text, "", ""):
            self._lines.append(f"\x1b[1m{line}\x1b[0m" if self.colour else line)

    def line(self, text: str) -> None:
        """A line, wrapped with the rest indented by two."""
        for line in self._wrap(text, "", "  "):
            self._lines.append(self._paint(line))

    def under(self, text: str) -> None:
        """A line that belongs to the one before: indented by four, the rest of it too."""
        self._lines.extend(self._wrap(text, "    ", "    "))

    def clipped(self, text: str) -> None:
        """One line, cut with an ellipsis where it is too long."""
        clean = for_terminal(text)
        if columns(clean) > self.width:
            while columns(clean) > self.width - 1:
                clean = clean[:-1]
            clean = clean.rstrip() + "…"
        self._lines.append(self._paint(clean))

    def raw(self, text: str) -> None:
        """One line of any length: paths and findings stay whole, so that editors can follow them."""
        self._lines.append(for_terminal(text))

    def pair(self, label: str, value: str, indent: int = 0) -> None:
        """A label and its value in two columns."""
        first = " " * indent + for_terminal(label).ljust(_LABEL - indent) + " "
        self._lines.extend(self._wrap(value, first, " " * len(first)))

    def place(self, label: str, value: str) -> None:
        """A label and a path, which is never broken: whoever copies it or clicks on it wants it whole."""
        self._lines.append(f"{for_terminal(label):<{_LABEL}} {for_terminal(value)}")

    def columns(self, cells: list[tuple[str, int]]) -> None:
        """Cells side by side, each padded to its width."""
        text = " ".join(for_terminal(cell) + " " * (size - columns(for_terminal(cell))) for cell, size in cells)
        self._lines.append(self._paint("  " + text.rstrip()))

    def symbol(self, status: Status) -> str:
        """The symbol of a status; where it starts a line and colour is wanted, it will be coloured."""
        self._tones[status.symbol] = status.tone
        return status.symbol

    def status(self, status: Status) -> str:
        """Symbol and word."""
        return f"{self.symbol(status)} {status.word}"

    def _wrap(self, text: str, first: str, rest: str) -> list[str]:
        clean = for_terminal(text)
        wrapped = textwrap.wrap(
            clean,
            self.width,
            initial_indent=first,
            subsequent_indent=rest,
            break_on_hyphens=False,
            break_long_words=True,
        )
        return wrapped or [first.rstrip()]

    def _paint(self, line: str) -> str:
        if not self.colour:
            return line
        start = line.lstrip(" ")
        symbol = start.split(" ", 1)[0]
        tone = self._tones.get(symbol)
        if tone is None:
            return line
        indent = line[: len(line) - len(start)]
        return f"{indent}\x1b[{_COLOURS[tone]}m{symbol}\x1b[0m{start[len(symbol) :]}"


def columns(text: str) -> int:
    """How many columns a terminal needs: wide East Asian characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
