"""What all tests share: where the real exports of other people's tools lie, and that no property is timed."""

from __future__ import annotations

import os
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
