"""Sites of which little changed since they were kept: carried over instead of judged (`plantproof.carry_over`)."""

from __future__ import annotations

from plantproof.carry_over import carry_over
from plantproof.cli.assessing import Opened
from plantproof.cli.concluded import Concluded
from plantproof.cli.kept_sites import KeptSites
from plantproof.errors import InputError
from plantproof.evidence.stored_site import StoredSite, read_soon
from plantproof.git import GitTree
from plantproof.model.long_lists import NotKeptError
from plantproof.pipeline import Judge
from plantproof.policies.memo import without_memory
from plantproof.policies.protocol import Engine


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
    try:
        carried = carry_over(
            loaded.conclusions,
            loaded,
            old,
            new,
            opened.project.file,
            judge,
            on=opened.on,
            # Few subjects are asked about: to read what is remembered of the others would cost more.
            engine=without_memory(engine),
        )
        found = carried and loaded.after(carried)
    except (InputError, NotKeptError):
        return None  # whatever is wrong is told by judging the whole site
    if found is None:
        return None
    kept.keep_found(site, blobs)
    kept.save(site, found)
    return found
