"""What takes too long is ended, once; what is done in time never is."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from plantproof import deadlines
from plantproof.deadlines import ended_after


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Looks of their own, often, by a thread that ends soon."""
    monkeypatch.setattr(deadlines, "PERIOD", 0.005)
    monkeypatch.setattr(deadlines, "IDLE", 2)
    monkeypatch.setattr(deadlines, "_WATCH", deadlines._Watch())
    yield
    waited_for(lambda: not watching())


def watching() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each is deadlines._WATCH._thread]


def waited_for(what: object) -> None:
    assert callable(what)
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_what_takes_too_long_is_ended_once() -> None:
    ended = threading.Event()
    calls: list[float] = []

    def end() -> None:
        calls.append(time.monotonic())
        ended.set()

    begun = time.monotonic()
    with ended_after(0.05, end) as deadline:
        assert ended.wait(30)
    assert deadline.passed
    assert len(calls) == 1
    assert calls[0] - begun >= 0.05


def test_what_is_done_in_time_is_never_ended() -> None:
    ended: list[str] = []
    with ended_after(0.02, lambda: ended.append("first")) as first:
        pass
    with ended_after(0.1, lambda: ended.append("second")) as second:
        waited_for(lambda: second.passed)
    assert (first.passed, ended) == (False, ["second"])


def test_each_has_its_own_time() -> None:
    ended: list[str] = []
    with (
        ended_after(300, lambda: ended.append("late")) as late,
        ended_after(0.02, lambda: ended.append("soon")) as soon,
    ):
        waited_for(lambda: soon.passed)
    assert (late.passed, ended) == (False, ["soon"])


def test_one_that_cannot_be_ended_leaves_the_others_watched_over() -> None:
    def fails() -> None:
        raise ProcessLookupError

    ended = threading.Event()
    with ended_after(0.01, fails) as first, ended_after(0.05, ended.set):
        assert ended.wait(30)
    assert first.passed


def test_an_error_inside_is_not_swallowed() -> None:
    ended: list[str] = []
    with pytest.raises(OSError, match="gone"), ended_after(300, lambda: ended.append("x")):
        raise OSError("gone")
    assert deadlines._WATCH._open == set()
    assert ended == []


def test_one_thread_watches_over_all_and_ends_where_there_is_nothing_to_watch() -> None:
    with ended_after(300, list), ended_after(300, list):
        assert len(watching()) == 1
        time.sleep(10 * deadlines.PERIOD)
        assert len(watching()) == 1
    waited_for(lambda: not watching())
    with ended_after(0.02, list) as again:
        waited_for(lambda: again.passed)


def test_the_thread_rests_when_it_is_told_to_but_for_what_is_watched_over() -> None:
    deadlines.rest()
    ended: list[str] = []
    with ended_after(0.1, lambda: ended.append("late")) as late:
        deadlines.rest()
        assert len(watching()) == 1
        waited_for(lambda: late.passed)
    deadlines.rest()
    assert [each for each in threading.enumerate() if each.name == "deadlines"] == []
    with ended_after(0.02, lambda: ended.append("again")) as again:
        waited_for(lambda: again.passed)
    assert ended == ["late", "again"]
