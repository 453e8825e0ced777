"""A drafted site as a file with its questions beside what they ask about, and the questions as a list of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from plantproof.files import dump_yaml
from plantproof.model.draft import Draft, Question
from plantproof.reports.narrative_values import escape
from plantproof.reports.words import counted
from plantproof.text import visible

HEAD = """# Draft intent of {site}: proposed from the evidence, confirmed by nobody.
# Go through it with the people of the plant. What is right: take its `unconfirmed: true` away. What is wrong: correct
# it first. Until then a zone or conduit permits nothing, and nothing that rests on it is satisfied.
"""


def site_file(draft: Draft) -> bytes:
    """controls/sites/<site>.yaml. Names from evidence stand quoted in it, or in comments on one line."""
    lines = HEAD.format(site=_comment(draft.site.id)).splitlines()
    first = dump_yaml(msgspec.structs.replace(draft.site, zones=[], conduits=[])).decode().splitlines()[:-1]
    about: dict[str, list[Question]] = {}
    for each in draft.questions:
        about.setdefault(each.about[0] if len(each.about) == 1 else "", []).append(each)
    lines += ["#", *_asked(about.get("", ()), "# ")]
    lines += first
    for key, units in (("zones", draft.site.zones), ("conduits", draft.site.conduits)):
        lines += [f"{key}:"] if units else []
        for unit in units:
            lines += [f"  # {_comment(note)}" for note in draft.notes.get(unit.id, ())]
            lines += _asked(about.get(unit.id, ()), "  # ")
            lines += [f"  {line}" for line in dump_yaml([unit]).decode().splitlines()]
    return ("\n".join(lines) + "\n").encode()


def _asked(questions: Sequence[Question], before: str) -> Iterator[str]:
    for each in questions:
        yield f"{before}? {_comment(each.text)}"
        yield f"{before}  {_comment(each.why)}"


def _comment(text: str) -> str:
    """Text as a comment may hold it: on one line, nothing that a reader cannot see or a parser refuses."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else "?" for letter in visible(text))


def questions_text(draft: Draft, most: int) -> str:
    """The questions for a terminal, the most deciding first."""
    lines = [
        f"{number:>3}. {_comment(each.text)}\n     {_comment(each.why)}" for number, each in _numbered(draft)[:most]
    ]
    more = len(draft.questions) - most
    return "\n".join([*lines, *([f"     and {more} more: in the file, or with --questions FILE"] if more > 0 else [])])


def questions_markdown(draft: Draft) -> bytes:
    """The questions as a page to take along into the plant, with room for answers."""
    site = draft.site
    lines = [
        f"# Questions on the draft of {escape(visible(site.id))}",
        "",
        f"{counted(draft.assets, 'asset')}, {draft.placed} of them in {counted(len(site.zones), 'drafted zone')};",
        f"{counted(len(site.conduits), 'drafted conduit')}.",
        "Nobody has confirmed any of it, and until somebody does, nothing that rests on it is satisfied.",
        "The first questions decide the most.",
        "",
    ]
    for number, each in _numbered(draft):
        about = ", ".join(escape(visible(one)) for one in each.about[:10]) or "the site"
        lines += [
            f"{number}. **{escape(_comment(each.text))}**",
            "",
            f"   {escape(_comment(each.why))} (decides {each.decides}; about {about})",
            "",
            "   Answer:",
            "",
        ]
    return "\n".join(lines).encode()


def _numbered(draft: Draft) -> list[tuple[int, Question]]:
    return list(enumerate(draft.questions, start=1))
