"""Who answers for what, and who must agree to what: all files of controls/programme/, put together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from plantproof.controls.delegation import delegation_problems
from plantproof.errors import Problem
from plantproof.files import YamlDocument, parse_yaml
from plantproof.model.programme import (
    Accounts,
    Bot,
    DecisionRight,
    NamedPerson,
    Programme,
    ProgrammeFile,
    ScopedRaci,
    ScopedRight,
    When,
)
from plantproof.model.site import Site
from plantproof.spelling import did_you_mean

FOLDER = "controls/programme"

Pointer = tuple[str | int, ...]

_HAS: dict[str, frozenset[When]] = {
    "zone": frozenset({"zone", "path", "safety", "severity", "conduit", "device"}),
    "conduit": frozenset({"conduit", "device", "path", "safety"}),
}
"""Which of the things that move lie in zones and conduits, and so have owners there."""


class ReadFile(NamedTuple):
    """One file as read, with the document that knows its lines."""

    document: YamlDocument
    file: ProgrammeFile


class Together(NamedTuple):
    """What all files come to, every mistake between them, and what is allowed but deserves a word."""

    programme: Programme
    problems: list[Problem]
    warnings: list[Problem]


def read_programme_file(data: bytes, path: str) -> ReadFile:
    """One file of the folder. Raises `InputError` with every mistake of form."""
    document = parse_yaml(data, path)
    return ReadFile(document, document.convert(ProgrammeFile))


def put_together(files: Sequence[ReadFile], sites: Mapping[str, Site], declared: Collection[str]) -> Together:
    """The programme that these files make together. `declared`: the sites of plantproof.yaml, those that could not be
    read among them. A name that means two persons, a role nobody declares, somebody who could never approve, a
    delegation that leads back: all are found at once."""
    programme = _joined(files)
    problems: list[Problem] = []
    problems += _twice(files)
    for read in files:
        problems += _file_problems(read, programme, sites, declared)
    problems += delegation_problems([(read.document, read.file) for read in files], programme)
    warnings = _warnings(files, programme, sites) if files and not problems else []
    return Together(programme, problems, warnings)


def _joined(files: Sequence[ReadFile]) -> Programme:
    holders: dict[str, dict[str, tuple[str, ...]]] = {}
    raci: list[ScopedRaci] = []
    rights: list[ScopedRight] = []
    for document, file in files:
        held = [(role.id, role.held_by) for role in file.roles] + list(file.held_by.items())
        here = holders.setdefault(file.site, {})
        for role, persons in held:
            here[role] = (*here.get(role, ()), *persons)
        for number, row in enumerate(file.raci):
            line = document.line_of(("raci", number))
            raci.append(ScopedRaci(site=file.site, row=row, path=document.path, line=line))
        for number, right in enumerate(file.decision_rights):
            line = document.line_of(("decision_rights", number))
            rights.append(ScopedRight(site=file.site, right=right, path=document.path, line=line))
    return Programme(
        persons={person.id: person for _, file in files for person in file.persons},
        bots=tuple(bot for _, file in files for bot in file.bots),
        roles={role.id: role for _, file in files for role in file.roles},
        holders=holders,
        raci=tuple(raci),
        rights=tuple(rights),
    )


def _twice(files: Sequence[ReadFile]) -> Iterator[Problem]:
    """Ids that are there twice, and accounts and addresses that would make two persons one."""
    for group, what in (("persons", "person"), ("roles", "role"), ("decision_rights", "decision right")):
        first: dict[str, str] = {}
        for document, file in files:
            for number, each in enumerate(getattr(file, group)):
                here: Pointer = (group, number, "id")
                place = f"{document.path}:{document.place_of(here).line}"
                before = first.setdefault(each.id.casefold(), place)
                if before != place:
                    yield document.problem(
                        here, f"two of the id `{each.id}` (the other: {before})", f"one {what}, one id"
                    )
    taken: dict[tuple[str, str], str] = {}
    for document, file in files:
        people: list[tuple[str, Sequence[NamedPerson | Bot]]] = [("persons", file.persons), ("bots", file.bots)]
        for group, listed in people:
            for number, somebody in enumerate(listed):
                for here, kind, name in _identities(somebody.accounts, somebody.emails):
                    owner = taken.setdefault((kind, name.casefold()), somebody.name)
                    if owner != somebody.name:
                        message = f"`{name}` is {owner}'s as well"
                        hint = "nobody could tell who approved and who is the author"
                        yield document.problem((group, number, *here), message, hint)


def _identities(accounts: Accounts, emails: Sequence[str]) -> Iterator[tuple[Pointer, str, str]]:
    for forge in ("github", "gitlab", "other"):
        for number, login in enumerate(getattr(accounts, forge)):
            yield ("accounts", forge, number), forge, login
    for number, address in enumerate(emails):
        yield ("emails", number), "email", address


def _file_problems(
    read: ReadFile, programme: Programme, sites: Mapping[str, Site], declared: Collection[str]
) -> Iterator[Problem]:
    document, file = read
    if file.site and file.site not in declared:
        yield document.problem(("site",), f"no site `{file.site}`", _there_are(file.site, declared))
    roles, persons = programme.roles.keys(), programme.persons.keys()
    for number, role in enumerate(file.roles):
        yield from _unknown(document, ("roles", number, "held_by"), role.held_by, persons, "person")
    for name, holders in file.held_by.items():
        if name not in roles:
            yield _not_there(document, ("held_by", name), name, roles, "role")
        yield from _unknown(document, ("held_by", name), holders, persons, "person")
    for number, person in enumerate(file.persons):
        yield from _reachable(document, ("persons", number), person)
    for number, row in enumerate(file.raci):
        here: Pointer = ("raci", number)
        for field in ("responsible", "consulted", "informed"):
            yield from _unknown(document, (*here, field), getattr(row, field), roles, "role")
        if row.accountable not in roles:
            yield _not_there(document, (*here, "accountable"), row.accountable, roles, "role")
        yield from _places(document, here, file.site, row.zones, row.conduits, sites)
    yield from _raci_twice(document, file)
    for number, right in enumerate(file.decision_rights):
        here = ("decision_rights", number)
        yield from _places(document, here, file.site, right.zones, right.conduits, sites)
        yield from _right_problems(document, here, right, programme)


def _reachable(document: YamlDocument, here: Pointer, person: NamedPerson) -> Iterator[Problem]:
    accounts = person.accounts
    if not (accounts.github or accounts.gitlab or accounts.other):
        message = f"{person.name} has no account on any forge"
        yield document.problem(
            (*here, "accounts"), message, "without one nobody can approve: accounts: {gitlab: [name]}"
        )


def _right_problems(
    document: YamlDocument, here: Pointer, right: DecisionRight, programme: Programme
) -> Iterator[Problem]:
    by = right.approved_by
    given = [field for field in ("role", "owner_of", "accountable_for") if getattr(by, field)]
    if len(given) != 1:
        message = f"names {' and '.join(given) or 'nobody'} under `approved_by`"
        yield document.problem((*here, "approved_by"), message, "one of `role`, `owner_of`, `accountable_for`")
    if by.role and by.role not in programme.roles:
        yield _not_there(document, (*here, "approved_by", "role"), by.role, programme.roles, "role")
    activities = {scoped.row.activity for scoped in programme.raci}
    if by.accountable_for and by.accountable_for not in activities:
        pointer = (*here, "approved_by", "accountable_for")
        yield _not_there(document, pointer, by.accountable_for, activities, "activity of `raci`")
    for number, word in enumerate(right.when):
        if by.owner_of in _HAS and word not in _HAS[by.owner_of]:
            hint = f"`owner_of: {by.owner_of}` goes with {', '.join(sorted(_HAS[by.owner_of]))}"
            yield document.problem((*here, "when", number), f"`{word}` has no {by.owner_of}", hint)
        narrowed = [_HAS[field[:-1]] for field in ("zones", "conduits") if getattr(right, field)]
        if narrowed and not any(word in having for having in narrowed):
            yield document.problem(
                (*here, "when", number), f"`{word}` lies in no zone", "leave `zones` and `conduits` out"
            )
    if right.severity and "severity" not in right.when:
        hint = "add `severity` to `when`, or leave it out"
        yield document.problem((*here, "severity"), "narrows nothing: `when` does not name `severity`", hint)


def _places(
    document: YamlDocument,
    here: Pointer,
    site: str,
    zones: Sequence[str],
    conduits: Sequence[str],
    sites: Mapping[str, Site],
) -> Iterator[Problem]:
    if not site and (zones or conduits):
        field = "zones" if zones else "conduits"
        yield document.problem(
            (*here, field), f"names {field}, but the file names no site", "write it into the site's file"
        )
    if site in sites:
        yield from _unknown(document, (*here, "zones"), zones, [zone.id for zone in sites[site].zones], "zone")
        known = [conduit.id for conduit in sites[site].conduits]
        yield from _unknown(document, (*here, "conduits"), conduits, known, "conduit")


def _raci_twice(document: YamlDocument, file: ProgrammeFile) -> Iterator[Problem]:
    """Two rows for one activity at one place: two would be accountable, so nobody is."""
    first: dict[tuple[str, str], int] = {}
    for number, row in enumerate(file.raci):
        for place in (*row.zones, *row.conduits) or ("",):
            line = document.line_of(("raci", number))
            before = first.setdefault((row.activity, place), line)
            if before != line:
                where = f" in `{place}`" if place else ""
                message = f"`{row.activity}`{where} has a row already (line {before})"
                yield document.problem(("raci", number), message, "exactly one role is accountable")


def _warnings(files: Sequence[ReadFile], programme: Programme, sites: Mapping[str, Site]) -> list[Problem]:
    return [*_without_owner(programme, sites), *_never_enough(files, programme, sites)]


def _without_owner(programme: Programme, sites: Mapping[str, Site]) -> Iterator[Problem]:
    for name, site in sorted(sites.items()):
        owned = [("site", site.id, site.owner)]
        owned += [("zone", zone.id, zone.owner) for zone in site.zones if zone.kind != "external"]
        owned += [("conduit", conduit.id, conduit.owner) for conduit in site.conduits]
        for what, which, owner in owned:
            if not programme.role_named(owner) and not programme.person_named(owner):
                path = f"controls/sites/{name}.yaml"
                said = (
                    f"names the owner `{owner}`, who is no role and no person of the programme"
                    if owner
                    else "has no owner"
                )
                yield Problem(path, 0, f"the {what} `{which}` {said}", f"nobody can approve for it; see {FOLDER}/")


def _never_enough(files: Sequence[ReadFile], programme: Programme, sites: Mapping[str, Site]) -> Iterator[Problem]:
    """Decision rights that nobody could answer at some site: what they ask for could never be granted there."""
    hint = f"see to it in {FOLDER}/: until then it cannot be granted"
    rows = {(scoped.site, scoped.row.activity) for scoped in programme.raci}
    for document, file in files:
        for number, right in enumerate(file.decision_rights):
            here = ("decision_rights", number, "approved_by")
            role, activity = right.approved_by.role, right.approved_by.accountable_for
            for site in [file.site] if file.site else sorted(sites):
                held = len(programme.held_by(role, site)) if role else right.approvals
                if held < right.approvals:
                    message = f"asks for {right.approvals} of `{role}`; at {site} {held or 'nobody'} holds the role"
                    yield document.problem(here, message, hint)
                if activity and not rows & {("", activity), (site, activity)}:
                    yield document.problem(here, f"nobody is accountable for `{activity}` at {site}", hint)


def _unknown(
    document: YamlDocument, here: Pointer, names: Sequence[str], known: Iterable[str], what: str
) -> Iterator[Problem]:
    known = list(known)
    for number, name in enumerate(names):
        if name not in known:
            yield _not_there(document, (*here, number), name, known, what)
        elif names.index(name) != number:
            yield document.problem((*here, number), f"`{name}` is named twice")


def _not_there(document: YamlDocument, here: Pointer, name: str, known: Iterable[str], what: str) -> Problem:
    return document.problem(here, f"no {what} `{name}`", _there_are(name, known))


def _there_are(name: str, known: Iterable[str]) -> str:
    known = sorted(known)
    return did_you_mean(name, known) or f"there are: {', '.join(known) or 'none'}"
