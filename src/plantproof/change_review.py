"""A change from its base to its head: both judged on one date by the judge of the base, then compared.

    base ──▶ judged ─┐
                     ├─▶ delta ──▶ paths, approvals, ways out
    head ──▶ judged ─┘

Only sites that the change touches are read: the ids of git's trees tell. Nothing of one site enters another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import Any

import msgspec

from plantproof.asked_otherwise import AskAll
from plantproof.cache import MemoryCache
from plantproof.carry_over import says_the_same
from plantproof.controls.changes import FOLDER as CHANGES
from plantproof.controls.changes import load_change
from plantproof.controls.sites import load_site, site_path
from plantproof.errors import refuse
from plantproof.evidence.blobs import Blobs
from plantproof.evidence.layout import kind_of, site_folder
from plantproof.evidence.stored_site import StoredSite
from plantproof.evidence.tracing import raw_places
from plantproof.files import load_lines
from plantproof.judge_review import judge_moves
from plantproof.model.approvals import ForgeApprovals, SignOff
from plantproof.model.assessment import Provenance
from plantproof.model.change import ChangeRecord
from plantproof.model.delta import Delta, SiteDelta, TooOld, UnrecordedChange
from plantproof.model.impact import Impact
from plantproof.model.paths import PathChange
from plantproof.model.records import Change
from plantproof.model.site import Site
from plantproof.pipeline import Judge, Progress
from plantproof.policies.memo import Remembering
from plantproof.policies.protocol import Engine
from plantproof.policies.worker import Workers
from plantproof.review.as_before import as_before
from plantproof.review.brought import Bringers
from plantproof.review.change_record import from_evidence, listed_assets
from plantproof.review.impact import Downstream, of_change, together
from plantproof.review.judge_changes import judged_by_base
from plantproof.review.judged import JudgedSite
from plantproof.review.moved import moved_files
from plantproof.review.one_sided import added_site, removed_site
from plantproof.review.path_tracing import traced
from plantproof.review.paths import path_changes, reach_table
from plantproof.review.sign_off import sign_off
from plantproof.review.site_delta import Revisions, site_delta, totals
from plantproof.review.unrecorded import unrecorded
from plantproof.review.value_changes import value_changes
from plantproof.review.ways_out import ways_out
from plantproof.review.what_moved import what_moved
from plantproof.review_in_part import may_be_in_part, reviewed_in_part
from plantproof.review_memory import Memory, NoMemory, known_of
from plantproof.review_sources import too_old_at, too_old_of, unproved
from plantproof.revision import Compared, Revision


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A delta, with the judged sites behind it: for what reads more of them than the delta holds."""

    delta: Delta
    judge: Judge
    judged: dict[str, Revisions]


def review_change(
    base: Revision,
    head: Revision,
    *,
    on: str,
    engine: Engine,
    provenance: Provenance,
    workers: Workers | None = None,
    sites: Sequence[str] = (),
    given: ForgeApprovals | None = None,
    now: str = "",
    progress: Progress = lambda what, done, total: None,
    memory: Memory | None = None,
    ask_all: AskAll | None = None,
) -> Review:
    """Judge what a change touches, before and after, on the date `on`, and say what moved (verdicts.md 15).

    `sites` limits the review. `given` are the approvals that the forge has, `now` is the moment (UTC), which only an
    emergency asks for. `memory` is what is known of the base; `ask_all` asks all sites elsewhere about what the change
    edits of its judge. Raises InputError where either side is wrong, and where
    nothing is left to judge: a change that deletes all sites is never green.
    """
    wanted = wanted_sites(base, head, sites)
    differing = [site for site in wanted if touches(base, head, site)]
    memory = memory or NoMemory()
    again = [site for site in differing if collected_again(base, head, site, on, memory.blobs(site))]
    touched = [site for site in differing if site not in again]
    judge = memory.load_judge(base.project, workers, _answering(base, head, differing))
    if not judge.bundle.policies:
        raise refuse("no policies: nothing would be judged", "policies/ is empty and the installed content has none")
    reviewing = _Reviewing(memory, base, head, judge, on, Remembering(engine, MemoryCache()), workers, ask_all)
    progress("sites compared", 0, len(touched))
    deltas = []
    bringers = Bringers(head.made, head.blame)
    for site in touched:
        deltas.append(bringers.of_site(reviewing.site(site)))
        progress("sites compared", len(deltas), len(touched))
    delta = Delta(
        schema="plantproof/delta/1",
        title=base.project.file.title,
        base=base.side,
        head=head.side,
        on=on,
        base_on=base.on,
        tool_version=provenance.tool_version,
        engine=provenance.engine,
        engine_version=provenance.engine_version,
        content_version=provenance.content_version,
        content_hash=provenance.content_hash,
        sites=deltas,
        untouched=[site for site in wanted if site not in differing],
        collected_again=again,
        judge=judge_moves(reviewing, wanted, progress),
        counts=totals(deltas),
    )
    delta = msgspec.structs.replace(
        delta,
        paths=reviewing.paths(),
        unproved=unproved(reviewing, reviewing.judged),
        too_old=reviewing.too_old(again),
        unrecorded=reviewing.unrecorded(),
        ways_out=ways_out(deltas, judge.bundle.policies, on),
        impact=reviewing.impact(),
        sign_off=reviewing.sign_off(delta, given, now),
    )
    return Review(delta=delta, judge=judge, judged=reviewing.judged)


