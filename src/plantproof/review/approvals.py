"""Who must agree to a change, by RACI and decision rights. Pure: values in, values out.

The intent is the base's: a change never brings its own approvers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, get_args

from plantproof.model.approvals import MayApprove, Moved, RequiredApproval
from plantproof.model.intent import Intent
from plantproof.model.programme import Programme, ScopedRaci, ScopedRight, When
from plantproof.model.vocabulary import Severity
from plantproof.review.moved import Thing, things_of


class Who(NamedTuple):
    """Those of whom one requirement may be answered. `role` is "" where the owner is a person, or nobody known."""

    site: str
    role: str
    title: str
    persons: tuple[MayApprove, ...]


def required_approvals(moved: Moved, intent: Intent, *, on: str) -> list[RequiredApproval]:
    """The approvals that the decision rights of `intent` (the base's) demand for what moved, sorted by right and site.

    `on` is a date: on it delegations hold or do not. More that moves never demands less. What no decision right speaks
    of demands nothing: `not_decided` names it. A requirement that nobody could fulfil is there all the same, without
    persons: it stays missing.
    """
    reasons: dict[tuple[int, str, str, str], set[str]] = {}
    found: dict[tuple[int, str, str, str], tuple[ScopedRight, Who]] = {}
    things = list(things_of(moved, intent))
    for number, scoped in enumerate(intent.programme.rights):
        for thing in things:
            if _speaks(scoped, thing, intent):
                for who in _answering(scoped, thing, intent, on):
                    key = (number, who.site, who.role, who.title)
                    found[key] = (scoped, who)
                    reasons.setdefault(key, set()).add(thing.words)
    return [_required(*found[key], sorted(reasons[key])) for key in sorted(found)]


def not_decided(moved: Moved, intent: Intent) -> tuple[str, ...]:
    """In words, sorted: what moved and no decision right speaks of. Nobody has to agree to it, and that is said."""
    things = things_of(moved, intent)
    return tuple(
        sorted({each.words for each in things if not any(_speaks(s, each, intent) for s in intent.programme.rights)})
    )


def may_approve(role: str, site: str, programme: Programme, on: str) -> tuple[MayApprove, ...]:
    """Who may speak for a role at a site on a date: its holders, and those who stand in for them that day."""
    return _with_delegates(programme.held_by(role, site), role, programme, on)


def _required(scoped: ScopedRight, who: Who, why: Sequence[str]) -> RequiredApproval:
    right = scoped.right
    return RequiredApproval(
        right=right.id,
        title=right.title,
        path=scoped.path,
        line=scoped.line,
        site=who.site,
        role=who.role,
        role_title=who.title,
        persons=who.persons,
        count=right.approvals,
        why=tuple(why),
        afterwards_hours=right.afterwards.within_hours if right.afterwards else 0,
    )


def _speaks(scoped: ScopedRight, thing: Thing, intent: Intent) -> bool:
    """Whether a right is about a thing: its kind, its site where the right is of one, its zone, its severity."""
    right = scoped.right
    if thing.kind not in right.when or (scoped.site and thing.site not in ("", scoped.site)):
        return False
    narrowed, places = {*right.zones, *right.conduits}, {*thing.zones, *thing.conduits}
    if narrowed and places and not narrowed & places and places <= _places(thing.site, intent):
        # What lies at no known place is not known to lie elsewhere: a zone of the change may be an old one renamed.
        return False
    if thing.kind == "severity" and right.severity:
        return Severity(thing.severity).rank <= Severity(right.severity).rank
    return True


def _places(site: str, intent: Intent) -> set[str]:
    known = intent.sites.get(site)
    if known is None:
        return set()
    return {zone.id for zone in known.zones} | {conduit.id for conduit in known.conduits}


def _answering(scoped: ScopedRight, thing: Thing, intent: Intent, on: str) -> Iterator[Who]:
    by, programme = scoped.right.approved_by, intent.programme
    if by.role:
        for site in _sites(by.role, thing.site or scoped.site, intent):
            yield _of_role(by.role, site, programme, on)
    elif by.accountable_for:
        at = thing.site or scoped.site
        rows = _accountable(by.accountable_for, thing, at, intent)
        for row, site in rows:
            yield _of_role(row.row.accountable, site, programme, on)
        if not rows:
            yield Who(at, "", f"accountable for {by.accountable_for}", ())
    else:
        for site in [thing.site] if thing.site else sorted(intent.sites):
            for owner in _owners(by.owner_of, thing, site, intent):
                yield _of_owner(owner, site, programme, on)


def _sites(role: str, site: str, intent: Intent) -> list[str]:
    """For what judges all sites alike: the company's holders answer; where it has none, those of every site."""
    if site or intent.programme.held_by(role, "") or not intent.sites:
        return [site]
    return sorted(intent.sites)


def _of_role(role: str, site: str, programme: Programme, on: str) -> Who:
    declared = programme.roles.get(role)
    return Who(site, role, declared.title if declared else role, may_approve(role, site, programme, on))


def _owners(what: str, thing: Thing, site: str, intent: Intent) -> list[str]:
    """What `owner:` says of what was touched. A zone that is new, or has no owner, is the site owner's."""
    known = intent.sites[site]
    units: Iterable[tuple[str, str]] = ()
    if what == "zone":
        units = [(zone.id, zone.owner) for zone in known.zones]
    elif what == "conduit":
        units = [(conduit.id, conduit.owner) for conduit in known.conduits]
    owners = {name: owner for name, owner in units if owner}
    touched = thing.zones if what == "zone" else thing.conduits
    named = [owners.get(name, known.owner) for name in touched] if what != "site" else []
    return sorted(set(named or [known.owner]))


def _of_owner(owner: str, site: str, programme: Programme, on: str) -> Who:
    role = programme.role_named(owner)
    if role:
        return _of_role(role.id, site, programme, on)
    person = programme.person_named(owner)
    persons = _with_delegates([person.id], "", programme, on) if person else ()
    return Who(site, "", owner, persons)


def _accountable(activity: str, thing: Thing, site: str, intent: Intent) -> list[tuple[ScopedRaci, str]]:
    """The rows of RACI that answer for an activity at what moved, each with its site: those of the zones and conduits
    touched, else the site's, else the company's; for what is of no site the company's, else every site's."""
    rows = [each for each in intent.programme.raci if each.row.activity == activity]
    here = [each for each in rows if each.site == site] if site else []
    places = {*thing.zones, *thing.conduits}
    exact = [each for each in here if places & {*each.row.zones, *each.row.conduits}]
    if exact:
        return [(each, site) for each in exact]
    wide = [each for each in here if not (each.row.zones or each.row.conduits)]
    company = [each for each in rows if not each.site]
    if site:
        # What is of the whole site, where RACI knows only its parts, is a matter of all of those.
        return [(each, site) for each in wide or company or ([] if places else here)]
    return [(each, "") for each in company] or [(each, each.site) for each in rows]


def _with_delegates(holders: Iterable[str], role: str, programme: Programme, on: str) -> tuple[MayApprove, ...]:
    standing: dict[str, str] = dict.fromkeys(holders, "")
    waiting = sorted(standing)
    while waiting:
        giver = programme.persons.get(waiting.pop(0))
        for delegation in giver.delegations if giver else ():
            if delegation.holds(role, on[:10]) and delegation.to not in standing and giver:
                standing[delegation.to] = f"for {giver.name} until {delegation.until[:10]}"
                waiting.append(delegation.to)
    known = [(programme.persons[person], words) for person, words in standing.items() if person in programme.persons]
    known.sort(key=lambda each: (each[1] != "", each[0].name, each[0].id))
    return tuple(MayApprove(person=person, standing_in=words) for person, words in known)


def kinds_without_right(programme: Programme) -> list[When]:
    """What may move without that any decision right, at any site, speaks of it."""
    spoken = {word for scoped in programme.rights for word in scoped.right.when}
    return sorted(set(get_args(When)) - spoken)
