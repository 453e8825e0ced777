"""The ids of requirements as people, OSCAL and NIST's exports write them, and the one spelling that we use.

Canonical: `SR 1.1 RE 1`, `FR 5`, `ZCR 3.2`, `ZCR 3`, `AC-2(1)`, `AC`, `PR.AA-01`, `PR.AA`, `PR`;
with its framework `iec62443-3-3/SR 1.1`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import NamedTuple

from plantproof.errors import Problem
from plantproof.model.catalog import Catalog
from plantproof.spelling import did_you_mean

LONGEST = 64
"""No id is longer; what is, would only cost time."""

_IEC = re.compile(
    r"(?P<kind>FR|SR)[ _-]?0*(?P<chapter>\d{1,3})"
    r"(?:\.0*(?P<number>\d{1,3})(?:[ _-]*(?:RE[ _-]*(?:\(0*(?P<a>\d{1,3})\)|0*(?P<b>\d{1,3}))|\(0*(?P<c>\d{1,3})\)))?)?"
)
_ZCR = re.compile(r"ZCR[ _-]?0*(?P<step>\d{1,3})(?:\.0*(?P<number>\d{1,3}))?")
_NIST = re.compile(
    r"(?P<family>[A-Z]{2})(?:[-_ ]?0*(?P<number>\d{1,3})"
    r"(?:\.0*(?P<dotted>\d{1,3})| ?\( ?0*(?P<bracket>\d{1,3}) ?\))?)?"
)
_CSF = re.compile(r"(?P<function>[A-Z]{2})(?:[. ](?P<category>[A-Z]{2})(?:[-. ]?0*(?P<number>\d{1,3}))?)?")
_PARAMETER = re.compile(
    r"(?P<family>[a-z]{2})-0*(?P<number>\d{1,3})(?:\.0*(?P<dotted>\d{1,3})|\(0*(?P<bracket>\d{1,3})\))?"
    r"_(?:prm_(?P<former>\d{1,3})|odp(?:\.(?P<index>\d{1,3})|\[(?P<label>\d{1,3})\])?)"
)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")


class Reference(NamedTuple):
    """A requirement or a group of a known catalog."""

    framework: str
    id: str

    def __str__(self) -> str:
        return f"{self.framework}/{self.id}"


class ParameterName(NamedTuple):
    """An organisation-defined parameter as written: of `control`, by its `former` number or its `present` one.

    `present` is "01", or "" where the control has one parameter only. `former` is 0 where the name is of now.
    """

    control: str
    former: int
    present: str

    @property
    def name(self) -> str:
        """The name of now, as in OSCAL: `ac-02_odp.01`. Only where `former` is 0."""
        return parameter_name(self.control, self.present)


def _tidy(text: str) -> str:
    """One kind of dash and of space, so that what was copied from a PDF reads like what was typed."""
    plain = unicodedata.normalize("NFKC", text[: LONGEST + 1]).translate(_DASHES)
    return "".join(letter if letter.isprintable() else "?" for letter in " ".join(plain.split()))


def _iec(text: str) -> str | None:
    zoning = _ZCR.fullmatch(text)
    if zoning is not None:
        return f"ZCR {int(zoning['step'])}" + (f".{int(zoning['number'])}" if zoning["number"] else "")
    found = _IEC.fullmatch(text)
    if found is None:
        return None
    kind, chapter, number = found["kind"], int(found["chapter"]), found["number"]
    if (kind == "FR") != (number is None):
        return None
    if number is None:
        return f"FR {chapter}"
    enhancement = found["a"] or found["b"] or found["c"]
    base = f"SR {chapter}.{int(number)}"
    return f"{base} RE {int(enhancement)}" if enhancement else base


def _nist(text: str) -> str | None:
    found = _NIST.fullmatch(text)
    if found is None:
        return None
    if found["number"] is None:
        return found["family"]
    if found["dotted"] and text[2] != "-":
        return None  # `SR 5.1` is a requirement of IEC 62443, `sr-5.1` may be either
    enhancement = found["dotted"] or found["bracket"]
    base = f"{found['family']}-{int(found['number'])}"
    return f"{base}({int(enhancement)})" if enhancement else base


def _csf(text: str) -> str | None:
    found = _CSF.fullmatch(text)
    if found is None:
        return None
    if found["category"] is None:
        return found["function"]
    category = f"{found['function']}.{found['category']}"
    return f"{category}-{int(found['number']):02d}" if found["number"] else category


_READERS: dict[str, Callable[[str], str | None]] = {"iec": _iec, "nist-800-53": _nist, "csf": _csf}


def canonical(text: str, ids: str) -> str | None:
    """The canonical spelling of an id in the notation `ids` of a catalog, or None where it is no such id.

    Says nothing of whether the requirement exists.
    """
    tidy = _tidy(text)
    return _READERS[ids](tidy.upper()) if len(tidy) <= LONGEST else None


def locate(text: str, catalogs: Catalog | Iterable[Catalog], *, path: str = "", line: int = 0) -> Reference | Problem:
    """The requirement or group that `text` names in the catalogs; a problem at `path`:`line` where none or several.

    A withdrawn id gives a problem that says what became of it, an unknown one the ids that look like it.
    """
    known = [catalogs] if isinstance(catalogs, Catalog) else list(catalogs)
    framework, slash, rest = text.partition("/")
    shown = _tidy(text)
    if slash:
        named = [catalog for catalog in known if catalog.id == framework.strip().lower()]
        if not named:
            return Problem(
                path,
                line,
                f"no framework `{_tidy(framework)}` among those selected",
                did_you_mean(framework, [catalog.id for catalog in known])
                or f"there are: {', '.join(sorted(catalog.id for catalog in known)) or 'none'}",
            )
        known, text = named, rest
    spelled = [(catalog, name) for catalog in known if (name := canonical(text, catalog.ids)) is not None]
    found = [Reference(catalog.id, name) for catalog, name in spelled if _exists(catalog, name)]
    if len(found) == 1:
        return found[0]
    if found:
        either = " or ".join(f"`{reference}`" for reference in found)
        return Problem(path, line, f"`{shown}` could be {either}", "write the framework with it")
    for catalog, name in spelled:
        if name in catalog.withdrawn:
            return Problem(
                path,
                line,
                f"{name} is withdrawn from {catalog.title}: {catalog.withdrawn[name]}",
                "name the requirement that took its place",
            )
    return Problem(path, line, f"no requirement `{shown}` in {_titles(known)}", _suggestion(text, known))


def resolve(text: str, catalogs: Catalog | Iterable[Catalog], *, path: str = "", line: int = 0) -> str | Problem:
    """The canonical id of what `text` names, without the framework; a `Problem` as of `locate`."""
    found = locate(text, catalogs, path=path, line=line)
    return found if isinstance(found, Problem) else found.id


def parameter(text: str) -> ParameterName | None:
    """An organisation-defined parameter in any notation: `ac-2_prm_1`, `ac-02_odp.01`, `AC-02_ODP[01]`."""
    tidy = _tidy(text)
    found = _PARAMETER.fullmatch(tidy.lower()) if len(tidy) <= LONGEST else None
    if found is None:
        return None
    enhancement = found["dotted"] or found["bracket"]
    control = f"{found['family'].upper()}-{int(found['number'])}" + (f"({int(enhancement)})" if enhancement else "")
    index = found["index"] or found["label"]
    return ParameterName(control, int(found["former"] or 0), f"{int(index):02d}" if index else "")


def parameter_name(control: str, index: str) -> str:
    """The OSCAL name of a parameter of a canonical control: `AC-2(1)` and "" give `ac-02.01_odp`."""
    found = _NIST.fullmatch(control)
    if found is None or found["number"] is None:
        raise ValueError(f"not a canonical id: {control}")
    base = f"{found['family'].lower()}-{int(found['number']):02d}"
    if found["bracket"]:
        base += f".{int(found['bracket']):02d}"
    return f"{base}_odp.{index}" if index else f"{base}_odp"


def oscal_id(control: str) -> str:
    """The OSCAL id of a canonical 800-53 control: `AC-2(1)` gives `ac-2.1`."""
    return control.lower().replace("(", ".").rstrip(")")


def _exists(catalog: Catalog, name: str) -> bool:
    return name in catalog.controls or any(group.id == name for group in catalog.groups)


def _titles(catalogs: Iterable[Catalog]) -> str:
    return " or ".join(sorted(catalog.title for catalog in catalogs)) or "no catalog at all"


def _suggestion(text: str, catalogs: Iterable[Catalog]) -> str:
    words: list[str] = []
    for catalog in catalogs:
        words += [*catalog.controls, *(group.id for group in catalog.groups)]
        text = canonical(text, catalog.ids) or text
    return did_you_mean(text, words) or "`plantproof catalog list FRAMEWORK` shows all"
