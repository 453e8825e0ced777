"""Sites that are asked for together: each as it would be by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.devices import Plan
from benchmarks.growth import Grown
from benchmarks.synthetic import write_project

from plantproof.cache import Cache
from plantproof.cli.assessing import open_at
from plantproof.cli.kept_ahead import KeptAhead
from plantproof.cli.start import run
from plantproof.policies.worker import engine_version

DAY = "2026-06-02"
SITES = [f"site-{number:03}" for number in range(5)]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five small sites, kept as they are at the first commit; the second changes one."""
    folder = tmp_path_factory.mktemp("synthetic") / "plant"
    plan = Plan(50, 5, "B", 3)
    write_project(folder, plan)
    Grown(folder, plan).change_records(1, site=3)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PLANTPROOF_CACHE_DIR", str(folder.parent / "cache"))
        arguments = ["check", "-C", str(folder), "--at", "HEAD~1", "--date", DAY, "-q", "--cache", "--exit-zero"]
        assert run(arguments) == 0
    return folder


@pytest.mark.parametrize("ref", ["HEAD~1", "HEAD"])
@pytest.mark.parametrize("on", [DAY, "2030-01-01"])
@pytest.mark.parametrize("lists", [True, False])
def test_all_together_are_what_each_is(grown: Path, ref: str, on: str, lists: bool) -> None:
    opened = open_at(grown, ref, on, "pinned")
    kept = KeptAhead(Cache(grown.parent / "cache"), opened.project, ("regorus", engine_version()))
    names = kept.looked_up(SITES, on)
    found = dict(kept.load_all(names, lists=lists))
    assert found == {site: kept.load(site, on) for site in SITES}
    there = [site for site, each in found.items() if each]
    assert there == ([] if on != DAY else SITES if ref == "HEAD~1" else [each for each in SITES if each != "site-003"])
    assert [site for site, name in names.items() if name] == there
    held = [bool(each.lists.assets.held) for each in found.values() if each]
    assert held == [lists for _ in there]


def test_a_damaged_one_is_none(grown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_at(grown, "HEAD~1", DAY, "pinned")
    kept = KeptAhead(Cache(grown.parent / "cache"), opened.project, ("regorus", engine_version()))
    get = Cache.get
    spoilt = kept.looked_up(SITES, DAY)["site-002"]
    monkeypatch.setattr(Cache, "get", lambda self, kind, key: b"x" if key == spoilt else get(self, kind, key))
    found = dict(kept.load_all(kept.looked_up(SITES, DAY), lists=True))
    assert [site for site, each in found.items() if each is None] == ["site-002"]


def test_one_of_which_a_part_is_damaged_is_none(grown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_at(grown, "HEAD~1", DAY, "pinned")
    kept = KeptAhead(Cache(grown.parent / "cache"), opened.project, ("regorus", engine_version()))
    whole = kept.load("site-002", DAY)
    assert whole is not None
    spoilt = whole.lists.assets.parts[0].name
    get = Cache.get
    monkeypatch.setattr(Cache, "get", lambda self, kind, key: None if key == spoilt else get(self, kind, key))
    names = kept.looked_up(SITES, DAY)
    assert [site for site, each in kept.load_all(names, lists=True) if each is None] == ["site-002"]
    assert [site for site, each in kept.load_all(names, lists=False) if each is None] == []
    assert kept.with_lists(whole) is None
