"""Secrets that people write into free text: descriptions, comments, remarks, banners, notes.

Too much is hidden rather than too little: a description that loses a word is still evidence, a password in git is not
to be called back. What no word announces cannot be found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

Kind = Literal["plain", "json", "csv"]

_FOREIGN = ("contraseña", "hasło", "lösenord", "пароль", "пароля", "密码", "密碼", "口令", "パスワード", "비밀번호")


def _or_escaped(word: str) -> str:
    """A word as it is, or with the escapes that JSON may write for its letters."""
    return "".join(sign if sign.isascii() else rf"(?:{sign}|\\{{1,2}}u{ord(sign):04x})" for sign in word)


_LONG = "|".join(map(_or_escaped, _FOREIGN)) + (
    r"|pass(?:word|wd|phrase|code|wort|[-_ ]phrase)s?|kennwort|mot de passe|contrasena|senha|wachtwoord|heslo"
    r"|salasana|secret|api[-_ ]?key|auth[-_ ]?key|private[-_ ]?key"
    r"|pre[-_ ]?shared[-_ ]?key|access[-_ ]?key|access[-_ ]?token|client[-_ ]?secret|p@ss(?:word|w0rd)?|passw0rd"
    r"|encryption[-_ ]?key"
)
_SHORT = r"pw|pwd|p/w|psk|mdp|pass|enable[-_ ]?pw"
_COMMUNITY = "community"
_WEAK = r"key|token|pin|creds?|credentials?|code"
_IS = (
    r"\s{0,3}(?:(?:[:=：]|\\{1,2}uff1a){1,2}=?|=>|->|→)\s{0,3}"
    r"|\s{1,3}(?:(?:was |is |has been )?set to|is|ist|est|es|är|was|lautet|changed to|reset to|to|[-–])\s{1,3}"
)
_OPEN = r"(?:\\\"|\"\"|\\'|['\"‘“„«`(<\[](?!redacted|/))?"

_SURE = re.compile(
    rf"(?:(?:{_LONG}|(?<![a-z0-9]){_COMMUNITY})|(?<![a-z0-9-])(?:{_SHORT}))(?:\\?[\"'`*)]){{0,2}}(?P<by>{_IS}){_OPEN}"
)
_BARE = re.compile(rf"(?:(?:{_LONG})|(?<![a-z0-9-])(?:{_SHORT}))[\"'`*:]{{0,2}}[ \t]{{1,3}}(?:[0-9] )?{_OPEN}")
_MAYBE = re.compile(
    rf"(?<![a-z0-9-])(?:{_WEAK})\s{{0,3}}(?:[:=：]|\\{{1,2}}uff1a){{1,2}}\s{{0,3}}{_OPEN}(?:[\w.\\-]{{1,40}} ?[:/] ?)?"
)
_PAIR = re.compile(
    r"(?<![a-z0-9_])(?:(?:log[io]n|user(?:name)?|account|creds?|credentials?|auth)\b\s{0,3}[:=]?\s{0,3}[\w.\\-]{1,40}"
    r"|root|admin(?:istrator)?|operator|guest|support|service)(?:\s{0,2}[:]\s{0,2}|\s{0,2}/\s{0,2})" + _OPEN
)
_NET_USER = re.compile(r"\bnet\s+user\s+(?:/domain\s+)?[^\s/]+\s+(?!/)")
_HEADER = re.compile(
    r"(?:(?:proxy-)?authorization|x-[a-z-]{0,30}(?:key|token|auth|secret)|cookie)\s{0,3}[:=]\s{0,3}"
    r"(?:(?:bearer|basic|token|apikey|digest)\s{1,3})?"
)
_QUERY = re.compile(r"[?&][a-z_.-]{0,30}(?:pass|pw|pwd|token|key|secret|sig|signature|auth|code|psk)[a-z_]{0,12}=")

_MARKS = (
    "pass", "pw", "p/w", "psk", "secret", "key", "token", "pin", "cred", "community", "mdp", "kennwort", "contrase",
    "senha", "wachtwoord", "hasło", "heslo", "lösenord", "salasana", "парол", "密", "口令", "パスワード", "비밀",
    "p@ss", "code", "log", "user", "account", "root", "admin", "operator", "guest", "support", "service", "auth",
    "cookie", "mot de", "\\u",
)  # fmt: skip
"""One of them stands in every text that can hold an announcement."""

TOKEN = re.compile(r"<redacted(?::[A-Za-z0-9._-]{1,32}:[0-9a-f]{16})?>", re.ASCII)
_STRING = re.compile(r'(?:[^"\\]|\\.)*', re.DOTALL)
_CELL = re.compile(r'(?:[^"]|"")*')
_PLAIN_CELL = re.compile(r'[^\n,;\t|"]*')
_LINE = re.compile(r"[^\n]*")
_ESCAPED_BLANK = re.compile(r"\\[nrt]")
_OUTSIDE = re.compile(r'(?<!\\)"')
"""A quote that ends a string of JSON: what follows is no text of the same string."""

_NO_VALUE = re.compile(r"</|\d{1,3}(?:[.,:]\d*)?\Z")

LONGEST = 8192
"""Characters of a secret: a guard against texts made to be slow."""

_ORDINARY = re.compile(
    r"\A(?:[a-z]+://.*|[^@\s]+@[\w-]+(?:\.[\w-]+)+|[\d.,:/%-]+|[\d.]+(?:ms|s|m|h|d|kb|mb|gb|years?|days?|chars?)"
    r"|[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}|\w+\.(?:txt|cfg|csv|json|xml|yaml|pem|key|example|com|org|net|local))\Z"
)
NO_SECRET = frozenset(
    {
        "true", "false", "null", "none", "yes", "no", "enabled", "disabled", "enable", "disable", "required", "***",
        "****", "n/a", "not", "set", "unset", "empty", "unknown", "expired", "never", "changed", "optional", "set.",
        "needed", "a", "an", "the", "on", "off", "be", "in", "kept", "stored", "and", "or", "of", "undefined", "nil",
    }
)  # fmt: skip
"""Words that stand where a secret could, in lower case."""

_CLAUSE = re.compile(r"[\r\n|]|</|[,;.](?=\s|$)|\s(?:[-–(]|on|for)\s|\s{2,}|\\[nrt]|(?:['\"”’»`)\]]|\\\")(?=[\s.,;]|$)")


def announced(text: str, folded: str, kind: Kind) -> Iterator[tuple[int, int]]:
    """Where a word announces a secret, and the secret follows. `folded` is the text in lower case, of equal length."""
    if not any(mark in folded for mark in _MARKS):
        return
    if kind == "json":
        folded = _ESCAPED_BLANK.sub("  ", folded)  # else the `n` of a line end would begin the next word
    for pattern, whole, sure in (
        (_SURE, True, True),
        (_BARE, False, False),
        (_MAYBE, False, False),
        (_PAIR, False, False),
        (_NET_USER, False, True),
        (_HEADER, False, True),
        (_QUERY, False, True),
    ):
        limit, quotes, last, covered = 0, 0, 0, 0
        for match in pattern.finditer(folded):
            start = match.end()
            if start < covered or (kind == "json" and _OUTSIDE.search(match[0])):
                continue
            if kind == "csv":
                quotes += text.count('"', last, start)
                last = start
            if start >= limit:  # else it lies in the same cell, string or line as the one before
                limit = _limit(text, start, kind, quoted=quotes % 2 == 1)
            # What is said with a verb may be a sentence: "the password is kept in the safe".
            certain = sure and not (match.groupdict().get("by") or ":").strip(" \t\r\n").isalpha()
            end = _end(text, start, limit, match[0], whole=whole, query=pattern is _QUERY)
            value = text[start:end]
            if value.lower() in NO_SECRET or _NO_VALUE.match(value):
                continue
            if (certain and len(value) > 2) or any(map(looks_secret, value.split() if whole else (value,))):
                covered = end
                yield start, end


def looks_secret(value: str) -> bool:
    """Whether a word without context looks made up: letters with digits, or signs that no plain word has."""
    if TOKEN.search(value):
        return True
    if len(value) < 4 or _ORDINARY.match(value.lower()):
        return False
    letters, digits = any(map(str.isalpha, value)), any(map(str.isdigit, value))
    return (letters and digits) or (any(sign in "!#$%^&*+~?{}@" for sign in value[:-1]) and letters)


def _limit(text: str, start: int, kind: Kind, *, quoted: bool) -> int:
    """Where the cell, the JSON string or the line ends in which this place lies."""
    furthest = min(len(text), start + LONGEST)
    table = _CELL if quoted else _PLAIN_CELL
    found = {"json": _STRING, "csv": table, "plain": _LINE}[kind].match(text, start, furthest)
    return found.end() if found else start


def _end(text: str, start: int, limit: int, before: str, *, whole: bool, query: bool) -> int:
    token = TOKEN.match(text, start, limit)
    if token:
        return token.end()
    closing = {'"': '"', "'": "'", "‘": "’", "“": "”", "„": "“", "«": "»", "`": "`", "(": ")", "<": ">", "[": "]"}
    mark = closing.get(before[-1:])
    if mark:
        close = text.find(before[-2:] if before.endswith(('\\"', '""', "\\'")) else mark, start, limit)
        if close > start:
            return close
    if query:
        stop = re.compile(r"[&\s\"'#<>\\]").search(text, start, limit)
        return stop.start() if stop else limit
    if whole:
        stop = _CLAUSE.search(text, start, limit)
        end = stop.start() if stop and stop.start() > start else limit
    else:
        stop = re.compile(r"[\s|]|</|\\[nrt\"]|[\"']").search(text, start, limit)
        end = stop.start() if stop else limit
    return start + len(text[start:end].rstrip(" \t\r.,;)\"'"))
