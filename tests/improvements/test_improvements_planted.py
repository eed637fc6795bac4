"""What was planted in the sample is where improving would pay; what was not is not claimed."""

from __future__ import annotations

import pytest
from peer_desk import Q2, Q3

from kpi import improvements, issues
from kpi.facts import Facts
from kpi.improvements import SHORT, Improvements, Spread, Standing
from kpi.issues import ISSUE, Sorted
from kpi.model import Filter, Grain
from kpi.words import improvement_figures as figures
from kpi.words import improvement_sentences as words


@pytest.fixture(scope="session")
def kept(sample: Facts) -> Sorted:
    return issues.sort(sample)


@pytest.fixture(scope="session")
def found(kept: Sorted) -> Improvements:
    return improvements.improvements(kept, Q3)


@pytest.mark.parametrize("key", ["ttr", "fcr", "escalation_rate", "repeat_contact"])
def test_seller_disputes_are_the_clear_first_of_the_issues(found: Improvements, key: str) -> None:
    first, *others = found.of(key, ISSUE)
    assert (first.value, first.standing) == ("Seller dispute", Standing.BEHIND)
    assert all(other.high < first.low for other in others)
    assert all(other.standing is not Standing.BEHIND for other in others)


def test_satisfaction_with_seller_disputes_is_told_first(found: Improvements) -> None:
    first = found.of("csat", ISSUE)[0]
    assert first.value == "Seller dispute"
    assert 0.15 < first.gap < 0.30
    assert first.low <= first.impact <= first.high
    assert found.of("csat", ISSUE)[0].low > found.of("csat", ISSUE)[1].low


def test_issues_that_are_about_equally_satisfying_are_not_claimed(found: Improvements) -> None:
    for look in found.of("csat"):
        if look.value != "Seller dispute":
            assert look.standing in (Standing.UNCLEAR, Standing.AHEAD), look


def test_chat_and_not_e_mail_is_behind_once_issues_are_alike(kept: Sorted, found: Improvements) -> None:
    chat, email = found.look("csat", "channel", "chat"), found.look("csat", "channel", "email")
    assert chat is not None
    assert email is not None
    assert chat.alike
    assert 0.03 < chat.gap < 0.13
    assert email.level < chat.level  # e-mail looks worse, but through the disputes it carries
    assert email.gap < chat.gap
    assert email.standing is not Standing.BEHIND


def test_numbers_are_those_of_the_rows(kept: Sorted, found: Improvements) -> None:
    for look in found.looks:
        if look.dimension not in (ISSUE, "channel") or look.outcome.key == "aht":
            continue
        rows = improvements.rows(kept, look, Q3)
        assert len(rows) == look.n
        short = improvements.rows(kept, look, Q3, part=SHORT)
        if look.outcome.key in ("ttr",):
            assert look.level == pytest.approx(rows["value"].astype(float).mean())
            assert (short["value"].astype(float) > look.reference).all()
        else:
            cells = words.look_cells(look)
            assert len(short) == cells["Fell short"]


def test_the_gain_is_reach_times_gap(found: Improvements) -> None:
    for look in found.looks:
        whole = found.whole(look.outcome.key)
        assert whole is not None
        assert look.reach == pytest.approx(look.n / whole.n)
        assert look.gap == pytest.approx(look.outcome.sign * (look.reference - look.level))
        assert look.impact == pytest.approx(look.reach * look.gap)
        assert look.low == pytest.approx(look.reach * look.gap_low)
        assert look.gap_low <= look.gap <= look.gap_high
        assert abs(look.cautious) <= abs(look.impact) + 1e-12
        if look.standing is Standing.UNCLEAR:
            assert look.low <= 0 <= look.high
        elif look.standing is Standing.BEHIND:
            assert look.low > 0


def test_teams_that_are_channels_are_told_once(found: Improvements) -> None:
    assert "team" not in found.dimensions
    look = found.look("csat", "channel", "chat")
    assert look is not None
    assert look.also == (("team", "Live chat"),)


def test_disputes_are_hard_for_most_of_the_team_and_nobody_is_named(
    sample: Facts, kept: Sorted, found: Improvements
) -> None:
    needs = improvements.needs(kept, found)
    assert {need.look.value for need in needs} == {"Seller dispute"}
    assert any(need.spread is Spread.MOST and need.agents >= 5 for need in needs)
    said = " ".join([*map(words.need_sentence, needs), words.needs_title(needs)])
    for agent in sample.tables[Grain.TICKETS].dimensions["agent"].categories:
        assert str(agent) not in said


def test_one_suggestion_for_each_value_with_its_family(found: Improvements) -> None:
    made = improvements.suggestions(found)
    assert len({(each.dimension, each.value) for each in made}) == len(made)
    first = made[0]
    assert (first.value, first.family) == ("Seller dispute", "process")
    assert {look.outcome.key for look in first.looks} >= {"ttr", "fcr", "escalation_rate"}
    assert first.check
    said = words.suggestion_sentence(first) + words.check_sentence(first)
    assert not any(word in said for word in ("because", "cause", "due to", "leads to"))


def test_months_are_those_of_the_value(kept: Sorted, found: Improvements) -> None:
    look = found.look("fcr", ISSUE, "Seller dispute")
    assert look is not None
    months = improvements.months(kept, look, Q3)
    assert len(months) == 12
    in_period = [estimate.n for span, estimate in months if span.start >= Q3.start]
    assert sum(in_period) == look.n


def test_filters_change_what_is_looked_at(kept: Sorted) -> None:
    found = improvements.improvements(kept, Q2, where=(Filter("channel", ("email",)),))
    assert "channel" not in {look.dimension for look in found.looks}
    with pytest.raises(ValueError, match="no such"):
        improvements.improvements(kept, Q2, where=(Filter("no such", ("x",)),))


def test_the_title_says_number_and_interval(found: Improvements) -> None:
    outcome = next(each for each in found.outcomes if each.key == "fcr")
    title = words.improvement_title(found, outcome)
    assert title.startswith("Improving Seller dispute would pay most: at the median of the other issues, ")
    look = found.of("fcr")[0]
    assert figures.gain(look) in title
    assert "points higher (" in title
