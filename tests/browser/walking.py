"""A visitor who looks with axe, goes with the Tab key and clicks counts; Streamlit's own faults by name."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from conftest import PATIENCE_MS, Server, Visit
from playwright.sync_api import Error, Locator

from ui import places
from ui.customers import PARTS

PAGES = tuple(places.PAGES)
WIDE, NARROW = 1440, 420
SCENES = {
    "compare": ("", "compare=Two+segments", "compare=Why+it+moved&scan=true"),
    "issues": ("", "repeats=true&beside=true"),
    "agents": ("topics=true",),
    "bottlenecks": ("", "hours_of=New+tickets+a+day"),
    "customers": tuple(f"look_at={quote_plus(part)}" for part in PARTS),
}
"""Addresses of a page that show more of it; the long tier opens all of them."""
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@dataclass(frozen=True)
class Allowed:
    """What axe finds in Streamlit itself; it must still be found on ``page`` at ``width``, else it goes."""

    rule: str
    within: str
    page: str
    width: int
    why: str


ALLOWED = (
    Allowed("svg-img-alt", "[data-testid=stMetric]", "summary", WIDE, "the line in a card has no text"),
    Allowed(
        "presentation-role-conflict",
        "[data-testid=stFileUploaderDropzone]",
        "data",
        WIDE,
        "the box for files is named and presentational at once",
    ),
    Allowed(
        "list",
        "[data-testid=stSidebarNavItems]",
        "summary",
        NARROW,
        "sections stand between the items",
    ),
    Allowed(
        "listitem", "[data-testid=stSidebarNavItems]", "summary", NARROW, "items of a section stand in a box"
    ),
)

LOOK = """async ([rules, allowed]) => {
  const what = {resultTypes: ['violations'], runOnly: {type: 'tag', values: rules}};
  const found = await axe.run(document, what);
  const ours = [], theirs = [];
  for (const violation of found.violations) for (const node of violation.nodes) {
    const element = document.querySelector(node.target[0]);
    const known = allowed.some(([rule, within]) => rule === violation.id && element?.closest(within));
    if (known) theirs.push(violation.id);
    else ours.push([violation.id, violation.help, node.html.slice(0, 200), node.any[0]?.message].join(': '));
  }
  return [ours, [...new Set(theirs)]];
}"""

CONTROLS = """a[href], button, input:not([type=hidden]), select, textarea, summary, canvas[tabindex],
  [role=button], [role=checkbox], [role=switch], [role=combobox], [role=tab], [role=slider], [role=radio]"""
SPARED = {
    "[data-testid=stNumberInputStepUp], [data-testid=stNumberInputStepDown]": "arrow keys do the same",
    "[role=tablist] [role=tab], [role=radiogroup] *": "one of the group is reached, arrow keys go on",
    "[data-testid=stFileUploaderDropzone] input[type=file]": "the button Browse files stands for it",
    "[data-testid=stSelectbox] button, [data-testid=stMultiSelect] button": "arrow keys open the field",
    "[data-testid=stDataFrame] *": "a grid is entered as a whole; its cells are walked inside it",
    "[data-testid=stStatusWidget] *": "the button Stop is there only while the page is being made",
}
"""Controls that need not be a stop of their own, and why."""

BEGIN = """(controls) => {
  const style = document.createElement('style');
  style.textContent = '*, *::before, *::after { transition: none !important; animation: none !important; }';
  document.head.append(style);
  window.look = (element) => {
    const seen = [];
    for (let each = element; each && each !== document.body && seen.length < 20; each = each.parentElement) {
      const now = getComputedStyle(each);
      seen.push(now.outline, now.boxShadow, now.borderColor, now.backgroundColor, now.color);
    }
    return seen.join('|');
  };
  document.body.tabIndex = -1;  // the next Tab begins at the top
  document.body.focus();
  document.body.removeAttribute('tabindex');
  window.before = new Map([...document.querySelectorAll(controls)].map(each => [each, window.look(each)]));
  window.reached = new Set();
  window.scrollTo(0, 0);
}"""

STEP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const again = window.reached.has(at);
  window.reached.add(at);
  const grid = at.closest('[data-testid=stDataFrame]');
  const inside = Boolean(grid && (at.tagName === 'TD' || at.tagName === 'CANVAS'));
  if (grid) for (const each of grid.querySelectorAll('canvas')) window.reached.add(each);
  const before = window.before.get(at);
  const said = at.getAttribute('aria-label') || at.innerText || at.textContent || '';
  const words = said.replace(/\\s+/g, ' ').trim().slice(0, 60);
  return {
    words, again, inside, tag: at.tagName, test: at.getAttribute('data-testid') || '',
    grid: grid ? [...document.querySelectorAll('[data-testid=stDataFrame]')].indexOf(grid) : -1,
    seen: before === undefined || before !== window.look(at),
  };
}"""

