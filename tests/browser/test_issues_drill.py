"""Issues in a real browser: a number, its contacts, the story of one; a phrase and its contacts."""

from __future__ import annotations

import re

import pytest
from conftest import Server, Visit
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser

ROW, HEAD = 35, 35


def cell(visit: Visit, grid: Locator, column: int, row: int) -> None:
    """Click the middle of a cell by its column and row (both from 0), wherever the column stands."""
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    visit.page.mouse.click(box["x"] + column, box["y"] + HEAD + ROW * row + ROW / 2)
    visit.settled()


def test_from_a_number_to_the_story_of_a_contact_in_two_clicks(server: Server, visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 1440, "height": 4200})
    visit.open(f"{server.url}/issues?data=Sample+data&period=Q3+2026")
    page = visit.page
    expect(page.get_by_role("heading", name=re.compile("^838 tickets"))).to_be_visible(timeout=60_000)
    grids = page.locator('[data-testid="stDataFrame"]')
    cell(visit, grids.nth(0), 50, 4)  # the fifth issue
    expect(page.get_by_role("heading", name="277 tickets", exact=True)).to_be_visible()
    assert "issue=Payment+failed" in page.url
    contacts = page.locator(".st-key-issue-rows-table [data-testid=stDataFrame]")
    cell(visit, contacts, 18, 1)
    expect(page.get_by_role("heading", name=re.compile("^The story of 1"))).to_be_visible()
    story = page.locator(".st-key-story")
    expect(story).to_contain_text("agents it went through")


def test_a_phrase_opens_as_many_contacts_as_it_counts(server: Server, visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 1440, "height": 4200})
    visit.open(f"{server.url}/issues?data=Sample+data&period=Q3+2026&issue=Payment+failed")
    phrases = visit.page.locator(".st-key-phrases-typical [data-testid=stDataFrame]")
    cell(visit, phrases, 40, 0)
    expect(visit.page.get_by_role("heading", name="90 tickets with “payment”", exact=True)).to_be_visible()
