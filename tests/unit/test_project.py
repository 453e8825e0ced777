"""A project's own files over the content: the pin, overrides with reasons, and where each file comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.git_repository import GitRepository

from plantproof.bundled import Content, content_hash
from plantproof.errors import InputError
from plantproof.git import DirTree
from plantproof.git_opening import open_repository
from plantproof.project import Project, find_project, open_project

FILES = {
    "policies/zones/a/a.rego": b"package a\n",
    "mappers/csf.yaml": b"x: 1\n",
    "controls/catalogs/csf.yaml": b"y: 1\n",
}
CONTENT = Content(version="1.2.3", hash=content_hash(FILES), files=FILES)


def head(version: str = "1.2.3", digest: str = CONTENT.hash, more: str = "") -> str:
    return (
        "schema: plantproof/project/1\ntitle: Plant\n"
        f'content:\n  version: {version}\n  hash: "{digest}"\nprofiles: [base]\nsites:\n  berlin: {{}}\n{more}'
    )


def project_in(folder: Path, *, accept_content: bool = False, **files: str) -> Project:
    for path, text in ({"plantproof.yaml": head()} | files).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    return open_project(DirTree(folder), accept_content, CONTENT)


def refusal(folder: Path, **files: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        project_in(folder, **files)
    return [str(problem) for problem in caught.value.problems]


def test_content_and_own_files_together(tmp_path: Path) -> None:
    project = project_in(tmp_path, **{"policies/zones/own/own.rego": "package own\n", "evidence/berlin/x.csv": "1"})
    assert project.list("policies") == ["policies/zones/a/a.rego", "policies/zones/own/own.rego"]
    assert project.read("policies/zones/a/a.rego") == b"package a\n"
    assert project.read("policies/zones/own/own.rego") == b"package own\n"
    assert [project.origin(path) for path in project.list("policies")] == ["content", "project"]
    assert project.exists("mappers/csf.yaml")
    assert not project.exists("mappers/none.yaml")
    assert project.file.title == "Plant"
    assert (project.content_version, project.content_hash) == ("1.2.3", CONTENT.hash)


def test_identical_bytes_need_no_override(tmp_path: Path) -> None:
    project = project_in(tmp_path, **{"mappers/csf.yaml": "x: 1\n"})
    assert project.origin("mappers/csf.yaml") == "content"
    assert project.overrides() == {}


def test_of_a_commit_content_is_known_by_its_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = GitRepository(tmp_path)
    made.commit(**{"plantproof.yaml": head(), "mappers/csf.yaml": "x: 1\n"})
    tree = open_repository(tmp_path).tree("HEAD")
    before = tree.read("plantproof.yaml")
    monkeypatch.setattr(tree, "read_many", lambda paths: ((path, {"plantproof.yaml": before}[path]) for path in paths))
    assert open_project(tree, content=CONTENT).origin("mappers/csf.yaml") == "content"


def test_replacing_content_needs_a_reason(tmp_path: Path) -> None:
    (told,) = refusal(tmp_path, **{"mappers/csf.yaml": "x: 2\n"})
    assert told.startswith("mappers/csf.yaml: replaces a file of the content without saying why (give its reason under")


def test_override_with_reason_wins_over_content(tmp_path: Path) -> None:
    more = "overrides:\n  - path: mappers/csf.yaml\n    reason: our regulator reads it otherwise\n"
    project = project_in(tmp_path, **{"plantproof.yaml": head(more=more), "mappers/csf.yaml": "x: 2\n"})
    assert project.read("mappers/csf.yaml") == b"x: 2\n"
    assert project.origin("mappers/csf.yaml") == "override"
    assert project.overrides() == {"mappers/csf.yaml": "our regulator reads it otherwise"}


def test_override_of_nothing_is_a_mistake_with_its_line(tmp_path: Path) -> None:
    more = "overrides:\n  - path: mappers/cfs.yaml\n    reason: typing\n"
    assert refusal(tmp_path, **{"plantproof.yaml": head(more=more), "mappers/csf.yaml": "x: 1\n"}) == [
        "plantproof.yaml:10:11: `mappers/cfs.yaml` replaces nothing (did you mean `mappers/csf.yaml`?)"
    ]


@pytest.mark.parametrize(("version", "digest"), [("1.2.2", CONTENT.hash), ("1.2.3", "0" * 64)])
def test_other_content_than_pinned_is_refused_with_both_commands(tmp_path: Path, version: str, digest: str) -> None:
    (told,) = refusal(tmp_path, **{"plantproof.yaml": head(version, digest)})
    assert told.startswith(f"plantproof.yaml:4:3: judged with content {version} ({digest[:12]}), installed is 1.2.3 (")
    assert "`plantproof check --content installed`" in told
    assert "`plantproof config pin`" in told
    files = {"plantproof.yaml": head(version, digest)}
    assert project_in(tmp_path, accept_content=True, **files).content_hash == CONTENT.hash


def test_project_file_tells_all_its_mistakes(tmp_path: Path) -> None:
    text = head(more="max_age_days: {account: soon}\nlimts: {}\n")
    assert [line.split(": ")[0] for line in refusal(tmp_path, **{"plantproof.yaml": text})] == [
        "plantproof.yaml:9:25",
        "plantproof.yaml:10:1",
    ]


def test_no_project_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="plantproof init"):
        open_project(DirTree(tmp_path), content=CONTENT)


def test_file_that_is_nowhere(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    for call in (project.read, project.origin):
        with pytest.raises(InputError, match=r"did you mean `mappers/csf\.yaml"):
            call("mappers/cfs.yaml")


def test_project_at_a_commit(tmp_path: Path) -> None:
    made = GitRepository(tmp_path)
    made.commit(**{"plantproof.yaml": head(), "mappers/csf.yaml": "x: 1\n", "policies/own.rego": "one\n"})
    project_file = made.folder / "policies" / "own.rego"
    project_file.write_text("two\n")
    project = open_project(open_repository(tmp_path).tree("HEAD"), content=CONTENT)
    assert project.read("policies/own.rego") == b"one\n"
    assert dict(project.read_many(["mappers/csf.yaml"])) == {"mappers/csf.yaml": b"x: 1\n"}


def test_project_is_found_from_below(tmp_path: Path) -> None:
    (tmp_path / "plantproof.yaml").write_text("x")
    (tmp_path / "evidence" / "deep").mkdir(parents=True)
    assert find_project(tmp_path / "evidence" / "deep") == tmp_path.resolve()
    with pytest.raises(InputError, match="does not exist"):
        find_project(tmp_path / "nowhere")


def test_no_project_anywhere_above(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no plantproof\.yaml in .* or above it"):
        find_project(tmp_path)


def test_what_judges_is_read_at_once_and_what_is_wrong_with_one_is_told_of_that_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = GitRepository(tmp_path)
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0123456789abcdef\nsize 12345\n"
    programme, adopted = "controls/programme/works.yaml", "controls/adopted/works.jsonl"
    files = {"policies/a.rego": "one\n", "policies/b.rego": "two\n", programme: "three\n", adopted: "four\n"}
    made.commit(**{"plantproof.yaml": head(), **files})
    sound = open_project(open_repository(tmp_path).tree("HEAD"), content=CONTENT)
    assert sound.read("policies/a.rego") == b"one\n"
    assert sound.read(adopted) == b"four\n"
    monkeypatch.setattr(sound.tree, "read_many", None)
    assert sound.read("policies/b.rego") == b"two\n"
    assert sound.read(programme) == b"three\n"
    with pytest.raises(TypeError):
        sound.read(adopted)  # it may be large, and is not held
    made.commit(**{"policies/README.md": pointer})
    project = open_project(open_repository(tmp_path).tree("HEAD"), content=CONTENT)
    assert project.read("policies/a.rego") == b"one\n"
    with pytest.raises(InputError, match=r"policies/README\.md: a pointer of Git LFS"):
        project.read("policies/README.md")
