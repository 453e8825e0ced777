"""What becomes of the one comment on a merge request: made, edited in place, or left alone."""

from __future__ import annotations

from plantproof.errors import refuse
from plantproof.reports.delta_markdown import ALL_RESOLVED, MARKER


def to_post(previous: str, body: str) -> str:
    """What to post in the place of `previous` ("": there is no comment yet), or "" where nothing is to be done.

    A comment whose change moves nothing any more says so. Raises InputError where `previous` is no comment of ours:
    nobody else's is written over.
    """
    there = _as_posted(previous)
    if there and not there.startswith(MARKER):
        raise refuse(
            "the comment given is none that `plantproof diff` wrote",
            f"take the bot's own comment that begins with {MARKER}",
        )
    wanted = body or (ALL_RESOLVED if there else "")
    return "" if _as_posted(wanted) == there else wanted


def _as_posted(text: str) -> str:
    """Forges change line ends and the space around."""
    return text.replace("\r\n", "\n").strip()
