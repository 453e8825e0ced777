"""What others may add: collectors and reporters, through entry points. Never instead of what is built in."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from plantproof.errors import InputError, Problem, refuse
from plantproof.installed_packages import may_bring

Group = Literal["plantproof.collectors", "plantproof.reporters"]
GROUPS: tuple[Group, ...] = ("plantproof.collectors", "plantproof.reporters")

T = TypeVar("T")


class Plugin(NamedTuple):
    """One thing that an installed package adds: its name in the table, and the package it comes from."""

    name: str
    package: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} ({self.package} {self.version})"


class Table(Mapping[str, T], Generic[T]):
    """Parts by name, sorted: `built_in` says where each lies, as `module` or `module:name`. A part, built in or of a
    plugin, is imported when it is first asked for."""

    def __init__(self, built_in: Mapping[str, str], entry_points: Mapping[str, Any] | None = None) -> None:
        self._places = {**built_in, **(entry_points or {})}
        self._parts: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._parts:
            place = self._places[name]
            self._parts[name] = _built_in(place) if isinstance(place, str) else _load(place)
        return self._parts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._places))

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, name: object) -> bool:
        return name in self._places


def load_table(group: Group, built_in: Mapping[str, str]) -> Table[Any]:
    """The built-in table with what installed packages add. Raises `InputError` with every name that is there twice."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for point in sorted(_entry_points(group), key=lambda point: (point.name, _plugin(point))):
        plugin = _plugin(point)
        if point.name in built_in:
            message = f"the package {plugin.package} brings `{point.name}`, which is built in"
            problems.append(Problem("", 0, message, f"uninstall {plugin.package}, or rename its entry point"))
        elif point.name in found:
            message = f"`{point.name}` comes from {_plugin(found[point.name]).package} and from {plugin.package}"
            problems.append(Problem("", 0, message, "uninstall one of them"))
        else:
            found[point.name] = point
    if problems:
        raise InputError(*problems)
    return Table(built_in, found)


def plugin_names() -> list[str]:
    """Everything that installed packages add, in every group, for the provenance of an assessment."""
    return sorted({str(_plugin(point)) for group in GROUPS for point in _entry_points(group)})


def _entry_points(group: Group) -> Iterable[Any]:
    return _installed(tuple(sys.path)).get(group, ())


@cache
def _installed(path: tuple[str, ...]) -> dict[str, list[Any]]:
    if not may_bring("plantproof."):
        return {}
    from importlib.metadata import entry_points

    found = entry_points()
    return {group: list(found.select(group=group)) for group in GROUPS}


def _plugin(point: Any) -> Plugin:
    package = point.dist
    return Plugin(point.name, package.name if package else "?", package.version if package else "?")


def _built_in(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name) if name else import_module(module)


def _load(point: Any) -> Any:
    try:
        return point.load()
    except Exception as error:  # whatever a stranger's module raises is that package's fault, and is named so
        plugin = _plugin(point)
        raise refuse(
            f"the plugin {plugin} cannot be loaded: {type(error).__name__}: {error}",
            f"repair or uninstall {plugin.package}",
        ) from error
