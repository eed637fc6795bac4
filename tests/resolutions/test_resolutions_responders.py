"""Who answered first is held against others where a column names them; else the assigned agent stands in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from kpi import resolutions
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.model import Filter, Grain, Period
from kpi.resolutions import AGENT, RESPONDER, Kept
from kpi.resolutions.sharing import columns_of, shared
from kpi.resolutions.unmatched import without_counterpart
from kpi.words import resolution_sentences as words

PEOPLE = ("Ana", *(f"Agent{place}" for place in range(14)))
START = datetime(2026, 6, 1, 9, tzinfo=UTC)
ALL = Period(START.date(), (START + timedelta(days=119)).date())


def desk(header: str = "First Responder", seed: int = 3) -> Facts:
    """Ana answers first and it goes well; whoever is assigned makes no difference."""
    draw = np.random.default_rng(seed)
    lines = [f"ticket_id,created_at,solved_at,status,channel,category,agent,{header},csat_score"]
    for number in range(4_500):
        made = START + timedelta(days=int(draw.integers(0, 119)), minutes=int(draw.integers(0, 480)))
        first, assigned = (str(name) for name in draw.choice(PEOPLE, 2))
        good = draw.random() < (0.9 if first == "Ana" else 0.45)
        hours = float(draw.uniform(0.5, 2) if good else draw.uniform(3, 30))
        score = 5 if good or draw.random() < 0.2 else 2
        done = made + timedelta(hours=hours)
        lines.append(
            f"T{number},{made:%FT%TZ},{done:%FT%TZ},solved,{('chat', 'email')[number % 2]},"
            f"{('Login', 'Refund')[number % 3 == 0]},{assigned},{first if number % 20 else ''},{score}"
        )
    imported = import_files([("t.csv", "\n".join(lines).encode() + b"\n")], {"timezone": "UTC"})
    return build_facts(imported.tables, Definitions(timezone="UTC"))


def prepared(facts: Facts) -> Kept:
    made = resolutions.prepare(facts)
    assert isinstance(made, Kept)
    return made


@pytest.fixture(scope="module")
def kept() -> Kept:
    return prepared(desk())


def test_the_first_responder_is_found_and_not_the_assigned_one(kept: Kept) -> None:
    found = shared(kept, ALL)
    assert [(each.field, each.value) for each in found.better] == [(RESPONDER, "Ana")]
    assert {each.value for each in found.values if each.field == RESPONDER} <= set(PEOPLE)
    assert AGENT not in {each.field for each in found.values}
    assert "First Responder" not in columns_of(kept)
    assert resolutions.responder_header(kept) == "First Responder"


def test_each_number_has_its_contacts(kept: Kept) -> None:
    source = kept.table.source
    for where in ((), (Filter("agent", PEOPLE[1:8]),), (Filter("channel", ("chat",)),)):
        found = shared(kept, ALL, where=where)
        mine = [each for each in found.values if each.field == RESPONDER]
        assert mine
        for each in mine:
            own = (*where, Filter(RESPONDER, (each.value,)))
            judged = resolutions.rows(kept, ALL, where=own, part=resolutions.JUDGED)
            assert (len(judged), set(judged["custom:First Responder"])) == (each.n, {each.value})
            assert len(resolutions.rows(kept, ALL, where=own, part=resolutions.GOOD)) == each.k
            left = without_counterpart(kept, ALL, RESPONDER, each.value, where=where)
            assert len(left) == each.left_out
    # By hand: contacts that Ana answered first, and those of them that were solved and rated.
    (ana,) = [each for each in shared(kept, ALL).values if each.value == "Ana"]
    by_hand = (source["custom:First Responder"] == "Ana").fillna(False)
    assert ana.n == int(by_hand.sum())


def test_a_filter_on_the_assigned_agent_stays_one(kept: Kept) -> None:
    where = (Filter("agent", PEOPLE[1:8]),)
    found = shared(kept, ALL, where=where)
    source = kept.table.source
    assert RESPONDER in {each.field for each in found.values}
    for each in found.values:
        if each.field == RESPONDER:
            both = source["agent_name"].isin(PEOPLE[1:8]) & (source["custom:First Responder"] == each.value)
            assert each.n == int(both.fillna(False).sum())


@pytest.mark.parametrize("header", ["First assignee", "Second reader"])
def test_without_such_a_column_the_assigned_agent_stands_in(header: str) -> None:
    made = prepared(desk(header))
    assert RESPONDER not in made.table.dimensions
    found = shared(made, ALL)
    assert AGENT in {each.field for each in found.values}
    assert resolutions.responder_header(made) == ""


def test_the_text_says_who_is_meant() -> None:
    assert words.persons_sentence("First Responder", Grain.TICKETS) == (
        "First responders are those in the column “First Responder”."
    )
    assert "assigned to: no column names who answered first" in words.persons_sentence("", Grain.TICKETS)
    assert "took the call" in words.persons_sentence("", Grain.CALLS)


def test_nobody_is_named_with_too_few_contacts(kept: Kept) -> None:
    short = Period(ALL.start, ALL.start + timedelta(days=20))
    found = shared(kept, short)
    assert all(each.n >= 30 for each in found.values if each.field == RESPONDER)


def test_pseudonyms_hold_for_first_responders(kept: Kept) -> None:
    found = resolutions.renamed(
        shared(kept, ALL), {name: f"Person {place}" for place, name in enumerate(PEOPLE)}
    )
    assert not {each.value for each in found.values} & set(PEOPLE)
    (row,) = [
        each for each in words.shared_rows(shared(kept, ALL), {"Ana": "Person 1"}) if each["Agent"] == "Ana"
    ]
    assert row["Value"] == "Person 1"
    assert row["Column"] == "first responder"
