"""Whether sites are judged here or in a pool of processes: a question of speed, never of the result."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from plantproof.evidence.layout import site_folder

if TYPE_CHECKING:
    from plantproof.cli.assessing import EngineChoice, Opened
    from plantproof.mappers.conclusions import SiteConclusions
    from plantproof.model.long_lists import LongLists
    from plantproof.pipeline import Conclude, Judge

WORTHWHILE = 120
"""Files of records, some 20,000 assets, from which on more processes pay: each takes a third of a second to start, and
70 MB. At 10,000 assets two take as long as one."""


class Conclusions:
    """How the sites of one run are concluded on. `conclude` is what `assess` takes: None where one process will do.

    With `apart`, the gaps and assets of sites that a pool judged are left out of the assessment; `lists` has them.
    """

    def __init__(
        self, opened: Opened, judge: Judge, choice: EngineChoice, *, sites: Sequence[str] = (), apart: bool = False
    ) -> None:
        self.lists: dict[str, LongLists] = {}
        self._opened, self._judge, self._choice, self._apart = opened, judge, choice, apart
        self._processes = processes_for(opened, sites or sorted(judge.intent.sites), choice)

    @property
    def conclude(self) -> Conclude | None:
        return self._in_pool if self._processes > 1 else None

    def _in_pool(self, sites: Sequence[str]) -> Iterable[SiteConclusions]:
        from plantproof.cli.site_pool import conclude_in_pool

        for found in conclude_in_pool(self._opened, self._judge, sites, self._choice, self._processes):
            if self._apart:
                self.lists[found.conclusions.site.id] = found.lists
                yield found.conclusions
            else:
                yield found.whole()


def processes_for(opened: Opened, sites: Sequence[str], choice: EngineChoice) -> int:
    """How many processes to judge these sites in: 1 is this one. A small plant is done before a second process has
    started; a server does the evaluating itself; outside of git no tree can be opened twice."""
    most = min(choice.jobs or os.cpu_count() or 1, len(set(sites)))
    if choice.engine != "regorus" or most < 2 or opened.repository is None:
        return 1
    folders = tuple(f"{site_folder(site)}/" for site in sites)
    paths = opened.project.tree.paths("evidence")
    return most if sum("/records/" in path and path.startswith(folders) for path in paths) >= WORTHWHILE else 1
