"""A pack is checked without its project, and a hostile one cannot do harm."""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.support.assessment_example import example
from tests.support.assessment_hostile import hostile, hostile_ids
from tests.support.assessment_large import large

from plantproof.files import encode_json
from plantproof.model.assessment import Assessment
from plantproof.reports.manifest import unsafe_name
from plantproof.reports.pack import build_pack, write_pack
from plantproof.reports.totals import totals_problems
from plantproof.reports.verify import Verified, verify


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    write_pack(tmp_path / "pack", build_pack(example()))
    return tmp_path / "pack"


def told(path: Path) -> list[str]:
    return [str(problem) for problem in verify(path).problems]


def resum(pack: Path) -> None:
    """What somebody does who covers traces: manifest and checksums made to fit."""
    manifest = msgspec.json.decode((pack / "MANIFEST.json").read_bytes())
    manifest["files"] = [
        {"path": name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}
        for path in sorted(pack.rglob("*"))
        if path.is_file() and (name := path.relative_to(pack).as_posix()) not in {"MANIFEST.json", "SHA256SUMS"}
    ]
    (pack / "MANIFEST.json").write_bytes(encode_json(manifest, indent=2))
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(pack).as_posix()}\n"
        for path in sorted(pack.rglob("*"))
        if path.is_file() and path.name != "SHA256SUMS"
    ]
    (pack / "SHA256SUMS").write_text("".join(lines))


@pytest.mark.parametrize("make", [example, hostile, hostile_ids, lambda: large(50, 90)])
def test_a_whole_pack_has_no_problem_as_folder_and_as_zip(make: Callable[[], Assessment], tmp_path: Path) -> None:
    archive = write_pack(tmp_path / "pack", build_pack(make()))
    assert told(tmp_path / "pack") == []
    assert told(archive) == []


