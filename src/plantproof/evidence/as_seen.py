"""Whether the files that people saw are still those that they saw (verdicts.md 14).

Only files under evidence/<site>/ are compared: what lies elsewhere has no say in what a site comes to, and is not part
of the name under which that is kept (cli/kept_sites.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from plantproof.evidence import layout
from plantproof.evidence.stored_site import StoredSite
from plantproof.files import load_yaml
from plantproof.model.evidence import Attestation


def not_as_seen(
    attestations: Iterable[Attestation], contents: Mapping[str, bytes], site: str
) -> dict[str, tuple[int, str]]:
    """Statement -> the number of the first file under `seen` that is not there as it was seen, and why in words.
    `contents`: the evidence of the site, by path."""
    found: dict[str, tuple[int, str]] = {}
    for attestation in attestations:
        for number, seen in enumerate(attestation.seen):
            why = _why(seen.path, seen.sha256, contents, site) if seen.path else ""
            if why:
                found.setdefault(attestation.id, (number, why))
    return found


def _why(path: str, sha256: str, contents: Mapping[str, bytes], site: str) -> str:
    root = layout.site_folder(site)
    if not path.startswith(f"{root}/"):
        return f"{path} was seen, and does not lie under {root}/, where it would be compared"
    if path not in contents:
        return f"{path} was seen, and is not there"
    if len(sha256) == 64 and layout.sha256(contents[path]) != sha256.casefold():
        return f"{path} is not the file that was seen: its sha256 is another"
    return ""


def rests_on(stored: StoredSite, paths: Collection[str]) -> bool:
    """Whether any statement of a site names one of these files as seen. Raises `InputError` for a statement that cannot
    be read."""
    stated = [path for path in stored.files if path.rpartition("/")[0] == f"{stored.root}attestations"]
    for path, data in stored.read(each for each in stated if each.endswith(".yaml")).items():
        # Few statements name a file, and reading YAML costs more than all else here. A key may be written in escapes.
        if b"path" in data or b"\\" in data:
            attestation = load_yaml(data, path, Attestation)
            if any(seen.path in paths for seen in attestation.seen):
                return True
    return False
