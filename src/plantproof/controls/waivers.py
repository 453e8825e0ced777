"""Waivers: approved, dated deviations. Whether one is in force on a date is `model.waiver_state`'s to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import PurePosixPath

import msgspec

from plantproof.controls.notation import locate
from plantproof.errors import InputError, Problem
from plantproof.files import YamlDocument, parse_yaml
from plantproof.model.catalog import Catalog
from plantproof.model.waiver import Waiver
from plantproof.model.waiver_state import SAME_POLICY, state_of
from plantproof.spelling import did_you_mean
from plantproof.text import plain

FOLDER = "controls/waivers"


def load_waiver(data: bytes, path: str, catalogs: Sequence[Catalog], sites: Iterable[str]) -> Waiver:
    """One waiver, its controls written `framework/id`. Raises `InputError` with every mistake.

    A waiver that is not valid (who approved it, for how long) is no mistake of form: it is shown, and has no effect.
    """
    document = parse_yaml(data, path)
    waiver = document.convert(Waiver)
    problems = list(_problems(document, waiver, sorted(sites)))
    controls: list[str] = []
    for number, text in enumerate(waiver.controls):
        found = locate(text, catalogs)
        if isinstance(found, Problem):
            problems.append(document.problem(("controls", number), found.message, found.hint))
        elif str(found) in controls:
            problems.append(document.problem(("controls", number), f"`{text}` is named twice"))
        else:
            controls.append(str(found))
    if problems:
        raise InputError(*problems)
    return msgspec.structs.replace(waiver, controls=controls)


def in_force(waivers: Iterable[Waiver], on: str) -> tuple[Waiver, ...]:
    """The waivers that are valid and in force on a date (YYYY-MM-DD)."""
    return tuple(waiver for waiver in waivers if state_of(waiver, on)[0] == "in-force")


def _problems(document: YamlDocument, waiver: Waiver, sites: Sequence[str]) -> Iterator[Problem]:
    stem = PurePosixPath(document.path).stem
    if waiver.id != stem:
        yield document.problem(("id",), f"the id `{waiver.id}` is not the name of the file", f"write `{stem}`")
    if waiver.site not in sites:
        hint = did_you_mean(waiver.site, sites) or f"there are: {', '.join(sites) or 'none'}"
        yield document.problem(("site",), f"no site `{waiver.site}`", hint)
    if not waiver.controls:
        yield document.problem(("controls",), "waives no requirement", "name the requirements that it deviates from")
    if not plain(waiver.reason):
        yield document.problem(("reason",), "gives no reason")
    for field, text in (("approved", waiver.approved), ("expires", waiver.expires)):
        try:
            date.fromisoformat(text[:10])
        except ValueError:
            yield document.problem((field,), f"{text} is not in the calendar")
    if waiver.renewals < 0:
        yield document.problem(("renewals",), "cannot be less than 0")
    yield from _listed_twice(document, ("subjects",), waiver.subjects)
    if waiver.compensation is not None:
        here = ("compensation", "subjects")
        yield from _listed_twice(document, here, waiver.compensation.subjects)
        if waiver.compensation.policy == waiver.policy:
            hint = "name a policy that asks for something else"
            yield document.problem(("compensation", "policy"), SAME_POLICY, hint)
        if waiver.kind == "risk-acceptance":
            message = "a risk acceptance has no compensation"
            yield document.problem(("compensation",), message, "write `kind: compensating`, or leave it out")


def _listed_twice(document: YamlDocument, here: tuple[str, ...], names: Sequence[str]) -> Iterator[Problem]:
    for number, name in enumerate(names):
        if names.index(name) != number:
            yield document.problem((*here, number), f"`{name}` is named twice")
