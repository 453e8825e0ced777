"""GitHub annotations: workflow commands on standard output, at most ten of a kind, the rest counted in one notice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from plantproof.reports.delta_reporters import DeltaResults
from plantproof.reports.delta_words import GETS_WORSE, MOVES, severity_words
from plantproof.reports.forge import in_repository
from plantproof.reports.gate_marks import marks_of_gate, marks_of_stops
from plantproof.reports.marks import Mark, marks_of_assessment, marks_of_delta
from plantproof.reports.reporters import Options, Results
from plantproof.reports.words import counted
from plantproof.text import shown

MOST = 10
"""Annotations of one kind that GitHub shows of a step."""
_COMMANDS = {"critical": "error", "high": "error", "medium": "warning", "low": "notice"}
_LONGEST = 1_000


def report(results: Results, options: Options) -> bytes:
    """`check --format annotations`: what stops the gate, gaps last."""
    return commands([*marks_of_stops(results.whole, options), *marks_of_assessment(results.whole)], options)


def report_delta(results: DeltaResults, options: Options) -> bytes:
    """`diff --format annotations`: what the change makes worse, what is not known any more, and what else stops the
    gate."""
    return commands([*marks_of_gate(results.gate), *marks_of_delta(results.delta, GETS_WORSE)], options)


def commands(marks: Sequence[Mark], options: Options) -> bytes:
    """A command a line. One notice is kept for what else there is, so that no cut goes without a count."""
    told: Counter[str] = Counter(notice=1)
    lines: list[str] = []
    left_out: Counter[str] = Counter()
    spared: Counter[str] = Counter()
    for mark in marks:
        command = _COMMANDS.get(mark.severity, "warning")
        why = mark.spared(options)
        if why:
            spared[why.partition(":")[0]] += 1
        elif told[command] < MOST:
            told[command] += 1
            lines.append(_command(command, mark, options))
        else:
            left_out[mark.severity] += 1
    rest = [f"{left_out.total():,} more ({severity_words(left_out)})"] if left_out else []
    rest += [f"{counted(many, 'gap')} {why}" for why, many in sorted(spared.items())]
    if rest:
        lines.append(f"::notice title=Plantproof::{_data('; '.join(rest))}")
    return "".join(f"{line}\n" for line in lines).encode()


def _command(command: str, mark: Mark, options: Options) -> str:
    place = mark.places[0]
    status = f", {MOVES[mark.status].word}" if mark.status in MOVES else ""
    title = f"{mark.severity}{status}: {mark.criterion}"
    # GitHub looks a file up by its bytes: nothing of the path is cut or spelled out but line breaks.
    path = in_repository(place.path, options)
    return (
        f"::{command} file={_property(path)},line={max(place.line, 1)},title={_property(shown(title, 200))}"
        f"::{_data(shown(mark.message, _LONGEST))}"
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
