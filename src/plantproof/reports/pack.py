"""The audit pack: everything that an auditor takes along, the same bytes whenever it is made again."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

import msgspec

from plantproof.errors import refuse
from plantproof.files import encode_json
from plantproof.model.assessment import Assessment
from plantproof.model.report import Document
from plantproof.reports.json_report import render_json
from plantproof.reports.manifest import ASSESSMENT, MANIFEST, SUMS, ManifestFile, describe, unsafe_name
from plantproof.reports.pack_documents import make_documents
from plantproof.reports.view import build_view
from plantproof.reports.view_types import View
from plantproof.safe_places import unguessed

DOCUMENTS: tuple[str, ...] = get_args(Document)
_OLDEST = (1980, 1, 1, 0, 0, 0)
"""The first date that a zip can say: the pack's own dates are in its manifest."""


def build_pack(
    assessment: Assessment,
    view: View | None = None,
    extra: Mapping[str, bytes] | None = None,
    narrative: Mapping[str, str] | None = None,
    documents: Sequence[str] = DOCUMENTS,
) -> dict[str, bytes]:
    """Every file of the pack by path, sorted, with MANIFEST.json and SHA256SUMS (for `sha256sum -c`) over the others.

    `extra` are further files to take along; `narrative` a project's own texts (see `narrative.load_narrative`);
    `documents` those of a pack definition. assessment.json is always there: it proves the rest.
    Raises ValueError for an `extra` whose name is unsafe or taken: a bug of the caller.
    """
    view = view or build_view(assessment)
    files = {ASSESSMENT: render_json(assessment), **make_documents(assessment, view, documents, narrative or {})}
    for path, data in (extra or {}).items():
        if path in files or path in {MANIFEST, SUMS} or unsafe_name(path):
            raise ValueError(f"cannot add {path!r} to the pack: {unsafe_name(path) or 'the name is taken'}")
        files[path] = data
    listed = [
        ManifestFile(path=path, sha256=hashlib.sha256(files[path]).hexdigest(), bytes=len(files[path]))
        for path in sorted(files)
    ]
    files[MANIFEST] = encode_json(describe(assessment, listed, documents), indent=2)
    sums = {**{file.path: file.sha256 for file in listed}, MANIFEST: hashlib.sha256(files[MANIFEST]).hexdigest()}
    files[SUMS] = "".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode()
    return {path: files[path] for path in sorted(files)}


def top_folder(files: Mapping[str, bytes]) -> str:
    """The folder inside the zip, named after what the pack rests on."""
    manifest = msgspec.json.decode(files[MANIFEST])
    return f"plantproof-{manifest['as_of'][:10]}-{manifest['commit'][:12] or 'working-tree'}"


def write_zip(path: Path, files: Mapping[str, bytes]) -> None:
    """A zip that is the same wherever it is made: stored, not compressed (compressors differ), sorted, fixed date and
    attributes."""
    top = top_folder(files)
    with zipfile.ZipFile(path, "x", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{top}/{name}", _OLDEST)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name])


def write_pack(folder: Path, files: Mapping[str, bytes], archive: Path | None = None) -> Path:
    """Write the pack as a folder and as a zip beside it, both whole or not at all; returns the path of the zip.

    An older pack at the same place is replaced. Raises InputError where something else is there.
    """
    archive = archive_of(folder) if archive is None else archive
    refuse_foreign(folder, archive)
    folder.parent.mkdir(parents=True, exist_ok=True)
    archive.parent.mkdir(parents=True, exist_ok=True)
    new, old, new_zip = unguessed(folder, ".new"), unguessed(folder, ".old"), unguessed(archive, ".new")
    try:
        new.mkdir()
        for name in sorted(files):
            target = new.joinpath(*name.split("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(files[name])
        write_zip(new_zip, files)
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
            new_zip.replace(archive)
        except BaseException:
            if old.exists():
                if folder.exists():
                    folder.rename(new)
                old.rename(folder)
            raise
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
        new_zip.unlink(missing_ok=True)
    return archive


def archive_of(folder: Path) -> Path:
    """Where the zip of a pack lies: beside its folder. Raises InputError for a folder without a name of its own."""
    if folder.name in {"", ".."}:
        raise refuse(f"`{folder}` cannot be the place of a pack", "name a folder that may be its own, as in build/pack")
    return folder.with_name(f"{folder.name}.zip")


def refuse_foreign(folder: Path, archive: Path) -> None:
    """Replacing is for packs only: a mistyped path must not cost a folder of something else. Raises InputError."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise refuse(f"{folder} is not a folder", "name another place for the pack")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise refuse(f"{folder} is not empty and holds no pack", "name another place, or empty it first")
    if archive.is_symlink() or archive.is_dir():
        raise refuse(f"{archive} is not a file", "name another place for the pack")
