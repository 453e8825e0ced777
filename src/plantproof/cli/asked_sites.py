"""Sites of which only a few policies changed since they were kept: asked about these (`plantproof.ask_again`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from plantproof.ask_again import ask_again, edited_policies
from plantproof.cli.concluded import Concluded
from plantproof.cli.kept_sites import KeptResults, KeptSites
from plantproof.errors import InputError
from plantproof.model.long_lists import NotKeptError
from plantproof.model.project_file import ProjectFile
from plantproof.pipeline import Judge
from plantproof.policies.memo import without_memory
from plantproof.policies.protocol import Engine
from plantproof.tree import Tree


class Asking(NamedTuple):
    """The names of what a site came to and of its plant, and the policies that are others now."""

    key: str
    plant: str
    edited: tuple[str, ...]


def asking(kept: KeptSites, judge: Judge, plants: Mapping[str, str]) -> dict[str, Asking]:
    """Of some sites (and how their plants are named) those of which the same evidence was kept, judged by a judge that
    differs in few policies."""
    edited: dict[str, frozenset[str]] = {}
    found = {}
    for site, plant in plants.items():
        judged = kept.judged_by(site)
        if judged is None:
            continue
        if judged.judge not in edited:
            was = kept.judge_named(judged.judge)
            edited[judged.judge] = edited_policies(was, judge) if was else frozenset()
        if edited[judged.judge]:
            found[site] = Asking(judged.key, plant, tuple(sorted(edited[judged.judge])))
    return found


def asked_site(
    kept: KeptResults, known: Asking, tree: Tree, file: ProjectFile, judge: Judge, engine: Engine, on: str
) -> Concluded | None:
    """What a site comes to under its judge of now; None where it has to be judged as a whole. What is the same as
    before is not held."""
    loaded = kept.load_named(known.key, on)
    if loaded is None:
        return None
    try:
        # The verdicts of an edited policy are new: to remember those that nobody may ask for again would cost more.
        found = ask_again(
            loaded.conclusions,
            loaded,
            known.edited,
            tree,
            file,
            judge,
            on=on,
            engine=without_memory(engine),
            plant=kept.plant_named(known.plant, on),
        )
        return found and loaded.after(found)
    except (InputError, NotKeptError):
        return None  # whatever is wrong is told by judging the whole site
