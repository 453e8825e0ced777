"""What a source may have missed, by its own account: a claim of absence rests on that (verdicts.md 8).

Whoever looked through a filter, lost much on the way or could not read a row may have missed just the one that matters.
"""

from __future__ import annotations

from plantproof.model.evidence import Custody, Vantage
from plantproof.text import says_something

MOST_LOSS_PERCENT = 10.0
"""With which loss a sensor still sees what is there: Zeek calls the same share too much (`CaptureLoss::too_much_loss`).
Of connections of three packets one in a thousand then passes unseen, of longer ones fewer; beyond, what is rare may."""

NO_FILTER = frozenset({"", "none"})
LOSSY = frozenset({"flow"})
"""Kinds of which every record is something that a sensor saw pass, so that it has a loss, stated or not. An export of
an inventory or of a configuration loses nothing on a wire; what it lacks shows in its rows."""


def is_stated(vantage: Vantage | None) -> bool:
    """Whether a vantage says from where somebody looked: a sensor or segments, not by blanks or dashes."""
    return vantage is not None and any(map(says_something, (vantage.sensor, *vantage.segments)))


def missed(custody: Custody, kind: str) -> list[str]:
    """What the source may have missed of a kind by its own account, each as the end of "<source> ..."; nothing where
    it looked at everything and all of it was read.

    A query filter other than none, a loss above `MOST_LOSS_PERCENT` or, of what a sensor sees pass, one that nobody
    states, rows of the export that were not imported, and rows that were not understood.
    """
    vantage = custody.vantage or Vantage()
    found = []
    query = " ".join(vantage.filter.split())
    if query.casefold() not in NO_FILTER:
        found.append(f"sees only what its query filter lets through ({query})")
    loss = vantage.loss_percent
    if loss is None:
        found += ["states no loss (loss_percent)"] if kind in LOSSY else []
    elif not 0 <= loss <= MOST_LOSS_PERCENT:  # "not a number" is within no limits
        found.append(f"states a loss of {loss:g} %, and more than {MOST_LOSS_PERCENT:g} % hides too much")
    found += [
        f"imported {raw.imported} of {raw.rows} rows of {raw.path}" for raw in custody.raw if raw.rows != raw.imported
    ][:1]
    if unread := sum(max(each.count, 1) for each in custody.not_understood):
        found.append(
            f"has {unread} rows that were not understood" if unread > 1 else "has a row that was not understood"
        )
    return found
