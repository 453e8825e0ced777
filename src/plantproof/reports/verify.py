"""Check a pack without its project: every file, the manifest, and whether the figures add up."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

import msgspec

from plantproof.errors import InputError, Problem
from plantproof.files import encode_json
from plantproof.model.assessment import Assessment
from plantproof.reports.json_report import render_json
from plantproof.reports.manifest import ASSESSMENT, MANIFEST, SUMS, Manifest, describe
from plantproof.reports.narrative import fill_narrative, load_narrative
from plantproof.reports.pack_documents import TEMPLATES, is_document, make_documents
from plantproof.reports.totals import totals_problems
from plantproof.reports.verify_files import PackFile, PackFiles, open_folder, open_zip
from plantproof.reports.view import build_view

T = TypeVar("T")
_SUM = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What became of verifying a pack: it is whole and unchanged as far as `problems` is empty."""

    problems: list[Problem]
    version: str = ""
    """The version of plantproof that made the pack, where it is another: then no document was made again."""
    not_compared: list[str] = []
    """Files that only the checksums speak for, since nothing can make them again: a project's own texts, additions."""


def verify(path: Path, tool_version: str = "") -> Verified:
    """Everything that is wrong with a pack, a folder or a zip, and what was not looked at.

    Pages, register, summary and narrative are made again from assessment.json and compared where this is the version of
    plantproof that made the pack (`tool_version`; by default ours): a page that says something else than the assessment
    is found. Never writes, follows no link, and reads no more than its limits allow. A hash proves that nothing changed
    since the pack was made, not who made it: for that, sign SHA256SUMS.
    """
    if not tool_version:
        from plantproof import __version__ as tool_version
    try:
        with open_folder(path) if path.is_dir() else open_zip(path) as files:
            if path.is_dir() and files.entries.keys().isdisjoint({MANIFEST, SUMS, ASSESSMENT}):
                none = Problem(str(path), 0, f"no pack: {MANIFEST} is missing", "name its zip or the folder it is in")
                return Verified(problems=[none])
            if files.problems:
                return Verified(problems=files.problems)
            return _verify(files, tool_version)
    except OSError as error:
        return Verified(problems=[Problem(str(path), 0, f"cannot be read: {error.strerror or error}")])


def _verify(files: PackFiles, tool_version: str) -> Verified:
    missing = [
        Problem(name, 0, "missing: this is no pack, or not all of it")
        for name in (MANIFEST, SUMS, ASSESSMENT)
        if name not in files.entries
    ]
    if missing:
        return Verified(problems=missing)
    contents, problems = files.read_all()
    if problems:
        return Verified(problems=problems)
    problems = _sums(contents)
    manifest, found = _decode(contents[MANIFEST].data, MANIFEST, Manifest)
    problems += found
    if manifest:
        problems += _listed(manifest, contents)
    assessment, found = _decode(contents[ASSESSMENT].data, ASSESSMENT, Assessment)
    problems += found
    if assessment:
        problems += totals_problems(assessment, ASSESSMENT)
        if manifest:
            problems += _same(manifest, assessment)
    if problems or assessment is None or manifest is None:
        return Verified(problems=problems)
    if assessment.provenance.tool_version != tool_version:
        return Verified(problems=[], version=assessment.provenance.tool_version or "no version")
    problems = _laid_out(manifest, assessment, contents)
    return Verified(problems=problems) if problems else _compared(assessment, manifest.documents, contents)


def _decode(data: bytes, path: str, kind: type[T]) -> tuple[T | None, list[Problem]]:
    try:
        return msgspec.json.decode(data, type=kind), []
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        return None, [Problem(path, 0, f"not what it should be: {error or 'nested too deeply'}")]


