"""Readers of what forges read: GitHub Flavored Markdown as GitHub's own parser sees it, workflow commands, code
quality."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any, NamedTuple

import cmarkgfm
from cmarkgfm.cmark import Options

OPENING = "\N{WORD JOINER}"
"""What parts a mention or a link; it is not seen."""


def gfm(text: str) -> str:
    """GitHub Flavored Markdown as HTML, raw HTML kept: what is not escaped shows."""
    return cmarkgfm.markdown_to_html_with_extensions(
        text, options=Options.CMARK_OPT_UNSAFE, extensions=["table", "autolink", "strikethrough", "tagfilter"]
    )


class Page(HTMLParser):
    """A page as read: which elements with which attributes, each in what; the text; the text outside of code."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.unclosed: list[str] = []
        self.wrong: list[str] = []
        self.comments: list[str] = []
        self.texts: list[str] = []
        self.outside_code: list[str] = []
        self.cells: list[list[str]] = []
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        return "".join(self.texts).replace(OPENING, "")

    @property
    def prose(self) -> str:
        """The text that a forge goes over with filters of its own."""
        return "\n".join(self.outside_code)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in {"br", "hr", "img", "input"}:
            self.unclosed.append(tag)
        if tag == "tr":
            self.cells.append([])
        if tag in {"td", "th"}:
            self.cells[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if not self.unclosed or self.unclosed.pop() != tag:
            self.wrong.append(tag)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if "code" not in self.unclosed:
            self.outside_code.append(data)
        if {"td", "th"} & set(self.unclosed):
            self.cells[-1][-1] += data.replace(OPENING, "")


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    message: str


_COMMAND = re.compile(r"::(?P<name>[a-z]+)(?: (?P<properties>[^:]*))?::(?P<message>.*)")


def command(line: str) -> Command:
    """A workflow command, read as GitHub's runner does: the name, `key=value` with commas, the message; then %0D, %0A,
    %3A, %2C and %25 are what they stand for. Raises ValueError for a line that is none."""
    found = _COMMAND.fullmatch(line)
    if found is None:
        raise ValueError(line)
    properties = {}
    for part in (found["properties"] or "").split(",") if found["properties"] else []:
        key, equals, value = part.partition("=")
        if not equals or key in properties:
            raise ValueError(line)
        properties[key] = _unescaped(value, {"%3A": ":", "%2C": ","})
    return Command(found["name"], properties, _unescaped(found["message"], {}))


def _unescaped(text: str, more: dict[str, str]) -> str:
    meant = {"%0D": "\r", "%0A": "\n", "%25": "%", **more}
    return re.sub(r"%[0-9A-F]{2}", lambda found: meant[found[0]], text)


CODE_QUALITY: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "additionalProperties": False,
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!/|\./|.*(^|/)\.\.(/|$)).+"},
                    "lines": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
"""What GitLab documents of a code quality report, as JSON Schema."""
