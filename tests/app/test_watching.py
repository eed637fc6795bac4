"""A watched folder: read as a data set, followed by the page, and never the worse for a broken file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import sound, words
from streamlit.testing.v1 import AppTest

from ui import store, uploads, watcher, watching
from ui.watched_folder import FolderWatcher

Open = Callable[..., AppTest]
HEAD = "ticket_id,channel,priority,created_at,first_response_at,solved_at,status,updated_at\n"


def export(chats: int, *, minutes: float = 50, prefix: str = "T") -> str:
    """Answered tickets of four weeks, and chats that have waited for some minutes; one hour is promised."""
    now = datetime.now(UTC).replace(microsecond=0)
    rows = []
    for number in range(60):
        made = now - timedelta(hours=12 * number + 6)
        done = made + timedelta(minutes=10)
        rows.append(
            f"{prefix}{number},chat,normal,{made:%FT%TZ},{done:%FT%TZ},{done:%FT%TZ},solved,{done:%FT%TZ}"
        )
    made = now - timedelta(minutes=minutes)
    rows += [f"{prefix}W{number},chat,normal,{made:%FT%TZ},,,open,{made:%FT%TZ}" for number in range(chats)]
    return HEAD + "\n".join(rows) + "\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose files count as whole at once."""
    made = tmp_path / "exports"
    made.mkdir()
    monkeypatch.setenv("KPI_WATCH", str(made))
    monkeypatch.setattr(watcher, "AT_MOST_EVERY_S", 0.0)
    watching._folder_watcher.clear()  # type: ignore[attr-defined]
    monkeypatch.setattr(watching, "SETTLE_S", 0.0)
    monkeypatch.setattr(watching, "PATIENCE_S", 0.0)
    yield made
    watching._folder_watcher.clear()  # type: ignore[attr-defined]
    if (kept := watching.dataset()) is not None:
        uploads.delete(kept)


def put(folder: Path, name: str, text: str | bytes) -> None:
    """Written beside it and renamed, as a careful export does; a new time even within a tick of the clock."""
    beside = folder / f".{name}.part"
    beside.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.replace(beside, folder / name)


def read() -> dict[str, int]:
    kept = watching.dataset()
    return {} if kept is None else dict(kept.rows)


def near(at: AppTest) -> str:
    return next(str(each.value).replace("\\", "") for each in at.markdown if "out soon" in str(each.value))


