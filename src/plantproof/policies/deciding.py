"""What is decided of a subject before any engine is asked, and with which input it is asked.

Order: `for`, then coverage and freshness, then required fields, then the engine. A function of the projected row.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from plantproof.model.choosing import lets_in
from plantproof.model.policy import Policy
from plantproof.model.vocabulary import Outcome, Reason
from plantproof.policies.columns import STALE
from plantproof.policies.joins import MOST_COMBINATIONS
from plantproof.policies.plain_rows import SHOWN, PlainRows
from plantproof.policies.views import Views
from plantproof.text import shown

_WHOLE_NUMBERS = re.compile(rb'"(?:[^"\\]|\\.)*"|(-?\d+)\.0(?![\d.eE])')
"""`5.0` is shown as `5`: one engine prints it as it came, the other does not. Text is left alone."""

Cell = Any
"""A JSON fragment (bytes, STALE or None), or the number of a guard."""


class Decision(NamedTuple):
    """What is known of one distinct row before the engine: its outcome, or the number of the input to ask about.

    `incomplete` says what is unknown of a joined record: it turns a pass into no-evidence, and leaves a fail.
    """

    outcome: Outcome | None
    reason: str = ""
    detail: str = ""
    input: int = -1
    incomplete: str = ""


UNDECIDED = Decision(Outcome.NO_EVIDENCE, Reason.DISPUTED, "too many combinations of disputed values")


@lru_cache(maxsize=32)
def _asking_up_to(count: int) -> list[Decision]:
    return [Decision(None, input=number) for number in range(count)]


def asking(count: int) -> list[Decision]:
    """The decisions to ask about input 0, 1 and so on: the same for every policy at every site, so made once."""
    return _asking_up_to(1 << count.bit_length())[:count]


class Part(NamedTuple):
    """One column of the projected row: what it is for, its name, its values, its disputed values."""

    use: str
    name: str
    values: Any
    disputed: Mapping[int, tuple[Cell, ...]]


class Decider:
    """Decides rows of one policy; collects the distinct inputs for the engine."""

    def __init__(self, policy: Policy, parameters: dict[str, Any], parts: list[Part], views: Views) -> None:
        self._metadata = policy.metadata
        self._parameters = parameters
        self._parts = parts
        self._views = views
        self._numbers: dict[bytes, int] = {}
        self._optional = {
            f"{reference}.{field[:-1]}"
            for reference, fields in policy.metadata.follow.items()
            for field in fields
            if field.endswith("?")
        }
        self._optional |= {name for name, need in policy.metadata.reads.items() if need == "optional"}
        self._applies: dict[tuple[str, bytes], bool | None] = {}
        self._dated: dict[int, tuple[int, float]] = {}
        # What is decided before the engine depends on the values of guards, and on whether the others are known at all.
        self._guarding = [part.use not in SHOWN for part in parts]
        self._guards: dict[tuple[Cell, ...], Decision | None] = {}
        self._plain = PlainRows([(part.use, part.name) for part in parts], policy.metadata.follow)
        self._can_be_incomplete = any(part.use == "incomplete" for part in parts)

    @property
    def inputs(self) -> list[bytes]:
        return list(self._numbers)

    def decide_all(self, columns: Sequence[Sequence[Cell]]) -> list[Decision]:
        """The decision of every row; the rows as columns, which are shown without a look at any row where all of them
        are plain."""
        subjects = self._plain.subjects(columns, self._in_list)
        if subjects is None:
            return [self.decide(row) for row in zip(*columns, strict=True)]
        whole = list(subjects)
        text = b"\n".join(whole)
        if not self._numbers and _plain_text(text, len(whole)):
            self._numbers = dict(zip(whole, range(len(whole)), strict=True))
            if len(self._numbers) == len(whole):
                return asking(len(whole))
            self._numbers = {}
        numbers = list(map(self._number, whole))
        return list(map(asking(len(self._numbers)).__getitem__, numbers))

    def decide(self, row: tuple[Cell, ...]) -> Decision:
        subject = self._plain.subject(row, self._in_list)
        if subject is not None:
            return Decision(None, input=self._number(subject))
        guard = tuple(
            [value if guarding else value and True for value, guarding in zip(row, self._guarding, strict=True)]
        )
        if guard not in self._guards:
            cells = list(zip(self._parts, row, strict=True))
            self._guards[guard] = self._applicability(cells) or self._evidence(cells)
        return self._guards[guard] or self._ask(row)

    def all_decisions(self, row: int) -> list[Decision]:
        """The decisions for all combinations of the row's disputed values."""
        options: list[tuple[Cell, ...]] = []
        doubtful = False
        combinations = 1
        for part in self._parts:
            claims = part.disputed.get(row)
            if claims is None:
                options.append((part.values[row],))
                continue
            doubtful = doubtful or not claims  # known to be disputed, but not how
            options.append(claims or (part.values[row],))
            combinations *= len(options[-1])
        self._find_ages(options)
        found = [UNDECIDED] if doubtful or combinations > MOST_COMBINATIONS else []
        tried = itertools.islice(self._consistent(options), MOST_COMBINATIONS)
        return [*found, *(self.decide(values) for values in tried)]

    def _find_ages(self, options: list[tuple[Cell, ...]]) -> None:
        """A disputed date has as many ages as it has values; `_consistent` keeps those that belong together."""
        own = {part.name: index for index, part in enumerate(self._parts) if part.use == "own"}
        self._dated = {}
        for index, part in enumerate(self._parts):
            if part.use == "age" and len(options[own[part.name]]) > 1:
                days = float(self._parameters[self._metadata.ages[part.name]])
                self._dated[index] = (own[part.name], days)

    def _consistent(self, options: list[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
        """All combinations, in which one field has one value wherever it shows."""
        names: dict[str, int] = {}
        for values in itertools.islice(itertools.product(*options), MOST_COMBINATIONS**2):
            row = list(values)
            for index, (source, days) in self._dated.items():
                row[index] = self._views.age(row[source], days)
            names.clear()
            fits = True
            for index, part in enumerate(self._parts):
                if part.use in ("for", "own", "follow"):
                    first = names.setdefault(part.name, index)
                    fits = fits and row[first] == row[index]
            if fits:
                yield tuple(row)

    def _applicability(self, cells: list[tuple[Part, Cell]]) -> Decision | None:
        unknown = ""
        for part, value in cells:
            if part.use != "for":
                break
            if value is None or value == STALE:
                unknown = unknown or f"{part.name} is {_silence(value)}"
            elif (fits := self._fits(part.name, value)) is None:
                unknown = unknown or f"{part.name} {_plain(value)} may be what is asked, or not"
            elif not fits:
                return Decision(Outcome.NOT_APPLICABLE)
        return Decision(Outcome.NO_EVIDENCE, Reason.UNKNOWN_APPLICABILITY, unknown) if unknown else None

    def _in_list(self, name: str, value: bytes) -> bool:
        return self._fits(name, value) is True

    def _fits(self, name: str, value: bytes) -> bool | None:
        if (name, value) not in self._applies:
            self._applies[name, value] = lets_in(name, self._metadata.for_[name], value)
        return self._applies[name, value]

    def _evidence(self, cells: list[tuple[Part, Cell]]) -> Decision | None:
        fresh = outdated = 1
        for part, value in cells:
            if part.use == "fresh":
                fresh, outdated = value, 0
            elif part.use == "outdated":
                outdated = value
        if not fresh and outdated:
            return Decision(Outcome.NO_EVIDENCE, Reason.STALE, "only out-of-date sources report it")
        if not fresh:
            return Decision(Outcome.NO_EVIDENCE, Reason.RETIRED_WITHOUT_RECORD, "expected, but no source reports it")
        for use in ("covered", "own", "follow"):
            for part, value in cells:
                found = self._missing(part, value) if part.use in (use, "resolved") else None
                if found is not None and (part.use == use or use == "follow"):
                    return found
        return None

    def _missing(self, part: Part, value: Cell) -> Decision | None:
        if part.use == "covered":
            detail = f"no fresh source says which {part.name.replace('_', ' ')} records it has"
            return Decision(Outcome.NO_EVIDENCE, Reason.NOT_COVERED, detail) if value else None
        if value or part.name in self._optional:
            return None
        if part.use == "resolved":
            detail = f"what {part.name} points at is not known"
            return Decision(Outcome.NO_EVIDENCE, Reason.UNRESOLVED_REFERENCE, detail)
        reason = Reason.MISSING_FIELD if value is None else Reason.STALE
        return Decision(Outcome.NO_EVIDENCE, reason, f"{part.name} is {_silence(value)}")

    def _ask(self, row: tuple[Cell, ...]) -> Decision:
        members = [name + row[index] for index, name in self._plain.own if row[index]]
        for group, inside in self._plain.groups:
            members.append(group + b",".join([name + row[index] for index, name in inside if row[index]]) + b"}")
        subject = b"{" + b",".join(members) + b"}"
        incomplete = ""
        for part, value in zip(self._parts, row, strict=True) if self._can_be_incomplete else ():
            if part.use == "incomplete" and value is not None:
                incomplete = f"{value} of a {part.name.replace('_', ' ')} record is unknown"
        return Decision(None, input=self._number(subject), incomplete=incomplete)

    def _number(self, subject: bytes) -> int:
        if b"\n" in subject:
            raise ValueError("a projected value holds a line break: columns hold canonical JSON")
        if not _plain_text(subject):
            subject = _WHOLE_NUMBERS.sub(_without_fraction, subject)
        return self._numbers.setdefault(subject, len(self._numbers))


def _plain_text(text: bytes, subjects: int = 1) -> bool:
    """Whether the inputs, one a line, can be shown as they are: no line break within, no number with a zero fraction.

    A number ends before one of these signs; most of what holds `.0` is an address and need not be searched.
    """
    if b".0," in text or b".0}" in text or b".0]" in text:
        return False
    return text.count(b"\n") == subjects - 1


def _without_fraction(token: re.Match[bytes]) -> bytes:
    return token[1] if token[1] is not None else token[0]


def _plain(value: bytes) -> str:
    """A JSON text as it is read."""
    return f"`{shown(msgspec.json.decode(value, type=str), 60)}`"


def _silence(value: bytes | None) -> str:
    return "not known" if value is None else "said by out-of-date sources only"
