"""What sites came to, kept between runs: a site of which nothing changed is not read at all.

The name of a result is the name of all that it depends on: the site's evidence, its own intent, the judge (controls,
policies, mappings, plantproof.yaml, content), the program and the engine. With it goes the stretch of days on which it
holds (model/steady.py), so that midnight is no cold start. What is not in the name is not shown to the judging of a
site: `pipeline.judge_site` leaves it out. A site with a policy that could not be evaluated is never kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from plantproof import __version__
from plantproof.cache import Cache
from plantproof.cli.answered import PIECE
from plantproof.cli.concluded import Concluded, unpacked
from plantproof.cli.installation import code_digest
from plantproof.cli.kept_plants import NEWEST, KeptPlants, Newest, PlantName
from plantproof.evidence.blobs import Blobs, FoundOut
from plantproof.evidence.layout import site_folder
from plantproof.files import encode_json
from plantproof.model.long_lists import LongList, LongLists
from plantproof.pipeline import Judge
from plantproof.policies.memo import DRIVER
from plantproof.project import PROJECT_FILE, Project
from plantproof.tree import Entry
from plantproof.tree_names import lies_under

SITE, JUDGE, FOUND = "site", "judge", "site-found"
JUDGED = "site-judged"
POLICIES = "policies"
OF_SITES = ("controls/sites", "controls/adopted", "controls/approved")
"""Folders with one file or one folder a site: those of other sites have no say."""

UNSEEN = ("controls/programme", "controls/changes")
"""Folders that no conclusion on a site rests on: who answers for what, and what was announced."""

JUDGING = ("controls", "mappers", "policies", PROJECT_FILE)


class JudgedBy(NamedTuple):
    """What was kept last of a site under any policies: its name, and that of its judge."""

    key: str
    judge: str


class KeptResults(KeptPlants):
    """Results of sites by their names, whatever those stand for."""

    def load_named(self, key: str, on: str) -> Concluded | None:
        """What was kept under a name, where that holds on the date."""
        data = self.find(SITE, key, on)
        return None if data is None else unpacked(data, self.part)

    def blobs(self, site: str) -> Blobs:
        """The files of a site's evidence, with what earlier runs found out about them."""
        data = self._cache.get(FOUND, _found_name(site))
        try:
            return Blobs() if data is None else Blobs(msgspec.json.decode(data, type=FoundOut))
        except (msgspec.DecodeError, UnicodeDecodeError):
            return Blobs()

    def part(self, name: str) -> bytes | None:
        """A part of a long list, by its name."""
        return self._cache.get(PIECE, name)

    def parts_kept(self, found: Concluded) -> Concluded:
        """Keep the parts of the long lists. The result holds only those that could not be kept."""
        gaps, assets, weighed = found.lists
        return Concluded(found.conclusions, LongLists(self._kept_parts(gaps), self._kept_parts(assets), weighed))

    def _kept_parts(self, rows: LongList) -> LongList:
        for part in rows.parts:
            if not self._cache.touch(PIECE, part.name) and part.name in rows.held:
                self._cache.put(PIECE, part.name, rows.held[part.name])
        left = {name: data for name, data in rows.held.items() if not self._cache.touch(PIECE, name)}
        return LongList(rows.parts, left, self.part)


