"""The truths of the sample, and truths planted in made desks."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from customer_desk import BEFORE, DAYS, NOW, START, Desk, contacts_of, facts_of, tables_of

from kpi import compare, customers, drivers
from kpi.customers import Asked, Follow, Known, Reason
from kpi.facts import Facts
from kpi.ingest.nouns import Tables
from kpi.model import Period, Verdict
from kpi.words import customer_sentences as words

Q3 = Period(date(2026, 7, 1), date(2026, 9, 30), "Q3 2026")
Q2 = Period(date(2026, 4, 1), date(2026, 6, 30), "Q2 2026")


# ---------------------------------------------------------------- the sample


def test_churn_and_retention_are_controls(sample: Facts, known: Known, truths: dict[str, Any]) -> None:
    controls = {each["metric"] for each in truths["controls"]["where"]["segments"]}
    assert {"churn", "retention"} <= controls
    for each in compare.compare(sample, Q3, Q2, metrics=("churn", "retention")):
        assert each.verdict is Verdict.UNCLEAR
    stays = customers.staying(known)
    assert not any(contrast.differ for contrast in stays.contrasts)
    assert customers.cohorts(known, Follow.THERE, "quarter").differ is None


def test_repeat_contact_falls_within_and_rises_in_total(sample: Facts, truths: dict[str, Any]) -> None:
    assert "repeat_contact" in truths["mix_shift"]["moves_too"]
    found = drivers.explain(sample, "repeat_contact", Q3, Q2, "category")
    assert found.total is not None
    assert found.mix is not None
    assert found.performance is not None
    assert found.total.value > 0 > found.performance.value
    assert found.mix.low is not None
    assert found.mix.low > 0


def test_the_curve_of_the_sample_counts_late_entrants_late(known: Known) -> None:
    """The list begins with those who were still there in April 2025: 62 % joined before."""
    stays = customers.staying(known)
    assert stays.whole is not None
    assert stays.since is not None
    assert stays.since.isoformat()[:7] == "2025-04"
    assert 0.5 < stays.late / stays.whole.n < 0.75
    year = next(mark for mark in stays.whole.marks if mark.months == 12)
    # Leavers per customer-day of all who are there give the same share for a constant hazard.
    table = known.list
    assert table is not None
    joined, left = table.columns["joined_day"].astype(int), table.columns["lost_day"].astype(int)
    gone = table.columns["lost"] != 0
    first, last = int(left[gone].min()), known.facts.last_day
    days = np.where(gone, left, last) - np.maximum(joined, first)
    hazard = gone.sum() / days.sum()
    assert year.share == pytest.approx(np.exp(-hazard * 365.25), abs=0.03)


def test_the_first_sentence_of_the_sample(sample: Facts, known: Known) -> None:
    found = compare.compare(sample, Q3, Q2, metrics=("repeat_contact", "churn"))
    shared, stays = customers.sharing(known, Q3), customers.staying(known)
    risk, proofs = customers.risk(known, Q3, Q2), customers.prove(known, Q3, Q2)
    said = words.customer_title(known, found, shared, stays, risk)
    by_hand = 100 * found[0].now.value if found[0].now.value else 0.0
    assert f"{by_hand:.1f} %" in said
    assert said.endswith(f"{len(risk.accounts)} customers need a look")
    assert "not shown to foretell who left" in words.worth_sentence(proofs)


# ---------------------------------------------------------------- made desks


def test_heavy_writers_are_named_and_equal_ones_are_not() -> None:
    random = np.random.default_rng(11)
    weight = np.ones(400)
    weight[:8] = 12.0
    tickets = contacts_of(Desk(), random, weight)
    known = customers.know(facts_of(Tables(tickets=tickets)))
    risk = customers.risk(known, NOW, BEFORE)
    assert customers.sharing(known, NOW).uneven
    looked = customers.risk(known, NOW).many
    assert 5 <= looked <= 10
    named = {str(known.keys[a.code]) for a in risk.accounts if Reason.MANY in a.reasons}
    assert named <= {f"C{code:05d}" for code in range(12)}


def test_a_list_that_foretells_leaving_is_called_so() -> None:
    """Those with a reopened and an escalated contact before leave five times as often."""
    tables = tables_of(Desk(customers=900, rate=4.0, leaving=0.05), 21)
    tickets, people = tables.tickets, tables.customers
    assert tickets is not None
    assert people is not None
    facts = facts_of(tables)
    known = customers.know(facts)
    from kpi.customers.risk import LISTED, look

    looked = look(known, BEFORE)
    assert not isinstance(looked, str)
    listed = [str(known.keys[code]) for code in looked.code[looked.reasons >= LISTED]]
    random = np.random.default_rng(5)
    leave = people["requester_id"].isin(listed).to_numpy() & (random.random(len(people)) < 0.4)
    later = START + pd.to_timedelta(random.integers(275, DAYS, len(people)), unit="D")
    people = people.assign(churned_at=people["churned_at"].where(~leave, pd.Series(later)))
    known = customers.know(facts_of(Tables(tickets=tickets, surveys=tables.surveys, customers=people)))
    proofs = customers.prove(known, NOW, BEFORE)
    left = proofs.proofs[0]
    assert left.helps
    assert "foretold who left" in words.worth_sentence(proofs)


def test_hard_contacts_that_bring_customers_back_are_found() -> None:
    tables = tables_of(Desk(customers=600, rate=2.0, answering=0.8), 31)
    tickets, surveys = tables.tickets, tables.surveys
    assert tickets is not None
    assert surveys is not None
    random = np.random.default_rng(9)
    hard = surveys[(surveys["ces_raw"] < 5) & (random.random(len(surveys)) < 0.5)]
    owners = tickets.set_index("ticket_id")["requester_id"]
    more = pd.DataFrame(
        {
            "ticket_id": [f"X{number}" for number in range(len(hard))],
            "requester_id": owners.loc[hard["ticket_id"]].to_numpy(),
            "created_at": hard["responded_at"].to_numpy() + pd.Timedelta(days=2),
            "status": "open",
            "category": "delivery",
            "source": "made",
        }
    )
    both = pd.concat([tickets, more], ignore_index=True)
    known = customers.know(facts_of(Tables(tickets=both, surveys=surveys, customers=tables.customers)))
    found = customers.relations(known)
    effort = next(r for r in found if r.asked is Asked.CES and r.after.value == "Wrote again")
    assert effort.clear
    assert effort.difference is not None
    assert effort.difference.value > 0.2
    assert words.effort_title(found) == "After a bad answer on effort (CES) customers write again more often"
    assert effort.within is not None
    assert effort.within.odds_ratio is not None
    assert effort.within.odds_ratio > 2


def test_customers_who_turn_away_are_a_net_move() -> None:
    tables = tables_of(Desk(customers=500, rate=6.0, answering=0.8), 41)
    surveys = tables.surveys
    assert surveys is not None
    late = surveys["responded_at"] >= pd.Timestamp(NOW.start, tz="UTC")
    worse = surveys["nps_raw"].where(~late, (surveys["nps_raw"] - 3).clip(lower=0))
    known = customers.know(
        facts_of(Tables(tickets=tables.tickets, surveys=surveys.assign(nps_raw=worse.astype("Int64"))))
    )
    moves = customers.moves(known, NOW)
    assert moves.clear
    assert moves.net is not None
    assert moves.net < -15
    assert moves.down > moves.up
    assert words.moves_title(moves, NOW).endswith("beyond chance")


def test_a_kind_that_leaves_sooner_is_found() -> None:
    tables = tables_of(Desk(customers=900, leaving=0.1), 51)
    people = tables.customers
    assert people is not None
    random = np.random.default_rng(3)
    soon = (people["segment"] == "Business").to_numpy() & (random.random(len(people)) < 0.35)
    early = people["joined_at"].clip(lower=START) + pd.to_timedelta(
        random.integers(5, 60, len(people)), unit="D"
    )
    day = early.where(early < START + pd.Timedelta(days=DAYS), pd.NaT)
    people = people.assign(churned_at=people["churned_at"].where(~soon, day))
    known = customers.know(facts_of(Tables(tickets=tables.tickets, customers=people)))
    contrast = next(c for c in customers.staying(known).contrasts if c.dimension == "segment")
    assert contrast.differ
    assert "of Business" in words.contrast_sentence(contrast)
    region = next(c for c in customers.staying(known).contrasts if c.dimension == "region")
    assert not region.differ
