"""`check --against REF`: the report of everything, and a gate that fails only on what got worse since a commit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from plantproof.cli.assessing import EngineChoice

ADOPTED = "adopted"
"""The word that is no ref: what was adopted. A branch of that name is written refs/heads/adopted."""


class Against(NamedTuple):
    """Whether anything got worse, and that in words."""

    worse: bool
    words: str


def compared_with(
    ref: str,
    folder: Path,
    at: str | None,
    date: str | None,
    content: str,
    choice: EngineChoice,
    severities: Sequence[str],
    sites: Sequence[str],
) -> Against:
    """Whether anything opened, got worse or is no longer known since `ref`, by the judge of `ref`.

    `at` None is the working tree; of `severities` the least counts, none is what the base says; no `sites` are all.
    Raises InputError as `diff` does.
    """
    from plantproof.cli.reviewing import reviewed
    from plantproof.cli.revisions import opened_sides
    from plantproof.reports.delta_gate import gate, limits_of
    from plantproof.reports.words import counted
    from plantproof.text import visible

    sides = opened_sides(folder, ref, at, date, content, exact=True)
    review = reviewed(sides, choice, sites=sites, quiet=True)
    stopped = gate(review.delta, limits_of(severities, sides.base.project.file.fail_on))
    told = [f"against {visible(ref)}: {visible(stopped.words if stopped else 'nothing got worse')}"]
    if judge := review.delta.judge.changes:
        told.append(f"{counted(len(judge), 'file')} of what judges edited, not used for that: see `plantproof diff`")
        told += [f"! {visible(words)}" for words in review.delta.judge.words]
    return Against(bool(stopped), "\n".join(told))
