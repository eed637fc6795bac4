"""The tables of the workspace as they are now, in portable SQL, and the engine that reaches them.

A change of a table needs a step in ``migrations/versions`` that brings older workspaces there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from kpi.workspace.migrations.upgrade import upgrade
from kpi.workspace.nouns import WorkspaceError
from kpi.workspace.places import Place

BUSY_SECONDS = 30
# A server that is not there, or a lock that is never let go, becomes a message instead of a page that hangs.
WAITS: Mapping[str, Mapping[str, Any]] = {
    "postgresql": {"connect_timeout": 10, "options": f"-c lock_timeout={BUSY_SECONDS * 1000}"}
}

T = TypeVar("T")

metadata = MetaData()
about = Table(
    "kpi_about", metadata, Column("name", String(64), primary_key=True), Column("value", Text, nullable=False)
)
datasets = Table(
    "kpi_datasets",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("label", String(200), nullable=False, unique=True),
    Column("created_at", String(40), nullable=False),
    Column("source_hash", String(128), nullable=False),
    Column("folder", String(64), nullable=False, unique=True),
    Column("size", BigInteger, nullable=False),
    Column("summary", Text, nullable=False),
)
# Question and answer are JSON strings: a status from an upload may hold characters that no text column takes.
answers = Table(
    "kpi_import_answers",
    metadata,
    Column("fingerprint", String(128), primary_key=True),
    Column("question_hash", String(64), primary_key=True),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
)
# What people keep: one row a record with its newest version. Its fields are one JSON text with escapes.
kept = Table(
    "kpi_kept",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(32), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("dropped", Boolean, nullable=False),
    Column("body", Text, nullable=False),
)
# Every change of them, those that came too late included; never rewritten.
changes = Table(
    "kpi_kept_changes",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("fate", String(16), nullable=False),
    Column("changed_at", String(40), nullable=False),
    Column("author", String(80), nullable=False),
    Column("body", Text, nullable=False),
)


def connect(place: Place) -> Engine:
    """The engine of a workspace whose tables exist and have this version.

    Raises:
        WorkspaceError: the database cannot be reached or written, or belongs to a newer version.
    """
    backend = place.url.get_backend_name()
    sqlite = backend == "sqlite"
    waits = WAITS.get(backend, {})
    given = {name: value for name, value in waits.items() if name not in place.url.query}
    try:
        engine = create_engine(place.url, pool_pre_ping=not sqlite, connect_args=given)
    except (NoSuchModuleError, ImportError) as error:
        raise WorkspaceError(
            f"the database driver for '{place.url.drivername}' is not installed ({error}); install it, or "
            "name a folder instead"
        ) from error
    if sqlite:
        _as_sqlite(engine)
    try:
        _prepare(engine)
    except SQLAlchemyError as error:
        engine.dispose()
        advice = (
            "check that its folder can be written, or name another one with KPI_WORKSPACE"
            if sqlite
            else "check that the server runs, that you may sign in, and what KPI_DATABASE_URL says"
        )
        raise WorkspaceError(
            f"the workspace database at {place.url.render_as_string(hide_password=True)} cannot be used "
            f"({_cause(error)}); {advice}"
        ) from error
    except WorkspaceError:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read from.

    Raises:
        WorkspaceError: the database is damaged or cannot be reached.
    """
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise WorkspaceError(f"the workspace could not be read ({_cause(error)}); try again") from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes; what it does happens wholly or not at all.

    Raises:
        WorkspaceError: the database is busy, full or cannot be written.
    """
    try:
        with engine.connect().execution_options(kpi_writes=True) as connection, connection.begin():
            yield connection
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise WorkspaceError(f"the workspace could not be written ({_cause(error)}); try again") from error


def write_again(act: Callable[[Connection], T], engine: Engine) -> T:
    """Does something in one writing transaction, once more when another process inserted the same row first.

    Raises:
        IntegrityError: the second time as well.
    """
    try:
        with writing(engine) as connection:
            return act(connection)
    except IntegrityError:
        with writing(engine) as connection:
            return act(connection)


def _cause(error: SQLAlchemyError) -> str:
    said = str(error.orig if isinstance(error, DBAPIError) else error)
    return next((line.strip() for line in said.splitlines() if line.strip()), type(error).__name__)


def _prepare(engine: Engine) -> None:
    """Makes or upgrades the tables. Two that do so at once wait for each other or try again."""
    for last_try in (False, True):
        try:
            with engine.connect().execution_options(kpi_writes=True) as connection, connection.begin():
                upgrade(connection)
            return
        except DBAPIError:
            if last_try or engine.dialect.name == "sqlite":
                raise


def _as_sqlite(engine: Engine) -> None:
    """Write-ahead log, deleted content overwritten, and writers that queue instead of failing.

    The driver's own transactions begin late and cannot wait for a lock when they turn from reading to
    writing; those that write therefore begin as writers.
    """

    @event.listens_for(engine, "connect")
    def settings(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("kpi_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def forget_deleted(engine: Engine) -> None:
    """Empties SQLite's write-ahead log, in which deleted rows would live on."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()
