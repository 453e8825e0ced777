"""A project: plantproof.yaml, the project's own files, and below them the content it was judged with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from plantproof.bundled import Content, bundled_content, is_content
from plantproof.errors import InputError, Problem, refuse
from plantproof.files import YamlDocument, load_yaml, parse_yaml
from plantproof.model.project_file import ProjectFile
from plantproof.spelling import did_you_mean
from plantproof.text import visible
from plantproof.tree import Tree, blob_id, no_such_file
from plantproof.tree_names import lies_under

__all__ = ["Content", "Origin", "Project", "bundled_content", "find_project", "open_project", "read_project_file"]

PROJECT_FILE = "plantproof.yaml"
_JUDGING = ("controls/", "mappers/", "policies/")
_LARGE = "controls/adopted/"
Origin = Literal["content", "project", "override"]


class Project:
    """What all stages read from: the files of a tree laid over the content. Made by `open_project`."""

    def __init__(self, tree: Tree, file: ProjectFile, content: Content, own: dict[str, Origin]) -> None:
        self.tree = tree
        self.file = file
        self.content_version = content.version
        self.content_hash = content.hash
        self._content = content.files
        self._own = own
        self._read: dict[str, bytes] | None = None

    def list(self, under: str = "") -> list[str]:
        """The paths below `under`, sorted: the content's and the project's own."""
        return sorted(path for path in self._content.keys() | self._own.keys() if lies_under(path, under))

    def read(self, path: str) -> bytes:
        """The bytes of one file, the project's own before the content's. Raises `InputError` where there is none."""
        if self._own.get(path, "content") != "content":
            return self._ahead(path)
        if path in self._content:
            return self._content[path]
        raise no_such_file(path, self.list())

    def _ahead(self, path: str) -> bytes:
        """The bytes of a file of the project; of those that judge at once, for who asks for one asks for the others:
        what each costs is mostly the asking."""
        if not _judges(path):
            return self.tree.read(path)
        if self._read is None:
            wanted = [each for each, origin in self._own.items() if origin != "content" and _judges(each)]
            try:
                self._read = dict(self.tree.read_many(wanted))
            except InputError:
                self._read = {}  # one that nobody may ask for: whoever does is told
        return self._read[path] if path in self._read else self.tree.read(path)

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The bytes of many files, in the order asked for."""
        for path in paths:
            yield path, self.read(path)

    def exists(self, path: str) -> bool:
        """Whether there is such a file."""
        return path in self._own or path in self._content

    def origin(self, path: str) -> Origin:
        """Where a file comes from: content (as shipped), project (its own), override (instead of a shipped one)."""
        if path in self._own:
            return self._own[path]
        if path in self._content:
            return "content"
        raise no_such_file(path, self.list())

    def overrides(self) -> dict[str, str]:
        """The shipped files that this project replaces, with its reasons: every pack shows them."""
        reasons = {override.path: override.reason for override in self.file.overrides}
        return {path: reasons[path] for path, origin in sorted(self._own.items()) if origin == "override"}


def find_project(start: Path) -> Path:
    """The folder at or above `start` that holds plantproof.yaml. Raises `InputError` where none does."""
    folder = start.resolve()
    if not folder.exists():
        raise refuse(f"{visible(str(start))} does not exist", "check the path")
    for candidate in (folder, *folder.parents):
        if (candidate / PROJECT_FILE).is_file():
            return candidate
    raise refuse(
        f"no {PROJECT_FILE} in {visible(str(folder))} or above it",
        "`plantproof init` makes a project; -C names its folder",
    )


def read_project_file(root: Path) -> ProjectFile:
    """plantproof.yaml of a project's folder, alone. Raises `InputError` with every mistake in it."""
    return load_yaml((root / PROJECT_FILE).read_bytes(), PROJECT_FILE, ProjectFile)


def open_project(tree: Tree, accept_content: bool = False, content: Content | None = None) -> Project:
    """The project in a tree. Raises `InputError` with all that is wrong in plantproof.yaml, where another content is
    installed than the pinned one (unless `accept_content`), and with each shipped file that is replaced without an
    `overrides:` entry."""
    content = content or bundled_content()
    if not tree.exists(PROJECT_FILE):
        where = f"commit {tree.commit[:12]}" if tree.commit else "the project"
        raise refuse(f"{where} has no {PROJECT_FILE}", "`plantproof init` makes one")
    document = parse_yaml(tree.read(PROJECT_FILE), PROJECT_FILE)
    file = document.convert(ProjectFile)
    own, problems = _own_files(tree, file, document, content)
    if not accept_content:
        problems = [*_compare_pin(file, document, content), *problems]
    if problems:
        raise InputError(*problems)
    return Project(tree, file, content, own)


def _compare_pin(file: ProjectFile, document: YamlDocument, content: Content) -> list[Problem]:
    pin = file.content
    if (pin.version, pin.hash) == (content.version, content.hash):
        return []
    return [
        document.problem(
            ("content",),
            f"judged with content {pin.version} ({pin.hash[:12]}), "
            f"installed is {content.version} ({content.hash[:12]})",
            "`plantproof check --content installed` shows what the installed content says, "
            "`plantproof config pin` accepts it",
        )
    ]


def _judges(path: str) -> bool:
    return path.startswith(_JUDGING) and not path.startswith(_LARGE)


def _own_files(
    tree: Tree, file: ProjectFile, document: YamlDocument, content: Content
) -> tuple[dict[str, Origin], list[Problem]]:
    """Every file of the tree with its origin, and the overrides that lack a reason or replace nothing."""
    declared = {override.path: index for index, override in enumerate(file.overrides)}
    # Of the working tree the ids cost reading: evidence, the bulk of it, is never content and so only listed.
    own: dict[str, Origin] = dict.fromkeys(tree.paths(), "project")
    shared = [path for path in own if path in content.files]
    problems = []
    for path in shared:
        if tree.id(path) == blob_id(content.files[path], tree.object_format):
            own[path] = "content"
        elif path in declared:
            own[path] = "override"
        else:
            hint = "give its reason under `overrides:` in plantproof.yaml, or a name of its own"
            problems.append(Problem(path, 0, "replaces a file of the content without saying why", hint))
    for path, index in declared.items():
        if path not in content.files or path not in own:
            hint = did_you_mean(path, [name for name in shared if is_content(name)]) or "remove the entry"
            problems.append(document.problem(("overrides", index, "path"), f"`{path}` replaces nothing", hint))
    return own, problems
