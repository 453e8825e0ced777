"""ci/nightly-collection.sh: from a drop folder to the main branch, or to a request for review, or to nothing at all."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from tests.ci.conftest import CI, Done, Plant, Runner
from tests.support.documents import ROOT
from tests.support.exports import FORTIOS, IOS
from tests.support.fake_forge import FakeForge

BRANCH = "plantproof/collection"
TELNET = IOS.replace("transport input ssh", "transport input telnet ssh")
RECORD = """schema: plantproof/change/1
id: CHG-2026-050
title: Raise the timeout
site: works
requested_by: Lee Works
responsible: Kim Plant
assets: [sw-77]
window: {from: 2026-11-19T20:00Z, until: 2026-11-19T22:00Z}
rollback_plan: Restore revision 7.
"""


class Night:
    """A drop folder, and what happens to the repository."""

    def __init__(self, runner: Runner, plant: Plant, folder: Path) -> None:
        self.runner, self.plant, self.drop = runner, plant, folder / "drop"
        self.asked = folder / "requests"
        opener = folder / "open-request"
        opener.write_text(f'#!/bin/sh\nprintf "%s|%s|%s\\n" "$1" "$2" "$3" >> {self.asked}\ncat "$4" > {folder}/told\n')
        opener.chmod(0o755)
        self.told = folder / "told"
        self.environment = {
            "PLANTPROOF_OPEN_REQUEST": str(opener),
            "GIT_AUTHOR_DATE": "2026-11-20T02:00:00Z",
            "GIT_COMMITTER_DATE": "2026-11-20T02:00:00Z",
        }

    def export(self, text: str, name: str = "switches/sw-77.cfg", when: str = "2026-11-20T01:00:00+00:00") -> Path:
        """An export as a tool drops it, with its time."""
        path = self.drop / "works" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        moment = datetime.fromisoformat(when).timestamp()
        os.utime(path, (moment, moment))
        return path

    def run(self, **variables: str) -> Done:
        script = CI / "nightly-collection.sh"
        return self.runner(
            script, self.drop, self.plant.origin.as_uri(), folder=self.drop.parent, **{**self.environment, **variables}
        )

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.plant.origin, capture_output=True, check=True)
        return done.stdout.decode().strip()

    @property
    def refs(self) -> str:
        return self.git("for-each-ref")

    @property
    def subjects(self) -> list[str]:
        return self.git("log", "--format=%s", "main").splitlines()

    def requests(self) -> list[str]:
        return self.asked.read_text().splitlines() if self.asked.exists() else []

    def left_behind(self) -> list[Path]:
        return [path for path in self.runner.home.iterdir() if path.name.startswith("tmp.")]


@pytest.fixture
def night(runner: Runner, plant: Plant, tmp_path: Path) -> Night:
    return Night(runner, plant, tmp_path)


def test_a_collection_that_is_not_worse_merges_itself_and_once_only(night: Night) -> None:
    night.export(IOS)
    night.export(FORTIOS, "firewalls/fw-77.conf")
    done = night.run()
    assert done.code == 0, done.err
    assert "not worse: merged into main" in done.err
    assert night.subjects[:2] == [
        "Collect works/switches of 2026-11-20T01:00:00Z", "Collect works/firewalls of 2026-11-20T01:00:00Z"
    ]  # fmt: skip
    assert night.git("log", "-1", "--format=%an <%ae>", "main") == "Plantproof collection <plantproof@localhost>"
    before = night.refs
    again = night.run()
    assert (again.code, again.err) == (0, "nightly collection: nothing new\n")
    assert (night.refs, night.requests(), night.left_behind()) == (before, [], [])


def test_what_is_secret_stays_out_of_the_repository(night: Night) -> None:
    night.export(IOS.replace("S3cretWord", "AnotherSecret"))
    assert night.run().code == 0
    assert "AnotherSecret" not in night.git("grep", "-h", "snmp-server", "main", "--", "evidence")


def test_a_worse_collection_waits_for_review(night: Night) -> None:
    night.export(TELNET)
    main = night.git("rev-parse", "main")
    done = night.run()
    assert done.code == 1, done.err
    assert night.git("rev-parse", "main") == main
    assert night.git("rev-parse", f"{BRANCH}^") == main
    assert night.requests() == [f"{BRANCH}|main|Nightly collection"]
    assert "The gate does not open" in night.told.read_text()
    before = night.refs
    assert night.run(GIT_COMMITTER_DATE="2026-11-20T03:00:00Z").code == 1
    assert night.refs == before, "the same exports again: nothing to push"


def test_what_waited_gives_way_to_a_collection_that_is_not_worse(night: Night) -> None:
    night.export(TELNET)
    assert night.run().code == 1
    night.export(IOS, when="2026-11-20T01:30:00+00:00")
    assert night.run().code == 0
    assert "heads/plantproof" not in night.refs


def test_the_next_worse_collection_takes_the_place_of_the_first(night: Night) -> None:
    night.export(TELNET)
    assert night.run().code == 1
    night.export(TELNET + "!\n", when="2026-11-20T01:30:00+00:00")
    assert night.run().code == 1
    assert night.git("rev-list", "--count", f"main..{BRANCH}") == "1"
    assert night.git("log", "-1", "--format=%s", BRANCH).endswith("T01:30:00Z")


@pytest.mark.parametrize("commits", [1, 40], ids=["one commit", "more committers than a pipe holds"])
def test_the_work_of_a_person_on_the_branch_is_not_overwritten(commits: int, night: Night) -> None:
    night.export(TELNET)
    assert night.run().code == 1
    work = night.plant.work
    work.git("fetch", "-q", "origin", BRANCH)
    work.git("checkout", "-q", "-B", "review", "FETCH_HEAD")
    committer = f"Kim <{'k' * 4000}@works> 1795140000 +0000"
    looked = f"commit refs/heads/review\ncommitter {committer}\ndata 0\nfrom refs/heads/review^0\n"
    for _ in range(1, commits):
        work.git("fast-import", "--quiet", data=looked.encode())
    work.commit("Record the change", **{"controls/changes/CHG-2026-050.yaml": RECORD})
    work.git("push", "-q", "origin", f"review:{BRANCH}")
    night.export(TELNET + "!\n", when="2026-11-20T01:30:00+00:00")
    done = night.run()
    assert done.code == 1
    assert "somebody works on" in done.err
    assert night.git("log", "-1", "--format=%s", BRANCH) == "Record the change"


def test_the_commit_names_the_change_record_that_fits(night: Night) -> None:
    work = night.plant.work
    work.commit("Announce the change", **{"controls/changes/CHG-2026-050.yaml": RECORD})
    work.git("push", "-q", "origin", "main")
    night.export(IOS.replace("exec-timeout 10 0", "exec-timeout 9 0"))
    night.export(FORTIOS, "firewalls/fw-77.conf")
    assert night.run().code == 0
    assert night.git("log", "-2", "--format=%(trailers:key=Change)", "main") == "Change: CHG-2026-050"
    assert night.git("log", "-1", "--format=%(trailers:key=Change)", "main") == "Change: CHG-2026-050"


@pytest.mark.parametrize("name", ["switches/sw-78.cfg", "firewalls/empty.conf", "unheard-of/thing.bin"])
def test_one_unreadable_export_and_nothing_is_pushed(name: str, night: Night) -> None:
    night.export(IOS)
    night.export("\x00\x01 not a configuration", name)
    before = night.refs
    done = night.run()
    assert done.code == 2
    assert "nothing was pushed" in done.err
    assert (night.refs, night.requests(), night.left_behind()) == (before, [], [])


def test_an_empty_drop_folder_is_never_green(night: Night) -> None:
    night.drop.mkdir()
    assert night.run().code == 2
    (night.drop / "works/switches").mkdir(parents=True)
    done = night.run()
    assert done.code == 2
    assert "works/switches: no exports in the drop folder" in done.err


def test_files_that_are_still_being_written_are_left_alone(night: Night) -> None:
    night.export(IOS)
    night.export("half", "switches/sw-77.cfg.part")
    night.export("half", "switches/.sw-78.cfg")
    (night.drop / "works/switches/link.cfg").symlink_to("/etc/hostname")
    assert night.run().code == 0
    assert night.git("ls-tree", "--name-only", "main", "evidence/works/switches/raw/").splitlines() == [
        "evidence/works/switches/raw/sw-77.cfg"
    ]


def test_exports_older_than_the_evidence_do_not_take_it_back(night: Night) -> None:
    night.export(TELNET, when="2026-11-01T00:00:00+00:00")
    before = night.refs
    done = night.run()
    assert done.code == 0
    assert "older than what is there: left alone" in done.err
    assert night.refs == before


def test_names_of_exports_are_no_options_and_no_commands(night: Night) -> None:
    night.export(IOS)
    night.export("x", "$(touch ran)/--help")
    assert night.run().code == 2
    assert not list(night.drop.parent.rglob("ran"))


def on_first_diff(night: Night, command: str) -> None:
    """Let something happen between the collection and its end: as soon as `diff` has run for the first time."""
    once = night.drop.parent / "once"
    tool = f'PYTHONPATH="{ROOT}/src" "{sys.executable}" -P -m plantproof.cli.start "$@"'
    night.runner.install(
        f'{tool}\ncode=$?\nif [ "$1" = diff ] && mkdir {once} 2>/dev/null; then {command}\nfi\nexit $code'
    )


def test_a_main_branch_that_moves_meanwhile_is_taken_along(night: Night) -> None:
    night.export(IOS)
    work = night.plant.work
    work.commit("A person's change", **{"README.md": "# Works\n"})
    on_first_diff(night, f"git -C {work.folder} push -q origin main")
    done = night.run()
    assert done.code == 0, done.err
    assert "main has moved: once more" in done.err
    assert night.subjects[:2] == ["Collect works/switches of 2026-11-20T01:00:00Z", "A person's change"]


def test_where_the_bot_may_not_push_to_main_a_person_merges(night: Night) -> None:
    hook = night.plant.origin / "hooks/update"
    hook.write_text('#!/bin/sh\n[ "$1" != refs/heads/main ]\n')
    hook.chmod(0o755)
    night.export(IOS)
    done = night.run()
    assert done.code == 0, done.err
    assert "may not push to main" in done.err
    assert night.requests() == [f"{BRANCH}|main|Nightly collection"]


def test_a_request_that_cannot_be_opened_is_told_and_tried_again(night: Night) -> None:
    night.export(TELNET)
    assert night.run(PLANTPROOF_OPEN_REQUEST="false").code == 2
    assert night.requests() == []
    assert night.run().code == 1
    assert len(night.requests()) == 1


def test_the_request_is_opened_at_the_forge(night: Night, forge: FakeForge) -> None:
    night.export(TELNET)
    for _ in range(2):
        assert night.run(PLANTPROOF_OPEN_REQUEST="", **forge.environment).code == 1
    (opened,) = forge.requests
    assert opened.get("head", opened.get("source_branch")) == BRANCH
    assert "The gate does not open" in opened.get("body", opened.get("description"))


@pytest.mark.parametrize("verb", ["collect", "diff", "approvals"])
@pytest.mark.parametrize("code", [1, 3, 139])
def test_a_tool_that_fails_pushes_nothing(verb: str, code: int, night: Night) -> None:
    """With 1, as Python does that finds no Plantproof: for who reads the exit code, 1 means that a request waits."""
    night.export(IOS)
    before = night.refs
    tool = f'PYTHONPATH="{ROOT}/src" exec "{sys.executable}" -P -m plantproof.cli.start "$@"'
    night.runner.install(f'[ "$1" != {verb} ] || exit {code}\n{tool}')
    assert night.run().code == (3 if code == 1 else code)
    assert (night.refs, night.left_behind()) == (before, [])


def test_one_collection_at_a_time(night: Night) -> None:
    night.export(IOS)
    before = night.refs
    with subprocess.Popen(["flock", str(night.drop / ".lock"), "sleep", "60"]) as other:
        try:
            for _ in range(100):
                if subprocess.run(["flock", "-n", str(night.drop / ".lock"), "true"], check=False).returncode:
                    break
                time.sleep(0.05)
            done = night.run()
        finally:
            other.terminate()
    assert (done.code, done.err) == (0, "nightly collection: another one runs; nothing to do\n")
    assert night.refs == before


@pytest.mark.parametrize("words", [(), ("drop",), ("no-such-folder", "file:///no/such/repository")])
def test_what_makes_no_sense_is_wrong_input_and_not_worse(words: tuple[str, ...], night: Night) -> None:
    night.drop.mkdir()
    assert night.runner(CI / "nightly-collection.sh", *words, folder=night.drop.parent).code == 2


def test_a_drop_folder_that_cannot_be_locked_is_an_error(night: Night) -> None:
    night.export(IOS)
    (night.drop / ".lock").mkdir()
    done = night.run()
    assert done.code == 2
    assert "cannot be locked" in done.err


def test_a_repository_that_cannot_be_reached_is_an_error(night: Night) -> None:
    night.export(IOS)
    done = night.runner(CI / "nightly-collection.sh", night.drop, "file:///no/such/repository", folder=night.drop)
    assert done.code == 2
    assert "cannot clone main" in done.err
    assert night.left_behind() == []


def test_no_link_in_the_drop_folder_leads_out_of_it(night: Night, tmp_path: Path) -> None:
    """Those who drop exports have a say about the drop folder, not about what else the bot may read and write."""
    night.export(IOS, "elsewhere/private.cfg")
    (night.drop / "works").rename(tmp_path / "works")
    (night.drop / "works").symlink_to(tmp_path / "works")
    before = night.refs
    done = night.run()
    assert (done.code, night.refs) == (2, before)
    assert "no exports" in done.err
    precious = tmp_path / "precious"
    precious.write_text("precious")
    (night.drop / ".lock").unlink()
    (night.drop / ".lock").symlink_to(precious)
    done = night.run()
    assert done.code == 2
    assert ".lock is a symbolic link" in done.err
    assert precious.read_text() == "precious"
