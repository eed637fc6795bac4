"""Every page in a real browser: axe finds nothing of ours, all is reached by keyboard, numbers open rows.

Pages are taken from the app's own list, so that a new one is walked by itself. The quick tier opens each page
once; the long one looks at both themes and both widths, opens every fold, and clicks in every table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from conftest import Server, Visit
from playwright.sync_api import Browser, expect
from walking import (
    NARROW,
    PAGES,
    SCENES,
    WIDE,
    address,
    arrive,
    click_counts,
    look,
    missed,
    tab_to,
    unfold,
    walk,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[Visit]:
    """One visitor for the whole quick walk."""
    context = browser.new_context(viewport={"width": WIDE, "height": 1000}, accept_downloads=True)
    yield Visit(context.new_page(), [])
    context.close()


@pytest.fixture(scope="module", params=PAGES)
def opened(request: pytest.FixtureRequest, server: Server, visitor: Visit) -> tuple[str, Visit]:
    """Each page in turn, opened once for all tests of it."""
    arrive(visitor, address(server, request.param))
    return request.param, visitor


def test_axe_finds_nothing_of_ours(opened: tuple[str, Visit]) -> None:
    page, visit = opened
    assert not (found := look(visit, page, WIDE)), "\n".join(found)


def test_every_control_is_reached_by_tab_and_shows_it(opened: tuple[str, Visit]) -> None:
    page, visit = opened
    stops, faults = walk(visit)
    lacking = missed(visit)
    assert len(stops) > 10, f"{page} has only {len(stops)} stops"
    assert not faults, "\n".join(faults)
    assert not lacking, f"{page}: not reached in {len(stops)} stops: {lacking}"


def test_a_number_in_a_table_opens_its_rows_and_their_file(opened: tuple[str, Visit]) -> None:
    """The first table of the page that counts something; all of them in the long tier."""
    _, visit = opened
    faults, _ = click_counts(visit, most=1)
    assert not faults, "\n".join(faults)


@pytest.mark.full
@pytest.mark.parametrize(
    ("scheme", "width"), [("light", WIDE), ("dark", WIDE), ("light", NARROW), ("dark", NARROW)]
)
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_of_ours_in_any_theme_and_width(
    server: Server, browser: Browser, page: str, scheme: str, width: int
) -> None:
    """Both themes, both widths, every fold open, all that a page can show."""
    context = browser.new_context(
        viewport={"width": width, "height": 1000}, color_scheme="dark" if scheme == "dark" else "light"
    )
    visit = Visit(context.new_page(), [])
    faults = []
    for more in SCENES.get(page, ("",)):
        arrive(visit, address(server, page, more))
        unfold(visit)
        faults += look(visit, page, width)
    context.close()
    assert not faults, "\n".join(faults)


def test_axe_in_the_dark_on_a_telephone(server: Server, browser: Browser) -> None:
    """The page with most on it; the long tier looks at all of them so."""
    context = browser.new_context(viewport={"width": NARROW, "height": 900}, color_scheme="dark")
    visit = Visit(context.new_page(), [])
    arrive(visit, address(server, "summary"))
    found = look(visit, "summary", NARROW)
    context.close()
    assert not found, "\n".join(found)


@pytest.mark.full
@pytest.mark.parametrize("page", PAGES)
def test_a_number_in_every_table_opens_its_rows_and_their_file(
    server: Server, visit: Visit, page: str
) -> None:
    faults: list[str] = []
    for more in SCENES.get(page, ("",)):
        arrive(visit, address(server, page, more))
        unfold(visit)
        faults += click_counts(visit, most=100)[0]
    assert not faults, "\n".join(faults)


@pytest.mark.full
@pytest.mark.parametrize("page", PAGES)
def test_every_control_is_reached_by_tab_with_every_fold_open(
    server: Server, visit: Visit, page: str
) -> None:
    arrive(visit, address(server, page))
    unfold(visit)
    _, faults = walk(visit)
    lacking = missed(visit)
    assert not faults, "\n".join(faults)
    assert not lacking, f"{page}: not reached: {lacking}"


def test_by_keyboard_alone_from_a_number_to_its_rows_and_back(server: Server, visit: Visit) -> None:
    page = visit.page
    arrive(visit, address(server, "summary"))
    tab_to(visit, "Filters")
    fold = page.locator(".st-key-filters details")
    page.keyboard.press("Enter")
    expect(fold).to_have_attribute("open", "")
    page.keyboard.press("Space")
    expect(fold).not_to_have_attribute("open", "")
    tab_to(visit, "n = ")
    said = int(re.sub(r"\D", "", page.evaluate("() => document.activeElement.innerText.split('n =')[1]")))
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text(f"{said:,} ", timeout=30_000)
    visit.settled()
    tab_to(visit, "With names")
    switch = page.get_by_role("switch", name="With names")
    page.keyboard.press("Space")
    expect(switch).to_be_checked()
    visit.settled()
    expect(switch).to_be_focused()
    page.keyboard.press("Space")
    expect(switch).not_to_be_checked()
    visit.settled()
    tab_to(visit, "Download these rows")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert "masked" in waiting.value.suggested_filename
    page.go_back()
    page.wait_for_timeout(500)
    if (
        "/tickets" in page.url
    ):  # Streamlit writes an address anew as it drops defaults, at times as a second step
        page.go_back()
    expect(page.get_by_role("heading", name="Look closer")).to_be_visible(timeout=30_000)


def test_by_keyboard_alone_a_choice_a_menu_and_a_cell(server: Server, visit: Visit) -> None:
    page = visit.page
    arrive(visit, address(server, "summary"))
    tab_to(visit, "Compared with")
    page.keyboard.type("Same period")
    page.keyboard.press("Enter")
    visit.settled()
    assert "against=Same+period+last+year" in page.url
    tab_to(visit, "Rules")
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Definitions").wait_for(state="visible")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "How every number is computed", timeout=30_000
    )
    arrive(visit, address(server, "metrics"))
    tab_to(visit, "MetricNow")
    behind = page.locator(".st-key-behind-metrics-response").get_by_role("heading")
    expect(behind).to_contain_text("in Q3 2026", timeout=30_000)
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        visit.settled()
    expect(behind).to_contain_text("in Q2 2026", timeout=30_000)
    expect(page.get_by_role("heading", name="Satisfaction", exact=True)).to_be_visible()