def _answering(base: Revision, head: Revision, differing: Collection[str]) -> Collection[str]:
    """The sites whose intent says who has to agree: those that differ; all where something moves that judges all."""
    for_all = any(not file.site for file in moved_files(head.changed).files)
    return base.project.file.sites if for_all else differing


def wanted_sites(base: Revision, head: Revision, named: Sequence[str]) -> list[str]:
    """The sites to be reviewed, sorted: those named, or all of both sides. Raises InputError for one that neither side
    has, and for a change that leaves none."""
    there = sorted({*base.project.file.sites, *head.project.file.sites})
    unknown = sorted(set(named) - set(there))
    if unknown or not head.project.file.sites:
        hint = f"there are: {', '.join(there)}" if there else "plantproof.yaml names none"
        raise refuse(f"no such site: {', '.join(unknown) or '(the change leaves none)'}", hint)
    return sorted(set(named)) or there


def touches(base: Revision, head: Revision, site: str) -> bool:
    """Whether evidence, intent or the settings of a site differ between the two sides. Only ids are compared."""
    settings = [each.project.file.sites.get(site) for each in (base, head)]
    paths = (site_folder(site), site_path(site))
    return settings[0] != settings[1] or any(base.tree.id(path) != head.tree.id(path) for path in paths)


def collected_again(base: Revision, head: Revision, site: str, on: str, blobs: Blobs) -> bool:
    """Whether a site differs only in that sources looked again and saw the same. Exports that are stored are to be read
    again, so such a site is reviewed like any other. `blobs` are its files, as far as they were read."""
    settings = [each.project.file.sites.get(site) for each in (base, head)]
    intent = [each.tree.id(site_path(site)) for each in (base, head)]
    if settings[0] is None or settings[0] != settings[1] or intent[0] != intent[1] or head.side.proposed:
        return False
    old, new = (StoredSite(each.tree, site, blobs) for each in (base, head))
    if any("/raw/" in path for each in (old, new) for path in each.files):
        return False
    approved = head.tree.exists(f"controls/approved/{site}") or base.tree.exists(f"controls/approved/{site}")
    return says_the_same(old, new, judged_by_base(base.project.file, head.project.file), on, approved)


