"""The shipped content as this checkout has it: policies as a bundle, the text of their files."""

from __future__ import annotations

from pathlib import Path

import pytest

from plantproof.bundled import Content, read_content
from plantproof.model.policy import Bundle
from plantproof.policies.bundle import load_bundle


@pytest.fixture(scope="session")
def content(root: Path) -> Content:
    return read_content(root, "test")


@pytest.fixture(scope="session")
def bundle(content: Content) -> Bundle:
    return load_bundle(content)
