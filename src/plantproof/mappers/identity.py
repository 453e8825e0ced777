"""Stable identities: name-based ids of gaps, findings and causes, and the canonical form of parameters."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as Mapped
from typing import Any
from uuid import UUID

import msgspec

NAMESPACE = UUID("6a1c1b0e-7d5f-5d0c-9a52-4f1f8a0b7c11")
"""The namespace of all our name-based ids (RFC 9562, version 5). It never changes: a POA&M refers to them."""

REACH = "reach:"
"""What the id of a way through a firewall begins with."""


class Names:
    """Ids of many subjects under one name: the part of the digest that they share is computed once.

    `Names("gap", site, policy, parameters).of(subject)` is the version 5 UUID of those five, each on a line of its own.
    """

    def __init__(self, *parts: str) -> None:
        self._shared = hashlib.sha1(NAMESPACE.bytes, usedforsecurity=False)
        for part in parts:
            self._shared.update(line_of(part))

    def of(self, last: str) -> str:
        return self.of_line(line_of(last))

    def of_line(self, line: bytes) -> str:
        """The id for a last part that `line_of` has made ready, where many names end in the same."""
        digest = self._shared.copy()
        digest.update(line)
        text = digest.hexdigest()
        variant = _VARIANT[text[16]]
        return f"{text[:8]}-{text[8:12]}-5{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"


_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def name_of(*parts: str) -> str:
    """The id of one thing by its names, in order."""
    return Names(*parts[:-1]).of(parts[-1])


def canonical(parameters: Mapped[str, Any]) -> bytes:
    """Parameters as canonical JSON: sorted keys, no spaces. Equal parameters have equal bytes."""
    return msgspec.json.encode(dict(parameters), order="deterministic")


def canonical_again(parameters: bytes) -> bytes:
    """The canonical form of parameters that somebody else has encoded, so that bindings and observations meet."""
    return canonical(msgspec.json.decode(parameters or b"{}"))


def line_of(part: str) -> bytes:
    """One part of a name as it enters the digest. A part that holds a newline must not read as two."""
    return part.replace("\\", "\\\\").replace("\n", "\\n").encode("utf-8", "surrogatepass") + b"\n"


def living(subject: str, canonical: Mapped[str, str]) -> str:
    """The id of a subject with its asset's living id in it: `canonical` maps the ids of merged assets to the one that
    stays. The ids of records begin with their asset's (`<asset>/<record>`), those of what a firewall lets pass name it
    (`reach:<asset>:<from>><to>:<service>`)."""
    if subject.startswith(REACH):
        asset, colon, rest = subject.removeprefix(REACH).partition(":")
        return REACH + canonical.get(asset, asset) + colon + rest
    asset, slash, rest = subject.partition("/")
    return canonical.get(asset, asset) + slash + rest
