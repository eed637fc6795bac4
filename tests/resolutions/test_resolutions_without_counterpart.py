"""The contacts that what the good ones share leaves out: as many as it counts, and unlike the others."""

from __future__ import annotations

from datetime import date

import pytest

from kpi import resolutions
from kpi.model import Filter, Period
from kpi.resolutions import ISSUE, Kept

NOW = Period(date(2026, 7, 1), date(2026, 9, 30))


def test_every_value_opens_as_many_contacts_as_it_leaves_out(kept: Kept) -> None:
    shared = resolutions.shared(kept, NOW)
    counted = 0
    for each in shared.values:
        rows = resolutions.without_counterpart(kept, NOW, each.field, each.value)
        assert len(rows) == each.left_out, (each.field, each.value)
        assert rows.empty or set(rows.columns) == set(kept.table.source.columns)
        counted += each.left_out
    assert counted > 0
    assert any(each.left_out for each in shared.values if each.field != resolutions.AGENT)


def test_those_left_out_have_hardly_anybody_of_their_channel(kept: Kept) -> None:
    """By hand, for the values of the team: fewer than ten others of the same channel."""
    judged = resolutions.rows(kept, NOW, part=resolutions.JUDGED)
    shared = resolutions.shared(kept, NOW)
    found = [each for each in shared.values if each.field == "product"]
    assert found
    for each in found:
        others = judged[judged["product"] != each.value]
        many = others.groupby("channel")["ticket_id"].count()
        mine = judged[judged["product"] == each.value]
        alone = mine[mine["channel"].map(many).fillna(0) < 10]
        rows = resolutions.without_counterpart(kept, NOW, "product", each.value)
        assert set(rows["ticket_id"]) == set(alone["ticket_id"])


def test_a_filter_narrows_them_and_an_unknown_column_is_refused(kept: Kept) -> None:
    only = resolutions.without_counterpart(kept, NOW, ISSUE, "Refund", where=(Filter("channel", ("chat",)),))
    assert set(only["channel"]) <= {"chat"}
    with pytest.raises(ValueError, match="no column 'Moon'"):
        resolutions.without_counterpart(kept, NOW, "Moon", "full")
    assert resolutions.without_counterpart(kept, NOW, ISSUE, "Nobody wrote of this").empty
