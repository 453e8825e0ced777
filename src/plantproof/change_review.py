"""A change from its base to its head: both judged on one date by the judge of the base, then compared.

    base ──▶ judged ─┐
                     ├─▶ delta ──▶ paths, approvals, ways out
    head ──▶ judged ─┘

Only sites that the change touches are read: the ids of git's trees tell. Nothing of one site enters another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec

from plantproof.cache import MemoryCache
from plantproof.controls.changes import FOLDER as CHANGES
from plantproof.controls.changes import load_change
from plantproof.controls.sites import load_site, site_path
from plantproof.errors import InputError, refuse
from plantproof.evidence.layout import kind_of, site_folder
from plantproof.evidence.ledger import read_claims
from plantproof.evidence.tracing import raw_places
from plantproof.files import load_lines, parse_yaml
from plantproof.mappers.bindings import bindings_of
from plantproof.mappers.conclude import conclude_site
from plantproof.model.approvals import ForgeApprovals, SignOff
from plantproof.model.assessment import Provenance
from plantproof.model.change import ChangeRecord
from plantproof.model.delta import Counts, Delta, GapMove, JudgeChange, JudgeMoves, LostSight, Side, SiteDelta
from plantproof.model.impact import Impact
from plantproof.model.paths import PathChange
from plantproof.model.project_file import ProjectFile
from plantproof.model.records import Change
from plantproof.pipeline import Judge, judge_site, load_judge
from plantproof.plant.approved import KIND as APPROVED
from plantproof.policies.memo import Remembering
from plantproof.policies.protocol import Engine
from plantproof.policies.worker import Workers
from plantproof.project import Project
from plantproof.review.brought import Blame, Bringers, Made
from plantproof.review.change_record import from_evidence
from plantproof.review.gap_moves import gap_moves
from plantproof.review.impact import Downstream, of_change, together
from plantproof.review.judge_changes import by_path, judge_changes, judged_by_base
from plantproof.review.judge_moves import (
    Rebound,
    approved_words,
    counted,
    effect,
    parameter_words,
    rebound,
    waiver_words,
)
from plantproof.review.judged import JudgedSite
from plantproof.review.one_sided import added_site, removed_site
from plantproof.review.path_tracing import traced
from plantproof.review.paths import path_changes, reach_table
from plantproof.review.sign_off import sign_off
from plantproof.review.site_delta import Revisions, site_delta, totals
from plantproof.review.value_changes import value_changes
from plantproof.review.ways_out import ways_out
from plantproof.review.what_moved import what_moved
from plantproof.tree import Tree

Progress = Callable[[str, int, int], None]


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a change: its project, the day of its commit, and what it is called. Of the head also the commits
    of the change, newest first, and who brought a line."""

    project: Project
    on: str
    side: Side
    made: tuple[Made, ...] = ()
    changed: tuple[str, ...] = ()
    """The files that differ in the end, relative to the project."""
    blame: Blame = lambda path, line: ""

    @property
    def tree(self) -> Tree:
        return self.project.tree


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
) -> Review:
    """Judge what a change touches, before and after, on the date `on`, and say what moved (verdicts.md 15).

    `sites` limits the review. `given` are the approvals that the forge has, `now` is the moment (UTC), which only an
    emergency asks for. Raises InputError where either side is wrong, and where nothing is left to judge: a
    change that deletes all sites is never green.
    """
    judge = load_judge(base.project, workers)
    if not judge.bundle.policies:
        raise refuse("no policies: nothing would be judged", "policies/ is empty and the installed content has none")
    reviewing = _Reviewing(base, head, judge, on, Remembering(engine, MemoryCache()), workers)
    wanted = reviewing.sites(sites)
    touched = [site for site in wanted if reviewing.touches(site)]
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
        untouched=[site for site in wanted if site not in touched],
        judge=reviewing.judge_moves(wanted),
        counts=totals(deltas),
    )
    delta = msgspec.structs.replace(
        delta,
        paths=reviewing.paths(),
        ways_out=ways_out(deltas, judge.bundle.policies, on),
        impact=reviewing.impact(),
        sign_off=reviewing.sign_off(delta, given, now),
    )
    return Review(delta=delta, judge=judge, judged=reviewing.judged)


