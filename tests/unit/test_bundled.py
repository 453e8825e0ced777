"""The content of an installation: which files it is, and its digest."""

from __future__ import annotations

import hashlib
from pathlib import Path

import hatch_build
import pytest

from plantproof import __version__
from plantproof.bundled import CONTENT_FOLDERS, NOT_SHIPPED, bundled_content, content_hash, is_content, read_content
from plantproof.errors import InputError
from plantproof.sample import reference


def test_content_of_the_checkout_is_its_root(root: Path) -> None:
    content = bundled_content()
    assert content.version == __version__
    assert "controls/catalogs/iec62443-3-3.yaml" in content.files
    path = content.list("policies")[0]
    assert content.read(path) == (root / path).read_bytes()
    assert content.exists(path)
    assert content.origin(path) == "content"
    with pytest.raises(InputError, match="no such file"):
        content.read("policies/none.rego")


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("policies/zones/a/a.rego", True),
        ("policies/zones/a/a_test.rego", True),
        ("policies/README.md", False),
        ("policies/zones/.a.rego.swp", False),
        ("policies/zones/a.rego~", False),
        ("controls/sites/a.yaml", False),
        ("controls/catalogs", False),
        ("reports/packs/audit.yaml", True),
        ("evidence/a/x.csv", False),
    ],
)
def test_what_is_content(path: str, wanted: bool) -> None:
    assert is_content(path) == wanted


def test_hash_is_over_sorted_paths_and_bytes() -> None:
    one, two = (hashlib.sha256(data).hexdigest() for data in (b"1", b"2"))
    expected = hashlib.sha256(f"a\0{one}\nb\0{two}\n".encode()).hexdigest()
    assert content_hash({"b": b"2", "a": b"1"}) == expected


def test_hash_moves_with_a_byte_a_name_and_a_file() -> None:
    hashes = {content_hash(files) for files in ({"a": b"1"}, {"a": b"2"}, {"b": b"1"}, {"a": b"1", "b": b""}, {})}
    assert len(hashes) == 5


def test_readme_is_no_part_of_the_content(tmp_path: Path) -> None:
    for path in ("policies/a.rego", "policies/README.md", "policies/.hidden", "controls/sites/x.yaml"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    assert read_content(tmp_path, "1").list() == ["policies/a.rego"]


class _Hook(hatch_build.ContentHook):
    def __init__(self, root: Path, target: str) -> None:
        super().__init__(str(root), {}, None, None, str(root), target)  # what hatchling passes


@pytest.mark.parametrize(
    ("target", "version", "wanted"), [("wheel", "standard", 2), ("wheel", "editable", 0), ("sdist", "standard", 0)]
)
def test_only_standard_wheels_carry_the_content(tmp_path: Path, target: str, version: str, wanted: int) -> None:
    for path in ("policies/a/a.rego", "mappers/b.yaml", "evidence/works/switches/records/asset.jsonl"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    build_data: dict[str, dict[str, str]] = {"force_include": {}}
    _Hook(tmp_path, target).initialize(version, build_data)
    assert len(build_data["force_include"]) == wanted
    assert all(place.startswith("plantproof/content/") for place in build_data["force_include"].values())


def test_a_standard_wheel_carries_the_sample_apart_from_the_content(tmp_path: Path) -> None:
    """What its story is told from, and nothing that is made of it."""
    sample = ["plantproof.yaml", "controls/sites/works.yaml", "evidence/works/switches/raw/sw.cfg", *NOT_SHIPPED]
    for path in (*sample, "evidence/README.md", "evidence/works/switches/custody.yaml"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    build_data: dict[str, dict[str, str]] = {"force_include": {}}
    _Hook(tmp_path, "wheel").initialize("standard", build_data)
    assert build_data["force_include"] == {
        str(tmp_path / path): f"plantproof/sample/project/{path}" for path in sorted(sample)
    }


def test_hook_and_package_agree_on_what_is_shipped() -> None:
    assert hatch_build.CONTENT_FOLDERS == CONTENT_FOLDERS
    assert hatch_build.SAMPLE_FOLDERS == reference.FOLDERS
    assert hatch_build.SAMPLE == reference.PATTERN
