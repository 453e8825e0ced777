"""Links lead somewhere, commands exist, examples are valid, and worked examples come out as they are written."""

from __future__ import annotations

import re
import shlex
import struct
from collections.abc import Iterator

import click
import pytest
from tests.support.documents import ROOT, blocks, documents, read

from plantproof.cli.application import application
from plantproof.errors import InputError
from plantproof.files import load_yaml
from plantproof.mappers.levels import Requirement, bounds_of
from plantproof.model.formats import FORMATS
from plantproof.model.vocabulary import Conclusion

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(plantproof [^`]+|make [a-z-]+)`")
WRITTEN_BY_HAND = [document for document in documents() if not document.startswith("docs/reference/")]


def anchors(document: str) -> set[str]:
    """The anchors that headings get: lower case, hyphens for spaces, without other signs."""
    headings = re.findall(r"^#{1,6} (.+)$", FENCE.sub("", read(document)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", documents())
def test_relative_links_lead_to_files_and_headings(document: str) -> None:
    broken = []
    for target in LINK.findall(FENCE.sub("", read(document))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (ROOT / document).parent / path if path else ROOT / document
        if not there.exists() or (anchor and anchor not in anchors(there.resolve().relative_to(ROOT).as_posix())):
            broken.append(target)
    assert broken == []


def commands_in(document: str) -> Iterator[str]:
    """Every command line of ours that a document mentions, in blocks and in prose."""
    text = read(document)
    for block in blocks(text):
        if block.language in ("sh", "console", "yaml", "text"):
            for line in block.text.replace("\\\n", " ").splitlines():
                found = re.match(r"\s*(?:\$ |- )?((?:[A-Z_]+=\S+ )*)((?:plantproof|make) \S.*)", line)
                if found:
                    yield re.split(r" #| [|>]|&&|;", found[2])[0].strip()
    yield from INLINE.findall(FENCE.sub("", text))


@pytest.mark.parametrize("document", [*WRITTEN_BY_HAND, "docs/reference/README.md", "docs/reference/glossary.md"])
def test_every_command_that_is_mentioned_exists_with_its_options(document: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    wrong = []
    for line in commands_in(document):
        words = shlex.split(re.sub(r"<[^>]*>|\[[^\]]*\]", "X", line).replace("...", "X").rstrip("."), comments=True)
        if words[0] == "make":
            wrong += [line for word in words[1:] if "=" not in word and word not in targets][:1]
        elif not known(words[1:]):
            wrong.append(line)
    assert wrong == []


def known(words: list[str]) -> bool:
    """Whether a command of ours has these verbs and options."""
    command: click.Command = application
    context = click.Context(application)
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        if rest[0] not in command.list_commands(context):
            return False
        inner = command.get_command(context, rest.pop(0))
        assert inner
        command = inner
    options = {"-h", "--help", "--version"} if command is application else {"-h", "--help"}
    for parameter in command.params:
        options |= {*parameter.opts, *parameter.secondary_opts}
    return all(word.split("=")[0] in options for word in rest if re.match(r"--?[a-zA-Z]", word))


@pytest.mark.parametrize(("words", "expected"), [
    (["check", "--date", "2026-11-20"], True), (["check", "--nonsense"], False), (["nonsense"], False),
    (["policy", "new", "a/b"], True), (["policy", "old"], False), (["--version"], True),
])  # fmt: skip
def test_a_command_that_does_not_exist_is_found(words: list[str], expected: bool) -> None:
    assert known(words) is expected


def test_whole_files_that_are_shown_are_valid() -> None:
    """Every YAML block that names its schema reads as that format."""
    checked = 0
    for document in WRITTEN_BY_HAND:
        for block in blocks(read(document)):
            found = re.match(r"schema: plantproof/([a-z-]+)/1\n", block.text)
            if block.language != "yaml" or not found:
                continue
            try:
                load_yaml(block.text.encode(), f"{document}:{block.line}", FORMATS[found[1]].type)
            except InputError as error:
                pytest.fail(f"{document}:{block.line}: {error}")
            checked += 1
    assert checked >= 4


def test_the_bounds_that_are_worked_by_hand_are_what_the_code_computes() -> None:
    text = read("docs/explanation/verdicts.md").split("### A bound worked by hand", 1)[1]
    tables = [[[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()] for table in
              re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)[:2]]  # fmt: skip
    (head, _, *requirements), (_, _, *results) = tables
    assert [row[0] for row in results] == head[3:]
    for moment, row in enumerate(results, 3):
        known_then = [
            Requirement(each[0], int(each[1]), *map(int, each[2].split(" to ")), Conclusion(each[moment]))
            for each in requirements
        ]
        bounds = bounds_of(known_then)
        contested = (
            f"{bounds.contested_lower} to {bounds.contested_upper}" if bounds.contested_upper is not None else ""
        )
        assert [str(bounds.lower), str(bounds.upper), contested] == row[1:4], row[0]


def test_the_picture_is_small_and_a_picture() -> None:
    data = (ROOT / "docs" / "images" / "overview.png").read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert data.startswith(b"\x89PNG")
    assert len(data) < 200_000
    assert (width, height) > (600, 400)


@pytest.mark.parametrize("document", documents())
def test_no_path_of_somebodys_machine_is_left_in(document: str) -> None:
    assert re.findall(r"(?<![\w.])/(?:home|root|Users|work|tmp)/\S*", read(document)) == []


def test_every_file_that_the_documents_name_in_code_is_there() -> None:
    missing = []
    for document in WRITTEN_BY_HAND:
        named = re.findall(
            r"`((?:src|tests|tools|policies|mappers|controls|evidence|reports|docs)/[\w./-]+\.\w+)`", read(document)
        )
        missing += [f"{document}: {path}" for path in named if not (ROOT / path).exists() and "/sites/" not in path]
    assert missing == []


@pytest.mark.parametrize("folder", ["controls", "evidence", "policies", "mappers", "reports"])
def test_each_content_folder_points_to_its_other_half(folder: str) -> None:
    assert (ROOT / "src" / "plantproof" / folder).is_dir()
    assert f"src/plantproof/{folder}" in read(f"{folder}/README.md")


def test_every_verdict_that_the_code_refers_to_by_number_is_explained() -> None:
    explained = set(re.findall(r"^\*\*(\d+)\.", read("docs/explanation/verdicts.md"), re.MULTILINE))
    used: set[str] = set()
    for path in (ROOT / "src" / "plantproof").rglob("*.py"):
        for numbers in re.findall(r"verdicts\.md ([\d, and]+)", path.read_text(encoding="utf-8"), re.IGNORECASE):
            used |= set(re.findall(r"\d+", numbers))
    assert len(used) > 5
    assert used - explained == set()
