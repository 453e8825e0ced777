"""The story of the reference plants as a file: who committed what when, and how the plants differed from today's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from plantproof.files import load_yaml
from plantproof.model.evidence import Form

Moment = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z\Z")]
SourcePath = Annotated[str, Meta(pattern=r"^[a-z0-9-]+/[a-z0-9-]+\Z")]
"""`SITE/SOURCE`."""

FILE = "story.yaml"


class Entry(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One element of a list in a JSON export, found by its name: as it was, or not there at all."""

    of: str
    name: str
    was: dict[str, str | list[str]] = {}
    """Field -> its value then; a dot leads into an object. Empty: the element was not there."""


class Edit(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """From the file of today to the one of then. One of the four is given.

    `today`/`then`: a text that stands there so many `times`. `without_lines`: each line that holds one of these texts
    was not there. `without_block`: this line and those indented deeper below it were not there. `entry`: see `Entry`.
    """

    today: str = ""
    then: str = ""
    times: int = 1
    without_lines: list[str] = []
    without_block: str = ""
    entry: Entry | None = None


class Difference(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """In which one file was another than it is today, before `until` and not before `since`."""

    title: str
    path: str
    """`SITE/SOURCE/FILE` for an export; else the path of a file in the project."""
    since: Moment = "0001-01-01T00:00:00Z"
    until: Moment = "9999-12-31T00:00:00Z"
    edits: Annotated[list[Edit], Meta(min_length=1)]


class Moving(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An export whose newest dates move with every collection (a backup that runs each night)."""

    source: SourcePath
    as_of: Moment
    """When today's export was taken."""
    dates: Literal["yyyy-mm-dd", "m/d/yyyy", "d/mm/yyyy"]
    younger_than_days: int
    """Older dates than this stay where they are: nobody logs on to an account that is forgotten."""


class Collection(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One source, collected at a moment."""

    source: SourcePath
    at: Moment


class Chapter(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One commit."""

    tag: str = ""
    """Becomes `story/TAG`."""
    at: Moment
    by: str
    """A key of `people`."""
    message: str
    branch: str = "main"
    begins_at: str = ""
    """The tag that a new branch leaves from."""
    merges: str = ""
    """The branch that is merged into this one."""
    files: list[str] = []
    """Patterns of the project's files that this commit adds. What no chapter names belongs to the first."""
    writes: dict[str, str] = {}
    """Files that the reference plants do not have today, path -> text: those of a change that waits for review."""
    collects: list[Collection] = []


class Key(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The redaction key of the reference plants. It guards nothing: their secrets are invented."""

    id: str
    value: str


class Story(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """story.yaml."""

    schema: Literal["plantproof/story/1"] = msgspec.field(name="schema")
    redaction_key: Key
    people: dict[str, str]
    moving: list[Moving] = []
    differences: list[Difference] = []
    chapters: Annotated[list[Chapter], Meta(min_length=1)]


def read_story() -> Story:
    """The story that comes with the program. Raises `InputError` with every mistake in it."""
    return load_yaml((Path(__file__).parent / FILE).read_bytes(), FILE, Story)
