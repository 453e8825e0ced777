"""Files that people saw before they stated something: still there, and still those."""

from __future__ import annotations

import pytest
from tests.support.memory_tree import MemoryTree
from tests.support.plant_world import attestation

from plantproof.evidence.as_seen import not_as_seen, rests_on
from plantproof.evidence.blobs import Blobs
from plantproof.evidence.layout import sha256
from plantproof.evidence.stored_site import StoredSite
from plantproof.files import dump_yaml

LOG = "evidence/works/attestations/seen/log.txt"
CONTENTS = {LOG: b"in order\n", "evidence/works/fw/raw/fw.conf": b"deny all\n"}
SHA256 = sha256(CONTENTS[LOG])


@pytest.mark.parametrize(
    ("path", "digest", "why"),
    [
        (LOG, SHA256, ""),
        (LOG, SHA256.upper(), ""),
        ("", "ab" * 32, ""),
        (LOG, "ab" * 32, f"{LOG} is not the file that was seen: its sha256 is another"),
        (
            "evidence/works/fw/raw/fw.conf",
            SHA256,
            "evidence/works/fw/raw/fw.conf is not the file that was seen: its sha256",
        ),
        ("evidence/works/gone.txt", SHA256, "evidence/works/gone.txt was seen, and is not there"),
        ("evidence/works/./attestations/seen/log.txt", SHA256, "evidence/works/./attestations/seen/log.txt was seen"),
        ("docs/log.txt", SHA256, "docs/log.txt was seen, and does not lie under evidence/works/, where it would be"),
        (
            "evidence/works-2/log.txt",
            SHA256,
            "evidence/works-2/log.txt was seen, and does not lie under evidence/works/",
        ),
    ],
)
def test_a_file_that_was_seen_is_compared(path: str, digest: str, why: str) -> None:
    seen = [{"document": "Talk"}, {"document": "Log", "path": path, "sha256": digest}]
    found = not_as_seen([attestation(seen=seen)], CONTENTS, "works")
    assert bool(found) == bool(why)
    if why:
        number, words = found["att-1"]
        assert (number, words[: len(why)]) == (1, why)


def test_which_files_statements_rest_on() -> None:
    stated = dump_yaml(attestation(seen=[{"document": "Log", "path": LOG, "sha256": SHA256}]))
    folder = "evidence/works/attestations"
    for written in (stated, stated.replace(b"path:", b'"p\\x61th":')):
        files = {
            **CONTENTS,
            f"{folder}/att-1.yaml": written,
            f"{folder}/att-2.yaml": dump_yaml(attestation(id="att-2")),
        }
        stored = StoredSite(MemoryTree(files), "works", Blobs())
        assert rests_on(stored, {LOG, "evidence/works/other"})
        assert not rests_on(stored, {"evidence/works/fw/raw/fw.conf"})
