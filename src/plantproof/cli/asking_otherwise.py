"""What a change edits of its own judge, asked of all sites: in a pool of processes where that pays, and of the plants
that earlier runs kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from plantproof.asked_otherwise import Otherwise, Question, asked_otherwise
from plantproof.cli.asked_sites import plant_kept
from plantproof.cli.assessing import EngineChoice, Opened, rest
from plantproof.cli.kept_base import KeptBase
from plantproof.cli.kept_plants import PlantName, asked_of_plants
from plantproof.cli.pool_processes import prepare_pool
from plantproof.cli.revisions import Sides
from plantproof.cli.site_pool import in_pool, setting_of
from plantproof.cli.sites import processes_for
from plantproof.cli.work import Job, conclusions
from plantproof.controls.sites import site_path
from plantproof.errors import InputError
from plantproof.evidence.layout import site_folder
from plantproof.git import GitTree
from plantproof.policies.memo import without_memory
from plantproof.policies.protocol import Engine


class AskingOtherwise:
    """Asks the sites of the head of a change. `kept` is what earlier runs kept of the base."""

    def __init__(self, sides: Sides, choice: EngineChoice, engine: Engine, kept: KeptBase | None) -> None:
        self._sides, self._choice, self._engine, self._kept = sides, choice, engine, kept

    def get_ready(self, sites: Sequence[str]) -> None:
        """Begin to start the processes of a pool, where one will be needed: what judges is still to be read."""
        if self._processes(sites) > 1:
            prepare_pool()

    def ask_all(self, question: Question, sites: Sequence[str]) -> Iterator[Otherwise]:
        """`asked_otherwise.AskAll`. Raises InputError of the first site whose evidence is wrong, and where a process
        ended before it had answered."""
        plants = self._plants(question, sites)
        processes = self._processes(sites)
        if processes < 2:
            return self._here(question, sites, plants)
        return self._in_pool(question, sites, plants, processes)

    def _here(self, question: Question, sites: Iterable[str], plants: dict[str, PlantName]) -> Iterator[Otherwise]:
        tree, file, on = self._sides.head.tree, question.file, question.on
        for site in sites:
            name = plants.get(site)
            plant = plant_kept(self._kept, name, tree, file, question.ours, site, on) if self._kept and name else None
            yield asked_otherwise(question, tree, site, engine=without_memory(self._engine), plant=plant)

    def _in_pool(
        self, question: Question, sites: Sequence[str], plants: dict[str, PlantName], processes: int
    ) -> Iterator[Otherwise]:
        opened = self._opened()
        setting = setting_of(opened, question.ours, self._choice)._replace(file=question.file, otherwise=question)
        commit = self._sides.head.side.commit
        jobs = [Job(0, commit, site, question.on, plant=plants.get(site)) for site in sites]
        rest(self._engine)  # the processes of the pool have their own
        with closing(in_pool([setting], jobs, conclusions, processes)) as found:
            for made in found:
                if isinstance(made, InputError):
                    raise made
                assert isinstance(made, Otherwise)  # noqa: S101  what the setting asks for
                yield made

    def _processes(self, sites: Sequence[str]) -> int:
        """One where the head is not a commit: other processes could not open it."""
        return processes_for(self._opened(), sites, self._choice) if isinstance(self._sides.head.tree, GitTree) else 1

    def _opened(self) -> Opened:
        sides = self._sides
        return Opened(
            repository=sides.repository,
            commit=sides.repository.commit(sides.head.side.commit),
            project=sides.head.project,
            on=sides.on,
        )

    def _plants(self, question: Question, sites: Iterable[str]) -> dict[str, PlantName]:
        """The names of the plants of sites which both judges ask the same kinds and fields of, and of which nothing
        but evidence differs from the base: those may have been kept."""
        asked = asked_of_plants(question.ours)
        if self._kept is None or asked != asked_of_plants(question.theirs):
            return {}
        base, head = self._sides.base, self._sides.head
        approved, theirs = question.ours.intent.approved, question.theirs.intent.approved
        return {
            site: self._kept.plant_name(site, asked, head.tree.id(site_folder(site)) or "")
            for site in sites
            if base.project.file.sites.get(site) == question.file.sites.get(site)
            and base.tree.id(site_path(site)) == head.tree.id(site_path(site))
            and approved.get(site) == theirs.get(site)
        }
