"""From parts to the finding on a control, in one unit (verdicts.md 1 to 3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from plantproof.mappers.bindings import Asked
from plantproof.mappers.identity import canonical
from plantproof.mappers.parts import (
    NOT_APPLICABLE,
    NOT_ASSESSED,
    NOT_SATISFIED,
    SATISFIED,
    Grounds,
    JudgedPart,
    Views,
    in_each_view,
    judge_part,
)
from plantproof.mappers.tallies import Unit
from plantproof.model.assessment import ControlFinding, Totals
from plantproof.model.catalog import Tailoring
from plantproof.model.intent import SelectedControl, SelectedFramework
from plantproof.model.mapping import MappedControl
from plantproof.model.vocabulary import Conclusion
from plantproof.model.waiver_state import LONGEST_DAYS, day
from plantproof.text import plain


def find(grounds: Grounds, framework: SelectedFramework, asked: Asked, unit: Unit, on: str) -> ControlFinding:
    """The finding on one control in one unit: its parts, the conclusion in three views, and in words why."""
    control, mapped = asked
    judged = [judge_part(grounds, framework, control.id, part, unit) for part in mapped.parts] if mapped else []
    open_objectives, answered = _objectives(control, judged)
    complete = bool(mapped and mapped.complete and mapped.reviewed and not open_objectives)
    views = in_each_view(
        [part.views for part in judged],
        lambda view: conclude([part.views[view] for part in judged], complete=complete),
    )
    if control.methods and "T" not in control.methods and views.tested is SATISFIED:
        # SP 800-53A names EXAMINE and INTERVIEW only: no machine tests it, so nothing may be shown as tested.
        views = views._replace(tested=NOT_ASSESSED)
    why = _why(mapped, judged, views.attested, open_objectives)
    views, why = _tailored(control.tailoring, views, why, on)
    return ControlFinding(
        control=control.id,
        title=control.title,
        site=grounds.site.id,
        unit_kind=unit.kind,
        unit=unit.id,
        conclusion=views.attested,
        tested=views.tested,
        compensated=views.compensated,
        totals=_totals(judged),
        parts=[each.part for each in judged],
        parts_total=len(judged),
        parts_answered=sum(each.views.attested in (SATISFIED, NOT_SATISFIED) for each in judged),
        objectives_total=len(control.objectives),
        objectives_answered=answered,
        why=why,
        tailored=_tailored_words(control.tailoring, on),
    )


def conclude(parts: Sequence[Conclusion], *, complete: bool) -> Conclusion:
    """The conclusion on a control from its parts. Satisfied takes every part, and a reviewer's word that the
    parts are all that the control asks."""
    if NOT_SATISFIED in parts:
        return NOT_SATISFIED
    if complete and parts and all(part is SATISFIED for part in parts):
        return SATISFIED
    return NOT_ASSESSED


def justified(tailoring: Tailoring | None, on: str) -> str:
    """Why a not-applicable, or a removal, is not justified on a date; "" where it is: reason, approver, and a review
    date that has not passed and is near enough for somebody to remember it (`LONGEST_DAYS`, as for waivers)."""
    if tailoring is None or tailoring.action not in _TAKEN_AWAY:
        return "nobody has tailored it"
    what = _TAKEN_AWAY[tailoring.action]
    missing = [
        word
        for word, value in (
            ("reason", plain(tailoring.reason)),
            ("approver", plain(tailoring.approver)),
            ("review date", tailoring.review_by),
        )
        if not value
    ]
    if missing:
        return f"{what} is not justified: no {', no '.join(missing)}"
    overdue = _overdue(day(tailoring.review_by or ""), on)
    return f"{what} is not justified: {overdue}" if overdue else ""


_TAKEN_AWAY = {"not-applicable": "not-applicable", "remove": "its removal"}


def _overdue(review: str, on: str) -> str:
    try:
        ahead = (date.fromisoformat(review) - date.fromisoformat(on)).days
    except ValueError:
        return f"its review date {review} is not in the calendar"
    if ahead < 0:
        return f"its review was due on {review}"
    if ahead > LONGEST_DAYS:
        return f"its review is due in {ahead} days; {LONGEST_DAYS} is the most"
    return ""


def _tailored(tailoring: Tailoring | None, views: Views, why: str, on: str) -> tuple[Views, str]:
    if tailoring is not None and tailoring.action == "remove" and views.attested is NOT_ASSESSED:
        # It is asked again only because nobody has reviewed its removal: that is what to mend first.
        return views, "; ".join(filter(None, [justified(tailoring, on), why]))
    if tailoring is None or tailoring.action != "not-applicable":
        return views, why
    if unjustified := justified(tailoring, on):
        # A failure stands; nothing may become satisfied on the word that it does not apply.
        views = Views(*(NOT_SATISFIED if view is NOT_SATISFIED else NOT_ASSESSED for view in views))
        return views, why if views.attested is NOT_SATISFIED else unjustified
    words = f"{tailoring.reason} ({tailoring.approver}, review by {day(tailoring.review_by or '')})"
    if views.attested is NOT_SATISFIED:
        words += f"; evidence speaks against it: {why}"
    return Views(*[NOT_APPLICABLE] * 3), words


def _tailored_words(tailoring: Tailoring | None, on: str) -> str:
    if tailoring is None:
        return ""
    words = f"{tailoring.action}: {tailoring.reason}"
    return f"{words}; {justified(tailoring, on)}" if tailoring.action == "remove" else words


def _objectives(control: SelectedControl, judged: Sequence[JudgedPart]) -> tuple[list[str], int]:
    """The leaf objectives that no part asks, and how many are answered. A part speaks for those it lists, or for the
    one whose id it bears."""
    asked: set[str] = set()
    answered: set[str] = set()
    for each in judged:
        ids = set(each.part.objectives or [each.part.id])
        asked |= ids
        if each.views.attested in (SATISFIED, NOT_SATISFIED):
            answered |= ids
    leaves = control.objectives
    return [leaf for leaf in leaves if leaf not in asked], sum(leaf in answered for leaf in leaves)


def _totals(judged: Sequence[JudgedPart]) -> Totals:
    """Subjects and policies of the whole control: each policy with parameters once, however many parts it answers."""
    seen: dict[tuple[str, bytes, str], Totals] = {}
    for each in judged:
        for number, answer in enumerate(each.part.answers):
            if answer.policy:
                # A hybrid part has the same policy for the site and for the unit: two questions.
                place = f"{number}" if each.part.answers[:number].count(answer) else ""
                seen[answer.policy, canonical(answer.parameters), place] = answer.totals
    return sum(seen.values(), Totals())


def _why(
    mapped: MappedControl | None, judged: Sequence[JudgedPart], conclusion: Conclusion, open_objectives: Sequence[str]
) -> str:
    if mapped is None or not judged:
        return "no mapping says what answers it"
    if conclusion is SATISFIED:
        return ""
    for deciding in (NOT_SATISFIED, NOT_ASSESSED):
        for each in judged:
            if each.views.attested is deciding:
                return f"part {each.part.id}: {each.part.why}"
    if open_objectives:
        return f"{len(open_objectives)} of its objectives are asked by no part: {', '.join(open_objectives[:3])}"
    return "its mapped parts are satisfied, but nobody has confirmed that they are all it asks"
