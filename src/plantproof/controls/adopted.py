"""controls/adopted/<site>.jsonl: written by `plantproof adopt`, one gap a line, under a line that says who and when."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from plantproof.errors import InputError, Problem
from plantproof.model.adopted import Adopted, AdoptedGap, AdoptedHead

FOLDER = "controls/adopted"


def adopted_path(site: str) -> str:
    """Where the adopted gaps of a site lie."""
    return f"{FOLDER}/{site}.jsonl"


def load_adopted(data: bytes, path: str) -> Adopted:
    """The adopted gaps of one site. Raises `InputError` with every line that is none, and every gap named twice."""
    lines = [(number, line) for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]
    hint = "`plantproof adopt` writes this file; restore it from git"
    if not lines:
        raise InputError(Problem(path, 1, "an empty file adopts nothing and says nobody's name", hint))
    problems: list[Problem] = []
    head: AdoptedHead | None = None
    gaps: list[AdoptedGap] = []
    seen: dict[str, int] = {}
    for number, line in lines:
        try:
            if number == lines[0][0]:
                head = msgspec.json.decode(line, type=AdoptedHead)
                continue
            gap = msgspec.json.decode(line, type=AdoptedGap)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            problems.append(Problem(path, number, str(error), hint))
            continue
        if gap.id in seen:
            problems.append(Problem(path, number, f"the gap {gap.id} is adopted on line {seen[gap.id]} already", hint))
        seen.setdefault(gap.id, number)
        if gap.review <= gap.adopted:
            problems.append(Problem(path, number, "its review is not after its adoption", "give a later day"))
        gaps.append(gap)
    if head is not None and adopted_path(head.site) != path:
        problems.append(Problem(path, 1, f"it is of the site `{head.site}`", f"name it {adopted_path(head.site)}"))
    if problems or head is None:
        raise InputError(*problems)
    return Adopted(head=head, gaps=tuple(gaps))


def encode_adopted(head: AdoptedHead, gaps: Iterable[AdoptedGap]) -> bytes:
    """The file: its head, then the gaps by policy, subject and id."""
    ordered = sorted(gaps, key=lambda gap: (gap.policy, gap.subject, gap.id))
    lines = [msgspec.json.encode(head, order="sorted")]
    lines += [msgspec.json.encode(gap, order="sorted") for gap in ordered]
    return b"".join(line + b"\n" for line in lines)
