"""Loyalty: who comes back, who stays, who leaves."""

from __future__ import annotations

from kpi.measures import Share
from kpi.metrics.companions import Count
from kpi.model import Basis, Direction, Family, Grain, Metric, Unit

REPEAT_RATE = Metric(
    key="repeat_rate",
    name="Repeat customer rate (by contacts)",
    question="How many of the customers we hear from have been here before?",
    family=Family.LOYALTY,
    unit=Unit.PERCENT,
    better=Direction.UP,
    grain=Grain.TICKETS,
    basis=Basis.CREATED,
    measure=Share("customer_returned", "customer_in_period"),
    formula="customers of the period with a contact before the period ÷ customers of the period; over "
    "all data: "
    "customers with more than one contact ÷ customers",
    needs=("tickets.requester_id|tickets.requester_email",),
    parts={"customers": Count("customer_in_period"), "returned": Count("customer_returned")},
    incomparable="the later period has more data before it in which a customer can have been seen",
    incomparable_segments="a customer counts once in each segment, so the larger holds more who wrote once",
    caveat="From contacts, not purchases: a customer who comes back may have a problem. Each customer "
    "counts once.",
    matters=0.02,
    lacking="no column says which customer wrote",
)

RETENTION = Metric(
    key="retention",
    name="Retention rate",
    question="How many customers stay?",
    family=Family.LOYALTY,
    unit=Unit.PERCENT,
    better=Direction.UP,
    grain=Grain.CUSTOMERS,
    basis=Basis.LISTED,
    measure=Share("customer_kept", "customer_at_start"),
    formula="(customers at the end − new customers) ÷ customers at the start",
    needs=("customers.churned_at|customers.churned",),
    parts={"customers": Count("customer_at_start"), "stayed": Count("customer_kept")},
    caveat="Needs a customer list with the dates of joining and leaving; a list without dates has one "
    "rate as a whole.",
    incomparable_lengths="in a longer period more customers leave",
    matters=0.01,
    lacking="the data hold no customer list that says who has left",
)

CHURN = Metric(
    key="churn",
    name="Churn rate",
    question="How many customers leave?",
    family=Family.LOYALTY,
    unit=Unit.PERCENT,
    better=Direction.DOWN,
    grain=Grain.CUSTOMERS,
    basis=Basis.LISTED,
    measure=Share("customer_lost", "customer_at_start"),
    formula="customers lost in the period ÷ customers at its start; new ones are not counted",
    needs=("customers.churned_at|customers.churned",),
    parts={
        "customers": Count("customer_at_start"),
        "churned": Count("customer_lost"),
        "stayed": Count("customer_kept"),
    },
    caveat="Needs a customer list with the dates of joining and leaving; a list without dates has one "
    "rate as a whole.",
    incomparable_lengths="in a longer period more customers leave",
    matters=0.01,
    headline=True,
    lacking="the data hold no customer list that says who has left",
)

REPEAT_CONTACT = Metric(
    key="repeat_contact",
    name="Repeat contact rate",
    question="How often must a customer write again?",
    family=Family.LOYALTY,
    unit=Unit.PERCENT,
    better=Direction.DOWN,
    grain=Grain.TICKETS,
    basis=Basis.CREATED,
    measure=Share("repeated", "repeat_mature"),
    formula="tickets followed by another of the same customer within the window ÷ tickets whose "
    "window has passed",
    needs=("tickets.requester_id|tickets.requester_email", "tickets.created_at"),
    caveat="Counted whatever the further contact was about.",
    variants=("window of 1 to 30 days",),
    matters=0.02,
    lacking="no column says which customer wrote",
    left_out={
        "repeat_immature": "tickets of the last {repeat_window_days} days left out: a further contact "
        "may still come"
    },
)

METRICS = (REPEAT_RATE, RETENTION, CHURN, REPEAT_CONTACT)
