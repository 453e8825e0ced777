"""Where a forge shows things: files from the top of the repository, lines of files at a commit."""

from __future__ import annotations

import re

from plantproof.reports.marks import Place
from plantproof.reports.reporters import Options
from plantproof.reports.safe import for_address

_PLACEHOLDER = re.compile(r"\{(commit|path|line)\}")


def in_repository(path: str, options: Options) -> str:
    """A path of the project as its repository knows it."""
    return f"{options.prefix}/{path}" if options.prefix else path


def blob_address(place: Place, commit: str, options: Options) -> str:
    """The address at which the forge shows a line, "" where there is none: no template, or not committed."""
    if not options.blob_url or not commit:
        return ""
    template = options.blob_url if place.line else options.blob_url.partition("#")[0]
    values = {
        "commit": commit,
        "path": for_address(in_repository(place.path, options)),
        "line": str(place.line),
    }
    return _PLACEHOLDER.sub(lambda found: values[found[1]], template)
