"""Real files: the first sentence against counts made from the raw rows with plain pandas."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from kpi import compare, customers
from kpi.customers import Known
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.model import Period
from kpi.words import customer_sentences as words

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
NOW, BEFORE = Period(date(2023, 12, 1), date(2023, 12, 31)), Period(date(2023, 11, 1), date(2023, 11, 30))
pytestmark = pytest.mark.shared


def read(name: str) -> tuple[Facts, pd.DataFrame]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    imported = import_files([(path.name, path)], {"timezone": "UTC"})
    return build_facts(imported.tables, Definitions()), pd.read_csv(path, dtype=str, encoding="utf-8-sig")


def told(known: Known) -> tuple[str, str]:
    """The first sentence and everything that is said to be missing."""
    shared = customers.sharing(known, NOW if known.dated else None)
    stays, risk = customers.staying(known), customers.risk(known, NOW, BEFORE)
    return words.customer_title(known, (), shared, stays, risk), " ".join(
        words.missing_sentences(known, stays, risk)
    )


def test_telco_is_a_share_of_the_list_and_refused_a_rate_over_time() -> None:
    """CamDavidsonPilon/lifelines @ad023a01 "Customer Churn.ipynb" cells 4-5: 7,043 rows, 1,869 churned."""
    facts, raw = read("telco_churn/wa_churn.csv")
    known = customers.know(facts)
    title, missing = told(known)
    left = int((raw["churn"] == "Yes").sum())
    assert (len(raw), left) == (7043, 1869)
    share = f"{100 * left / len(raw):.1f}"
    assert title == f"{share} % of the 7,043 customers listed have left, over an unknown time"
    assert (
        "No churn rate over time: the customer list says who has left, but not when. What is shown is a "
        "share of the list as it stands, not a rate per month, and it cannot be compared between periods. A "
        "column with the date of leaving would help." in missing
    )
    stays = customers.staying(known)
    assert stays.whole is None
    assert customers.follows(known) == ()
    for period in (NOW, BEFORE):
        (churn,) = compare.measure(facts, period, metrics=("churn",))
        assert churn.estimate.value is None
    assert len(customers.rows.listed(known)) == 7043
    assert len(customers.rows.listed(known, left=True)) == 1869


def test_telco_kinds_are_counted_as_the_list_stands() -> None:
    facts, raw = read("telco_churn/wa_churn.csv")
    found = customers.segments(customers.know(facts), NOW, BEFORE)
    assert found.period is None
    monthly = next(
        kind for kind in found.kinds if (kind.dimension, kind.name) == ("contract", "Month-to-month")
    )
    by_hand = raw[raw["contract"] == "Month-to-month"]["churn"]
    assert monthly.comparison.now.n == len(by_hand) == 3875
    assert monthly.comparison.now.value == pytest.approx((by_hand == "Yes").mean())
    assert monthly.differs
    assert words.kinds_title(found).startswith("Contract Month-to-month: ")
    female = next(kind for kind in found.kinds if kind.dimension == "female")
    assert not female.differs


def test_kaggle_customers_hardly_come_back_and_no_more_unevenly_than_chance() -> None:
    facts, raw = read("kaggle_support_tickets/customer_support_tickets_original.csv")
    known = customers.know(facts)
    counts = raw["Customer Email"].str.strip().str.lower().value_counts()
    shared = customers.sharing(known, None)
    assert (shared.customers, shared.contacts) == (len(counts), len(raw)) == (8320, 8469)
    again = int((counts > 1).sum())
    title, missing = told(known)
    share = f"{100 * again / len(counts):.1f}"
    assert title == f"{share} % of 8,320 customers wrote more than once; who leaves is not in the data"
    assert "Contacts have no dates" in missing
    assert not shared.uneven
    assert {band.first: band.customers for band in shared.bands}[1] == int((counts == 1).sum())


@pytest.mark.parametrize(
    "name",
    [
        "technical_support/Technical_Support_Dataset.csv",
        "pwc_call_center/pwc_iso_quoted.csv",
        "rwfd_call_center/Call_Center.csv",
    ],
)
def test_files_without_customers_say_so(name: str) -> None:
    facts, raw = read(name)
    assert not [
        header for header in raw.columns if "customer id" in header.lower() or "email" in header.lower()
    ]
    title, missing = told(customers.know(facts))
    assert title == "Customers cannot be followed: no column says which customer wrote"
    assert "A column with the customer's number or e-mail address on every contact would help." in missing
