"""Long lists that wait in a file: they are what they were, and what there is no room for is not lost."""

from __future__ import annotations

import errno
from typing import Any

import msgspec
import pytest
from tests.support.assessment_example import example

from plantproof.cli import laid_aside
from plantproof.cli.concluded import Concluded, apart
from plantproof.cli.laid_aside import LaidAside
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.model.long_lists import LongList, NotKeptError, Part


def concluded(gaps: int = 3) -> Concluded:
    """What a site came to, with so many gaps and the example's assets."""
    found = example()
    many = [msgspec.structs.replace(found.gaps[0], id=f"gap-{number}") for number in range(gaps)]
    site = found.sites[0]
    return apart(SiteConclusions(site=site, frameworks=[], policies=[], gaps=many, causes=[]))


def bytes_of(found: Concluded) -> tuple[bytes, bytes]:
    return found.lists.gaps.json(), found.lists.assets.json()


class Full:
    """A file on a disk that takes so many bytes and no more."""

    def __init__(self, file: Any, room: int, *, short: bool) -> None:
        self._file, self._room, self._short = file, room, short

    def write(self, data: bytes) -> int:
        if len(data) > self._room:
            if not self._short:
                raise OSError(errno.ENOSPC, "No space left on device")
            data = data[: self._room]
        self._room -= len(data)
        return int(self._file.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def test_they_are_read_as_they_were_and_are_held_no_more() -> None:
    aside = LaidAside()
    both = [concluded(3), concluded(5)]
    found = [aside.without_lists(each) for each in both]
    for before, after in zip(both, found, strict=True):
        assert (dict(after.lists.gaps.held), dict(after.lists.assets.held)) == ({}, {})
        for _ in range(2):
            assert bytes_of(after) == bytes_of(before)
        assert after.gaps() == before.gaps()
        assert after.lists.weighed == before.lists.weighed
        assert after.whole() == before.whole()


def test_what_was_never_laid_aside_is_not_there() -> None:
    aside = LaidAside()
    found = aside.without_lists(concluded())
    other = LongList([Part("other", 3, [])], {}, found.lists.gaps._read)
    with pytest.raises(NotKeptError):
        other.json()


@pytest.mark.parametrize("short", [False, True], ids=["refused", "half written"])
def test_what_the_disk_has_no_room_for_is_held(short: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    before = concluded()
    sizes = [len(data) for data in before.lists.gaps.held.values()]
    file = laid_aside.tempfile.TemporaryFile

    def full(**given: Any) -> Any:
        return Full(file(**given), sum(sizes) + 10, short=short)

    monkeypatch.setattr(laid_aside.tempfile, "TemporaryFile", full)
    found = LaidAside().without_lists(before)
    assert not found.lists.gaps.held
    assert found.lists.assets.held == before.lists.assets.held
    assert bytes_of(found) == bytes_of(before)


def test_a_disk_that_has_no_file_at_all_is_no_reason_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**given: Any) -> Any:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(laid_aside.tempfile, "TemporaryFile", refused)
    before = concluded()
    assert bytes_of(LaidAside().without_lists(before)) == bytes_of(before)
