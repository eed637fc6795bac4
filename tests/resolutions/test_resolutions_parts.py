"""Kinds, matching, the scan's p, masking, and everything that data may lack."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi import resolutions
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.model import Filter, Period
from kpi.resolutions import Kept
from kpi.resolutions.matching import Rows, matched
from kpi.resolutions.plain_steps import plain_t, robust_t
from kpi.resolutions.quoting import words_in
from kpi.resolutions.stepping import scan_p
from kpi.words import resolution_sentences as words

START = date(2026, 1, 5)
ALL = Period(START, START + timedelta(days=200))


def facts_of(*files: tuple[str, list[str], list[list[str]]]) -> Facts:
    """Facts of sheets: name, headers, rows."""
    written = [
        (name, "\n".join([",".join(headers), *(",".join(f'"{c}"' for c in row) for row in rows)]).encode())
        for name, headers, rows in files
    ]
    imported = import_files(written, {"timezone": "UTC"})
    return build_facts(imported.tables, Definitions())


def tickets(n: int = 300, **columns: list[str]) -> Facts:
    """A sheet of tickets, three a day, with further columns."""
    random = np.random.default_rng(1)
    rows = []
    for place in range(n):
        day = START + timedelta(days=place // 3)
        made = f"{day} 09:{place % 60:02d}"
        solved = f"{day} {10 + int(random.integers(0, 8)):02d}:{int(random.integers(0, 60)):02d}"
        rows.append(
            [str(1000 + place), made, solved, *(values[place % len(values)] for values in columns.values())]
        )
    return facts_of(("tickets.csv", ["Ticket ID", "Created at", "Solved at", *columns], rows))


SCORES = ["5", "4", "1", "5", "2", "5", "3"]


def test_a_group_is_held_against_the_same_kinds() -> None:
    # 100 of kind 0 (9 in 10 succeed) and 100 of kind 1 (1 in 10); the group is mostly of kind 1.
    kind = np.repeat([0, 1], 100)
    hit = np.concatenate([np.arange(100) % 10 > 0, np.arange(100) % 10 == 0])
    group = np.zeros(200, bool)
    group[:10] = True
    group[100:150] = True
    rows = Rows(hit, np.arange(200) % 70, np.full(200, -1), (kind, np.zeros(200, np.int64)), (0, 69))
    (one,) = matched(rows, [group])
    others = [hit[10:100].mean(), hit[150:].mean()]
    assert one.expected == pytest.approx((10 * others[0] + 50 * others[1]) / 60)
    assert one.share == pytest.approx(hit[group].mean())
    assert one.difference is not None
    assert one.difference.value == pytest.approx(one.share - one.expected)
    assert one.difference.low is not None
    assert one.difference.high is not None
    assert one.difference.low <= one.difference.value <= one.difference.high


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 2)), min_size=1, max_size=120),
    st.integers(0, 9),
)
def test_matching_always_answers_or_says_why(cells: list[tuple[bool, bool, int]], agents: int) -> None:
    hit, group, kind = (np.array(values) for values in zip(*cells, strict=True))
    n = hit.size
    rows = Rows(
        hit, np.arange(n) % 60, np.arange(n) % (agents + 1) - 1, (kind, np.zeros(n, np.int64)), (0, 59)
    )
    (one,) = matched(rows, [group])
    assert one.n == group.sum()
    assert one.compared + one.left_out == one.n
    if one.difference is None:
        assert one.reason
        return
    d = one.difference
    assert d.low is not None
    assert d.high is not None
    assert d.p is not None
    assert -1 <= d.low <= d.value <= d.high <= 1
    assert 0 < d.p <= 1


def test_p_of_the_scan_falls_with_t_and_is_five_percent_at_the_cut() -> None:
    p = [scan_p(t, 400) for t in (0.0, 2.5, 3.4, 4.0, 5.0, 8.0)]
    assert p == sorted(p, reverse=True)
    assert p[2] == pytest.approx(0.05)
    assert 0 < p[-1] < 1e-8


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.floats(-5, 5), st.just(float("nan"))), max_size=60))
def test_plain_t_is_finite_and_robust_t_no_larger(values: list[float]) -> None:
    series = np.array(values, dtype=np.float64)
    plain, robust = plain_t(series, -1, 4), robust_t(series, -1, 4)
    assert np.isfinite([plain, robust]).all()
    assert robust <= plain + 1e-9


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("👍🏽👍", 0),
        ("Great help!", 2),
        ("l'équipe est très aimable", 4),
        ("とても助かりました", 4),
        ("12345", 0),
    ],
)
def test_words_of_every_script(text: str, count: int) -> None:
    assert words_in(text) == count


PRAISE = [
    "Thanks Ana Silva, my order 48213377 came at once! Write me: joe@x.example",
    "Merci beaucoup, le problème est réglé 🎉🎉",
    "とても助かりました、ありがとうございます",
    "👍👍👍",
    "Great",
    "",
    "Ruby Stone is my name, call +49 170 1234567, see https://x.example/a?b=1",
]


def test_quotes_are_masked_and_survive_every_script() -> None:
    made = tickets(
        70,
        Assignee=["Ana Silva", "Bo Lund"],
        Requester=["Ruby Stone", "Li Wei"],
        CSAT=["5"],
        Comment=PRAISE,
    )
    kept = resolutions.prepare(made)
    assert isinstance(kept, Kept)
    found = resolutions.praise(kept, ALL)
    said = " ".join(quote.text for quote in found.quotes)
    assert found.quotes
    for secret in ("Ana", "Silva", "Ruby", "Stone", "joe@", "48213377", "1234567", "https"):
        assert secret not in said
    assert "[name]" in said
    assert "[e-mail]" in said
    assert "[number]" in said
    assert "とても助かりました" in said
    assert "réglé 🎉🎉" in said
    assert not any(quote.text in ("Great", "👍👍👍", "") for quote in found.quotes)
    assert all(quote.key for quote in found.quotes)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (tickets(90), "satisfaction"),
        (
            facts_of(
                (
                    "tickets.csv",
                    ["Ticket ID", "Status", "Subject", "CSAT"],
                    [[str(i), "solved", f"Help {i}", "5"] for i in range(40)],
                )
            ),
            "solved at",
        ),
    ],
)
def test_what_is_missing_is_said_with_the_column_that_helps(made: Facts, said: str) -> None:
    kept = resolutions.prepare(made)
    assert isinstance(kept, Kept)
    report = resolutions.report(kept, ALL, None)
    assert report.refused is not None
    assert said in report.refused
    assert "would help" in report.refused
    assert resolutions.shared(kept, ALL).refused == kept.refused
    ended = resolutions.escalations(kept, ALL)
    assert ended.refused is not None
    assert "would help" in ended.refused
    assert words.resolution_title(kept, report, resolutions.lasting(kept))


def test_without_an_issue_column_nothing_is_followed_by_issue() -> None:
    kept = resolutions.prepare(tickets(300, CSAT=SCORES))
    assert isinstance(kept, Kept)
    lasting = resolutions.lasting(kept)
    assert lasting.refused is not None
    assert "category" in lasting.refused
    assert resolutions.fields_of(kept) == ()
    praise = resolutions.praise(kept, ALL)
    assert praise.refused is not None
    assert "comment" in praise.refused


def test_one_agent_one_channel_one_issue() -> None:
    kept = resolutions.prepare(
        tickets(300, CSAT=SCORES, Assignee=["Ana Silva"], Channel=["Chat"], Category=["Login"])
    )
    assert isinstance(kept, Kept)
    assert kept.by == ()
    assert any("channel" in each for each in kept.missing)
    report = resolutions.report(kept, ALL, None)
    good = report.of("good")
    assert good is not None
    assert good.now.value is not None
    shared = resolutions.shared(kept, ALL)
    assert all(each.field != resolutions.AGENT for each in shared.values)
    assert words.shared_sentence(shared)
    assert "kinds apart" in words.yardstick(kept)


def test_a_filter_by_a_column_that_contacts_lack_is_refused(kept: Kept) -> None:
    where = (Filter("moon", ("full",)),)
    for refused in (
        resolutions.report(kept, ALL, None, where=where).refused,
        resolutions.lasting(kept, where=where).refused,
        resolutions.escalations(kept, ALL, where=where).refused,
        resolutions.praise(kept, ALL, where=where).refused,
    ):
        assert refused is not None
        assert "moon" in refused


def test_many_issues_with_few_contacts_each() -> None:
    kept = resolutions.prepare(tickets(600, CSAT=SCORES, Category=[f"Issue {i}" for i in range(500)]))
    assert isinstance(kept, Kept)
    lasting = resolutions.lasting(kept)
    assert lasting.refused is not None
    assert resolutions.report(kept, ALL, None).of("good") is not None


def test_neither_tickets_nor_calls_is_said() -> None:
    made = facts_of(("surveys.csv", ["Survey ID", "Responded at", "CSAT"], [["1", "2026-01-05", "5"]] * 3))
    found = resolutions.prepare(made)
    if isinstance(found, str):
        assert "neither tickets nor calls" in found
        assert words.resolution_title(found, None, None) == "What went well cannot be said"


def test_an_unknown_part_is_refused(kept: Kept) -> None:
    with pytest.raises(ValueError, match="unknown part"):
        resolutions.rows(kept, ALL, part="the best ones")
