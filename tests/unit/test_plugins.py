"""Plugins: added beside what is built in, never instead of it, loaded when asked for, named in the pack."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support import exports

from plantproof.errors import InputError
from plantproof.plugins import load_table, plugin_names

BUILT_IN = {"nozomi": "tests.support.exports", "csv": "tests.support.exports:REGISTER"}


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path in which `install` puts packages."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def install(folder: Path, package: str, points: str, module: str = "PART = 'from outside'\n") -> None:
    name = package.replace("-", "_")
    (folder / f"{name}.py").write_text(module)
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[plantproof.collectors]\n{points}\n")
    importlib.invalidate_caches()


def test_without_plugins_the_built_in_table_sorted() -> None:
    table = load_table("plantproof.collectors", BUILT_IN)
    assert list(table) == ["csv", "nozomi"]
    assert table["nozomi"] is exports
    assert table["csv"] is exports.REGISTER
    assert "other" not in table


def test_plugin_stands_beside_what_is_built_in(installed: Path) -> None:
    install(installed, "acme-collector", "acme = acme_collector:PART")
    table = load_table("plantproof.collectors", BUILT_IN)
    assert list(table) == ["acme", "csv", "nozomi"]
    assert len(table) == 3
    assert table["acme"] == "from outside"
    assert "acme (acme-collector 1.0)" in plugin_names()


def test_plugin_is_imported_when_asked_for_only(installed: Path) -> None:
    install(installed, "late-collector", "late = late_collector:PART")
    table = load_table("plantproof.collectors", BUILT_IN)
    assert "late_collector" not in sys.modules
    assert table["late"] == "from outside"
    assert "late_collector" in sys.modules


def test_plugin_cannot_take_the_place_of_a_built_in_part(installed: Path) -> None:
    install(installed, "evil-collector", "nozomi = evil_collector:PART\ncsv = evil_collector:PART")
    with pytest.raises(InputError) as caught:
        load_table("plantproof.collectors", BUILT_IN)
    assert [problem.message for problem in caught.value.problems] == [
        "the package evil-collector brings `csv`, which is built in",
        "the package evil-collector brings `nozomi`, which is built in",
    ]


def test_two_plugins_of_one_name(installed: Path) -> None:
    install(installed, "one-collector", "acme = one_collector:PART")
    install(installed, "two-collector", "acme = two_collector:PART")
    with pytest.raises(InputError, match="`acme` comes from one-collector and from two-collector"):
        load_table("plantproof.collectors", BUILT_IN)


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("raising", "raise SystemError('broken')"),
        ("missing", "import nowhere_at_all"),
        ("malformed", "x = = 1"),
        ("empty", ""),
    ],
)
def test_broken_plugin_is_named(installed: Path, name: str, module: str) -> None:
    install(installed, f"{name}-plugin", f"broken = {name}_plugin:PART", module)
    table = load_table("plantproof.collectors", BUILT_IN)
    with pytest.raises(InputError, match=rf"the plugin broken \({name}-plugin 1\.0\) cannot be loaded"):
        table["broken"]


def test_metadata_is_not_imported_before_it_is_needed(root: Path) -> None:
    program = "import sys, plantproof.plugins\nassert 'importlib.metadata' not in sys.modules\n"
    subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(root / 'src')!r})\n{program}"], check=True
    )
