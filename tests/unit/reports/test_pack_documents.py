"""The documents of a pack: what is chosen, and what a project's own texts bring along."""

from __future__ import annotations

import pytest
from tests.support.assessment_example import example

from plantproof.reports.csv_report import render_csv
from plantproof.reports.pack_documents import is_document, make_documents
from plantproof.reports.view import build_view


@pytest.mark.parametrize(("documents", "with_it"), [(["gaps", "summary"], False), (["narrative"], True)])
def test_own_texts_come_along_where_they_are_shown(documents: list[str], with_it: bool) -> None:
    files = make_documents(example(), build_view(example()), documents, {"scope": "# {{ title }}\n"})
    assert (files.get("narrative/templates/scope.md") == b"# {{ title }}\n") is with_it
    assert ("narrative/scope.md" in files) is with_it


def test_what_every_pack_holds_and_what_a_project_wrote_is_no_document() -> None:
    paths = ("gaps.csv", "html/a/b.html", "narrative/scope.md", "narrative/templates/scope.md", "assessment.json")
    assert [is_document(path) for path in paths] == [True, True, True, False, False]


def test_the_register_of_a_pack_is_marked_for_spreadsheets_and_that_for_programs_is_not() -> None:
    view = build_view(example())
    register = make_documents(example(), view, ["gaps"], {})["gaps.csv"]
    assert register == b"\xef\xbb\xbf" + render_csv(view)
    assert render_csv(view).startswith(b"id,site,")
