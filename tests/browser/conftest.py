"""A real server on its own port with its own workspace, and a real Chromium that may speak to it alone."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

QUIET_MS, PATIENCE_MS = 250, 180_000
"""A click reaches the server within the first; the second is for a slow machine."""
AT_REST = """([quiet, patience]) => new Promise(resolve => {
  const begun = performance.now();
  let since = null;
  const look = () => {
    const now = performance.now(), app = document.querySelector('[data-testid="stApp"]');
    const rests = app && app.dataset.testConnectionState === 'CONNECTED'
      && app.dataset.testScriptState === 'notRunning'
      && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]');
    since = rests ? since ?? now : null;
    if (since !== null && now - since >= quiet) resolve(true);
    else if (now - begun > patience) resolve(false);
    else setTimeout(look, 25);
  };
  look();
})"""
"""Looks inside the page, so that waiting costs no talk with the browser."""


def chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named if named and Path(named).exists() else next(filter(None, map(shutil.which, PROGRAMS)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium()
    if program is None:
        said = "no Chromium found: install one or set CHROMIUM to its path"
        if os.environ.get("CI") or os.environ.get("KPI_REQUIRE_BROWSER"):
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield started
        started.close()


@dataclass
class Server:
    """A running app; ``restart`` ends the process and starts a cold one on the same port and workspace."""

    workspace: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    asked: bool = False
    """Whether anybody wanted its address since it was started."""

    @property
    def url(self) -> str:
        self.asked = True
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={self.port}"],
            cwd=ROOT,
            env={**os.environ, "KPI_WORKSPACE": str(self.workspace)},
            stdout=subprocess.DEVNULL,
            stderr=(self.workspace.parent / "server.log").open("ab"),
        )
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1):
                    self.asked = False
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def cold(self) -> None:
        """A server that nobody has visited yet."""
        if self.asked:
            self.restart()

    def log(self) -> str:
        return (self.workspace.parent / "server.log").read_text(errors="replace")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = Server(tmp_path_factory.mktemp("app") / "workspace", port)
    running.start()
    yield running
    running.stop()


@dataclass
class Visit:
    """A visit of the app. Keeps every address that the browser asked for."""

    page: Page
    asked: list[str]

    def settled(self) -> None:
        """Wait until the server has answered and everything is drawn, and stays so for a moment."""
        self.page.wait_for_selector(
            '[data-testid="stApp"][data-test-connection-state="CONNECTED"]', timeout=60_000
        )
        try:
            rests = self.page.evaluate(AT_REST, [QUIET_MS, PATIENCE_MS])
        except Error:  # another page came in between
            rests = self.page.evaluate(AT_REST, [QUIET_MS, PATIENCE_MS])
        assert rests, "the page never came to rest"

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.settled()

    def choose(self, label: str, option: str) -> None:
        """Choose an option of the selectbox with that label."""
        self.page.get_by_role("combobox", name=label).first.click()
        self.page.keyboard.type(option)  # a long list holds only what is in sight
        self.page.get_by_role("option", name=option, exact=True).first.click()
        self.settled()

    def filter(self, label: str, typed: str) -> None:
        """Open the filters and choose the first value of one that fits what is typed."""
        self.page.get_by_text("Filters", exact=True).click()
        box = self.page.get_by_role("combobox", name=label)
        box.wait_for(state="visible")
        self.page.wait_for_timeout(500)  # the fold opens with an animation
        box.click()
        self.page.keyboard.type(typed)
        self.page.get_by_role("option").first.wait_for(state="visible")
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Escape")
        self.settled()

    def text(self) -> str:
        return self.page.locator('[data-testid="stMainBlockContainer"]').inner_text()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    yield Visit(page, asked)
    context.close()
