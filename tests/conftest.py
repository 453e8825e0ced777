"""What all tests share: where the real exports of other people's tools lie."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


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
