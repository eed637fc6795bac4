"""Looks at tables or views of a watched database, and reads them as exports. It is only ever read.

Names of tables come from settings, so they are looked up among those that the database has and never put into
SQL as they are. A look counts rows and asks for the newest stamp of a column of changes; rows are read only
when one of the two moved, when no such column is there, or when the last reading is some minutes old: a row
that was changed and kept its stamp, or one whose transaction ended late, is found then.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    Connection,
    Engine,
    Inspector,
    NullPool,
    String,
    TableClause,
    cast,
    column,
    create_engine,
    event,
    func,
    inspect,
    select,
    table,
)
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError
from sqlalchemy.types import Date, DateTime

from kpi.ingest import Limits
from kpi.watching.address import EXPECTED, TABLES, Address, NotADatabase, file_of
from kpi.watching.drawing import Drawn, TooLarge, draw
from kpi.watching.folder import VARIABLE

WHOLE_S = 600.0
"""Seconds after which the rows are read again whatever a look says."""
REST = 10.0
"""So many times as long as a look or a reading took, the database is left alone."""
REST_WITHOUT_STAMP = 20.0
"""The same after a reading, where only reading all rows tells whether anything changed."""
CONNECT_S = 5
SERVERS = ("postgresql", "mysql", "mariadb")
MOST_NAMED = 8
BATCH = 5_000
STAMP = re.compile(
    r"(last|date|time|sys)?(updated?|modified|changed)(at|on|date|time)?|writedate|systemmodstamp"
)
"""Names of a column of changes, without the signs between words."""
_SECONDS = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
_EPOCH = 1e9
UNREADABLE = (SQLAlchemyError, OSError, ValueError)
UNREACHED = (*UNREADABLE, ImportError, TypeError)
ON_POSTGRESQL = (
    "SET LOCAL TIME ZONE 'UTC'",
    "SET LOCAL datestyle TO 'ISO'",
    "SET LOCAL lock_timeout TO '5s'",
    "SET LOCAL statement_timeout TO '15min'",
)
"""Stamps as every reader of text knows them; a lock or a query that never ends becomes a message."""


@dataclass(frozen=True)
class Mark:
    """What a look knows of one table; ``stamp``: the newest change, None where only its rows tell."""

    name: str
    rows: int
    stamp: str | None
    headers: tuple[str, ...]


@dataclass(frozen=True)
class Glance:
    """What a look found.

    Attributes:
        due: there is something to read, or it can only be told by reading.
        later: it changed, and is read once the database has rested.
        problem: why the database cannot be looked at.
    """

    due: bool = False
    later: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Reading:
    """The tables as files, by name, and why others could not be read."""

    drawn: Mapping[str, Drawn]
    broken: Mapping[str, str] = field(default_factory=dict)

    @property
    def mark(self) -> tuple[object, ...]:
        """The same exactly when the rows are."""
        return tuple((name, each.mark) for name, each in self.drawn.items()), tuple(self.broken.items())


@dataclass(frozen=True)
class _Found:
    """A table of the database: its columns, those that order its rows, the one that tells of changes."""

    name: str
    clause: TableClause
    headers: tuple[str, ...]
    stamps: frozenset[str]
    days: frozenset[str]
    key: tuple[str, ...]


class WatchedDatabase:
    """One database, looked at again and again. Not for several threads at once."""

    def __init__(
        self,
        address: Address,
        *,
        limits: Limits | None = None,
        whole_s: float = WHOLE_S,
        rest: float = REST,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.address = address
        self._limits = limits or Limits()
        self._whole_s = whole_s
        self._rest = rest
        self._steady = steady
        self._engine: Engine | None = None
        self._marks: tuple[Mark | str, ...] | None = None
        self._read_at = 0.0
        self._cost = 0.0
        self._glance = Glance()
        self._quiet_until = 0.0

    def look(self) -> Glance:
        """Whether anything changed since the last reading, by what is cheap to ask for."""
        begun = self._steady()
        if begun < self._quiet_until:
            return replace(self._glance, due=False)
        self._glance = self._looked()
        now = self._steady()
        self._quiet_until = now + self._rest * (now - begun)
        return self._glance

    def _looked(self) -> Glance:
        try:
            with self._connected() as connection:
                marks = self._marked(connection, self._found(connection))
        except NotADatabase as error:
            return Glance(problem=str(error))
        if self._marks is None:
            return Glance(due=True)
        age = self._steady() - self._read_at
        blind = any(isinstance(mark, Mark) and mark.stamp is None for mark in marks)
        if age < self._cost * (REST_WITHOUT_STAMP / REST if blind else 1) * self._rest:
            return Glance(later=marks != self._marks)
        return Glance(due=marks != self._marks or blind or age >= self._whole_s)

    def read(self, folder: Path) -> Reading:
        """Every table as a file in an empty folder, all of one moment.

        Raises:
            NotADatabase: it cannot be read; the message says why.
        """
        begun = self._steady()
        drawn: dict[str, Drawn] = {}
        broken: dict[str, str] = {}
        try:
            with self._connected() as connection:
                found = self._found(connection)
                marks = self._marked(connection, found)
                for number, (one, mark) in enumerate(zip(found, marks, strict=True)):
                    if isinstance(one, _Found) and isinstance(mark, Mark):
                        path = folder / f"{number}.csv"
                        taken = self._drawn(connection, one, mark, path)
                    else:
                        taken = str(one)
                    if isinstance(taken, Drawn):
                        drawn[self.address.tables[number]] = taken
                    else:
                        broken[self.address.tables[number]] = taken
            self._marks = marks
        finally:
            self._read_at = self._steady()
            self._cost = self._read_at - begun
        return Reading(drawn, broken)

    def took(self, seconds: float) -> None:
        """What was done with the last reading took so long: the next one waits the longer."""
        self._cost += seconds
        self._read_at = self._steady()

    def _drawn(self, connection: Connection, one: _Found, mark: Mark, path: Path) -> Drawn | str:
        """The rows of a table in a file, or why they are not read."""
        shorter = f"let {TABLES} name a view of a shorter time"
        if mark.rows > self._limits.rows:
            return (
                f"it holds {mark.rows:,} rows, more than the {self._limits.rows:,} that are read; {shorter}"
            )
        if len(one.headers) > self._limits.columns:
            return f"it has {len(one.headers):,} columns, more than {self._limits.columns:,}; {shorter}"
        if not mark.rows:
            return "it holds no row"
        try:
            return draw(path, one.headers, _rows(connection, one), self._limits.file_bytes)
        except TooLarge:
            return f"it gives more than {self._limits.file_bytes:,} bytes; {shorter} or with fewer columns"

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """One reading transaction, in which nothing changes under way."""
        address = self.address
        try:
            connection = self._connect()
        except UNREACHED as error:
            raise NotADatabase(self._unreached(error)) from None
        try:
            with connection, connection.begin():
                for statement in ON_POSTGRESQL if connection.dialect.name == "postgresql" else ():
                    connection.exec_driver_sql(statement)
                yield connection
        except UNREADABLE as error:
            cause = address.said(getattr(error, "orig", None) or error)
            raise NotADatabase(
                f"the database {address} cannot be read ({cause}); check that the user in {VARIABLE} may "
                f"read what {TABLES} names"
            ) from None

    def _connect(self) -> Connection:
        if self._engine is None:
            self._engine = _engine(self.address)
        connection = self._engine.connect()
        options: dict[str, Any] = {}
        if connection.dialect.name in SERVERS:
            options["isolation_level"] = "REPEATABLE READ"
        if connection.dialect.name == "postgresql":
            options["postgresql_readonly"] = True
        try:
            return connection.execution_options(**options)
        except BaseException:
            connection.close()
            raise

    def _unreached(self, error: BaseException) -> str:
        address, cause = self.address, self.address.said(getattr(error, "orig", None) or error)
        kind = address.url.drivername
        if isinstance(error, NoSuchModuleError):
            return f"{VARIABLE} names a kind of database that is not known here ('{kind}'); {EXPECTED}"
        if isinstance(error, ImportError):
            return (
                f"the driver for '{kind}' is not installed ({cause}); install it with pip beside the app, or "
                f"let {VARIABLE} name another database"
            )
        if isinstance(error, FileNotFoundError):
            return f"there is no file '{file_of(address.url)}'; let {VARIABLE} name the file of the database"
        return (
            f"the database {address} cannot be reached ({cause}); check that it runs, that this machine may "
            f"sign in, and what {VARIABLE} says"
        )

    def _found(self, connection: Connection) -> tuple[_Found | str, ...]:
        """Each wanted table, or why there is none."""
        inspector = inspect(connection)
        own = _names(inspector, None)
        holds = ", ".join(sorted(own)[:MOST_NAMED]) + (" …" if len(own) > MOST_NAMED else "")
        holds = f"the database holds {holds}" if own else "the database shows no table to this user"
        if not self.address.tables:
            raise NotADatabase(f"{TABLES} names no table or view to read; {holds}")
        found: list[_Found | str] = []
        for name in self.address.tables:
            schema, dot, rest = name.partition(".")
            if name in own:
                found.append(_reflected(inspector, name, name, None))
            elif dot and schema in inspector.get_schema_names() and rest in _names(inspector, schema):
                found.append(_reflected(inspector, name, rest, schema))
            else:
                found.append(f"there is no such table or view; {holds}; let {TABLES} name one of them")
        return tuple(found)

    def _marked(self, connection: Connection, found: Sequence[_Found | str]) -> tuple[Mark | str, ...]:
        return tuple(one if isinstance(one, str) else _mark(connection, one) for one in found)


def _engine(address: Address) -> Engine:
    url = address.url
    if url.get_backend_name() == "sqlite":
        return _sqlite(file_of(url))
    waits = (
        {"connect_timeout": CONNECT_S} if url.get_backend_name() in ("postgresql", "mysql", "mariadb") else {}
    )
    given = {name: value for name, value in waits.items() if name not in url.query}
    return create_engine(url, poolclass=NullPool, connect_args=given)


def _sqlite(file: Path) -> Engine:
    """A file that is opened to be read, never made; its text keeps the bytes that are no UTF-8."""

    def opened() -> sqlite3.Connection:
        if not file.is_file():
            raise FileNotFoundError(file)
        path = quote(str(file.resolve()))
        raw = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=CONNECT_S, isolation_level=None)
        raw.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
        return raw

    engine = create_engine("sqlite://", creator=opened, poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _names(inspector: Inspector, schema: str | None) -> set[str]:
    names = {*inspector.get_table_names(schema), *inspector.get_view_names(schema)}
    if hasattr(inspector, "get_foreign_table_names"):
        names |= set(inspector.get_foreign_table_names(schema))
    if inspector.dialect.name == "postgresql":
        names |= set(inspector.get_materialized_view_names(schema))
    return names


def _reflected(inspector: Inspector, name: str, own: str, schema: str | None) -> _Found:
    columns = inspector.get_columns(own, schema)
    headers = tuple(str(each["name"]) for each in columns)
    loose = inspector.dialect.name == "sqlite"
    stamps = {
        str(each["name"])
        for each in columns
        if STAMP.fullmatch(re.sub(r"[^a-z]", "", str(each["name"]).lower()))
        # SQLite keeps what it was given, whatever the type says; there the values tell.
        and (loose or isinstance(each["type"], DateTime))
    }
    days = {str(each["name"]) for each in columns if isinstance(each["type"], Date | DateTime)}
    key = tuple(inspector.get_pk_constraint(own, schema).get("constrained_columns") or ())
    clause = table(own, *(column(header) for header in headers), schema=schema)
    return _Found(name, clause, headers, frozenset(stamps), frozenset(days), key)


def _mark(connection: Connection, one: _Found) -> Mark:
    """The number of rows and the newest stamp of the columns of changes."""
    names = sorted(one.stamps)
    asked = [func.count()]
    for name in names:
        each = one.clause.c[name]
        asked += [_text(connection, func.min(each)), _text(connection, func.max(each)), func.count(each)]
    rows, *told = connection.execute(select(*asked).select_from(one.clause)).one()
    stamps = [
        f"{name} {low} {high} {known}"
        for name, low, high, known in zip(names, told[::3], told[1::3], told[2::3], strict=True)
        if _is_stamp(low) and _is_stamp(high)
    ]
    return Mark(one.name, int(rows), " ".join(stamps) if stamps or not rows else None, one.headers)


def _is_stamp(value: object) -> bool:
    """Whether what is the largest as text or number is the newest as well, to the second."""
    if isinstance(value, int | float):
        return value >= _EPOCH
    return isinstance(value, datetime) or (isinstance(value, str) and bool(_SECONDS.match(value)))


def _rows(connection: Connection, one: _Found) -> Iterator[Sequence[Any]]:
    columns = [
        _text(connection, one.clause.c[name]) if name in one.days else one.clause.c[name]
        for name in one.headers
    ]
    asked = select(*columns).select_from(one.clause).order_by(*(one.clause.c[name] for name in one.key))
    streamed = connection.execution_options(stream_results=True, max_row_buffer=BATCH)
    yield from streamed.execute(asked)


def _text(connection: Connection, value: Any) -> Any:
    """Stamps as text by PostgreSQL itself: 'infinity' and years of five digits have no other form."""
    return cast(value, String) if connection.dialect.name == "postgresql" else value
