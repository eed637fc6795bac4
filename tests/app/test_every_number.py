"""From every number to its rows to their download, on every page: cells of tables, links, switches.

A data grid is a canvas, so cells are chosen here as the browser would report them; ``tests/browser`` proves
in a real browser that it does. Walked are tables that offer a choice, and links and switches that name a
count. What leads nowhere by nature stands in ``NO_ROWS`` with the reason; any other table of numbers that
leads nowhere fails. Numbers in sentences are not walked: each stands again in a table, a card or a link.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import pandas as pd
import pytest
import streamlit as st
from conftest import sound
from streamlit.testing.v1 import AppTest

from kpi.workspace import Action, ActionStatus, Goal, Horizon
from ui import places, store
from ui.customers import PARTS

Open = Callable[..., AppTest]
Clicked = tuple[str, int, str]
"""Key of a table, row and column of the cell."""

PERIOD = "Q3 2026"
SCENES: dict[str, list[dict[str, str]]] = {
    "compare": [
        {},
        {"compare": "Two segments"},
        {"compare": "Why it moved", "scan": "true"},
    ],
    "issues": [
        {"repeats": "true", "beside": "true"},
        {"issue_sentiment": "Word list, English and German", "minute_cost": "1.5"},
    ],
    "agents": [{"topics": "true"}, {"by": "Time to resolution"}],
    "bottlenecks": [{}, {"hours_of": "New tickets a day"}],
    "customers": [{"look_at": part} for part in PARTS],
}
"""Addresses of a page that show further tables; a page that is not named here is walked as it opens."""

NOUNS = (
    r"tickets?|answers?|calls?|agent-days?|customers?|rows?|contacts?|offers?|contacts? solved"
    r"|shifts? of 8 hours|promises? decided"
)
COUNT = re.compile(rf"^(?:n = )?([\d,]+)(?: (?:{NOUNS}))?$")
"""A cell that is a count, with or without its noun."""
OF_MANY = re.compile(r"^([\d,]+) of [\d,]+\b")
N_AFTER = re.compile(r"\bn (?:= )?([\d,]+)\)?$")
SUM = re.compile(r"\(n = ([\d,]+)")
LEADING = re.compile(r"^([\d,]+) (?!of )\S")
LABELLED = re.compile(rf"(?:^|\s)([\d,]+) (?:{NOUNS})\b")
N_OF = {
    "Compared with": "n before",
    "Last year": "n last year",
    "Of 1,000 before": "Before",
    "of 1,000 tickets": "Tickets",
    "of 1,000 elsewhere": "Tickets elsewhere",
    "of 1,000 before": "Tickets before",
    "Handled hours": "Timed",
    "Handled minutes": "Timed",
    "Missed by (median)": "Missed",
    "Longest still waiting": "Waiting, still in time",
    "Other open hours": "Contacts in the others",
    "Days together": "n",
    "Worth, of equal weight": "Answers",
    "Wordings": "Contacts",
    "Reasons": "Contacts",
    "At least": "Customers",
}
"""Columns that look like counts of rows and are none, or are of another side than their row → the column with
the n of theirs."""
COUNTED = {
    "Agents": "agent",
    "Raw outside 95 %": "agent",
    "Beyond chance, same kind": "agent",
}
"""Columns that count something else than rows → what; the rows of all these open, and the heading names how
many there are."""
NO_COUNT = ("p ", "p, ")
"""How columns begin that never hold a count, though a p of 1 looks like one."""
LABELS = {"What came"}
"""Columns that say what a row is about, though a number may stand in it (“within 7 days”)."""
SIDES = ("before", "last year", "elsewhere", "others", "since", "bad", "good", "listed")
"""Words in the name of a column that say of whom its number is; without one it is of the row itself."""

NO_ROWS = {
    "Every change, newest first": "the history of a record: who changed what",
    "The change as answered, re-weighted, and the rest": "parts of a difference",
    "Changes of level": "sizes of steps: differences between stretches of days",
    "Known events": "changes since a day; the rows of both sides are those of the points of the chart",
    "Settings used for": "how a file was read",
    "Mapping of the columns": "how a file was read",
    "Findings in": "cells and not rows; each with an example and its record",
    "First rejects of": "the rejected records themselves, all in the download below",
}
"""Start of what a table is called → why no rows are behind its numbers."""

ROW_COLUMNS = {"ticket_id", "survey_id", "call_id", "requester_id", "agent_name"}
"""A table with one of these is itself a list of rows."""


@dataclass
class Table:
    """A table as it was drawn; ``chooses`` is empty where nothing can be chosen in it."""

    key: str
    alt: str
    shown: pd.DataFrame
    chooses: str

    @property
    def of_rows(self) -> bool:
        return bool(ROW_COLUMNS & {str(name) for name in self.shown.columns})

    @property
    def records(self) -> list[dict[str, str]]:
        return [
            {str(name): "" if value is None else str(value) for name, value in row.items()}
            for row in self.shown.to_dict("records")
        ]


@dataclass
class Seen:
    """What a run drew: tables and downloads in order, and the cell that is clicked in it."""

    clicked: Clicked | None = None
    tables: list[Table] = field(default_factory=list)
    downloads: list[tuple[str, Any, str]] = field(default_factory=list)

    def run(self, at: AppTest, clicked: Clicked | None = None) -> None:
        self.clicked, self.tables, self.downloads = clicked, [], []
        at.run()
        assert sound(at)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Everything that pages draw as tables and downloads, one cell that is clicked, every fold open."""
    found = Seen()
    draw, offer, fold = st.dataframe, st.download_button, st.expander

    def dataframe(data: Any = None, *args: Any, **kwargs: Any) -> Any:
        event = draw(data, *args, **kwargs)
        key = str(kwargs.get("key") or "")
        mode = kwargs.get("selection_mode", "") if kwargs.get("on_select", "ignore") != "ignore" else ""
        found.tables.append(Table(key, str(kwargs.get("alt") or ""), pd.DataFrame(data), str(mode)))
        if found.clicked is not None and found.clicked[0] == key:
            _, row, column = found.clicked
            return SimpleNamespace(selection=SimpleNamespace(cells=[(row, column)], rows=[row], columns=[]))
        return event

    def download_button(label: str, data: Any = None, file_name: str = "", *args: Any, **kwargs: Any) -> Any:
        found.downloads.append((label, data, file_name))
        return offer(label, data, file_name, *args, **kwargs)

    def expander(*args: Any, **kwargs: Any) -> Any:
        return fold(*args, **kwargs | {"expanded": True})

    monkeypatch.setattr(st, "dataframe", dataframe)
    monkeypatch.setattr(st, "download_button", download_button)
    monkeypatch.setattr(st, "expander", expander)
    return found


