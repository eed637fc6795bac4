"""A process killed at any moment leaves a readable workspace, and its leftovers are swept."""

from __future__ import annotations

import os
import time

import pandas as pd
import pytest
from homes import Home, Victims

from kpi.ingest.nouns import Import, Tables

OLD = "0" * 64
NEW = "1" * 64
DURING_SAVE = (
    "in the second table",
    "before the account",
    "before the rename",
    "after the rename",
    "before the commit",
)


def table(value: str, rows: int) -> pd.DataFrame:
    return pd.DataFrame({"ticket_id": pd.Series([value] * rows, dtype="str")})


@pytest.fixture
def with_one(home: Home) -> Home:
    """A workspace with one data set."""
    kept = home.open()
    kept.save("old", Import(Tables(tickets=table("old", 2)), ()), OLD)
    kept.remember("fp", {"timezone": "UTC"})
    kept.close()
    return home


def grow_old(home: Home, hours: float) -> None:
    for found in [*home.files.glob("datasets/*"), *home.files.glob("staging/*")]:
        os.utime(found, (time.time() - hours * 3600,) * 2)


@pytest.mark.parametrize("where", DURING_SAVE)
def test_killed_in_a_save_the_old_is_whole_and_the_new_is_not_there(
    with_one: Home, victims: Victims, where: str
) -> None:
    victims.kill("save", where=where, label="new", source=NEW)
    kept = with_one.open()
    assert [dataset.label for dataset in kept.datasets()] == ["old"]
    pd.testing.assert_frame_equal(kept.load(kept.datasets()[0].key).tables.tickets, table("old", 2))
    assert kept.answers("fp") == {"timezone": "UTC"}
    assert len(list(with_one.files.glob("datasets/*"))) == 2, "a young one may be in use"
    grow_old(with_one, hours=2)
    again = with_one.open()
    assert len(list(with_one.files.glob("datasets/*"))) == 1
    assert again.load(again.save("new", Import(Tables(tickets=table("new", 3)), ()), NEW).key).tables.sizes()


@pytest.mark.parametrize("where", DURING_SAVE)
def test_killed_while_replacing_the_old_stays(with_one: Home, victims: Victims, where: str) -> None:
    victims.kill("save", where=where, label="old", source=OLD)
    kept = with_one.open()
    assert [dataset.label for dataset in kept.datasets()] == ["old"]
    pd.testing.assert_frame_equal(kept.load(kept.datasets()[0].key).tables.tickets, table("old", 2))


def test_killed_after_the_commit_the_new_is_whole(with_one: Home, victims: Victims) -> None:
    victims.kill("save", where="after the commit", label="new", source=NEW)
    kept = with_one.open()
    assert {dataset.label for dataset in kept.datasets()} == {"old", "new"}
    found = kept.find("new")
    assert found is not None
    pd.testing.assert_frame_equal(kept.load(found.key).tables.surveys, table("new", 3))


def test_killed_after_a_replacement_the_new_is_there_and_the_old_files_are_swept(
    with_one: Home, victims: Victims
) -> None:
    victims.kill("save", where="after the commit", label="old", source=OLD)
    grow_old(with_one, hours=2)
    kept = with_one.open()
    pd.testing.assert_frame_equal(kept.load(kept.datasets()[0].key).tables.tickets, table("new", 3))
    assert len(list(with_one.files.glob("datasets/*"))) == 1


def test_killed_in_an_upload_leaves_a_part_that_is_swept(with_one: Home, victims: Victims) -> None:
    victims.kill("upload")
    assert len(list(with_one.files.glob("staging/*"))) == 1
    assert [dataset.label for dataset in with_one.open().datasets()] == ["old"]
    assert len(list(with_one.files.glob("staging/*"))) == 1
    grow_old(with_one, hours=2)
    with_one.open()
    assert list(with_one.files.glob("staging/*")) == []


def test_killed_in_a_deletion_the_data_set_is_gone_and_its_files_are_swept(
    with_one: Home, victims: Victims
) -> None:
    victims.kill("delete", label="old")
    grow_old(with_one, hours=2)
    assert with_one.open().datasets() == ()
    assert list(with_one.files.glob("datasets/*")) == []


def test_staged_uploads_live_a_week(home: Home) -> None:
    kept = home.open()
    staged = kept.stage("a.csv", [b"abc"])
    grow_old(home, hours=6 * 24)
    home.open()
    assert staged.path.exists()
    grow_old(home, hours=8 * 24)
    home.open()
    assert not staged.path.exists()
