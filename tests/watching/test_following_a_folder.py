"""Looks at a watched folder: only whole files, nothing but files, nothing by default."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kpi.ingest import Account, import_files
from kpi.watching import Moved, Watch, chunks, cut_short, watched_folder, why_broken
from kpi.watching.folder import MOST_FILES


class Clock:
    """A clock that stands until it is told otherwise; the files are as old as it says."""

    def __init__(self) -> None:
        self.now = time.time()
        self.steady = 0.0

    def passes(self, seconds: float) -> None:
        self.now += seconds
        self.steady += seconds


def watch(folder: Path, clock: Clock) -> Watch:
    return Watch(folder, settle_s=5, clock=lambda: clock.now, steady=lambda: clock.steady)


def names(folder: Path, clock: Clock) -> list[str]:
    return [entry.name for entry in watch(folder, clock).look().files]


def test_nothing_is_watched_by_default() -> None:
    assert watched_folder({}) is None
    assert watched_folder({"KPI_WATCH": "  "}) is None
    assert watched_folder({"KPI_WATCH": "exports"}) == Path("exports")


def test_a_file_is_waited_for_until_it_rests(tmp_path: Path) -> None:
    clock = Clock()
    looking = watch(tmp_path, clock)
    (tmp_path / "tickets.csv").write_text("ticket_id\n1\n")
    assert not looking.look().settled
    clock.passes(4)
    (tmp_path / "tickets.csv").write_text("ticket_id\n1\n2\n")
    os.utime(tmp_path / "tickets.csv", (clock.now, clock.now))
    assert not looking.look().settled
    clock.passes(4)
    assert not looking.look().settled
    clock.passes(2)
    found = looking.look()
    assert found.settled
    assert [entry.name for entry in found.files] == ["tickets.csv"]


def test_a_file_that_is_gone_or_has_another_name_counts_as_a_change(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n")
    clock = Clock()
    clock.passes(60)
    looking = watch(tmp_path, clock)
    assert looking.look().settled
    os.rename(tmp_path / "a.csv", tmp_path / "b.csv")
    os.utime(tmp_path, (clock.now, clock.now))
    found = looking.look()
    assert [entry.name for entry in found.files] == ["b.csv"]
    assert not found.settled
    clock.passes(6)
    assert looking.look().settled


def test_a_clock_that_runs_behind_does_not_wait_for_ever(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n")
    clock = Clock()
    clock.now -= 7200
    looking = watch(tmp_path, clock)
    assert not looking.look().settled
    clock.passes(6)
    assert looking.look().settled


def test_links_folders_hidden_and_other_files_are_not_opened(tmp_path: Path) -> None:
    outside = tmp_path / "secret.csv"
    outside.write_text("secret\n")
    folder = tmp_path / "watched"
    folder.mkdir()
    (folder / "link.csv").symlink_to(outside)
    (folder / "folder.csv").mkdir()
    (folder / ".hidden.csv").write_text("x\n")
    (folder / "~$open.xlsx").write_text("x\n")
    (folder / "tickets.csv.part").write_text("x\n")
    (folder / "good.CSV").write_text("x\n")
    os.mkfifo(folder / "pipe.csv")
    found = watch(folder, Clock()).look()
    assert [entry.name for entry in found.files] == ["good.CSV"]
    assert [name for name, _ in found.left_out] == ["folder.csv", "link.csv", "pipe.csv"]


def test_a_file_that_becomes_a_link_after_the_look_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("good\n")
    (entry,) = watch(tmp_path, Clock()).look().files
    (tmp_path / "a.csv").unlink()
    (tmp_path / "other").write_text("secret")
    (tmp_path / "a.csv").symlink_to(tmp_path / "other")
    with pytest.raises(Moved):
        list(chunks(tmp_path, entry))


@pytest.mark.parametrize("text", ["longer than before\n", "n\n", "gone"])
def test_a_file_that_changes_while_it_is_read_is_read_later(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("good\nmore\n")
    (entry,) = watch(tmp_path, Clock()).look().files
    assert b"".join(chunks(tmp_path, entry)) == b"good\nmore\n"
    if text == "gone":
        path.unlink()
    else:
        path.write_text(text)
    with pytest.raises(Moved):
        list(chunks(tmp_path, entry))


def test_there_is_a_most_of_files(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 2):
        (tmp_path / f"{number:03d}.csv").write_text("x\n")
    found = watch(tmp_path, Clock()).look()
    assert len(found.files) == MOST_FILES
    assert [why for _, why in found.left_out] == [f"more than {MOST_FILES} files"] * 2


def test_a_folder_that_is_not_there_or_no_folder_is_said(tmp_path: Path) -> None:
    assert "there is no folder" in watch(tmp_path / "none", Clock()).look().problem
    (tmp_path / "file").write_text("")
    assert "is no folder" in watch(tmp_path / "file", Clock()).look().problem


# ---------------------------------------------------------------- whole or broken

Accounts = Callable[[str], tuple[Account, ...]]
HEAD = "ticket_id,created_at,status\n"
ROWS = "".join(f"{number},2026-09-{number:02d}T10:00:00Z,open\n" for number in range(1, 21))


def accounts(*files: tuple[str, str]) -> tuple[Account, ...]:
    return import_files([(name, text.encode()) for name, text in files], {"timezone": "UTC"}).files


def test_a_file_cut_inside_a_record_is_broken() -> None:
    cut = accounts(("a.csv", HEAD + ROWS + "21,2026-0"))
    assert why_broken("a.csv", cut) == "it ends in the middle of a record: it may be half written"
    assert why_broken("a.csv", accounts(("a.csv", HEAD + ROWS))) == ""


def test_a_file_without_a_row_is_broken_and_a_twin_is_not() -> None:
    beside = accounts(("a.csv", HEAD + ROWS), ("b.csv", HEAD), ("c.csv", HEAD + ROWS))
    assert why_broken("a.csv", beside) == ""
    assert why_broken("b.csv", beside).startswith("no row of it can be used")
    assert why_broken("c.csv", beside) == ""


def test_a_last_line_without_an_end_is_told_from_the_version_before(tmp_path: Path) -> None:
    whole, cut, never = tmp_path / "1", tmp_path / "2", tmp_path / "3"
    whole.write_text(HEAD + ROWS)
    cut.write_text((HEAD + ROWS)[:-3])
    never.write_text((HEAD + ROWS).rstrip())
    assert "half written" in cut_short("a.csv", cut, whole)
    assert cut_short("a.csv", whole, cut) == ""
    assert cut_short("a.csv", cut, never) == ""
    assert cut_short("a.csv", cut, None) == ""
    assert cut_short("a.xlsx", cut, whole) == ""