def test_a_zip_made_anew_with_the_files_at_its_root_is_fine(pack: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for path in sorted(pack.rglob("*")):
            archive.write(path, path.relative_to(pack))
    assert told(tmp_path / "x.zip") == []


def test_changed_missing_and_added_files_are_named(pack: Path) -> None:
    (pack / "gaps.csv").write_bytes(b"nothing to see\n")
    (pack / "summary.txt").unlink()
    (pack / "html" / "more.html").write_bytes(b"x")
    assert told(pack) == [
        "gaps.csv: changed: its SHA-256 is not the one in SHA256SUMS",
        "html/more.html: not listed in SHA256SUMS: it was added later",
        "summary.txt: missing, but listed in SHA256SUMS",
        "gaps.csv: changed: size or SHA-256 is not the one in MANIFEST.json",
        "html/more.html: not listed in MANIFEST.json: it was added later",
        "summary.txt: missing, but listed in MANIFEST.json",
    ]


def test_a_page_that_says_something_else_is_found_though_all_hashes_fit(pack: Path) -> None:
    page = pack / "html" / "index.html"
    page.write_text(page.read_text().replace("not satisfied", "satisfied"))
    (pack / "html" / "extra.html").write_text("trust me")
    resum(pack)
    assert told(pack) == [
        "html/index.html: does not show what assessment.json says",
        "html/extra.html: is no page of this pack",
    ]


@pytest.mark.parametrize("page", ["narrative/remediation.md", "html/narrative/remediation.html"])
def test_a_narrative_with_other_figures_is_found_though_all_hashes_fit(page: str, pack: Path) -> None:
    text = (pack / page).read_text()
    assert " gaps from " in text
    (pack / page).write_text(text.replace(" gaps from ", "0 gaps from "))
    resum(pack)
    assert told(pack) == [f"{page}: does not show what assessment.json says"]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A pack with a text of the project's own."""
    write_pack(tmp_path / "own", build_pack(example(), narrative={"scope": "# Ours\n\n{{ summary }} {{ zones }}\n"}))
    return tmp_path / "own"


def test_own_texts_come_along_and_are_filled_again(own: Path) -> None:
    assert verify(own) == verify(own.with_suffix(".zip"))
    assert verify(own) == Verified(
        problems=[], not_compared=["html/narrative/scope.html", "narrative/templates/scope.md"]
    )
    page = own / "narrative/scope.md"
    page.write_text(page.read_text().replace(" gaps from ", "0 gaps from "))
    resum(own)
    assert told(own) == ["narrative/scope.md: does not show what assessment.json says"]


def test_the_page_of_an_own_text_must_be_there(own: Path) -> None:
    (own / "html/narrative/scope.html").unlink()
    resum(own)
    assert told(own) == ["html/narrative/scope.html: is missing"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[" * 100_000, "narrative/scope.md: does not show what assessment.json says"),
        ("{{ zones }}" * 10_000, "a text becomes longer than the "),
        ("x" * 300_000, "narrative/templates/scope.md: longer than 256 KB"),
    ],
)
def test_an_own_text_that_was_made_to_cost_costs_nothing(text: str, problem: str, own: Path) -> None:
    """To lay out 8,000 brackets takes a minute, 100,000 some hours."""
    (own / "narrative/templates/scope.md").write_text(text)
    resum(own)
    assert told(own)[0].startswith(problem)


def test_a_text_that_cannot_be_filled_is_a_problem(pack: Path) -> None:
    (pack / "narrative/templates").mkdir()
    (pack / "narrative/templates/scope.md").write_text("{{ nothing_like_it }}")
    resum(pack)
    assert told(pack)[0].startswith("narrative/templates/scope.md:1:1: unknown placeholder `nothing_like_it`")


def test_a_pack_of_another_version_says_so_and_nothing_of_its_pages(pack: Path) -> None:
    for name in ("assessment.json", "MANIFEST.json"):
        data = (pack / name).read_bytes()
        (pack / name).write_bytes(data.replace(f'"{example().provenance.tool_version}"'.encode(), b'"0.0.9"'))
    (pack / "gaps.csv").write_text("none\n")
    resum(pack)
    assert verify(pack) == Verified(problems=[], version="0.0.9")
    assert [str(problem) for problem in verify(pack, "0.0.9").problems] != []


def test_what_was_added_to_a_pack_is_not_compared_and_said_to_be_so(tmp_path: Path) -> None:
    archive = write_pack(tmp_path / "pack", build_pack(example(), extra={"policies/x.rego": b"package x"}))
    assert verify(archive) == Verified(problems=[], not_compared=["policies/x.rego"])


@pytest.mark.parametrize("path", ["summary.txt", "narrative/more.md", "html/narrative/more.html"])
def test_a_document_that_the_manifest_does_not_name_is_found(path: str, tmp_path: Path) -> None:
    write_pack(tmp_path / "pack", build_pack(example(), documents=["gaps", "html"]))
    (tmp_path / "pack" / path).parent.mkdir(exist_ok=True)
    (tmp_path / "pack" / path).write_text("trust me")
    resum(tmp_path / "pack")
    assert told(tmp_path / "pack") == [f"{path}: is no page of this pack"]


def test_figures_that_do_not_add_up_are_found_though_all_hashes_fit(pack: Path) -> None:
    path = pack / "assessment.json"
    given = msgspec.json.decode(path.read_bytes())
    given["frameworks"][0]["conclusions"] = {"satisfied": 8}
    del given["gaps"][0]
    path.write_bytes(msgspec.json.encode(given))
    resum(pack)
    problems = told(pack)
    assert any("conclusions say {'satisfied': 8}" in problem for problem in problems)
    assert any("cause zones/no_any_rule#fw-cell-1 says 1 gaps, 0 name it" in problem for problem in problems)
    assert any("MANIFEST.json: `gaps` is not that of assessment.json" in problem for problem in problems)


def test_a_manifest_of_another_assessment_is_found(pack: Path) -> None:
    path = pack / "MANIFEST.json"
    path.write_bytes(path.read_bytes().replace(b"c0ffee", b"badbad"))
    resum(pack)
    assert told(pack) == [
        "MANIFEST.json: `commit` is not that of assessment.json: 'badbad1234567890badbad1234567890badbad12'"
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("assessment.json", b"[" * 100_000),
        ("assessment.json", b"{}"),
        ("assessment.json", b"\xff\xfe"),
        ("assessment.json", b""),
        ("MANIFEST.json", b"null"),
        ("SHA256SUMS", b"hello\n"),
    ],
)
def test_nonsense_is_a_problem_and_no_crash(pack: Path, name: str, data: bytes) -> None:
    (pack / name).write_bytes(data)
    assert any(problem.startswith(name) for problem in told(pack))


def test_what_is_no_pack_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/link").symlink_to(tmp_path)
    assert told(tmp_path / "empty") == [
        f"{tmp_path / 'empty'}: no pack: MANIFEST.json is missing (name its zip or the folder it is in)"
    ]
    (tmp_path / "x.zip").write_bytes(b"PK\x05\x06 not really")
    assert "no zip" in told(tmp_path / "x.zip")[0]
    assert "cannot be read" in told(tmp_path / "nowhere")[0]


