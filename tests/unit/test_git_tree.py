"""A project at a commit: listed, read and named by git's objects; hostile trees are refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.git_repository import GitRepository

from plantproof import git_objects, git_tree
from plantproof.errors import InputError
from plantproof.git import DirTree, GitTree
from plantproof.git_opening import open_repository

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


@pytest.mark.parametrize(
    ("folder", "prefix", "object_format"),
    [
        ("", "", "sha1"),
        ("plants", "", "sha1"),
        ("evidence", "", "sha256"),
        ("evidence/s/x/raw", "", "sha1"),
        ("", "plants/one", "sha1"),
        ("plants", "plants/one", "sha256"),
        ("plants/one", "plants/one", "sha1"),
        ("evidence/s", "plants/one", "sha1"),
    ],
)
def test_folder_that_lies_about_what_stands_in_it_is_refused(
    tmp_path: Path, folder: str, prefix: str, object_format: str
) -> None:
    above = f"{prefix}/" if prefix else ""
    made = GitRepository(tmp_path / "plant", f"--object-format={object_format}")
    files = {f"{above}plantproof.yaml": "a\n", "plants/x": "y\n", f"{above}controls/a.yaml": "b\n"}
    raw = f"{above}evidence/s/x/raw"
    made.commit(**files, **{f"{raw}/one.csv": "1\n"})
    made.commit(**{"plants/x": "z\n", f"{raw}/two.csv": "2\n"})
    at = f"{above}{folder}" if folder.startswith("evidence") else folder
    project = made.folder / prefix
    assert len(open_repository(project).tree("main").list()) == 4
    tree = open_repository(project).tree("main")  # before the forgery, as the tree of a folder is not the commit's
    forged = made.forge(f"main:{at}", f"main~1:{at}")
    if folder == "plants" and not prefix:
        assert len(tree.list()) == 4  # no part of the project
        return
    named = folder if prefix == "" or folder.startswith("evidence") else at
    place = f"{named}: " if named else ""
    assert problems_of(tree) == [
        f"{place}git does not give back what the folder's id says: {forged} (run `git fsck`, then fetch again)"
    ]


def test_forged_folders_are_all_named(made: GitRepository) -> None:
    made.commit(**{"controls/b.yaml": "c\n", "evidence/s/x/raw/two.csv": "2\n"})
    for folder in ("controls", "evidence/s/x"):
        made.forge(f"main:{folder}", f"main~1:{folder}")
    assert [line.split(": ")[0] for line in problems_of(tree_of(made))] == ["controls"]
    made.forge("main:evidence", "main~1:evidence")
    assert [line.split(": ")[0] for line in problems_of(tree_of(made))] == ["controls", "evidence"]


def test_missing_folder_is_refused(made: GitRepository) -> None:
    folder = made.git("rev-parse", "main:evidence/s")
    (made.folder / ".git" / "objects" / folder[:2] / folder[2:]).unlink()
    assert problems_of(tree_of(made))[0].startswith("evidence/s: git does not give back what the folder's id says")


def test_file_in_the_place_of_a_folder_is_refused(made: GitRepository) -> None:
    made.commit_tree([("40000", made.blob(b"x\n"), b"evidence")])
    assert problems_of(tree_of(made))[0].startswith("evidence: git does not give back what the folder's id says")


def test_commit_that_lies_about_what_it_holds_is_refused(made: GitRepository) -> None:
    first, second = made.git("rev-parse", "main"), made.commit(**{"controls/a.yaml": "c\n"})
    tree = tree_of(made)
    made.forge(second, first)
    assert problems_of(tree) == [
        f"git does not give back what the commit's id says: {second} (run `git fsck`, then fetch again)"
    ]


@pytest.mark.parametrize(
    "rows",
    [
        b"100644 a.yaml\0%b100644 a.yaml\0%b",  # twice
        b"100644 a/b.yaml\0%b100644 c\0%b",  # a path
        b"100644 a.yaml\0%b100644 c\0%bx",  # half a row
        b"100944 a.yaml\0%b100644 c\0%b",  # no mode
        b"100644 a.yaml\0%b100644c\0%b",  # no name
    ],
)
def test_folder_as_git_does_not_write_it_is_refused(made: GitRepository, rows: bytes) -> None:
    blob = bytes.fromhex(made.blob(b"x\n"))
    inner = made.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", data=rows % (blob, blob))
    made.commit_tree([("40000", inner, b"controls")])
    assert problems_of(tree_of(made))[0].startswith(
        f"controls: git does not give back what the folder's id says: {inner}"
    )


def test_modes_of_an_old_git_are_plain_files(made: GitRepository) -> None:
    blob = made.blob(b"x\n")
    modes = [("100600", b"a"), ("100664", b"b"), ("100777", b"c")]
    rows = b"".join(mode.encode() + b" " + name + b"\0" + bytes.fromhex(blob) for mode, name in modes)
    inner = made.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", data=rows)
    made.commit_tree([("040000", inner, b"controls")])
    assert [(entry.path, entry.mode) for entry in tree_of(made, "main").list()] == [
        ("controls/a", "100644"),
        ("controls/b", "100644"),
        ("controls/c", "100755"),
    ]


def test_listing_is_that_of_git(made: GitRepository) -> None:
    files = (
        "controls/a/b.yaml",
        "controls/a.b",
        "controls/a-b/c",
        "reports/\u00e4 \u20ac.md",
        "evidence/a",
        "policies/a/a/a/a",
    )
    made.commit(**dict.fromkeys(files, "same\n"))
    parts = ("controls", "evidence", "plantproof.yaml", "policies", "reports")
    rows = made.git("ls-tree", "-r", "-z", "main", "--", *parts).rstrip("\0").split("\0")
    told = {row.partition("\t")[2]: row.partition("\t")[0].split() for row in rows}
    assert [(entry.path, entry.mode, entry.id) for entry in tree_of(made).list()] == [
        (path, told[path][0], told[path][2]) for path in sorted(told)
    ]


def test_folders_that_hold_each_other_many_times_are_refused(
    made: GitRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_tree, "MOST_ROWS", 1000)
    inner = made.blob(b"x\n")
    for mode in ("100644", *["40000"] * 9):
        rows = b"".join(mode.encode() + b" %d\0" % number + bytes.fromhex(inner) for number in range(10))
        inner = made.git("hash-object", "-t", "tree", "-w", "--stdin", data=rows)
    made.commit_tree([("40000", inner, b"evidence")])
    assert problems_of(tree_of(made))[0].startswith("the repository has more than 1,000 files and folders")


def test_opening_and_listing_do_not_import_gitpython(made: GitRepository, root: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom plantproof.git_opening import open_repository\n"
        "tree = open_repository(Path('.')).working_tree()\nassert tree.read('plantproof.yaml') == b'a\\n'\n"
        "assert 'git' not in sys.modules, 'imported too early'\n"
    )
    variables = {**os.environ, "PYTHONPATH": str(root / "src")}
    subprocess.run([sys.executable, "-c", program], check=True, cwd=made.folder, env=variables)
