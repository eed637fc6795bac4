"""Data that lack things: the page says what cannot be shown and what would help, and never breaks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from customer_desk import BEFORE, NOW, Desk, contacts_of, facts_of, tables_of, without

from kpi import customers
from kpi.customers import Follow, Known, Unit
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.ingest.nouns import Tables
from kpi.model import Filter
from kpi.words import customer_sentences as words
from kpi.words import customer_tables


def everything(facts: Facts) -> tuple[Known, str, tuple[str, ...]]:
    """Every part of the page, in words and tables; the title and what is said to be missing."""
    known = customers.know(facts)
    period = NOW if known.dated else None
    shared, stays = customers.sharing(known, period), customers.staying(known)
    risk, proofs = customers.risk(known, NOW, BEFORE), customers.prove(known, NOW, BEFORE)
    moves, quarters = customers.moves(known, NOW), customers.quarters(known, NOW)
    relations = customers.relations(known)
    said = [
        words.sharing_title(shared),
        words.sharing_note(shared),
        words.staying_title(stays),
        words.staying_note(stays),
        words.risk_title(risk),
        words.risk_note(risk),
        words.worth_sentence(proofs),
        words.moves_title(moves, NOW),
        words.moves_note(moves, NOW),
        words.quarters_title(quarters),
        words.effort_title(relations),
        *(words.relation_sentence(each) for each in relations),
        *(words.contrast_sentence(each) for each in stays.contrasts),
        *(words.proof_sentence(each, risk.unit) for each in proofs.proofs),
    ]
    for follow in Follow:
        found = customers.cohorts(known, follow, "month")
        said += [words.cohort_title(found), words.cohort_note(found)]
        customer_tables.cohort_rows(found)
    kinds = customers.segments(known, NOW, BEFORE)
    said.append(words.kinds_title(kinds))
    customer_tables.kind_rows(kinds)
    customer_tables.account_rows(risk, {})
    customer_tables.band_rows(shared)
    customer_tables.top_rows(shared)
    customer_tables.proof_rows(proofs)
    customer_tables.step_rows(proofs)
    customer_tables.quarter_rows(quarters)
    customer_tables.move_rows(moves)
    customer_tables.relation_rows(relations)
    for text in said:
        assert "nan" not in text.split()
        assert "None" not in text.removeprefix("None of")
        assert "inf" not in text.split()
    title = words.customer_title(known, (), shared, stays, risk)
    return known, title, words.missing_sentences(known, stays, risk)


@pytest.fixture(scope="module")
def tables() -> Tables:
    return tables_of(Desk(), 5)


def test_whole_data_lack_nothing(tables: Tables) -> None:
    _, title, missing = everything(facts_of(tables))
    assert missing == ()
    assert "need a look" in title


def test_no_customer_key(tables: Tables) -> None:
    assert tables.tickets is not None
    bare = Tables(tickets=tables.tickets.drop(columns="requester_id"))
    known, title, missing = everything(facts_of(bare))
    assert known.refused == "no column says which customer wrote"
    assert title == "Customers cannot be followed: no column says which customer wrote"
    assert any("customer's number or e-mail address on every contact would help" in text for text in missing)


def test_no_list_and_no_surveys(tables: Tables) -> None:
    known, title, missing = everything(facts_of(without(tables, "customers", "surveys")))
    assert "who leaves is not in the data" in title
    assert any("customer list with the customer's key" in text for text in missing)
    assert any("Survey answers with the ticket's number" in text for text in missing)
    assert known.dimensions == ()


def test_a_list_alone_with_a_flag_and_no_dates_is_refused_a_rate(tables: Tables) -> None:
    assert tables.customers is not None
    people = tables.customers[["requester_id", "segment", "source"]].assign(
        churned=pd.array(tables.customers["churned_at"].notna(), dtype="boolean")
    )
    known, title, missing = everything(facts_of(Tables(customers=people)))
    stays = customers.staying(known)
    assert stays.whole is None
    assert stays.no_rate == "the customer list says who has left, but not when"
    share = people["churned"].mean()
    assert title == f"{100 * share:.1f} % of the 400 customers listed have left, over an unknown time"
    assert any("not a rate per month" in text for text in missing)
    kinds = customers.segments(known, NOW, BEFORE)
    assert kinds.period is None
    assert {kind.comparison.metric.name for kind in kinds.kinds} == {
        "Share that left, of the list as it stands"
    }


def test_a_list_with_a_flag_beside_dated_contacts_is_refused_a_rate_too(tables: Tables) -> None:
    assert tables.customers is not None
    people = tables.customers.drop(columns="churned_at").assign(churned=True)
    _, title, missing = everything(facts_of(replace(tables, customers=people)))
    assert "have left, over an unknown time" in title
    assert any("No churn rate over time" in text for text in missing)


def test_dates_of_leaving_without_dates_of_joining(tables: Tables) -> None:
    assert tables.customers is not None
    people = tables.customers.drop(columns="joined_at")
    known, _, missing = everything(facts_of(replace(tables, customers=people)))
    assert customers.staying(known).no_curve == "the customer list has no dates of joining"
    assert any("date of joining would help" in text for text in missing)
    assert customers.cohorts(known, Follow.WRITES, "month").since.value == "first contact"


def test_every_customer_once(tables: Tables) -> None:
    assert tables.tickets is not None
    once = tables.tickets.assign(requester_id=[f"N{number}" for number in range(len(tables.tickets))])
    _, title, _ = everything(facts_of(Tables(tickets=once)))
    assert "nobody comes back under the same key" in title


def test_one_customer_with_half_of_everything(tables: Tables) -> None:
    assert tables.tickets is not None
    keys = tables.tickets["requester_id"].where(np.arange(len(tables.tickets)) % 2 == 0, "guest")
    known, _, _ = everything(facts_of(Tables(tickets=tables.tickets.assign(requester_id=keys))))
    warning = words.shared_key_warning(customers.sharing(known, NOW))
    assert "may be a shared or anonymous key" in warning
    assert customers.risk(known, NOW, BEFORE).many >= 1


def test_a_single_customer_and_a_single_contact() -> None:
    tickets = contacts_of(Desk(customers=1, rate=3.0), np.random.default_rng(1))
    for rows in (tickets, tickets.head(1)):
        everything(facts_of(Tables(tickets=rows)))


def test_no_dates(tables: Tables) -> None:
    assert tables.tickets is not None
    undated = tables.tickets.drop(columns=["created_at", "solved_at"])
    known, title, missing = everything(facts_of(Tables(tickets=undated)))
    assert not known.dated
    assert "wrote more than once" in title
    assert any("A column with the time a contact came would help" in text for text in missing)


def test_nobody_left_and_everybody_left(tables: Tables) -> None:
    assert tables.customers is not None
    day = pd.Timestamp("2025-12-20", tz="UTC")
    nobody = tables.customers.assign(
        churned_at=tables.customers["churned_at"].where(tables.customers.index < 0)
    )
    gone = tables.customers.assign(churned_at=day)
    for people in (nobody, gone):
        everything(facts_of(replace(tables, customers=people)))


def test_leaving_before_joining_is_left_out_and_told(tables: Tables) -> None:
    assert tables.customers is not None
    people = tables.customers.copy()
    people.loc[:9, "churned_at"] = people.loc[:9, "joined_at"] - pd.Timedelta(days=30)
    known = customers.know(facts_of(replace(tables, customers=people)))
    stays = customers.staying(known)
    assert stays.whole is not None
    assert stays.unwatched >= 10
    assert stays.listed is not None
    assert stays.whole.n + stays.unwatched == stays.listed.n
    assert "without usable dates left out" in words.staying_note(stays)


def test_a_filter_that_only_contacts_know(tables: Tables) -> None:
    known = customers.know(facts_of(tables))
    where = (Filter("category", ("payment",)),)
    assert "customer list does not hold" in customers.staying(known, where=where).no_curve
    assert (
        "customer list does not hold" in customers.cohorts(known, Follow.THERE, "month", where=where).refused
    )
    assert customers.sharing(known, NOW, where=where).contacts > 0


def test_a_filter_on_a_kind_of_customer_reaches_contacts_and_answers(tables: Tables) -> None:
    known = customers.know(facts_of(tables))
    parts = [
        customers.sharing(known, NOW, where=(Filter("segment", (name,)),)).contacts
        for name in ("Buyer", "Plus", "Business")
    ]
    assert sum(parts) == customers.sharing(known, NOW).contacts
    assert min(parts) > 0


def test_lists_keyed_by_e_mail_meet_contacts_keyed_by_e_mail(tables: Tables) -> None:
    assert tables.tickets is not None
    assert tables.customers is not None
    mail = tables.tickets["requester_id"] + "@mail.example"
    tickets = tables.tickets.drop(columns="requester_id").assign(requester_email=mail)
    people = tables.customers.assign(email=tables.customers["requester_id"] + "@mail.example")
    known = customers.know(facts_of(Tables(tickets=tickets, customers=people)))
    assert known.keys.size == 400
    assert known.who is not None
    assert known.listed is not None
    assert set(known.who) <= set(known.listed)


def test_organisations(tables: Tables) -> None:
    assert tables.tickets is not None
    firm = "Firm " + tables.tickets["requester_id"].str[-1]
    facts = facts_of(replace(tables, tickets=tables.tickets.assign(organization=firm)))
    assert customers.has_organisations(facts)
    assert not customers.has_organisations(facts_of(tables))
    known = customers.know(facts, Unit.ORGANISATION)
    risk = customers.risk(known, NOW, BEFORE)
    assert risk.unit == "organisations"
    assert risk.every == 10
    proofs = customers.prove(known, NOW, BEFORE)
    assert words.worth_sentence(proofs)
    assert customers.know(facts_of(tables), Unit.ORGANISATION).refused


def test_hostile_names_and_strange_keys() -> None:
    lines = ["Ticket id,Created at,Customer id,Customer name,Status"]
    odd = ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "🙂 Ana", "a\u202eb", "![x](http://a.example)"]
    for number in range(60):
        name = odd[number % 5].replace('"', "")
        lines.append(f'{number},2025-10-{1 + number % 28:02d} 10:00,k{number % 5},"{name}",open')
    imported = import_files([("tickets.csv", "\n".join(lines).encode())], {"timezone": "UTC"})
    from kpi.definitions import Definitions

    known, _, _ = everything(build_facts(imported.tables, Definitions()))
    assert customers.sharing(known, None).customers == 5


def test_calls_with_numbers_are_contacts_too() -> None:
    random = np.random.default_rng(2)
    start = pd.Timestamp("2025-07-01", tz="UTC")
    calls = pd.DataFrame(
        {
            "call_id": [f"L{number}" for number in range(300)],
            "from_number": [f"+49 30 {random.integers(0, 60):04d}" for _ in range(300)],
            "started_at": start + pd.to_timedelta(np.sort(random.integers(0, 184 * 1440, 300)), unit="m"),
            "outcome": "answered",
            "source": "made",
        }
    )
    known, title, missing = everything(facts_of(Tables(calls=calls)))
    assert known.grain.value == "calls"
    shared = customers.sharing(known, NOW)
    by_hand = calls[calls["started_at"] >= pd.Timestamp(NOW.start, tz="UTC")]["from_number"]
    assert (shared.contacts, shared.customers) == (len(by_hand), by_hand.nunique())
    assert "customers wrote more than once" in title
    assert any("which contacts are still open" in text or "Churn" in text for text in missing)
