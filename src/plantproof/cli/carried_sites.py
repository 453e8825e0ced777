"""Sites of which little changed since they were kept: carried over instead of judged (`plantproof.carry_over`)."""

from __future__ import annotations

from plantproof.carry_over import carry_over
from plantproof.cli.assessing import Opened
from plantproof.cli.concluded import Concluded
from plantproof.cli.kept_sites import KeptSites
from plantproof.errors import InputError
from plantproof.evidence.stored_site import StoredSite, read_soon
from plantproof.git import GitTree
from plantproof.pipeline import Judge
from plantproof.policies.memo import without_memory
from plantproof.policies.protocol import Engine
from plantproof.reports.json_report import gaps_laid_out
from plantproof.reports.laid_assets import with_rows

WORTH_KEEPING = 16 * 1024 * 1024
"""Bytes of a result that are written in no time. A larger one is carried over again in the next run, from the same one
as in this run, as long as few assets differ."""

MANY = 200
"""Changed assets from which on a large result is worth writing too."""


def carried_site(kept: KeptSites, opened: Opened, judge: Judge, site: str, engine: Engine) -> Concluded | None:
    """What a site comes to, from what was kept last of it; None where nothing was, where too much has changed since, or
    where git does not have that evidence any more."""
    tree = opened.project.tree
    if not isinstance(tree, GitTree):
        return None
    newest = kept.newest(site)
    if newest is None:
        return None
    blobs = kept.blobs(site)
    old = StoredSite(tree.beside(tree.commit, newest.files), site, blobs)
    new = StoredSite(tree, site, blobs)
    tree.ahead(read_soon(old, new))
    loaded = kept.load_named(newest.key, opened.on)
    if loaded is None:
        return None
    before = loaded.copied()
    try:
        carried = carry_over(
            before.conclusions,
            before,
            old,
            new,
            opened.project.file,
            judge,
            on=opened.on,
            # Few subjects are asked about: to read what is remembered of the others would cost more.
            engine=without_memory(engine),
        )
    except InputError:
        return None  # whatever is wrong is told by judging the whole site
    if carried is None:
        return None
    kept.keep_found(site, blobs)
    lists = before.lists
    if carried.gaps is not None:
        lists = lists._replace(gaps=gaps_laid_out(carried.gaps))
    if carried.rows:
        lists = lists._replace(assets=with_rows(bytes(lists.assets), carried.rows))
    found = Concluded(carried.conclusions, lists)
    if len(lists.gaps) + len(lists.assets) < WORTH_KEEPING or len(carried.rows) > MANY:
        kept.save(site, found)
    return found
