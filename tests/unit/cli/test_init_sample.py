"""`plantproof init --sample`: the same repository everywhere, whole or not at all, and each chapter does what it
says."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from plantproof.cli.start import run
from plantproof.git import Repository
from plantproof.git_command import GitError, run_git
from plantproof.git_import import NewCommit, Signature
from plantproof.git_opening import open_repository
from plantproof.model.assessment import Assessment, Provenance
from plantproof.pipeline import assess, load_judge
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.project import Project, open_project

CHAPTERS = (
    "01-baseline",
    "02-accounts-and-backups",
    "03-statements",
    "04-waiver",
    "05-new-device",
    "06-laboratory-rule",
    "07-laboratory-merged",
    "08-patch",
    "09-clocks",
    "10-unapproved-change",
    "11-statements-of-october",
    "12-only-sightings",
    "13-path-closed",
    "14-statements-of-the-quarter",
    "15-second-site",
    "16-cleanup",
    "17-recipes-proposed",
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "plants"
    assert run(["init", "--quiet", "--sample", str(folder)]) == 0
    return folder


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short story, where only the command is looked at."""
    ada = Signature("Ada Plant <ada@plant.example>", "2026-01-02T03:04:05Z")
    commit = NewCommit(branch="main", parents=(), by=ada, message="Begin\n", tag="", files={})
    monkeypatch.setattr("plantproof.sample.history.tell", lambda *_: [commit])


@pytest.fixture(scope="module")
def repository(sample: Path) -> Repository:
    return open_repository(sample)


def git(folder: Path, *arguments: str) -> list[str]:
    return run_git(folder, arguments).decode().splitlines()


# The repository.


def test_its_main_branch_is_the_reference_project_byte_for_byte(sample: Path, root: Path) -> None:
    """Records, custody and identities too: those in the repository come from telling the story."""
    content = ("controls/catalogs/", "controls/profiles/")
    here = (path for folder in ("controls", "evidence") for path in (root / folder).rglob("*") if path.is_file())
    paths = {path.relative_to(root).as_posix() for path in here if path.name != "README.md"}
    paths = {path for path in paths if not path.startswith(content)}
    paths |= {"plantproof.yaml", "controls/profiles/northmill-ot.yaml"}
    listed = set(git(sample, "ls-tree", "-r", "--name-only", "main"))
    assert listed - paths == {".gitattributes", "README.md"}
    assert [path for path in sorted(paths) if (sample / path).read_bytes() != (root / path).read_bytes()] == []


def test_the_working_tree_is_the_branch_and_clean(sample: Path) -> None:
    assert git(sample, "symbolic-ref", "HEAD") == ["refs/heads/main"]
    assert git(sample, "status", "--porcelain", "--ignored") == []
    assert git(sample, "fsck", "--strict", "--no-dangling") == []


