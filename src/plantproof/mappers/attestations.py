"""What a named person's dated statement says to a part, in one unit (VERDICTS.md 14).

A statement covers what it enumerates and nothing else. Several statements on one topic may enumerate a unit together;
one that is not-satisfied and in force beats them all, until it expires or is replaced. A person's word about his own
work shows as claimed and satisfies nothing; against himself it counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from plantproof.mappers.tallies import Unit
from plantproof.model.assessment import AttestationState
from plantproof.model.evidence import Attestation, AttestedScope
from plantproof.model.plant import Plant
from plantproof.model.site import Zone
from plantproof.model.vocabulary import Conclusion
from plantproof.model.waiver_state import day

State = Literal["in-force", "expired", "not-yet"]


class Spoken(NamedTuple):
    """The answer of all statements on one topic."""

    conclusion: Conclusion
    why: str
    claimed: bool = False
    over_period: bool = False
    """Satisfied, over the period of operation that was asked for."""


def state_of(attestation: Attestation, on: str) -> State:
    """Its last day counts as in force; before its date nobody had stated anything."""
    if on < day(attestation.date):
        return "not-yet"
    return "expired" if on > day(attestation.expires) else "in-force"


def states_of(plant: Plant, on: str) -> list[AttestationState]:
    """All statements of a site with their state, by id."""
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
            state=state_of(each, on),
            claimed=each.about_own_work,
            statement=each.statement,
            scope=_scope_words(each.scope),
        )
        for each in sorted(plant.attestations, key=lambda each: each.id)
    ]


class Statements:
    """The statements of one site on one date, by topic."""

    def __init__(self, plant: Plant, on: str) -> None:
        self._plant = plant
        self._on = on
        self._memo: dict[tuple[str, str, Unit, bool], Spoken] = {}
        self._by_topic: dict[str, list[Attestation]] = {}
        for each in sorted(plant.attestations, key=lambda each: each.id):
            self._by_topic.setdefault(each.topic, []).append(each)
        self._assets_of: dict[str, list[str]] = {}
        table = plant.tables.get("asset")
        self._all_assets = list(table.ids) if table else []
        for asset, zones in zip(table.ids, table.zones, strict=True) if table else ():
            for zone in zones:
                self._assets_of.setdefault(zone, []).append(asset)
        self._zones_of = dict(zip(table.ids, table.zones, strict=True)) if table else {}

    def on(self, topic: str, scope: str, unit: Unit, *, period: bool = False) -> Spoken:
        """What the statements on a topic say to a part of this scope in a unit. With `period`, only those that name the
        period they speak of can satisfy: a point in time never proves operation (VERDICTS.md 16)."""
        key = (topic, scope, unit, period)
        if key not in self._memo:
            self._memo[key] = self._spoken(topic, scope, unit, period)
        return self._memo[key]

    def _spoken(self, topic: str, scope: str, unit: Unit, period: bool) -> Spoken:
        on_topic = self._by_topic.get(topic, [])
        current = [each for each in on_topic if state_of(each, self._on) == "in-force"]
        if not current:
            return Spoken(Conclusion.NOT_ASSESSED, self._silence(topic, on_topic))
        against = [each for each in current if each.outcome == "not-satisfied" and self._touches(each, scope, unit)]
        if against:
            words = f"{against[0].who.name} stated on {day(against[0].date)} that it is not so ({against[0].id})"
            return Spoken(Conclusion.NOT_SATISFIED, words, claimed=all(each.about_own_work for each in against))
        speaking = [each for each in current if each.outcome == "satisfied"]
        independent = [each for each in speaking if not each.about_own_work]
        dated = [each for each in independent if each.period_from and each.period_to]
        if missing := self._missing(dated if period else independent, scope, unit):
            if period and not self._missing(independent, scope, unit):
                return Spoken(Conclusion.NOT_ASSESSED, f"attested on {topic}, but over no period of operation")
            if not self._missing(speaking, scope, unit):
                names = ", ".join(sorted({each.who.name for each in speaking if each.about_own_work}))
                return Spoken(Conclusion.NOT_ASSESSED, f"claimed by {names} about own work on {topic}", claimed=True)
            return Spoken(Conclusion.NOT_ASSESSED, f"no attestation on {topic} names {missing}")
        names = ", ".join(sorted({each.who.name for each in (dated if period else independent)}))
        return Spoken(Conclusion.SATISFIED, f"attested by {names}", over_period=period)

    def _silence(self, topic: str, on_topic: list[Attestation]) -> str:
        expired = [each for each in on_topic if state_of(each, self._on) == "expired"]
        if expired:
            last = max(expired, key=lambda each: (day(each.expires), each.id))
            return f"the attestation {last.id} on {topic} expired on {day(last.expires)}"
        if on_topic:
            return f"the attestation {on_topic[0].id} on {topic} is not dated before {day(on_topic[0].date)}"
        return f"nobody has attested {topic}"

    def _missing(self, attestations: list[Attestation], scope: str, unit: Unit) -> str:
        """The first thing of the unit that none of the statements enumerates; "" where they cover it."""
        scopes = [each.scope for each in attestations]
        if scope in ("system", "programme"):
            return "" if any(each.site for each in scopes) else "the site"
        zones, conduits = self._asked(scope, unit)
        if not zones and not conduits and scope != "component":
            return f"any {scope}: there is none in {unit.id}"
        named_conduits = {conduit for each in scopes for conduit in each.conduits}
        for conduit in conduits:
            if conduit not in named_conduits and not (scope == "component" and self._names_devices(scopes, conduit)):
                return f"conduit {conduit}"
        if scope == "component":
            return self._missing_asset(attestations, unit, bool(conduits))
        named_zones = {zone for each in scopes for zone in each.zones}
        named_assets = {asset for each in scopes for asset in each.assets}
        for zone in zones:
            assets = self._assets_of.get(zone, [])
            if zone not in named_zones and not (assets and named_assets.issuperset(assets)):
                return f"zone {zone}"
        return ""

    def _asked(self, scope: str, unit: Unit) -> tuple[list[str], list[str]]:
        """The zones and conduits that a statement must name for a part of this scope in this unit."""
        site = self._plant.site
        joined = {conduit.id: conduit.zones for conduit in site.conduits}
        if scope == "component":
            return [], [unit.id] if unit.kind == "conduit" else []
        if scope == "zone":
            if unit.kind == "site":
                return [zone.id for zone in site.zones if not is_outside(zone)], []
            return ([unit.id] if unit.kind == "zone" else list(joined.get(unit.id, ()))), []
        if unit.kind == "conduit":
            return [], [unit.id]
        return [], [each for each, zones in joined.items() if unit.kind == "site" or unit.id in zones]

    def _names_devices(self, scopes: list[AttestedScope], conduit: str) -> bool:
        points = next((each.enforcement_points for each in self._plant.site.conduits if each.id == conduit), [])
        named = {asset for each in scopes for asset in each.assets}
        named |= {self._plant.names.get(asset, asset) for asset in named}
        return bool(points) and named.issuperset(points)

    def _missing_asset(self, attestations: list[Attestation], unit: Unit, conduit: bool) -> str:
        if conduit:
            return ""
        assets = self._all_assets if unit.kind == "site" else self._assets_of.get(unit.id, [])
        if not assets:
            return f"any asset: there is none in {unit.id}"
        named = {asset for each in attestations for asset in each.scope.assets}
        zone_dates: dict[str, str] = {}
        for each in attestations:
            for zone in each.scope.zones:
                zone_dates[zone] = max(zone_dates.get(zone, ""), day(each.date))
        for asset in assets:
            if asset in named or self._plant.names.get(asset, asset) in named:
                continue
            # A shared or unplaced asset is covered only where every zone it may be in was named after it appeared.
            seen = day(self._plant.first_seen.get(asset, ""))
            zones = self._zones_of.get(asset, ())
            if not zones or any(zone_dates.get(zone, "") < max(seen, "0") for zone in zones):
                return f"asset {self._plant.names.get(asset, asset)}"
        return ""

    def _touches(self, attestation: Attestation, scope: str, unit: Unit) -> bool:
        """Whether a statement speaks of any of the unit: enough for a failure."""
        said = attestation.scope
        if scope in ("system", "programme") or unit.kind == "site":
            return True
        assets = set(said.assets)
        zones = set(said.zones) | {zone for asset in assets for zone in self._zones_of.get(asset, ())}
        if unit.kind == "zone":
            joined = {each.id for each in self._plant.site.conduits if unit.id in each.zones}
            return said.site or unit.id in zones or (scope == "conduit" and not joined.isdisjoint(said.conduits))
        joined = set(next((each.zones for each in self._plant.site.conduits if each.id == unit.id), ()))
        return said.site or unit.id in said.conduits or (scope == "zone" and not joined.isdisjoint(zones))


def is_outside(zone: Zone) -> bool:
    """Whether a zone is only drawn to show what the site is connected to (the internet): nobody secures it, unless
    it has an SL-T."""
    return zone.kind == "external" and zone.sl_target is None


def _scope_words(scope: AttestedScope) -> list[str]:
    words: Iterable[str] = (
        *(["site"] if scope.site else []),
        *(f"zone {each}" for each in sorted(scope.zones)),
        *(f"conduit {each}" for each in sorted(scope.conduits)),
        *(f"asset {each}" for each in sorted(scope.assets)),
    )
    return list(words)
