"""Zones and conduits of the example with their security levels."""

from __future__ import annotations

from tests.support.example_names import SITE

from plantproof.model.assessment import (
    LevelBounds,
    LevelVectors,
    UnitResult,
)


def _bounds(*pairs: tuple[int, int], blocked: str = "", unknown: str = "") -> list[LevelBounds]:
    return [
        LevelBounds(
            lower=low,
            upper=high,
            blocked_by=[blocked] if blocked and high < 2 else [],
            unknown=[unknown] if unknown and low < high else [],
        )
        for low, high in pairs
    ]


def _vectors(tested: list[LevelBounds], attested: list[LevelBounds], compensated: list[LevelBounds]) -> LevelVectors:
    return LevelVectors(tested=tested, attested=attested, compensated=compensated)


OFFICE_LEVELS = _vectors(
    _bounds((0, 4), (0, 4), (1, 4), (0, 4), (1, 4), (0, 4), (0, 4), unknown="SR 2.8"),
    _bounds((1, 4), (0, 4), (1, 4), (0, 4), (1, 4), (0, 4), (1, 4), unknown="SR 2.8"),
    _bounds((1, 4), (0, 4), (1, 4), (0, 4), (1, 4), (0, 4), (1, 4), unknown="SR 2.8"),
)
DMZ_LEVELS = _vectors(
    _bounds((0, 2), (1, 3), (0, 4), (2, 4), (1, 1), (1, 4), (0, 4), blocked="SR 5.2", unknown="SR 6.2"),
    _bounds((2, 2), (1, 3), (0, 4), (2, 4), (1, 1), (1, 4), (0, 4), blocked="SR 5.2", unknown="SR 6.2"),
    [
        *_bounds((2, 2), (1, 3), (0, 4), (2, 4), (2, 4), (1, 4)),
        LevelBounds(lower=1, upper=1, contested_lower=1, contested_upper=2, blocked_by=["SR 7.3"]),
    ],
)
CELL_LEVELS = _vectors(
    _bounds((0, 0), (0, 1), (0, 4), (0, 4), (0, 0), (0, 4), (0, 1), blocked="SR 1.1", unknown="SR 3.4"),
    _bounds((0, 0), (0, 1), (0, 4), (0, 4), (0, 0), (0, 4), (0, 1), blocked="SR 1.1", unknown="SR 3.4"),
    _bounds((0, 0), (1, 1), (0, 4), (0, 4), (0, 0), (0, 4), (0, 1), blocked="SR 1.1", unknown="SR 3.4"),
)


ZONES = [
    UnitResult(
        site=SITE,
        kind="zone",
        id="office",
        title="Office network",
        purdue_level=4.0,
        zone_kind="business",
        owner="Plant IT, M. Osprey",
        criticality="medium",
        assets=2,
        sl_target=[1, 1, 1, 0, 1, 1, 1],
        sl_achieved=OFFICE_LEVELS,
    ),
    UnitResult(
        site=SITE,
        kind="zone",
        id="plant-dmz",
        title="Plant DMZ",
        purdue_level=3.5,
        zone_kind="dmz",
        owner="Networks OT, R. Amsel",
        criticality="high",
        assets=2,
        sl_target=[2, 2, 1, 1, 2, 1, 2],
        sl_achieved=DMZ_LEVELS,
        gaps=2,
        gaps_by_severity={"critical": 1, "medium": 1},
    ),
    UnitResult(
        site=SITE,
        kind="zone",
        id="filling-cell",
        title="Filling cell",
        purdue_level=1.0,
        zone_kind="control",
        owner="Filling, J. Kestrel",
        criticality="critical",
        assets=3,
        sl_target=[2, 2, 2, 1, 2, 1, 2],
        sl_achieved=CELL_LEVELS,
        gaps=3,
        gaps_by_severity={"critical": 1, "high": 2},
        essential_functions=["fill-control", "fill-view"],
    ),
]
CONDUITS = [
    UnitResult(
        site=SITE,
        kind="conduit",
        id="office-dmz",
        title="Office to DMZ",
        zones=["office", "plant-dmz"],
        owner="Networks OT, R. Amsel",
        sl_target=[1, 1, 1, 1, 2, 1, 1],
        sl_achieved=OFFICE_LEVELS,
    ),
    UnitResult(
        site=SITE,
        kind="conduit",
        id="dmz-cell",
        title="DMZ to filling cell",
        zones=["plant-dmz", "filling-cell"],
        owner="Networks OT, R. Amsel",
        sl_target=[2, 2, 2, 1, 2, 1, 2],
        sl_achieved=DMZ_LEVELS,
        gaps=1,
        gaps_by_severity={"critical": 1},
    ),
]
