"""How tools write the same thing: nothing, truth, addresses, lists. One place, so that all collectors agree."""

from __future__ import annotations

import ipaddress
import re

MISSING_WORDS = frozenset({"", "-", "--", "?", "n/a", "na", "none", "null", "unknown", "sample_value", "not available"})
"""Compared in lower case. They stand in real exports where nothing is known."""

MISSING_DATES = ("0001-01-01", "1970-01-01", "1601-01-01")
"""The zero of .NET, of Unix, of Windows: nobody logged on then."""

NOT_SHOWN = ("upgrade-to-see-details",)
"""What a free tier writes instead of the value."""

_MAC = re.compile(r"\A(?:[0-9a-f]{2}([:-]?)(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})\Z")
_TRUE = frozenset({"true", "yes", "1", "enabled", "on"})
_FALSE = frozenset({"false", "no", "0", "disabled", "off"})


def text(value: object) -> str:
    """A value as text without outer blanks; "" for everything that means "not known"."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    words = str(value).strip()
    folded = words.lower()
    if folded in MISSING_WORDS or folded in NOT_SHOWN or folded.startswith(MISSING_DATES):
        return ""
    return words


def word(value: object) -> str:
    """One of a tool's choices as policies know it: `End of support` and `end_of_support` are `end-of-support`."""
    return "-".join("".join(sign if sign.isalnum() else " " for sign in text(value).lower()).split())


def texts(value: object, separator: str = "") -> list[str]:
    """A list of texts, in order and each once: from a list, or from one text split at `separator`."""
    if isinstance(value, list):
        parts: list[object] = list(value)
    elif isinstance(value, str) and separator:
        parts = list(value.strip().strip("[]").split(separator))
    else:
        parts = [value]
    return list(dict.fromkeys(part for part in map(text, parts) if part))


def truth(value: object) -> bool | None:
    """True or False as tools write it; None where it is neither."""
    if isinstance(value, bool):
        return value
    folded = text(value).lower()
    return True if folded in _TRUE else False if folded in _FALSE else None


def whole(value: object) -> int | None:
    """A whole number of at most 15 digits; None where it is none."""
    words = text(value)
    return int(words) if re.fullmatch(r"-?[0-9]{1,15}", words) else None


def mac(value: object) -> str:
    """`00:09:0f:6d:f1:c1` from any of the usual notations; "" for none, for all zeros and for broadcast."""
    folded = text(value).lower()
    if not _MAC.match(folded):
        return ""
    digits = re.sub(r"[:.-]", "", folded)
    if digits in ("0" * 12, "f" * 12):
        return ""
    return ":".join(digits[place : place + 2] for place in range(0, 12, 2))


def ip(value: object) -> str:
    """An address in its shortest notation, without prefix length; "" for none and for the unspecified one."""
    try:
        address = ipaddress.ip_address(text(value).split("/")[0].split("%")[0])
    except ValueError:
        return ""
    return "" if address.is_unspecified else str(address)


def cidr(value: object) -> str:
    """An interface's address with its prefix length, as `192.0.2.1/24`; "" for none."""
    try:
        return str(ipaddress.ip_interface(text(value)))
    except ValueError:
        return ""


def known(**fields: object) -> dict[str, object]:
    """The fields of which something is known: what is None, "" or an empty list stays absent."""
    return {name: value for name, value in fields.items() if value is not None and value != "" and value != []}
