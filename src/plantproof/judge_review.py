"""What a change edits of its own judge, and what that judge would say: shown beside the review, never used in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from plantproof.asked_otherwise import Question
from plantproof.errors import InputError
from plantproof.files import parse_yaml
from plantproof.mappers.bindings import bindings_of
from plantproof.mappers.conclude import conclude_site
from plantproof.model.assessment import Gap
from plantproof.model.delta import JudgeChange, JudgeMoves
from plantproof.model.moves import Counts, GapMove, LostSight
from plantproof.pipeline import Judge, Progress, load_judge
from plantproof.plant.approved import KIND as APPROVED
from plantproof.review.judge_changes import by_path, judge_changes
from plantproof.review.judge_words import (
    adopted_words,
    approved_words,
    binding_words,
    countermeasure_words,
    dropped_words,
    new_words,
    untried_words,
    waiver_words,
)
from plantproof.review.rebound import Rebound, rebound
from plantproof.revision import Compared


def judge_moves(compared: Compared, sites: Sequence[str], progress: Progress) -> JudgeMoves:
    """What the change edits of its own judge, and what would move if that judged. `progress` is told of sites."""
    changes = _judge_changes(compared)
    if not changes:
        return JudgeMoves()
    if compared.head.project.file.content != compared.base.project.file.content:
        pin = compared.head.project.file.content
        return JudgeMoves(
            changes=changes,
            not_evaluated=f"the change pins content {pin.version} ({pin.hash[:12]}); the base's judges",
        )
    theirs = load_judge(compared.head.project, compared.workers)
    parts = [(each.intent, each.mappings, each.bundle) for each in (compared.judge, theirs)]
    asked = rebound(parts[0], parts[1])
    moves: list[GapMove] = []
    lost: list[LostSight] = []
    subjects = Counts()
    words: list[str] = []
    here = [site for site in sites if site in compared.head.project.file.sites and site in theirs.intent.sites]
    if asked:
        moves, lost, words, subjects = _asked_otherwise(compared, theirs, asked, here, progress)
    if any(change.kind == "waiver" for change in changes):
        words += _waived_otherwise(compared, theirs, changes, here)
    for site in [each for each in here if compared.judge.intent.approved.get(each) != theirs.intent.approved.get(each)]:
        words += _recorded_otherwise(compared, theirs, site)
    words += adopted_words(parts[0][0], parts[1][0])
    words += countermeasure_words(parts[0], parts[1])
    words += untried_words(changes, parts[0], parts[1])
    return JudgeMoves(changes=changes, counts=_counted(moves, subjects), moves=moves, unknown=lost, words=words)


def _asked_otherwise(
    compared: Compared, theirs: Judge, asked: Rebound, sites: Sequence[str], progress: Progress
) -> tuple[list[GapMove], list[LostSight], list[str], Counts]:
    ours = compared.with_sites({site: theirs.intent.sites[site] for site in sites})
    moves: list[GapMove] = []
    lost: list[LostSight] = []
    by_binding = {matched: Counts() for matched in asked.moved}
    dropped = dict.fromkeys(asked.dropped, 0)
    new = dict.fromkeys(asked.new, 0)
    question = Question(ours=ours, theirs=theirs, asked=asked, file=compared.file, on=compared.on)
    progress("sites asked", 0, len(sites))
    for done, found in enumerate(compared.ask_all(question, sites), 1):
        progress("sites asked", done, len(sites))
        moves += found.gaps
        lost += found.lost
        for matched, counts in zip(asked.moved, found.counts, strict=True):
            by_binding[matched] += counts
        for key, many in zip(asked.dropped, found.dropped, strict=True):
            dropped[key] += many
        for key, many in zip(asked.new, found.new, strict=True):
            new[key] += many
    words = [
        binding_words(
            matched,
            counts,
            compared.judge.bundle.policies[matched.base.policy],
            theirs.bundle.policies[matched.head.policy],
        )
        for matched, counts in by_binding.items()
    ]
    words += [dropped_words(key, many) for key, many in dropped.items()]
    words += [new_words(key, many) for key, many in new.items()]
    return moves, lost, words, sum(by_binding.values(), Counts())


def _waived_otherwise(
    compared: Compared, theirs: Judge, changes: Sequence[JudgeChange], sites: Sequence[str]
) -> list[str]:
    """Which gaps the change's own waivers would take from the gate, at every site of which they speak: also at one that
    the change does not touch otherwise."""
    waivers = msgspec.structs.replace(compared.judge.intent, waivers=theirs.intent.waivers)
    sides = [{each.id: each for each in judge.intent.waivers} for judge in (compared.judge, theirs)]
    moved = {each.site for side in sides for each in side.values() if sides[0].get(each.id) != sides[1].get(each.id)}
    own, more = (
        bindings_of(compared.judge.mappings, intent, compared.judge.bundle)
        for intent in (compared.judge.intent, waivers)
    )
    more = [each for each in more if each not in own]
    before: list[Gap] = []
    after: list[Gap] = []
    for site in [each for each in sites if each in moved]:
        if site in compared.judged and compared.judged[site].beside is None and not more:
            head = compared.judged[site].head
        else:
            ours = compared.with_sites({site: theirs.intent.sites[site]})
            head = compared.judge_of(compared.head, compared.file, ours, site, bindings=[*own, *more])
        intent = msgspec.structs.replace(waivers, sites={**waivers.sites, site: head.plant.site})
        found = conclude_site(
            intent, compared.judge.mappings, compared.judge.bundle, head.plant, head.observations, compared.on
        )
        before += head.conclusions.gaps
        after += found.gaps
    unseen = sorted(moved.difference(sites))
    told = [f"waivers of {', '.join(unseen)} were not tried out: not reviewed here"] if unseen else []
    return [*told, *waiver_words(changes, before, after)] if moved.intersection(sites) or not told else told


def _recorded_otherwise(compared: Compared, theirs: Judge, site: str) -> list[str]:
    """What the change's own records of configurations would say of the devices as the head has them."""
    ours = compared.with_sites({site: theirs.intent.sites[site]})
    recorded = {**compared.judge.intent.approved, site: theirs.intent.approved.get(site, ())}
    with_theirs = msgspec.structs.replace(ours, intent=msgspec.structs.replace(ours.intent, approved=recorded))
    policies = ours.bundle.policies
    asked = bindings_of(ours.mappings, ours.intent, ours.bundle)
    asked = [each for each in asked if policies[each[0]].metadata.subject == APPROVED]
    found = [
        compared.judge_of(compared.head, compared.file, judge, site, bindings=asked) for judge in (ours, with_theirs)
    ]
    return approved_words(site, found[0].conclusions.gaps, found[1].conclusions.gaps)


