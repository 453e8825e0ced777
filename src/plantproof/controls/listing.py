"""What `plantproof catalog list` shows: the catalogs, or the requirements of one."""

from __future__ import annotations

from pathlib import PurePosixPath

import msgspec

from plantproof.bundled import Content
from plantproof.controls.catalogs import FOLDER, UNTITLED, catalog_path, control_of, group_of, has_levels, load_catalog
from plantproof.errors import refuse
from plantproof.model.catalog import Catalog
from plantproof.project import Project
from plantproof.spelling import did_you_mean


class CatalogRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One catalog: how many requirements it has, and which baselines."""

    framework: str
    title: str
    edition: str
    controls: int
    withdrawn: int
    baselines: dict[str, int] = {}
    notice: str = ""

    def line(self) -> str:
        """The row as one line of text."""
        return f"{self.framework:<16}{self.controls:>6}  {self.title} ({self.edition})"


class ControlRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One requirement: the facts that the catalog has of it."""

    framework: str
    id: str
    title: str
    group: str
    level: int | None = None
    confidence: str = ""
    contested: list[int] | None = None
    baselines: list[str] = []

    def line(self) -> str:
        """The row as one line of text: id, level, what is known of the level, title, baselines."""
        doubt = f"{self.contested[0]}-{self.contested[1]}?" if self.contested else ""
        level = "" if self.level is None else f"SL {self.level} {doubt:<5}{self.confidence:<8}"
        where = f"  [{', '.join(self.baselines)}]" if self.baselines else ""
        return f"{self.id:<15}{level}{self.title}{where}"


def catalogs(content: Content | Project) -> list[CatalogRow]:
    """Every catalog of the content, or of a project laid over it, by name. Raises `InputError` where one is wrong."""
    return [
        CatalogRow(
            framework=catalog.id,
            title=catalog.title,
            edition=catalog.edition,
            controls=len(catalog.controls),
            withdrawn=len(catalog.withdrawn),
            baselines={name: len(members) for name, members in catalog.baselines.items()},
            notice=catalog.notice,
        )
        for catalog in (_read(content, framework) for framework in _frameworks(content))
    ]


def controls(
    content: Content | Project, framework: str, *, level: int | None = None, baseline: str | None = None
) -> list[ControlRow]:
    """The requirements of one framework in the catalog's order; if asked, up to a security level or of one baseline.

    Raises `InputError` for a framework or a baseline that is not there, and for a level where there are none.
    """
    known = _frameworks(content)
    if framework not in known:
        raise refuse(f"no catalog `{framework}`", did_you_mean(framework, known) or f"there are: {', '.join(known)}")
    catalog = _read(content, framework)
    if level is not None and not has_levels(catalog):
        raise refuse(f"the requirements of {framework} have no levels", "use --baseline" if catalog.baselines else "")
    if baseline is not None and baseline not in catalog.baselines:
        hint = did_you_mean(baseline, catalog.baselines) or f"there are: {', '.join(catalog.baselines) or 'none'}"
        raise refuse(f"no baseline `{baseline}` in {framework}", hint)
    members = {name: frozenset(listed) for name, listed in catalog.baselines.items()}
    rows = [_row(catalog, name, members) for name in catalog.controls]
    return [
        row
        for row in rows
        if (level is None or (row.level or 0) <= level) and (baseline is None or baseline in row.baselines)
    ]


def _row(catalog: Catalog, name: str, members: dict[str, frozenset[str]]) -> ControlRow:
    control = control_of(catalog, name)
    return ControlRow(
        framework=catalog.id,
        id=name,
        title=control.title or UNTITLED,
        group=group_of(catalog, name),
        level=control.level,
        confidence=control.confidence or "",
        contested=control.contested,
        baselines=[baseline for baseline, listed in members.items() if name in listed],
    )


def _paths(content: Content | Project) -> list[str]:
    return content.list(FOLDER) if isinstance(content, Project) else sorted(content.files)


def _frameworks(content: Content | Project) -> list[str]:
    names = (PurePosixPath(path) for path in _paths(content))
    return [
        name.stem for name in names if str(name.parent) == FOLDER and name.suffix == ".yaml" and "." not in name.stem
    ]


def _read(content: Content | Project, framework: str) -> Catalog:
    path = catalog_path(framework)
    return load_catalog(content.read(path) if isinstance(content, Project) else content.files[path], path)
