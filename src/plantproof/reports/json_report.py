"""The assessment itself as JSON: schema plantproof/assessment/1."""

from __future__ import annotations

from plantproof.files import encode_json
from plantproof.model.assessment import Assessment


def render_json(assessment: Assessment) -> bytes:
    """Canonical JSON with sorted keys, indented so that two assessments can be compared line by line."""
    return encode_json(assessment, indent=2)
