"""Indented configurations (Cisco IOS and its kin): a tree of commands by indentation, with banners kept whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from plantproof.evidence.dialects.lines import Line

BANNER = re.compile(r"^banner\s+(\S+)\s+(\^?.)")
MESSAGE = re.compile(
    r"^(?:aaa\s+authentication\s+(?:banner|fail-message)|(?:vacant|refuse)-message|menu\s+\S+\s+\S+"
    r"|ip\s+(?:admission|auth-proxy)\s+auth-proxy-banner\b.*?)\s+(\^C|\x03)"
)
"""Commands with a text of several lines beside the banners."""
MACRO = re.compile(r"^macro\s+name\s+\S")
"""What follows runs where somebody applies the macro, and is in force nowhere yet."""
END_OF_MACRO = re.compile(r"^@\s*$")
CERTIFICATE = re.compile(r"^\s+certificate\s")
HEXADECIMAL = re.compile(r"^\s+[0-9A-Fa-f][0-9A-Fa-f\s]*$")
QUIT = re.compile(r"^\s*quit\s*$")


class Node(msgspec.Struct):
    """One command with the commands below it."""

    line: Line
    words: tuple[str, ...]
    children: list[Node] = msgspec.field(default_factory=list)

    @property
    def text(self) -> str:
        return self.line.text.strip()

    def starts(self, *words: str) -> bool:
        """Whether the command begins with these words."""
        return self.words[: len(words)] == words

    def below(self, *words: str) -> Iterator[Node]:
        """The commands directly below that begin with these words."""
        return (child for child in self.children if child.starts(*words))

    def walk(self) -> Iterator[Node]:
        """The command and all below it, in file order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


def holds_bytes(text: str, indent: int) -> bool:
    """Whether the line after a certificate's first holds some of it. It may as well lie in a file on the device, and
    then nothing follows."""
    return HEXADECIMAL.match(text) is not None and len(text) - len(text.lstrip()) > indent


def parse_indented(lines: list[Line]) -> tuple[list[Node], list[Line]]:
    """The top-level commands of a configuration, and its comment lines (`!`).

    Banners, other texts, macros and certificates are no commands: their lines are passed over (a text may look like a
    command, and a macro is made of them).
    """
    top: list[Node] = []
    comments: list[Line] = []
    open_nodes: list[tuple[int, Node]] = []
    until: re.Pattern[str] | None = None
    for place, line in enumerate(lines):
        if until is QUIT and line.text[:1].strip():
            until = None  # a certificate that was cut off ends where the next command begins
        if until is not None:
            if until.search(line.text):
                until = None
            continue
        stripped = line.text.strip()
        if not stripped:
            continue
        if stripped.startswith("!"):
            comments.append(line)
            continue
        indent = len(line.text) - len(line.text.lstrip())
        node = Node(line, tuple(stripped.split()))
        while open_nodes and open_nodes[-1][0] >= indent:
            open_nodes.pop()
        (open_nodes[-1][1].children if open_nodes else top).append(node)
        open_nodes.append((indent, node))
        text = BANNER.match(stripped) or MESSAGE.match(stripped)
        if text:
            delimiter = text.groups()[-1]
            if delimiter not in stripped[text.end() :]:
                until = re.compile(re.escape(delimiter))
        elif MACRO.match(stripped):
            until = END_OF_MACRO
        elif CERTIFICATE.match(line.text) and place + 1 < len(lines) and holds_bytes(lines[place + 1].text, indent):
            until = QUIT
    return top, comments
