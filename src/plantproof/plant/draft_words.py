"""What names and roles hint at: the kind of a zone, its Purdue level, and ids that a site file can bear."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from plantproof.model.roles import chain
from plantproof.plant.places import UNKNOWN

KIND_WORDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("safety", frozenset({"burner", "esd", "failsafe", "safety", "sicherheit", "sis"})),
    ("dmz", frozenset({"demilitarised", "demilitarized", "dmz", "idmz", "perimeter"})),
    ("wireless", frozenset({"agv", "radio", "wifi", "wireless", "wlan"})),
    ("temporary", frozenset({"contractor", "guest", "guests", "laptops", "temporary", "visitor", "visitors"})),
    ("external", frozenset({"internet", "isp", "outside", "untrust", "wan"})),
    ("business", frozenset({"business", "corp", "corporate", "enterprise", "erp", "office", "offices"})),
    ("control", frozenset({"cell", "field", "line", "machine", "ot", "plc", "process", "production", "rtu", "scada"})),
)
"""The first kind of which a name has a word. The order is that of the harm a wrong guess would do."""

ROLE_KINDS: dict[str, str] = {
    "access-point": "wireless", "agv": "wireless", "portable": "temporary", "safety-plc": "safety",
    "wireless-ap": "wireless",
}  # fmt: skip
"""Roles that make the zone in which most devices have one."""

USUAL_LEVELS: dict[str, tuple[float, float, float]] = {
    "business": (4, 4, 5), "control": (0, 2, 3), "dmz": (3, 3.5, 4), "external": (5, 5, 5), "safety": (0, 1, 2),
    "temporary": (2, 3, 5), "wireless": (0, 2, 4),
}  # fmt: skip
"""Kind -> the lowest, the assumed and the highest Purdue level."""

LEVEL_BY_ROLE: dict[str, float] = {
    "computer": 3, "controller": 1, "ews": 3, "field-device": 0, "operator-station": 2, "server": 3, "workstation": 3,
}  # fmt: skip

WORDS_FOR: dict[str, str] = {
    "plc": "PLC", "safety-plc": "safety controller", "hmi": "HMI", "rtu": "RTU", "ews": "engineering station",
    "scada-server": "SCADA server", "agv": "AGV", "remote-io": "remote I/O", "cnc": "CNC",
}  # fmt: skip
"""What people in a plant call a role, where it is not the word itself."""

_EXACT = re.compile(r"[^\W_][\w.-]{0,62}")
_LIMIT = 40


def words_of(texts: Iterable[str]) -> set[str]:
    """The words in names, small, without the numbers at their ends (`WAN1` is wan)."""
    return {word.rstrip("0123456789") for text in texts for word in re.split(r"[\W_]+", text.casefold())} - {""}


def kind_of_words(texts: Iterable[str]) -> str:
    """The kind that names speak of, "" for none."""
    words = words_of(texts)
    return next((kind for kind, known in KIND_WORDS if known & words), "")


def kind_of_roles(roles: Counter[str]) -> str:
    """The kind that more than half of the devices make, "" for none."""
    kinds: Counter[str] = Counter()
    for role, many in roles.items():
        kinds[ROLE_KINDS.get(role, "")] += many
    found = next((kind for kind in sorted(kinds) if 2 * kinds[kind] > kinds.total()), "")
    return found or ("control" if any("ot-device" in chain(role) for role in roles) else "")


def level_of(kind: str, levels: Sequence[float], roles: Collection[str]) -> float:
    """A Purdue level: the upper quartile of what sources say, else of what the roles mean, within what is usual."""
    lowest, assumed, highest = USUAL_LEVELS[kind]
    said = sorted(levels) or sorted(level for role in roles for level in [_level_of_role(role)] if level is not None)
    found = said[(3 * len(said)) // 4] if said else assumed
    return min(max(found, lowest), highest)


def _level_of_role(role: str) -> float | None:
    return next((LEVEL_BY_ROLE[word] for word in chain(role) if word in LEVEL_BY_ROLE), None)


def slug(text: str) -> str:
    """A name as an id: small letters, digits and hyphens; "" where nothing of it is left."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())[:_LIMIT].strip(
        "-"
    )


def identifier_of(text: str) -> str:
    """A name as it is where it can be an id, so that the records that name it are placed by it; else its slug."""
    return text if _EXACT.fullmatch(text) and text.casefold() != UNKNOWN else slug(text)


def unique(wanted: str, taken: set[str]) -> str:
    """An id that no other zone or conduit has, whatever the case of its letters; adds it to those taken."""
    base = wanted or "zone"
    base = f"{base}-zone" if base.casefold() == UNKNOWN else base
    found, number = base, 2
    while found.casefold() in taken:
        found, number = f"{base}-{number}", number + 1
    taken.add(found.casefold())
    return found


def role_words(roles: Counter[str]) -> str:
    """`23 PLCs, 4 HMIs and 2 more`."""
    ranked = sorted(roles.items(), key=lambda item: (item[0] == "", -item[1], item[0]))
    shown = [f"{many} {_plural(role, many)}" for role, many in ranked[:3]]
    rest = sum(many for _, many in ranked[3:])
    return ", ".join(shown) + (f" and {rest} more" if rest else "") if shown else "no device"


def _plural(role: str, many: int) -> str:
    word = WORDS_FOR.get(role, role.replace("-", " ") or "device of unknown role")
    if many == 1:
        return word
    return "devices of unknown role" if not role else f"{word}es" if word.endswith(("ch", "s")) else f"{word}s"


def listed(items: Sequence[str], most: int = 4) -> str:
    """The first few, and how many more."""
    more = len(items) - most
    return ", ".join(items[:most]) + (f" and {more} more" if more > 0 else "")
