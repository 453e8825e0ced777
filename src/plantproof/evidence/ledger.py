"""Evidence as stored, read back: every byte checked against custody, nothing merged, records left for `plant/`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from plantproof.errors import InputError, Problem
from plantproof.evidence import layout
from plantproof.evidence.as_seen import not_as_seen
from plantproof.evidence.identities import read_identities
from plantproof.evidence.identity_lines import FILE
from plantproof.evidence.validation import odd_line, records_problems
from plantproof.files import load_yaml
from plantproof.model.evidence import Attestation, Claims, Custody, Identities, RawFile, RecordsFile, Source
from plantproof.model.records import KINDS
from plantproof.overlay_tree import OverlayTree
from plantproof.tree import Entry, Tree

_BESIDE = ("README.md", ".gitkeep")
_REGULAR = ("100644", "100755")


class _Folder(NamedTuple):
    """What lies under evidence/<site>/, sorted by what it is; paths from the project's root."""

    identities: str | None
    attestations: list[str]
    documents: list[str]
    sources: dict[str, list[str]]


def read_claims(tree: Tree, site: str) -> Claims:
    """All evidence of one site. Raises `InputError` with every mistake: a source without custody, a file that custody
    does not know or whose hash is another ("edited by hand"), stray files, pointers of Git LFS, links, identities and
    attestations that do not hold. Records are checked by hash only; `validate_records` reads them line by line."""
    problems: list[Problem] = []
    folder = _sort(tree.list(layout.site_folder(site)), site, problems)
    identities = Identities(ids=frozenset(), canonical={}, by_key={}, names={}, retired={})
    wanted = [*([folder.identities] if folder.identities else []), *folder.attestations, *folder.documents]
    wanted += [path for paths in folder.sources.values() for path in paths]
    contents = dict(tree.read_many(sorted(wanted)))
    for path in sorted(contents):
        if contents[path].startswith(layout.LFS_POINTER):
            problems.append(
                Problem(
                    path, 1, "a pointer of Git LFS, not the file", "run `git lfs pull`, and keep evidence out of LFS"
                )
            )
    if folder.identities:
        try:
            identities = read_identities(contents[folder.identities], folder.identities, keys=False)
        except InputError as error:
            problems += error.problems
    sources = []
    for name in sorted(folder.sources):
        base = f"{layout.source_folder(site, name)}/"
        files = {path.removeprefix(base): contents[path] for path in folder.sources[name]}
        if source := _source(name, base, files, problems):
            sources.append(source)
    attestations = _attestations(folder.attestations, contents, problems)
    if len(attestations) == len(folder.attestations):
        problems += _unnamed(folder.documents, attestations)
    if problems:
        raise InputError(*sorted(set(problems), key=lambda problem: (problem.path, problem.line, problem.message)))
    return Claims(
        site=site,
        sources=tuple(sources),
        identities=identities,
        attestations=tuple(attestations),
        not_as_seen=not_as_seen(attestations, contents, site),
        proposed=isinstance(tree, OverlayTree),
    )


def validate_records(claims: Claims) -> list[Problem]:
    """Every record and sighting of the claims, line by line: type of each field, order and form of the lines, one id
    once, assets that nobody minted. Returns all mistakes; an empty list where there are none."""
    problems: list[Problem] = []
    for source in claims.sources:
        folder = source.custody_path.removesuffix("custody.yaml")
        problems += records_problems(source, folder, claims.identities)
    return problems


def _sort(entries: list[Entry], site: str, problems: list[Problem]) -> _Folder:
    root = layout.site_folder(site) + "/"
    folder = _Folder(None, [], [], defaultdict(list))
    identities = None
    for entry in sorted(entries, key=lambda entry: entry.path):
        parts = entry.path.removeprefix(root).split("/")
        if entry.mode not in _REGULAR:
            problems.append(Problem(entry.path, 0, "a symbolic link or submodule", "put the file itself there"))
        elif parts[0].startswith(".") and len(parts) > 1:
            problems.append(
                Problem(entry.path, 0, "left over from a collection that did not end", "collect that source again")
            )
        elif len(parts) == 1 and parts[0] == FILE:
            identities = entry.path
        elif len(parts) == 1 and parts[0] in _BESIDE:
            continue
        elif parts[0] == "attestations" and len(parts) == 2:
            if parts[1].endswith(".yaml"):
                folder.attestations.append(entry.path)
            elif parts[1] not in _BESIDE:
                problems.append(Problem(entry.path, 0, "no attestation", "attestations are .yaml files"))
        elif entry.path.rpartition("/")[0] == layout.seen_folder(site):
            folder.documents.append(entry.path)
        elif len(parts) > 1 and parts[0] != "attestations":
            folder.sources[parts[0]].append(entry.path)
        else:
            problems.append(
                Problem(
                    entry.path, 0, "a stray file", "evidence lies in a folder a source; `plantproof collect` makes it"
                )
            )
    return folder._replace(identities=identities)


