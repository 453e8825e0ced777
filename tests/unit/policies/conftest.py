"""One engine for all tests of a session: starting a worker takes a tenth of a second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.protocol import Limits
from plantproof.policies.worker import Workers


@pytest.fixture(scope="session")
def engine() -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine(Limits(seconds=20)) as started:
        yield started


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    with Workers(Limits(seconds=20)) as started:
        yield started
