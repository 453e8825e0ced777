"""The door to git: which refs are refused, and what a commit and a log say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.git_repository import GitRepository

from plantproof.errors import InputError
from plantproof.git import Commit
from plantproof.git_blame import blame
from plantproof.git_opening import open_repository


@pytest.fixture
def made(tmp_path: Path) -> GitRepository:
    made = GitRepository(tmp_path / "plant")
    made.commit("Begin", **{"plantproof.yaml": "title: Plant\n", "controls/sites/a.yaml": "one\ntwo\n"})
    return made


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(InputError) as caught:
        call()
    return str(caught.value)


# --- clones without their whole history -------------------------------------------------------------------------------


def test_partial_clone(made: GitRepository, tmp_path: Path) -> None:
    made.git("config", "uploadpack.allowFilter", "true")
    made.git("clone", "-q", "--filter=blob:none", "--no-checkout", made.folder.as_uri(), str(tmp_path / "part"))
    assert "clone again without --filter" in refusal(lambda: open_repository(tmp_path / "part").tree("HEAD"))


def test_shallow_clone_says_how_to_fetch(made: GitRepository, tmp_path: Path) -> None:
    old = made.git("rev-parse", "HEAD")
    made.commit("Next", **{"controls/sites/a.yaml": "one\ntwo\nthree\n"})
    made.git("clone", "-q", "--depth=1", made.folder.as_uri(), str(tmp_path / "shallow"))
    repository = open_repository(tmp_path / "shallow")
    assert repository.shallow
    assert repository.tree("HEAD").read("plantproof.yaml") == b"title: Plant\n"
    assert "git fetch --unshallow" in refusal(lambda: repository.tree(old))
    blamed = blame(repository, "HEAD", "controls/sites/a.yaml", 1)
    assert blamed is not None
    assert blamed.cut


# --- refs -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ref", ["", "--output=x", "-h", "a b", "a\nb", "a\x00b", "\x1b[31m"])
def test_ref_that_is_no_ref(made: GitRepository, ref: str) -> None:
    text = refusal(lambda: open_repository(made.folder).resolve(ref))
    assert "names no commit" in text
    assert "\x1b" not in text


def test_unknown_ref_gets_the_nearest_name(made: GitRepository) -> None:
    made.git("branch", "release-2026")
    repository = open_repository(made.folder)
    assert refusal(lambda: repository.tree("relaese-2026")) == (
        "`relaese-2026` names no commit (did you mean `release-2026`?)"
    )
    assert "`git branch --all`" in refusal(lambda: repository.tree("0123456789" * 4))


def test_ref_to_a_file_is_no_commit(made: GitRepository) -> None:
    assert "names no commit" in refusal(lambda: open_repository(made.folder).resolve("HEAD:plantproof.yaml"))


def test_branch_and_tag_of_one_name(made: GitRepository) -> None:
    made.git("tag", "v1")
    made.commit("Next")
    made.git("branch", "v1")
    repository = open_repository(made.folder)
    assert "write refs/heads/v1 or refs/tags/v1, or refs/remotes/v1 of" in refusal(lambda: repository.resolve("v1"))
    assert repository.resolve("refs/heads/v1") != repository.resolve("refs/tags/v1")


def test_annotated_tag_is_its_commit(made: GitRepository) -> None:
    made.git("tag", "-a", "-m", "first", "v1")
    assert open_repository(made.folder).resolve("v1") == made.git("rev-parse", "HEAD")


def test_replace_ref_changes_nothing(made: GitRepository) -> None:
    first = made.git("rev-parse", "HEAD")
    blob = made.git("rev-parse", "HEAD:plantproof.yaml")
    other = made.commit("Nicer", **{"plantproof.yaml": "title: Nicer\n"})
    before = open_repository(made.folder)
    wanted = (before.commit(first), before.tree(first).read("plantproof.yaml"))
    made.git("replace", first, other)
    made.git("replace", blob, made.git("rev-parse", f"{other}:plantproof.yaml"))
    assert made.git("cat-file", "blob", blob) == "title: Nicer"
    after = open_repository(made.folder)
    assert (after.commit(first), after.tree(first).read("plantproof.yaml")) == wanted
    assert wanted[1] == b"title: Plant\n"


# --- what a commit says -----------------------------------------------------------------------------------------------


def test_commit_has_dates_in_utc(made: GitRepository) -> None:
    identifier = made.git("rev-parse", "HEAD")
    assert open_repository(made.folder).commit("HEAD") == Commit(
        id=identifier,
        author="Ada Plant",
        author_email="ada@plant.example",
        author_date="2026-01-02T01:04:05Z",
        committer="Bob Plant",
        committer_email="bob@plant.example",
        committer_date="2026-01-02T02:04:05Z",
        parents=(),
        message="Begin\n",
        signed=False,
    )


def test_signature_is_seen_and_no_program_run(made: GitRepository, tmp_path: Path) -> None:
    tree = made.git("rev-parse", "HEAD^{tree}")
    marker = tmp_path / "ran"
    made.git("config", "gpg.program", f"touch {marker} #")
    made.git("config", "log.showSignature", "true")
    text = (
        f"tree {tree}\nauthor A <a@x> 1700000000 +0000\ncommitter A <a@x> 1700000000 +0000\n"
        "gpgsig -----BEGIN PGP SIGNATURE-----\n parent not-one\n -----END PGP SIGNATURE-----\n\nSigned\n"
    )
    identifier = made.git("hash-object", "-t", "commit", "-w", "--stdin", data=text.encode())
    commit = open_repository(made.folder).commit(identifier)
    assert commit.signed
    assert commit.parents == ()
    assert not marker.exists()


def test_subject_in_another_encoding(made: GitRepository) -> None:
    tree = made.git("rev-parse", "HEAD^{tree}")
    head = f"tree {tree}\nauthor J\xfcrg <j@x> 1700000000 +0000\ncommitter J\xfcrg <j@x> 1700000000 +0000\n"
    text = f"{head}encoding ISO-8859-1\n\nPr\xfcfung\nder Anlage\n\nmore\n".encode("latin-1")
    identifier = made.git("hash-object", "-t", "commit", "-w", "--stdin", data=text)
    commit = open_repository(made.folder).commit(identifier)
    assert (commit.author, commit.subject) == ("J\xfcrg", "Pr\xfcfung der Anlage")


@pytest.mark.parametrize(
    ("author", "message"),
    [
        ("no mail or date", "author or date cannot be read"),
        ("A <a@x> soon", "author or date cannot be read"),
        ("A <a@x> 999999999999 +0000", "date cannot be read"),
    ],
)
def test_commit_that_cannot_be_read(made: GitRepository, author: str, message: str) -> None:
    tree = made.git("rev-parse", "HEAD^{tree}")
    text = f"tree {tree}\nauthor {author}\ncommitter {author}\n\nBroken\n"
    identifier = made.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", data=text.encode())
    assert message in refusal(lambda: open_repository(made.folder).commit(identifier))


def test_commit_in_an_encoding_that_nobody_knows(made: GitRepository) -> None:
    tree = made.git("rev-parse", "HEAD^{tree}")
    head = f"tree {tree}\nauthor A <a@x> 1700000000 +0000\ncommitter A <a@x> 1700000000 +0000\n"
    identifier = made.git(
        "hash-object", "-t", "commit", "-w", "--stdin", data=f"{head}encoding klingon\n\n\u00fcber\n".encode()
    )
    assert open_repository(made.folder).commit(identifier).subject == "\u00fcber"


def test_escapes_in_a_commit_stay_data(made: GitRepository) -> None:
    made.commit("Evil \x1b[2J\x1b]0;title\x07 <script>")
    assert open_repository(made.folder).commit("HEAD").subject == "Evil \x1b[2J\x1b]0;title\x07 <script>"


def test_damaged_repository_is_no_crash(made: GitRepository) -> None:
    (made.folder / ".git" / "config").write_text("[core\n")
    assert "git cannot read the repository" in refusal(lambda: open_repository(made.folder))


def test_commit_that_lies_about_what_it_says_is_refused(made: GitRepository) -> None:
    first, second = made.git("rev-parse", "main"), made.commit("Second")
    asked_before = open_repository(made.folder, "main")
    objects = made.folder / ".git" / "objects"
    target = objects / second[:2] / second[2:]
    target.chmod(0o644)
    target.write_bytes((objects / first[:2] / first[2:]).read_bytes())
    assert refusal(lambda: asked_before.commit("main")) == (
        f"git does not give back what the commit's id says: {second} (run `git fsck`, then fetch again)"
    )
    assert refusal(lambda: open_repository(made.folder).commit("main")) == (
        "`main` names no commit (run `git fsck`, then fetch again)"
    )


def test_log_of_a_path(made: GitRepository) -> None:
    made.commit("Other", **{"controls/sites/b.yaml": "x\n"})
    made.commit("Third", **{"controls/sites/a.yaml": "one\n2\n"})
    log = open_repository(made.folder).log_path("HEAD", "controls/sites/a.yaml", limit=5)
    assert [commit.subject for commit in log] == ["Third", "Begin"]


# --- the working tree against a commit --------------------------------------------------------------------------------


def test_clean_until_a_byte_changes(made: GitRepository) -> None:
    repository = open_repository(made.folder)
    assert repository.is_clean()
    made.write(**{"controls/sites/a.yaml": "one\ntw0\n", "evidence/a/new.csv": "x", "README.md": "not of the project"})
    (made.folder / "plantproof.yaml").unlink()
    assert repository.changed_paths() == ["controls/sites/a.yaml", "evidence/a/new.csv", "plantproof.yaml"]
    assert repository.changed_paths("controls") == repository.changed_paths(["controls", "mappers"])
    assert repository.changed_paths(["controls"]) == ["controls/sites/a.yaml"]
    assert repository.is_clean(["policies"])


def test_clean_is_told_by_bytes_not_by_the_index(made: GitRepository) -> None:
    made.git("update-index", "--assume-unchanged", "controls/sites/a.yaml")
    made.write(**{"controls/sites/a.yaml": "another\n"})
    assert made.git("status", "--porcelain") == ""
    assert open_repository(made.folder).changed_paths() == ["controls/sites/a.yaml"]