def _judge_changes(compared: Compared) -> list[JudgeChange]:
    sides = [by_path((entry.path, entry.id) for entry in each.tree.list()) for each in (compared.base, compared.head)]
    for path in sorted(sides[0].keys() ^ sides[1].keys()):
        # A copy of what is shipped may come and go: the content stands in for it, byte for byte.
        if _reads_alike(compared, path):
            sides[0].pop(path, None)
            sides[1].pop(path, None)

    def values(path: str, of_head: bool) -> Any:
        if not path.endswith((".yaml", ".yml")):
            return None
        side = compared.head if of_head else compared.base
        try:
            return parse_yaml(side.tree.read(path), path).value
        except InputError:
            if of_head:
                raise
            return None

    return judge_changes(sides[0], sides[1], values)


def _reads_alike(compared: Compared, path: str) -> bool:
    projects = (compared.base.project, compared.head.project)
    return all(each.exists(path) for each in projects) and projects[0].read(path) == projects[1].read(path)


def _counted(moves: Iterable[GapMove], subjects: Counts) -> Counts:
    """The counts of moves alone, with those of `subjects` that are no gap on either side."""
    names = {"opened": "opened", "closed": "closed", "worse": "worse", "better": "better", "changed": "changed"}
    names |= {"unknown-now": "unknown_failed", "known-now": "known_failed"}
    totals: dict[str, int] = {}
    for move in moves:
        totals[names[move.status]] = totals.get(names[move.status], 0) + 1
    return Counts(
        **totals,
        known_passed=subjects.known_passed,
        unknown_passed=subjects.unknown_passed,
        unasked=subjects.unasked,
    )
