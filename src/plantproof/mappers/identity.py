"""Stable identities: name-based ids of gaps, findings and causes, and the canonical form of parameters."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as Mapped
from typing import Any
from uuid import UUID

import msgspec

NAMESPACE = UUID("6a1c1b0e-7d5f-5d0c-9a52-4f1f8a0b7c11")
"""The namespace of all our name-based ids (RFC 9562, version 5). It never changes: a POA&M refers to them."""


class Names:
    """Ids of many subjects under one name: the part of the digest that they share is computed once.

    `Names("gap", site, policy, parameters).of(subject)` is the version 5 UUID of those five, each on a line of its own.
    """

    def __init__(self, *parts: str) -> None:
        self._shared = hashlib.sha1(NAMESPACE.bytes, usedforsecurity=False)
        for part in parts:
            self._shared.update(_line(part))

    def of(self, last: str) -> str:
        digest = self._shared.copy()
        digest.update(_line(last))
        raw = bytearray(digest.digest()[:16])
        raw[6] = raw[6] & 0x0F | 0x50
        raw[8] = raw[8] & 0x3F | 0x80
        text = raw.hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def name_of(*parts: str) -> str:
    """The id of one thing by its names, in order."""
    return Names(*parts[:-1]).of(parts[-1])


def canonical(parameters: Mapped[str, Any]) -> bytes:
    """Parameters as canonical JSON: sorted keys, no spaces. Equal parameters have equal bytes."""
    return msgspec.json.encode(dict(parameters), order="deterministic")


def canonical_again(parameters: bytes) -> bytes:
    """The canonical form of parameters that somebody else has encoded, so that bindings and observations meet."""
    return canonical(msgspec.json.decode(parameters or b"{}"))


def _line(part: str) -> bytes:
    # A name that holds a newline must not read as two names.
    return part.replace("\\", "\\\\").replace("\n", "\\n").encode("utf-8", "surrogatepass") + b"\n"
