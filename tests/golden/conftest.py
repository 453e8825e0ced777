"""Golden files are reviewed like code: `pytest tests/golden --update-golden`, then read the diff."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent / "files"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew instead of comparing")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """Compare with a golden file, or write it. Known only where this folder is named on the command line, so
    PLANTPROOF_UPDATE_GOLDEN=1 says the same everywhere."""
    update = request.config.getoption("--update-golden", default=False) or os.environ.get("PLANTPROOF_UPDATE_GOLDEN")

    def compare(name: str, data: bytes) -> None:
        path = FOLDER / name
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        assert path.read_bytes().decode() == data.decode()

    return compare
