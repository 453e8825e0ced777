"""What is known of the base of a change from earlier runs: its judge, which is that of every commit where only evidence
moved, and what its sites come to.

`check` keeps the whole judge, with the design of every site. A review asks for the sites that the change touches and
keeps those.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from plantproof.cli.concluded import apart
from plantproof.cli.kept_sites import JUDGE, SITE, KeptSites
from plantproof.evidence.blobs import Blobs
from plantproof.files import encode_json
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.pipeline import Judge, load_judge
from plantproof.policies.worker import Workers
from plantproof.project import Project
from plantproof.review_memory import Known


class KeptBase(KeptSites):
    """The base of a change, kept between runs."""

    def __init__(self, *project: Any) -> None:
        super().__init__(*project)
        self._blobs: dict[str, Blobs] = {}

    def blobs(self, site: str) -> Blobs:
        """The files of a site on both sides, the same for whoever asks."""
        if site not in self._blobs:
            self._blobs[site] = super().blobs(site)
        return self._blobs[site]

    def keep_all_found(self) -> None:
        """Keep what was found out about the files of the base."""
        for site, blobs in self._blobs.items():
            self.keep_found(site, blobs)

    def knows(self, site: str, on: str) -> bool:
        """Whether `known` will most probably say something: what was kept is not read for that."""
        return any(each.holds(on) for each in self._stretches(SITE, self.key(site)))

    def known(self, site: str, on: str) -> Known | None:
        """What a site of the base comes to on a date, where an earlier run kept it."""
        found = self.load(site, on)
        return None if found is None else Known(found.conclusions, found)

    def remember(self, site: str, found: SiteConclusions) -> None:
        """Keep what a site of the base comes to."""
        self.save(site, apart(found))

    def load_judge(self, project: Project, workers: Workers | None, only: Collection[str]) -> Judge:
        """As `load_judge`, but that warnings about sites that are not asked for may be there too. Raises InputError
        with every mistake."""
        known = self.judge() or self._part(only)
        if known is not None:
            named = {site: known.intent.sites[site] for site in known.intent.sites if site in only}
            return msgspec.structs.replace(known, intent=msgspec.structs.replace(known.intent, sites=named))
        judge = load_judge(project, workers, only=only)
        self._cache.put(JUDGE, self._name_of(only), encode_json(judge))
        return judge

    def _part(self, only: Collection[str]) -> Judge | None:
        data = self._cache.get(JUDGE, self._name_of(only))
        try:
            return None if data is None else msgspec.json.decode(data, type=Judge)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    def _name_of(self, only: Collection[str]) -> str:
        """Another one than that of the whole judge, also where no site is asked for."""
        return "\0".join([self._whole_judge, "only", *sorted(only)])
