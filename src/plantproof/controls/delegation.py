"""Delegations: somebody stands in for somebody, for a time. One that leads back to who gave it leaves nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from plantproof.errors import Problem
from plantproof.files import YamlDocument
from plantproof.model.programme import Delegation, Programme, ProgrammeFile
from plantproof.spelling import did_you_mean

LONGEST_DAYS = 400
"""As long as a waiver may last: who stands in for longer holds the role."""

Given = tuple[YamlDocument, tuple[str | int, ...], str, Delegation]
"""A delegation, where it stands and the id of who gives it."""


def delegation_problems(files: Sequence[tuple[YamlDocument, ProgrammeFile]], programme: Programme) -> Iterator[Problem]:
    """Every mistake in the delegations of all files: persons and roles that do not exist, dates, and those that lead
    back to who gave them on a day on which all of them hold."""
    given: list[Given] = []
    for document, file in files:
        for number, person in enumerate(file.persons):
            for index, delegation in enumerate(person.delegations):
                given.append((document, ("persons", number, "delegations", index), person.id, delegation))
    sound = []
    for each in given:
        problems = list(_own_problems(*each, programme))
        yield from problems
        if not problems:
            sound.append(each)
    yield from _cycles(sound)


def _own_problems(
    document: YamlDocument, here: tuple[str | int, ...], giver: str, delegation: Delegation, programme: Programme
) -> Iterator[Problem]:
    if delegation.to == giver:
        yield document.problem((*here, "to"), f"`{giver}` stands in for himself")
    elif delegation.to not in programme.persons:
        hint = did_you_mean(delegation.to, programme.persons) or "persons are declared under `persons`"
        yield document.problem((*here, "to"), f"no person `{delegation.to}`", hint)
    for number, role in enumerate(delegation.roles):
        if role not in programme.roles:
            hint = did_you_mean(role, programme.roles) or "roles are declared under `roles`"
            yield document.problem((*here, "roles", number), f"no role `{role}`", hint)
    try:
        days = (date.fromisoformat(delegation.until[:10]) - date.fromisoformat(delegation.from_[:10])).days
    except ValueError:
        yield document.problem(here, "one of its dates is not in the calendar")
        return
    if days < 0:
        yield document.problem((*here, "until"), "ends before it begins")
    elif days > LONGEST_DAYS:
        hint = "who stands in for longer holds the role: name him under `held_by`"
        yield document.problem((*here, "until"), f"lasts {days} days; {LONGEST_DAYS} is the most", hint)


def _cycles(given: Sequence[Given]) -> Iterator[Problem]:
    """Intervals that meet at all meet on the day on which one of them begins; so only such days are looked at."""
    told: set[tuple[int, tuple[str | int, ...]]] = set()
    days = sorted({delegation.from_[:10] for *_, delegation in given})
    roles = [*sorted({role for *_, delegation in given for role in delegation.roles}), ""]
    for day in days:
        for role in roles:
            standing: dict[str, list[Given]] = {}
            for each in given:
                if each[3].holds(role, day):
                    standing.setdefault(each[2], []).append(each)
            for document, here, giver, delegation in (each for edges in standing.values() for each in edges):
                if (id(document), here) not in told and giver in _reached(delegation.to, standing):
                    told.add((id(document), here))
                    message = (
                        f"on {day} `{giver}` and `{delegation.to}` stand in for each other, directly or through others"
                    )
                    yield document.problem((*here, "to"), message, "nobody is left who could decide")


def _reached(start: str, standing: dict[str, list[Given]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        person = waiting.pop()
        if person not in found:
            found.add(person)
            waiting += [delegation.to for *_, delegation in standing.get(person, ())]
    return found