class _Reviewing:
    """One review: both sides, the judge of the base, and what was judged so far."""

    def __init__(
        self, base: Revision, head: Revision, judge: Judge, on: str, engine: Engine, workers: Workers | None
    ) -> None:
        self.base, self.head, self.judge, self.on, self.engine, self.workers = base, head, judge, on, engine, workers
        self.file = judged_by_base(base.project.file, head.project.file)
        self.judged: dict[str, Revisions] = {}

    def sites(self, named: Sequence[str]) -> list[str]:
        there = sorted({*self.base.project.file.sites, *self.head.project.file.sites})
        unknown = sorted(set(named) - set(there))
        if unknown or not self.head.project.file.sites:
            hint = f"there are: {', '.join(there)}" if there else "plantproof.yaml names none"
            raise refuse(f"no such site: {', '.join(unknown) or '(the change leaves none)'}", hint)
        return sorted(set(named)) or there

    def touches(self, site: str) -> bool:
        """Whether evidence, intent or the settings of a site differ between the two sides."""
        settings = [each.project.file.sites.get(site) for each in (self.base, self.head)]
        paths = (site_folder(site), site_path(site))
        return settings[0] != settings[1] or any(self.base.tree.id(path) != self.head.tree.id(path) for path in paths)

    def site(self, site: str) -> SiteDelta:
        """Everything that moved at one site."""
        before = site in self.base.project.file.sites
        after = site in self.head.project.file.sites
        own = self.judge.intent.sites.get(site)
        edited = self.base.tree.id(site_path(site)) != self.head.tree.id(site_path(site))
        theirs = load_site(self.head.project.read(site_path(site)), site_path(site)).site if after else None
        base = self._judge(self.base, self.base.project.file, self.judge, site) if before else None
        if theirs is None or base is None:
            if base is not None:
                return removed_site(base)
            assert theirs is not None  # noqa: S101  a site is on one side at least
            return added_site(self._judge(self.head, self.file, self._with_site(site, theirs), site))
        revisions = Revisions(
            base=base,
            head=self._judge(self.head, self.file, self._with_site(site, theirs), site),
            base_then=self._judge(self.base, self.base.project.file, self.judge, site, self.base.on)
            if self.base.on != self.on
            else None,
            evidence=self._judge(self.head, self.file, self.judge, site) if edited and own else None,
            intent_path=site_path(site) if edited else "",
            intent_values=value_changes(site_path(site), msgspec.to_builtins(own), msgspec.to_builtins(theirs))
            if edited
            else (),
        )
        self.judged[site] = revisions
        return site_delta(revisions, self.judge.bundle.policies, proposed=bool(self.head.side.proposed))

    def judge_moves(self, sites: Sequence[str]) -> JudgeMoves:
        """What the change edits of its own judge, and what would move if that judged."""
        changes = self._judge_changes()
        if not changes:
            return JudgeMoves()
        if self.head.project.file.content != self.base.project.file.content:
            pin = self.head.project.file.content
            return JudgeMoves(
                changes=changes,
                not_evaluated=f"the change pins content {pin.version} ({pin.hash[:12]}); the base's judges",
            )
        theirs = load_judge(self.head.project, self.workers)
        parts = [(each.intent, each.mappings, each.bundle) for each in (self.judge, theirs)]
        asked = rebound(parts[0], parts[1])
        moves: list[GapMove] = []
        lost: list[LostSight] = []
        words: list[str] = []
        here = [site for site in sites if site in self.head.project.file.sites and site in theirs.intent.sites]
        if asked:
            moves, lost, words = self._asked_otherwise(theirs, asked, here)
        if any(change.kind == "waiver" for change in changes):
            words += self._waived_otherwise(theirs, changes)
        for site in [each for each in here if self.judge.intent.approved.get(each) != theirs.intent.approved.get(each)]:
            words += self._recorded_otherwise(theirs, site)
        return JudgeMoves(changes=changes, counts=counted(moves), moves=moves, unknown=lost, words=words)

    def _asked_otherwise(
        self, theirs: Judge, asked: Rebound, sites: Sequence[str]
    ) -> tuple[list[GapMove], list[LostSight], list[str]]:
        moves: list[GapMove] = []
        lost: list[LostSight] = []
        by_binding = {matched: Counts() for matched in asked.moved}
        dropped = dict.fromkeys(asked.dropped, 0)
        new = dict.fromkeys(asked.new, 0)
        own_bindings = [
            (key.policy, msgspec.json.decode(key.parameters))
            for key in sorted({*(m.base for m in asked.moved), *asked.dropped})
        ]
        their_bindings = [
            (key.policy, msgspec.json.decode(key.parameters))
            for key in sorted({*(m.head for m in asked.moved), *asked.new})
        ]
        for site in sites:
            ours = self._with_site(site, theirs.intent.sites[site])
            before = judge_site(
                self.head.tree, self.file, ours, site, on=self.on, engine=self.engine, bindings=own_bindings
            )
            after = judge_site(
                self.head.tree, self.file, theirs, site, on=self.on, engine=self.engine, bindings=their_bindings
            )
            for matched in asked.moved:
                found = gap_moves(before, after, theirs.bundle.policies, because="judge", bindings=[matched])
                by_binding[matched] += found.counts
                moves += found.gaps
                lost += found.lost
            for key in asked.dropped:
                dropped[key] += _failing(before, key)
            for key in asked.new:
                new[key] += _failing(after, key)
        words = [
            parameter_words(matched, counts, theirs.bundle.policies[matched.head.policy].title)
            for matched, counts in by_binding.items()
            if effect(counts) != "nothing would move" or matched.base != matched.head
        ]
        words += [
            f"{key.policy} would be asked no more: {many} gaps would no longer be looked at"
            for key, many in dropped.items()
        ]
        words += [f"{key.policy} would be asked from now on: it finds {many} gaps" for key, many in new.items()]
        return moves, lost, words

    def _waived_otherwise(self, theirs: Judge, changes: Sequence[JudgeChange]) -> list[str]:
        words = []
        waivers = msgspec.structs.replace(self.judge.intent, waivers=theirs.intent.waivers)
        for site, revisions in sorted(self.judged.items()):
            head = revisions.head
            intent = msgspec.structs.replace(waivers, sites={**waivers.sites, site: head.plant.site})
            found = conclude_site(
                intent, self.judge.mappings, self.judge.bundle, head.plant, head.observations, self.on
            )
            words += waiver_words(changes, head.conclusions.gaps, found.gaps)
        return words

    def _recorded_otherwise(self, theirs: Judge, site: str) -> list[str]:
        """What the change's own records of configurations would say of the devices as the head has them."""
        ours = self._with_site(site, theirs.intent.sites[site])
        recorded = {**self.judge.intent.approved, site: theirs.intent.approved.get(site, ())}
        with_theirs = msgspec.structs.replace(ours, intent=msgspec.structs.replace(ours.intent, approved=recorded))
        policies = ours.bundle.policies
        asked = bindings_of(ours.mappings, ours.intent, ours.bundle)
        asked = [each for each in asked if policies[each[0]].metadata.subject == APPROVED]
        found = [
            judge_site(self.head.tree, self.file, judge, site, on=self.on, engine=self.engine, bindings=asked)
            for judge in (ours, with_theirs)
        ]
        return approved_words(site, found[0].conclusions.gaps, found[1].conclusions.gaps)

    def _judge_changes(self) -> list[JudgeChange]:
        sides = [by_path((entry.path, entry.id) for entry in each.tree.list()) for each in (self.base, self.head)]
        for path in sorted(sides[0].keys() ^ sides[1].keys()):
            # A copy of what is shipped may come and go: the content stands in for it, byte for byte.
            if self._reads_alike(path):
                sides[0].pop(path, None)
                sides[1].pop(path, None)

        def values(path: str, of_head: bool) -> Any:
            if not path.endswith((".yaml", ".yml")):
                return None
            side = self.head if of_head else self.base
            try:
                return parse_yaml(side.tree.read(path), path).value
            except InputError:
                if of_head:
                    raise
                return None

        return judge_changes(sides[0], sides[1], values)

    def paths(self) -> list[PathChange]:
        """What the rules of firewalls and routers let pass otherwise, each rule down to the line of the raw file."""
        found: list[PathChange] = []
        for site, each in sorted(self.judged.items()):
            sides = [reach_table(side.plant, each.head.canonical) for side in (each.base, each.head)]
            changes = path_changes(*sides)
            if changes:
                claims = [read_claims(side.tree, site) for side in (self.base, self.head)]
                found += traced(changes, *(partial(raw_places, each) for each in claims))
        return found

    def impact(self) -> Impact:
        """What the evidence and intent of the change reach, over all sites that it touches."""
        judge = self.judge
        below = Downstream(
            intent=judge.intent, mappings=judge.mappings, bundle=judge.bundle, crosswalks=judge.crosswalks
        )
        return together([of_change(each.base, each.head, below) for _, each in sorted(self.judged.items())])

    def sign_off(self, delta: Delta, given: ForgeApprovals | None, now: str) -> SignOff:
        """Who must agree to what moved, by the people and rights of the base."""
        theirs = self._changes()
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

    def _changes(self) -> list[ChangeRecord]:
        """The change records of the head: files of the change, and what a ticket system exported."""
        declared = self.head.project.file.sites.keys()
        sites = {**self.judge.intent.sites, **{site: each.head.plant.site for site, each in self.judged.items()}}
        found = [
            load_change(self.head.project.read(path), path, sites, declared)
            for path in self.head.project.list(CHANGES)
            if path.endswith(".yaml")
        ]
        for site, revisions in sorted(self.judged.items()):
            exported = [path for path in self.head.tree.paths(site_folder(site)) if _holds_changes(path)]
            for path, data in self.head.tree.read_many(exported):
                names = revisions.head.plant.names
                found += [from_evidence(record, site, names) for record in load_lines(data, path, Change)]
        return found

    def _reads_alike(self, path: str) -> bool:
        projects = (self.base.project, self.head.project)
        return all(each.exists(path) for each in projects) and projects[0].read(path) == projects[1].read(path)

    def _judge(self, revision: Revision, file: ProjectFile, judge: Judge, site: str, on: str = "") -> JudgedSite:
        return judge_site(revision.tree, file, judge, site, on=on or self.on, engine=self.engine)

    def _with_site(self, site: str, theirs: Any) -> Judge:
        """The judge of the base, for a site as the head designs it."""
        intent = msgspec.structs.replace(self.judge.intent, sites={**self.judge.intent.sites, site: theirs})
        return msgspec.structs.replace(self.judge, intent=intent)


def _holds_changes(path: str) -> bool:
    return "/records/" in path and kind_of(path) == "change"


def _failing(judged: JudgedSite, key: Any) -> int:
    found = judged.asked().get(key)
    return found.outcomes.count(1) if found else 0
