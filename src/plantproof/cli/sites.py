"""Whether a site is judged again, and whether here or in a pool of processes: a question of speed, never of the
result."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from plantproof.evidence.layout import site_folder

if TYPE_CHECKING:
    from plantproof.cli.asked_sites import Asking
    from plantproof.cli.assessing import EngineChoice, Opened
    from plantproof.cli.concluded import Concluded
    from plantproof.cli.kept_ahead import KeptAhead
    from plantproof.cli.kept_plants import PlantName
    from plantproof.cli.laid_aside import LaidAside
    from plantproof.mappers.conclusions import SiteConclusions
    from plantproof.model.assessment import Assessment
    from plantproof.model.long_lists import LongLists
    from plantproof.pipeline import Judge, Progress
    from plantproof.policies.protocol import Engine

WORTHWHILE = 60
"""Files of records, some 5,000 assets, from which on more processes pay: before the first site is judged in one there
pass two tenths of a second. At 3,000 assets two take as long as one."""


class Conclusions:
    """How the sites of one run are concluded on: `conclude` is what `assess` takes. Sites of which nothing changed come
    from `kept`, those of which little changed are carried over, the others are judged here or in a pool.

    With `apart`, the gaps and assets of sites that were not judged here are left out of the assessment; `lists` has
    them, or of a `gate` that nobody reads what it weighs alone.
    """

    def __init__(
        self,
        opened: Opened,
        judge: Judge,
        choice: EngineChoice,
        engine: Engine,
        *,
        kept: KeptAhead | None = None,
        apart: bool = False,
        gate: bool = False,
    ) -> None:
        self.lists: dict[str, LongLists] = {}
        self._opened, self._judge, self._choice, self._engine = opened, judge, choice, engine
        self._kept, self._apart, self._gate = kept, apart, gate

    @cached_property
    def _aside(self) -> LaidAside:
        from plantproof.cli.laid_aside import LaidAside

        return LaidAside()

    def conclude(self, sites: Sequence[str]) -> Iterator[SiteConclusions]:
        """The conclusions on each site, in the order given."""
        there = self._there(self._kept, sites) if self._kept else {}
        judged = self._judge_all([site for site in sites if site not in there])
        for site in sites:
            yield self._as_wanted(there.pop(site)) if site in there else next(judged)

    def _there(self, kept: KeptAhead, sites: Sequence[str]) -> dict[str, Concluded]:
        """The sites that are not to be judged: as they were kept, or carried over."""
        from plantproof.cli.assessing import start_evaluating
        from plantproof.cli.carried_sites import carried_site

        names = kept.looked_up(sites, self._opened.on)
        if any(names.values()) and not all(names.values()):
            start_evaluating(self._engine)  # where no site was kept, it may be other processes that evaluate
        there = {}
        for site, loaded in kept.load_all(names, lists=not self._gate):
            found = loaded or carried_site(kept, self._opened, self._judge, site, self._engine)
            if found and not loaded and not self._gate:
                found = kept.with_lists(found)
            if found is not None:
                there[site] = found
        return there

    def _judge_all(self, sites: Sequence[str]) -> Iterator[SiteConclusions]:
        processes = processes_for(self._opened, sites, self._choice)
        if self._choice.executor == "dask":
            return self._elsewhere(sites)
        plants = self._plants(sites)
        asking = self._asking(plants)
        return self._in_pool(sites, processes, asking, plants) if processes > 1 else self._here(sites, asking, plants)

    def _plants(self, sites: Sequence[str]) -> dict[str, PlantName]:
        """The names under which the plants of sites are kept."""
        if self._kept is None or not sites:
            return {}
        from plantproof.cli.kept_plants import asked_of_plants

        asked = asked_of_plants(self._judge)
        return {site: self._kept.plant_name(site, asked) for site in sites}

    def _asking(self, plants: Mapping[str, PlantName]) -> dict[str, Asking]:
        """The sites that were judged by other policies, of which few were edited."""
        if self._kept is None or not plants:
            return {}
        from plantproof.cli.asked_sites import asking

        return asking(self._kept, self._judge, plants)

    def _here(
        self, sites: Sequence[str], asking: Mapping[str, Asking], plants: Mapping[str, PlantName]
    ) -> Iterator[SiteConclusions]:
        for site in sites:
            found = self._asked(asking[site], site) if site in asking else None
            if found is not None:
                yield self._saved(site, found)
            else:
                yield self._judged(site, plants.get(site))

    def _asked(self, known: Asking, site: str) -> Concluded | None:
        from plantproof.cli.asked_sites import asked_site

        assert self._kept is not None  # noqa: S101  `_asking` has asked
        project, on = self._opened.project, self._opened.on
        return asked_site(self._kept, known, project.tree, project.file, self._judge, site, self._engine, on)

    def _judged(self, site: str, plant: PlantName | None = None) -> SiteConclusions:
        """What the site comes to, judged here as a whole; its plant kept under the name given."""
        from plantproof.pipeline import judge_site
        from plantproof.policies.memo import about

        project, on, engine = self._opened.project, self._opened.on, about(self._engine, site)
        judged = judge_site(project.tree, project.file, self._judge, site, on=on, engine=engine)
        if self._kept is None:
            return judged.conclusions
        from plantproof.cli.concluded import apart

        if plant:
            files = project.tree.list(site_folder(site))
            self._kept.keep_plant(plant, judged.plant, judged.claims.identities, files)
        found = judged.conclusions
        concluded = apart(found)
        self._kept.save(site, concluded)
        # All sites apart, or none: reports list the gaps site by site, in the order of the sites.
        return self._as_wanted(concluded) if self._apart else found

    def _in_pool(
        self, sites: Sequence[str], processes: int, asking: Mapping[str, Asking], plants: Mapping[str, PlantName]
    ) -> Iterator[SiteConclusions]:
        from plantproof.cli.assessing import rest
        from plantproof.cli.site_pool import conclude_in_pool

        rest(self._engine)  # the processes of the pool have their own
        lists = not self._gate
        found = conclude_in_pool(self._opened, self._judge, sites, self._choice, processes, asking, plants, lists=lists)
        return self._taken(sites, found)

    def _elsewhere(self, sites: Sequence[str]) -> Iterator[SiteConclusions]:
        from plantproof.cli.dask_cluster import on_cluster
        from plantproof.cli.site_pool import jobs_of, only_concluded, setting_of

        if not sites:
            return iter(())
        setting = setting_of(self._opened, self._judge, msgspec.structs.replace(self._choice, cache=False))
        made = on_cluster(self._choice.scheduler, [setting], jobs_of(self._opened, sites), follow=False)
        return self._taken(sites, only_concluded(made))

    def _taken(self, sites: Sequence[str], found: Generator[Concluded]) -> Iterator[SiteConclusions]:
        with closing(found):
            for site, each in zip(sites, found, strict=True):
                yield self._saved(site, each)

    def _saved(self, site: str, found: Concluded) -> SiteConclusions:
        """A result, kept, and with everything of it that is wanted."""
        if self._kept is None:
            return self._as_wanted(self._aside.without_lists(found) if self._apart and not self._gate else found)
        found = found.read_by(self._kept.part)
        self._kept.save(site, found)
        whole = found if self._gate else self._kept.with_lists(found)
        return self._judged(site) if whole is None else self._as_wanted(whole)

    def _as_wanted(self, found: Concluded) -> SiteConclusions:
        if not self._apart:
            return found.whole()
        self.lists[found.conclusions.site.id] = found.lists
        return found.conclusions


def judge_all(
    opened: Opened,
    choice: EngineChoice,
    engine: Engine,
    report: Progress,
    sites: Sequence[str] = (),
    *,
    seen: Callable[[SiteConclusions], object] = lambda found: None,
) -> tuple[Judge, Assessment]:
    """The judge of a project, and all that it comes to without any memory of earlier runs, in as many processes as pay.
    `seen` sees the conclusions on each site. Raises InputError as `pipeline.assess`."""
    from plantproof.cli.assessing import assessed, judge_of

    get_ready(opened, sites, choice, None)
    judge = judge_of(opened, engine, None)
    conclusions = Conclusions(opened, judge, choice, engine)

    def conclude(wanted: Sequence[str]) -> Iterator[SiteConclusions]:
        for found in conclusions.conclude(wanted):
            seen(found)
            yield found

    return judge, assessed(opened, engine, report, sites, judge=judge, conclude=conclude)


def get_ready(opened: Opened, sites: Sequence[str], choice: EngineChoice, kept: KeptAhead | None) -> None:
    """Begin to start the processes of a pool, where all of these sites (empty: all there are) will be judged in one:
    what must hold is still to be read."""
    paths = opened.project.tree.paths("evidence")
    there = sites or sorted({path.split("/")[1] for path in paths if path.count("/") > 1})
    if choice.executor != "local" or processes_for(opened, there, choice) < 2:
        return
    if kept is None or not any(kept.looked_up([site], opened.on)[site] or kept.newest(site) for site in there):
        from plantproof.cli.pool_processes import prepare_pool

        prepare_pool()


def processes_for(opened: Opened, sites: Sequence[str], choice: EngineChoice) -> int:
    """How many processes to judge these sites in: 1 is this one. A small plant is done before a second process has
    started; a server does the evaluating itself; outside of git no tree can be opened twice."""
    most = min(choice.jobs or os.cpu_count() or 1, len(set(sites)))
    if choice.engine != "regorus" or most < 2 or opened.repository is None:
        return 1
    folders = tuple(f"{site_folder(site)}/" for site in sites)
    paths = opened.project.tree.paths("evidence")
    return most if sum("/records/" in path and path.startswith(folders) for path in paths) >= WORTHWHILE else 1
