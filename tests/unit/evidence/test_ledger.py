"""Evidence read back: what custody does not vouch for is refused, all of it at once."""

from __future__ import annotations

import pytest
from tests.support.exports import nozomi
from tests.support.memory_tree import MemoryTree

from plantproof.errors import InputError
from plantproof.evidence.collect import collect
from plantproof.evidence.layout import sha256
from plantproof.evidence.ledger import read_claims, validate_records
from plantproof.files import dump_yaml, load_yaml
from plantproof.model.evidence import Collector, Custody
from plantproof.model.project_file import SourceSettings

BASE = "evidence/works/nozomi"
ATTESTATION = b"""\
schema: plantproof/attestation/1
id: training-2026
topic: training
who:
  name: Kim
about_own_work: true
method: examine
scope:
  site: true
outcome: satisfied
statement: All operators were trained.
date: 2026-01-31
expires: 2027-01-31
"""


@pytest.fixture
def stored() -> dict[str, bytes]:
    plan = collect(
        site="works", source="nozomi", exports=[nozomi()], settings=SourceSettings(), who=Collector(name="Kim"),
        when="2026-11-20", existing={},
    )  # fmt: skip
    return {**plan.files, "evidence/works/identities.jsonl": plan.appended}


def refused(files: dict[str, bytes], modes: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(InputError) as error:
        read_claims(MemoryTree(files, modes), "works")
    return [str(problem) for problem in error.value.problems]


def test_reads_what_was_collected(stored: dict[str, bytes]) -> None:
    claims = read_claims(MemoryTree({**stored, "evidence/works/attestations/training-2026.yaml": ATTESTATION}), "works")
    (source,) = claims.sources
    assert source.name == "nozomi"
    assert source.custody.format == "nozomi-assets"
    assert source.records["asset"] == [(f"{BASE}/records/asset.jsonl", stored[f"{BASE}/records/asset.jsonl"])]
    assert len(claims.identities.ids) == 3
    assert [attestation.id for attestation in claims.attestations] == ["training-2026"]
    assert validate_records(claims) == []


def test_a_site_without_evidence_has_no_claims() -> None:
    claims = read_claims(MemoryTree({}), "works")
    assert claims.sources == ()
    assert claims.identities.ids == frozenset()


def test_a_record_edited_by_hand_is_named_with_its_line_and_the_way_back(stored: dict[str, bytes]) -> None:
    path = f"{BASE}/records/asset.jsonl"
    rows = stored[path].splitlines()
    rows[1] = rows[1].replace(b'"firmware":"V2.9.4"', b'"firmware": "V3.0.0"')
    (problem,) = refused({**stored, path: b"\n".join(rows) + b"\n"})
    assert problem == (
        f"{path}:2: edited by hand: it is not what was collected (not in canonical form) (records come from exports: "
        "`plantproof collect --again --site works --source nozomi` makes them anew)"
    )


def test_a_record_edited_with_care_is_found_all_the_same(stored: dict[str, bytes]) -> None:
    path = f"{BASE}/records/asset.jsonl"
    (problem,) = refused({**stored, path: stored[path].replace(b"V2.9.4", b"V3.0.0")})
    assert problem.startswith(f"{path}: edited by hand")
    (problem,) = refused({**stored, path: stored[path].split(b"\n", 1)[1]})
    assert "2 lines where custody counts 3" in problem


def test_a_raw_file_edited_by_hand_is_refused(stored: dict[str, bytes]) -> None:
    path = f"{BASE}/raw/assets.json"
    (problem,) = refused({**stored, path: stored[path].replace(b"V2.9.4", b"V3.0.0")})
    assert problem.startswith(f"{path}: edited by hand")


def test_rewritten_line_ends_are_named_as_such(stored: dict[str, bytes]) -> None:
    path = f"{BASE}/records/asset.jsonl"
    (problem,) = refused({**stored, path: stored[path].replace(b"\n", b"\r\n")})
    assert ".gitattributes" in problem


def test_every_stray_file_and_every_missing_one_at_once(stored: dict[str, bytes]) -> None:
    changed = {
        **stored,
        f"{BASE}/notes.txt": b"x",
        f"{BASE}/records/flow.jsonl": b"",
        "evidence/works/stray.txt": b"x",
        "evidence/works/fw/raw/fw.conf": b"x",
        "evidence/works/.fw.new-/custody.yaml": b"x",
        "evidence/works/attestations/x.txt": b"x",
        "evidence/works/README.md": b"allowed",
    }
    del changed[f"{BASE}/sightings/asset.jsonl"]
    assert [problem.split(": ")[0] for problem in refused(changed)] == [
        "evidence/works/.fw.new-/custody.yaml",
        "evidence/works/attestations/x.txt",
        "evidence/works/fw/custody.yaml",
        f"{BASE}/notes.txt",
        f"{BASE}/records/flow.jsonl",
        f"{BASE}/sightings/asset.jsonl",
        "evidence/works/stray.txt",
    ]


def test_links_and_pointers_of_git_lfs_are_refused(stored: dict[str, bytes]) -> None:
    path = f"{BASE}/raw/assets.json"
    assert any("symbolic link" in problem for problem in refused(stored, {path: "120000"}))
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    assert [p for p in refused({**stored, path: pointer}) if "Git LFS" in p]


def test_custody_with_mistakes_is_refused_with_lines(stored: dict[str, bytes]) -> None:
    path = f"{BASE}/custody.yaml"
    wrong = stored[path].replace(b"collected_at: 2026-11-20", b"collected_at: yesterday").replace(b"tool:", b"tol:")
    problems = refused({**stored, path: wrong})
    assert len(problems) >= 2
    assert all(problem.startswith(f"{path}:") for problem in problems)


def test_attestations_that_cannot_hold_are_refused(stored: dict[str, bytes]) -> None:
    folder = "evidence/works/attestations"
    files = {
        **stored,
        f"{folder}/a.yaml": ATTESTATION.replace(b"expires: 2027", b"expires: 2025"),
        f"{folder}/b.yaml": ATTESTATION.replace(b"  site: true", b"  zones: []"),
        f"{folder}/c.yaml": ATTESTATION.replace(b"outcome: satisfied", b"outcome: fine"),
    }
    problems = refused(files)
    assert [problem.split(":")[0] for problem in problems] == [f"{folder}/{name}.yaml" for name in "abbc"]


def test_full_validation_names_unknown_assets_and_double_ids(stored: dict[str, bytes]) -> None:
    path = f"{BASE}/records/asset.jsonl"
    row = stored[path].splitlines()[0]
    data = row + b"\n" + row + b"\n" + b'{"id":"a-zzz","method":"guessed"}\n'
    custody = load_yaml(stored[f"{BASE}/custody.yaml"], "c", Custody)
    claims = read_claims(MemoryTree(stored), "works")
    source = claims.sources[0]
    import msgspec

    edited = msgspec.structs.replace(source, records={"asset": [(path, data)]}, custody=custody)
    problems = validate_records(msgspec.structs.replace(claims, sources=(edited,)))
    assert any(problem.line == 3 and "method" in problem.message for problem in problems)
    good = msgspec.structs.replace(source, records={"asset": [(path, row + b"\n" + row + b"\n")]})
    messages = [problem.message for problem in validate_records(msgspec.structs.replace(claims, sources=(good,)))]
    assert "2 records where custody counts 3" in messages
    assert "out of order" in messages
    assert any("is at" in message for message in messages)
    none = msgspec.structs.replace(claims.identities, canonical={})
    assert len(validate_records(msgspec.structs.replace(claims, identities=none))) == 3


def test_custody_is_canonical_yaml(stored: dict[str, bytes]) -> None:
    data = stored[f"{BASE}/custody.yaml"]
    assert dump_yaml(load_yaml(data, "c", Custody)) == data


def test_documents_that_were_seen_lie_beside_the_statements(stored: dict[str, bytes]) -> None:
    """What no statement names is stray; what is named and has changed leaves the statement without force."""
    folder = "evidence/works/attestations"
    document = f"{folder}/seen/register.pdf"
    seen = f"seen:\n  - document: Register\n    path: {document}\n    sha256: {sha256(b'%PDF')}\n"
    files = {**stored, f"{folder}/a.yaml": ATTESTATION + seen.encode(), document: b"%PDF"}
    assert read_claims(MemoryTree(files), "works").not_as_seen == {}
    changed = read_claims(MemoryTree({**files, document: b"%PDF-2"}), "works").not_as_seen
    assert changed == {"training-2026": (0, f"{document} is not the file that was seen: its sha256 is another")}
    (problem,) = refused({**files, f"{folder}/seen/more.pdf": b"%PDF"})
    assert problem.startswith(f"{folder}/seen/more.pdf: no statement says that it was seen")
    assert refused({**files, f"{folder}/seen/deep/more.pdf": b"%PDF"})
