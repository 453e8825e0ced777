"""Chapters become commits: who adds which file, what a merge brings, and which stories cannot be told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.support.exports import IOS

from plantproof.errors import InputError
from plantproof.git_import import NewCommit
from plantproof.sample.history import tell
from plantproof.sample.story import Chapter, Collection, Difference, Edit, Key, Story, read_story

PROJECT = b"""schema: plantproof/project/1
title: Works
content: {version: 0.1.0, hash: "00"}
profiles: [iec62443-sl2]
sites:
  works:
    sources:
      switches: {format: cisco-ios}
"""
TODAY = {
    "plantproof.yaml": PROJECT,
    "controls/sites/works.yaml": b"site\n",
    "controls/waivers/W-1.yaml": b"waiver\n",
    "evidence/works/switches/raw/sw-77.cfg": IOS.encode(),
}


def chapter(day: int, **fields: object) -> Chapter:
    return Chapter(at=f"2026-10-{day:02}T12:00:00Z", by="ada", message="Do\n", **fields)  # type: ignore[arg-type]  # words of a test


def told(*chapters: Chapter, differences: Sequence[Difference] = ()) -> list[NewCommit]:
    story = Story(
        schema="plantproof/story/1",
        redaction_key=Key(id="key-1", value="a-key-that-guards-nothing"),
        people={"ada": "Ada Plant <ada@plant.example>"},
        differences=list(differences),
        chapters=list(chapters),
    )
    return tell(story, TODAY, {"README.md": b"read\n"})


COLLECTED = [Collection(source="works/switches", at="2026-10-02T08:00:00Z")]


def test_the_first_chapter_adds_what_no_other_names() -> None:
    first, second = told(chapter(1), chapter(2, files=["controls/waivers/*"]))
    assert sorted(first.files) == ["README.md", "controls/sites/works.yaml", "plantproof.yaml"]
    assert second.files.keys() - first.files.keys() == {"controls/waivers/W-1.yaml"}
    assert (first.parents, second.parents) == ((), (0,))


def test_a_chapter_may_write_a_file_of_its_own() -> None:
    first, second = told(chapter(1), chapter(2, writes={"controls/changes/C-1.yaml": "text\n"}))
    assert second.files == {**first.files, "controls/changes/C-1.yaml": b"text\n"}


def test_records_are_made_by_collecting_and_exports_come_with_them_only() -> None:
    (commit,) = told(chapter(3, collects=COLLECTED))
    stored = commit.files["evidence/works/switches/raw/sw-77.cfg"]
    assert b"<redacted" in stored
    assert b"<redacted" not in TODAY["evidence/works/switches/raw/sw-77.cfg"]
    assert "evidence/works/switches/records/setting.jsonl" in commit.files
    assert b'collected_at: "2026-10-02T08:00:00Z"' in commit.files["evidence/works/switches/custody.yaml"]
    assert "evidence/works/identities.jsonl" in commit.files


def test_a_file_of_the_project_is_in_each_chapter_as_it_was_then() -> None:
    titled = Difference(
        title="Another title", path="plantproof.yaml", until="2026-10-02T00:00:00Z",
        edits=[Edit(today="title: Works", then="title: Works to be")],
    )  # fmt: skip
    first, second = told(chapter(1), chapter(2), differences=[titled])
    assert b"title: Works to be\n" in first.files["plantproof.yaml"]
    assert second.files["plantproof.yaml"] == PROJECT


def test_a_merge_brings_what_the_branch_changed_and_keeps_the_rest() -> None:
    commits = told(
        chapter(1, tag="begin"),
        chapter(2, branch="change/waiver", begins_at="begin", files=["controls/waivers/*"]),
        chapter(3, collects=COLLECTED),
        chapter(4, merges="change/waiver"),
    )
    assert [commit.parents for commit in commits] == [(), (0,), (0,), (2, 1)]
    assert commits[3].files == {**commits[2].files, **commits[1].files}


def test_a_merge_of_branches_that_change_one_file_is_refused() -> None:
    later = [Collection(source="works/switches", at="2026-10-03T08:00:00Z")]
    with pytest.raises(InputError, match=r"chapter `4`: both branches change evidence/works/switches/custody\.yaml"):
        told(
            chapter(1, tag="1"),
            chapter(2, branch="other", begins_at="1", collects=COLLECTED),
            chapter(3, collects=later),
            chapter(4, tag="4", merges="other"),
        )


def test_a_pattern_that_names_no_file_is_refused() -> None:
    with pytest.raises(InputError, match="chapter `2` adds `controls/waivers/X`, and there is no such file"):
        told(chapter(1), chapter(2, tag="2", files=["controls/waivers/X"]))


def test_the_story_that_is_shipped_can_be_read() -> None:
    story = read_story()
    assert {each.by for each in story.chapters} == set(story.people)
    assert len({difference.title for difference in story.differences}) == len(story.differences)
