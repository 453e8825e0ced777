"""`check` after a policy was edited: what is known of the others stands, and the bytes are those of judging it all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from benchmarks.devices import Plan
from benchmarks.growth import Grown
from benchmarks.synthetic import write_project

from plantproof import pipeline
from plantproof.cache import Cache
from plantproof.cli import asked_sites, sites
from plantproof.cli.kept_sites import JUDGED
from plantproof.cli.start import run
from plantproof.mappers.conclusions import SiteConclusions

DAY = "2026-06-02"


def three_sites(tmp_path_factory: pytest.TempPathFactory) -> Grown:
    """A small plant in its first state."""
    folder, plan = tmp_path_factory.mktemp("synthetic") / "plant", Plan(60, 3, "B", 3)
    write_project(folder, plan)
    return Grown(folder, plan)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small sites: a policy is edited, then a device updated."""
    growing = three_sites(tmp_path_factory)
    growing.edit_policy()
    growing.change_records(1, site=1)
    return growing.folder


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What became of the sites: asked again, or judged as a whole."""
    told: list[str] = []
    ask, judge = asked_sites.ask_again, pipeline.judge_site

    def asking(before: SiteConclusions, *what: Any, **how: Any) -> Any:
        found = ask(before, *what, **how)
        told.append(f"{before.site.id} {'asked' if found else 'not asked'}")
        return found

    def judging(tree: Any, file: Any, judged: Any, site: str, **how: Any) -> SiteConclusions:
        told.append(f"{site} judged")
        return judge(tree, file, judged, site, **how)

    monkeypatch.setattr(asked_sites, "ask_again", asking)
    monkeypatch.setattr(pipeline, "judge_site", judging)
    return told


def checked(plant: Path, ref: str, *options: str) -> tuple[int, bytes, bytes]:
    """Exit code and report."""
    reports = [plant.parent / "report.json", plant.parent / "report.txt"]
    command = ["check", "-C", str(plant), "--at", ref, "--date", DAY, "-q", *options]
    for name, path in zip(("json", "text"), reports, strict=True):
        command += ["--format", name, "--output", str(path)]
    code = run(command)
    return code, reports[0].read_bytes(), reports[1].read_bytes()


ASKED = [f"site-{number:03} asked" for number in range(3)]


def test_only_the_edited_policy_is_asked(plant: Path, asked: list[str]) -> None:
    checked(plant, "HEAD~2", "--cache")
    expected = checked(plant, "HEAD~1", "--no-cache")
    asked.clear()
    assert checked(plant, "HEAD~1", "--cache") == expected
    assert asked == ASKED
    assert expected != checked(plant, "HEAD~2", "--no-cache"), "the edit moves something"


@pytest.mark.parametrize("known", [[], ["--format", "json", "--output", "other.json"]])
def test_a_gate_or_json_alone(plant: Path, asked: list[str], known: list[str], tmp_path: Path) -> None:
    named = [word.replace("other", str(tmp_path / "other")) for word in known]
    command = ["check", "-C", str(plant), "--date", DAY, "-q", "--at"]
    assert run([*command, "HEAD~2", "--cache", *named]) == 1
    asked.clear()
    assert run([*command, "HEAD~1", "--cache", *named]) == 1
    assert asked == ASKED
    if known:
        found = (tmp_path / "other.json").read_bytes()
        assert run([*command, "HEAD~1", "--no-cache", *named]) == 1
        assert (tmp_path / "other.json").read_bytes() == found


def test_what_was_asked_is_known_in_the_next_run(plant: Path, asked: list[str]) -> None:
    for ref in ("HEAD~2", "HEAD~1"):
        checked(plant, ref, "--cache")
    asked.clear()
    expected = checked(plant, "HEAD", "--no-cache")
    asked.clear()
    assert checked(plant, "HEAD", "--cache") == expected
    assert asked == [], "the site that changed is carried over from there"


def test_several_processes_ask_too(plant: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    checked(plant, "HEAD~2", "--cache")
    expected = checked(plant, "HEAD~1", "--no-cache")
    monkeypatch.setattr(sites, "WORTHWHILE", 0)
    asked.clear()
    assert checked(plant, "HEAD~1", "--cache", "--jobs", "2") == expected
    assert asked == [], "not in this process"


def test_a_part_that_is_gone_is_judged_again(plant: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    checked(plant, "HEAD~2", "--cache")
    expected = checked(plant, "HEAD~1", "--no-cache")
    asked.clear()
    get = Cache.get
    monkeypatch.setattr(Cache, "get", lambda self, kind, key: None if kind == "piece" else get(self, kind, key))
    assert checked(plant, "HEAD~1", "--cache") == expected
    assert asked == [f"site-{number:03} judged" for number in range(3)]


def test_what_is_known_under_another_judge_that_is_damaged_says_nothing(
    plant: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(plant, "HEAD~2", "--cache")
    expected = checked(plant, "HEAD~1", "--no-cache")
    asked.clear()
    get = Cache.get
    monkeypatch.setattr(Cache, "get", lambda self, kind, key: b"{" if kind == JUDGED else get(self, kind, key))
    assert checked(plant, "HEAD~1", "--cache") == expected
    assert asked == [f"site-{number:03} judged" for number in range(3)]


def test_text_reads_no_gap_of_a_site_that_did_not_change(
    plant: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    command = ["check", "-C", str(plant), "--date", DAY, "-q", "--at"]
    assert run([*command, "HEAD~1", "--cache"]) == 1
    read: list[str] = []
    get = Cache.get
    monkeypatch.setattr(Cache, "get", lambda self, kind, key: (read.append(kind), get(self, kind, key))[1])
    told = []
    for cache in ("--cache", "--no-cache"):
        path = tmp_path / cache
        assert run([*command, "HEAD", cache, "--format", "text", "--output", str(path)]) == 1
        told.append(path.read_bytes())
    assert told[0] == told[1]
    of_changed = read.count("piece")
    assert run([*command, "HEAD", "--cache", "--format", "json", "--output", str(tmp_path / "all.json")]) == 1
    assert 0 < of_changed < read.count("piece") - of_changed


def test_text_of_several_processes_is_that_of_one(plant: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sites, "WORTHWHILE", 0)
    told = []
    for jobs in ("1", "2"):
        path = tmp_path / jobs
        command = ["check", "-C", str(plant), "--date", DAY, "-q", "--at", "HEAD", "--no-cache", "--jobs", jobs]
        assert run(command) == 1
        assert run([*command, "--format", "text", "--output", str(path)]) == 1
        told.append(path.read_bytes())
        every = tmp_path / f"every gap {jobs}"
        assert run([*command, "--verbose", "--format", "text", "--output", str(every)]) == 1
        told.append(every.read_bytes())
    assert told[:2] == told[2:]
    assert b"Every gap" in told[1]


@pytest.fixture(scope="module")
def grown_on(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small sites: sensors look again, a device of one is updated, and a policy is edited twice."""
    growing = three_sites(tmp_path_factory)
    growing.move_sightings()
    growing.change_records(1, site=1)
    growing.edit_policy()
    growing.edit_policy("support_not_ended")
    return growing.folder


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sites of which a plant was built to ask about an edited policy."""
    told: list[str] = []
    build = asked_sites.plant_asked_of

    def building(seen: Any, *what: Any, **how: Any) -> Any:
        told.append(seen.site)
        return build(seen, *what, **how)

    monkeypatch.setattr(asked_sites, "plant_asked_of", building)
    return told


LATER = ("--date", "2026-06-10")


def test_a_plant_is_asked_again_after_its_sources_looked_again(
    grown_on: Path, asked: list[str], built: list[str]
) -> None:
    for ref in ("HEAD~4", "HEAD~3", "HEAD~2"):
        checked(grown_on, ref, "--cache", *LATER)
    expected = [checked(grown_on, ref, "--no-cache", *LATER) for ref in ("HEAD~1", "HEAD")]
    assert [code for code, *_ in expected] == [1, 1]
    asked.clear()
    assert checked(grown_on, "HEAD~1", "--cache", *LATER) == expected[0]
    assert asked == ASKED
    assert built == ["site-001"], "a device of it is another one than when its plant was kept"
    assert checked(grown_on, "HEAD", "--cache", *LATER) == expected[1]
    assert asked == [*ASKED, *ASKED]
    assert built == ["site-001"], "it was kept then"
