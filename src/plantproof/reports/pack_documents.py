"""The documents of a pack, made from the assessment and the project's own texts: once to write, once more to verify."""

from __future__ import annotations

import codecs
from collections.abc import Collection, Mapping

from plantproof.model.assessment import Assessment
from plantproof.reports.csv_report import render_csv
from plantproof.reports.html_report import render
from plantproof.reports.narrative import default_narrative, fill_narrative
from plantproof.reports.summary import build_summary
from plantproof.reports.text import render as render_text
from plantproof.reports.view_types import View

TEMPLATES = "narrative/templates/"
"""Where a pack keeps the project's own texts, with their placeholders: without them nobody could fill them again."""


def make_documents(
    assessment: Assessment, view: View, documents: Collection[str], own: Mapping[str, str]
) -> dict[str, bytes]:
    """Every page, register, summary and text that `documents` names (see `model.report.Document`), path -> bytes.

    `own` are the project's texts by name; they come along, and the installed ones stand in for what it lacks. Raises
    InputError where a text names a placeholder that does not exist.
    """
    texts = fill_narrative({**default_narrative(), **own}, view)
    files: dict[str, bytes] = {}
    if "gaps" in documents:
        # People open this one with a spreadsheet, and Excel takes UTF-8 for it only behind this mark; for programs
        # there is `check --format csv`, without it.
        files["gaps.csv"] = codecs.BOM_UTF8 + render_csv(view)
    if "summary" in documents:
        files["summary.txt"] = render_text(build_summary(assessment)).encode()
    if "narrative" in documents:
        files |= {f"narrative/{name}.md": text.encode() for name, text in texts.items()}
    if "html" in documents:
        files |= {f"html/{path}": data for path, data in render(view, texts).items()}
    if not {"html", "narrative"}.isdisjoint(documents):
        files |= {f"{TEMPLATES}{name}.md": text.encode() for name, text in own.items()}
    return files


def is_document(path: str) -> bool:
    """Whether a file with this path is a document, whoever put it there."""
    return path in {"gaps.csv", "summary.txt"} or (
        path.startswith(("html/", "narrative/")) and not path.startswith(TEMPLATES)
    )
