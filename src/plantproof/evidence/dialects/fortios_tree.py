"""FortiOS configurations as a tree: config > edit > set, with the line of each and quoted values over several lines."""

from __future__ import annotations

import msgspec

from plantproof.errors import refuse
from plantproof.evidence.dialects.lines import Line

MAX_DEPTH = 32


class Value(msgspec.Struct, frozen=True):
    """The values of one `set`, `append` or `unset`. `spans` are the bytes of each value in the file, without quotes."""

    words: tuple[str, ...]
    line: int
    spans: tuple[tuple[int, int], ...]


class Block(msgspec.Struct):
    """A `config` or `edit`: its name, its settings, its blocks in file order."""

    name: str
    line: int
    entry: bool = False
    """An `edit`; else a `config`."""
    settings: dict[str, Value] = msgspec.field(default_factory=dict)
    written: list[tuple[str, Value]] = msgspec.field(default_factory=list)
    """Every `set` and `append` as it stands in the file, those too that a later one replaces."""
    blocks: list[Block] = msgspec.field(default_factory=list)

    def all(self, name: str) -> list[Block]:
        """Every `config NAME` directly below."""
        return [block for block in self.blocks if block.name == name]

    def edits(self, name: str) -> list[Block]:
        """The entries of every `config NAME` directly below, in file order: policies are evaluated in it."""
        return [edit for block in self.all(name) for edit in block.blocks]

    def word(self, key: str, default: str = "") -> str:
        """The first value of a setting."""
        value = self.settings.get(key)
        return value.words[0] if value and value.words else default

    def words(self, key: str) -> tuple[str, ...]:
        """All values of a setting."""
        value = self.settings.get(key)
        return value.words if value else ()

    def line_of(self, key: str) -> int:
        """The line of a setting, or that of the block where it is not set."""
        value = self.settings.get(key)
        return value.line if value else self.line


class Parsed(msgspec.Struct):
    root: Block
    comments: list[Line]
    unread: list[tuple[int, str]]
    statements: int


def parse_fortios(data: bytes, lines: list[Line], name: str) -> Parsed:
    """The tree of a configuration. Raises InputError for one that is cut off or nested past reason; a line that is no
    statement is listed as unread."""
    root = Block("", 0)
    stack = [root]
    parsed = Parsed(root, [], [], 0)
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        stripped = line.text.strip()
        if not stripped:
            continue
        if stripped.startswith("#"):
            parsed.comments.append(line)
            continue
        verb, _, rest = stripped.partition(" ")
        parsed.statements += 1
        if verb in ("config", "edit"):
            if len(stack) > MAX_DEPTH:
                raise refuse(
                    "blocks are nested too deeply", "this is no FortiOS configuration", path=name, line=line.number
                )
            named = " ".join(rest.replace('"', "").split()) if verb == "config" else rest.strip().strip('"')
            block = Block(named, line.number, entry=verb == "edit")
            stack[-1].blocks.append(block)
            stack.append(block)
        elif verb in ("end", "next") and not rest:
            if not close(stack, verb):
                parsed.unread.append((line.number, f"`{verb}` that closes nothing"))
        elif verb in ("set", "append", "unset", "select") and rest:
            value, index = read_values(data, lines, index - 1, name)
            store(stack[-1], verb, value.words[0], Value(value.words[1:], value.line, value.spans[1:]))
        else:
            parsed.unread.append((line.number, f"statement `{verb[:40]}`"))
    if len(stack) > 1:
        raise refuse(
            f"the configuration is cut off: `{stack[-1].name}` of line {stack[-1].line} is never closed",
            "export it again",
            path=name,
            line=lines[-1].number,
        )
    return parsed


def close(stack: list[Block], verb: str) -> bool:
    """Leave the innermost block. False where there is none to leave: nothing is changed then.

    Virtual domains are written without `next`: there `end` closes the entry and the table that holds it.
    """
    if len(stack) == 1 or (verb == "next" and not stack[-1].entry):
        return False
    closed = stack.pop()
    if verb == "end" and closed.entry and len(stack) > 1:
        stack.pop()
    return True


def store(block: Block, verb: str, key: str, value: Value) -> None:
    """What `set`, `append`, `unset` and `select` do to a block's settings."""
    if verb == "unset":
        block.settings.pop(key, None)
        return
    block.written.append((key, value))
    former = block.settings.get(key)
    if verb == "append" and former:
        value = Value(former.words + value.words, former.line, former.spans + value.spans)
    block.settings[key] = value


def read_values(data: bytes, lines: list[Line], index: int, name: str) -> tuple[Value, int]:
    """The words of the statement at `lines[index]` without its verb; a quoted word may go on over several lines.

    Returns the words with their spans, and the index of the line after the statement.
    """
    first = lines[index]
    end_of_line = first.start + len(first.text.encode("utf-8", "surrogateescape"))
    position = data.find(b" ", data.find(first.text.split()[0].encode("utf-8", "surrogateescape"), first.start))
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    while 0 <= position < end_of_line:
        if data[position : position + 1] in b" \t\r":
            position += 1
            continue
        start = position
        if data[position : position + 1] == b'"':
            start += 1
            position = start
            while position < len(data) and data[position : position + 1] != b'"':
                position += 2 if data[position : position + 1] == b"\\" else 1
            if position >= len(data):
                raise refuse("a quoted value is never closed", "export it again", path=name, line=first.number)
            end = position
            position += 1
            while end > end_of_line:
                index += 1
                line = lines[index]
                end_of_line = line.start + len(line.text.encode("utf-8", "surrogateescape"))
        else:
            while position < end_of_line and data[position : position + 1] not in b" \t\r":
                position += 1
            end = position
        words.append(data[start:end].decode("utf-8", "surrogateescape").replace('\\"', '"').replace("\\\\", "\\"))
        spans.append((start, end))
    if not words:
        raise refuse("a statement without a key", "export it again", path=name, line=first.number)
    return Value(tuple(words), first.number, tuple(spans)), index + 1
