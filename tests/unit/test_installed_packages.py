"""What is installed, as the folders of packages tell it: what `importlib.metadata` says, and sooner."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.metadata import MetadataPathFinder, distributions, version
from pathlib import Path

import pytest

from plantproof.installed_packages import installed, may_bring, version_of


@pytest.fixture(autouse=True)
def finders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only those that Python begins with: other tests load packages that bring a finder of their own, and take from
    Python's what that one does."""
    own = ("BuiltinImporter", "FrozenImporter", "PathFinder")
    monkeypatch.setattr(sys, "meta_path", [each for each in sys.meta_path if getattr(each, "__name__", "") in own])
    find = staticmethod(MetadataPathFinder.find_distributions)
    monkeypatch.setattr(PathFinder, "find_distributions", find, raising=False)


def package(folder: Path, name: str, points: str = "") -> None:
    (folder / name).mkdir(parents=True)
    if points:
        (folder / name / "entry_points.txt").write_text(points)


@pytest.mark.parametrize("name", ["gordon-to-regorus", "msgspec", "click"])
def test_versions_are_those_of_the_packages(name: str) -> None:
    assert version_of(name) == version(name)


def test_every_package_is_found() -> None:
    assert {each.name for each in installed()} >= {
        path.name for each in distributions() if (path := getattr(each, "_path", None)) and path.parent.is_dir()
    }


def test_a_package_that_is_not_there_has_no_version() -> None:
    with pytest.raises(LookupError, match="no-such-package"):
        version_of("no-such-package")


def test_a_package_of_which_only_its_own_words_tell_the_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(tmp_path, "acme_tool.egg-info")
    (tmp_path / "acme_tool.egg-info" / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: acme-tool\nVersion: 3.1\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(tmp_path / "nowhere")])
    assert version_of("acme-tool") == "3.1"


@pytest.mark.parametrize(
    ("points", "brings"),
    [
        ("[plantproof.collectors]\nx = acme:x\n", True),
        ("[console_scripts]\nacme = acme:main\n\n[ plantproof.reporters ]\nx = acme:x\n", True),
        ("[console_scripts]\nplantproof.collectors = acme:main\n", False),
        ("", False),
    ],
)
def test_whether_a_package_brings_anything(
    points: str, brings: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(tmp_path, "acme-1.0.dist-info", points)
    package(tmp_path, "other-1.0.egg-info")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert may_bring("plantproof.") is brings


def test_what_lies_in_an_archive_or_is_found_otherwise_may_bring_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert not may_bring("plantproof.")

    class Finder:
        def find_distributions(self) -> list[object]:
            return []

    with monkeypatch.context() as patched:
        patched.setattr(sys, "meta_path", [*sys.meta_path, Finder()])
        assert may_bring("plantproof.")
    (tmp_path / "packages.zip").write_bytes(b"PK")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "packages.zip")])
    assert may_bring("plantproof.")