def test_nothing_is_watched_by_default(visit: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KPI_WATCH", raising=False)
    assert watching.watcher() is None
    at = visit("targets")
    assert "no folder and no database is watched" in words(at)
    assert "watched folder" not in words(visit("data"))


def test_what_lies_in_the_folder_is_a_data_set_that_counts_up_to_now(visit: Open, folder: Path) -> None:
    put(folder, "tickets.csv", export(2))
    at = visit("targets", data=store.WATCHED_LABEL)
    assert near(at).startswith("**2 open promises run out soon, the first in ")
    said = words(at)
    assert re.search(
        r"As of \d\d:\d\d \(UTC\) by the clock of this machine; the newest stamp in the data is", said
    )
    # The newest stamp is 50 minutes old; by it alone both would have waited for no time at all.
    rows = next(each.value for each in at.dataframe if "left_h" in each.value.columns)
    assert rows["waited_h"].between(49 / 60, 55 / 60).all()
    assert set(rows["limit_h"]) == {1.0}


def test_a_changed_file_is_followed_without_a_choice(visit: Open, folder: Path) -> None:
    put(folder, "tickets.csv", export(2))
    at = visit("targets", data=store.WATCHED_LABEL)
    put(folder, "tickets.csv", export(5))
    at.run()
    assert sound(at)
    assert near(at).startswith("**5 open promises run out soon")
    put(folder, "more.csv", export(1, prefix="M"))
    at.run()
    assert near(at).startswith("**6 open promises run out soon")
    assert read() == {"tickets": 126}
    (folder / "more.csv").unlink()
    at.run()
    assert near(at).startswith("**5 open promises run out soon")
    assert [each.label for each in store.kept()].count(store.WATCHED_LABEL) == 1


@pytest.mark.parametrize(
    ("name", "broken", "why"),
    [
        ("tickets.csv", export(9)[:-40], "it may be half written"),
        ("tickets.csv", export(9)[:-4], "its last line has no end"),
        ("tickets.csv", HEAD, "tickets.csv"),
        ("tickets.csv", b"", "tickets.csv"),
        ("tickets.csv", b"PK\x03\x04 no workbook", "tickets.csv"),
        ("other.xlsx", b"\x00\x01\x02" * 50, "other.xlsx"),
    ],
)
def test_a_broken_file_takes_nothing_away(
    visit: Open, folder: Path, name: str, broken: str | bytes, why: str
) -> None:
    put(folder, "tickets.csv", export(2))
    at = visit("targets", data=store.WATCHED_LABEL)
    key = watching.dataset().key  # type: ignore[union-attr]
    put(folder, name, broken)
    at.run()
    assert sound(at)
    assert near(at).startswith("**2 open promises run out soon")
    assert watching.dataset().key == key  # type: ignore[union-attr]
    (warning,) = [each for each in at.warning if "watched folder" in each.proto.title or why in each.value]
    said = str(warning.value).replace("\\", "")
    assert why in said
    assert "what was read before stays" in said
    # The good one comes, and nothing is complained about any more.
    put(folder, "tickets.csv", export(3))
    (folder / "other.xlsx").unlink(missing_ok=True)
    at.run()
    assert near(at).startswith("**3 open promises run out soon")
    assert not at.warning


def test_a_broken_file_does_not_hold_up_the_others(visit: Open, folder: Path) -> None:
    put(folder, "a.csv", export(1, prefix="A"))
    put(folder, "b.csv", export(1, prefix="B"))
    at = visit("targets", data=store.WATCHED_LABEL)
    put(folder, "a.csv", export(4, prefix="A"))
    put(folder, "b.csv", export(9, prefix="B")[:-40])
    at.run()
    # Four of the new a, one of the b before.
    assert near(at).startswith("**5 open promises run out soon")
    assert read() == {"tickets": 125}


def test_a_file_that_is_still_being_written_is_waited_for(visit: Open, folder: Path) -> None:
    put(folder, "tickets.csv", export(2))
    at = visit("targets", data=store.WATCHED_LABEL)
    one = watching.watcher()
    assert isinstance(one, FolderWatcher)
    one._watch._settle_s = 3600
    put(folder, "tickets.csv", export(7))
    at.run()
    assert near(at).startswith("**2 open promises run out soon")
    assert "still being written" in words(at)
    one._watch._settle_s = 0
    at.run()
    assert near(at).startswith("**7 open promises run out soon")
    assert "still being written" not in words(at)


def test_a_first_file_that_stops_inside_a_line_is_waited_for(visit: Open, folder: Path) -> None:
    put(folder, "tickets.csv", export(2).rstrip())
    one = FolderWatcher(folder, settle_s=0.0, patience_s=3600)
    assert one.look().waits
    assert watching.dataset() is None
    one._patience_s = 0
    assert not one.look().waits
    assert read() == {"tickets": 62}


def test_an_empty_folder_keeps_what_was_read(visit: Open, folder: Path) -> None:
    at = visit("targets")
    assert sound(at)
    assert read() == {}
    put(folder, "tickets.csv", export(2))
    at.run()
    assert "A folder is watched, but this page shows other data." in words(at)
    assert "not as of now: these data are not those of the watched folder" in words(at)
    at.button(key="show-watched").click().run()
    assert near(at).startswith("**2 open promises run out soon")
    (folder / "tickets.csv").unlink()
    at.run()
    assert sound(at)
    assert near(at).startswith("**2 open promises run out soon")
    assert "the folder holds no export; what was read before stays" in words(at)


def test_a_folder_that_is_not_there_is_said(visit: Open, folder: Path) -> None:
    folder.rmdir()
    assert "there is no folder" in words(visit("targets"))
    assert "Nothing has been read from it yet." in words(visit("data"))


def test_the_page_data_tells_what_was_read(visit: Open, folder: Path) -> None:
    put(folder, "tickets.csv", export(2))
    said = words(visit("data", data=store.WATCHED_LABEL))
    assert re.search(r"1 file read at \d\d:\d\d, changed at \d\d:\d\d\.", said)


def test_what_was_deleted_comes_back_with_the_next_change(visit: Open, folder: Path) -> None:
    put(folder, "tickets.csv", export(2))
    at = visit("data", data=store.WATCHED_LABEL)
    uploads.delete(watching.dataset())  # type: ignore[arg-type]
    at.run()
    assert sound(at)
    assert "What was read was deleted here; it is read again when a file changes." in words(at)
    put(folder, "tickets.csv", export(3))
    at.run()
    assert read() == {"tickets": 63}


def test_a_second_server_does_not_read_the_same_files_again(visit: Open, folder: Path) -> None:
    put(folder, "tickets.csv", export(2))
    visit("targets", data=store.WATCHED_LABEL)
    kept = watching.dataset()
    assert kept is not None
    again = FolderWatcher(folder, settle_s=0.0)
    state = again.look()
    assert (state.files, state.read, state.problems) == (1, kept.created_at, ())
    assert watching.dataset() == kept


def test_an_upload_of_that_name_is_never_taken_for_the_folder() -> None:
    assert uploads.label_for(("Watched folder.csv",)) == "Watched folder (own)"


def test_a_file_too_large_is_said_and_takes_nothing_away(
    visit: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    put(folder, "tickets.csv", export(2))
    at = visit("targets", data=store.WATCHED_LABEL)
    workspace = store.workspace()
    monkeypatch.setattr(workspace, "_caps", replace(workspace._caps, upload_bytes=2_000))
    put(folder, "tickets.csv", export(60))
    at.run()
    assert "is larger than" in words(at)
    assert near(at).startswith("**2 open promises run out soon")
