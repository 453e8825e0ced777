"""Whether stored records say what the stored export says: read again in memory, and compared.

Custody proves that nothing changed since the source was written; not that what was written was read from the export.
Whoever edits records and custody together is found here, as long as the export is stored beside them.
"""

from __future__ import annotations

from collections.abc import Mapping

from plantproof.errors import InputError
from plantproof.evidence import layout
from plantproof.evidence.collect import collect
from plantproof.evidence.formats import SHIPPED, Formats
from plantproof.model.evidence import Collector, Custody
from plantproof.model.project_file import SourceSettings


def exports_stored(custody: Custody) -> bool:
    """Whether every export of a source is stored: those that are kept elsewhere cannot be read again here."""
    return bool(custody.raw) and not any(raw.external for raw in custody.raw)


def reread(
    site: str, source: str, existing: Mapping[str, bytes], settings: SourceSettings, formats: Formats = SHIPPED
) -> list[str]:
    """The files of records that are not what this version's collector reads from the stored exports, sorted.

    `existing` are all files under evidence/<site>/ by path, `settings` what the project says of the source. A source
    that cannot be read again at all is not shown to be right: all its records are listed.
    """
    folder = f"{layout.source_folder(site, source)}/records/"
    stored = {path: data for path, data in existing.items() if path.startswith(folder)}
    try:
        plan = collect(
            site=site,
            source=source,
            exports=[],
            settings=settings,
            who=Collector(name="read again"),
            when="",
            existing=existing,
            again=True,
            formats=formats,
        )
    except InputError:
        return sorted(stored)
    read = {path: data for path, data in plan.files.items() if path.startswith(folder)}
    return sorted(path for path in {*stored, *read} if stored.get(path) != read.get(path))
