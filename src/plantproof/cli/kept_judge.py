"""The judge of the base of a change, as an earlier run read it: where only evidence moved, it is that of every commit.

`check` keeps the whole judge, with the design of every site. A review asks for the sites that the change touches and
keeps those.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from plantproof.cli.kept_sites import JUDGE, KeptSites
from plantproof.files import encode_json
from plantproof.pipeline import Judge, load_judge
from plantproof.policies.worker import Workers
from plantproof.project import Project


class KeptJudge(KeptSites):
    """What must hold at the project's commit, kept between runs."""

    def of_sites(self, project: Project, workers: Workers | None, only: Collection[str]) -> Judge:
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
        return "\0".join([self._whole_judge, *sorted(only)])
