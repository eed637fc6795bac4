"""A page that stays open follows the watched folder, and nobody touches it."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Server, Visit
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser

HEAD = "ticket_id,channel,priority,created_at,first_response_at,solved_at,status,updated_at\n"
PATIENCE = 60_000


def export(chats: int) -> str:
    """Answered chats, and some that have waited for 50 of 60 minutes."""
    now = datetime.now(UTC)
    rows = []
    for number in range(60):
        made = now - timedelta(hours=12 * number + 6)
        done = made + timedelta(minutes=10)
        rows.append(f"T{number},chat,normal,{made:%FT%TZ},{done:%FT%TZ},{done:%FT%TZ},solved,{done:%FT%TZ}")
    made = now - timedelta(minutes=50)
    rows += [f"W{number},chat,normal,{made:%FT%TZ},,,open,{made:%FT%TZ}" for number in range(chats)]
    return HEAD + "\n".join(rows) + "\n"


@pytest.fixture
def watching(
    tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Server, Path]]:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "tickets.csv").write_text(export(2))
    monkeypatch.setenv("KPI_WATCH", str(folder))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = Server(tmp_path / "app" / "workspace", port)
    running.workspace.parent.mkdir()
    running.start()
    yield running, folder
    running.stop()
    shutil.rmtree(folder)


def test_a_dropped_file_shows_up_by_itself(watching: tuple[Server, Path], visit: Visit) -> None:
    server, folder = watching
    page = visit.page
    page.goto(f"{server.url}/targets")
    page.get_by_text("Show the watched folder").or_(
        page.get_by_text("2 open promises run out soon")
    ).first.wait_for(timeout=PATIENCE)
    # The page may still be drawn, and the button with it anew: pressed before that, it is not heard.
    visit.settled()
    if page.get_by_text("Show the watched folder").count():
        page.get_by_text("Show the watched folder").click()
    expect(page.get_by_text("2 open promises run out soon")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("by the clock of this machine")).to_be_visible()
    # Slowly, and under its own name: a part of it is never shown.
    text = export(7)
    with (folder / "tickets.csv").open("w") as file:
        step, seen = len(text) // 120, False
        for start in range(0, len(text), step):
            file.write(text[start : start + step])
            file.flush()
            os.fsync(file.fileno())
            if not seen:
                page.wait_for_timeout(500)
                seen = page.get_by_text("still being written").count() > 0
            expect(page.get_by_text("2 open promises run out soon")).to_be_visible()
    assert seen
    expect(page.get_by_text("7 open promises run out soon")).to_be_visible(timeout=PATIENCE)
    (folder / "tickets.csv").write_text(export(9)[:-30])
    expect(page.get_by_text("it may be half written")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("7 open promises run out soon")).to_be_visible()
    assert "Traceback" not in server.log()
