"""The delta itself as JSON: schema plantproof/delta/1."""

from __future__ import annotations

from plantproof.files import encode_json
from plantproof.reports.delta_reporters import DeltaResults
from plantproof.reports.reporters import Options


def report(results: DeltaResults, options: Options) -> bytes:
    """`diff --format json`: canonical, indented, so that two deltas can be compared line by line."""
    return encode_json(results.delta, indent=1)