@pytest.fixture(scope="module", autouse=True)
def plans(workspace: object) -> Iterator[None]:
    """A goal and an action that is done, so that their pages have numbers; taken away afterwards."""
    space = store.workspace()
    goal = space.keep(Goal("", "csat", 0.75, 0.85, date(2026, 12, 31), 28, start=date(2026, 9, 1)))
    action = space.keep(
        Action(
            "",
            "Answer disputes first",
            "Kim",
            date(2026, 8, 1),
            Horizon.IMMEDIATE.value,
            metric="frt",
            status=ActionStatus.DONE.value,
            done_on=date(2026, 8, 3),
        )
    )
    yield
    for record in (goal, action):
        space.drop(type(record), record.id)
        space.forget_kept(type(record), record.id)


@pytest.fixture(scope="module")
def persons() -> set[str]:
    """Everybody who must not be named in a masked file."""
    tables = dict(store.imported(store.SAMPLE).tables.items())
    names = {
        str(name)
        for table in tables.values()
        if "agent_name" in table
        for name in table["agent_name"].dropna()
    }
    assert len(names) > 10
    return names


def as_number(text: str) -> int:
    return int(text.replace(",", ""))


def is_number(text: str) -> bool:
    """Whether a cell says a number; a date is none."""
    return bool(re.search(r"\d", text)) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip())


def own_count(column: str, text: str) -> int | None:
    """The n that a cell says of itself."""
    if column.startswith(NO_COUNT):
        return None
    said = text.strip()
    found = COUNT.search(said) or OF_MANY.search(said) or N_AFTER.search(said)
    return None if found is None else as_number(found.group(1))