MISSED = """([controls, spared]) => [...document.querySelectorAll(controls)].filter(each =>
  !window.reached.has(each) && !each.disabled && each.getAttribute('aria-hidden') !== 'true' &&
  !each.closest('[aria-hidden=true], [inert], details:not([open]) > :not(summary)') &&
  !each.closest(spared) &&
  each.checkVisibility({visibilityProperty: true}) && each.getBoundingClientRect().width > 1
).map(each => `${each.tagName} ${(each.getAttribute('aria-label') || each.innerText || '').slice(0, 60)}`)"""

CELLS = """grid => [...grid.querySelectorAll('tbody tr')].map(row =>
  [...row.querySelectorAll('td')].map(cell => cell.textContent))"""
FOCUS = """(grid, column) => grid.querySelectorAll('tbody tr')[0].querySelectorAll('td')[column]
  .focus({preventScroll: true})"""
HEADS = "grid => [...grid.querySelectorAll('thead th')].map(head => head.textContent)"
ROWS = ("ticket_id", "survey_id", "call_id", "requester_id", "agent_name")
"""A table with one of these columns is itself a list of rows."""
WHOLE = (
    *("n", "Tickets", "Contacts", "Calls", "Answers", "Surveys sent", "Customers", "Judged", "n now"),
    *("Open", "Met", "Missed", "Watched", "n bad", "n listed", "together", "Contacts in the hour"),
)
"""Columns that count the rows of their row; one of them is clicked."""
COUNT = re.compile(r"([\d,]+)(?: (?:tickets?|answers?|calls?|customers?|contacts?))?")


def address(server: Server, page: str, more: str = "") -> str:
    path = "" if page == "summary" else page
    return f"{server.url}/{path}?data=Sample+data&period=Q3+2026&{more}".rstrip("&")


def arrive(visit: Visit, to: str) -> None:
    """Open an address and wait for its title, then until everything is drawn."""
    visit.page.goto(to)
    visit.page.locator("[data-testid=stMain] h1").first.wait_for(state="attached", timeout=PATIENCE_MS)
    visit.settled()


def unfold(visit: Visit) -> None:
    visit.page.evaluate(
        "() => document.querySelectorAll('[data-testid=stExpander] details:not([open]) > summary')"
        ".forEach(fold => fold.click())"
    )
    visit.settled()


def look(visit: Visit, page: str, width: int) -> list[str]:
    """What axe finds that is ours; what it finds in Streamlit must stand in the list, and must be found."""
    if not visit.page.evaluate("() => Boolean(window.axe)"):
        visit.page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    ours, theirs = visit.page.evaluate(LOOK, [list(RULES), [[each.rule, each.within] for each in ALLOWED]])
    gone = {each.rule for each in ALLOWED if (each.page, each.width) == (page, width)} - set(theirs)
    return [*ours, *(f"{rule} is no longer found in Streamlit: take it off the list" for rule in gone)]


def walk(visit: Visit, most: int = 600) -> tuple[list[dict[str, Any]], list[str]]:
    """Press Tab from the top of the page to its end; each stop, and what is wrong with it."""
    page = visit.page
    page.evaluate(BEGIN, CONTROLS)
    stops: list[dict[str, Any]] = []
    faults: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(STEP)
        if at is None:
            return stops, faults
        if at["inside"]:
            page.keyboard.press("End")  # past the cells of the row, out with the next Tab
            visit.settled()  # a cell that is reached is chosen, and shows its rows
        elif at["again"] and at["grid"] < 0 and stops and stops[-1]["words"] == at["words"]:
            return stops, [*faults, f"the focus is caught at {at['tag']} {at['words']}"]
        elif not at["seen"] and at["test"] not in ("stMain", "stSkipToContent") and at["tag"] != "DIV":
            faults.append(f"no sign of the focus on {at['tag']} {at['words']}")
        stops.append(at)
    last = [f"{at['tag']} {at['words'][:30]}" for at in stops[-8:]]
    return stops, [*faults, f"no end after {most} stops, the last ones: {last}"]


