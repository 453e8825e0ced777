"""A project at a commit: listed, read and named by git's objects; hostile trees are refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.git_repository import GitRepository

from plantproof import git_objects
from plantproof.errors import InputError
from plantproof.git import DirTree, GitTree, open_repository

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:0123456789abcdef\nsize 12345\n"

HOSTILE_NAMES = (b"..", b".git", b"NUL.yaml", b"a\nb", b"a\x1b[31m", b"x\xff", b"CON", b"y.", b"a:b", b"A.yaml")


@pytest.fixture(params=[0, git_objects.FEW], ids=["kept open", "each by itself"])
def made(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitRepository:
    monkeypatch.setattr(git_objects, "FEW", request.param)
    made = GitRepository(tmp_path / "plant")
    made.commit(
        **{"plantproof.yaml": "a\n", "controls/a.yaml": "b\n", "evidence/s/x/raw/one.csv": "1,2\n", "src/x.py": "x"}
    )
    return made


def tree_of(made: GitRepository, ref: str = "HEAD") -> GitTree:
    return open_repository(made.folder).tree(ref)


def problems_of(tree: GitTree | DirTree) -> list[str]:
    with pytest.raises(InputError) as caught:
        tree.list()
    return [str(problem) for problem in caught.value.problems]


def test_only_the_parts_of_a_project_are_there(made: GitRepository) -> None:
    tree = tree_of(made)
    assert [entry.path for entry in tree.list()] == ["controls/a.yaml", "evidence/s/x/raw/one.csv", "plantproof.yaml"]
    assert list(tree.paths("evidence/s")) == ["evidence/s/x/raw/one.csv"]
    assert list(tree.paths("evidence/")) == []
    assert tree.exists("evidence/s")
    assert not tree.exists("evidence/s/y")
    assert not tree.exists("src/x.py")


def test_ids_are_those_of_git_and_of_the_working_tree(made: GitRepository) -> None:
    tree, here = tree_of(made), open_repository(made.folder).working_tree()
    assert tree.id("controls/a.yaml") == made.git("rev-parse", "HEAD:controls/a.yaml")
    assert tree.list() == here.list()
    assert tree.id("evidence") == here.id("evidence")
    assert tree.id("evidence/none") is None
    made.write(**{"evidence/s/x/raw/one.csv": "1,3\n"})
    assert tree.id("evidence") != open_repository(made.folder).working_tree().id("evidence")


def test_folder_id_moves_with_names_too(made: GitRepository) -> None:
    before = tree_of(made).id("evidence")
    made.git("mv", "evidence/s/x/raw/one.csv", "evidence/s/x/raw/two.csv")
    made.commit()
    assert tree_of(made).id("evidence") != before


def test_many_files_are_read_in_the_order_asked_for(made: GitRepository) -> None:
    files = {f"evidence/s/x/raw/{number}.csv": f"{number}\n" * (number * 50) for number in range(200)}
    made.commit(**files)
    tree = tree_of(made)
    wanted = sorted(files, reverse=True)
    assert [(path, data.decode()) for path, data in tree.read_many(wanted)] == [(path, files[path]) for path in wanted]


def test_reading_half_leaves_the_tree_usable(made: GitRepository) -> None:
    tree = tree_of(made)
    next(tree.read_many(["controls/a.yaml", "plantproof.yaml"]))
    assert tree.read("plantproof.yaml") == b"a\n"
    tree.close()
    assert tree.read("controls/a.yaml") == b"b\n"


def test_file_that_is_not_there_gets_the_nearest_name(made: GitRepository) -> None:
    with pytest.raises(InputError, match=r"controls/b\.yaml: no such file .*did you mean `controls/a\.yaml"):
        tree_of(made).read("controls/b.yaml")


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "controls/../../x", "controls/a.yaml\n"])
def test_path_out_of_the_project_is_no_file(made: GitRepository, path: str) -> None:
    for tree in (tree_of(made), open_repository(made.folder).working_tree()):
        with pytest.raises(InputError, match="no such file"):
            tree.read(path)


def test_symlink_and_submodule_are_refused(made: GitRepository) -> None:
    (made.folder / "controls" / "link.yaml").symlink_to("/etc/passwd")
    made.git("add", "controls/link.yaml")
    made.git("update-index", "--add", "--cacheinfo", f"160000,{made.git('rev-parse', 'HEAD')},evidence/sub")
    made.git("commit", "-q", "-m", "Hostile")
    assert problems_of(tree_of(made)) == [
        "controls/link.yaml: a symlink, which is never followed (put here what it points to)",
        "evidence/sub: a submodule: its files are not in this repository (copy them here)",
    ]


def test_hostile_tree_of_names(made: GitRepository) -> None:
    blob = made.blob(b"x\n")
    rows = b"".join(b"100644 " + name + b"\0" + bytes.fromhex(blob) for name in sorted(HOSTILE_NAMES))
    inner = made.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", data=rows)
    made.commit_tree([("40000", inner, b"controls"), ("100644", blob, b"plantproof.yaml")])
    found = problems_of(tree_of(made, "main"))
    assert [line.split(": ")[0] for line in found] == [
        "controls/..",
        "controls/.git",
        "controls/CON",
        "controls/NUL.yaml",
        "controls/a:b",
        "controls/a⏎b",
        "controls/a⟨U+001B⟩[31m",
        "controls/x⟨U+DCFF⟩",
        "controls/y.",
    ]
    assert all(line.isprintable() for line in found)


def test_lfs_pointer_is_no_evidence(made: GitRepository) -> None:
    made.commit(**{"evidence/s/x/raw/big.csv": POINTER})
    for tree in (tree_of(made), open_repository(made.folder).working_tree()):
        with pytest.raises(InputError, match=r"evidence/s/x/raw/big\.csv: a pointer of Git LFS"):
            tree.read("evidence/s/x/raw/big.csv")
        assert tree.read("plantproof.yaml") == b"a\n"


def test_object_that_lies_about_its_bytes_is_refused(made: GitRepository) -> None:
    wanted, other = made.git("rev-parse", "HEAD:controls/a.yaml"), made.blob(b"forged\n")
    objects = made.folder / ".git" / "objects"
    target = objects / wanted[:2] / wanted[2:]
    target.chmod(0o644)
    target.write_bytes((objects / other[:2] / other[2:]).read_bytes())
    with pytest.raises(InputError, match="git fsck"):
        tree_of(made).read("controls/a.yaml")


def test_missing_object_is_refused(made: GitRepository) -> None:
    wanted = made.git("rev-parse", "HEAD:controls/a.yaml")
    (made.folder / ".git" / "objects" / wanted[:2] / wanted[2:]).unlink()
    with pytest.raises(InputError, match="git fsck"):
        tree_of(made).read("controls/a.yaml")


def test_opening_and_listing_do_not_import_gitpython(made: GitRepository, root: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom plantproof.git import open_repository\n"
        "tree = open_repository(Path('.')).working_tree()\nassert tree.read('plantproof.yaml') == b'a\\n'\n"
        "assert 'git' not in sys.modules, 'imported too early'\n"
    )
    variables = {**os.environ, "PYTHONPATH": str(root / "src")}
    subprocess.run([sys.executable, "-c", program], check=True, cwd=made.folder, env=variables)
