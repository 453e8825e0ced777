"""JUnit XML as Jenkins and GitLab read it: suites, cases, and of each why it failed or was skipped."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

import msgspec

from plantproof.text import shown, spelled_out

_LONGEST = 1_000
_MOST_LINES = 100


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One test. It passes where nothing else is said; `lines` are the details of a failure or an error."""

    name: str
    group: str
    failure: str = ""
    error: str = ""
    skipped: str = ""
    lines: Sequence[str] = ()


class Suite(msgspec.Struct, frozen=True, kw_only=True):
    """The tests of one site."""

    name: str
    cases: Sequence[Case]


def junit(suites: Sequence[Suite]) -> bytes:
    """The document. No times: the same results give the same bytes."""
    cases = [case for suite in suites for case in suite.cases]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<testsuites name="Plantproof" tests="{len(cases)}" {_counts(cases)}>')
    for suite in suites:
        name = _attribute(suite.name)
        skipped = sum(bool(case.skipped) for case in suite.cases)
        tests = len(suite.cases)
        lines.append(f'  <testsuite name={name} tests="{tests}" {_counts(suite.cases)} skipped="{skipped}">')
        for case in suite.cases:
            lines += _case(case)
        lines.append("  </testsuite>")
    lines.append("</testsuites>\n")
    return "\n".join(lines).encode()


def _counts(cases: Sequence[Case]) -> str:
    failures = sum(bool(case.failure) and not case.error for case in cases)
    return f'failures="{failures}" errors="{sum(bool(case.error) for case in cases)}"'


def _case(case: Case) -> list[str]:
    opening = f"    <testcase classname={_attribute(case.group)} name={_attribute(case.name)}"
    for element, message in (("error", case.error), ("failure", case.failure), ("skipped", case.skipped)):
        if message:
            inside = f"      <{element} message={_attribute(message)}"
            body = "\n".join(_text(line) for line in case.lines[:_MOST_LINES])
            if len(case.lines) > _MOST_LINES:
                body += f"\nand {len(case.lines) - _MOST_LINES:,} more"
            closing = f">{body}</{element}>" if body else "/>"
            return [f"{opening}>", inside + closing, "    </testcase>"]
    return [f"{opening}/>"]


def _attribute(text: str) -> str:
    return quoteattr(_legal(shown(text, _LONGEST)))


def _text(text: str) -> str:
    return escape(_legal(spelled_out(text[: 5 * _LONGEST])[:_LONGEST].replace("\n", " ")))


def _legal(text: str) -> str:
    """Without the two characters that XML forbids and that are no control characters."""
    return text.replace("\ufffe", "⟨U+FFFE⟩").replace("\uffff", "⟨U+FFFF⟩")
