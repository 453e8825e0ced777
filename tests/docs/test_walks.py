"""What the documents tell a reader to type works, and prints what they show."""

from __future__ import annotations

import re

import pytest
from tests.support.documents import ROOT, Shell, blocks, documents, matches, read, typed

TUTORIALS = [document for document in documents() if document.startswith("docs/tutorial/")]
IN_CLONE = [
    document
    for document in documents()
    if document not in TUTORIALS and any(block.language == "console" for block in blocks(read(document)))
]


@pytest.mark.parametrize("document", TUTORIALS)
def test_a_tutorial_works_in_an_empty_folder(document: str, in_empty_folder: Shell) -> None:
    in_empty_folder.walk(document, read(document))


@pytest.mark.parametrize("document", IN_CLONE)
def test_commands_work_in_a_clone(document: str, in_clone: Shell) -> None:
    in_clone.walk(document, read(document))


SHOWN_FILES = {
    "docs/how-to/tailor-a-profile.md": "controls/profiles/our-62443.yaml",
    "docs/how-to/attest.md": "evidence/northmill/attestations/power.yaml",
    "docs/how-to/write-a-waiver.md": "controls/waivers/W-2026-004.yaml",
    "docs/how-to/add-a-report.md": "reports/packs/shift-leads.yaml",
}


def test_the_files_that_how_tos_show_work_together(in_empty_folder: Shell) -> None:
    in_empty_folder.run("plantproof init . --site northmill")
    in_empty_folder.run("git init -q")
    in_empty_folder.run("sed -i.before 's/iec62443-sl2/our-62443/' plantproof.yaml && rm plantproof.yaml.before")
    for document, path in SHOWN_FILES.items():
        (shown,) = (block for block in blocks(read(document)) if block.text.startswith("schema:"))
        in_empty_folder.write(shown._replace(path=path))
    in_empty_folder.run("git add . && git commit -q -m Begin")
    said = in_empty_folder.run("plantproof validate")
    assert "1 waiver, " in said
    assert "1 attestation: no mistakes" in said
    assert "no wireless network" in in_empty_folder.run('plantproof explain "SR 1.6" --date 2026-11-20')
    assert "satisfied: attested by Greta Wolff" in in_empty_folder.run('plantproof explain "SR 7.5" --date 2026-11-20')
    assert "(in force)" in in_empty_folder.run("plantproof explain W-2026-004 --date 2026-11-20")
    in_empty_folder.run("plantproof pack --for shift-leads --date 2026-11-20 --output pack --quiet")
    assert in_empty_folder.run("ls pack").split() == [
        "MANIFEST.json", "SHA256SUMS", "assessment.json", "gaps.csv", "summary.txt"
    ]  # fmt: skip


def test_the_programme_and_the_change_record_that_a_how_to_shows_are_in_order(in_empty_folder: Shell) -> None:
    in_empty_folder.run("plantproof init . --site northmill && git init -q")
    shown = [block for block in blocks(read("docs/how-to/approve-a-change.md")) if block.text.startswith("schema:")]
    paths = ["controls/programme/northmill.yaml", "controls/changes/CHG-2026-031.yaml"]
    for block, path in zip(shown, paths, strict=True):
        in_empty_folder.write(block._replace(path=path))
    assert ": no mistakes" in in_empty_folder.run("plantproof validate")
    listed = in_empty_folder.run("plantproof approvals list --date 2026-12-24")
    assert "  northmill  Kim Plant, Lee Works\n" in listed
    assert "/evidence/northmill/ @kim-plant @lee-works" in in_empty_folder.run("plantproof approvals codeowners")


def test_the_readme_and_a_tutorial_are_among_them() -> None:
    assert "README.md" in IN_CLONE
    assert TUTORIALS == ["docs/tutorial/first-assessment.md", "docs/tutorial/ten-weeks.md"]


def test_the_demo_that_the_readme_names_is_a_pack_of_head() -> None:
    """`make demo` installs packages, so it is not run here; what it runs after that is."""
    recipe = re.search(r"^demo:.*\n\t@\$\(BIN\)/(plantproof pack .*)$", read("Makefile"), re.MULTILINE)
    assert recipe
    date = re.search(r"^DEMO_DATE := (\S+)$", read("Makefile"), re.MULTILINE)
    assert date
    assert f"--date {date[1]}" in recipe[1].replace("$(DEMO_DATE)", date[1])
    assert (ROOT / "plantproof.yaml").is_file()


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        (("a", "..."), "a\nb\nc\n", True),
        (("a", "..."), "a\n", True),
        (("a ... c",), "a b c\n", True),
        (("a",), "a\nb\n", False),
        (("...", "c"), "a\nb\nd\n", False),
        ((), "", True),
        ((), "a\n", False),
    ],
)
def test_what_a_document_shows_is_compared_with_what_is_printed(
    shown: tuple[str, ...], printed: str, expected: bool
) -> None:
    assert matches(shown, printed) is expected


def test_a_console_block_is_read_into_commands_and_output() -> None:
    (block,) = blocks("text\n\n```console\n$ one \\\n> two\nprinted\n$ three\n```\n")
    assert [(each.command, each.shown) for each in typed(block)] == [("one \\\ntwo", ("printed",)), ("three", ())]
