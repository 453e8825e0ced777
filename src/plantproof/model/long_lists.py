"""What is long in the conclusions on a site, left as JSON: a large plant has more of it than memory should hold."""

from __future__ import annotations

from typing import NamedTuple


class LongLists(NamedTuple):
    """The gaps and the assets of one site, each a JSON array, laid out as the JSON report has it: bytes, or a view of
    bytes that hold more."""

    gaps: bytes | memoryview
    assets: bytes | memoryview
