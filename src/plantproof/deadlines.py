"""An end to what takes too long. One thread watches over all of it: to start one for each call takes longer than most
calls do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

PERIOD = 0.05
"""Seconds between two looks: by so much more something may take."""

IDLE = 40
"""Looks at nothing after which the thread ends."""


class Deadline:
    """When something has to be done, and how it is ended else; `passed` says that it was ended."""

    def __init__(self, seconds: float, end: Callable[[], None]) -> None:
        self.at = time.monotonic() + seconds
        self.end = end
        self.passed = False


class _Watch:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[Deadline] = set()
        self._thread: threading.Thread | None = None
        self._leaving = threading.Event()

    def add(self, deadline: Deadline) -> None:
        with self._lock:
            self._open.add(deadline)
            if self._thread is None or not self._thread.is_alive():
                self._leaving = threading.Event()
                self._thread = threading.Thread(target=self._run, args=[self._leaving], name="deadlines", daemon=True)
                self._thread.start()

    def remove(self, deadline: Deadline) -> None:
        with self._lock:
            self._open.discard(deadline)

    def rest(self) -> None:
        """End the thread, where nothing is watched over."""
        with self._lock:
            if self._open or self._thread is None:
                return
            thread, self._thread = self._thread, None
            self._leaving.set()
        thread.join()

    def _run(self, leaving: threading.Event) -> None:
        idle = 0
        while not leaving.wait(PERIOD):
            with self._lock:
                idle = 0 if self._open else idle + 1
                if idle > IDLE:
                    self._thread = None
                    return
                now = time.monotonic()
                for late in [each for each in self._open if each.at <= now]:
                    self._open.discard(late)
                    late.passed = True
                    with suppress(Exception):  # what cannot be ended may have ended; the others are still watched over
                        late.end()  # locked: what is done in time is never ended afterwards


_WATCH = _Watch()


def rest() -> None:
    """End the thread that watches, where nothing is watched over: the next thing to be ended starts another."""
    _WATCH.rest()


@contextmanager
def ended_after(seconds: float, end: Callable[[], None]) -> Iterator[Deadline]:
    """What is done inside has so many seconds; then `end` is called, by another thread, and the deadline has passed.
    `end` returns at once."""
    deadline = Deadline(seconds, end)
    _WATCH.add(deadline)
    try:
        yield deadline
    finally:
        _WATCH.remove(deadline)
