"""Journeys through the app in a real browser, on a cold server."""

from __future__ import annotations

import csv
import io
import random
import re
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import Server, Visit
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

AGENTS = ("Diane", "Becky", "Stewart", "Greg", "Dan", "Joe")
TOPICS = ("Contract related", "Technical Support", "Payment related", "Streaming")
HEADERS = (
    *("Call Id", "Agent", "Date", "Time", "Topic", "Channel", "Answered (Y/N)", "Resolved"),
    *("Speed of answer in seconds", "AvgTalkDuration", "Satisfaction rating"),
)


def call_centre(
    path: Path, names: tuple[str, ...] = AGENTS, topics: tuple[str, ...] = TOPICS, first: int = 1
) -> Path:
    """Calls of a quarter, a row each; satisfaction falls in March."""
    chance = random.Random(first)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        for number in range(2_400):
            day = date(2021, 1, 1) + timedelta(days=number * 90 // 2_400)
            answered = chance.random() < 0.82
            rating = chance.choice([1, 2, 3, 3, 4, 5] if day.month == 3 else [3, 4, 4, 5, 5, 5])
            talk = f"00:0{chance.randint(0, 6)}:{chance.randint(10, 59)}"
            writer.writerow(
                [
                    f"ID{first * 10_000 + number}",
                    chance.choice(names),
                    day.strftime("%d/%m/%Y"),
                    f"{chance.randint(9, 17):02d}:{chance.randint(0, 59):02d}:00",
                    chance.choice(topics),
                    chance.choice(["Phone", "Chat"]),
                    "Y" if answered else "N",
                    "Y" if answered and chance.random() < 0.89 else "N",
                    chance.randint(10, 125) if answered else "",
                    talk if answered else "",
                    rating if answered else "",
                ]
            )
    return path


def upload(visit: Visit, *files: Path) -> None:
    visit.page.locator('input[type="file"]').set_input_files(list(files))
    expect(visit.page.get_by_text("Your data sets", exact=True)).to_be_visible(timeout=60_000)
    visit.settled()


def rows_behind(visit: Visit) -> int:
    """The number of rows in the title of the tickets page."""
    heading = visit.page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("behind", timeout=30_000)
    return int(re.sub(r"\D", "", heading.inner_text().split(" ")[0]))


def test_a_cold_server_answers_a_deep_link(server: Server, visit: Visit) -> None:
    server.cold()
    visit.open(
        f"{server.url}/metrics?data=Sample+data&period=Q3+2026&against=Same+period+last+year&channel=chat"
    )
    page = visit.page
    expect(page.get_by_role("combobox", name="Period")).to_have_value("Q3 2026")
    expect(page.get_by_role("combobox", name="Compared with")).to_have_value("Same period last year")
    expect(page.get_by_text("Filters (1)")).to_be_visible()
    expect(page.get_by_text("only Channel chat")).to_be_visible()
    expect(page.get_by_role("link", name="Metrics")).to_be_visible()
    expect(page.get_by_role("heading", name="Satisfaction")).to_be_visible()
    assert "1 July – 30 September 2026" in visit.text()
    page.get_by_role("link", name="Summary").click()
    visit.settled()
    expect(page.get_by_text("only Channel chat")).to_be_visible()
    expect(page.get_by_role("heading", name="Look closer")).to_be_visible()
    address = parse_qs(urlsplit(page.url).query)
    assert address == {
        "data": ["Sample data"],
        "period": ["Q3 2026"],
        "against": ["Same period last year"],
        "channel": ["chat"],
    }


def test_from_a_file_to_the_tickets_behind_a_number_and_back(
    server: Server, visit: Visit, tmp_path: Path
) -> None:
    page = visit.page
    visit.open(f"{server.url}/data")
    upload(visit, call_centre(tmp_path / "calls.csv"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("calls is read")
    assert "2,400 records read = 2,400 kept + 0 rejected" in visit.text()

    page.get_by_role("combobox", name="In which time zone").click()
    page.keyboard.type("Europe/Berlin")
    page.get_by_role("option", name="Europe/Berlin", exact=True).click()
    page.get_by_role("button", name="Use these answers").click()
    expect(page.get_by_text("Questions (all answered)")).to_be_visible(timeout=60_000)
    visit.settled()
    assert "nothing is left to ask" in visit.text()
    assert parse_qs(urlsplit(page.url).query)["data"] == ["calls"]

    page.get_by_role("link", name="Show what changed").click()
    visit.settled()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Customer satisfaction (CSAT) fell")
    expect(heading).to_contain_text("March 2021")

    visit.choose("Period", "February 2021")
    expect(heading).to_contain_text("February 2021")
    expect(page.get_by_role("combobox", name="Period")).to_have_value("February 2021")
    visit.filter("Channel", "phone")
    expect(page.get_by_text("Filters (1)")).to_be_visible()

    link = page.locator(".st-key-card-csat").get_by_role("link")
    said = int(re.sub(r"\D", "", link.inner_text().split("=")[1]))
    link.click()
    visit.settled()
    assert rows_behind(visit) == said
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download these rows").click()
    masked = waiting.value
    assert "masked" in masked.suggested_filename
    rows = list(csv.DictReader(io.StringIO(Path(masked.path()).read_text(encoding="utf-8-sig"))))
    assert len(rows) == said
    assert not any(name in cell for row in rows for cell in row.values() for name in AGENTS)

    deep = page.url
    server.restart()
    visit.open(deep)
    assert rows_behind(visit) == said
    expect(page.get_by_role("combobox", name="Period")).to_have_value("February 2021")
    expect(page.get_by_role("combobox", name="Data set")).to_have_value("calls")


def test_the_next_file_of_the_same_kind_asks_nothing_and_can_be_deleted(
    server: Server, visit: Visit, tmp_path: Path
) -> None:
    page = visit.page
    visit.open(f"{server.url}/data")
    upload(visit, call_centre(tmp_path / "april.csv", first=2))
    expect(page.get_by_role("heading", level=1)).to_contain_text("april is read")
    first = "Use these answers"
    if page.get_by_text("nothing is left to ask").count() == 0:
        page.get_by_role("button", name=first).click()
        expect(page.get_by_text("Questions (all answered)")).to_be_visible(timeout=60_000)
    upload(visit, call_centre(tmp_path / "may.csv", first=3))
    expect(page.get_by_role("heading", level=1)).to_contain_text("may is read, and nothing is left to ask")

    before = {path.name for path in (server.workspace / "staging").iterdir()}
    page.locator('[class*="st-key-dataset-"]').filter(has_text="may").get_by_role(
        "button", name="Delete"
    ).click()
    page.get_by_role("button", name="Delete wholly").click()
    expect(page.locator('[class*="st-key-dataset-"]').filter(has_text="may.csv")).to_have_count(
        0, timeout=30_000
    )
    visit.settled()
    assert len({path.name for path in (server.workspace / "staging").iterdir()}) < len(before)


def test_no_request_leaves_this_machine(server: Server, visit: Visit, tmp_path: Path) -> None:
    """A hostile file: names that are images, links and colour codes in Markdown and HTML."""
    hostile = (
        "![x](http://tracker.example/p.png)",
        "<img src=http://tracker.example/q.png onerror=alert(1)>",
        ":red[loud] $\\frac{1}{2}$ https://evil.example",
    )
    page = visit.page
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    name = "![f](http:__tracker.example_f.png).csv"
    visit.open(f"{server.url}/data")
    upload(visit, call_centre(tmp_path / name, names=hostile, topics=hostile, first=4))
    visit.filter("Agent", "img")
    for link in ("Summary", "Metrics", "Compare", "Definitions", "Data"):
        if link == "Definitions":
            page.get_by_text("Rules", exact=True).first.click()
            page.get_by_role("menuitem", name=link).click()
        else:
            page.get_by_role("link", name=link, exact=True).first.click()
        visit.settled()
    page.get_by_role("link", name="Summary", exact=True).first.click()
    visit.settled()
    expect(page.get_by_text("only Agent")).to_be_visible()
    page.locator(".st-key-cards").get_by_role("link").first.click()
    visit.settled()
    outside = {
        address
        for address in visit.asked
        if urlsplit(address).scheme not in ("data", "blob") and urlsplit(address).hostname != "127.0.0.1"
    }
    assert outside == set()
    assert dialogs == []
    main = page.locator('[data-testid="stMainBlockContainer"]')
    assert main.locator('img[src*="example"]').count() == 0
    assert main.locator('a[href*="example"]').count() == 0


def test_a_click_on_a_number_of_the_table_opens_its_rows(server: Server, visit: Visit) -> None:
    page = visit.page
    visit.open(f"{server.url}/metrics?data=Sample+data")
    table = page.locator(".st-key-metrics-satisfaction")
    table.scroll_into_view_if_needed()
    box = table.locator('[data-testid="stDataFrame"]').bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 330, box["y"] + 54)
    behind = page.locator(".st-key-behind-metrics-satisfaction")
    expect(behind.get_by_role("heading")).to_contain_text("behind", timeout=30_000)
    visit.settled()
    assert int(re.sub(r"\D", "", behind.get_by_role("heading").inner_text().split(" ")[0])) > 0
    expect(behind.get_by_role("button", name="Download these rows")).to_be_visible()
    expect(page.get_by_role("heading", name="Loyalty")).to_be_visible()


def test_a_file_that_cannot_be_read_is_refused_in_plain_words(
    server: Server, visit: Visit, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    visit.open(f"{server.url}/data?data=Sample+data")
    visit.page.locator('input[type="file"]').set_input_files(empty)
    expect(visit.page.get_by_text("This upload could not be read")).to_be_visible(timeout=30_000)
    visit.settled()
    assert "empty.csv" in visit.text()
    assert "Traceback" not in visit.text()
    expect(visit.page.get_by_role("combobox", name="Data set")).to_have_value("Sample data")
