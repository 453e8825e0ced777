"""Documents as tests read them: their files, links, and the commands that a reader would type, run in order.

A block that begins with ```console holds commands after `$ ` and what they print: a line `...` stands for any lines,
and `...` within a line for any text. A command that does not exit with 0 is followed by `$ echo $?`. A comment
`<!-- file: PATH -->` before a block says that the reader writes the block into that file; `<!-- add to: PATH -->`, that
he adds it at the end.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(
    r"^(?:<!-- (?P<how>file|add to): (?P<path>\S+) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


class Block(NamedTuple):
    """A fenced block. `path` is the file that the reader writes it to, "" where none; `adds`: at its end."""

    language: str
    text: str
    line: int
    path: str = ""
    adds: bool = False


class Typed(NamedTuple):
    """One command of a console block, with the lines that the document shows as its output."""

    command: str
    shown: tuple[str, ...]
    line: int


def documents() -> list[str]:
    """Every document for people, by path: those at the root, under docs/, and the READMEs of folders."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("changelog.d/*.md")]
    found += [folder / "README.md" for folder in ROOT.iterdir() if (folder / "README.md").is_file()]
    return sorted({path.relative_to(ROOT).as_posix() for path in found})


def read(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a document, in order."""
    for found in _BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("text")) + 1
        yield Block(found["language"], found["text"], line, found["path"] or "", found["how"] == "add to")


def typed(block: Block) -> list[Typed]:
    """The commands of a console block. A line that ends in a backslash goes on after `> `."""
    found: list[tuple[str, list[str], int]] = []
    for number, line in enumerate(block.text.splitlines(), block.line):
        if line.startswith("$ "):
            found.append((line[2:], [], number))
        elif line.startswith("> ") and found and not found[-1][1] and found[-1][0].endswith("\\"):
            found[-1] = (f"{found[-1][0]}\n{line[2:]}", [], found[-1][2])
        elif found:
            found[-1][1].append(line)
        else:
            raise AssertionError(f"line {number}: output before the first command")
    return [Typed(command, tuple(shown), line) for command, shown, line in found]


def matches(shown: tuple[str, ...], printed: str) -> bool:
    """Whether the output is as the document shows it. Spaces at the ends of lines do not count."""
    pattern = ""
    for line in shown:
        if line.strip() == "...":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += r".*?".join(re.escape(piece) for piece in line.rstrip().split("...")) + r"[ ]*\n"
    text = "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
    return re.fullmatch(pattern, text) is not None


class Shell:
    """Runs commands one after the other as a reader would: the folder and the last exit code stay."""

    def __init__(self, folder: Path, environment: Mapping[str, str], instead: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.status = 0
        self._environment = dict(environment)
        self._instead = dict(instead or {})

    def run(self, command: str) -> str:
        """Run one command; what it prints, errors included."""
        command = self._instead.get(command, command)
        script = f'(exit {self.status})\n{command}\nstatus_now=$?\npwd > "$PLACE"\nexit $status_now'
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )
        self.status = done.returncode
        self.folder = Path(Path(self._environment["PLACE"]).read_text(encoding="utf-8").strip())
        return done.stdout.decode("utf-8", "replace")

    def write(self, block: Block) -> None:
        """Write a block into the file that it names."""
        target = self.folder / block.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("ab" if block.adds else "wb") as file:
            file.write(block.text.encode())

    def walk(self, document: str, text: str) -> None:
        """Do all that a document says. Fails at the line where something else is printed than the document shows."""
        for block in blocks(text):
            if block.path:
                self.write(block)
            elif block.language == "console":
                self._console(document, block)

    def _console(self, document: str, block: Block) -> None:
        commands = typed(block)
        for index, each in enumerate(commands):
            printed = self.run(each.command)
            where = f"{document}:{each.line}: $ {each.command}\n"
            assert matches(each.shown, printed), f"{where}shows\n" + "\n".join(each.shown) + f"\nbut prints\n{printed}"
            told = index + 1 < len(commands) and commands[index + 1].command == "echo $?"
            assert not self.status or told, (
                f"{where}exits with {self.status}, and the document does not say so:\n{printed}"
            )


def environment(place: Path, checkout: Path) -> dict[str, str]:
    """The environment of a reader: `plantproof` of a checkout on PATH, a name for git, nothing of this machine.

    What a reader runs is not measured for coverage: that takes as long again, and tests of the parts tell more.
    """
    commands = place / "bin"
    commands.mkdir(parents=True)
    script = commands / "plantproof"
    script.write_text(
        f'#!/bin/sh\nPYTHONPATH="{checkout}/src" exec "{sys.executable}" -m plantproof.cli.start "$@"\n',
        encoding="utf-8",
    )
    python = commands / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    for command in (script, python):
        command.chmod(0o755)
    (place / "gitconfig").write_text(
        "[user]\n\tname = Kim Reader\n\temail = kim@plant.example\n[init]\n\tdefaultBranch = main\n", encoding="utf-8"
    )
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {
        **kept,
        "PATH": f"{commands}{os.pathsep}{kept.get('PATH', os.defpath)}",
        "HOME": str(place),
        "PLACE": str(place / "folder"),
        "GIT_CONFIG_GLOBAL": str(place / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PYTHONPYCACHEPREFIX": str(place / "compiled"),
    }


def clone(target: Path) -> Path:
    """What a clone of this checkout would be, its uncommitted changes included: one commit on a branch of its own."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    for arguments in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        ["-c", "user.name=Plantproof", "-c", "user.email=plantproof@plant.example", "commit", "-q", "-m", "As cloned"],
    ):
        subprocess.run(["git", *arguments], cwd=target, check=True, capture_output=True)
    return target
