"""What a page shows after a click (rows, stories, parts, forms, menus): axe finds no fault.

The long tier of ``test_every_page.py`` looks at pages as they open; this one at what is a click away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from conftest import Server, Visit
from playwright.sync_api import Browser
from walking import NARROW, PAGES, WIDE, address, arrive, click_counts, look

pytestmark = [pytest.mark.browser, pytest.mark.full]

PARTS = ("Coming+back", "Staying", "Effort+and+NPS", "Cohorts", "Kinds+of+customers")
TABS = (
    "Targets and what matters",
    "Response and resolution targets",
    "Days and hours",
    "Windows and exclusions",
)
LOOKS = [("light", WIDE), ("dark", NARROW)]
NO_PAGE = ""
"""Faults of Streamlit must be found on the pages of ``test_every_page.py``; here they need not."""


@pytest.fixture
def visits(browser: Browser) -> Iterator[Callable[[str, int], Visit]]:
    """Visitors with a theme and a width of screen."""
    contexts = []

    def made(scheme: str, width: int) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 1000}, color_scheme="dark" if scheme == "dark" else "light"
        )
        contexts.append(context)
        return Visit(context.new_page(), [])

    yield made
    for context in contexts:
        context.close()


def tab(name: str) -> Callable[[Visit], None]:
    return lambda visit: visit.page.get_by_role("tab", name=name).click()


def story(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Its story").first.click()


def filters(visit: Visit) -> None:
    visit.page.get_by_text("Filters", exact=True).click()
    box = visit.page.get_by_role("combobox", name="Channel")
    box.wait_for(state="visible")
    visit.page.wait_for_timeout(500)  # the fold opens with an animation
    box.click()


def menu(visit: Visit) -> None:
    page = visit.page
    if page.viewport_size and page.viewport_size["width"] > NARROW:
        page.get_by_text("Deep dive").first.click()
    else:
        page.locator("[data-testid=stExpandSidebarButton]").click()


def floating(fault: str) -> bool:
    """Streamlit puts open lists and menus beside the page, outside of every landmark of it."""
    return fault.startswith("region: ") and ('role="listbox"' in fault or "data-floating-ui-portal" in fault)


def refused(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Save the action").click()


STATES: dict[str, tuple[str, str, Callable[[Visit], None] | None]] = {
    **{f"customers, {part}": ("customers", f"look_at={part}", None) for part in PARTS},
    **{f"definitions, {name}": ("definitions", "", tab(name)) for name in TABS},
    "agents by pseudonyms": ("agents", "called=Pseudonyms", None),
    "the story behind a quote": ("resolutions", "", story),
    "choosing a filter": ("summary", "", filters),
    "the menu": ("goals", "", menu),
    "an action that is refused": ("actions", "", refused),
}
"""Page, what the address adds, and what is done there."""


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_after_a_click(
    server: Server, visits: Callable[[str, int], Visit], state: str, scheme: str, width: int
) -> None:
    visit = visits(scheme, width)
    page, more, act = STATES[state]
    arrive(visit, address(server, page, more))
    if act is not None:
        act(visit)
        visit.page.wait_for_timeout(500)
        visit.settled()
    found = [fault for fault in look(visit, NO_PAGE, width) if not floating(fault)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_where_rows_are_open(
    server: Server, visits: Callable[[str, int], Visit], page: str, scheme: str
) -> None:
    visit = visits(scheme, WIDE)
    arrive(visit, address(server, page))
    faults, _ = click_counts(visit, most=1)
    visit.settled()
    faults += look(visit, NO_PAGE, WIDE)
    assert not faults, "\n".join(faults)
