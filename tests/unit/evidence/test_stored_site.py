"""Evidence as files: where two states differ, what fits custody, and the claims about a few assets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec
import pytest
from tests.support.collected_again import Files, fitting
from tests.support.memory_tree import MemoryTree

from plantproof.errors import InputError
from plantproof.evidence.blobs import Blobs
from plantproof.evidence.layout import sha256, store
from plantproof.evidence.ledger import read_claims
from plantproof.evidence.stored_site import (
    Line,
    StoredSite,
    claims_about,
    differing,
    each_of_its_own,
    given_ids,
    ids_by_line,
    lines_that_differ,
    parents_named,
    places_in_raw,
    same_places,
)
from plantproof.files import dump_yaml
from plantproof.model.evidence import Collector, Custody, RawFile

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n"


def lines(*records: dict[str, str]) -> dict[str, bytes]:
    return {each["id"]: msgspec.json.encode(each, order="sorted") for each in records}


def evidence(site: str = "works", source: str = "register", assets: int = 3) -> Files:
    """One source with an export, assets, a setting of each, and where they were seen."""
    root = f"evidence/{site}/{source}/"
    ids = [f"a-{number}" for number in range(1, assets + 1)]
    stored = [
        store("records", "asset", lines(*({"id": each, "method": "config"} for each in ids))),
        store("records", "setting", lines(*({"id": f"{each}/x", "asset": each, "method": "config"} for each in ids))),
    ]
    seen = store("sightings", "asset", lines(*({"id": each, "raw": "x.csv"} for each in ids)))
    custody = Custody(
        schema="plantproof/custody/1",
        format="csv",
        collected_by=Collector(name="Kim"),
        collected_at="2026-11-18",
        raw=[RawFile(path="raw/x.csv", sha256=sha256(b"x\n"), bytes=2)],
        records=[entry for each in stored for entry in each.entries],
        sightings=seen.entries,
    )
    files = {root + path: data for each in (*stored, seen) for path, data in each.files.items()}
    identity = b"".join(b'{"id":"%s","key":"name","value":"%s"}\n' % (each.encode(), each.encode()) for each in ids)
    return {
        **files,
        f"{root}custody.yaml": dump_yaml(custody),
        f"{root}raw/x.csv": b"x\n",
        f"evidence/{site}/identities.jsonl": identity,
    }


ROOT = "evidence/works/register/"
ASSETS, SETTINGS, SEEN = f"{ROOT}records/asset.jsonl", f"{ROOT}records/setting.jsonl", f"{ROOT}sightings/asset.jsonl"


def stored(files: Files, site: str = "works", modes: dict[str, str] | None = None) -> StoredSite:
    return StoredSite(MemoryTree(files, modes), site, Blobs())


def changed(files: Files, path: str, data: bytes) -> Files:
    return fitting({**files, path: data}, "/".join(path.split("/")[:3]) + "/custody.yaml")


def test_the_same_evidence_differs_in_nothing() -> None:
    assert read_claims(MemoryTree(evidence()), "works").sources
    where = differing(stored(evidence()), stored(evidence()))
    assert where == (frozenset(), {}, {})


def test_it_says_which_files_differ() -> None:
    old = evidence()
    new = changed(changed(old, SETTINGS, old[SETTINGS] + b""), SEEN, old[SEEN].replace(b"x.csv", b"y.csv"))
    new = changed(new, ASSETS, old[ASSETS].replace(b"config", b"active"))
    where = differing(stored(old), stored(new))
    assert where == (
        frozenset({"register"}),
        {("register", "asset"): [ASSETS]},
        {("register", "asset"): [SEEN]},
    )


@pytest.mark.parametrize(("site", "source"), [("raw", "register"), ("works", "raw"), ("raw", "raw")])
def test_a_site_or_source_may_be_called_raw(site: str, source: str) -> None:
    old = evidence(site, source)
    path = f"evidence/{site}/{source}/records/asset.jsonl"
    where = differing(stored(old, site), stored(changed(old, path, old[path].replace(b"config", b"active")), site))
    assert where is not None
    assert where.records == {(source, "asset"): [path]}


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("evidence/works/ghost/raw/x.cfg", b"x\n"),
        ("evidence/works/attestations/raw/x.cfg", b"x\n"),
        ("evidence/works/attestations/new.yaml", b"x\n"),
        ("evidence/works/README.md", b"x\n"),
        (f"{ROOT}raw/more.csv", b"x\n"),
        (f"{ROOT}raw/deep/custody.yaml", b"x\n"),
        (f"{ROOT}records/raw/x.csv", b"x\n"),
        (f"{ROOT}notes.txt", b"x\n"),
        (f"{ROOT}raw/x.csv", b"y\n"),
        (ASSETS, b""),
        (SEEN, b""),
        (f"{ROOT}custody.yaml", b"[]\n"),
    ],
)
def test_what_custody_does_not_know_or_knows_otherwise(path: str, data: bytes) -> None:
    assert differing(stored(evidence()), stored({**evidence(), path: data})) is None


@pytest.mark.parametrize("path", [ASSETS, SEEN, f"{ROOT}raw/x.csv", f"{ROOT}custody.yaml"])
def test_a_missing_file(path: str) -> None:
    files = evidence()
    del files[path]
    assert differing(stored(evidence()), stored(files)) is None


def test_an_export_that_is_kept_elsewhere_may_be_missing() -> None:
    old = evidence()
    custody = old[f"{ROOT}custody.yaml"].replace(b"bytes: 2", b"bytes: 2\n    external: true")
    new = {**old, f"{ROOT}custody.yaml": custody}
    del new[f"{ROOT}raw/x.csv"]
    assert read_claims(MemoryTree(new), "works").sources
    assert differing(stored(old), stored(new)) is not None


@pytest.mark.parametrize("path", [ASSETS, SEEN, f"{ROOT}raw/x.csv"])
def test_a_pointer_to_a_file_is_not_the_file_whatever_custody_says(path: str) -> None:
    new = changed(evidence(), path, POINTER)
    assert differing(stored(evidence()), stored(new)) is None
    with pytest.raises(InputError):
        read_claims(MemoryTree(new), "works")


@pytest.mark.parametrize(("mode", "fits"), [("120000", False), ("160000", False), ("100755", True)])
def test_only_plain_files(mode: str, fits: bool) -> None:
    found = differing(stored(evidence()), stored(evidence(), modes={ASSETS: mode}))
    assert (found is not None) is fits


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: asset", "kind: account"),
        ("path: records/asset.jsonl", "path: records/assets.jsonl"),
        ("path: sightings/asset.jsonl", "path: records/asset.jsonl"),
        ("format: csv", "format: netbox"),
        ("raw:\n", "covers:\n- kind: asset\nraw:\n"),
        ("raw:\n", "vantage:\n  sensor: tap\nraw:\n"),
    ],
)
def test_a_source_that_speaks_for_other_things(old: str, new: str) -> None:
    files = evidence()
    custody = files[f"{ROOT}custody.yaml"].decode()
    assert old in custody
    head, _, tail = custody.rpartition(old)
    files[f"{ROOT}custody.yaml"] = f"{head}{new}{tail}".encode()
    assert differing(stored(evidence()), stored(files)) is None


def test_a_source_that_missed_more_than_before_of_what_it_speaks_for() -> None:
    """Rows that were not imported decide whether there is nothing else (verdicts.md 8)."""
    custody = f"{ROOT}custody.yaml"
    old = fitting(evidence(), custody, covers=[{"kind": "asset"}])
    more, less = ({"path": "raw/x.csv", "sha256": sha256(b"x\n"), "bytes": 2, "rows": rows} for rows in (4, 5))
    read = fitting(old, custody, raw=[{**more, "imported": 4}])
    assert differing(stored(old), stored(read)) == ({"register"}, {}, {})
    assert differing(stored(old), stored(fitting(old, custody, raw=[{**less, "imported": 4}]))) is None
    silent = fitting(evidence(), custody, raw=[{**less, "imported": 4}])
    assert differing(stored(evidence()), stored(silent)) == ({"register"}, {}, {}), "it speaks for nobody"


def test_files_that_lie_elsewhere_than_a_collection_puts_them() -> None:
    """Their names do not say what they hold, whatever both states agree on."""
    files = evidence()
    moved = f"{ROOT}raw/asset.jsonl"
    files[moved] = files.pop(ASSETS)
    custody = files[f"{ROOT}custody.yaml"].replace(b"records/asset.jsonl", b"raw/asset.jsonl")
    files[f"{ROOT}custody.yaml"] = custody
    assert read_claims(MemoryTree(files), "works").sources
    assert differing(stored(files), stored(changed(files, moved, files[moved].replace(b"config", b"active")))) is None


def test_lines_that_differ_are_those_of_one_state_only() -> None:
    old = evidence()
    data = old[SETTINGS].splitlines(keepends=True)
    new = changed(old, SETTINGS, b"".join([data[2], data[1].replace(b"config", b"active"), data[0], data[0]]))
    found = lines_that_differ(stored(old), stored(new), [SETTINGS])
    assert sorted(each.id for each in found) == ["a-1/x", "a-2/x", "a-2/x"]
    assert lines_that_differ(stored(old), stored(old), [SETTINGS]) == []
    with pytest.raises(msgspec.DecodeError):
        lines_that_differ(stored(old), stored({**old, SETTINGS: b"{\n"}), [SETTINGS])


def many() -> Files:
    """Assets in several files."""
    files = evidence(assets=2)
    wide = lines(*({"id": f"a-{number}", "method": "config", "owner": "x" * 900} for number in range(600)))
    kept = store("records", "asset", wide)
    assert len(kept.files) == 4
    custody = msgspec.structs.replace(
        StoredSite(MemoryTree(files), "works", Blobs()).custody("register"), records=kept.entries, sightings=[]
    )
    found = {path: data for path, data in files.items() if "/records/" not in path and "/sightings/" not in path}
    found |= {ROOT + path: data for path, data in kept.files.items()}
    return {**found, f"{ROOT}custody.yaml": dump_yaml(custody)}


def test_of_many_files_only_those_with_the_asset_are_read() -> None:
    site = stored(many())
    claims = claims_about(site, ["a-7", "a-599"], ["asset"])
    (source,) = claims.sources
    found = [
        msgspec.json.decode(line)["id"] for _, data in source.records["asset"] for line in data.splitlines() if line
    ]
    assert sorted(found) == ["a-599", "a-7"]
    whole = dict(read_claims(MemoryTree(many()), "works").sources[0].records["asset"])
    for path, data in source.records["asset"]:
        for number, line in enumerate(data.split(b"\n")):
            assert not line or whole[path].split(b"\n")[number] == line, "lines keep their places"


def test_an_asset_in_a_file_that_its_id_does_not_name() -> None:
    """It would not be found there, and counts all the same."""
    old = many()
    paths = sorted(path for path in old if "/records/" in path)
    line = next(each for each in old[paths[0]].splitlines(keepends=True))
    moved = changed(changed(old, paths[0], old[paths[0]].replace(line, b"")), paths[1], old[paths[1]] + line)
    assert differing(stored(old), stored(moved)) is not None
    assert lines_that_differ(stored(old), stored(moved), [paths[0]])
    with pytest.raises(InputError, match="does not name"):
        lines_that_differ(stored(old), stored(moved), paths)


def test_claims_about_some_assets_have_every_kind_and_only_their_lines() -> None:
    site = stored(evidence())
    (source,) = claims_about(site, ["a-2"], ["asset", "setting"], sightings=True).sources
    assert {kind: [data.strip() for _, data in files] for kind, files in source.records.items()} == {
        "asset": [b'{"id":"a-2","method":"config"}'],
        "setting": [b'{"asset":"a-2","id":"a-2/x","method":"config"}'],
    }
    assert source.left_out == {"asset", "setting"}
    assert source.sightings["asset"][0][1].count(b"\n") == 3
    (source,) = claims_about(site, ["a-2"], ["asset"]).sources
    assert source.sightings["asset"] == [(SEEN, b"")]
    assert not source.records["setting"][0][1].strip()


@pytest.mark.parametrize(
    "line",
    [
        b'{"asset": "a-2","id": "a-2/x","method":"config"}\n',
        b'{"asset":"a-2","id" :"a-2/x","method":"config"}\n',
        b'{"asset":\t"a-2","id":"a-2/x","method":"config"}\n',
        b'{"asset":"a\\u002d2","id":"a-2/x","method":"config"}\n',
        b'{"asset":"a-2","id":"a-2\\/x","method":"config"}\n',
    ],
)
def test_a_line_that_is_written_otherwise_is_no_line_to_be_found(line: bytes) -> None:
    files = evidence()
    old = files[SETTINGS].splitlines(keepends=True)[1]
    site = stored(changed(files, SETTINGS, files[SETTINGS].replace(old, line)))
    with pytest.raises(InputError, match="not written as a collection writes them"):
        claims_about(site, ["a-2"], ["setting"])
    assert claims_about(site, ["a-2"], ["asset"]).sources, "a file that nobody asks for"


def test_control_signs_are_written_as_escapes_by_every_collection() -> None:
    files = evidence()
    line = b'{"asset":"a-2","id":"a-2/y","method":"config","value":"\\u001b \\"id\\" : \\\\"}\n'
    assert claims_about(stored(changed(files, SETTINGS, files[SETTINGS] + line)), ["a-2"], ["setting"]).sources


@pytest.mark.parametrize(
    ("record", "own"),
    [
        ({"id": "a-1/y", "asset": "a-1"}, True),
        ({"id": "a-1/y", "asset": "a-2"}, False),
        ({"id": "a-2/y", "asset": "a-1"}, False),
        ({"id": "a-1/y"}, False),
    ],
)
def test_records_are_called_by_their_asset(record: dict[str, str], own: bool) -> None:
    files = changed(evidence(), SETTINGS, msgspec.json.encode(record, order="sorted") + b"\n")
    assert each_of_its_own(claims_about(stored(files), ["a-1"], ["setting"]), ["setting"]) is own


def test_ids_parents_and_places() -> None:
    files = evidence()
    files["evidence/works/identities.jsonl"] += b'{"same":["a-1","a-2"]}\n'
    files = changed(files, ASSETS, files[ASSETS].replace(b'"a-3"', b'"a-3","parent":"a-9"'))
    site = stored(files)
    assert given_ids(site.identities(["a-1"]), ["a-1"]) == {"a-1", "a-2"}
    assert site.identities().canonical["a-2"] == "a-1"
    assert parents_named(claims_about(site, ["a-3"], ["asset"])) == {"a-9"}
    assert parents_named(claims_about(site, ["a-1"], ["asset"])) == set()
    assert ids_by_line(site, [ASSETS]) == {ASSETS: ["a-1", "a-2", "a-3", ""]}
    assert places_in_raw(site, [SEEN])["a-2"] == ("x.csv", 0, "")
    assert site.records_of_assets == 3
    assert site.sources == ["register"]


def test_the_order_of_lines_is_their_place() -> None:
    old = evidence()
    data = old[ASSETS].splitlines(keepends=True)
    for lines_, same in (
        (data, True),
        ([data[0].replace(b"config", b"active"), *data[1:]], True),
        (data[::-1], False),
        (data[:2], False),
        ([*data[:2], b"\n"], False),
    ):
        new = {**old, ASSETS: b"".join(lines_)}
        assert same_places(stored(old), stored(new), [ASSETS]) is same


def test_what_both_states_share_is_read_once() -> None:
    read: Counter[str] = Counter()

    class Counting(MemoryTree):
        def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
            wanted = list(paths)
            read.update(wanted)
            return super().read_many(wanted)

    blobs = Blobs()
    for _ in range(2):
        StoredSite(Counting(evidence()), "works", blobs).read([ASSETS, SEEN])
    assert read == {ASSETS: 1, SEEN: 1}


def test_a_line_says_whom_it_is_about() -> None:
    assert msgspec.json.decode(b'{"id":"a/x","asset":"a","other":1}', type=Line) == Line("a/x", "a")
