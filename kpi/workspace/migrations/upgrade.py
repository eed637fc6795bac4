"""Whether a workspace database is up to date, and the way there."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, column, func, inspect, select, table

from kpi.workspace.nouns import WorkspaceError

SCHEMA = 2
"""Version of the tables that this program reads; the newest step writes it."""
VERSION_TABLE = "kpi_schema_version"
_LOCK = 0x6B7069
_ALEMBIC = Lock()
_about = table("kpi_about", column("name"), column("value"))


def upgrade(connection: Connection) -> None:
    """Makes the tables or brings them up to date, inside the transaction of the caller.

    Raises:
        WorkspaceError: they were written by a newer version.
    """
    if connection.dialect.name == "postgresql":
        # Two that open a new database at once take turns.
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    found = _schema(connection)
    if found is not None and not (found.isdigit() and 1 <= int(found) <= SCHEMA):
        raise WorkspaceError(
            f"this workspace has schema '{found}' and this program reads schema {SCHEMA}: it was written by "
            "a newer version. Update the program, or name another folder with KPI_WORKSPACE"
        )
    if found == str(SCHEMA):
        return
    # Alembic takes a third of a second to import, which only an upgrade has to pay.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    before_steps = found is not None and not inspect(connection).has_table(VERSION_TABLE)
    # Alembic keeps what it works on in one place for the whole process.
    with _ALEMBIC:
        if before_steps:
            command.stamp(config, "0001")
        command.upgrade(config, "head")


def _schema(connection: Connection) -> str | None:
    """What the tables say they are; None when there are none."""
    if not inspect(connection).has_table(_about.name):
        return None
    said = connection.scalar(select(_about.c.value).where(_about.c.name == "schema"))
    return "1" if said is None else str(said)
