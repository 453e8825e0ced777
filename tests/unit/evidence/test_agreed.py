"""What custody says and no export: agreed on in the settings, or as it was."""

from __future__ import annotations

from typing import Any

import msgspec

from plantproof.evidence.agreed import not_agreed
from plantproof.model.evidence import Collector, Covers, Custody, Vantage
from plantproof.model.project_file import SourceSettings

CUSTODY = Custody(
    schema="plantproof/custody/1", format="csv", collected_by=Collector(name="Kim"), collected_at="2026-11-18"
)
CELL, OFFICE = Covers(kind="flow", zones=["cell"]), Covers(kind="flow", zones=["office"])
SENSOR = Vantage(sensor="tap-1")


def custody(**fields: Any) -> Custody:
    return msgspec.structs.replace(CUSTODY, **fields)


def test_what_the_settings_say_is_agreed_in_any_order() -> None:
    settings = SourceSettings(covers=[CELL, OFFICE], vantage=SENSOR, format="csv")
    assert not_agreed(custody(covers=[OFFICE, CELL], vantage=SENSOR), None, settings) == []


def test_what_custody_said_before_is_agreed_though_the_settings_say_otherwise() -> None:
    now = custody(covers=[CELL], vantage=SENSOR, format="netbox")
    assert not_agreed(now, now, SourceSettings(format="csv")) == []


def test_what_neither_says_is_told() -> None:
    now = custody(covers=[Covers(kind="flow")], vantage=SENSOR, format="netbox")
    assert not_agreed(now, custody(covers=[CELL]), SourceSettings(format="csv", covers=[CELL])) == [
        "covers",
        "format",
        "vantage",
    ]
    assert not_agreed(now, None, SourceSettings(format="csv")) == ["covers", "format", "vantage"]


def test_the_export_may_come_in_another_format_where_nobody_set_one_up() -> None:
    assert not_agreed(custody(format="netbox"), CUSTODY, SourceSettings()) == []
