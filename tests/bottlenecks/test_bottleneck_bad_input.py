"""Data that lack things: the page says what it cannot show and which column would help, and never crashes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from waiting_desk import FIRST, HEADERS, chats, desk, weeks_of

from kpi import bottlenecks
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.model import Filter
from kpi.words import bottleneck_sentences as words

NINE = datetime.combine(FIRST, datetime.min.time()) + timedelta(hours=9)
NOW, BEFORE = weeks_of(4), weeks_of(4).shifted(-28)


def everything(facts: Facts, where: tuple[Filter, ...] = ()) -> str:
    """All that is said of these data; every part must have an answer or a reason."""
    split = bottlenecks.split(facts, NOW, BEFORE, where=where)
    hours = bottlenecks.hours(facts, NOW, where=where)
    stages = bottlenecks.stages(facts, NOW, BEFORE, where=where)
    ageing = bottlenecks.ageing(facts, NOW, BEFORE, where=where)
    loops = bottlenecks.loops(facts, NOW, where=where)
    relations = bottlenecks.relations(facts, NOW, where=where)
    said = [
        words.title(split, hours),
        words.split_sentence(split),
        *words.split_notes(split),
        words.hours_sentence(hours),
        *words.hours_method(hours),
        words.stages_sentence(stages),
        words.missing_stages(stages),
        words.ageing_sentence(ageing),
        words.loops_sentence(loops),
        words.missing_loops(loops),
        *(words.relation_sentence(each) for each in relations),
    ]
    for part in split.parts:
        said.append(str(words.part_cells(part)))
    for loop in loops.found:
        said.append(str(words.loop_cells(loop, loops)))
    for stage in stages.found:
        said.append(str(words.stage_cells(stage)))
    text = "\n".join(said)
    assert "nan" not in text.lower().replace("finance", "")
    assert "None" not in text.replace("None of", "")
    return text


def rows_of(
    count: int, *, every: timedelta = timedelta(hours=5), **other: object
) -> list[tuple[object, ...]]:
    made = []
    for n in range(count):
        came = NINE + n % 100 * every
        made.append(
            (f"T{n}", came, came + timedelta(minutes=5), came + timedelta(hours=2), "Solved", "Chat", "A")
        )
    return made


def test_dates_without_a_time_of_day_give_no_hours() -> None:
    rows = [(f"T{n}", f"2026-03-{2 + n % 20:02d}", f"2026-03-{4 + n % 20:02d}", "Solved") for n in range(60)]
    facts = desk(("Ticket ID", "Created at", "Solved at", "Status"), rows)
    hours = bottlenecks.hours(facts, NOW)
    assert hours.refused is not None
    assert hours.grids == ()
    said = everything(facts)
    assert "Hours cannot be told apart: no stamp of these contacts has a time of day" in said


def test_without_a_first_reply_its_wait_is_not_told_and_the_column_is_named() -> None:
    rows = [(row[0], row[1], row[3], row[4], row[5]) for row in rows_of(80)]
    said = everything(desk(("Ticket ID", "Created at", "Solved at", "Status", "Channel"), rows))
    assert "No column holds the first reply, so its wait is not told apart." in said
    assert "the time of the first reply (“first response at”)" in said
    assert "no column tells how long customers waited" in said


def test_without_a_channel_all_contacts_are_taken_together() -> None:
    headers = tuple(name for name in HEADERS if name != "Channel")
    rows = [(*row[:5], row[6]) for row in rows_of(200, every=timedelta(hours=1))]
    facts = desk(headers, rows)
    hours = bottlenecks.hours(facts, NOW)
    assert hours.grids[0].name == "first reply"
    assert any("no column names the channel" in note for note in hours.notes)
    everything(facts)


def test_one_weekday_and_one_hour() -> None:
    mondays = [(f"T{n}", NINE + timedelta(days=n % 4 * 7, minutes=n % 300)) for n in range(200)]
    rows = [
        (key, at, at + timedelta(minutes=3 + at.minute % 7), at + timedelta(hours=1), "Solved", "Chat", "A")
        for key, at in mondays
    ]
    one_day = bottlenecks.hours(desk(HEADERS, rows), NOW)
    assert one_day.working in ((0,), ())
    assert one_day.found == ()
    same_hour = [(row[0], row[1].replace(hour=9), *row[2:]) for row in rows]
    one_hour = bottlenecks.hours(desk(HEADERS, same_hour), NOW)
    assert one_hour.looked_at == 0
    assert "No hour has enough contacts" in words.hours_sentence(one_hour)


def test_no_times_of_solving() -> None:
    rows = [(row[0], row[1], row[2], "Open", row[5]) for row in rows_of(60)]
    facts = desk(("Ticket ID", "Created at", "First response at", "Status", "Channel"), rows)
    split = bottlenecks.split(facts, NOW, BEFORE)
    assert split.refused is not None
    assert bottlenecks.loops(facts, NOW).refused is not None
    ageing = bottlenecks.ageing(facts, NOW, BEFORE)
    assert ageing.behind.n == 60
    assert "Where the time goes cannot be" in everything(facts)


def test_every_contact_solved_has_no_backlog_to_show() -> None:
    ageing = bottlenecks.ageing(desk(HEADERS, rows_of(60)), NOW, BEFORE)
    assert ageing.refused is not None
    assert "every ticket in the data is solved" in words.ageing_sentence(ageing)


def test_replies_before_creation_and_solutions_before_replies() -> None:
    rows = [
        (row[0], row[1], row[1] - timedelta(hours=1), row[1] + timedelta(minutes=n % 3 - 1), *row[4:])
        for n, row in enumerate(rows_of(60))
    ]
    everything(desk(HEADERS, rows))


def test_the_same_wait_everywhere() -> None:
    facts = desk(HEADERS, rows_of(400, every=timedelta(minutes=70)))
    hours = bottlenecks.hours(facts, NOW)
    assert hours.found == ()
    everything(facts)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_handful_of_contacts(count: int) -> None:
    said = everything(desk(HEADERS, rows_of(count)))
    assert "beyond chance" not in said


def test_a_period_without_contacts() -> None:
    facts = desk(HEADERS, rows_of(30))
    late = weeks_of(2).shifted(400)
    assert bottlenecks.split(facts, late, NOW).refused is not None
    assert bottlenecks.hours(facts, late).found == ()
    assert bottlenecks.loops(facts, late).refused is not None
    assert bottlenecks.stages(facts, late, NOW).found[0].behind.n == 0


def test_a_filter_by_a_column_that_tickets_lack_is_refused_in_words() -> None:
    said = everything(chats(1, weeks=4, per_day=5), (Filter("queue", ("Orders",)),))
    assert "the tickets have no column 'queue', which a filter asks for" in said
    assert "so first replies are not told" in said


def test_five_thousand_issues_and_odd_names() -> None:
    rows = [(*row[:6], f"Ünïcode 🎧 {n % 5_000} {'x' * 50}") for n, row in enumerate(rows_of(6_000))]
    facts = desk(HEADERS, rows)
    split = bottlenecks.split(facts, NOW, BEFORE)
    lines = bottlenecks.slices(facts, split, "category")
    assert len(lines) == 13
    assert sum(line.behind.n for line in lines) == split.told.n
    everything(facts)


def test_a_list_of_customers_alone() -> None:
    imported = import_files(
        [("customers.csv", b"customer_id,joined_at,left_at\n1,2025-01-01,\n2,2025-02-01,2025-05-01\n")],
        {"timezone": "UTC"},
    )
    said = everything(build_facts(imported.tables, Definitions()))
    assert "the data hold no tickets" in said


def test_one_agent_and_agents_who_left() -> None:
    rows = [(*row, "Anna") for row in rows_of(100)]
    everything(desk((*HEADERS, "Agent"), rows))