def test_links_are_not_followed(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (pack / "gaps.csv").unlink()
    (pack / "gaps.csv").symlink_to(tmp_path / "secret")
    (pack / "loop").symlink_to(pack)
    assert [problem.split(":")[0] for problem in told(pack)] == ["gaps.csv", "loop"]


def hostile_zip(path: Path, *entries: tuple[zipfile.ZipInfo | str, bytes], compress: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for entry, data in entries:
            archive.writestr(entry, data, compress_type=compress)
    return path


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "a/../../x", "a\\..\\x", "C:/x", "a//b", "./a", "a\x07b", "nul./x"]
)
def test_a_name_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    path = hostile_zip(tmp_path / "x.zip", (zipfile.ZipInfo(name), b"x"))
    assert any("its name" in problem for problem in told(path))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_or_in_two_cases_is_refused(tmp_path: Path) -> None:
    twice = hostile_zip(tmp_path / "a.zip", ("a", b"1"), ("a", b"2"))
    assert any("is in the zip twice" in problem for problem in told(twice))
    cases = hostile_zip(tmp_path / "b.zip", ("p/a", b"1"), ("p/A", b"2"))
    assert any("in case only" in problem for problem in told(cases))


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    entry = zipfile.ZipInfo("assessment.json")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert any("is a link" in problem for problem in told(hostile_zip(tmp_path / "x.zip", (entry, b"/etc/passwd"))))


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = hostile_zip(tmp_path / "x.zip", ("assessment.json", b"\0" * 50_000_000), compress=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 100_000
    assert [problem for problem in told(path) if "is compressed" in problem] == [
        problem for problem in told(path)[:1] if "(packs are stored; unpack it" in problem
    ]


def test_an_entry_that_lies_about_its_size_is_a_problem(pack: Path) -> None:
    path = pack.with_suffix(".zip")
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("plantproof-2026-03-02-c0ffee123456/assessment.json").header_offset
    data[start + 200] ^= 1
    path.write_bytes(bytes(data))
    assert any("cannot be read: Bad CRC-32" in problem for problem in told(path))


def commented(data: bytes) -> bytes:
    return data[:-2] + (5).to_bytes(2, "little") + b"hello"


def listed_later(data: bytes) -> bytes:
    """With four bytes between the files and their list."""
    end = len(data) - 22
    start = int.from_bytes(data[end + 16 : end + 20], "little")
    return data[:start] + b"junk" + data[start : end + 16] + (start + 4).to_bytes(4, "little") + data[end + 20 :]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda data: data + b"junk", "bytes after its end"),
        (lambda data: data + b"junk" * 10, "bytes after its end"),
        (lambda data: b"junk" + data, "bytes before its first file"),
        (commented, "a comment"),
        (listed_later, "bytes between its files and their list"),
    ],
)
def test_bytes_of_a_zip_that_belong_to_no_file_are_found(
    change: Callable[[bytes], bytes], what: str, pack: Path
) -> None:
    path = pack.with_suffix(".zip")
    path.write_bytes(change(path.read_bytes()))
    assert told(path) == [f"{path}: has {what}: no checksum covers that (unpack it and verify the folder instead)"]


def test_a_comment_on_one_file_of_a_zip_is_found(tmp_path: Path) -> None:
    entry = zipfile.ZipInfo("MANIFEST.json")
    entry.comment = b"trust me"
    assert "has a comment" in told(hostile_zip(tmp_path / "x.zip", (entry, b"x")))[0]


def test_a_file_that_a_zip_holds_but_does_not_list_is_found(tmp_path: Path) -> None:
    path = hostile_zip(tmp_path / "x.zip", ("MANIFEST.json", b"1"), ("b", b"2"), ("c", b"3"))
    with zipfile.ZipFile(path, "a") as archive:
        del archive.filelist[1]
        archive._didModify = True  # type: ignore[attr-defined]  # writes the list anew
    assert "has bytes between its files" in told(path)[0]


