"""What all tests share: where the real exports of other people's tools lie, that no property is timed, and that no test
finds what an earlier one or the user's own runs left in the cache."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("untimed", settings.get_profile(settings.get_current_profile_name()), deadline=None)
settings.load_profile("untimed")  # a busy machine is no mistake


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root: itself a compliance project."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real exports (not part of this repository). Absent, the tests on it are skipped, but never in
    CI."""
    folder = Path(os.environ.get("PLANTPROOF_REAL_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        message = f"no real exports at {folder}; set PLANTPROOF_REAL_DATA"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def _caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("caches")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, _caches: Iterator[Path]) -> Path:
    """The folder of the cache: one for each test, which nobody has used."""
    folder = next(_caches)
    monkeypatch.setenv("PLANTPROOF_CACHE_DIR", str(folder))
    return folder