class _Reviewing(Compared):
    """One review: what is compared, and everything that is said of it."""

    def __init__(self, memory: Memory, *compared: Any) -> None:
        super().__init__(*compared)
        self._memory = memory
        self._too_old: list[TooOld] = []

    def site(self, site: str) -> SiteDelta:
        """Everything that moved at one site."""
        before, after = (site in each.project.file.sites for each in (self.base, self.head))
        if not after:
            return removed_site(self._judged_base(site))
        if not before:
            head = self.judge_of(self.head, self.file, self.with_sites({site: self._theirs(site)}), site)
            self._too_old += too_old_of(head.conclusions.site.sources)
            return added_site(head)
        revisions = self._revisions(site)
        self.judged[site] = revisions
        self._too_old += too_old_of(revisions.head.conclusions.site.sources)
        return site_delta(revisions, self.judge.bundle.policies, proposed=bool(self.head.side.proposed))

    def _revisions(self, site: str) -> Revisions:
        """Both sides of a site, of the assets that changed alone where that tells everything."""
        if not may_be_in_part(self, site):
            return self._wholes(site, self._judged_base(site))
        known, base = self._memory.known(site, self.on), None
        if known is None:
            base = self._judged_base(site)
            self._memory.remember(site, base.conclusions)
            known = known_of(base)
        blobs = self._memory.blobs(site)
        found = reviewed_in_part(
            self,
            site,
            known,
            blobs,
            lambda: {each for record in self._exported(site) for each in listed_assets(record)},
        )
        return found or self._wholes(site, base or self._judged_base(site))

    def _wholes(self, site: str, base: JudgedSite) -> Revisions:
        own, theirs = self.judge.intent.sites.get(site), self._theirs(site)
        edited = self.base.tree.id(site_path(site)) != self.head.tree.id(site_path(site))
        # Between two days without a turn the calendar moves nothing: the base need not be judged a second time.
        steady = base.conclusions.steady
        turned = self.base.on != self.on and not (steady and steady.holds(self.base.on))
        head = self.judge_of(self.head, self.file, self.with_sites({site: theirs}), site)
        return Revisions(
            base=base,
            head=head,
            base_then=self.judge_of(self.base, self.base.project.file, self.judge, site, self.base.on)
            if turned
            else None,
            evidence=self.judge_of(self.head, self.file, self.with_sites({site: as_before(base, head)}), site)
            if edited and own
            else None,
            intent_path=site_path(site) if edited else "",
            intent_values=value_changes(site_path(site), msgspec.to_builtins(own), msgspec.to_builtins(theirs))
            if edited
            else (),
        )

    def _judged_base(self, site: str) -> JudgedSite:
        return self.judge_of(self.base, self.base.project.file, self.judge, site)

    def _theirs(self, site: str) -> Site:
        """A site as the head designs it."""
        path = site_path(site)
        return load_site(self.head.project.read(path), path).site

    def paths(self) -> list[PathChange]:
        """What the rules of firewalls and routers let pass otherwise, each rule down to the line of the raw file."""
        found: list[PathChange] = []
        for _, each in sorted(self.judged.items()):
            sides = [reach_table(side.plant, each.head.canonical) for side in (each.base, each.head)]
            changes = path_changes(*sides)
            found += traced(changes, *(partial(raw_places, side.claims) for side in (each.base, each.head)))
        return found

    def too_old(self, again: Iterable[str]) -> list[TooOld]:
        """Of the sites that were compared, and of those of which sources only looked `again`."""
        stored = (StoredSite(self.head.tree, site, self._memory.blobs(site)) for site in again)
        found = [*self._too_old, *(old for each in stored for old in too_old_at(each, self.file, self.on))]
        return sorted(found, key=lambda each: (each.site, each.source))

    def unrecorded(self) -> list[UnrecordedChange]:
        """Devices that are configured otherwise without a record, over all sites that the change touches."""
        records, approved = self.changes(), self.judge.intent.approved
        return [
            found
            for site, each in sorted(self.judged.items())
            for found in unrecorded(
                each.base.claims,
                each.head.claims,
                [each.base.plant, each.head.plant],
                [record for record in records if record.site == site],
                approved.get(site, ()),
            )
        ]

    def impact(self) -> Impact:
        """What the evidence and intent of the change reach, over all sites that it touches."""
        judge = self.judge
        below = Downstream(
            intent=judge.intent, mappings=judge.mappings, bundle=judge.bundle, crosswalks=judge.crosswalks
        )
        return together([of_change(each.base, each.head, below) for _, each in sorted(self.judged.items())])

    def sign_off(self, delta: Delta, given: ForgeApprovals | None, now: str) -> SignOff:
        """Who must agree to what moved, by the people and rights of the base."""
        theirs = self.changes()
        waivers = {each.id: each.site for each in self.judge.intent.waivers}
        moved = what_moved(delta, self.judged, self.judge.bundle.policies, self.head.changed, waivers)
        return sign_off(
            moved,
            self.judge.intent,
            theirs,
            [made.facts for made in self.head.made if made.facts is not None],
            on=self.on,
            head=self.head.side.commit,
            given=given,
            now=now,
            paths=self.head.changed,
        )

    def changes(self) -> list[ChangeRecord]:
        """The change records of the head: files of the change, and what a ticket system exported."""
        declared = self.head.project.file.sites.keys()
        sites = {**self.judge.intent.sites, **{site: each.head.plant.site for site, each in self.judged.items()}}
        found = [
            load_change(self.head.project.read(path), path, sites, declared)
            for path in self.head.project.list(CHANGES)
            if path.endswith(".yaml")
        ]
        for site, revisions in sorted(self.judged.items()):
            plant = revisions.head.plant
            found += [from_evidence(each, site, plant.names, plant.merged_ids) for each in self._exported(site)]
        return found

    def _exported(self, site: str) -> list[Change]:
        """The change records of a site's evidence."""
        paths = self.head.tree.paths(site_folder(site))
        holding = [path for path in paths if "/records/" in path and kind_of(path) == "change"]
        return [record for path, data in self.head.tree.read_many(holding) for record in load_lines(data, path, Change)]
