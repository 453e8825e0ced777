"""Who made a change: authors, committers, co-authors, and the person behind a robot that committed for him."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from plantproof.model.approvals import Author, CommitFacts
from plantproof.model.change import ChangeRecord
from plantproof.model.programme import Accounts, NamedPerson, Programme, folded
from plantproof.review.approvals import may_approve
from plantproof.review.change_record import change_of
from plantproof.text import shown

_NOREPLY = re.compile(r"(?:\d+[+-])?(?P<login>[^@+]+)@users\.noreply\.[^@]+", re.IGNORECASE)
"""`4711+kim@users.noreply.github.com`, `4711-kim@users.noreply.gitlab.com`: the address that hides the address."""
_TRAILER = re.compile(r"(?P<key>[A-Za-z][A-Za-z0-9-]*)\s*:\s*(?P<value>\S.*)")
_PERSON = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>\s*")
MOST_TRAILERS = 200


def trailers(message: str) -> list[tuple[str, str]]:
    """The trailers of a commit message as (key, value), keys in small letters: the last paragraph, if lines of it are
    such. A line that goes on (blank in front) belongs to the one before."""
    paragraphs = re.split(r"\n[ \t]*\n", message.strip().replace("\r\n", "\n"))
    if len(paragraphs) < 2:
        return []
    found: list[tuple[str, str]] = []
    for line in paragraphs[-1].split("\n")[:MOST_TRAILERS]:
        match = _TRAILER.fullmatch(line.rstrip())
        if match:
            found.append((match["key"].casefold(), match["value"].strip()))
        elif line[:1].isspace() and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
    return found


def authors_of(
    commits: Iterable[CommitFacts], programme: Programme, changes: Sequence[ChangeRecord], opened_by: str = ""
) -> tuple[Author, ...]:
    """Everybody who made the change, sorted, each once: authors, committers and co-authors of its commits, who opened
    the merge request, and for each commit of a robot the persons that its change record names.

    A robot's commit without a record, or for a name that the programme does not know, is nobody's: that Author is
    `unknown`; no approval can be shown to be another's.
    """
    found: set[Author] = set()
    if opened_by and not _is_bot("", "", opened_by, programme):
        found.add(Author(logins=(opened_by,), how="opened the merge request"))
    for commit in commits:
        found.update(_makers(commit, programme, changes))
    return tuple(sorted(found, key=lambda each: (each.name, each.email, each.logins, each.how, each.unknown)))


def is_author(person: NamedPerson, authors: Iterable[Author]) -> Author | None:
    """The trace by which a person is an author of the change: mail address, account or name. None where none leads to
    him."""
    emails = {folded(address) for address in person.emails}
    logins = {folded(login) for login in _logins(person.accounts)}
    names = {folded(person.name), folded(person.id)}
    for author in authors:
        by_login = logins & {folded(login) for login in author.logins}
        if folded(author.email) in emails or by_login or (author.name and folded(author.name) in names):
            return author
    return None


def _makers(commit: CommitFacts, programme: Programme, changes: Sequence[ChangeRecord]) -> Iterator[Author]:
    short = commit.id[:12]
    people = [
        (commit.author, commit.author_email, f"author of {short}"),
        (commit.committer, commit.committer_email, f"committer of {short}"),
    ]
    people += [(name, email, f"co-author of {short}") for name, email in _co_authors(commit.message)]
    for name, email, how in people:
        login = _NOREPLY.fullmatch(email)
        maker = Author(name=name, email=email, logins=(login["login"],) if login else (), how=how)
        # Whoever calls himself a robot, and leaves the trace of a person, is that person.
        named = any(is_author(person, [maker]) for person in programme.persons.values())
        if named or not _is_bot(name, email, login["login"] if login else "", programme):
            yield maker
    if any(_is_bot(name, email, "", programme) for name, email, _ in people[:1]):
        yield from _behind(commit, programme, changes)


def _co_authors(message: str) -> Iterator[tuple[str, str]]:
    """The name and address of each co-author, wherever the message names him: of commits that were made one, the
    trailers of all but the last stand in the middle."""
    for line in message.splitlines():
        trailer = _TRAILER.fullmatch(line.strip())
        match = (
            _PERSON.fullmatch(trailer["value"]) if trailer and trailer["key"].casefold() == "co-authored-by" else None
        )
        if match:
            yield match["name"].strip(), match["email"].strip()


def _behind(commit: CommitFacts, programme: Programme, changes: Sequence[ChangeRecord]) -> Iterator[Author]:
    """The persons for whom a robot committed: by the change records that the commit names, or by asset and date."""
    short, robot = commit.id[:12], shown(commit.author)
    wanted = [value for key, value in trailers(commit.message) if key == "change"] or [""]
    for one in dict.fromkeys(wanted):
        record = change_of(commit, one, changes)
        if record is None:
            lacking = f"change record `{shown(one)}`" if one else "change record that fits by asset and date"
            how = f"{robot} committed {short}, and there is no {lacking} to say for whom"
            yield Author(name=commit.author, how=how, unknown=True)
            continue
        named = [name for name in (record.responsible, record.requested_by) if name]
        if not named:
            how = f"{robot} committed {short}, and the change record {shown(record.id)} names nobody"
            yield Author(name=commit.author, how=how, unknown=True)
        for name in dict.fromkeys(named):
            persons = _persons(name, record, programme, commit.date)
            for person in persons:
                yield _as_author(person, f"named by the change record {shown(record.id)}, behind {robot}")
            if not persons:
                how = (
                    f"{robot} committed {short}, and the change record {shown(record.id)} names {shown(name)}, "
                    "whom the programme does not know"
                )
                yield Author(name=name, how=how, unknown=True)


def _persons(text: str, record: ChangeRecord, programme: Programme, on: str) -> list[NamedPerson]:
    """The persons whom a change record names: by id, name, mail address or account, on whatever forge; for a role all
    who hold it at the site, or stand in on the day of the commit. None where the programme knows no such name."""
    match = _PERSON.fullmatch(text)
    name, email = (match["name"].strip(), match["email"].strip()) if match else (text, text)
    traces = [Author(name=name, email=email, logins=(text.removeprefix("@"),), how="")]
    found = [person for person in programme.persons.values() if is_author(person, traces)]
    role = programme.role_named(text)
    if found or role is None:
        return found
    return [each.person for each in may_approve(role.id, record.site, programme, on)]


def _as_author(person: NamedPerson, how: str) -> Author:
    email = person.emails[0] if person.emails else ""
    return Author(name=person.name, email=email, logins=_logins(person.accounts), how=how)


def _logins(accounts: Accounts) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*accounts.github, *accounts.gitlab, *accounts.other)))


def _is_bot(name: str, email: str, login: str, programme: Programme) -> bool:
    """Whether an account only collects: one of the programme's bots, or one that its forge marks as such."""
    wanted = {folded(text) for text in (name, email, login) if text}
    for bot in programme.bots:
        if wanted & {folded(text) for text in (bot.name, *bot.emails, *_logins(bot.accounts))}:
            return True
    return any(text.endswith("[bot]") for text in wanted)
