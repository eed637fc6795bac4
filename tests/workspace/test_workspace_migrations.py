"""Older workspaces open and are brought up to date; new ones are made by the same steps."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from homes import Home
from sqlalchemy import create_engine

from kpi.workspace import Event, Workspace, WorkspaceError
from kpi.workspace.database import metadata
from kpi.workspace.migrations import upgrade as steps
from kpi.workspace.places import place

# A folder as the program before the first step left it: dump of its database, files of its data set.
SCHEMA_1 = Path(__file__).with_name("schema_1")


@pytest.fixture
def old(home: Home) -> Home:
    """A workspace of schema 1."""
    files = home.files
    files.mkdir(parents=True)
    shutil.copytree(SCHEMA_1 / "datasets", files / "datasets")
    dump = (SCHEMA_1 / "workspace.sql").read_text(encoding="utf-8")
    if home.backend == "sqlite":
        with sqlite3.connect(files / "workspace.sqlite") as database:
            database.executescript(dump)
        database.close()
    else:
        for statement in dump.split(";\n"):
            if statement.strip():
                home.execute(statement.replace(":", "\\:"))
    return home


def check_old(kept: Workspace) -> None:
    assert [dataset.label for dataset in kept.datasets()] == ["March"]
    found = kept.load(kept.datasets()[0].key)
    assert found.tables.tickets is not None
    assert list(found.tables.tickets["ticket_id"]) == ["1", "2"]
    assert kept.answers("f" * 64) == {"timezone": "Europe/Berlin", "status:Geschlossen 'é": "closed"}
    assert kept.definitions().first_weekday == 6
    assert kept.definitions().targets["csat"] == 0.9


def difference(home: Home) -> list[object]:
    """What the tables of the database and those of the program differ in."""
    engine = create_engine(place(None).url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "version_table": steps.VERSION_TABLE}
        )
        found: list[object] = compare_metadata(context, metadata)
    engine.dispose()
    return found


def test_a_workspace_of_schema_1_opens_whole_and_is_upgraded(old: Home) -> None:
    kept = old.open()
    check_old(kept)
    assert kept.events() == ()
    made = kept.keep_event(Event("", date(2026, 3, 2), "Release 2.4", "release"))
    kept.close()
    again = old.open()
    assert again.events() == (made,)
    check_old(again)
    assert old.execute("select value from kpi_about where name = 'schema'") == [(str(steps.SCHEMA),)]
    assert difference(old) == []


def test_an_upgrade_that_fails_changes_nothing(old: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    before = old.execute("select name, value from kpi_about order by name")
    # The second table of the step cannot be made: the first must not stay behind.
    old.execute("create table kpi_kept_changes (number integer primary key)")
    with pytest.raises(WorkspaceError, match="cannot be used"):
        old.open()
    assert old.execute("select name, value from kpi_about order by name") == before
    old.execute("drop table kpi_kept_changes")
    assert "no such table" in _missing(old, "kpi_kept") or "does not exist" in _missing(old, "kpi_kept")
    check_old(old.open())


def _missing(home: Home, table: str) -> str:
    with pytest.raises(Exception) as raised:
        home.execute(f"select 1 from {table}")
    return str(raised.value)


def test_a_new_workspace_is_made_by_the_steps_alone(home: Home) -> None:
    home.open().close()
    assert difference(home) == []


@pytest.mark.parametrize("found", ["3", "2.0", "", "-1", "new"])
def test_what_is_newer_or_odd_is_refused_and_left_alone(home: Home, found: str) -> None:
    home.open().close()
    home.execute(f"update kpi_about set value = '{found}' where name = 'schema'")
    with pytest.raises(WorkspaceError, match=f"has schema '{found}' and this program reads schema 2"):
        home.open()
    assert home.execute("select value from kpi_about where name = 'schema'") == [(found,)]


def test_a_workspace_that_is_opened_by_many_at_once_is_made_once(old: Home) -> None:
    with ThreadPoolExecutor(6) as pool:
        opened = list(pool.map(lambda _: old.open(), range(6)))
    for kept in opened:
        check_old(kept)
        kept.close()
    assert old.execute(f"select version_num from {steps.VERSION_TABLE}") == [("0002",)]


def test_the_newest_step_is_the_schema_that_the_program_reads() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(steps.__file__).parent))
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [f"{steps.SCHEMA:04d}"]
    assert [step.revision for step in script.walk_revisions()] == ["0002", "0001"]


def test_opening_an_up_to_date_workspace_runs_no_step(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="alembic"):
        home.open().close()
        assert any("Running upgrade" in said for said in caplog.messages)
        caplog.clear()
        home.open().close()
    assert caplog.messages == []
