"""On which days conclusions turn while observations stay: statements, waivers, and reviews of what was adopted
or tailored away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plantproof.model.evidence import Attestation
from plantproof.model.intent import Intent
from plantproof.model.steady import turn_after, turn_at
from plantproof.model.waiver_state import LONGEST_DAYS


def turns_of_conclusions(intent: Intent, site: str, attestations: Iterable[Attestation]) -> Iterator[str]:
    """Every day on which `conclude_site` may conclude otherwise than on the day before, in no order."""
    for attestation in attestations:
        yield turn_at(attestation.date)
        yield turn_after(attestation.expires)
    for waiver in intent.waivers:
        if waiver.site == site:
            yield turn_at(waiver.approved)
            yield turn_after(waiver.expires)
    for entry in intent.adopted[site].gaps if site in intent.adopted else ():
        yield turn_after(entry.review)
    for framework in intent.frameworks:
        tailored = [control.tailoring for control in (*framework.controls, *framework.all_controls)]
        for tailoring in (*tailored, *(removal for _, removal in framework.removed)):
            if tailoring and tailoring.review_by:
                yield turn_after(tailoring.review_by)
                # Before that day its review is too far ahead to justify anything.
                yield turn_after(tailoring.review_by, -LONGEST_DAYS - 1)
