"""Secrets by the name of their field: keys of JSON objects with all that is below them, and columns of tables."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

from plantproof.evidence.secret_prose import NO_SECRET, looks_secret


class Field(NamedTuple):
    """`quoted` is for numbers of JSON: what stands for them is a text."""

    start: int
    end: int
    quoted: bool = False


_SURE = (
    r"pass(?:word|wd|phrase|code|wort)s?(?:[-_ ]?(?:hash|\d))?|pwd|(?<![a-z])(?:pw|pass|psk|psks|pin|pmk)"
    r"|secrets?(?:[-_ ]?(?:key|access[-_]?key|\d))?|communit(?:y|ies)(?:[-_ ]?(?:ro|rw|string))?"
    r"|(?:api|auth|authentication|private|priv|access|shared|encryption|encrypt|session|license|preshared|md5|wpa|wep|ssh"
    r"|secret[-_ ]access|hmac)[-_ ]?key|[-_ ]token|credentials?|ciphertext|plaintext|kennwort|admpwd|key[-_ ]?string"
    r"|mot de passe|contrase[nñ]a|senha|wachtwoord|пароль|密码|パスワード"
)
_MAYBE = r"(?<![a-z])(?:key|token|hash|md5|sha1|seed|auth|code)|[-_ ](?:hash|creds)"
_JSON = re.compile(rf'(?:(?P<sure>{_SURE})|(?P<maybe>{_MAYBE}))"\s*:\s*(?=["\[{{\d-])')
_TOKENS = re.compile(
    r'"(?P<text>(?:[^"\\]|\\.)*)"(?P<key>\s*:)?|(?P<open>[\[{])|(?P<close>[\]}])|(?P<number>-?\d[\d.eE+-]*)'
)
_NOT_BELOW = frozenset({"id", "url", "name", "display", "user", "username", "object_id", "count"})

_COLUMN = re.compile(rf"(?:{_SURE}|unicodepwd|unixuserpassword|token)\W*\Z")
_NO_COLUMN = re.compile(
    r"(?:reversible|change|store|no|has|is|blank|empty|weak|default|enforce|must|cannot)\b.*password|\?\Z"
)
_DELIMITERS = ",;\t|"


def json_fields(text: str, folded: str) -> Iterator[Field]:
    """Values of keys that are called like secrets, and every text and number below such a key."""
    yield from _json_fields(text, folded)
    if '\\"' in text:
        # JSON within a text of JSON: the same places, its quotes without their escapes.
        inner, folded_inner = (one.replace('\\"', '" ') for one in (text, folded))
        for start, end, _ in _json_fields(inner, folded_inner):
            if text[start - 1 : start + 1] == '\\"':
                yield Field(start + 1, end)
            elif text[start : start + 1].isdigit():
                yield Field(start, end)


def _json_fields(text: str, folded: str) -> Iterator[Field]:
    covered = 0
    for match in _JSON.finditer(folded):
        if match.end() < covered:
            continue
        fields, covered = _values(text, match.end())
        for field in fields:
            value = text[field.start : field.end]
            if value.strip() and value.lower() not in NO_SECRET and (match["sure"] or looks_secret(value)):
                yield field


def _values(text: str, place: int) -> tuple[list[Field], int]:
    """The texts and numbers of the value that begins here, and where it ends."""
    depth, name = 0, ""
    found: list[Field] = []
    while (token := _TOKENS.search(text, place)) is not None:
        place = token.end()
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth -= 1
        elif token["key"]:
            name = token["text"].lower()
        elif depth == 0 or name not in _NOT_BELOW:
            group = "number" if token["number"] else "text"
            if group == "text" or len(token[group]) > 2:
                found.append(Field(token.start(group), token.end(group), group == "number"))
        if depth <= 0:
            return found, place
    return found, len(text)


def table_fields(text: str) -> Iterator[Field]:
    """The cells of columns that are called like secrets, in a table whose first line names its columns."""
    first = text.split("\n", 1)[0].rstrip("\r")
    delimiter = delimiter_of(first)
    if not delimiter:
        return
    try:
        header = next(csv.reader([first], delimiter=delimiter), [])
    except csv.Error:
        return
    names = [name.strip().lower() for name in header]
    secret = {at for at, name in enumerate(names) if _COLUMN.search(name) and not _NO_COLUMN.search(name)}
    if not secret:
        return
    sign = re.escape(delimiter)
    cell = re.compile(
        rf'(?:[ ]*"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^{sign}\r\n]*))[^{sign}\r\n]*(?P<after>{sign}|\r?\n|\r|\Z)'
    )
    place = column = 0
    line = 1
    while place < len(text):
        match = cell.match(text, place)
        if match is None:
            return
        group = "plain" if match["quoted"] is None else "quoted"
        value = match[group]
        if line > 1 and column in secret and value.strip() and value.strip().lower() not in NO_SECRET:
            yield Field(match.start(group), match.end(group))
        more = match["after"] == delimiter
        column, line = (column + 1, line) if more else (0, line + 1)
        place = match.end() if match.end() > place else place + 1


def delimiter_of(first: str) -> str:
    """What separates the columns of a header line; "" for what is no header."""
    best = max(_DELIMITERS, key=first.count)
    return best if first.count(best) and len(first) < 20_000 else ""
