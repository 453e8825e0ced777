"""The narrative: Markdown with placeholders, filled from the view, shown as cleaned HTML. Data, never code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import resources
from itertools import count

import markdown
import nh3
from markupsafe import Markup

from plantproof.errors import InputError, Problem
from plantproof.reports.narrative_values import BLOCKS, INLINE, escape
from plantproof.reports.view_types import View
from plantproof.spelling import did_you_mean
from plantproof.text import visible

TEXTS = ("scope", "zones", "remediation")
LONGEST = 256 * 1024
"""Bytes of one text, before it is filled."""
_PLACEHOLDER = re.compile(r"\{\{[ \t]*([A-Za-z0-9_]+)[ \t]*\}\}")
_FRAME = '<div class="scroll" role="region" aria-label="Table {}" tabindex="0"><table>'
"""Wide tables scroll by themselves, also by keyboard."""
_TAGS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote"),
    *("table", "thead", "tbody", "tr", "th", "td", "a", "br", "hr"),
}


def default_narrative() -> dict[str, str]:
    """The installed texts by name."""
    folder = resources.files("plantproof.reports").joinpath("narrative")
    return {name: folder.joinpath(f"{name}.md").read_text(encoding="utf-8") for name in TEXTS}


def load_narrative(files: Mapping[str, bytes]) -> dict[str, str]:
    """A project's own texts, from path -> bytes of reports/templates/*.md. Raises InputError with every mistake."""
    texts, problems = {}, []
    for path in sorted(files):
        name = path.rsplit("/", 1)[-1].removesuffix(".md")
        if len(files[path]) > LONGEST:
            problems.append(Problem(path, 0, f"longer than {LONGEST // 1024} KB", "a text holds words, not figures"))
            continue
        try:
            text = files[path].decode("utf-8-sig")
        except UnicodeDecodeError as error:
            problems.append(Problem(path, 0, f"not UTF-8 (byte {error.start})", "save it as UTF-8"))
            continue
        if name not in TEXTS:
            files_known = [f"{text}.md" for text in TEXTS]
            hint = did_you_mean(f"{name}.md", files_known) or f"there are: {', '.join(files_known)}"
            problems.append(Problem(path, 0, f"no report has a text `{name}`", hint))
            continue
        problems += unknown_placeholders(path, text)
        texts[name] = text.replace("\r\n", "\n")
    if problems:
        raise InputError(*problems)
    return texts


def unknown_placeholders(path: str, text: str) -> list[Problem]:
    """Every placeholder that the view cannot fill, with its line."""
    known = sorted({*INLINE, *BLOCKS})
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        for found in _PLACEHOLDER.finditer(line):
            if found[1] not in known:
                hint = did_you_mean(found[1], known) or f"there are: {', '.join(known)}"
                problems.append(Problem(path, number, f"unknown placeholder `{found[1]}`", hint, found.start() + 1))
    return problems


def fill_narrative(texts: Mapping[str, str], view: View, most: int = 0) -> dict[str, str]:
    """The texts with the view's values in their places. Values come escaped, so evidence never becomes markup. Raises
    InputError for placeholders that do not exist, and where the values are longer than `most`, if given."""
    problems = [problem for name in sorted(texts) for problem in unknown_placeholders(f"{name}.md", texts[name])]
    if problems:
        raise InputError(*problems)
    values: dict[str, str] = {}
    filled = 0

    def value(found: re.Match[str]) -> str:
        nonlocal filled
        name = found[1]
        if name not in values:
            make: Callable[[View], str] = BLOCKS[name] if name in BLOCKS else INLINE[name]
            values[name] = make(view) if name in BLOCKS else escape(make(view))
        filled += len(values[name])
        if most and filled > most:
            raise InputError(Problem("", 0, f"a text becomes longer than the {most:,} bytes that it has in the pack"))
        return values[name]

    return {name: _PLACEHOLDER.sub(value, texts[name]) for name in sorted(texts)}


def to_html(text: str) -> Markup:
    """Markdown as HTML: raw HTML is off, and what comes out is cleaned by an allow-list that knows no script, style,
    image or frame, and no address but https and mailto."""
    parser = markdown.Markdown(extensions=["tables", "sane_lists"], output_format="html")
    parser.preprocessors.deregister("html_block")
    parser.inlinePatterns.deregister("html")
    shown = "\n".join(visible(line) for line in text.replace("\t", "    ").split("\n"))
    cleaned = nh3.clean(
        parser.convert(shown),
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"https", "mailto"},
        link_rel="noopener noreferrer",
    )
    number = count(1)
    framed = re.sub("<table>", lambda _: _FRAME.format(next(number)), cleaned).replace("</table>", "</table></div>")
    return Markup(framed)  # noqa: S704 - cleaned by nh3 above
