"""reports/packs/*.yaml: which documents go to whom."""

from __future__ import annotations

from collections.abc import Mapping

from plantproof.errors import InputError, Problem
from plantproof.files import load_yaml
from plantproof.model.report import PackDefinition


def load_pack_definitions(files: Mapping[str, bytes]) -> dict[str, PackDefinition]:
    """Definitions by id, from path -> bytes. Raises InputError with every mistake in all of them."""
    found: dict[str, PackDefinition] = {}
    problems: list[Problem] = []
    for path in sorted(files):
        try:
            definition = load_yaml(files[path], path, PackDefinition)
        except InputError as error:
            problems += error.problems
            continue
        name = path.rsplit("/", 1)[-1].removesuffix(".yaml")
        if definition.id != name:
            problems.append(Problem(path, 0, f"its id is `{definition.id}`", f"the file's name says `{name}`"))
        found[definition.id] = definition
    if problems:
        raise InputError(*problems)
    return found
