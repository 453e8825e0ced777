"""`plantproof explain --impact`: which thing is meant, and what it reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantproof.controls.notation import locate
from plantproof.errors import Problem, refuse
from plantproof.model.records import DECLARED_KINDS, DERIVED_KINDS, KINDS
from plantproof.pipeline import Judge, judge_site, load_judge
from plantproof.policies.needs import needs_of
from plantproof.review.impact import EVERY_FIELD, Downstream, of_control, of_field, of_policies, of_subjects
from plantproof.spelling import did_you_mean

if TYPE_CHECKING:
    from plantproof.cli.assessing import Opened
    from plantproof.model.impact import Impact
    from plantproof.policies.protocol import Engine


def impact_of(what: str, opened: Opened, engine: Engine) -> Impact:
    """What a policy, a control, a kind of record or a field of it (`account.mfa`), a zone or an asset reaches. Raises
    InputError, with the nearest names, for what is none of them."""
    judge = load_judge(opened.project)
    below = Downstream(intent=judge.intent, mappings=judge.mappings, bundle=judge.bundle, crosswalks=judge.crosswalks)
    kinds = {*KINDS, *DECLARED_KINDS, *DERIVED_KINDS}
    if what in judge.bundle.policies:
        return of_policies([what], below)
    kind, dot, field = what.partition(".")
    if kind in kinds:
        if dot and field != EVERY_FIELD:
            _refuse_unknown(kind, field, below)
        return of_field(what, below)
    control = locate(what, [framework.catalog for framework in judge.intent.frameworks])
    if not isinstance(control, Problem):
        framework, _, identifier = str(control).partition("/")
        reached = of_control(framework, identifier, below)
        if not reached.policies and not reached.controls:
            for selected in judge.intent.frameworks:
                if selected.catalog.id == framework and identifier in dict(selected.removed):
                    raise refuse(
                        f"`{identifier}` is taken out by the profile {selected.profile.id}: it reaches nothing",
                        f"`plantproof explain '{identifier}'` says why",
                    )
            raise refuse(
                f"`{identifier}` is a requirement that no profile of this project selects", "`plantproof catalog list`"
            )
        return reached
    found = _of_place(what, opened, judge, engine, below)
    if found is not None:
        return found
    zones = [zone.id for site in judge.intent.sites.values() for zone in site.zones]
    hint = did_you_mean(what, [*judge.bundle.policies, *zones, *kinds]) or did_you_mean(kind, kinds) or control.hint
    raise refuse(f"`{what}` is no policy, control, kind, field, zone or asset of this project", hint)


def _refuse_unknown(kind: str, field: str, below: Downstream) -> None:
    """Raise InputError for a field that the kind does not have: "reaches nothing" would be said of a slip, too. What is
    declared or computed has the fields that policies read of it."""
    if kind in KINDS:
        known, message = list(KINDS[kind].__struct_fields__), f"{kind} has no field `{field}`"
    else:
        known = sorted(needs_of(below.bundle).get(kind, ()))
        message = f"no policy reads a field `{field}` of {kind}"
    if field not in known:
        raise refuse(message, did_you_mean(field, known) or f"there are: {', '.join(known) or 'none'}")


def _of_place(what: str, opened: Opened, judge: Judge, engine: Engine, below: Downstream) -> Impact | None:
    """Of a zone by its id, or an asset by id or name: the first site that has it."""
    named = [site for site in sorted(judge.intent.sites) if any(z.id == what for z in judge.intent.sites[site].zones)]
    for site in named or sorted(judge.intent.sites):
        judged = judge_site(opened.project.tree, opened.project.file, judge, site, on=opened.on, engine=engine)
        if named:
            return of_subjects(judged, below, zone=what)
        wanted = what.casefold()
        for asset in judged.plant.tables["asset"].ids:
            if wanted in (asset, judged.plant.names.get(asset, asset).casefold()):
                return of_subjects(judged, below, asset=asset)
    return None
