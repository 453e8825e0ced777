"""Change records as files of the merge request: controls/changes/<id>.yaml."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath

from plantproof.errors import InputError, Problem
from plantproof.files import YamlDocument, parse_yaml
from plantproof.model.change import ChangeFile, ChangeRecord
from plantproof.model.programme import Programme, folded
from plantproof.model.site import Site
from plantproof.spelling import did_you_mean

FOLDER = "controls/changes"

_ADDRESSED = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]+)>\s*")
"""`Kim Plant <kim@works.example>`, as git writes it."""


def load_change(data: bytes, path: str, sites: Mapping[str, Site], declared: Collection[str]) -> ChangeRecord:
    """One change record. Raises `InputError` with every mistake.

    A record without window or rollback plan is no mistake of form: what is missing is named where the change is
    reviewed, for a plan may still come.
    """
    document = parse_yaml(data, path)
    file = document.convert(ChangeFile)
    problems = list(_problems(document, file, sites, declared))
    if problems:
        raise InputError(*problems)
    window = (_to_the_second(file.window.from_), _to_the_second(file.window.until)) if file.window else ("", "")
    return ChangeRecord(
        id=file.id,
        site=file.site,
        title=file.title,
        ticket=file.ticket,
        requested_by=file.requested_by,
        responsible=file.responsible,
        assets=tuple(file.assets),
        zones=tuple(file.zones),
        conduits=tuple(file.conduits),
        window=window,
        rollback_plan=file.rollback_plan.strip(),
        safety_review=file.safety_review.strip(),
        emergency_made=_to_the_second(file.emergency.made) if file.emergency else "",
        emergency_reason=file.emergency.reason if file.emergency else "",
        origin=path,
        line=1,
    )


def unknown_people(records: Iterable[ChangeRecord], programme: Programme) -> Iterator[Problem]:
    """Whoever asks for a change or makes it, and is nobody whom the programme knows: where a robot commits it, nobody
    can tell its author from those who approve. Nothing where the programme names no persons."""
    for record in records if programme.persons else ():
        for field, text in (("requested_by", record.requested_by), ("responsible", record.responsible)):
            if not _is_known(text, record.site, programme):
                message = f"`{field}` names `{text}`, who is no person of the programme"
                hint = did_you_mean(text, [person.name for person in programme.persons.values()])
                hint = hint or "name a person by id or name; those who approve are told from the authors by it"
                yield Problem(record.origin, 0, message, hint)


def _is_known(text: str, site: str, programme: Programme) -> bool:
    """Whether a name is that of a person, by id, name, mail address or account, or of a role that somebody holds."""
    match = _ADDRESSED.fullmatch(text)
    names = {folded(each) for each in (match.groups() if match else (text,))}
    if any(programme.person_named(each) for each in names):
        return True
    for person in programme.persons.values():
        accounts = (*person.accounts.github, *person.accounts.gitlab, *person.accounts.other)
        if folded(text).removeprefix("@") in map(folded, accounts):
            return True
    role = programme.role_named(text)
    return role is not None and bool(programme.held_by(role.id, site))


def _problems(
    document: YamlDocument, file: ChangeFile, sites: Mapping[str, Site], declared: Collection[str]
) -> Iterator[Problem]:
    stem = PurePosixPath(document.path).stem
    if file.id != stem:
        yield document.problem(("id",), f"the id `{file.id}` is not the name of the file", f"write `{stem}`")
    if file.site not in declared:
        yield document.problem(("site",), f"no site `{file.site}`", _near(file.site, declared))
    for field in ("title", "requested_by", "responsible"):
        if not getattr(file, field).strip():
            yield document.problem((field,), "is empty")
    if file.site in sites:
        yield from _unknown(document, "zones", file.zones, [zone.id for zone in sites[file.site].zones])
        yield from _unknown(document, "conduits", file.conduits, [conduit.id for conduit in sites[file.site].conduits])
    if file.window:
        ends = [_moment(file.window.from_), _moment(file.window.until)]
        if None in ends:
            yield document.problem(("window",), "one of its ends is not in the calendar")
        elif str(ends[0]) >= str(ends[1]):
            yield document.problem(("window", "until"), "ends before it begins")
    if file.emergency and _moment(file.emergency.made) is None:
        yield document.problem(("emergency", "made"), f"{file.emergency.made} is not in the calendar")


def _unknown(document: YamlDocument, field: str, names: Sequence[str], known: Sequence[str]) -> Iterator[Problem]:
    for number, name in enumerate(names):
        if name not in known:
            yield document.problem((field, number), f"the {field[:-1]} `{name}` is not declared", _near(name, known))


def _near(name: str, known: Collection[str]) -> str:
    return did_you_mean(name, known) or f"there are: {', '.join(sorted(known)) or 'none'}"


def _to_the_second(text: str) -> str:
    return text if len(text) == len("2026-01-01T00:00:00Z") else f"{text[:-1]}:00Z"


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