def test_it_has_the_same_ids_whatever_the_user_has_set_up(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hooks, signing, line ends, another name for the first branch, a template, another hash: none of it counts."""
    hooks, template = tmp_path / "hooks", tmp_path / "template"
    for folder in (hooks, template / "hooks"):
        folder.mkdir(parents=True)
        for name in ("post-checkout", "reference-transaction", "pre-commit", "post-commit"):
            (folder / name).write_text(f"#!/bin/sh\necho ran >> {tmp_path / 'ran'}\nexit 1\n")
            (folder / name).chmod(0o755)
    configuration = tmp_path / "gitconfig"
    configuration.write_text(
        f"[core]\n\thooksPath = {hooks}\n\tautocrlf = true\n\teol = crlf\n[commit]\n\tgpgSign = true\n"
        f"[init]\n\ttemplateDir = {template}\n\tdefaultBranch = trunk\n[tag]\n\tgpgSign = true\n"
    )
    for name, value in {
        "GIT_CONFIG_GLOBAL": str(configuration),
        "GIT_TEMPLATE_DIR": str(template),
        "GIT_DEFAULT_HASH": "sha256",
        "GIT_AUTHOR_NAME": "Somebody Else",
        "GIT_DIR": str(tmp_path / "elsewhere"),
        "TZ": "Pacific/Auckland",
    }.items():
        monkeypatch.setenv(name, value)
    assert run(["init", "--quiet", "--sample", str(tmp_path / "plants")]) == 0
    assert git(tmp_path / "plants", "show-ref") == git(sample, "show-ref")
    assert (tmp_path / "plants/plantproof.yaml").read_bytes() == (sample / "plantproof.yaml").read_bytes()
    assert not (tmp_path / "ran").exists()
    assert not (tmp_path / "elsewhere").exists()


def test_the_history_has_a_tag_a_chapter_branches_and_a_merge(sample: Path) -> None:
    assert git(sample, "tag") == [f"story/{chapter}" for chapter in CHAPTERS]
    assert git(sample, "for-each-ref", "--format=%(refname:short)", "refs/heads") == [
        "change/laboratory", "change/recipes", "main"
    ]  # fmt: skip
    merged = git(sample, "rev-parse", "story/07-laboratory-merged^2", "story/17-recipes-proposed^")
    assert merged == git(sample, "rev-parse", "story/06-laboratory-rule", "main")
    said = git(sample, "log", "--all", "--format=%an|%ae|%cI|%s", "--date-order", "--reverse")
    assert len(said) == len(CHAPTERS) + 2
    dates = [line.split("|")[2] for line in said]
    assert dates == sorted(dates)
    assert (dates[0][:10], dates[-1][:10]) == ("2026-09-07", "2026-11-20")
    assert all(line.split("|")[1].endswith((".example", "@example.org")) for line in said)


def test_its_readme_names_every_chapter(sample: Path) -> None:
    told = (sample / "README.md").read_text(encoding="utf-8")
    assert [chapter for chapter in CHAPTERS if f"`story/{chapter}`" not in told] == []


@pytest.mark.parametrize("chapter", [CHAPTERS[6], CHAPTERS[9]])
def test_the_sources_of_a_chapter_collect_again_to_the_same_bytes(chapter: str, sample: Path, tmp_path: Path) -> None:
    """Its records come from `collect`: made anew from the raw files that the commit holds, they are the same."""
    folder = tmp_path / "then"
    shutil.copytree(sample, folder)
    run_git(folder, ["checkout", "--quiet", f"story/{chapter}"])
    assert run(["collect", "-q", "-C", str(folder), "--again"]) == 0
    assert git(folder, "status", "--porcelain") == []


# What the chapters do.


class Then(NamedTuple):
    """A chapter as it was assessed on the day of its commit."""

    day: str
    assessment: Assessment

    def gaps(self) -> set[tuple[str, str]]:
        return {(gap.policy, gap.name) for gap in self.assessment.gaps}

    def controls(self) -> dict[tuple[str, str], str]:
        return {
            (framework.profile, finding.control): finding.conclusion
            for framework in self.assessment.frameworks
            for finding in framework.controls
        }


@pytest.fixture(scope="module")
def assessed(repository: Repository) -> Iterator[Callable[[str], Then]]:
    """Assess a chapter by its number, once."""
    kept: dict[str, Then] = {}
    with EmbeddedEngine() as engine:

        def then(number: str) -> Then:
            if number not in kept:
                (chapter,) = (each for each in CHAPTERS if each.startswith(number))
                commit = repository.commit(f"story/{chapter}")
                project = open_project(repository.tree(commit.id), accept_content=True)
                kept[number] = Then(commit.committer_date[:10], assess_on(project, commit.committer_date[:10], engine))
            return kept[number]

        yield then


def assess_on(project: Project, day: str, engine: EmbeddedEngine) -> Assessment:
    provenance = Provenance(
        tool_version="", engine="", engine_version="", content_version="", content_hash="", commit="", commit_date="",
        working_tree=False, as_of=day,
    )  # fmt: skip
    return assess(project, on=day, engine=engine, provenance=provenance, judge=load_judge(project))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapter_is_assessed_without_an_error(chapter: str, assessed: Callable[[str], Then]) -> None:
    found = assessed(chapter[:2]).assessment
    assert [result.policy for result in found.policies if result.totals.error] == []
    assert len(found.gaps) > 40


BUSINESS, CONDUIT = "zones/no_direct_business_to_control", "zones/crossing_has_conduit"


def moved(assessed: Callable[[str], Then], before: str, after: str) -> tuple[set[str], set[str]]:
    """The policies and names of the gaps that opened, and that closed, from one chapter to another."""
    first, second = assessed(before).gaps(), assessed(after).gaps()
    return (
        {f"{policy} {name}" for policy, name in second - first},
        {f"{policy} {name}" for policy, name in first - second},
    )


def test_statements_answer_what_no_tool_can(assessed: Callable[[str], Then]) -> None:
    before, after = assessed("02").controls(), assessed("03").controls()
    gained = {control for control, conclusion in after.items() if conclusion == "satisfied"} - {
        control for control, conclusion in before.items() if conclusion == "satisfied"
    }
    assert ("iec62443-sl2", "SR 7.5") in gained
    assert moved(assessed, "02", "03") == (set(), set())


def test_a_waiver_takes_a_gap_out_of_the_gate_and_leaves_it_a_gap(assessed: Callable[[str], Then]) -> None:
    def waived(number: str) -> list[tuple[str, str, str]]:
        return [
            (gap.policy, gap.waiver, gap.waiver_state)
            for gap in assessed(number).assessment.gaps
            if gap.waiver == "W-2026-004"
        ]

    assert waived("03") == []
    assert waived("04") == [("identity/no_shared_accounts", "W-2026-004", "in-force")]
    assert moved(assessed, "03", "04") == (set(), set())


def test_a_new_device_that_is_on_no_inventory_has_no_verdict(assessed: Callable[[str], Then]) -> None:
    def names(number: str) -> set[str]:
        return {asset.name for site in assessed(number).assessment.sites for asset in site.assets}

    assert names("05") - names("04") == {"plc-fill-06", "10.20.21.77"}
    (result,) = (
        each for each in assessed("05").assessment.policies if each.policy == "availability/authorised_inventory"
    )
    assert any("10.20.21.77" in example for examples in result.examples.values() for example in examples)


def test_the_laboratory_opens_a_path_on_its_branch_the_merge_brings_it_and_a_later_change_closes_it(
    assessed: Callable[[str], Then],
) -> None:
    opened, closed = moved(assessed, "05", "06")
    assert {line.split()[0] for line in opened} == {BUSINESS, CONDUIT}
    assert all("tcp/4840" in line for line in opened)
    assert closed == set()
    assert opened <= {f"{policy} {name}" for policy, name in assessed("07").gaps()}
    assert moved(assessed, "12", "13") == (set(), opened)


def test_the_patch_closes_what_is_known_to_be_exploited(assessed: Callable[[str], Then]) -> None:
    opened, closed = moved(assessed, "07", "08")
    assert opened == set()
    assert [line for line in closed if "CVE-2024-21762" in line and "fw-ot-01" in line] == list(closed)
    assert closed


def test_three_switches_follow_a_clock(assessed: Callable[[str], Then]) -> None:
    assert moved(assessed, "08", "09") == (
        set(),
        {f"events/time_synchronised {name}" for name in ("sw-fill-01", "sw-ops-01", "sw-util-01")},
    )


def test_the_unapproved_change_joins_the_office_to_the_cell(assessed: Callable[[str], Then]) -> None:
    opened, closed = moved(assessed, "09", "10")
    assert closed == set()
    assert sum(line.startswith(BUSINESS) for line in opened) == 2
    assert sum("sw-cip-01" in line for line in opened) >= 4


def test_a_collection_that_moves_sightings_changes_no_record(sample: Path) -> None:
    changed = git(sample, "diff", "--name-only", "story/11-statements-of-october", "story/12-only-sightings")
    assert changed
    assert {path.rsplit("/", 1)[-1] for path in changed} == {"custody.yaml", "links.csv"}


def test_a_statement_expires_by_the_calendar_alone(assessed: Callable[[str], Then]) -> None:
    def states(number: str) -> dict[str, str]:
        return {each.id: each.state for site in assessed(number).assessment.sites for each in site.attestations}

    assert {name: state for name, state in states("11").items() if states("12")[name] != state} == {
        "monitoring": "in-force"
    }
    assert states("12")["monitoring"] == "expired"


def test_the_second_site_joins_and_leaves_the_first_alone(assessed: Callable[[str], Then], sample: Path) -> None:
    changed = git(sample, "diff", "--name-only", "story/14-statements-of-the-quarter", "story/15-second-site")
    assert {path.split("/")[1] for path in changed if path.startswith("evidence/")} == {"eastbrook"}
    assets = {site.id: len(site.assets) for site in assessed("15").assessment.sites}
    assert assets == {"eastbrook": 64, "northmill": 86}


def test_the_cleanup_closes_one_gap(assessed: Callable[[str], Then]) -> None:
    opened, closed = moved(assessed, "15", "16")
    assert opened == set()
    assert len(closed) == 1
    assert "ext.pack" in closed.pop()


def test_the_open_change_waits_for_review_with_a_path_from_the_office(assessed: Callable[[str], Then]) -> None:
    opened, closed = moved(assessed, "16", "17")
    assert {line.split()[0] for line in opened} == {BUSINESS, CONDUIT}
    assert closed == set()


@pytest.mark.parametrize(
    ("base", "head", "code"),
    [
        ("story/05-new-device", "change/laboratory", 1),
        ("story/11-statements-of-october", "story/12-only-sightings", 0),
        ("story/12-only-sightings", "story/13-path-closed", 0),
        ("main", "change/recipes", 1),
    ],
)
def test_the_gate_stays_shut_where_a_chapter_opens_a_path_and_only_there(
    base: str, head: str, code: int, sample: Path
) -> None:
    assert run(["diff", "-C", str(sample), base, head, "--content", "installed", "--quiet"]) == code


# The command.


@pytest.mark.usefixtures("told")
def test_it_says_what_to_do_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--sample", str(tmp_path / "plants")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("1 commit from 2026-01-02 to 2026-01-02: two fictional plants")
    typed = [line.strip() for line in lines if line.startswith("  ")]
    assert typed[0] == f"cd {tmp_path / 'plants'}"
    assert 4 <= len(typed) <= 6


@pytest.mark.usefixtures("told")
def test_it_fills_the_folder_in_which_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "--sample"]) == 0
    assert "  cd " not in capsys.readouterr().out
    assert (tmp_path / ".git").is_dir()


def test_a_folder_with_anything_in_it_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert run(["init", "--sample", str(tmp_path)]) == 2
    assert "the folder is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("option", ["--site", "--title"])
def test_the_sample_has_its_own_sites_and_title(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", "--sample", str(tmp_path / "plants"), option, "works"]) == 2
    assert "brings its own sites" in capsys.readouterr().err
    assert not (tmp_path / "plants").exists()


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize(
    ("failure", "code"), [(GitError(["reset"], 128, "fatal: disk full", b""), 2), (KeyboardInterrupt(), 130)]
)
def test_half_a_sample_is_taken_away_again(
    there: bool, failure: BaseException, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "new" / "plants"
    if there:
        folder.mkdir(parents=True)

    def fails(place: Path, *_: object) -> None:
        (place / ".git" / "objects").mkdir(parents=True)
        (place / ".git" / "objects" / "pack").write_text("half")
        (place / ".git" / "objects" / "pack").chmod(0o444)
        (place / "plantproof.yaml").write_text("half")
        raise failure

    monkeypatch.setattr("plantproof.git_import.write_repository", fails)
    assert run(["init", "-q", "--sample", str(folder)]) == code
    assert [path.name for path in tmp_path.rglob("*")] == (["new", "plants"] if there else [])


def test_an_installation_without_the_reference_plants_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "lib" / "plantproof" / "sample" / "reference.py"
    monkeypatch.setattr("plantproof.sample.reference.__file__", str(elsewhere))
    assert run(["init", "--sample", str(tmp_path / "plants")]) == 2
    assert "this installation has no sample" in capsys.readouterr().err
    assert not (tmp_path / "plants").exists()
