"""What of the project file judges a change: all of the base's, and every edit of it is listed by its values."""

from __future__ import annotations

from typing import Any

import msgspec
from tests.support.plant_world import project

from plantproof.model.evidence import Covers
from plantproof.model.project_file import ColumnMapping, SiteSettings, SourceSettings
from plantproof.review.judge_changes import PROJECT_FILE, judge_changes, judged_by_base

WIDE = SourceSettings(covers=[Covers(kind="account")], max_age_days=30)
NARROW = SourceSettings(covers=[], max_age_days=400, method="active")


def test_of_a_source_that_the_base_knows_all_settings_are_the_bases() -> None:
    judging = judged_by_base(project(settings={"directory": WIDE}), project(settings={"directory": NARROW}))
    assert judging.sites["works"].sources == {"directory": WIDE}


def test_a_source_that_is_taken_out_is_still_expected() -> None:
    judging = judged_by_base(project(settings={"directory": WIDE}), project())
    assert judging.sites["works"].sources == {"directory": WIDE}


def test_a_source_that_is_added_has_its_own_settings_and_the_bases_age_limit() -> None:
    base = project(max_age_days={"default": 7})
    judging = judged_by_base(base, project(settings={"directory": NARROW}, max_age_days={"default": 4000}))
    assert judging.sites["works"].sources == {"directory": msgspec.structs.replace(NARROW, max_age_days=None)}
    assert judging.max_age_days == {"default": 7}


def test_the_sites_are_those_of_the_head() -> None:
    head = msgspec.structs.replace(project(), sites={"mill": SiteSettings(sources={"directory": NARROW})})
    assert list(judged_by_base(project(settings={"directory": WIDE}), head).sites) == ["mill"]


def edits(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Pointer, was and now of every value that is listed where these are the sources of one site on both sides."""
    sides = [{"title": "T", "sites": {"works": {"sources": each}}} for each in (before, after)]
    found = judge_changes({PROJECT_FILE: "1"}, {PROJECT_FILE: "2"}, lambda path, of_head: sides[of_head])
    return [(value.pointer, value.was, value.now) for change in found for value in change.values]


def test_every_setting_by_which_a_source_is_read_or_judged_is_listed_with_its_values() -> None:
    mapping = msgspec.to_builtins(ColumnMapping(kind="backup", fields={"last": "Last good"}))
    other = {**mapping, "fields": {"last": "Last run"}}
    before = {"backups": {"mapping": mapping, "time_zone": "UTC", "covers": [{"kind": "backup"}]}}
    after = {"backups": {"mapping": other, "time_zone": "Asia/Tokyo", "method": "active", "max_age_days": 9}}
    assert edits(before, after) == [
        ("sources.works/backups.covers", [{"kind": "backup"}], None),
        ("sources.works/backups.mapping.fields.last", "Last good", "Last run"),
        ("sources.works/backups.max_age_days", None, 9),
        ("sources.works/backups.method", None, "active"),
        ("sources.works/backups.time_zone", "UTC", "Asia/Tokyo"),
    ]


def test_a_new_source_is_no_edit_but_for_its_age_limit() -> None:
    assert edits({}, {"backups": {"method": "active"}}) == []
    assert edits({}, {"backups": {"method": "active", "max_age_days": 900}}) == [
        ("sources", None, {"works/backups": {"max_age_days": 900}})
    ]


def test_a_source_that_is_expected_no_more_is_listed_also_where_nothing_was_set_up() -> None:
    assert edits({"backups": {}, "flows": {}}, {"flows": {}}) == [("sources.works/backups", {}, None)]


def test_who_collected_with_what_is_not_listed() -> None:
    assert edits({"flows": {"tool": "A", "steps": "x"}}, {"flows": {"tool_version": "2", "tool": "B"}}) == []


def test_a_site_that_leaves_takes_its_sources_along() -> None:
    sides = [{"title": "T", "sites": {"works": {"sources": {"flows": {}}}}}, {"title": "T", "sites": {}}]
    assert judge_changes({PROJECT_FILE: "1"}, {PROJECT_FILE: "2"}, lambda path, of_head: sides[of_head]) == []


def test_what_is_written_otherwise_than_settings_are_is_no_error_here() -> None:
    for sites in (None, [], {"works": None}, {"works": {"sources": [1]}}, {"works": {"sources": {"flows": 1}}}):
        sides = [{"title": "T", "sites": sites}, {"title": "T", "sites": sites}]
        assert judge_changes({PROJECT_FILE: "1"}, {PROJECT_FILE: "2"}, lambda path, of_head, s=sides: s[of_head]) == []