def _source(name: str, base: str, files: Mapping[str, bytes], problems: list[Problem]) -> Source | None:
    path = f"{base}custody.yaml"
    if "custody.yaml" not in files:
        problems.append(
            Problem(path, 0, "evidence without custody", "collect it: `plantproof collect`, or remove the folder")
        )
        return None
    try:
        custody = load_yaml(files["custody.yaml"], path, Custody)
    except InputError as error:
        problems += error.problems
        return None
    listed: dict[str, RawFile | RecordsFile] = {}
    listed.update({one.path: one for one in custody.raw})
    listed.update({one.path: one for one in [*custody.records, *custody.sightings]})
    outside = {one.path for one in custody.raw if one.external}
    for inner in sorted({*files, *listed} - {"custody.yaml"}):
        where, entry = f"{base}{inner}", listed.get(inner)
        if entry is None:
            problems.append(Problem(where, 0, "custody does not know this file", f"remove it, or {_remedy(base)}"))
        elif inner not in files:
            if inner not in outside:
                problems.append(
                    Problem(
                        where,
                        0,
                        "custody names this file, and it is missing",
                        f"restore it from git, or {_remedy(base)}",
                    )
                )
        elif layout.sha256(files[inner]) != entry.sha256 and not files[inner].startswith(layout.LFS_POINTER):
            problems.append(_edited(where, inner, files[inner], entry, base))
    records, sightings = _by_kind(base, files, custody.records), _by_kind(base, files, custody.sightings)
    for kind in sorted({*records, *sightings} - set(KINDS)):
        problems.append(Problem(path, 0, f"`{kind}` is no kind of record", f"there are: {', '.join(sorted(KINDS))}"))
    return Source(name=name, custody=custody, custody_path=path, records=records, sightings=sightings)


def _by_kind(base: str, files: Mapping[str, bytes], entries: list[RecordsFile]) -> dict[str, list[tuple[str, bytes]]]:
    found: dict[str, list[tuple[str, bytes]]] = {}
    for entry in sorted(entries, key=lambda entry: (entry.kind, entry.path)):
        if entry.path in files:
            found.setdefault(entry.kind, []).append((f"{base}{entry.path}", files[entry.path]))
    return found


def _remedy(base: str) -> str:
    _, site, source, _ = base.split("/", 3)
    return f"`plantproof collect --again --site {site} --source {source}`"


def _edited(where: str, inner: str, data: bytes, entry: RawFile | RecordsFile, base: str) -> Problem:
    """A file that is not what was collected, with the line where its form gives the edit away."""
    if inner.startswith("raw/"):
        return Problem(
            where,
            0,
            "edited by hand: it is not what custody says was collected",
            "restore it from git, or collect a new export",
        )
    line, why = odd_line(data)
    rows = data.count(b"\n")
    if not line and isinstance(entry, RecordsFile) and rows != entry.rows:
        why = f"{rows} lines where custody counts {entry.rows}"
    return Problem(
        where,
        line,
        f"edited by hand: it is not what was collected{f' ({why})' if why else ''}",
        f"records come from exports: {_remedy(base)} makes them anew",
    )


def _attestations(paths: list[str], contents: Mapping[str, bytes], problems: list[Problem]) -> list[Attestation]:
    found: dict[str, tuple[str, Attestation]] = {}
    for path in sorted(paths):
        try:
            attestation = load_yaml(contents[path], path, Attestation)
        except InputError as error:
            problems += error.problems
            continue
        if attestation.expires < attestation.date:
            problems.append(
                Problem(path, 0, f"it expires on {attestation.expires}, before its date {attestation.date}")
            )
        if not attestation.scope.site and not (
            attestation.scope.zones or attestation.scope.conduits or attestation.scope.assets
        ):
            problems.append(
                Problem(
                    path,
                    0,
                    "`scope` names nothing, so it speaks of nothing",
                    "name zones, conduits or assets, or `site: true`",
                )
            )
        if attestation.id in found:
            problems.append(
                Problem(
                    path, 0, f"the id `{attestation.id}` is that of {found[attestation.id][0]} too", "an id of its own"
                )
            )
            continue
        found[attestation.id] = (path, attestation)
    return [attestation for _, (_, attestation) in sorted(found.items())]


def _unnamed(documents: list[str], attestations: list[Attestation]) -> Iterator[Problem]:
    named = {seen.path for each in attestations for seen in each.seen}
    for path in documents:
        if path not in named and path.rpartition("/")[2] not in _BESIDE:
            yield Problem(
                path, 0, "no statement says that it was seen", "name it under `seen`, as `path`, or remove it"
            )
