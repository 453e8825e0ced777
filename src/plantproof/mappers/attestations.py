"""What a named person's dated statement says to a part, in one unit (verdicts.md 14).

A statement covers what it enumerates and nothing else. Several statements on one topic may enumerate a unit together;
one that is not-satisfied and in force beats them all, until it expires or is replaced. A person's word about his own
work shows as claimed and satisfies nothing; against himself it counts. Nobody can vouch for what came after he spoke:
neither for a device that was not there yet, nor for days that were still to come.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import NamedTuple, Protocol

from plantproof.mappers.meant import meant, of_own_work
from plantproof.mappers.tallies import Unit
from plantproof.model import attestation_state
from plantproof.model.assessment import AttestationState
from plantproof.model.attestation_state import State, over_no_period, over_period
from plantproof.model.evidence import Attestation, AttestedScope
from plantproof.model.plant import Plant
from plantproof.model.site import Zone
from plantproof.model.vocabulary import Conclusion
from plantproof.model.waiver_state import day

Question = tuple[str, str, Unit, bool]
"""Topic, scope, unit, and whether a period of operation is asked for."""


class Spoken(NamedTuple):
    """The answer of all statements on one topic."""

    conclusion: Conclusion
    why: str
    claimed: bool = False
    over_period: bool = False
    """Satisfied, over the period of operation that was asked for."""


class Speaking(Protocol):
    """Who answers for people: see `Statements.on`."""

    def on(self, topic: str, scope: str, unit: Unit, *, period: bool = False) -> Spoken: ...


def state_of(attestation: Attestation, plant: Plant, on: str) -> tuple[State, str]:
    """The state of a statement on a date (YYYY-MM-DD), and in words why it is not valid."""
    _, why = plant.not_as_seen.get(attestation.id, (0, ""))
    return attestation_state.state_of(attestation, on, why)


def states_of(plant: Plant, on: str) -> list[AttestationState]:
    """All statements of a site with their state, by id."""
    stated = sorted(plant.attestations, key=lambda each: each.id)
    states = [(each, *state_of(each, plant, on)) for each in stated]
    return [
        AttestationState(
            id=each.id,
            site=plant.site.id,
            topic=each.topic,
            who=each.who.name,
            role=each.who.role,
            method=each.method,
            date=day(each.date),
            expires=day(each.expires),
            outcome=each.outcome,
            state=state,
            why=why,
            claimed=of_own_work(each, plant),
            statement=each.statement,
            scope=_scope_words(each.scope),
        )
        for each, state, why in states
    ]


class Statements:
    """The statements of one site on one date, by topic."""

    def __init__(self, plant: Plant, on: str) -> None:
        self._plant = plant
        self._on = on
        self.said: dict[Question, Spoken] = {}
        self._by_topic: dict[str, list[Attestation]] = {}
        for each in sorted(plant.attestations, key=lambda each: each.id):
            self._by_topic.setdefault(each.topic, []).append(each)
        self._states = {each.id: state_of(each, plant, on) for each in plant.attestations}
        self._own_work = {each.id for each in plant.attestations if of_own_work(each, plant)}
        self._meant = {each.id: meant(each, plant) for each in plant.attestations}
        self.named = sorted({asset for each in self._meant.values() for asset in each.assets})
        """The assets that any statement names: whose they are decides whether it is independent."""
        self.seen = sorted({seen.path for each in plant.attestations for seen in each.seen if seen.path})
        """The files that any statement rests on."""
        self._assets_of: dict[str, list[str]] = {}
        table = plant.tables.get("asset") if plant.attestations else None  # else nobody says anything of any
        self._all_assets = list(table.ids) if table else []
        for asset, zones in zip(table.ids, table.zones, strict=True) if table else ():
            for zone in zones:
                self._assets_of.setdefault(zone, []).append(asset)
        self._zones_of = dict(zip(table.ids, table.zones, strict=True)) if table else {}

    def on(self, topic: str, scope: str, unit: Unit, *, period: bool = False) -> Spoken:
        """What the statements on a topic say to a part of this scope in a unit. With `period`, only those that name the
        period they speak of can satisfy: a point in time never proves operation (verdicts.md 16)."""
        key = (topic, scope, unit, period)
        if key not in self.said:
            self.said[key] = self._spoken(topic, scope, unit, period)
        return self.said[key]

    def _spoken(self, topic: str, scope: str, unit: Unit, period: bool) -> Spoken:
        on_topic = self._by_topic.get(topic, [])
        current = [each for each in on_topic if self._states[each.id][0] == "in-force"]
        if not current:
            return Spoken(Conclusion.NOT_ASSESSED, self._silence(topic, on_topic))
        against = [each for each in current if each.outcome == "not-satisfied" and self._touches(each, scope, unit)]
        if against:
            words = f"{against[0].who.name} stated on {day(against[0].date)} that it is not so ({against[0].id})"
            return Spoken(Conclusion.NOT_SATISFIED, words, claimed=all(self._own(each) for each in against))
        speaking = [each for each in current if each.outcome == "satisfied"]
        independent = [each for each in speaking if not self._own(each)]
        dated = [each for each in independent if over_period(each)]
        if missing := self._missing(dated if period else independent, scope, unit):
            if period and not self._missing(independent, scope, unit):
                whys = [over_no_period(each) for each in sorted(independent, key=lambda each: not each.period_to)]
                return Spoken(Conclusion.NOT_ASSESSED, f"attested on {topic}, but {next(filter(None, whys))}")
            if not self._missing(speaking, scope, unit):
                names = ", ".join(sorted({each.who.name for each in speaking if self._own(each)}))
                return Spoken(Conclusion.NOT_ASSESSED, f"claimed by {names} about own work on {topic}", claimed=True)
            words = f"no attestation on {topic} names {missing}"
            return Spoken(Conclusion.NOT_ASSESSED, "; ".join([words, *self._not_valid(on_topic)]))
        names = ", ".join(sorted({each.who.name for each in (dated if period else independent)}))
        return Spoken(Conclusion.SATISFIED, f"attested by {names}", over_period=period)

    def _own(self, attestation: Attestation) -> bool:
        return attestation.id in self._own_work

    def _silence(self, topic: str, on_topic: list[Attestation]) -> str:
        expired = [each for each in on_topic if self._states[each.id][0] == "expired"]
        if expired:
            last = max(expired, key=lambda each: (day(each.expires), each.id))
            return f"the attestation {last.id} on {topic} expired on {day(last.expires)}"
        if not_valid := self._not_valid(on_topic):
            return not_valid[0]
        if on_topic:
            return f"the attestation {on_topic[0].id} on {topic} is not dated before {day(on_topic[0].date)}"
        return f"nobody has attested {topic}"

    def _not_valid(self, on_topic: list[Attestation]) -> list[str]:
        """Which statements satisfy nothing whatever they name, and why: else nobody finds what to mend."""
        states = [(each.id, *self._states[each.id]) for each in on_topic]
        return [f"the attestation {name} is not valid: {why}" for name, state, why in states if state == "not-valid"]

    def _missing(self, attestations: list[Attestation], scope: str, unit: Unit) -> str:
        """The first thing of the unit that none of the statements enumerates; "" where they cover it."""
        if scope in ("system", "programme"):
            return "" if any(each.scope.site for each in attestations) else "the site"
        zones, conduits = self._asked(scope, unit)
        if not zones and not conduits and scope != "component":
            return f"any {scope}: there is none in {unit.id}"
        named = {asset for each in attestations for asset in self._meant[each.id].alone}
        named_conduits = {conduit for each in attestations for conduit in each.scope.conduits}
        for conduit in conduits:
            if conduit not in named_conduits and not (scope == "component" and self._all_guards(conduit, named)):
                return f"conduit {conduit}"
        if scope == "component":
            return self._missing_asset(attestations, named, unit, bool(conduits))
        dates = _last_dates(attestations)
        for zone in zones:
            others = [asset for asset in self._assets_of.get(zone, []) if asset not in named]
            if zone not in dates:
                if others or zone not in self._assets_of:
                    return f"zone {zone}"
            elif newer := next((each for each in others if self._seen(each) > dates[zone]), ""):
                name = self._plant.names.get(newer, newer)
                return f"asset {name}, which came to zone {zone} on {self._seen(newer)}"
        return ""

    def _seen(self, asset: str) -> str:
        return day(self._plant.first_seen.get(asset, ""))

    def _asked(self, scope: str, unit: Unit) -> tuple[list[str], list[str]]:
        """The zones and conduits that a statement must name for a part of this scope in this unit."""
        site = self._plant.site
        joined = {conduit.id: conduit.zones for conduit in site.conduits}
        if scope == "component":
            return [], [unit.id] if unit.kind == "conduit" else []
        if scope == "zone":
            if unit.kind == "site":
                return [zone.id for zone in site.zones if not is_outside(zone, self._plant)], []
            return ([unit.id] if unit.kind == "zone" else list(joined.get(unit.id, ()))), []
        if unit.kind == "conduit":
            return [], [unit.id]
        return [], [each for each, zones in joined.items() if unit.kind == "site" or unit.id in zones]

    def _all_guards(self, conduit: str, named: Set[str]) -> bool:
        """Whether every device that guards a conduit is named: there is one, and none that nobody knows."""
        points = next((each.enforcement_points for each in self._plant.site.conduits if each.id == conduit), [])
        guards = [self._plant.named_assets.get(point, ()) for point in points]
        return bool(guards) and all(ids and named >= {*ids} for ids in guards)

    def _missing_asset(self, attestations: list[Attestation], named: Set[str], unit: Unit, conduit: bool) -> str:
        if conduit:
            return ""
        assets = self._all_assets if unit.kind == "site" else self._assets_of.get(unit.id, [])
        if not assets:
            return f"any asset: there is none in {unit.id}"
        zone_dates = _last_dates(attestations)
        for asset in assets:
            if asset in named:
                continue
            # A shared or unplaced asset is covered only where every zone it may be in was named after it appeared.
            zones = self._zones_of.get(asset, ())
            if not zones or any(zone_dates.get(zone, "") < max(self._seen(asset), "0") for zone in zones):
                return f"asset {self._plant.names.get(asset, asset)}"
        return ""

    def _touches(self, attestation: Attestation, scope: str, unit: Unit) -> bool:
        """Whether a statement speaks of any of the unit: enough for a failure."""
        said, of = attestation.scope, self._meant[attestation.id]
        if said.site or of.unknown or scope in ("system", "programme") or unit.kind == "site":
            return True  # Nobody can tell where that is of which he says that it is not so: it may be anywhere.
        zones, conduits = of.zones.union(said.zones), of.conduits.union(said.conduits)
        if unit.kind == "zone":
            joined = {each.id for each in self._plant.site.conduits if unit.id in each.zones}
            return unit.id in zones or (scope == "conduit" and not joined.isdisjoint(conduits))
        joined = set(next((each.zones for each in self._plant.site.conduits if each.id == unit.id), ()))
        return unit.id in conduits or (scope == "zone" and not joined.isdisjoint(zones))


def _last_dates(attestations: Iterable[Attestation]) -> dict[str, str]:
    """Zone -> the last day on which a statement named it."""
    dates: dict[str, str] = {}
    for each in attestations:
        for zone in each.scope.zones:
            dates[zone] = max(dates.get(zone, ""), day(each.date))
    return dates


def is_outside(zone: Zone, plant: Plant) -> bool:
    """Whether a zone is only drawn to show what the site is connected to (the internet): nobody secures it, unless
    it has an SL-T, or assets of the plant stand in it. Calling a zone external takes nothing out of the question."""
    if zone.kind != "external" or zone.sl_target is not None:
        return False
    assets = plant.tables.get("asset")
    placed = zip(assets.ids, assets.zones, strict=True) if assets else ()
    # What only a draft places might stand in each confirmed zone, and is known to stand in none of them.
    nowhere = ("unplaced",) if zone.unconfirmed else ("unplaced", "draft")
    return not any(zone.id in zones and plant.placement.get(asset) not in nowhere for asset, zones in placed)


def _scope_words(scope: AttestedScope) -> list[str]:
    words: Iterable[str] = (
        *(["site"] if scope.site else []),
        *(f"zone {each}" for each in sorted(scope.zones)),
        *(f"conduit {each}" for each in sorted(scope.conduits)),
        *(f"asset {each}" for each in sorted(scope.assets)),
    )
    return list(words)
