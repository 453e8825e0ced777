"""Markdown for forges, from text of unknown origin: it stays text. No markup, link, mention or command comes of it.

A forge reads a comment twice: as GitHub Flavored Markdown, then its own filters go over the text that came out and
turn `@name`, `#12`, `www.` and the like into links. So what is special to Markdown is escaped, and what is special to
the filters is parted by a word joiner (U+2060), which is not seen. Both leave code alone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from plantproof.reports.safe import for_address, for_terminal

LONGEST = 300
JOINER = "\u2060"
_REFERENCE = re.compile(
    r"(^/|[@#!$%~&^\[*])(?=[\w\[@#!$%~&^*])"  # quick actions, mentions, issues, milestones, labels, wiki links
    r"|(?<=[A-Za-z])(:)(?=//)"  # addresses
    r"|((?:mailto|xmpp):|www(?=\.)|GH-(?=\d))"
    r"|(:)(?=[\w+-]+:)",  # emoji
    re.IGNORECASE,
)
_SPECIAL = re.compile(r"[\\|`*_\[\]<>~$&]")
_AT_THE_START = re.compile(r"^(?:([#+=-])|(\d+)([.)]))")
_ENTITIES = {"\\": "&#92;", "|": "&#124;", "<": "&lt;", ">": "&gt;", "&": "&amp;"}


def prose(text: str, longest: int = LONGEST) -> str:
    """Text as one line of text, also in a table and at the start of a line. Cut at `longest` characters."""
    parted = _parted(_one_line(text, longest))
    escaped = _SPECIAL.sub(lambda found: _ENTITIES.get(found[0]) or f"\\{found[0]}", parted)
    return _AT_THE_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", escaped)


def code(text: str, longest: int = LONGEST) -> str:
    """Text as code: ids, names and values as the machine has them."""
    clean = _one_line(text, longest)
    if not clean:
        return ""
    if "|" in clean:
        # A pipe ends a cell of a table also in code, and how a backslash before it reads depends on the forge.
        return f"<code>{prose(clean, longest)}</code>"
    runs = [len(run) for run in re.findall(r"`+", clean)]
    fence = "`" * (max(runs, default=0) + 1)
    padded = f" {clean} " if clean[0] in "` " or clean[-1] in "` " else clean
    return f"{fence}{padded}{fence}"


def within_html(text: str, longest: int = LONGEST) -> str:
    """Text for the inside of an HTML line, as of `<summary>`, where Markdown is not read."""
    return html.escape(_parted(_one_line(text, longest)))


def link(label: str, address: str) -> str:
    """A link. `label` is Markdown already; the address is percent-encoded as far as it is not."""
    return f"[{label}](<{for_address(address, _ADDRESS)}>)"


_ADDRESS = "/:?#@!$&'()*+,;=%"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: int = 0) -> str:
    """A table; cells are Markdown already. The last `numbers` columns stand to the right."""
    lines = [f"| {' | '.join(heads)} |"]
    lines.append("|" + "|".join(["---"] * (len(heads) - numbers) + ["--:"] * numbers) + "|")
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines)


def size(text: str) -> int:
    """What a forge counts: bytes, which are never fewer than characters."""
    return len(text.encode())


def _one_line(text: str, longest: int) -> str:
    clean = " ".join(for_terminal(text[: 5 * longest]).split())
    return clean if len(clean) <= longest else clean[: longest - 1].rstrip() + "…"


def _parted(text: str) -> str:
    return _REFERENCE.sub(lambda found: found[0] + JOINER, text)
