"""Changes that cannot be reviewed: each refused with a clear message and exit code 2, and never green by accident."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.bad_input.conftest import Refusal
from tests.support.exports import FORTIOS, IOS
from tests.support.git_repository import GitRepository
from tests.support.project import SITE, at

from plantproof.cli.start import run


@pytest.fixture
def works(project: Path) -> GitRepository:
    return at(project)


def test_histories_that_have_nothing_in_common(works: GitRepository, refused: Refusal) -> None:
    works.git("checkout", "-q", "--orphan", "other")
    works.commit("Begin anew")
    told = refused.one("diff", "main", "other")
    assert "`main` and `other` have no history in common" in told
    assert "--exact" in told


def test_unrelated_histories_can_be_compared_on_demand(works: GitRepository) -> None:
    works.git("checkout", "-q", "--orphan", "other")
    works.commit("Begin anew")
    assert run(["diff", "main", "other", "--exact", "-q"]) == 0


def test_a_head_that_is_behind_its_base(works: GitRepository, refused: Refusal) -> None:
    works.git("branch", "behind")
    works.commit("Go on", **{"README.md": "More."})
    told = refused.one("diff", "main", "behind")
    assert "`behind` is behind `main`" in told
    assert "swapped" in told


def test_a_base_compared_with_itself_has_nothing_to_say(works: GitRepository) -> None:
    assert run(["diff", "main", "main", "-q"]) == 0


def test_a_merge_with_two_bases(works: GitRepository, refused: Refusal) -> None:
    works.git("branch", "other")
    one = works.commit("One", **{"a.txt": "a"})
    works.git("checkout", "-q", "other")
    two = works.commit("Two", **{"b.txt": "b"})
    works.git("merge", "-q", "--no-ff", "-m", "Cross", one)
    works.git("checkout", "-q", "main")
    works.git("merge", "-q", "--no-ff", "-m", "Cross back", two)
    told = refused.one("diff", "main", "other")
    assert "`other` left `main` at 2 places" in told
    assert "--exact" in told


def test_a_base_that_was_pushed_over(works: GitRepository, refused: Refusal) -> None:
    gone = works.commit("Will be gone", **{"a.txt": "a"})
    works.git("reset", "-q", "--hard", "HEAD~1")
    works.git("reflog", "expire", "--expire=now", "--all")
    works.git("gc", "-q", "--prune=now")
    assert f"`{gone}` names no commit" in refused.one("diff", gone, "main")


def test_a_shallow_clone_without_the_base(works: GitRepository, tmp_path: Path, refused: Refusal) -> None:
    works.git("checkout", "-q", "-b", "change")
    for number in range(3):
        works.commit(f"Step {number}", **{"a.txt": str(number)})
    works.git("checkout", "-q", "main")
    works.commit("Meanwhile", **{"b.txt": "b"})
    clone = tmp_path / "clone"
    source = works.folder.as_uri()
    works.git("clone", "-q", "--depth", "1", "--no-single-branch", "--branch", "change", source, str(clone))
    told = refused.one("diff", "-C", str(clone), "origin/main")
    assert "too shallow" in told
    assert "fetch-depth 0" in told


def test_a_change_that_deletes_the_project_file(works: GitRepository, refused: Refusal) -> None:
    works.git("checkout", "-q", "-b", "change")
    works.git("rm", "-q", "plantproof.yaml")
    works.commit("Away with it")
    works.git("checkout", "-q", "main")
    told = refused.one("diff", "main", "change")
    assert "has no plantproof.yaml" in told
    assert "leaves nothing to judge" in told


def test_a_change_that_deletes_all_evidence_is_not_green(
    works: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    works.git("checkout", "-q", "-b", "change")
    shutil.rmtree(works.folder / "evidence")
    works.commit("Away with it")
    assert run(["diff", "main"]) == 1
    told = capsys.readouterr().out
    assert "not known any more" in told
    assert "closed" not in told.splitlines()[-1]


def test_a_change_whose_policy_does_not_parse(works: GitRepository, refused: Refusal) -> None:
    works.git("checkout", "-q", "-b", "change")
    works.commit(
        "Break it", **{"policies/own/broken/broken.rego": "package policies.own.broken\n\nviolations contains v if {\n"}
    )
    told = "\n".join(refused.of("diff", "main"))
    assert "policies/own/broken/broken.rego" in told


def test_a_base_that_is_unknown_names_the_nearest(refused: Refusal) -> None:
    assert "did you mean `main`?" in refused.one("diff", "mian")


@pytest.mark.parametrize("text", ["sw-77", "=file", "sw-77="])
def test_a_proposal_that_names_no_device_or_no_file(text: str, refused: Refusal) -> None:
    assert "DEVICE=FILE" in "\n".join(refused.of("diff", "main", "--propose", text))


def test_a_proposal_for_a_device_that_nobody_knows(tmp_path: Path, refused: Refusal) -> None:
    (tmp_path / "next.cfg").write_text(IOS)
    told = refused.one("diff", "main", "--propose", f"sw-78={tmp_path / 'next.cfg'}")
    assert "no device `sw-78`" in told
    assert "did you mean `sw-77`?" in told


def test_a_proposal_at_a_site_that_is_not_there(tmp_path: Path, refused: Refusal) -> None:
    (tmp_path / "next.cfg").write_text(IOS)
    proposal = ["--propose", f"sw-77={tmp_path / 'next.cfg'}"]
    assert "no such site: nosuch" in refused.one("diff", "main", "--exact", "--site", "nosuch", *proposal)


def test_a_proposal_at_a_site_that_the_change_takes_out(works: GitRepository, tmp_path: Path, refused: Refusal) -> None:
    path = works.folder / "plantproof.yaml"
    path.write_text(path.read_text().replace("sites:\n  works:", "sites:\n  mill: {}\n  works:"))
    mill = SITE.replace("id: works", "id: mill").replace("members: [sw-77]", "members: []")
    works.commit("Add a second site", **{"controls/sites/mill.yaml": mill})
    works.git("checkout", "-q", "-b", "away")
    path.write_text(path.read_text().replace("  mill: {}\n", ""))
    works.commit("Take it out")
    (tmp_path / "next.cfg").write_text(IOS)
    told = refused.one("diff", "main", "--site", "mill", "--propose", f"sw-77={tmp_path / 'next.cfg'}")
    assert "the change takes out mill" in told


def test_a_proposal_of_another_format(tmp_path: Path, refused: Refusal) -> None:
    (tmp_path / "next.conf").write_text(FORTIOS)
    told = refused.one("diff", "main", "--propose", f"sw-77={tmp_path / 'next.conf'}")
    assert "no source reads sw-77 as fortios" in told
    assert "switches (cisco-ios)" in told


def test_a_proposal_of_another_device(tmp_path: Path, refused: Refusal) -> None:
    (tmp_path / "next.cfg").write_text(IOS.replace("hostname sw-77", "hostname sw-99"))
    told = refused.one("diff", "main", "--propose", f"sw-77={tmp_path / 'next.cfg'}")
    assert "not the configuration of sw-77" in told


@pytest.mark.parametrize("data", [b"", b"\0\1\2", b"\xff\xfe\x00garbage"])
def test_a_proposal_that_is_no_text(data: bytes, tmp_path: Path, refused: Refusal) -> None:
    (tmp_path / "next.cfg").write_bytes(data)
    assert refused.of("diff", "main", "--propose", f"sw-77={tmp_path / 'next.cfg'}")


def test_a_proposal_that_is_not_there(refused: Refusal) -> None:
    assert "cannot be read" in refused.one("diff", "main", "--propose", "sw-77=nowhere.cfg")


@pytest.mark.parametrize("data", ["", "{}", "[]x", '{"reviews": 3}', "null"])
def test_approvals_that_are_none(data: str, tmp_path: Path, refused: Refusal) -> None:
    (tmp_path / "approvals.json").write_text(data)
    assert refused.of("diff", "main", "--approvals", str(tmp_path / "approvals.json"))


def test_approvals_of_another_commit(works: GitRepository, tmp_path: Path, refused: Refusal) -> None:
    works.git("checkout", "-q", "-b", "change")
    works.commit("Go on", **{"README.md": "More."})
    given = {
        "schema": "plantproof/approvals/1",
        "head": "0" * 40,
        "author": "kim",
        "approvals": [{"login": "lee", "state": "approved", "commit": "0" * 40}],
    }
    (tmp_path / "approvals.json").write_text(json.dumps(given))
    told = "\n".join(refused.of("diff", "main", "--approvals", str(tmp_path / "approvals.json")))
    assert "0000" in told
