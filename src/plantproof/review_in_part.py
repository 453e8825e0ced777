"""One site of a change, reviewed by the assets that changed: the base as it is known, the head carried over from it.

What is compared is then the changed assets alone; of everything else both sides say the same, and it is counted. The
site is reviewed as a whole (no answer here) where that is not certain.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import msgspec

from plantproof.carry_over import Apart, carry_over
from plantproof.controls.sites import site_path
from plantproof.errors import InputError
from plantproof.evidence.blobs import Blobs
from plantproof.evidence.stored_site import StoredSite, claims_about
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.model.evidence import Claims, Source
from plantproof.model.long_lists import NotKeptError
from plantproof.model.moves import Counts
from plantproof.model.plant import Plant
from plantproof.model.records import KINDS
from plantproof.model.vocabulary import Outcome
from plantproof.pipeline import Judge
from plantproof.plant.build import CROSSING_NEEDS
from plantproof.plant.configuration import configurations
from plantproof.policies.local import LOCAL
from plantproof.policies.needs import needs_of
from plantproof.review.judged import JudgedSite
from plantproof.review.site_delta import Revisions
from plantproof.review.unrecorded import enforcing
from plantproof.review_memory import Known
from plantproof.revision import Compared


def may_be_in_part(compared: Compared, site: str) -> bool:
    """Whether nothing but the evidence of a site differs between base and head, as far as ids tell."""
    base, head = compared.base, compared.head
    settings = [each.project.file.sites.get(site) for each in (base, head)]
    designs = [each.tree.id(site_path(site)) for each in (base, head)]
    return settings[0] == settings[1] and designs[0] == designs[1] and not head.side.proposed


def reviewed_in_part(
    compared: Compared, site: str, known: Known, blobs: Blobs, named: Callable[[], Collection[str]] = tuple
) -> Revisions | None:
    """Both sides of a site, of which nothing but evidence differs, as far as they differ; None where it has to be
    judged as a whole. `known` is what the base comes to on the common date, `blobs` are the files of both sides, as far
    as they were read; `named` are other assets of which the name is wanted, asked for once nothing can be wrong with
    the head: whoever reads the whole tells all mistakes at once."""
    base, steady = compared.base, known.conclusions.steady
    if steady is None or not steady.holds(base.on):
        return None  # the calendar has its say
    old, new = (StoredSite(each.tree, site, blobs) for each in (base, compared.head))
    carried = carry_over(
        known.conclusions,
        known.lists,
        old,
        new,
        compared.file,
        compared.judge,
        on=compared.on,
        engine=compared.engine,
    )
    apart = carried.apart if carried else None
    if carried is None or apart is None or not _read_by_policies(apart, compared.judge) or not _same_of_nobody(apart):
        return None
    before, after = _sides(known.conclusions, carried.conclusions, apart)
    if any(apart.assets.changed.intersection(enforcing(side.plant)) for side in (before, after)):
        claims = _configured(old, new, apart, compared.judge)
        if claims is None:
            return None
        before, after = (
            msgspec.structs.replace(side, claims=found) for side, found in zip((before, after), claims, strict=True)
        )
    try:
        after.plant.names |= {asset: row.name for asset, row in known.lists.rows_of(named()).items()}
    except NotKeptError:
        return None
    return Revisions(base=before, head=after, beside=_beside(before))


def _read_by_policies(apart: Apart, judge: Judge) -> bool:
    """Whether policies read every kind of record that differs. Of what nobody reads it is not known whose it is, and a
    configuration that has to be on record may be among it."""
    return {kind for _, kind in apart.where.records} <= {"asset"} | (LOCAL & needs_of(judge.bundle).keys())


def _same_of_nobody(apart: Apart) -> bool:
    """Whether no record came or went that belongs to no asset: of a retired one, or of one that nobody knows. Whether
    what is gone is known to be gone is for the coverage of all assets to say, not of those that changed."""
    return _of_nobody(apart.assets.before) == _of_nobody(apart.assets.after)


def _of_nobody(plant: Plant) -> set[tuple[str, str]]:
    tables = [table for kind, table in plant.tables.items() if kind in LOCAL]
    return {
        (table.kind, identifier)
        for table in tables
        for identifier, asset in zip(table.ids, table.asset_rows, strict=True)
        if asset < 0
    }


def _configured(old: StoredSite, new: StoredSite, apart: Apart, judge: Judge) -> tuple[Claims, Claims] | None:
    """Everything that is said of the assets that changed, the whole configuration of a device, by the sources which
    differ and by those of their formats: what a source says for the first time is compared with what another said. None
    where that cannot be read in part."""
    formats = {new.custody(source).format for source in apart.where.sources}
    sources = [source for source in new.sources if new.custody(source).format in formats]
    try:
        _refuse_no_records(new, judge)
        before, after = (claims_about(each, apart.assets.given, KINDS.keys(), sources=sources) for each in (old, new))
    except InputError:
        return None
    return before, after


def _refuse_no_records(stored: StoredSite, judge: Judge) -> None:
    """Raise InputError for lines that are no records, of kinds that no policy reads: nobody has looked at those before,
    and whoever compares the configurations of a whole site does."""
    looked_at = {"asset", *CROSSING_NEEDS, *needs_of(judge.bundle)}
    for name in stored.sources:
        custody, folder = stored.custody(name), f"{stored.root}{name}/"
        paths = [folder + each.path for each in custody.records if each.kind not in looked_at]
        unread = {"": list(stored.read(paths).items())}
        source = Source(name=name, custody=custody, custody_path=folder, records=unread, sightings={})
        configurations(source, (), {})


def _sides(before: SiteConclusions, after: SiteConclusions, apart: Apart) -> tuple[JudgedSite, JudgedSite]:
    assets = apart.assets
    conclusions = (
        msgspec.structs.replace(before, gaps=apart.gaps_before),
        msgspec.structs.replace(after, gaps=apart.gaps_after),
    )
    observations = [each.before for each in apart.both], [each.after for each in apart.both]
    old, new = (
        JudgedSite(
            claims=claims,
            plant=plant,
            observations=seen,
            conclusions=found,
            canonical=claims.identities.canonical,
            retired=claims.identities.retired,
        )
        for claims, plant, seen, found in zip(
            assets.claims, (assets.before, assets.after), observations, conclusions, strict=True
        )
    )
    return old, new


def _beside(base: JudgedSite) -> Counts:
    """The gaps that are not looked at: what fails of policies that control parts ask, less what is compared."""
    asked = base.asked()
    failing = sum(policy.totals.failed for policy in base.conclusions.policies if policy.controls)
    compared = sum(each.outcomes.count(Outcome.FAIL) for each in asked.values())
    many = failing - compared
    return Counts(gaps_was=many, gaps_now=many, same=many)
