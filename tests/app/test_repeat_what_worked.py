"""What worked is repeated by an action that says how it will be judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qsl

import pytest
from conftest import Open, sound

from kpi import actions, resolutions
from kpi.facts import Facts
from kpi.issues import Origin, Source
from kpi.model import Filter, Grain
from kpi.resolutions import Drop, Kept
from kpi.workspace import Action, ActionStatus
from ui.resolutions import _judged_by

SEGMENT = (Filter("category", ("Login problem",)),)


@pytest.fixture(scope="module")
def kept(sample: Facts) -> Kept:
    made = resolutions.prepare(sample)
    assert isinstance(made, Kept)
    return made


@pytest.fixture(scope="module")
def drop(kept: Kept) -> Drop:
    return resolutions.lasting(kept).drops[0]


def view(facts: Facts, *where: Filter) -> Any:
    return cast(Any, SimpleNamespace(facts=facts, where=where))


def test_the_link_fills_in_metric_and_segment(visit: Open) -> None:
    at = visit("resolutions")
    (link,) = [each.proto for each in at.get("page_link") if each.proto.label == "Repeat it"]
    given = dict(parse_qsl(link.query_string))
    assert given["metric"] == "volume"
    assert actions.draft(given).where == SEGMENT
    begun = visit("actions", **given)
    assert sound(begun)
    (metric,) = [each for each in begun.selectbox if each.label == "Metric that is looked at afterwards"]
    assert metric.value == "New tickets"
    assert "Login problem" in str([each.value for each in begun.multiselect]) + str(
        [each.value for each in begun.selectbox]
    )


def test_the_follow_up_can_be_judged(sample: Facts, kept: Kept, drop: Drop) -> None:
    key, where = _judged_by(view(sample), kept, drop)
    done = Action("1", "Macro", "Ana", date(2026, 3, 1), metric=key, where=where, done_on=date(2026, 2, 16),
                  status=ActionStatus.DONE, review_on=date(2026, 6, 1))  # fmt: skip
    (review,) = actions.review(sample, (done,))
    assert review.effect is not None
    assert review.effect.relative is not None
    # The planted level is 55 % of the one before.
    assert review.effect.relative_low < -0.45 < review.effect.relative_high  # type: ignore[operator]
    issue = sample.tables[Grain.TICKETS].dimensions["category"] == "Login problem"
    day = sample.tables[Grain.TICKETS].columns["created_day"]
    assert review.days is not None
    inside = issue & (day >= review.days.first_day) & (day <= review.days.last_day)
    assert review.before is not None
    assert review.after is not None
    assert review.before.n + review.after.n == int(inside.sum())


@pytest.mark.parametrize(
    ("what", "metric"),
    [(resolutions.RATE, "volume"), (resolutions.TIME, "ttr"), (resolutions.RATING, "csat")],
)
def test_each_kind_of_finding_has_its_metric(
    sample: Facts, kept: Kept, drop: Drop, what: str, metric: str
) -> None:
    chat = Filter("channel", ("chat",))
    assert _judged_by(view(sample, chat), kept, replace(drop, what=what)) == (metric, (chat, *SEGMENT))
    one = replace(drop, what=what, field="product", value="Chair")
    assert _judged_by(view(sample), kept, one) == (metric, (Filter("product", ("Chair",)),))


def test_without_a_column_for_the_segment_nothing_else_is_judged(
    sample: Facts, kept: Kept, drop: Drop
) -> None:
    chat = Filter("channel", ("chat",))
    ruled = replace(kept, source=Source(Origin.RULES))
    assert _judged_by(view(sample, chat), ruled, drop) == ("", (chat,))
    made_here = replace(drop, field="replies of the agents", value="2")
    assert _judged_by(view(sample, chat), kept, made_here) == ("", (chat,))
