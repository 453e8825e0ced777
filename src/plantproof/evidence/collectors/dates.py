"""Dates as tools write them, to ISO 8601 in UTC. Other rows or a person decide what is ambiguous, nobody guesses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from plantproof.errors import refuse
from plantproof.evidence.collectors import values
from plantproof.text import shown

_SLASHED = re.compile(
    r"\A(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([AaPp][Mm])?)?\Z",
    re.ASCII,
)
_ISO = re.compile(
    r"\A(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?\Z", re.ASCII
)
_YEAR = ("%Y", "%y", "%G", "%c", "%x", "%D", "%F")
"""The signs that hold a year. Without one Python would take 1900, or refuse, as its version is."""
NEVER = 1900
"""The last of the years that stand for "not known"."""
_OFFSET = re.compile(r"\A([+-])(\d{2}):?(\d{2})\Z", re.ASCII)


def zone(name: str) -> tzinfo:
    """The time zone of an export's clock, by IANA name or as `+02:00`. Raises `InputError`."""
    if name in ("", "UTC", "Z"):
        return UTC
    if offset := _OFFSET.match(name):
        sign, hours, minutes = offset.groups()
        shift = timedelta(hours=int(hours), minutes=int(minutes))
        if shift < timedelta(hours=24):
            return timezone(-shift if sign == "-" else shift)
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise refuse(
            f"time zone `{shown(name)}` is not known",
            "an IANA name such as Europe/Berlin, or an offset such as +02:00",
            path="plantproof.yaml",
        ) from None


def order(samples: Iterable[str], stated: str | None, path: str = "") -> str | None:
    """Which of day and month comes first: "D/M/Y" or "M/D/Y"; None where no sample tells. A stated order wins.

    Raises `InputError`, about the export at `path`, where one sample tells one order and one the other.
    """
    if stated:
        return stated
    found = set()
    for sample in samples:
        if match := _SLASHED.match(sample.strip()):
            first, second = int(match[1]), int(match[2])
            if first > 12 >= second:
                found.add("D/M/Y")
            elif second > 12 >= first:
                found.add("M/D/Y")
    if len(found) > 1:
        raise refuse(
            "dates are written both as day/month and as month/day",
            "export again with one locale, or set `date_order`",
            path=path,
        )
    return found.pop() if found else None


def ambiguous(sample: str) -> bool:
    """Whether a date reads differently as day/month and as month/day."""
    match = _SLASHED.match(sample.strip())
    return bool(match) and match is not None and match[1] != match[2] and int(match[1]) <= 12 and int(match[2]) <= 12


def iso(value: object, day_order: str | None = None, clock: tzinfo = UTC) -> str:
    """A date or time in UTC as `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SSZ`; "" where it is none, or is ambiguous."""
    words = values.text(value)
    if match := _ISO.match(words):
        year, month, day, hour, minute, second, offset = match.groups()
        return _joined(
            (year, month, day, hour, minute, second), zone(offset) if offset and offset != "Z" else None, offset, clock
        )
    if match := _SLASHED.match(words):
        first, second_, year, hour, minute, second, half = match.groups()
        if day_order is None:
            if first != second_ and int(first) <= 12 and int(second_) <= 12:
                return ""
            day_order = "D/M/Y" if int(first) > 12 else "M/D/Y"
        day, month = (first, second_) if day_order == "D/M/Y" else (second_, first)
        if half and hour:
            if not 1 <= int(hour) <= 12:
                return ""
            hour = str(int(hour) % 12 + (12 if half.lower() == "pm" else 0))
        return _joined((year, month, day, hour, minute, second), None, None, clock)
    return ""


def by_format(value: object, pattern: str, clock: tzinfo = UTC) -> str:
    """A date in a format that a person stated (strptime's signs); "" where it does not fit."""
    words = values.text(value)
    if not any(sign in pattern for sign in _YEAR):
        return ""
    try:
        moment = datetime.strptime(words, pattern)
    except (ValueError, OverflowError):
        return ""
    if moment.year <= NEVER:
        return ""
    if not any(sign in pattern for sign in ("%H", "%I", "%c", "%X", "%T")):
        return moment.strftime("%Y-%m-%d")
    return _utc(moment if moment.tzinfo else moment.replace(tzinfo=clock))


def epoch(value: object, per_second: int = 1000) -> str:
    """A count of milliseconds (or seconds) since 1970, as number or text; "" for none and for zero."""
    number = values.whole(value)
    if not number or number < 0:
        return ""
    try:
        return _utc(datetime.fromtimestamp(number // per_second, UTC))
    except (ValueError, OverflowError, OSError):
        return ""


def _joined(parts: tuple[str | None, ...], own: tzinfo | None, mark: str | None, clock: tzinfo) -> str:
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in parts)
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=own or (UTC if mark == "Z" else clock))
        if parts[3] is None:
            return f"{year:04d}-{month:02d}-{day:02d}"
        return _utc(moment)
    except (ValueError, OverflowError):
        return ""


def _utc(moment: datetime) -> str:
    moment = moment.astimezone(UTC)
    return f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}T{moment:%H:%M:%S}Z"
