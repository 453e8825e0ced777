"""The reference is what the code and the content are now, and nothing is left out of it."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from types import ModuleType

import pytest
from tests.support.documents import ROOT, read

from plantproof.cli.application import VERBS
from plantproof.model.formats import FORMATS
from plantproof.model.records import KINDS
from plantproof.model.roles import BROADER
from plantproof.model.settings import SETTING_KEYS

REFERENCE = "docs/reference"
VARIABLE = re.compile(r"environ(?:\.get\(|\[)\s*\"([A-Z_]+)\"|KEY_VARIABLE = \"([A-Z_]+)\"")
NOT_FOR_USERS = {"SYSTEMROOT"}
"""Handed on to processes, without a meaning of ours."""


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_reference", ROOT / "tools" / "generate_reference.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_committed_is_what_is_generated(generator: ModuleType) -> None:
    """`make docs` brings it up to date."""
    made: dict[str, str] = generator.pages()
    differing = [
        name
        for name, text in made.items()
        if not (ROOT / REFERENCE / name).is_file() or read(f"{REFERENCE}/{name}") != text
    ]
    assert (differing, generator.stale(made)) == ([], [])


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_and_each_of_its_options_has_its_section(verb: str, generator: ModuleType) -> None:
    page = read(f"{REFERENCE}/commands.md")
    for words, command in generator.commands.commands().items():
        if words.split()[0] != verb:
            continue
        section = page.split(f"\n## plantproof {words}\n", 1)[1].split("\n## ", 1)[0]
        for parameter in command.params:
            if parameter.param_type_name == "option" and not parameter.hidden:
                missing = [name for name in parameter.opts if f"`{name}`" not in section]
                assert missing == [], f"plantproof {words}"


def test_explanations_are_prose_and_examples_are_lines_to_copy() -> None:
    page = read(f"{REFERENCE}/commands.md")
    shown = [line for block in re.findall(r"```text\n(.*?)\n```", page, re.DOTALL) for line in block.splitlines()]
    assert [line for line in shown if not line.startswith("plantproof ")] == []


def test_every_policy_has_its_section() -> None:
    """From the folders, not from the generator: one that it overlooks is found."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "policies"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    files = [path.split("/") for path in listed if path.endswith(".rego") and not path.endswith("_test.rego")]
    policies = {f"{parts[1]}/{parts[2]}" for parts in files if len(parts) == 4}
    headings = set(re.findall(r"^## (\S+/\S+)$", read(f"{REFERENCE}/policies.md"), re.MULTILINE))
    assert len(policies) >= 16
    assert headings == policies


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("formats.md", [f"## {name}" for name in FORMATS]),
        ("evidence-kinds.md", [f"## {kind}" for kind in KINDS]),
        ("setting-keys.md", [f"| `{key}` |" for key in SETTING_KEYS]),
        ("roles.md", [f"| `{role}` |" for role in BROADER]),
    ],
)
def test_every_word_has_its_row_or_section(page: str, words: list[str]) -> None:
    text = read(f"{REFERENCE}/{page}")
    assert [word for word in words if f"\n{word}" not in text] == []


def test_every_variable_of_the_environment_is_explained(generator: ModuleType) -> None:
    used: set[str] = set()
    for path in (ROOT / "src" / "plantproof").rglob("*.py"):
        used |= {one or other for one, other in VARIABLE.findall(path.read_text(encoding="utf-8"))}
    assert used - NOT_FOR_USERS == set(generator.commands.ENVIRONMENT)


def test_the_glossary_has_the_words_of_the_house() -> None:
    wanted = """
        assessment attestation catalog claim conduit content control custody evidence finding gap mapping observation
        pack part policy profile site source subject waiver zone
    """.split()  # noqa: SIM905  a list of words, not of quotes
    words = re.findall(r"^\| \*\*(.+?)\*\* \|", read(f"{REFERENCE}/glossary.md"), re.MULTILINE)
    assert [word for word in wanted if word not in words] == []
    assert words == sorted(words, key=str.casefold)
