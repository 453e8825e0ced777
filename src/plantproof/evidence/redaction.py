"""Nothing secret is ever written to git: spans become keyed tokens or placeholders on the way in."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import NamedTuple

from plantproof.errors import refuse
from plantproof.evidence.collectors.protocol import Export, Secret
from plantproof.evidence.collectors.reading import encoding_of
from plantproof.evidence.secret_shapes import PRIVATE_KEY, hits
from plantproof.model.evidence import Redacted

PLACEHOLDER = "<redacted>"
_DONE = re.compile(r"\A<redacted(?::[A-Za-z0-9._-]{1,32}:[0-9a-f]{16})?>\Z", re.ASCII)
_WITHIN = re.compile(r"<redacted(?::[A-Za-z0-9._-]{1,32}:[0-9a-f]{16})?>", re.ASCII)
_KEY_ID = re.compile(r"\A[A-Za-z0-9._-]{1,32}\Z", re.ASCII)
_LINE_END = {"utf-16-le": b"\n\x00", "utf-16-be": b"\x00\n"}


class RedactionKey(NamedTuple):
    """The key of the tokens, kept outside the repository. `id` stands in every token and in custody."""

    id: str
    secret: bytes


def check_key(key: RedactionKey) -> RedactionKey:
    """The key itself. Raises `InputError` where it is too short to keep anything, or its id cannot stand in a token."""
    if not _KEY_ID.match(key.id):
        raise refuse("the id of the redaction key may hold letters, digits, `.`, `_` and `-`, at most 32")
    if len(key.secret) < 16:
        raise refuse(
            "the redaction key is shorter than 16 bytes", "make one with `openssl rand -hex 32`, outside the repository"
        )
    return key


def token(key: RedactionKey, secret: str) -> str:
    """What stands for a secret: equal secrets give equal tokens, and without the key nobody can try words."""
    return f"<redacted:{key.id}:{_hmac(key, secret.encode('utf-8', 'replace'))[:16]}>"


def keyed_hash(key: RedactionKey | None, data: bytes) -> str:
    """The hash of an original export, "" without key: a plain hash of a file with a weak secret could be tried out."""
    return "" if key is None else f"hmac-sha256:{key.id}:{_hmac(key, data)}"


def _hmac(key: RedactionKey, data: bytes) -> str:
    return hmac.new(key.secret, data, hashlib.sha256).hexdigest()


def done(text: str) -> bool:
    """Whether a text is a token or placeholder already."""
    return bool(_DONE.match(text))


def redact(export: Export, secrets: Sequence[Secret], key: RedactionKey | None) -> tuple[Export, list[Redacted]]:
    """The export as stored, and what was redacted on which of its lines; spans that are redacted already only count."""
    encoding = _encoding(export.data)
    pieces: list[bytes] = []
    found: list[Redacted] = []
    last = line = 0
    for secret in _apart(secrets):
        clear = export.data[secret.start : secret.end].decode(encoding, "replace")
        how = secret.how
        if done(clear):
            how = "placeholder" if clear == PLACEHOLDER else "token"
            new = clear
        elif key is None or how == "placeholder":
            how, new = "placeholder", PLACEHOLDER
        else:
            new = token(key, clear)
        new = f'"{new}"' if secret.quoted else new
        between = export.data[last : secret.start]
        pieces += [between, new.encode(encoding)]
        line += between.count(_LINE_END.get(encoding, b"\n"))
        found.append(Redacted(raw=export.name, line=line + 1, what=secret.what, how=how))
        last = secret.end
    pieces.append(export.data[last:])
    return Export(export.name, b"".join(pieces)), found


def sweep(export: Export) -> list[Secret]:
    """Secrets by their shape, whatever the format. Spans that are redacted already are named too."""
    encoding = _encoding(export.data)
    text = export.data.decode(encoding, "surrogateescape" if encoding == "utf-8" else "replace")
    found = []
    for what, begin, stop, how, quoted in hits(text):
        clear = text[begin:stop]
        inner = _WITHIN.search(clear)
        secret = inner[0] if inner else clear.strip() if what == PRIVATE_KEY else clear
        offset = begin + clear.index(secret)
        start, end = _bytes_at(text, offset, encoding), _bytes_at(text, offset + len(secret), encoding)
        found.append(Secret(export.name, start, end, what, how, quoted))
    return found


def _bytes_at(text: str, offset: int, encoding: str) -> int:
    if text.isascii():
        return offset * (2 if encoding.startswith("utf-16") else 1)
    return len(text[:offset].encode(encoding, "surrogateescape" if encoding == "utf-8" else "replace"))


def _encoding(data: bytes) -> str:
    declared = encoding_of(data)
    if declared == "utf-16":
        return "utf-16-le" if data.startswith(b"\xff\xfe") else "utf-16-be"
    return "utf-8"


def _apart(secrets: Sequence[Secret]) -> list[Secret]:
    """Spans in order. Where two overlap, both together become a placeholder, unless one holds the other."""
    apart: list[Secret] = []
    for secret in sorted(secrets, key=lambda secret: (secret.start, -secret.end, secret.what)):
        if secret.end <= secret.start:
            continue
        if apart and secret.start < apart[-1].end:
            if secret.end > apart[-1].end:
                apart[-1] = apart[-1]._replace(end=secret.end, how="placeholder")
            continue
        apart.append(secret)
    return apart
