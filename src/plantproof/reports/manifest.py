"""What a pack says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from plantproof.model.assessment import Assessment

MANIFEST, SUMS, ASSESSMENT = "MANIFEST.json", "SHA256SUMS", "assessment.json"
WHAT = "Self-assessment evidence, not a certificate. No assessor has signed it."


class ManifestFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    path: str
    sha256: str
    bytes: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """MANIFEST.json. `files` lists every file of the pack but itself and SHA256SUMS."""

    schema: Literal["plantproof/pack/1"]
    title: str
    what: str
    fictional: bool
    tool_version: str
    engine: str
    engine_version: str
    content_version: str
    content_hash: str
    commit: str
    commit_date: str
    as_of: str
    lapses_on: str
    sites: list[str]
    frameworks: list[str]
    documents: list[str]
    overrides: list[str]
    plugins: list[str]
    gaps: int
    files: list[ManifestFile]


def describe(assessment: Assessment, files: list[ManifestFile], documents: Sequence[str]) -> Manifest:
    """The manifest of a pack of an assessment."""
    provenance = assessment.provenance
    return Manifest(
        schema="plantproof/pack/1",
        title=assessment.title,
        what=WHAT,
        fictional=any(site.fictional for site in assessment.sites),
        tool_version=provenance.tool_version,
        engine=provenance.engine,
        engine_version=provenance.engine_version,
        content_version=provenance.content_version,
        content_hash=provenance.content_hash,
        commit=provenance.commit,
        commit_date=provenance.commit_date,
        as_of=provenance.as_of,
        lapses_on=provenance.lapses_on,
        sites=sorted(site.id for site in assessment.sites),
        frameworks=[f"{framework.framework} {framework.profile}" for framework in assessment.frameworks],
        documents=sorted(documents),
        overrides=list(provenance.overrides),
        plugins=list(provenance.plugins),
        gaps=len(assessment.gaps),
        files=files,
    )


def unsafe_name(name: str) -> str:
    """Why a path must not be in a pack; nothing where it may. The same on every system, whoever unpacks it."""
    parts = name.split("/")
    if not name or name.startswith("/") or any(part in {"", ".", ".."} for part in parts):
        return "leads out of the pack or is no plain relative path"
    if any(sign in name for sign in '\\:*?"<>|') or any(ord(sign) < 32 or ord(sign) == 127 for sign in name):
        return "has a character that some systems take for something else"
    if len(name) > 240 or any(part[-1] in ". " for part in parts):
        return "is too long, or a part of it ends in a dot or a space"
    return ""
