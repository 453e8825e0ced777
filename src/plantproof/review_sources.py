"""The sources of evidence at the sites that a change touches: which say something else than their exports, and which
are too old to say anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from plantproof.evidence.agreed import SAID, not_agreed
from plantproof.evidence.layout import site_folder, source_folder
from plantproof.evidence.stored_site import StoredSite, claims_about
from plantproof.model.assessment import SourceResult
from plantproof.model.delta import TooOld, Unproved
from plantproof.model.evidence import Source
from plantproof.model.project_file import ProjectFile, SourceSettings
from plantproof.plant.freshness import source_states
from plantproof.review.judge_changes import edited_settings
from plantproof.review.site_delta import Revisions
from plantproof.revision import Compared


def unproved(compared: Compared, judged: Mapping[str, Revisions]) -> list[Unproved]:
    """The sources that the change touches, read again from their exports as the base's settings say: what was written
    beside them shows, and what was written under settings that the change edits.

    A source with a configuration that is only proposed was read from its exports just now, and is on no record."""
    found = []
    for site in sorted(judged):
        before = {each.name: each for each in judged[site].base.claims.sources}
        sources = [each for each in judged[site].head.claims.sources if _touches_source(compared, site, each.name)]
        written = _written_otherwise(compared, site, sources)
        for source in sources:
            settings, edited = _settings(compared, site, source.name)
            known = before.get(source.name)
            said = not_agreed(source.custody, known.custody if known else None, settings)
            paths = [f"{source_folder(site, source.name)}/custody.yaml"] if said else []
            paths += written.get(source.name, [])
            if paths:
                found.append(Unproved(site=site, source=source.name, paths=sorted(paths), settings=edited, said=said))
    return found


def too_old_of(sources: Iterable[SourceResult]) -> list[TooOld]:
    """Of the sources of a site that was judged, those with evidence that is stale."""
    return [TooOld(site=each.site, source=each.name, since=each.stale_since) for each in sources if each.stale_since]


def too_old_at(stored: StoredSite, file: ProjectFile, on: str) -> list[TooOld]:
    """The same of a site that nobody judged, because its sources only looked again: custody tells. Raises InputError
    where that cannot be read."""
    states = source_states(claims_about(stored, (), ()), file, on)
    return [
        TooOld(site=state.site, source=state.name, since=dict(sorted(state.stale_kinds.items())))
        for state in states
        if state.stale_kinds
    ]


def _touches_source(compared: Compared, site: str, source: str) -> bool:
    path = source_folder(site, source)
    return compared.base.tree.id(path) != compared.head.tree.id(path)


def _settings(compared: Compared, site: str, source: str) -> tuple[SourceSettings, list[str]]:
    """The settings of a source under which the head is judged, and which of them the change edits."""
    theirs = compared.head.project.file.sites[site].sources.get(source, SourceSettings())
    known = compared.base.project.file.sites[site].sources.get(source)
    if known is None:
        # What was collected without any settings was read by the defaults.
        known = SourceSettings() if compared.base.tree.id(source_folder(site, source)) else theirs
    return known, edited_settings(known, theirs)


def _written_otherwise(compared: Compared, site: str, sources: Sequence[Source]) -> dict[str, list[str]]:
    """Source -> the files of its records that are not what is read from its stored exports; all of them where the
    change edits how it is read, and its exports are kept elsewhere."""
    folder = site_folder(site)
    laid_over = {path.split("/")[2] for path in compared.head.laid_over if path.startswith(f"{folder}/")}
    sources = [each for each in sources if each.name not in laid_over]
    elsewhere = {each.name for each in sources if any(raw.external for raw in each.custody.raw)}
    found = {
        each.name: [path for files in each.records.values() for path, _ in files]
        for each in sources
        if each.name in elsewhere and set(_settings(compared, site, each.name)[1]) - SAID
    }
    if len(elsewhere) == len(sources):
        return found  # no export is stored; and collectors with the redaction take 20 ms to import
    from plantproof.evidence.formats import installed
    from plantproof.evidence.reread import exports_stored, reread

    formats = installed()
    stored = [each.name for each in sources if exports_stored(each.custody)]
    tree = compared.head.tree
    existing = dict(tree.read_many(tree.paths(folder))) if stored else {}
    return found | {
        source: reread(site, source, existing, _settings(compared, site, source)[0], formats) for source in stored
    }
