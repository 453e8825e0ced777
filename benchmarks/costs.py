"""Cost against the size of the change and of the plant: the points of the plot in docs/explanation/cost.md."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from benchmarks.cases import growing
from benchmarks.devices import Plan
from benchmarks.growth import Grown

RECORDS = (1, 10, 100, 1_000, 10_000)
USUAL = 10
"""Records that change where the size of the plant is what varies."""


def run_costs(plans: Sequence[Plan], runs: int, records: Sequence[int] = RECORDS) -> list[dict[str, Any]]:
    """One point for each size of a change in the largest plant, and for a change of ten records in each other one.

    `opa eval` judges all of the plant whatever changed: it is asked once for each plant.
    """
    told = []
    for plan in sorted(plans, key=lambda each: each.assets):
        largest = plan.assets == max(each.assets for each in plans)
        sizes = [size for size in records if size <= plan.assets] if largest else [USUAL]
        with growing(plan) as changing:
            for size in sizes:
                change = partial(Grown.change_records, count=size)
                point = changing.measured(f"{size:,} records", change, runs, opa=size == USUAL)
                told.append({**point, "records": size})
    return told