class KeptSites(KeptResults):
    """The results of the sites of one project, at one commit, under one engine."""

    def __init__(self, cache: Cache, project: Project, engine: tuple[str, str]) -> None:
        super().__init__(cache)
        self._project = project
        entries = [entry for part in JUDGING for entry in project.tree.list(part)]
        of_sites = {entry.path: entry.id for entry in entries if _of_a_site(entry.path)}
        program = [__version__, code_digest(), DRIVER, *engine, project.content_version, project.content_hash]
        shared = [entry for entry in entries if entry.path not in of_sites]
        self._of_sites = of_sites
        self._judge = _name([*program, *_named(shared, without=UNSEEN)])
        self._but_policies = _name([*program, *_named(shared, without=(*UNSEEN, POLICIES))])
        self._whole_judge = _name([*program, *_named(entries)])

    def key(self, site: str, evidence: str | None = None) -> str:
        """The name of everything that the conclusions on a site depend on, but the date. `evidence` names that of the
        site, where it is not to be looked up."""
        return self._key(self._judge, site, evidence)

    def _key(self, judge: str, site: str, evidence: str | None = None) -> str:
        if evidence is None:
            evidence = self._project.tree.id(site_folder(site)) or ""
        own = [f"{path}\0{identifier}" for path, identifier in self._of_sites.items() if _site_of(path) == site]
        return _name([judge, site, evidence, *own])

    def plant_name(self, site: str, asked: str, evidence: str | None = None) -> PlantName:
        """How the plant of a site is named. `asked` says what is asked of it (`asked_of_plants`): the rules of policies
        have no say, what they read has. `evidence` as for `key`."""
        return PlantName(*(_name([self._key(self._but_policies, site, of), asked]) for of in (evidence, "any")))

    def load(self, site: str, on: str) -> Concluded | None:
        """What the site came to, where that holds on the date; None where nobody has judged it, or not for that day."""
        return self.load_named(self.key(site), on)

    def save(self, site: str, found: Concluded) -> None:
        """Keep what a site came to, unless a policy of it could not be evaluated."""
        stretch = found.conclusions.steady
        if stretch and not any(policy.totals.error for policy in found.conclusions.policies):
            self.parts_kept(found)
            self.keep(SITE, self.key(site), stretch, found.packed())
            newest = Newest(self.key(site), self._project.tree.list(site_folder(site)))
            self._cache.put(NEWEST, self.key(site, "any"), encode_json(newest))
            judged = JudgedBy(self.key(site), self._whole_judge)
            self._cache.put(JUDGED, self._key(self._but_policies, site), encode_json(judged))

    def newest(self, site: str) -> Newest | None:
        """Which other state of the site's evidence was kept last."""
        return self.newest_named(self.key(site, "any"))

    def judged_by(self, site: str) -> JudgedBy | None:
        """What was kept last of the site as it is, under other policies or the same."""
        data = self._cache.get(JUDGED, self._key(self._but_policies, site))
        try:
            return None if data is None else msgspec.json.decode(data, type=JudgedBy)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None

    def keep_found(self, site: str, blobs: Blobs) -> None:
        """Keep what was found out about the files that the site has now."""
        if blobs.more:
            blobs.keep_only({entry.id for entry in self._project.tree.list(site_folder(site))})
            self._cache.put(FOUND, _found_name(site), encode_json(blobs.found))

    def judge(self) -> Judge | None:
        """What must hold, as it was read before from the same files."""
        return self.judge_named(self._whole_judge)

    def judge_named(self, name: str) -> Judge | None:
        """What must hold by other files, of which this is the name."""
        data = self._cache.get(JUDGE, name)
        try:
            return None if data is None else msgspec.json.decode(data, type=Judge)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    def save_judge(self, judge: Judge) -> None:
        """Keep what was read of controls, policies and mappings."""
        self._cache.put(JUDGE, self._whole_judge, encode_json(judge))


def _of_a_site(path: str) -> bool:
    return any(lies_under(path, folder) for folder in OF_SITES)


def _site_of(path: str) -> str:
    """The site of `controls/<folder>/<site>.<suffix>` or `controls/<folder>/<site>/<file>`."""
    return path.split("/", 3)[2].split(".", 1)[0]


def _named(entries: Iterable[Entry], without: tuple[str, ...] = ()) -> Iterator[str]:
    for entry in entries:
        if not any(lies_under(entry.path, folder) for folder in without):
            yield f"{entry.path}\0{entry.id}"


def _found_name(site: str) -> str:
    return _name([__version__, code_digest(), site])


def _name(parts: Iterable[str]) -> str:
    total = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogateescape")
        total.update(b"%d:" % len(data) + data)
    return total.hexdigest()
