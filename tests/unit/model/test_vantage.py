"""What a source may have missed, by what custody says: from where it looked, through which filter, what was read."""

from __future__ import annotations

import math

import pytest

from plantproof.model.evidence import Collector, Custody, NotUnderstood, RawFile, Vantage
from plantproof.model.vantage import MOST_LOSS_PERCENT, is_stated, missed

UNREAD = NotUnderstood(raw="raw/links.csv", line=4, what="no address")


def custody(vantage: Vantage | None = None, rows: int = 3, imported: int = 3, *unread: NotUnderstood) -> Custody:
    """Of one export."""
    return Custody(
        schema="plantproof/custody/1",
        format="csv",
        collected_by=Collector(name="somebody"),
        collected_at="2026-06-01",
        vantage=vantage,
        raw=[RawFile(path="raw/links.csv", sha256="x", bytes=1, rows=rows, imported=imported)],
        not_understood=list(unread),
    )


@pytest.mark.parametrize(
    ("vantage", "stated"),
    [
        (None, False),
        (Vantage(), False),
        (Vantage(sensor=" ", segments=["", "-"]), False),
        (Vantage(sensor="\u00a0?"), False),
        (Vantage(sensor="tap-1"), True),
        (Vantage(segments=[" ", "ring 1"]), True),
    ],
)
def test_a_vantage_is_stated_by_a_word(vantage: Vantage | None, stated: bool) -> None:
    assert is_stated(vantage) is stated


@pytest.mark.parametrize("filter_", ["", " ", "none", "None "])
def test_without_a_filter_nothing_is_left_out(filter_: str) -> None:
    assert missed(custody(Vantage(sensor="tap", filter=filter_, loss_percent=0.0)), "flow") == []


def test_a_filter_leaves_out_what_it_does_not_let_through() -> None:
    filtered = custody(Vantage(sensor="tap", filter="host 10.9.9.9\n only", loss_percent=0.0))
    assert missed(filtered, "flow") == ["sees only what its query filter lets through (host 10.9.9.9 only)"]


@pytest.mark.parametrize("loss", [0.0, 0.4, MOST_LOSS_PERCENT])
def test_some_loss_hides_nothing(loss: float) -> None:
    assert missed(custody(Vantage(sensor="tap", loss_percent=loss)), "flow") == []


@pytest.mark.parametrize(("loss", "word"), [(10.5, "10.5"), (100.0, "100"), (-1.0, "-1"), (math.nan, "nan")])
def test_much_loss_hides_what_is_rare(loss: float, word: str) -> None:
    lossy = custody(Vantage(sensor="tap", loss_percent=loss))
    assert missed(lossy, "asset") == [f"states a loss of {word} %, and more than 10 % hides too much"]


@pytest.mark.parametrize(("kind", "found"), [("flow", ["states no loss (loss_percent)"]), ("firewall_rule", [])])
def test_only_what_a_sensor_sees_pass_has_a_loss_to_state(kind: str, found: list[str]) -> None:
    assert missed(custody(Vantage(sensor="tap")), kind) == found


def test_rows_that_were_not_imported() -> None:
    assert missed(custody(Vantage(sensor="tap"), 100000, 1), "asset") == ["imported 1 of 100000 rows of raw/links.csv"]


@pytest.mark.parametrize(
    ("count", "words"), [(1, "a row that was not understood"), (9, "9 rows that were not understood")]
)
def test_rows_that_were_not_understood(count: int, words: str) -> None:
    unread = NotUnderstood(raw="raw/links.csv", line=4, what="no address", count=count)
    assert missed(custody(Vantage(sensor="tap"), 3, 3, unread), "asset") == [f"has {words}"]


def test_all_of_it_is_said() -> None:
    vantage = Vantage(sensor="tap", filter="port 502", loss_percent=50.0)
    assert len(missed(custody(vantage, 3, 2, UNREAD), "flow")) == 4
