"""What the pictures hold: the numbers of the results, and nothing where nothing is known."""

from __future__ import annotations

from typing import Any

import pytest
from customer_desk import BEFORE, NOW, Desk, facts_of, tables_of

from kpi import charts, customers
from kpi.charts import DARK, LIGHT, TwoSides
from kpi.customers import Follow, Known
from kpi.model import Estimate


@pytest.fixture(scope="module")
def known() -> Known:
    return customers.know(facts_of(tables_of(Desk(customers=500, rate=5.0), 8)))


def rows_of(chart: Any) -> list[dict[str, Any]]:
    """Every record of a chart, once."""
    found: list[dict[str, Any]] = []
    for rows in chart.to_dict()["datasets"].values():
        found += [row for row in rows if row not in found]
    return found


def test_bands_hold_customers_and_equal_customers(known: Known) -> None:
    shared = customers.sharing(known, NOW)
    bands = [(str(b.first), b.customers, b.expected, b.contacts) for b in shared.bands]
    drawn = rows_of(charts.contact_bands(bands, LIGHT))
    assert [(row["name"], row["customers"]) for row in drawn] == [(b[0], b[1]) for b in bands]
    assert sum(row["expected"] for row in drawn) == pytest.approx(shared.customers, rel=0.02)
    with pytest.raises(ValueError, match="no customers"):
        charts.contact_bands([], LIGHT)


def test_a_single_curve_has_a_band_and_several_have_dashes(known: Known) -> None:
    stays = customers.staying(known)
    assert stays.whole is not None
    one = charts.staying([stays.whole], DARK).to_dict()
    kinds = {layer["mark"]["type"] for layer in one["layer"]}
    assert "area" in kinds
    points = [row for row in rows_of(charts.staying([stays.whole], DARK)) if "share" in row]
    assert points[0]["share"] == 1.0
    assert all(row["low"] <= row["share"] <= row["high"] for row in points)
    groups = next(c for c in stays.contrasts if c.dimension == "segment").groups
    several = charts.staying(groups, LIGHT)
    assert {row["name"] for row in rows_of(several)} == {"Buyer", "Plus", "Business"}
    assert "area" not in {layer["mark"]["type"] for layer in several.to_dict()["layer"]}


def test_cohort_cells_that_are_not_known_have_no_share(known: Known) -> None:
    found = customers.cohorts(known, Follow.THERE, "month")
    drawn = [row for row in rows_of(charts.cohorts(found, LIGHT)) if "step" in row]
    unknown = [row for row in drawn if row["share"] is None]
    assert unknown
    assert all(row["why"] and not row["text"] for row in unknown)
    assert not [row for row in drawn if row["share"] == 0]
    with pytest.raises(ValueError, match="followed"):
        charts.cohorts(customers.Cohorts(Follow.THERE, found.since, "month", 1), LIGHT)


def test_two_sides_draw_both_with_their_intervals(known: Known) -> None:
    proofs = customers.prove(known, NOW, BEFORE)
    told = [TwoSides(p.outcome.value, p.listed, p.others) for p in proofs.proofs if not p.refused]
    drawn = [
        row for row in rows_of(charts.two_sides(told, "listed", "others", "share", DARK)) if "side" in row
    ]
    assert len(drawn) == 2 * len(told)
    assert all(row["low"] <= row["value"] <= row["high"] for row in drawn)
    nothing = Estimate.absent("nobody")
    with pytest.raises(ValueError, match="no outcome"):
        charts.two_sides([TwoSides("Left", nothing, nothing)], "a", "b", "share", LIGHT)