def _sums(contents: dict[str, PackFile]) -> list[Problem]:
    """SHA256SUMS against the files: each listed, each unchanged, none besides."""
    problems, listed = [], {}
    text = contents[SUMS].data.decode("utf-8", "replace")
    for number, line in enumerate(text.splitlines(), 1):
        found = _SUM.fullmatch(line)
        if not found:
            problems.append(Problem(SUMS, number, "not a line of checksums"))
        elif found[2] in listed:
            problems.append(Problem(SUMS, number, f"lists {found[2]} twice"))
        else:
            listed[found[2]] = found[1]
    for path in sorted({*listed, *contents} - {SUMS}):
        if path not in contents:
            problems.append(Problem(path, 0, f"missing, but listed in {SUMS}"))
        elif path not in listed:
            problems.append(Problem(path, 0, f"not listed in {SUMS}: it was added later"))
        elif listed[path] != contents[path].sha256:
            problems.append(Problem(path, 0, f"changed: its SHA-256 is not the one in {SUMS}"))
    return problems


def _listed(manifest: Manifest, contents: dict[str, PackFile]) -> list[Problem]:
    """The manifest against the files."""
    problems = []
    listed = {file.path: file for file in manifest.files}
    if len(listed) != len(manifest.files):
        problems.append(Problem(MANIFEST, 0, "lists a file twice"))
    for path in sorted({*listed, *contents} - {SUMS, MANIFEST}):
        if path not in contents:
            problems.append(Problem(path, 0, f"missing, but listed in {MANIFEST}"))
        elif path not in listed:
            problems.append(Problem(path, 0, f"not listed in {MANIFEST}: it was added later"))
        elif (listed[path].sha256, listed[path].bytes) != (contents[path].sha256, contents[path].size):
            problems.append(Problem(path, 0, f"changed: size or SHA-256 is not the one in {MANIFEST}"))
    return problems


def _same(manifest: Manifest, assessment: Assessment) -> list[Problem]:
    """What the manifest says of the assessment against the assessment itself."""
    expected = describe(assessment, manifest.files, manifest.documents)
    return [
        Problem(MANIFEST, 0, f"`{name}` is not that of {ASSESSMENT}: {getattr(manifest, name)!r}")
        for name in Manifest.__struct_fields__
        if getattr(manifest, name) != getattr(expected, name)
    ]


def _laid_out(manifest: Manifest, assessment: Assessment, contents: dict[str, PackFile]) -> list[Problem]:
    """Whether both say what was read of them and no more: JSON can say one thing twice, or what nobody reads."""
    written = {MANIFEST: encode_json(manifest, indent=2), ASSESSMENT: render_json(assessment)}
    return [
        Problem(path, 0, "says more than Plantproof wrote, or a thing twice")
        for path, data in written.items()
        if contents[path].data != data
    ]


def _compared(assessment: Assessment, documents: list[str], contents: dict[str, PackFile]) -> Verified:
    """Documents against the assessment that they claim to show."""
    view = build_view(assessment)
    expected = make_documents(assessment, view, documents, {})
    try:
        own = load_narrative({path: file.data for path, file in contents.items() if path.startswith(TEMPLATES)})
        # Filled, but not laid out: Markdown of a stranger can be written so that this takes hours.
        unmade = {path for name in own if expected.pop(path := f"html/narrative/{name}.html", None) is not None}
        for path in sorted(f"narrative/{name}.md" for name in own):
            if path in expected and path in contents:
                name = path.removeprefix("narrative/").removesuffix(".md")
                expected[path] = fill_narrative({name: own[name]}, view, contents[path].size)[name].encode()
    except InputError as error:
        return Verified(problems=list(error.problems))
    problems = [
        Problem(path, 0, f"does not show what {ASSESSMENT} says")
        for path in sorted(expected)
        if path not in contents or contents[path].data != expected[path]
    ]
    problems += [Problem(path, 0, "is missing") for path in sorted(unmade - contents.keys())]
    others = sorted(contents.keys() - expected.keys() - {MANIFEST, SUMS, ASSESSMENT})
    problems += [
        Problem(path, 0, "is no page of this pack") for path in others if is_document(path) and path not in unmade
    ]
    return Verified(problems=problems, not_compared=others)