def test_a_zip_that_was_written_as_a_stream_is_fine(pack: Path, tmp_path: Path) -> None:
    """Each size follows its file then, and folders have entries of their own."""

    class Stream(io.BytesIO):
        def seekable(self) -> bool:
            return False

    stream = Stream()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.mkdir("p")
        for path in sorted(pack.rglob("*")):
            if path.is_file():
                archive.writestr(f"p/{path.relative_to(pack).as_posix()}", path.read_bytes())
    (tmp_path / "x.zip").write_bytes(stream.getvalue())
    assert told(tmp_path / "x.zip") == []


def test_entries_that_overlap_are_refused(tmp_path: Path) -> None:
    path = hostile_zip(tmp_path / "x.zip", ("aaaa", b"x" * 1000), ("bbbb", b"y" * 1000))
    data = path.read_bytes()
    central = data.index(b"PK\x01\x02")
    grown = data[:central] + data[central:].replace((1000).to_bytes(4, "little"), (2000).to_bytes(4, "little"))
    path.write_bytes(grown)
    assert any("overlap" in problem for problem in told(path))


@pytest.mark.parametrize("name", ["a/b.html", "MANIFEST.json", "html/zones/x.y/z.html", "narrative/scope.md"])
def test_plain_names_are_fine(name: str) -> None:
    assert unsafe_name(name) == ""


def test_the_example_adds_up() -> None:
    assert totals_problems(example(), "assessment.json") == []


def patched(path: Path, name: str, at: int, value: bytes) -> list[str]:
    """What is told of a zip of which the header before one file says something else."""
    with zipfile.ZipFile(path) as archive:
        begin = next(each.header_offset for each in archive.infolist() if each.filename.endswith(name)) + at
    data = path.read_bytes()
    path.write_bytes(data[:begin] + value + data[begin + len(value) :])
    return told(path)


@pytest.mark.parametrize(
    ("at", "value"),
    [(8, b"\x08\0"), (18, b"\x05\0\0\0"), (22, b"\x05\0\0\0"), (14, b"\0\0\0\0"), (18, b"\xff" * 8)],
    ids=["method", "packed", "size", "checksum", "long sizes"],
)
def test_a_zip_that_shows_another_file_to_who_reads_it_from_its_beginning_is_found(
    at: int, value: bytes, pack: Path
) -> None:
    (found,) = patched(pack.with_suffix(".zip"), "gaps.csv", at, value)
    assert "a file that is another where it lies than in its list" in found


def test_a_second_name_of_a_file_of_a_zip_is_found(tmp_path: Path) -> None:
    """Info-ZIP and others unpack under the name in this field."""
    entry = zipfile.ZipInfo("MANIFEST.json")
    name = b"\1" + (0).to_bytes(4, "little") + b"html/else.html"
    entry.extra = (0x7075).to_bytes(2, "little") + len(name).to_bytes(2, "little") + name
    assert "in the field 0x7075" in told(hostile_zip(tmp_path / "x.zip", (entry, b"x")))[0]


def test_an_empty_folder_of_a_zip_that_leads_out_of_it_is_found(tmp_path: Path) -> None:
    path = hostile_zip(tmp_path / "x.zip", ("MANIFEST.json", b"x"), (zipfile.ZipInfo("../up/"), b""))
    assert told(path) == ["'../up/': its name leads out of the pack or is no plain relative path"]


def test_a_zip_whose_end_counts_fewer_files_is_found(pack: Path) -> None:
    path = pack.with_suffix(".zip")
    data = path.read_bytes()
    path.write_bytes(data[:-14] + b"\1\0\1\0" + data[-10:])
    assert "has another number of files in its end than in its list" in told(path)[0]


@pytest.mark.parametrize("name", ["assessment.json", "MANIFEST.json"])
def test_a_thing_said_twice_is_found_though_all_hashes_fit(name: str, pack: Path) -> None:
    """Programs differ in which of two titles they take; ours takes the last."""
    file = pack / name
    file.write_bytes(file.read_bytes().replace(b"{", b'{"title": "Certified",', 1))
    resum(pack) if name == "assessment.json" else resum_manifest(pack)
    assert told(pack) == [f"{name}: says more than Plantproof wrote, or a thing twice"]


def resum_manifest(pack: Path) -> None:
    """The checksum of the manifest made to fit it as it is."""
    lines = [line for line in (pack / "SHA256SUMS").read_text().splitlines() if not line.endswith("  MANIFEST.json")]
    digest = hashlib.sha256((pack / "MANIFEST.json").read_bytes()).hexdigest()
    (pack / "SHA256SUMS").write_text("\n".join([*lines, f"{digest}  MANIFEST.json"]) + "\n")
