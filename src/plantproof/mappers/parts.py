"""From answers to a part, in one unit (verdicts.md 1, 2, 3, 4 and 16).

A conclusion exists in three views at once: from tested evidence alone, with attestations, and with compensating
countermeasures. A failure counts in every view (a countermeasure takes back the failures it stands in for); the views
differ in what may satisfy. So tested never exceeds attested, and attested never exceeds compensated.

Precedence within a part: a failure beats everything; then whatever is unknown; then an answer with no subject to which
it applies, a not-applicable that nobody justified; satisfied comes last. Partial answers alone never satisfy.

`all_of` takes every answer. `any_of` takes one full answer, and that every policy which has subjects here holds: what
applies nowhere, and what nobody has attested, is left aside. Neither a failure nor missing evidence of one policy is
made good by another answer, for then losing the evidence of a failure would satisfy. Where one way may fail because
another holds for the same subject, one policy has to judge both: only it sees the subject.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from plantproof.mappers.attestations import Speaking
from plantproof.mappers.bindings import Key, answers_of, key_of, unset_parameter
from plantproof.mappers.tallies import NOTHING, Unit
from plantproof.mappers.waivers import Lift, compensated
from plantproof.model.assessment import AnswerResult, PartResult, Totals
from plantproof.model.intent import SelectedFramework
from plantproof.model.mapping import Answer, MappedPart
from plantproof.model.policy import Bundle
from plantproof.model.vocabulary import Conclusion

SATISFIED, NOT_SATISFIED = Conclusion.SATISFIED, Conclusion.NOT_SATISFIED
NOT_ASSESSED, NOT_APPLICABLE = Conclusion.NOT_ASSESSED, Conclusion.NOT_APPLICABLE
NO_OPERATION = "a point in time never proves operation: it needs an attestation over a period"


class Views(NamedTuple):
    """One conclusion, three ways to show it."""

    tested: Conclusion
    attested: Conclusion
    compensated: Conclusion

    @property
    def one(self) -> bool:
        """Whether all three are the same, as most are: what rests on nothing else need not be found three times."""
        return self.tested is self.attested is self.compensated


def in_each_view(views: Sequence[Views], conclude: Callable[[int], Conclusion]) -> Views:
    """What `conclude` makes of some views, by the number of the view."""
    if all(each.one for each in views):
        return Views(*[conclude(0)] * 3)
    return Views(*(conclude(view) for view in range(3)))


class Said(NamedTuple):
    """What counts of one answer in one view. `policy`: by a policy, not by a person."""

    conclusion: Conclusion
    coverage: str
    policy: bool = True


class JudgedAnswer(NamedTuple):
    answer: AnswerResult
    views: Views
    over_period: bool = False


class JudgedPart(NamedTuple):
    part: PartResult
    views: Views


class Grounds(NamedTuple):
    """What the parts of one site are judged on."""

    site: Unit
    bundle: Bundle
    totals: Mapping[Key, Mapping[Unit, Totals]]
    statements: Speaking
    lifts: Mapping[Key, Sequence[Lift]]
    memo: dict[tuple[str, str, str, Unit], JudgedPart]
    """Parts that were judged before: what is provided for everybody is asked again in every unit."""
    bound: dict[tuple[str, str, str, int], tuple[Key, dict[str, Any]]]
    """The bindings that answers ask for, with their parameters, by framework, control, part and number: the same in
    every unit."""


def judge_part(
    grounds: Grounds, framework: SelectedFramework, control: str, mapped: MappedPart, unit: Unit
) -> JudgedPart:
    """One part of one control in one unit. Parts of the system and the programme, and functions that are provided for
    everybody, are judged over the whole site, whatever the unit."""
    if unset := unset_parameter(mapped, framework):
        why = f"the organisation has not set the parameter {unset}"
        return JudgedPart(_result(mapped, NOT_ASSESSED, False, [], why), Views(*[NOT_ASSESSED] * 3))
    shared = mapped.scope in ("system", "programme") or bool(mapped.provided_by)
    asked = [grounds.site if shared else unit]
    if mapped.provided_by.casefold().startswith("hybrid") and unit != grounds.site:
        asked.append(unit)
    judged = [_once(grounds, framework, control, mapped, each) for each in asked]
    if len(judged) == 1:
        return judged[0]
    views = in_each_view([each.views for each in judged], lambda view: worst([each.views[view] for each in judged]))
    first = next(each for each in judged if each.views.attested == views.attested)
    answers = [answer for each in judged for answer in each.part.answers]
    why = first.part.why
    return JudgedPart(_result(mapped, views.attested, views.tested is SATISFIED, answers, why), views)


def worst(conclusions: Sequence[Conclusion]) -> Conclusion:
    """The conclusion of several places together: a failure, then what is unknown, then satisfied."""
    for each in (NOT_SATISFIED, NOT_ASSESSED, SATISFIED):
        if each in conclusions:
            return each
    return NOT_APPLICABLE if conclusions else NOT_ASSESSED


def by_totals(totals: Totals, *, tested: bool = False) -> Conclusion:
    """What the subjects of a policy say together; not-applicable where it expects none. With `tested`, a pass that
    rests on declared or attested evidence is as good as no evidence."""
    if totals.failed:
        return NOT_SATISFIED
    if totals.no_evidence or totals.error or (tested and totals.passed > totals.tested):
        return NOT_ASSESSED
    return SATISFIED if totals.passed else NOT_APPLICABLE


def combine(answers: Sequence[Said], *, any_of: bool) -> Conclusion:
    """Answers to one part, by the precedence above."""
    if any(each.conclusion is NOT_SATISFIED for each in answers):
        return NOT_SATISFIED
    needed = [each for each in answers if not any_of or (each.policy and each.conclusion is not NOT_APPLICABLE)]
    full = any(each.conclusion is SATISFIED and each.coverage == "full" for each in answers)
    return SATISFIED if full and all(each.conclusion is SATISFIED for each in needed) else NOT_ASSESSED


def _once(grounds: Grounds, framework: SelectedFramework, control: str, mapped: MappedPart, unit: Unit) -> JudgedPart:
    key = (_named(framework), control, mapped.id, unit)
    found = grounds.memo.get(key)
    if found is None:
        found = grounds.memo[key] = _in_unit(grounds, framework, control, mapped, unit)
    return found


def _named(framework: SelectedFramework) -> str:
    return f"{framework.catalog.id}/{framework.profile.id}"


def _in_unit(
    grounds: Grounds, framework: SelectedFramework, control: str, mapped: MappedPart, unit: Unit
) -> JudgedPart:
    operation = mapped.aspect == "operation"
    judged = []
    for number, answer in enumerate(answers_of(mapped)):
        if answer.policy:
            place = (_named(framework), control, mapped.id, number)
            if place not in grounds.bound:
                key = key_of(answer, framework, grounds.bundle)
                grounds.bound[place] = key, key.decoded()
            judged.append(_by_policy(grounds, framework, control, answer, unit, *grounds.bound[place]))
        else:
            spoken = grounds.statements.on(answer.attestation, mapped.scope, unit, period=operation)
            judged.append(_by_attestation(answer, spoken.conclusion, spoken.why, spoken.claimed, spoken.over_period))
    views = in_each_view(
        [each.views for each in judged],
        lambda view: combine(
            [Said(each.views[view], each.answer.coverage, bool(each.answer.policy)) for each in judged],
            any_of=bool(mapped.any_of),
        ),
    )
    why = _why(judged, views.attested)
    if operation:
        # Somebody must vouch for the period; what the configuration says today supports it, no more.
        vouched = any(each.over_period for each in judged)
        views = Views(
            NOT_ASSESSED if views.tested is SATISFIED else views.tested,
            *(NOT_ASSESSED if view is SATISFIED and not vouched else view for view in views[1:]),
        )
        if not vouched and views.attested is NOT_ASSESSED:
            why = f"{why}; {NO_OPERATION}" if why else NO_OPERATION
    answers = [each.answer for each in judged]
    return JudgedPart(_result(mapped, views.attested, views.tested is SATISFIED, answers, why), views)


def _by_policy(
    grounds: Grounds,
    framework: SelectedFramework,
    control: str,
    answer: Answer,
    unit: Unit,
    key: Key,
    parameters: dict[str, Any],
) -> JudgedAnswer:
    counted = grounds.totals.get(key)
    if counted is None:
        result = _answer(answer, NOT_ASSESSED, "the policy was not evaluated", parameters=parameters)
        return JudgedAnswer(result, Views(*[NOT_ASSESSED] * 3))
    totals = counted.get(unit, NOTHING)
    lifted = compensated(totals, grounds.lifts.get(key, ()), unit, framework.catalog.id, control)
    views = Views(by_totals(totals, tested=True), by_totals(totals), by_totals(lifted))
    result = _answer(
        answer,
        views.attested,
        _totals_words(totals),
        parameters=parameters,
        totals=totals,
        tested=views.tested is SATISFIED,
    )
    return JudgedAnswer(result, views)


def _by_attestation(answer: Answer, conclusion: Conclusion, why: str, claimed: bool, over_period: bool) -> JudgedAnswer:
    # What a person states against is no test, but nothing tested may be called satisfied beside it.
    tested = NOT_SATISFIED if conclusion is NOT_SATISFIED else NOT_ASSESSED
    return JudgedAnswer(
        _answer(answer, conclusion, why, claimed=claimed), Views(tested, conclusion, conclusion), over_period
    )


def _answer(
    answer: Answer,
    conclusion: Conclusion,
    why: str,
    *,
    parameters: dict[str, Any] | None = None,
    totals: Totals | None = None,
    tested: bool = False,
    claimed: bool = False,
) -> AnswerResult:
    return AnswerResult(
        policy=answer.policy,
        parameters=parameters or {},
        attestation=answer.attestation,
        coverage=answer.coverage,
        leaves_out=answer.leaves_out,
        conclusion=conclusion,
        tested=tested,
        claimed=claimed,
        totals=totals or Totals(),
        why=why,
    )


def _result(
    mapped: MappedPart, conclusion: Conclusion, tested: bool, answers: list[AnswerResult], why: str
) -> PartResult:
    return PartResult(
        id=mapped.id,
        asks=mapped.asks,
        scope=mapped.scope,
        aspect=mapped.aspect,
        conclusion=conclusion,
        tested=tested,
        answers=answers,
        objectives=list(mapped.objectives),
        why=why,
    )


def _totals_words(totals: Totals) -> str:
    expected = totals.expected
    if totals.failed:
        return f"{totals.failed} of {expected} fail"
    if unknown := totals.no_evidence + totals.error:
        return f"{unknown} of {expected} without a verdict"
    if totals.passed:
        return f"all {expected} pass" if expected > 1 else "the only subject passes"
    if totals.not_applicable:
        return f"applies to none of the {totals.not_applicable} subjects here"
    return "no subject here"


def _why(judged: Sequence[JudgedAnswer], conclusion: Conclusion) -> str:
    """The first answer that decided, in its words; for partial answers also what they leave out."""
    if conclusion is SATISFIED:
        return ""
    for deciding in (NOT_SATISFIED, NOT_ASSESSED, NOT_APPLICABLE):
        for each in judged:
            if each.views.attested is deciding:
                name = each.answer.policy or each.answer.attestation
                return f"{name}: {each.answer.why}"
    left = [each.answer.leaves_out for each in judged if each.answer.coverage == "partial" and each.answer.leaves_out]
    return f"answered in part only; left out: {'; '.join(left)}" if left else "answered in part only"
