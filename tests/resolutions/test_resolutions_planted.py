"""The planted drop stands first, dated, with what came before it; every number has its rows."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from kpi import resolutions
from kpi.facts import Facts
from kpi.model import EPOCH, Filter, Grain, Period, Verdict
from kpi.resolutions import Drop, Kept, Lasting, Quick
from kpi.words import resolution_sentences as words

Truths = dict[str, dict[str, Any]]
NOW = Period(date(2026, 7, 1), date(2026, 9, 30))
BEFORE = Period(date(2026, 4, 1), date(2026, 6, 30))


@pytest.fixture(scope="module")
def found(kept: Kept) -> Lasting:
    return resolutions.lasting(kept)


@pytest.fixture(scope="module")
def drop(found: Lasting) -> Drop:
    return found.drops[0]


def test_the_drop_that_lasted_is_named_first_with_its_date_and_size(drop: Drop, truths: Truths) -> None:
    truth = truths["lasting_drop"]
    planted = date.fromisoformat(truth["from"])
    assert (drop.value, drop.what) == (truth["where"]["category"], resolutions.RATE)
    assert drop.low <= planted <= drop.high
    assert (drop.high - drop.low).days < 100
    factor = truth["size"]["factor"] - 1
    assert drop.size.low <= factor <= drop.size.high < 0
    assert drop.control is not None
    assert drop.control.low <= factor <= drop.control.high < 0
    assert drop.own


def test_nothing_else_is_called_a_lasting_drop(found: Lasting) -> None:
    assert [each.value for each in found.drops] == ["Login problem"]
    assert found.looked_at == 24


def test_other_columns_have_no_lasting_drop(kept: Kept) -> None:
    for field in resolutions.fields_of(kept)[1:]:
        assert resolutions.lasting(kept, field).drops == (), field


def test_the_levels_can_be_counted_by_hand(kept: Kept, drop: Drop) -> None:
    table = kept.table
    mine = np.asarray(table.dimensions["category"] == drop.value)
    day = table.columns["created_day"]
    since, at, until = ((each - EPOCH).days for each in (drop.since, drop.day, drop.until))
    before, after = (int((mine & (day >= a) & (day < b)).sum()) for a, b in ((since, at), (at, until + 1)))
    assert (drop.n_before, drop.n_after) == (before, after)
    assert drop.before == pytest.approx(before / (at - since), rel=1e-9)
    assert drop.after == pytest.approx(after / (until + 1 - at), rel=1e-9)
    assert drop.size.value == pytest.approx(drop.after / drop.before - 1, rel=1e-9)


def test_what_came_before_names_the_macro_and_not_the_cause(kept: Kept, drop: Drop, truths: Truths) -> None:
    planted = date.fromisoformat(truths["lasting_drop"]["from"])
    event = SimpleNamespace(day=planted - timedelta(days=3), name="New help page", kind="release", until=None)
    late = SimpleNamespace(day=drop.high + timedelta(days=30), name="Later", kind="other", until=None)
    before = resolutions.preceded(kept, drop, (event, late))
    first = before.found[0]
    assert (first.field, first.value) == ("tags", truths["lasting_drop"]["where"]["tag"])
    assert first.first_seen == planted
    assert first.new
    assert first.k_before == 0
    assert 0.6 < first.k / first.n < 0.8
    assert before.events == (event,)
    said = [words.preceded_sentence(before), *(words.new_sentence(each, drop, {}) for each in before.found)]
    assert "does not make it the cause" in said[0]
    assert not any("because" in text or "caused" in text for text in said)


def test_rows_behind_what_came_before(kept: Kept, drop: Drop) -> None:
    before = resolutions.preceded(kept, drop)
    own = (Filter(drop.field, (drop.value,)),)
    for each in before.found:
        for since, k, n in ((True, each.k, each.n), (False, each.k_before, each.n_before)):
            period = resolutions.drop_period(drop, before, since)
            everything = resolutions.rows(kept, period, where=own, part=resolutions.CAME)
            assert len(everything) == n
            if each.field == resolutions.TAGS:
                some = resolutions.rows(kept, period, where=own, part=resolutions.CAME, tag=each.value)
            else:
                where = (*own, Filter(each.field, (each.value,)))
                some = resolutions.rows(kept, period, where=where, part=resolutions.CAME)
            assert len(some) == k


def test_quick_is_against_the_same_kind_and_counted_by_hand(kept: Kept, sample: Facts) -> None:
    table = sample.tables[Grain.TICKETS]
    timed = table.columns["ttr_ended"] != 0
    chat = np.asarray(table.dimensions["channel"] == "chat") & np.asarray(
        table.dimensions["category"] == "Refund status"
    )
    mine = timed & chat & np.asarray(table.dimensions["priority"] == "normal")
    minutes = table.columns["ttr_min"][mine]
    quick = kept.table.columns["quick"][mine] != 0
    assert minutes.size > 100
    assert minutes[quick].max() <= np.median(minutes) <= minutes[~quick].min()
    quarter = resolutions.prepare(sample, quick=Quick.QUARTER)
    assert isinstance(quarter, Kept)
    fastest = quarter.table.columns["quick"][mine] != 0
    assert fastest.mean() == pytest.approx(0.25, abs=0.02)
    assert not (fastest & ~quick).any()


def test_the_three_shares_have_their_rows(kept: Kept) -> None:
    report = resolutions.report(kept, NOW, BEFORE)
    for key, of, among in (
        ("good", resolutions.GOOD, resolutions.JUDGED),
        ("quick", resolutions.QUICK, resolutions.TIMED),
        ("happy", resolutions.HAPPY, resolutions.RATED),
    ):
        one = report.of(key)
        assert one is not None
        for period, estimate in ((NOW, one.now), (BEFORE, one.before)):
            assert len(resolutions.rows(kept, period, part=of)) == estimate.parts["count"]
            assert len(resolutions.rows(kept, period, part=among)) == estimate.n
    good, quick = report.of("good"), report.of("quick")
    assert good is not None
    assert quick is not None
    assert quick.verdict is Verdict.BETTER


def test_endings_of_the_escalated_have_their_rows(kept: Kept) -> None:
    ended = resolutions.escalations(kept, NOW)
    assert [each.key for each in ended.endings] == ["solved", "open", "reopened", "happy", "quick"]
    for each in ended.endings:
        some = resolutions.rows(kept, NOW, part=resolutions.PART_OF_ENDING[each.key])
        every = resolutions.rows(kept, NOW, part=resolutions.AMONG_OF_ENDING[each.key])
        assert (len(some), len(every)) == (each.share.parts["count"], each.share.n)
    solved, still = ended.endings[0], ended.endings[1]
    assert solved.share.parts["count"] + still.share.parts["count"] == ended.n


def test_values_have_their_rows_and_agents_are_suppressed(kept: Kept) -> None:
    shared = resolutions.shared(kept, NOW)
    for each in shared.values[::7]:
        where = (Filter(each.field, (each.value,)),)
        assert len(resolutions.rows(kept, NOW, where=where, part=resolutions.GOOD)) == each.k
        assert len(resolutions.rows(kept, NOW, where=where, part=resolutions.JUDGED)) == each.n
    assert shared.hidden[0] != 1
    assert all(each.n >= 30 for each in shared.values)
    agents = [each for each in shared.values if each.field == resolutions.AGENT]
    assert agents
    assert all(abs(each.shrunk) <= abs(each.gap) + 0.05 for each in agents)
