"""The one site that a verb is about."""

from __future__ import annotations

from plantproof.errors import refuse
from plantproof.model.project_file import ProjectFile


def chosen_site(settings: ProjectFile, site: str | None) -> str:
    """The site that is meant: the named one, or the only one there is. Raises `InputError` with those there are."""
    known = sorted(settings.sites)
    if site is None and len(known) == 1:
        return known[0]
    if site is None or site not in known:
        raise refuse(
            f"no such site: {site}" if site else "which site?",
            f"--site with one of: {', '.join(known)}",
            path="plantproof.yaml",
        )
    return site
