"""Looks at a watched database: only read, only tables it has, all rows or a reason, no password anywhere."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from postgresql_server import Server
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert

from kpi.ingest import Limits, import_files
from kpi.watching import (
    Address,
    NotADatabase,
    Reading,
    WatchedDatabase,
    following,
    named,
    watched_database,
    watched_folder,
)

MAKE = (
    "create table tickets (id integer primary key, channel varchar(20), created_at {stamp}, "
    "first_response_at {stamp}, solved_at {stamp}, status varchar(20), tags varchar(200), updated_at {stamp})"
)
ADD = "insert into tickets values ({0}, 'chat', {1}, {2}, {2}, 'solved', 'a;b;c;d;e;f;g;h;i;j;k', {2})"


@dataclass(frozen=True)
class Desk:
    """A database of a help desk that a test writes to."""

    url: str
    kind: str

    def do(self, *statements: str) -> None:
        engine = create_engine(self.url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()

    @property
    def stamp(self) -> str:
        return "timestamptz" if self.kind == "postgresql" else "text"

    def fill(self, rows: int = 30, first: int = 1) -> None:
        def at(day: int, hour: int) -> str:
            return f"'2026-09-{day % 28 + 1:02d} {hour:02d}:00:00+00'"

        self.do(*(ADD.format(n, at(n, 10), at(n, 12)) for n in range(first, first + rows)))

    def watch(self, tables: str = "tickets", **more: Any) -> WatchedDatabase:
        return WatchedDatabase(named(self.url, tables), **{"rest": 0.0, **more})


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    if request.param == "sqlite":
        made = Desk(f"sqlite:///{tmp_path / 'desk.db'}", "sqlite")
        made.do(MAKE.format(stamp=made.stamp))
        yield made
        return
    server: Server = request.getfixturevalue("postgresql")
    with server.database() as url:
        made = Desk(url, "postgresql")
        made.do(MAKE.format(stamp=made.stamp))
        yield made


def read(watch: WatchedDatabase, folder: Path) -> Reading:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    return watch.read(folder)


def rows_of(reading: Reading, name: str = "tickets") -> list[dict[str, str]]:
    text = reading.drawn[name].path.read_text(encoding="utf-8", errors="surrogateescape")
    return list(csv.DictReader(text.splitlines()[1:]))


# ---------------------------------------------------------------- settings


def test_nothing_or_a_folder_is_no_database() -> None:
    assert watched_database({}) is None
    assert watched_database({"KPI_WATCH": "/exports"}) is None
    assert watched_folder({"KPI_WATCH": "sqlite:///desk.db"}) is None


@pytest.mark.parametrize(
    ("text", "tables", "said"),
    [
        ("postgresql://", "t", ""),
        ("://s3cret", "t", "KPI_WATCH is no address of a database"),
        ("postgresql://me:s3cret@host:port/db", "t", "KPI_WATCH is no address of a database"),
        ("sqlite://", "t", "KPI_WATCH names no file"),
        ("sqlite:///a.db", ",".join(f"t{n}" for n in range(30)), "names 30 tables; at most 20"),
    ],
)
def test_settings_that_cannot_be_read(text: str, tables: str, said: str) -> None:
    if not said:
        assert named(text, tables).tables == ("t",)
        return
    with pytest.raises(NotADatabase) as raised:
        named(text, tables)
    assert said in str(raised.value)
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:s3cret@127.0.0.1:1/desk",
        "postgresql://me:s3cret@127.0.0.1:1/desk?passfile=s3cret2&sslpassword=s3cret",
        "postgresql://me@127.0.0.1:1/desk?password=s3cret",
        "postgresql://me:s3cret%40@127.0.0.1:1/desk",
        "mysql+nodriver://me:s3cret@host/desk",
        "mysql+pymysql://me:s3cret@127.0.0.1:1/desk",
        "oraclex://me:s3cret@host/desk",
    ],
)
def test_no_message_holds_a_password(url: str, caplog: pytest.LogCaptureFixture) -> None:
    address = named(url, "tickets")
    problem = WatchedDatabase(address).look().problem
    assert problem
    with pytest.raises(NotADatabase) as raised:
        WatchedDatabase(address).read(Path("unused"))
    said = [problem, str(raised.value), repr(raised.value), repr(address), str(address), caplog.text]
    assert not [text for text in said if "s3cret" in text]
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_a_reason_that_holds_the_password_is_left_out() -> None:
    address = named("postgresql://me:s3cret%2F@host/desk?options=-c%20x%3Dhidden", "t")
    for text in ("bad dsn me:s3cret/@host", "bad dsn me:s3cret%2F@host", "bad options -c x=hidden"):
        assert address.said(ValueError(text)) == "ValueError"


@pytest.mark.parametrize(
    ("url", "said", "advice"),
    [
        ("postgresql://me@127.0.0.1:1/desk", "cannot be reached", "check that it runs"),
        ("sqlite:////no/such/desk.db", "there is no file '/no/such/desk.db'", "let KPI_WATCH name the file"),
        ("mysql+pymysql://me@127.0.0.1:1/desk", "the driver for 'mysql+pymysql' is not installed", "pip"),
        (
            "helpdesk://me@127.0.0.1/desk",
            "a kind of database that is not known here",
            "expected postgresql://",
        ),
    ],
)
def test_what_is_wrong_and_what_to_do(url: str, said: str, advice: str) -> None:
    problem = WatchedDatabase(named(url, "tickets")).look().problem
    assert said in problem
    assert advice in problem
    assert "\n" not in problem


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_text("no database at all, but a letter\n" * 50)
    problem = WatchedDatabase(named(f"sqlite:///{tmp_path / 'desk.db'}", "tickets")).look().problem
    assert "not a database" in problem


# ---------------------------------------------------------------- tables


def test_every_row_is_read_as_from_a_file(desk: Desk, tmp_path: Path) -> None:
    desk.fill(30)
    reading = read(desk.watch(), tmp_path / "out")
    assert reading.broken == {}
    rows = rows_of(reading)
    assert [row["id"] for row in rows] == [str(n) for n in range(1, 31)]
    assert rows[0]["created_at"] == "2026-09-02 10:00:00+00"
    imported = import_files([("tickets", reading.drawn["tickets"].path)])
    (account,) = imported.files
    assert (account.rows_read, account.rows_kept, account.rejects) == (30, 30, ())
    assert account.settings["timezone_origin"] == "declared"
    assert account.mapping["created_at"] == "tickets.created_at"
    tickets = imported.tables.tickets
    assert tickets is not None
    assert tickets["created_at"].dt.hour.eq(10).all()
    assert tickets["solved_at"].dt.hour.eq(12).all()


def test_a_view_and_a_table_of_another_schema(desk: Desk, tmp_path: Path) -> None:
    desk.fill(10)
    desk.do("create view open_desk as select * from tickets where id > 4")
    assert len(rows_of(read(desk.watch("open_desk"), tmp_path / "out"), "open_desk")) == 6
    if desk.kind == "postgresql":
        desk.do("create schema other", "create table other.calls as select * from tickets where id < 4")
        desk.do("create materialized view kept_desk as select * from tickets")
        found = read(desk.watch("other.calls, kept_desk"), tmp_path / "out")
        assert len(rows_of(found, "other.calls")) == 3
        assert len(rows_of(found, "kept_desk")) == 10


@pytest.mark.parametrize(
    "name",
    [
        "tickets; drop table tickets",
        'tickets" where 1=1 --',
        "(select 1)",
        "tickets union select * from tickets",
        "pg_catalog.pg_authid; select 1",
        "TICKETS ",
    ],
)
def test_settings_are_looked_up_and_never_run(desk: Desk, tmp_path: Path, name: str) -> None:
    desk.fill(5)
    found = read(desk.watch(name), tmp_path / "out")
    assert found.drawn == {}
    (why,) = found.broken.values()
    assert "there is no such table or view; the database holds tickets" in why
    assert len(rows_of(read(desk.watch(), tmp_path / "out"))) == 5


def test_names_that_need_quotes(desk: Desk, tmp_path: Path) -> None:
    name = 'Order 50% "x"'
    made = Table(name, MetaData(), Column("Select %s", Integer), Column("a,b", String(9)))
    engine = create_engine(desk.url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        made.create(connection)
        connection.execute(insert(made).values(("7", 'x"\ny')))
    engine.dispose()
    text = read(desk.watch(name), tmp_path / "out").drawn[name].path.read_text()
    assert text == 'sep=,\n"Select %s","a,b"\n"7","x""\ny"\n'


def test_no_tables_named_tells_what_there_is(desk: Desk) -> None:
    problem = desk.watch("").look().problem
    assert problem == "KPI_WATCH_TABLES names no table or view to read; the database holds tickets"


def test_a_missing_table_does_not_hold_up_the_others(desk: Desk, tmp_path: Path) -> None:
    desk.fill(5)
    found = read(desk.watch("tickets, surveys"), tmp_path / "out")
    assert list(found.drawn) == ["tickets"]
    assert list(found.broken) == ["surveys"]


def test_the_database_is_only_read(desk: Desk, tmp_path: Path) -> None:
    desk.fill(5)
    watch = desk.watch()
    with pytest.raises(NotADatabase) as raised, watch._connected() as connection:
        connection.exec_driver_sql("delete from tickets")
    assert "read" in str(raised.value).lower()
    assert len(rows_of(read(watch, tmp_path / "out"))) == 5


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    WatchedDatabase(named(f"sqlite:///{tmp_path / 'new.db'}", "tickets")).look()
    assert list(tmp_path.iterdir()) == []


def test_limits_are_said(desk: Desk, tmp_path: Path) -> None:
    desk.fill(5)
    for limits, why in (
        (Limits(rows=4), "it holds 5 rows, more than the 4 that are read"),
        (Limits(columns=3), "it has 8 columns, more than 3"),
        (Limits(file_bytes=300), "it gives more than 300 bytes"),
    ):
        found = read(desk.watch(limits=limits), tmp_path / "out")
        assert found.drawn == {}
        assert why in found.broken["tickets"]
        assert "view of a shorter time" in found.broken["tickets"]


def test_an_empty_table_is_said(desk: Desk, tmp_path: Path) -> None:
    assert read(desk.watch(), tmp_path / "out").broken == {"tickets": "it holds no row"}


def test_odd_values_of_postgresql(postgresql: Server, tmp_path: Path) -> None:
    with postgresql.database() as url:
        desk = Desk(url, "postgresql")
        desk.do(
            "create table odd (id bigint, paid numeric, vip boolean, due date, at timestamp, took interval, "
            "tags text[], more jsonb, photo bytea, nothing text)",
            "insert into odd values (1, 1e3, true, '2026-09-01', '2026-09-01 10:00:00.5', '1 day 02:00:03', "
            """'{vip,"late, very"}', '{"a": "ü"}', '\\x00ff', null)""",
            "insert into odd values (2, 'NaN', false, 'infinity', '-infinity', '-00:30:00', null, null, "
            "null, '')",
        )
        found = read(desk.watch("odd"), tmp_path / "out")
        one, two = rows_of(found, "odd")
    assert list(one.values()) == [
        "1", "1000", "true", "2026-09-01", "2026-09-01 10:00:00.5", "26:00:03", '["vip", "late, very"]',
        '{"a": "ü"}', "", "",
    ]  # fmt: skip
    assert [two[name] for name in ("due", "at", "took", "paid")] == [
        "infinity",
        "-infinity",
        "-0:30:00",
        "NaN",
    ]
    assert found.drawn["odd"].left_out == (("photo", 1),)
    assert "1 of column 'photo'" in found.drawn["odd"].strange


def test_text_that_is_no_utf_8_is_told_by_the_import(tmp_path: Path) -> None:
    desk = Desk(f"sqlite:///{tmp_path / 'desk.db'}", "sqlite")
    desk.do(MAKE.format(stamp="text"))
    desk.fill(30)
    with closing(sqlite3.connect(tmp_path / "desk.db")) as raw:
        raw.execute("update tickets set tags = cast(x'4dfc6c6c6572' as text) where id = 3")
        raw.commit()
    found = read(desk.watch(), tmp_path / "out")
    imported = import_files([("tickets", found.drawn["tickets"].path)])
    (account,) = imported.files
    assert (account.rows_kept, account.settings["encoding"]) == (30, "cp1252")
    assert imported.tables.tickets is not None
    assert imported.tables.tickets["tags"].astype("str").str.contains("Müller").sum() == 1


# ---------------------------------------------------------------- changes


class Steady:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_an_unchanged_database_is_not_read_again(desk: Desk, tmp_path: Path) -> None:
    desk.fill(20)
    clock = Steady()
    watch = desk.watch(steady=clock)
    assert watch.look().due
    first = read(watch, tmp_path / "out").mark
    for _ in range(3):
        clock.now += 20
        assert not watch.look().due
    desk.fill(1, first=50)
    assert watch.look().due
    second = read(watch, tmp_path / "out").mark
    assert second != first
    assert not watch.look().due
    desk.do("update tickets set status = 'open', updated_at = '2026-09-30 10:00:00+00' where id = 2")
    assert watch.look().due
    assert read(watch, tmp_path / "out").mark not in (first, second)
    desk.do("delete from tickets where id = 50")
    assert watch.look().due


def test_a_change_without_a_stamp_is_found_after_some_minutes(desk: Desk, tmp_path: Path) -> None:
    desk.fill(20)
    clock = Steady()
    watch = desk.watch(steady=clock)
    first = read(watch, tmp_path / "out").mark
    desk.do("update tickets set status = 'open' where id = 2")
    assert not watch.look().due
    clock.now += 601
    assert watch.look().due
    assert read(watch, tmp_path / "out").mark != first
    assert not watch.look().due


@pytest.mark.parametrize("stamp", ["never", "by day"])
def test_without_a_stamp_the_rows_tell(desk: Desk, tmp_path: Path, stamp: str) -> None:
    desk.fill(20)
    if stamp == "never":
        desk.do("alter table tickets drop column updated_at")
    elif desk.kind == "postgresql":
        desk.do("alter table tickets alter column updated_at type date")
    else:
        desk.do("update tickets set updated_at = substr(updated_at, 1, 10)")
    watch = desk.watch()
    first = read(watch, tmp_path / "out").mark
    assert watch.look().due
    assert read(watch, tmp_path / "out").mark == first
    desk.do("update tickets set status = 'open' where id = 2")
    assert watch.look().due
    assert read(watch, tmp_path / "out").mark != first


def test_the_same_rows_in_another_order_are_no_change(desk: Desk, tmp_path: Path) -> None:
    desk.fill(9)
    desk.do("create view one as select * from tickets order by id")
    first = read(desk.watch("one"), tmp_path / "out").drawn["one"]
    before = first.path.read_bytes()
    desk.do("drop view one", "create view one as select * from tickets order by id desc")
    second = read(desk.watch("one"), tmp_path / "out").drawn["one"]
    assert second.path.read_bytes() != before
    assert second.mark == first.mark


def test_a_new_column_is_a_change(desk: Desk, tmp_path: Path) -> None:
    desk.fill(5)
    watch = desk.watch()
    read(watch, tmp_path / "out")
    desk.do("alter table tickets add column product varchar(9)")
    assert watch.look().due


def test_the_database_is_left_alone_after_a_long_reading(desk: Desk, tmp_path: Path) -> None:
    desk.fill(5)
    clock = Steady()
    watch = desk.watch(steady=clock, rest=10.0)
    read(watch, tmp_path / "out")
    watch.took(6)
    desk.fill(1, first=20)
    clock.now += 59
    found = watch.look()
    assert (found.due, found.later) == (False, True)
    clock.now += 2
    assert watch.look().due


def test_tables_are_of_one_moment(desk: Desk, tmp_path: Path) -> None:
    """What is written while the first table is read is in neither."""
    desk.fill(5)
    desk.do("create view twice as select * from tickets")
    if desk.kind == "sqlite":
        desk.do("pragma journal_mode = wal")
    watch = desk.watch("tickets, twice")
    real = watch._drawn

    def drawn(*given: Any) -> Any:
        done = real(*given)
        desk.fill(1, first=90 + len(list((tmp_path / "out").iterdir())))
        return done

    watch._drawn = drawn  # type: ignore[method-assign]
    found = read(watch, tmp_path / "out")
    assert [each.rows for each in found.drawn.values()] == [5, 5]
    assert watch.look().due


# ---------------------------------------------------------------- the command line's loop


def test_following_a_database_acts_on_each_change(desk: Desk) -> None:
    desk.fill(20)
    acted: list[int] = []
    told: list[str] = []
    steps = [
        lambda: None,
        lambda: desk.fill(3, first=40),
        lambda: desk.do("alter table tickets rename to away"),
        lambda: None,
        lambda: desk.do("alter table away rename to tickets"),
    ]

    def act(imported: Any) -> str:
        acted.append(len(imported.tables.tickets))
        return f"{acted[-1]} tickets"

    following.follow(
        desk.watch(),
        import_files,
        act,
        told.append,
        looks=len(steps) + 1,
        sleep=lambda _: steps.pop(0)(),
    )
    assert acted == [20, 23, 23]
    assert [text.split(" ", 2)[2][:19] for text in told] == [
        "20 tickets",
        "23 tickets",
        "nothing was written",
        "23 tickets",
    ]


def test_an_address_is_told_without_secrets() -> None:
    address = Address(named("postgresql://me:s3cret@db/desk?sslpassword=s3cret", "t").url, ("t",))
    assert "s3cret" not in repr(address) + str(address)
