"""The cache: what comes out is what went in, or nothing."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.support.git_repository import GitRepository

from plantproof.cache import Cache, cache_folder, open_cache

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such owners and links")


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    assert cache.get("memo", "k") is None
    cache.put("memo", "k", b"\x00value\n")
    assert cache.get("memo", "k") == b"\x00value\n"
    assert cache.get("other", "k") is None
    cache.put("memo", "k", b"")
    assert Cache(tmp_path / "cache").get("memo", "k") == b""


def test_kind_and_key_do_not_run_together(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.put("a", "bc", b"1")
    assert cache.get("ab", "c") is None


@given(some.data())
def test_damage_is_a_miss(tmp_path_factory: pytest.TempPathFactory, data: some.DataObject) -> None:
    folder = tmp_path_factory.mktemp("cache")
    cache = Cache(folder)
    cache.put("memo", "k", b"a value of some length")
    (entry,) = entries(folder)
    whole = entry.read_bytes()
    at = data.draw(some.integers(0, len(whole) - 1))
    cut = data.draw(some.booleans())
    entry.write_bytes(
        whole[:at] if cut else whole[:at] + bytes([whole[at] ^ data.draw(some.integers(1, 255))]) + whole[at + 1 :]
    )
    assert cache.get("memo", "k") is None
    assert entries(folder) == []


def test_entry_copied_to_another_name_is_a_miss(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("memo", "good", b"pass")
    (good,) = entries(tmp_path)
    cache.put("memo", "bad", b"fail")
    (bad,) = [entry for entry in entries(tmp_path) if entry != good]
    bad.write_bytes(good.read_bytes())
    assert cache.get("memo", "bad") is None
    assert cache.get("memo", "good") == b"pass"


def test_disabled_cache_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANTPROOF_CACHE_DIR", str(tmp_path / "cache"))
    cache = open_cache(enabled=False)
    cache.put("memo", "k", b"x")
    assert cache.get("memo", "k") is None
    assert not cache.enabled
    assert cache.trim() == 0
    assert not (tmp_path / "cache").exists()


def test_folder_is_the_users_choice_or_the_platforms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANTPROOF_CACHE_DIR", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine"
    assert open_cache().enabled
    monkeypatch.delenv("PLANTPROOF_CACHE_DIR")
    assert cache_folder().parts[-1] in ("plantproof", "Cache")


@posix
def test_linked_folder_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    cache = Cache(tmp_path / "link")
    assert not cache.enabled
    assert cache.note.endswith("is a symlink or a file")
    cache.put("memo", "k", b"x")
    assert entries(tmp_path / "real") == []


@posix
def test_folder_of_another_user_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: own + 1)
    cache = Cache(tmp_path)
    assert not cache.enabled
    assert cache.note.endswith("belongs to another user")


@posix
def test_folder_that_others_may_write_to_is_not_used(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    assert Cache(tmp_path).note.startswith("no cache: other users may write")


@posix
@pytest.mark.parametrize("name", [".git", ".git/plantproof"])
def test_the_folders_of_the_entries_are_looked_at_as_strictly(name: str, tmp_path: Path) -> None:
    Cache(tmp_path / "cache").put("memo", "k", b"x")
    within = tmp_path / "cache" / name
    within.chmod(0o770)
    assert Cache(tmp_path / "cache").note == f"no cache: other users may write to {within}"
    within.rename(tmp_path / "elsewhere")
    within.symlink_to(tmp_path / "elsewhere")
    cache = Cache(tmp_path / "cache")
    assert (cache.get("memo", "k"), cache.note) == (None, f"no cache: {within} is a symlink or a file")


def test_no_commit_brings_an_entry(tmp_path: Path) -> None:
    """Git tracks nothing of a filled cache, and what it can track is no entry, true as its digest may be."""
    work = GitRepository(tmp_path / "work")
    cache = Cache(work.folder / "cache")
    cache.put("memo", "k", b"pass")
    (entry,) = entries(work.folder / "cache")
    name, content = entry.relative_to(work.folder).as_posix(), entry.read_bytes()
    work.git("add", "--force", "--all")
    assert work.git("ls-files") == "", "not even by mistake"
    with pytest.raises(subprocess.CalledProcessError):
        work.git("update-index", "--add", "--cacheinfo", f"100644,{work.git('hash-object', '-w', name)},{name}")

    # The same bytes wherever git can have them, as entries lay once and where another folder is nearly the right one.
    folder, file = Path(name).parts[-2:]
    for place in ("bare", "plain/git/plantproof", "plain/plantproof"):
        (work.folder / place / folder).mkdir(parents=True)
        (work.folder / place / folder / file).write_bytes(content)
    work.git("add", "--force", "--all")
    assert len(work.git("ls-files").splitlines()) == 3
    assert [Cache(work.folder / name).get("memo", "k") for name in ("bare", "plain")] == [None, None]


@pytest.mark.parametrize("dot_git", [".git", ".GIT", ".Git"])
def test_git_refuses_the_commit_that_is_made_by_hand(dot_git: str, tmp_path: Path) -> None:
    """On this the place of the entries rests."""
    work = GitRepository(tmp_path / "work")
    cache = Cache(tmp_path / "cache")
    cache.put("memo", "k", b"pass")
    (entry,) = entries(tmp_path / "cache")
    folder, file = entry.parts[-2:]
    tree = f"100644 blob {work.git('hash-object', '-w', str(entry))}\t{file}"
    for name in (folder, "plantproof", dot_git, "cache"):
        tree = f"040000 tree {work.git('mktree', data=tree.encode())}\t{name}"
    commit = work.git("commit-tree", "-m", "Planted", work.git("mktree", data=tree.encode()))
    with pytest.raises(subprocess.CalledProcessError):
        work.git("checkout", "-q", commit)
    assert entries(work.folder / "cache") == []


def test_a_cache_that_was_packed_and_unpacked_elsewhere_is_read(tmp_path: Path) -> None:
    """As a pipeline restores it, also into a folder in which something lies already."""
    Cache(tmp_path / "cache").put("memo", "k", b"value")
    packed = shutil.make_archive(str(tmp_path / "packed"), "gztar", tmp_path, "cache")
    (tmp_path / "other/cache").mkdir(parents=True, mode=0o700)
    (tmp_path / "other/cache/file").write_text("x")
    shutil.unpack_archive(packed, tmp_path / "other")
    assert Cache(tmp_path / "other/cache").get("memo", "k") == b"value"


def test_folder_that_cannot_be_made_is_a_note(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    cache = Cache(tmp_path / "file" / "cache")
    assert not cache.enabled
    assert cache.note.startswith("no cache:")


def test_folder_that_goes_away_is_a_miss(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    shutil.rmtree(tmp_path / "cache")
    (tmp_path / "cache").write_text("in the way")
    cache.put("memo", "k", b"x")
    assert cache.get("memo", "k") is None


def test_two_writers_leave_whole_entries(tmp_path: Path) -> None:
    caches = [Cache(tmp_path) for _ in range(4)]
    values = [bytes([number]) * 50_000 for number in range(4)]
    seen: list[bytes | None] = []

    def work(cache: Cache, value: bytes) -> None:
        for _ in range(30):
            cache.put("memo", "k", value)
            seen.append(cache.get("memo", "k"))

    threads = [threading.Thread(target=work, args=pair) for pair in zip(caches, values, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(seen) <= set(values)
    assert [path.suffix for path in entries(tmp_path)] == [".entry"]


def test_least_recently_used_is_evicted(tmp_path: Path) -> None:
    cache = Cache(tmp_path, max_bytes=5_000)
    for number in range(10):
        cache.put("memo", str(number), b"x" * 1_000)
        os.utime(max(entries(tmp_path), key=lambda path: path.stat().st_mtime_ns), (number, number))
    cache.get("memo", "0")
    assert cache.trim() > 5_000
    kept = [number for number in range(10) if cache.get("memo", str(number)) is not None]
    assert kept == [0, 9]
    assert cache.trim() == 0


def test_a_full_disk_costs_time_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path / "cache")

    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    cache.put("memo", "k", b"value")
    assert cache.get("memo", "k") is None
    assert entries(tmp_path / "cache") == []


def test_a_folder_that_may_only_be_read_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path / "cache")
    cache.put("memo", "k", b"value")

    def refused(*given: object, **named: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    # Said by hand, for root may write everywhere.
    monkeypatch.setattr(tempfile, "mkstemp", refused)
    monkeypatch.setattr(os, "utime", refused)
    cache.put("memo", "other", b"value")
    assert (cache.get("memo", "k"), cache.get("memo", "other")) == (b"value", None)


def test_an_entry_of_another_version_is_a_miss(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.put("memo", "k", b"value")
    (entry,) = entries(tmp_path / "cache")
    entry.write_bytes(entry.read_bytes().replace(b"plantproof cache 2", b"plantproof cache 1"))
    assert cache.get("memo", "k") is None


WRITER = """
import sys
from pathlib import Path
from plantproof.cache import Cache
cache = Cache(Path(sys.argv[1]))
for number in range(200):
    cache.put("memo", f"k{number % 5}", sys.argv[2].encode() * 5000)
    found = cache.get("memo", f"k{number % 5}")
    assert found in (b"a" * 5000, b"b" * 5000), found and found[:9]
