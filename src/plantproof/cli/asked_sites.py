"""Sites of which only a few policies changed since they were kept: asked about these (`plantproof.ask_again`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from plantproof.ask_again import ask_again, edited_policies
from plantproof.carry_over import plant_seen_again
from plantproof.cli.concluded import Concluded
from plantproof.cli.kept_plants import PlantName
from plantproof.cli.kept_sites import KeptResults, KeptSites
from plantproof.errors import InputError
from plantproof.evidence.layout import site_folder
from plantproof.evidence.stored_site import StoredSite
from plantproof.git import GitTree
from plantproof.model.long_lists import NotKeptError
from plantproof.model.plant import Plant
from plantproof.model.project_file import ProjectFile
from plantproof.pipeline import Judge, Seen, plant_asked_of
from plantproof.policies.memo import without_memory
from plantproof.policies.protocol import Engine
from plantproof.tree import Tree


class Asking(NamedTuple):
    """The names of what a site came to and of its plant, and the policies that are others now."""

    key: str
    plant: PlantName
    edited: tuple[str, ...]


def asking(kept: KeptSites, judge: Judge, plants: Mapping[str, PlantName]) -> dict[str, Asking]:
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
    kept: KeptResults, known: Asking, tree: Tree, file: ProjectFile, judge: Judge, site: str, engine: Engine, on: str
) -> Concluded | None:
    """What a site comes to under its judge of now; None where it has to be judged as a whole. What is the same as
    before is not held."""
    loaded = kept.load_named(known.key, on)
    if loaded is None:
        return None
    try:
        plant = _plant(kept, known.plant, tree, file, judge, site, on)
        # The verdicts of an edited policy are new: to remember those that nobody may ask for again would cost more.
        engine = without_memory(engine)
        found = ask_again(loaded.conclusions, loaded, known.edited, plant, tree, judge, on=on, engine=engine)
        return found and loaded.after(found)
    except (InputError, NotKeptError):
        return None  # whatever is wrong is told by judging the whole site


def _plant(
    kept: KeptResults, name: PlantName, tree: Tree, file: ProjectFile, judge: Judge, site: str, on: str
) -> Plant:
    """The plant of a site. Where it was not kept, and sources did more than look again since it was, it is built and
    kept: who edits a policy once does so again. Raises InputError where the evidence is wrong."""
    plant = plant_kept(kept, name, tree, file, judge, site, on)
    if plant is not None:
        return plant
    seen = Seen(tree, site)
    plant = plant_asked_of(seen, file, judge, on=on)
    kept.keep_plant(name, plant, seen.claims.identities, tree.list(site_folder(site)))
    return plant


def plant_kept(
    kept: KeptResults, name: PlantName, tree: Tree, file: ProjectFile, judge: Judge, site: str, on: str
) -> Plant | None:
    """The plant of a site as it was kept, also where sources looked again since and saw the same. Raises InputError
    where what they say now is wrong."""
    plant = kept.plant_named(name.key, on)
    if plant is not None:
        return plant
    before = kept.plant_before(name)
    if before is not None and isinstance(tree, GitTree):
        blobs = kept.blobs(site)
        old, new = StoredSite(tree.beside(tree.commit, before.files), site, blobs), StoredSite(tree, site, blobs)
        plant = kept.plant_named(before.key, on)
        approved = bool(judge.intent.approved.get(site))
        return plant and plant_seen_again(plant, old, new, file, on, approved)
    return None
