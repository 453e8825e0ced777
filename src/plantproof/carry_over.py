"""A site judged by what changed: what it came to before, carried over to a state of its evidence that differs in few
records.

The assets of which a record changed are judged by themselves, as they were and as they are, with the same stages that
judge a whole site; what that moves is added to what the site came to. So the cost is that of the change. It holds as
long as nothing that changed has a say in other assets, zones or ways: their place, their addresses, their names, what
covers them, any field that a policy on something else reads. Wherever that is not certain there is no answer
(`None`), and the whole site is judged. That the few, as they were, come to just what was known of them, is checked
each time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, Protocol

import msgspec

from plantproof.bulk import collector_paused
from plantproof.changed_assets import (
    ChangedAssets,
    NotCertainError,
    changed_assets,
    concerns,
    with_changes,
    with_counts,
)
from plantproof.errors import InputError
from plantproof.evidence.as_seen import rests_on
from plantproof.evidence.relocation import has_moved, relocated
from plantproof.evidence.stored_site import (
    Differing,
    StoredSite,
    claims_about,
    differing,
    lines_that_differ,
)
from plantproof.mappers.again import Judging, conclude_gaps, in_order
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.mappers.site_rows import source_results
from plantproof.model.assessment import AssetRow, Gap
from plantproof.model.long_lists import NotKeptError
from plantproof.model.plant import Plant, SourceState
from plantproof.model.project_file import ProjectFile
from plantproof.model.steady import Steady, steady_around
from plantproof.pipeline import Judge, intent_of_site
from plantproof.plant.build import CROSSING_NEEDS
from plantproof.plant.freshness import lapses_of_sources, source_states
from plantproof.plant.sightings import first_days
from plantproof.plant.turns import turns_of_plant
from plantproof.policies.differing import Both
from plantproof.policies.local import LOCAL
from plantproof.policies.needs import needs_of
from plantproof.policies.protocol import Engine
from plantproof.policies.turns import turns_of_ages

MOST = 10
"""Up to one asset in so many may have changed: beyond that the whole is as cheap."""


class Lists(Protocol):
    """The long lists of what a site came to, read when they are asked for. Each raises NotKeptError where it is not
    there any more."""

    def gaps(self) -> list[Gap]:
        """All gaps, in their order."""
        ...

    def gaps_about(self, assets: Collection[str]) -> list[Gap]:
        """The gaps about some assets, and maybe others."""
        ...

    def rows_of(self, assets: Collection[str]) -> dict[str, AssetRow]:
        """The rows of some assets, by id."""
        ...


class AsOne(NamedTuple):
    """What a site came to, as one process concluded."""

    found: SiteConclusions

    def gaps(self) -> list[Gap]:
        return self.found.gaps

    def gaps_about(self, assets: Collection[str]) -> list[Gap]:
        return self.found.gaps

    def rows_of(self, assets: Collection[str]) -> dict[str, AssetRow]:
        return {row.id: row for row in self.found.site.assets if row.id in assets}


class Apart(NamedTuple):
    """The assets that changed, by themselves: as they were and as they are, with the gaps that they had and have, and
    what was seen by the policies to which they are others than before."""

    assets: ChangedAssets
    gaps_before: list[Gap]
    gaps_after: list[Gap]
    both: list[Both]
    where: Differing


class Carried(NamedTuple):
    """What the site comes to now; `conclusions` hold neither gaps nor assets. `gaps` is None where they are the very
    same as before; `rows` are those of the assets that changed, and only those. `apart`: what it was found by, where
    that were some assets."""

    conclusions: SiteConclusions
    gaps: list[Gap] | None
    rows: dict[str, AssetRow]
    apart: Apart | None = None

    def whole(self, before: SiteConclusions) -> SiteConclusions:
        """All of it, with what is as it was `before`."""
        assets = [self.rows.get(row.id, row) for row in before.site.assets]
        return msgspec.structs.replace(
            self.conclusions,
            site=msgspec.structs.replace(self.conclusions.site, assets=assets),
            gaps=before.gaps if self.gaps is None else self.gaps,
        )


def says_the_same(old: StoredSite, new: StoredSite, file: ProjectFile, on: str, approved: bool = False) -> bool:
    """Whether the evidence of two states of a site comes to the same on the date `on` for certain, because sources only
    looked again: the same records, as fresh as before, from the same vantage. `approved`: configurations are approved
    at this site, which may be due.

    Of the old state nothing is checked. False also where something is wrong, so that reading it tells what.
    """
    try:
        where = differing(old, new)
        if where is None or where.records or new.identities().retired or (approved and where.sources):
            return False
        attested = any(path.startswith(f"{new.root}attestations/") for path in new.files)
        if attested and _first_days(where, old) != _first_days(where, new):
            return False
        if attested and rests_on(new, _differing_files(old, new)):
            return False
        _states(old, new, file, on)
    except (NotCertainError, InputError, msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


def plant_seen_again(
    plant: Plant, old: StoredSite, new: StoredSite, file: ProjectFile, on: str, approved: bool
) -> Plant | None:
    """The plant of a site that was built of the evidence of `old`, as it is with that of `new`; None where sources did
    more than look again (`says_the_same`)."""
    if not says_the_same(old, new, file, on, approved):
        return None
    attested = {f"attestation {each.id}" for each in plant.attestations}
    others = (each for each in plant.lapses if each[1] in attested)
    states = source_states(claims_about(new, (), ()), file, on)
    lapses = tuple(sorted((*others, *lapses_of_sources(states, on))))
    return msgspec.structs.replace(plant, sources=states, lapses=lapses, date=on)


@collector_paused()
def carry_over(
    before: SiteConclusions,
    lists: Lists,
    old: StoredSite,
    new: StoredSite,
    file: ProjectFile,
    judge: Judge,
    *,
    on: str,
    engine: Engine,
    told: Callable[[str], None] = lambda why: None,
) -> Carried | None:
    """What a site comes to on the date `on`, from what it came to `before` (on a date on which that holds) with the
    evidence of `old`; None where the whole site has to be judged, and `told` hears why.

    Intent, policies, mappings and settings are the same for both. The result is that of `judge_site`, but for the days
    on which it holds, which may be fewer.
    """
    try:
        where, states, steady = _compared(before, old, new, file, judge, on)
        judging = Judging(intent_of_site(judge.intent, new.site), judge.mappings, judge.bundle, on)
        changed = _changed(where, old, new, needs_of(judge.bundle))
        _refuse_named(before, changed)
        plants = changed_assets(changed, lists.rows_of(changed), old, new, file, judging)
        moved = has_moved(where, old, new)
        if moved:
            _refuse_named_lines(before, where)
        about = lists.gaps_about(plants.given) if changed else []
        own = [gap for gap in about if concerns(gap, plants.given)]
        done = with_changes(before, own, plants, new, judging, engine, moved=moved)
        found, gaps, now = done.conclusions, None, own
        if moved or done.gaps is not None:
            others = [gap for gap in lists.gaps() if not concerns(gap, plants.given)]
            gaps = in_order([*others, *(own if done.gaps is None else done.gaps)])
            if moved:
                gaps = relocated(gaps, frozenset(gap.id for gap in done.gaps or ()), where, old, new)
            titles = {unit.id: unit.title for unit in (*before.site.zones, *before.site.conduits)}
            found = conclude_gaps(judging, found, gaps, new.identities().canonical, titles)
            gaps = found.gaps
            now = [gap for gap in gaps if concerns(gap, plants.given)]
        return Carried(
            _of_today(found, plants, states, _steady(steady, plants, states, new, judging), on),
            gaps,
            with_counts(done.rows, about if gaps is None else gaps),
            Apart(plants, own, now, done.both, where),
        )
    except NotCertainError as error:
        told(str(error))
    except NotKeptError:
        told("what was known is not there any more")
    except (InputError, msgspec.DecodeError, UnicodeDecodeError) as error:
        told(f"the evidence is wrong: {error}")
    return None


class _Compared(NamedTuple):
    """Where the evidence differs, how fresh it is now, and the days on which what was known holds."""

    where: Differing
    states: tuple[SourceState, ...]
    steady: Steady


def _compared(
    before: SiteConclusions, old: StoredSite, new: StoredSite, file: ProjectFile, judge: Judge, on: str
) -> _Compared:
    """Compare two states of a site, as far as what is known of the one can say anything of the other."""
    if before.standing is None or before.steady is None or not before.steady.holds(on):
        raise NotCertainError("what is known does not hold on that day")
    where = differing(old, new)
    if where is None:
        raise NotCertainError("more than records, sightings and custody differs, or custody does not fit")
    _refuse_other_first_days(before, where, old, new)
    if not _differing_files(old, new).isdisjoint(before.standing.seen):
        raise NotCertainError("a file changed that statements rest on")
    # A record is compared with whatever is read of its device in its format, whoever reads it.
    formats = {record.device.format for record in judge.intent.approved.get(new.site, ())}
    if any(new.custody(source).format in formats for source in where.sources):
        raise NotCertainError("a source changed of which configurations are approved")
    states = _states(old, new, file, on)
    if any((each.name, kind) in where.records for each in states for kind in each.stale_kinds):
        # Names that only such a source lists still say which asset others mean, and are on no row.
        raise NotCertainError("records of a source that is out of date changed")
    return _Compared(where, states, before.steady)


def _refuse_named_lines(before: SiteConclusions, where: Differing) -> None:
    if any(path in remark for paths in where.records.values() for path in paths for remark in before.site.remarks):
        raise NotCertainError("a remark names a line of a file in which lines moved")


def _of_today(
    found: SiteConclusions, plants: ChangedAssets, states: tuple[SourceState, ...], steady: Steady, on: str
) -> SiteConclusions:
    """The conclusions with the subjects that there are now, the sources as they are now and when they lapse, without
    the long lists."""
    assert found.standing is not None  # noqa: S101  it was asked for at first
    subjects = found.standing.subjects + plants.after.subjects - plants.before.subjects
    attested = {f"attestation {each.id}" for each in found.site.attestations}
    others = tuple(each for each in found.lapses if each[1] in attested)
    return msgspec.structs.replace(
        found,
        site=msgspec.structs.replace(found.site, sources=source_results(states), assets=[]),
        gaps=[],
        lapses=tuple(sorted((*others, *lapses_of_sources(states, on)))),
        standing=msgspec.structs.replace(found.standing, subjects=subjects),
        steady=steady,
    )


def _refuse_other_first_days(before: SiteConclusions, where: Differing, old: StoredSite, new: StoredSite) -> None:
    """An asset that is known since another day may be covered by another statement (verdicts.md 14)."""
    if before.site.attestations and _first_days(where, old) != _first_days(where, new):
        raise NotCertainError("assets are known since other days than before, and people made statements on them")


def _refuse_named(before: SiteConclusions, changed: frozenset[str]) -> None:
    """Whoever owns an asset is not independent of it, and an owner is a field like any other."""
    if before.standing and not changed.isdisjoint(before.standing.named):
        raise NotCertainError("an asset changed that statements name")


def _differing_files(old: StoredSite, new: StoredSite) -> set[str]:
    return {entry.path for entry in {*old.files.values()} ^ {*new.files.values()}}


def _first_days(where: Differing, stored: StoredSite) -> dict[str, str]:
    paths = [path for (_, kind), files in where.sightings.items() if kind == "asset" for path in files]
    return first_days(stored.read(paths).values())


def _changed(where: Differing, old: StoredSite, new: StoredSite, needs: Mapping[str, set[str]]) -> frozenset[str]:
    """The living ids of the assets of which a record changed that anybody reads, and of the retired: whether those are
    back depends on when sources looked."""
    found: set[str] = set()
    for (_, kind), paths in sorted(where.records.items()):
        if kind in CROSSING_NEEDS or (kind in needs and kind not in LOCAL):
            raise NotCertainError(f"{kind} records changed: they may have a say in any zone")
        if kind in LOCAL and (kind in needs or kind == "asset"):
            found |= {line.id if kind == "asset" else line.asset for line in lines_that_differ(old, new, paths)}
    identities = new.identities(found)
    living = {identities.canonical.get(given, given) for given in found} | identities.retired.keys()
    if any("/" in asset for asset in living):
        raise NotCertainError("an asset is called as only records are")
    if "" in living or len(living) * MOST > max(new.records_of_assets, MOST):
        raise NotCertainError("too much changed")
    return frozenset(living)


def _states(old: StoredSite, new: StoredSite, file: ProjectFile, on: str) -> tuple[SourceState, ...]:
    """How fresh each source is now; it has to be as fresh as it was."""
    was, now = (source_states(claims_about(each, (), ()), file, on) for each in (old, new))
    if [each.stale_kinds.keys() for each in was] != [each.stale_kinds.keys() for each in now]:
        raise NotCertainError("other evidence is stale than before")
    return now


def _steady(
    before: Steady, plants: ChangedAssets, states: tuple[SourceState, ...], new: StoredSite, judging: Judging
) -> Steady:
    """The days on which it held and on which nothing that changed turns."""
    turns = [
        *turns_of_plant(states, new.identities()),
        *turns_of_ages(judging.bundle, judging.bindings, plants.after),
    ]
    here = steady_around(judging.on, turns)
    return Steady(max(before.first, here.first), min(before.last, here.last))