def n_shown(record: dict[str, str], column: str) -> set[int]:
    """The n that stands beside a number: the cell itself, else those of its side, else any of its row."""
    if column in COUNTED:
        return set()
    if column in N_OF:
        found = own_count(N_OF[column], record.get(N_OF[column], ""))
        return set() if found is None else {found}
    # A score may look like a count, so the n that is named after a column goes before.
    own = own_count(column, record.get(f"n, {column}", record[column]))
    if own is not None:
        return {own}
    known = {
        name: n
        for name, text in record.items()
        if name not in N_OF and name not in COUNTED and (n := own_count(name, text)) is not None
    }
    return {n for name, n in known.items() if side(name) == side(column)} or set(known.values())


def named(record: dict[str, str], column: str) -> str:
    """How a heading names what a column counts: “4 agents”."""
    return f"{record[column]} {COUNTED[column]}{'s' * (record[column] != '1')}"


def side(column: str) -> str:
    """Of whom the numbers of a column are."""
    return next((word for word in SIDES if re.search(rf"\b{word}\b", column.lower())), "")


def headings(at: AppTest) -> list[str]:
    parts = (*at.title, *at.header, *at.subheader)
    return [str(each.value).replace("\\", "").replace("*", "").replace("\u2060", "") for each in parts]


def counts(at: AppTest) -> list[tuple[int, int]]:
    """The counts that headings begin with: rows, and the n that these add up to, where it is another."""
    found = []
    for text in headings(at):
        if (rows := LEADING.match(text)) is not None:
            total = SUM.search(text) or rows
            found.append((as_number(rows.group(1)), as_number(total.group(1))))
    return found


def saved(seen: Seen) -> Iterator[tuple[str, list[list[str]]]]:
    """File name and records of each download of rows that is offered."""
    for label, data, name in seen.downloads:
        if label.startswith("Download these"):
            text = (data() if callable(data) else data).decode("utf-8-sig")
            yield name, list(csv.reader(io.StringIO(text)))[1:]


def faults_of(at: AppTest, seen: Seen, wanted: set[int], persons: set[str]) -> list[str]:
    """What is wrong with the rows that a number led to."""
    said = counts(at)
    found = {rows for rows, n in said if not wanted or wanted & {rows, n}}
    if not found:
        return [f"no heading says {' or '.join(map(str, wanted)) or 'how many rows'}: {said}"]
    if found == {0}:
        return []
    files = [(name, rows) for name, rows in saved(seen) if len(rows) in found]
    if not files:
        return [f"no download of {found} rows: {[len(rows) for _, rows in saved(seen)]}"]
    wrong = [f"{name} is not masked" for name, _ in files if "-masked" not in name]
    named = {cell for _, rows in files for row in rows[:2_000] for cell in row} & persons
    return [*wrong, *(["a masked file names persons"] if named else [])]


def cells(table: Table, walked: set[tuple[str, ...]], *, every: bool) -> Iterator[tuple[int, str]]:
    """The cells to click: every one; or each kind of number in the first row, and one in the last.

    Of numbers that share an n only the first is clicked then, as all of them lead to the same rows: one for
    each side of a comparison.
    """
    records = table.records
    names = tuple(records[0]) if records else ()
    known = names in walked
    walked.add(names)
    for row, record in enumerate(records):
        numbers = [each for each in names[1:] if each not in LABELS and is_number(record[each])]
        kinds = numbers if every or (row == 0 and not known) else numbers[:1]
        shared: set[str] = set()
        for column in kinds if every or row in (0, len(records) - 1) else ():
            own = (
                column in N_OF
                or column in COUNTED
                or f"n, {column}" in record
                or own_count(column, record[column]) is not None
            )
            if every or own or side(column) not in shared:
                yield row, column
            shared |= set() if own else {side(column)}


