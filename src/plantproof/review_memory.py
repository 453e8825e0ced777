"""What is known of the base of a change from earlier runs."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple, Protocol

from plantproof.carry_over import AsOne, Lists
from plantproof.evidence.blobs import Blobs
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.pipeline import Judge, load_judge
from plantproof.policies.worker import Workers
from plantproof.project import Project
from plantproof.review.judged import JudgedSite


class Known(NamedTuple):
    """What a site came to, its long lists apart."""

    conclusions: SiteConclusions
    lists: Lists


def known_of(judged: JudgedSite) -> Known:
    """What is known of a site that was judged just now."""
    return Known(judged.conclusions, AsOne(judged.conclusions))


class Memory(Protocol):
    """What is known of the base from earlier runs, and what is worth to be known in the next."""

    def load_judge(self, project: Project, workers: Workers | None, only: Collection[str]) -> Judge:
        """As `pipeline.load_judge`."""
        ...

    def known(self, site: str, on: str) -> Known | None:
        """What a site of the base comes to on a date."""
        ...

    def remember(self, site: str, found: SiteConclusions) -> None:
        """A site of the base was judged."""
        ...

    def blobs(self, site: str) -> Blobs:
        """The files of the evidence of a site on both sides, as far as they were read."""
        ...


class NoMemory:
    """Nothing is known."""

    def __init__(self) -> None:
        self._blobs: dict[str, Blobs] = {}

    def load_judge(self, project: Project, workers: Workers | None, only: Collection[str]) -> Judge:
        """See `Memory`."""
        return load_judge(project, workers, only)

    def known(self, site: str, on: str) -> Known | None:
        """See `Memory`."""
        return None

    def remember(self, site: str, found: SiteConclusions) -> None:
        """See `Memory`."""

    def blobs(self, site: str) -> Blobs:
        """See `Memory`."""
        return self._blobs.setdefault(site, Blobs())