def missed(visit: Visit) -> list[str]:
    """Controls that the walk has not reached."""
    visit.settled()
    found: list[str] = visit.page.evaluate(MISSED, [CONTROLS, ", ".join(SPARED)])
    return found


def click_counts(visit: Visit, most: int) -> tuple[list[str], int]:
    """Click the first count of each table; the heading and the download must say as many.

    A grid tells of the columns in sight alone: where no count is among them, or all tables are wanted, the
    window is made wide.
    """
    page = visit.page
    faults, done = _counts_in_sight(visit, most) if most == 1 else ([], 0)
    if not done:
        page.set_viewport_size({"width": 3200, "height": 2400})
        page.wait_for_timeout(400)
        faults, done = _counts_in_sight(visit, most)
        page.set_viewport_size({"width": WIDE, "height": 1000})
    return faults, done


def _counts_in_sight(visit: Visit, most: int) -> tuple[list[str], int]:
    faults: list[str] = []
    done = 0
    grids = visit.page.locator("[data-testid=stDataFrame]")
    for number in range(grids.count()):
        if done == most:
            break
        grid = grids.nth(number)
        if not grid.is_visible():
            continue
        grid.scroll_into_view_if_needed()
        grid.locator("td").first.wait_for(state="attached", timeout=5_000)
        heads, rows = grid.evaluate(HEADS), grid.evaluate(CELLS)
        first = dict(zip(heads, rows[0], strict=False)) if rows else {}
        head = next((head for head in WHOLE if count_of(first.get(head, ""))), None)
        if head is None or any(each in ROWS for each in heads):
            continue
        done += 1
        wrong = click(visit, grid, heads.index(head), first[head])
        faults += [f"{head} “{first[head]}”: {each}" for each in wrong]
    return faults, done


def count_of(cell: str) -> int:
    found = COUNT.fullmatch(cell.strip())
    return 0 if found is None else int(found.group(1).replace(",", ""))


def click(visit: Visit, grid: Locator, column: int, cell: str) -> list[str]:
    page = visit.page
    wanted = count_of(cell)
    said = re.compile(rf"^{wanted:,} ")
    heading = page.get_by_role("heading").filter(has_text=said).first
    for patience in (4_000, 30_000):
        # A grid that is drawn anew just then forgets what was chosen in it, as it would a reader's click.
        # By its place among the columns in sight: the numbers that a grid gives its cells begin elsewhere.
        grid.evaluate(FOCUS, column)
        try:
            heading.wait_for(state="attached", timeout=patience)
            break
        except Error:
            grid.evaluate(FOCUS, 0)
            visit.settled()
    else:
        heads = page.get_by_role("heading").all_inner_texts()
        return [f"no heading says {wanted:,}: {[text[:40] for text in heads]}"]
    visit.settled()
    for button in page.get_by_role("button", name="Download these").all():
        with page.expect_download() as waiting:
            button.click()
        file = waiting.value
        rows = list(csv.reader(io.StringIO(Path(file.path()).read_text(encoding="utf-8-sig"))))
        if len(rows) - 1 == wanted:
            return [] if "masked" in file.suggested_filename else [f"{file.suggested_filename} is not masked"]
    return [f"no download has {wanted:,} rows"]


def tab_to(visit: Visit, words: str) -> None:
    """Press Tab until the focus is on what begins with these words."""
    visit.page.evaluate(BEGIN, CONTROLS)
    for _ in range(120):
        visit.page.keyboard.press("Tab")
        at = visit.page.evaluate(STEP)
        if at is None:
            break
        if words in at["words"] and at["tag"] != "MAIN":
            return
    raise AssertionError(f"“{words}” is not reached by Tab")