"""


def test_two_processes_that_write_the_same_leave_one_whole_entry(tmp_path: Path) -> None:
    folder = str(tmp_path / "cache")
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, folder, letter]) for letter in "ab"]
    assert [writer.wait() for writer in writers] == [0, 0]
    cache = Cache(tmp_path / "cache")
    assert all(cache.get("memo", f"k{number}") in (b"a" * 5000, b"b" * 5000) for number in range(5))
    assert len(entries(tmp_path / "cache")) == 5


def test_touched_is_what_lies_there(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    assert not cache.touch("memo", "k")
    cache.put("memo", "k", b"value")
    assert cache.touch("memo", "k")
    assert not Cache(None).touch("memo", "k")


@settings(max_examples=30)
@given(some.data())
def test_a_stream_gives_what_get_gives(tmp_path_factory: pytest.TempPathFactory, data: some.DataObject) -> None:
    cache = Cache(tmp_path_factory.mktemp("cache"))
    payload = data.draw(some.binary(max_size=2000))
    cache.put("site", "a", payload)
    block = memoryview(bytearray(data.draw(some.integers(1, 500))))
    assert b"".join(bytes(part) for part in cache.stream("site", "a", block)) == payload
    assert cache.size("site", "a") == len(payload)


@settings(max_examples=30)
@given(some.data())
def test_a_damaged_stream_ends_with_an_error(tmp_path_factory: pytest.TempPathFactory, data: some.DataObject) -> None:
    folder = tmp_path_factory.mktemp("cache")
    cache = Cache(folder)
    cache.put("site", "a", b"0123456789" * 20)
    path = next(path for path in folder.rglob("*") if path.is_file())
    whole = path.read_bytes()
    place = data.draw(some.integers(0, len(whole) - 1))
    damaged = data.draw(
        some.sampled_from([whole[:place], whole + b"x", whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]])
    )
    path.write_bytes(damaged)
    with pytest.raises(LookupError):
        list(cache.stream("site", "a", memoryview(bytearray(64))))
    assert cache.get("site", "a") is None
    assert not path.exists()


def test_a_stream_of_nothing_is_an_error(tmp_path: Path) -> None:
    for cache in (Cache(None), Cache(tmp_path / "cache")):
        with pytest.raises(LookupError):
            list(cache.stream("site", "a", memoryview(bytearray(64))))
        assert cache.size("site", "a") is None
