"""Everything under controls/, read and checked at once: what is intended, and what must hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import PurePosixPath
from typing import TypeVar

from plantproof.controls import adopted, approved, catalogs, changes, profiles, programme, sites, waivers
from plantproof.controls.profiles import ProfileFile
from plantproof.errors import InputError, Problem
from plantproof.files import YamlDocument, parse_yaml
from plantproof.model.adopted import Adopted
from plantproof.model.approved import ApprovedRecord
from plantproof.model.catalog import Catalog, Objectives, Parameters
from plantproof.model.change import ChangeRecord
from plantproof.model.intent import Intent, SelectedFramework
from plantproof.model.programme import Programme
from plantproof.model.site import Site
from plantproof.model.waiver import Waiver
from plantproof.project import Project
from plantproof.spelling import did_you_mean

PROJECT_FILE = "plantproof.yaml"
FOLDERS = (catalogs.FOLDER, profiles.FOLDER, sites.FOLDER, waivers.FOLDER, programme.FOLDER, changes.FOLDER)

T = TypeVar("T")


def load_intent(project: Project, only: Collection[str] | None = None) -> Intent:
    """The intent of a project. Raises `InputError` with all that is wrong with it, in the order of files and lines.

    Of catalogs and profiles only those that plantproof.yaml selects are read; of the sites only those of `only`, where
    it is given: for a change that touches one of a hundred, the others need not be read.
    """
    loading = _Loading(project, only)
    frameworks = loading.frameworks()
    found_sites, warnings = loading.sites()
    found_waivers = loading.waivers([framework.catalog for framework in frameworks], found_sites)
    found_programme, about_programme = loading.programme(found_sites)
    found_changes = loading.changes(found_sites)
    found_adopted = loading.adopted()
    found_approved = loading.approved()
    loading.problems += _not_read(project)
    if loading.problems:
        raise InputError(*sorted(set(loading.problems), key=_place))
    return Intent(
        frameworks=tuple(frameworks),
        sites=found_sites,
        waivers=tuple(found_waivers),
        programme=found_programme,
        changes=tuple(found_changes),
        adopted=found_adopted,
        approved=found_approved,
        warnings=(*warnings, *about_programme, *changes.unknown_people(found_changes, found_programme)),
    )


class _Loading:
    """One reading of one project: what was read already, and every mistake so far."""

    def __init__(self, project: Project, only: Collection[str] | None) -> None:
        self.project, self.only = project, only
        self.problems: list[Problem] = []
        self._profiles: dict[str, ProfileFile | None] = {}
        self._unreadable: set[str] = set()
        self._document: YamlDocument | None = None

    def frameworks(self) -> list[SelectedFramework]:
        """The catalogs as the project's profiles select them, in the order of plantproof.yaml."""
        selected: list[SelectedFramework] = []
        taken: dict[str, str] = {}
        names = self.project.file.profiles
        for number, name in enumerate(names):
            if names.index(name) != number:
                self._blame(("profiles", number), f"the profile `{name}` is selected twice")
                continue
            file = self._profile(name)
            if file is None:
                if name not in self._unreadable:
                    hint = did_you_mean(name, self._stems(profiles.FOLDER)) or _there_are(self._stems(profiles.FOLDER))
                    self._blame(("profiles", number), f"no profile `{name}` in {profiles.FOLDER}/", hint)
                continue
            framework = file.profile.framework
            if framework in taken:
                message = f"`{taken[framework]}` and `{name}` are both profiles of {framework}"
                self._blame(("profiles", number), message, "make one profile that extends both")
                continue
            taken[framework] = name
            found = self._select(name, file)
            if found is not None:
                selected.append(found)
        return selected

    def sites(self) -> tuple[dict[str, Site], list[Problem]]:
        """Every site by name, and what deserves a word. A site needs a file, and a file its site."""
        declared = self.project.file.sites
        present = self._stems(sites.FOLDER)
        for name in declared:
            if name not in present:
                hint = did_you_mean(name, present) or f"`plantproof site draft {name}` proposes one from its evidence"
                self._blame(("sites", name), f"the site `{name}` has no file in {sites.FOLDER}/", hint)
        found: dict[str, Site] = {}
        warnings: list[Problem] = []
        for name in present:
            if self.only is not None and name not in self.only:
                continue
            path = sites.site_path(name)
            file = self._read(path, sites.load_site)
            if name not in declared:
                hint = f"add `{name}: {{}}` under `sites` there, or remove the file"
                self.problems.append(Problem(path, 0, f"{PROJECT_FILE} does not name the site `{name}`", hint))
            if file is not None:
                found[name] = file.site
                warnings += file.warnings
        return found, warnings

    def waivers(self, known: list[Catalog], found_sites: dict[str, Site]) -> list[Waiver]:
        """Every waiver, by id."""
        paths = [f"{waivers.FOLDER}/{name}.yaml" for name in self._stems(waivers.FOLDER)]
        # Declared sites count as well: a site file that is wrong is told once, not by each of its waivers.
        names = found_sites.keys() | self.project.file.sites.keys()
        read = (self._read(path, lambda data, path: waivers.load_waiver(data, path, known, names)) for path in paths)
        return [waiver for waiver in read if waiver is not None]

    def programme(self, found_sites: dict[str, Site]) -> tuple[Programme, list[Problem]]:
        """Who answers for what and who must agree, and what deserves a word. Names are compared between the files only
        where all of them can be read: else each would be missing what the unreadable one declares."""
        paths = [f"{programme.FOLDER}/{name}.yaml" for name in self._stems(programme.FOLDER)]
        read = [self._read(path, programme.read_programme_file) for path in paths]
        files = [file for file in read if file is not None]
        if len(files) < len(paths):
            return Programme(), []
        declared = found_sites.keys() | self.project.file.sites.keys()
        together = programme.put_together(files, found_sites, declared)
        self.problems += together.problems
        return together.programme, together.warnings

    def changes(self, found_sites: dict[str, Site]) -> list[ChangeRecord]:
        """Every change record, by id."""
        declared = found_sites.keys() | self.project.file.sites.keys()
        paths = [f"{changes.FOLDER}/{name}.yaml" for name in self._stems(changes.FOLDER)]
        read = (
            self._read(path, lambda data, path: changes.load_change(data, path, found_sites, declared))
            for path in paths
        )
        return [record for record in read if record is not None]

    def adopted(self) -> dict[str, Adopted]:
        """The adopted gaps of each site that has any."""
        found: dict[str, Adopted] = {}
        for path in self.project.list(adopted.FOLDER):
            site = PurePosixPath(path).stem
            if PurePosixPath(path).name == "README.md":
                continue
            if path != adopted.adopted_path(site) or site not in self.project.file.sites:
                hint = f"{adopted.FOLDER}/ holds <site>.jsonl, for the sites of {PROJECT_FILE}"
                self.problems.append(Problem(path, 0, "is not read", hint))
                continue
            each = self._read(path, adopted.load_adopted)
            if each is not None:
                found[site] = each
        return found

    def approved(self) -> dict[str, tuple[ApprovedRecord, ...]]:
        """The approved configurations of each site that has any."""
        found: dict[str, list[ApprovedRecord]] = {}
        for path in self.project.list(approved.FOLDER):
            name = PurePosixPath(path)
            if name.name == "README.md":
                continue
            if (
                path != approved.approved_path(name.parent.name, name.stem)
                or name.parent.name not in self.project.file.sites
            ):
                hint = f"{approved.FOLDER}/ holds <site>/<change>.jsonl, for the sites of {PROJECT_FILE}"
                self.problems.append(Problem(path, 0, "is not read", hint))
                continue
            found.setdefault(name.parent.name, []).extend(self._read(path, approved.load_approved) or ())
        told: dict[str, tuple[ApprovedRecord, ...]] = {}
        for site, records in sorted(found.items()):
            current, problems = approved.with_current(records)
            told[site] = tuple(current)
            self.problems += problems
        return told

    def _select(self, name: str, file: ProfileFile) -> SelectedFramework | None:
        framework = file.profile.framework
        path = catalogs.catalog_path(framework)
        chain, problems = profiles.chain_of(
            name, self._profile, lambda base: self.project.exists(profiles.profile_path(base))
        )
        self.problems += problems
        if not self.project.exists(path):
            known = self._stems(catalogs.FOLDER)
            hint = did_you_mean(framework, known) or _there_are(known)
            message = f"no catalog `{framework}` in {catalogs.FOLDER}/"
            self.problems.append(file.document.problem(("framework",), message, hint))
            return None
        catalog = self._read(path, catalogs.load_catalog)
        unreadable = any(base in self._unreadable for link in chain for base in link.profile.extends)
        if catalog is None or problems or unreadable:
            return None
        objectives: Objectives | None = None
        if self.project.exists(where := catalogs.objectives_path(framework)):
            objectives = self._read(where, lambda data, path: catalogs.load_objectives(data, path, catalog))
        parameters: Parameters | None = None
        if any(link.profile.parameters for link in chain) and self.project.exists(
            where := catalogs.parameters_path(framework)
        ):
            parameters = self._read(where, lambda data, path: catalogs.load_parameters(data, path, catalog))
        selection = profiles.select(catalog, chain, objectives, parameters)
        self.problems += selection.problems
        return selection.framework

    def _profile(self, name: str) -> ProfileFile | None:
        if name not in self._profiles:
            path = profiles.profile_path(name)
            file = self._read(path, profiles.load_profile) if self.project.exists(path) else None
            if file is None and self.project.exists(path):
                self._unreadable.add(name)
            self._profiles[name] = file
        return self._profiles[name]

    def _read(self, path: str, load: Callable[[bytes, str], T]) -> T | None:
        try:
            return load(self.project.read(path), path)
        except InputError as error:
            self.problems += error.problems
            return None

    def _stems(self, folder: str) -> list[str]:
        """The names of the files in a folder, without the files that stand beside a catalog."""
        return [PurePosixPath(path).stem for path in self.project.list(folder) if _is_plain(path, folder)]

    def _blame(self, pointer: tuple[str | int, ...], message: str, hint: str = "") -> None:
        if self._document is None:  # read a second time for the lines alone, and only where something is wrong
            self._document = parse_yaml(self.project.read(PROJECT_FILE), PROJECT_FILE)
        self.problems.append(self._document.problem(pointer, message, hint))


def _not_read(project: Project) -> Iterator[Problem]:
    """Files that lie where intent is read, but under names that nothing reads: silence would look like approval."""
    for folder in FOLDERS:
        for path in project.list(folder):
            beside_catalog = folder == catalogs.FOLDER and path.endswith((".objectives.yaml", ".parameters.yaml"))
            explains = PurePosixPath(path).name in ("README.md", ".gitkeep")
            if not (_is_plain(path, folder) or beside_catalog or explains):
                yield Problem(path, 0, "is not read", f"the files of {folder}/ are called <name>.yaml, with one dot")


def _is_plain(path: str, folder: str) -> bool:
    """Whether a file is `<folder>/<name>.yaml`."""
    name = PurePosixPath(path)
    return name.suffix == ".yaml" and str(name.parent) == folder and "." not in name.stem


def _there_are(names: Iterable[str]) -> str:
    return f"there are: {', '.join(sorted(names)) or 'none'}"


def _place(problem: Problem) -> tuple[str, int, int, str]:
    return problem.path, problem.line, problem.column, problem.message
