"""What was planted into the sample is found by the comparisons a team lead would make, and nothing else is.

Files → import → facts → compare, with the words of the planted truths (``truths.json``) as expectation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from kpi import compare
from kpi.facts import Facts
from kpi.fields import values
from kpi.ingest import Import
from kpi.model import Comparison, Filter, Grain, Period, Verdict

Truth = Callable[[str], dict[str, Any]]
Q2 = Period(date(2026, 4, 1), date(2026, 6, 30), "Q2 2026")
Q3 = Period(date(2026, 7, 1), date(2026, 9, 30), "Q3 2026")
LOUD = (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED)


@pytest.fixture(scope="module")
def issue(sample: Facts) -> str:
    """The field that holds the reason of contact: the category, or the custom column of that name."""
    tickets = sample.tables[Grain.TICKETS]
    name = "category" if "category" in tickets.dimensions else "Issue [list]"
    assert "Payment failed" in values(tickets, name)
    return name


def only(field: str, *names: str) -> tuple[Filter, ...]:
    return (Filter(field, names),)


def of(comparisons: Sequence[Comparison], metric: str, group: str = "") -> Comparison:
    (found,) = (c for c in comparisons if c.metric.key == metric and str(c.group) == group)
    return found


# ---------------------------------------------------------------- import


def test_duplicates_are_rejected_at_the_stated_records(sample_import: Import, truth: Truth) -> None:
    planted = truth("duplicates")
    tickets = next(file for file in sample_import.files if file.name == "tickets.csv")
    (exact, exact_to), (changed, changed_to) = (
        planted["where"][name] for name in ("exact_records", "changed_records")
    )
    found = {(reject.record, reject.reason) for reject in tickets.rejects}
    expected = {(record, "R_DUP_EXACT") for record in range(exact, exact_to + 1)}
    expected |= {(record, "R_DUP_KEY") for record in range(changed, changed_to + 1)}
    assert found == expected
    assert len(tickets.rejects) == planted["size"]["exact"] + planted["size"]["changed"]
    kept = sample_import.tables.tickets
    assert kept is not None
    for name in ("exact_ids", "changed_ids"):
        again = kept[kept["ticket_id"].isin(planted["where"][name])]
        assert Counter(again["ticket_id"]) == Counter(planted["where"][name])
    states = kept[kept["ticket_id"].isin(planted["where"]["changed_ids"])]
    assert states["solved_at"].notna().all()


def test_the_week_in_another_zone_is_noticed(sample_import: Import, truth: Truth) -> None:
    planted = truth("zone_change")
    tickets = next(file for file in sample_import.files if file.name == "tickets.csv")
    (finding,) = (each for each in tickets.findings if each.code == "C_SUM_MISMATCH")
    assert finding.column == "Full resolution time in minutes"
    assert "created_at" in finding.detail
    kept = sample_import.tables.tickets
    assert kept is not None
    first, last = (date.fromisoformat(planted[name]) for name in ("from", "until"))
    created = kept["created_at"].dt.tz_convert("Europe/Berlin")
    written = created.dt.date.between(first - timedelta(days=1), last)
    week = kept[written & kept["solved_at"].notna()]
    spent = (week["solved_at"] - week["created_at"]).dt.total_seconds()
    wrong = week[spent - week["full_resolution_cal_s"] == 60 * planted["size"]["minutes"]]
    # Two hours hide in the rounding that is allowed for tickets of many days.
    plain = wrong["full_resolution_cal_s"] < 96 * 3600
    assert 150 < int(plain.sum()) <= finding.count <= len(wrong)
    assert finding.count >= 0.9 * len(wrong)
    days = {created.dt.date[place] for place in wrong.index}
    assert min(days) >= first - timedelta(days=1)
    assert max(days) <= last
    records = {int(record) for record in wrong["source_record"]}
    assert {record for record, _, _ in finding.examples} <= records
    assert finding.examples


# ---------------------------------------------------------------- a step


def test_the_step_of_satisfaction_in_chat_is_worse(sample: Facts, truth: Truth) -> None:
    """The 13 weeks before the step against the 13 weeks after it, all metrics, in chat only."""
    planted = truth("csat_step")
    step = date.fromisoformat(planted["from"])
    before = Period(step - timedelta(weeks=13), step - timedelta(days=1))
    now = before.shifted(7 * 13)
    found = compare.compare(sample, now, before, where=only("channel", planted["where"]["channel"]))
    csat = of(found, "csat")
    assert csat.verdict is Verdict.WORSE, csat
    assert csat.difference is not None
    assert csat.difference.low is not None
    assert csat.difference.high is not None
    assert csat.difference.low < planted["size"]["points"] / 100 < csat.difference.high
    said = compare.claims(found, now, before)
    worse = [claim.comparison.metric.key for claim in said if claim.comparison.verdict is Verdict.WORSE]
    assert "csat" in worse
    assert [claim.comparison.metric.key for claim in said][: len(worse)] == worse
    assert set(worse) <= {"csat", "nps", "ces"}


@pytest.mark.parametrize("weeks", [8, 10, 12, 13])
def test_the_step_is_seen_wherever_the_windows_end(sample: Facts, truth: Truth, weeks: int) -> None:
    planted = truth("csat_step")
    step = date.fromisoformat(planted["from"])
    now = Period(step, step + timedelta(weeks=weeks) - timedelta(days=1))
    before = now.shifted(-7 * weeks)
    chat = only("channel", planted["where"]["channel"])
    csat = of(compare.compare(sample, now, before, metrics=("csat",), where=chat), "csat")
    assert csat.verdict is Verdict.WORSE, csat


@pytest.mark.parametrize("channel", ["phone", "social"])
def test_satisfaction_elsewhere_has_not_moved(sample: Facts, truth: Truth, channel: str) -> None:
    step = date.fromisoformat(truth("csat_step")["from"])
    before = Period(step - timedelta(weeks=13), step - timedelta(days=1))
    found = compare.compare(sample, Q3, before, metrics=("csat",), where=only("channel", channel))
    assert of(found, "csat").verdict is Verdict.UNCLEAR


# ---------------------------------------------------------------- a rising issue


def test_the_rising_issue_is_found_among_all_issues(sample: Facts, truth: Truth, issue: str) -> None:
    planted = truth("rising_issue")["where"]["category"]
    grows = truth("mix_shift")["where"]["grows"]
    found = compare.compare(sample, Q3, Q2, metrics=("volume",), by=(issue,))
    volume = {str(c.group): c for c in found}
    changed = {name for name, each in volume.items() if each.verdict is Verdict.CHANGED}
    assert changed == {planted, grows}
    assert len(volume) == 8
    for name in changed:
        difference = volume[name].difference
        assert difference is not None
        assert difference.value > 0


def test_no_other_issue_is_said_to_rise_among_everything(sample: Facts, truth: Truth, issue: str) -> None:
    """180 looks, every metric of every issue: a gradual rise may be too weak there; nothing else is said."""
    may = {truth("rising_issue")["where"]["category"], truth("mix_shift")["where"]["grows"]}
    everything = compare.compare(sample, Q3, Q2, by=(issue,))
    changed = {str(c.group) for c in everything if c.metric.key == "volume" and c.verdict is Verdict.CHANGED}
    assert truth("mix_shift")["where"]["grows"] in changed
    assert changed <= may


def test_the_rising_issue_by_itself_after_and_before_its_rise(
    sample: Facts, truth: Truth, issue: str
) -> None:
    planted = truth("rising_issue")
    start, end = (date.fromisoformat(planted[name]) for name in ("from", "until"))
    now = Period(end + timedelta(days=1), Q3.end)
    before = Period(start - timedelta(weeks=13), start - timedelta(days=1))
    found = compare.compare(
        sample, now, before, metrics=("volume",), where=only(issue, planted["where"]["category"])
    )
    volume = of(found, "volume")
    assert volume.verdict is Verdict.CHANGED, volume
    assert volume.difference is not None
    assert volume.difference.value > 0
    assert volume.difference.per == "per day"


# ---------------------------------------------------------------- a shift of the mix


def test_the_total_is_slower_while_no_issue_is(sample: Facts, truth: Truth, issue: str) -> None:
    planted = truth("mix_shift")
    metric, also = planted["where"]["metric"], planted["where"]["also"]
    alone = compare.compare(sample, Q3, Q2, metrics=(metric, also))
    assert of(alone, metric).verdict is Verdict.WORSE
    assert of(alone, also).verdict is Verdict.WORSE
    inside = compare.compare(sample, Q3, Q2, metrics=(metric, also), by=(issue,))
    assert len(inside) == 16
    assert [c for c in inside if c.verdict is Verdict.WORSE] == []
    slower = [c for c in inside if c.metric.key == metric and c.difference and c.difference.value > 0]
    # Of the rising issue there are 91 in Q2; that by luck they ended early is no change beyond chance.
    assert {str(c.group) for c in slower} <= {truth("rising_issue")["where"]["category"]}
    assert all(c.verdict is Verdict.UNCLEAR for c in slower)


def test_what_gets_worse_in_total_is_what_the_mix_moves(sample: Facts, truth: Truth) -> None:
    planted = truth("mix_shift")
    may_move = {planted["where"]["metric"], planted["where"]["also"], *planted["moves_too"]}
    loud = {c.metric.key for c in compare.compare(sample, Q3, Q2) if c.verdict in LOUD}
    assert loud <= may_move
    said = compare.claims(compare.compare(sample, Q3, Q2), Q3, Q2)
    verdicts = [claim.comparison.verdict for claim in said]
    assert verdicts == sorted(
        verdicts,
        key=[Verdict.WORSE, Verdict.BETTER, Verdict.CHANGED, Verdict.UNCLEAR, Verdict.TOO_FEW].index,
    )


# ---------------------------------------------------------------- hard cases


def colleagues(facts: Facts, agent: str) -> tuple[Filter, ...]:
    names = values(facts.tables[Grain.TICKETS], "agent")
    return only("agent", *(name for name in names if name != agent))


WHOLE = (None, Period(date(2026, 4, 1), date(2026, 9, 30)))
JUDGED = ("csat", "nps", "ces", "fcr", "reopen_rate", "escalation_rate", "transfer_rate", "response_rate")
TIMES = ("ttr", "frt")
"""Colleagues settle some disputes in live channels, which are quicker: alike by e-mail only."""
SIZE = ("volume", "backlog")


@pytest.mark.parametrize("span", WHOLE, ids=["all data", "half a year"])
def test_the_agent_with_hard_cases_looks_worst_over_all(
    sample: Facts, truth: Truth, span: Period | None
) -> None:
    agent = truth("hard_cases")["where"]["agent"]
    found = compare.compare_segments(sample, span, only("agent", agent), colleagues(sample, agent))
    assert of(found, "csat").verdict is Verdict.WORSE
    assert of(found, "ttr").verdict is Verdict.WORSE


@pytest.mark.parametrize("span", WHOLE, ids=["all data", "half a year"])
def test_on_hard_cases_the_agent_is_like_colleagues(
    sample: Facts, truth: Truth, issue: str, span: Period | None
) -> None:
    planted = truth("hard_cases")["where"]
    agent, hard = planted["agent"], only(issue, planted["category"])
    by_mail = (*hard, *only("channel", "email"))
    for where, keys in ((hard, JUDGED), (by_mail, (*JUDGED, *TIMES))):
        found = compare.compare_segments(
            sample, span, only("agent", agent), colleagues(sample, agent), where=where
        )
        for key in keys:
            assert of(found, key).verdict is Verdict.UNCLEAR, of(found, key)
    # Whatever else is looked at: how many there are differs, and so do the returning customers among them.
    loud = {each.metric.key for each in found if each.verdict in LOUD}
    assert loud - {*SIZE, "repeat_rate"} == set()


# ---------------------------------------------------------------- controls


def controls(facts: Facts, truth: Truth, issue: str) -> list[Comparison]:
    """Every control segment between the two quarters, each as its own look."""

    def own(field: str) -> str:
        return issue if field == "category" else field

    found: list[Comparison] = []
    for segment in truth("controls")["where"]["segments"]:
        where = tuple(Filter(own(field), (value,)) for field, value in segment["where"].items())
        for by in ((), *((own(field),) for field in segment["by"])):
            found += compare.compare(facts, Q3, Q2, metrics=(segment["metric"],), by=by, where=where)
    return found


def test_controls_show_nothing(sample_in_open_hours: Facts, truth: Truth, issue: str) -> None:
    """In open hours: replies to e-mail took the same working time in both quarters, but five closed days of
    the second quarter (none in the third) and more e-mails on open days make the time on the clock shorter.
    """
    found = controls(sample_in_open_hours, truth, issue)
    assert len(found) >= 45
    assert [(c.metric.key, str(c.group), c.reason) for c in found if c.verdict in LOUD] == []
    assert {c.verdict for c in found if c.now.n >= 10 and c.before.n >= 10} == {Verdict.UNCLEAR}


def test_controls_on_the_clock_show_no_more_than_fewer_closed_days(
    sample: Facts, truth: Truth, issue: str
) -> None:
    loud = [c for c in controls(sample, truth, issue) if c.verdict in LOUD]
    assert {(c.metric.key, c.verdict) for c in loud} <= {("frt", Verdict.BETTER)}


def test_no_control_is_in_the_summary(sample: Facts, truth: Truth) -> None:
    """Controls without a segment of their own, among all metrics as on the first page."""
    everywhere = {s["metric"] for s in truth("controls")["where"]["segments"] if not s["where"]}
    found = [c for c in compare.compare(sample, Q3, Q2) if c.metric.key in everywhere]
    assert {c.metric.key for c in found} == everywhere
    assert {c.verdict for c in found} == {Verdict.UNCLEAR}
