"""Identifiers of assets as they are compared, and the ids that are minted from them."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

ADDRESSES = ("mac", "ip")
"""Identifiers that move from device to device: none of them says which asset it is."""

NO_SERIALS = frozenset(
    {
        "default", "defaultstring", "dummy", "empty", "missing", "na", "none", "noserial", "noserialnumber",
        "notapplicable", "notavailable", "notset", "notspecified", "null", "serial", "serialnumber",
        "systemserialnumber", "tba", "tbd", "test", "tobefilledbyoem", "todo", "unbekannt", "undefined", "unknown",
        "unspecified",
    }
)  # fmt: skip
"""What makers ship and people write where a serial number belongs, without its blanks and signs."""

_COUNTED = "01234567890"


def is_strong(key: str) -> bool:
    """Whether an identifier of this kind belongs to one asset only."""
    return key != "name" and key not in ADDRESSES


def identifies(key: str, value: str) -> bool:
    """Whether an identifier tells one asset from another: `000000` and `To be filled by O.E.M.` are on many devices."""
    if key != "serial":
        return True
    plain = "".join(sign for sign in value.rsplit("/", 1)[-1].casefold() if sign.isalnum())
    repeated = len(set(plain)) <= 1 and (len(plain) > 3 or plain.strip("0x") == "")
    counted = len(plain) > 4 and _COUNTED.find(plain) in (0, 1)
    return not (repeated or counted or plain in NO_SERIALS)


def normal(key: str, value: str) -> str:
    """A value as it is compared: names and serials without case; of a serial's vendor only the first word, because
    tools write one vendor in many ways (`Cisco`, `Cisco Systems, Inc.`)."""
    return _folded(key, " ".join(value.split()))


def normal_all(key: str, values: Sequence[str]) -> list[str]:
    """`normal` of each. One look at all of them finds whether any has odd space in it; hardly any has."""
    joined = "\n".join(values)
    flat = joined.replace("\n", " ")
    if joined.count("\n") != len(values) - 1 or flat != " ".join(flat.split()):
        return [normal(key, value) for value in values]
    if key == "name":
        return joined.casefold().split("\n")  # sign by sign, so a text is folded as its parts are
    return [_folded(key, value) for value in values]


def _folded(key: str, value: str) -> str:
    if key == "serial" and "/" in value:
        vendor, serial = value.split("/", 1)
        return f"{_first_word(vendor)}/{serial.casefold()}"
    return value.casefold() if key in ("name", "serial") else value


@lru_cache(maxsize=4096)
def _first_word(vendor: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", vendor.casefold()).split()
    return words[0] if words else ""


def mint(site: str, key: str, value: str) -> str:
    """The id of an asset at first sight: name-based, so that two branches that see it first mint the same."""
    digest = hashlib.sha256(f"plantproof/asset\0{site}\0{key}\0{normal(key, value)}".encode()).digest()
    return "a-" + base64.b32encode(digest).decode()[:12].lower()