def walk(
    visit: Open, seen: Seen, page: str, scene: dict[str, str], persons: set[str], *, every: bool
) -> list[str]:
    at = visit(page, period=PERIOD, **scene)
    seen.run(at)
    faults = []
    walked: set[tuple[str, ...]] = set()
    for table in list(seen.tables):
        if table.of_rows or any(table.alt.startswith(start) for start in NO_ROWS):
            continue
        numbers = any(is_number(text) for record in table.records for text in record.values())
        if not table.chooses:
            faults += [f"“{table.alt}” leads nowhere: {', '.join(table.shown.columns)}"] if numbers else []
            continue
        seen.clicked = None
        at = visit(page, period=PERIOD, **scene)
        for row, column in cells(table, walked, every=every):
            seen.run(at, (table.key, row, column))
            now = next((each for each in seen.tables if each.key == table.key), None)
            record = table.records[row]
            if now is None or row >= len(now.records) or now.records[row] != record:
                shown = None if now is None else now.records[row : row + 1]
                faults.append(f"{table.key} changed under the click on {column}: {record} → {shown}")
                break
            wrong = faults_of(at, seen, n_shown(record, column), persons)
            if column in COUNTED and not any(named(record, column) in text for text in headings(at)):
                wrong.append(f"no heading names {named(record, column)}: {headings(at)}")
            faults += [f"{table.key}, row {row}, {column} “{record[column]}”: {each}" for each in wrong]
    return faults


WALKS = [(page, scene) for page in places.PAGES for scene in SCENES.get(page, [{}])]
IDS = ["-".join([page, *scene.values()]).replace(" ", "_") for page, scene in WALKS]
LONG = ("New tickets a day", "Cohorts", "Staying", "Kinds of customers")
"""Scenes whose tables are of kinds that another scene has as well; the long tier walks them."""
KINDS = [
    pytest.param(*each, marks=[pytest.mark.full] if set(LONG) & set(each[1].values()) else [])
    for each in WALKS
]


@pytest.mark.parametrize(("page", "scene"), KINDS, ids=IDS)
def test_each_kind_of_number_in_a_table_leads_to_as_many_rows(
    visit: Open, seen: Seen, persons: set[str], page: str, scene: dict[str, str]
) -> None:
    assert not (faults := walk(visit, seen, page, scene, persons, every=False)), "\n".join(faults)


@pytest.mark.full
@pytest.mark.parametrize(("page", "scene"), WALKS, ids=IDS)
def test_each_number_in_a_table_leads_to_as_many_rows(
    visit: Open, seen: Seen, persons: set[str], page: str, scene: dict[str, str]
) -> None:
    assert not (faults := walk(visit, seen, page, scene, persons, every=True)), "\n".join(faults)


def test_each_point_of_a_trend_opens_as_many_rows_as_it_says(
    visit: Open, seen: Seen, persons: set[str]
) -> None:
    at = visit("trends", period=PERIOD)
    points = at.selectbox(key="point").options[1:]
    assert len(points) > 40
    for point in (points[0], points[20], points[-1]):
        at.selectbox(key="point").set_value(point)
        seen.run(at)
        said = LABELLED.search(point)
        assert said is not None
        assert faults_of(at, seen, {as_number(said.group(1))}, persons) == []


@pytest.mark.parametrize("page", places.PAGES)
def test_each_link_button_and_switch_that_names_a_count_leads_to_as_many_rows(
    visit: Open, seen: Seen, persons: set[str], page: str
) -> None:
    at = visit(page, period=PERIOD)
    assert all(chart.proto.alt for chart in at.get("vega_lite_chart")), "a picture without words"
    faults = []
    links = {}
    for link in at.get("page_link"):
        if (said := LABELLED.search(link.proto.label.replace("\\", ""))) is not None:
            links[link.proto.page, link.proto.query_string] = as_number(said.group(1))
    assert len(links) >= len(at.metric), "a card without a way to its rows"
    for (target, query), wanted in links.items():
        name = target.strip("/").removesuffix(".py").rpartition("/")[2] or "summary"
        there = visit(name, period=PERIOD, **dict(parse_qsl(query)))
        seen.run(there)
        faults += [f"link to {name}?{query}: {each}" for each in faults_of(there, seen, {wanted}, persons)]
    for number, button in enumerate(at.button):
        if (said := LABELLED.search(button.label.replace("\\", ""))) is not None:
            at.button[number].click()
            seen.run(at)
            wrong = faults_of(at, seen, {as_number(said.group(1))}, persons)
            faults += [f"“{button.label}”: {each}" for each in wrong]
    for number, switch in enumerate(at.toggle):
        if (said := LABELLED.search(switch.label.replace("\\", ""))) is not None:
            at.toggle[number].set_value(True)
            seen.run(at)
            wrong = faults_of(at, seen, {as_number(said.group(1))}, persons)
            faults += [f"“{switch.label}”: {each}" for each in wrong]
    assert not faults, "\n".join(faults)
