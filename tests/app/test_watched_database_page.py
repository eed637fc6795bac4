"""A watched database: read as a data set, followed by the page, none the worse for trouble, no password."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import sound, words
from postgresql_server import Server
from sqlalchemy import Engine, NullPool, create_engine
from streamlit.testing.v1 import AppTest

from ui import store, uploads, watcher, watching
from ui.watched_database import DatabaseWatcher

Open = Callable[..., AppTest]
COLUMNS = (
    "ticket_id varchar(20) primary key, channel varchar(20), priority varchar(20), created_at {stamp}, "
    "first_response_at {stamp}, solved_at {stamp}, status varchar(20), updated_at {stamp}"
)


@dataclass
class Desk:
    """The help desk's database, written to by the test."""

    engine: Engine

    def do(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def fill(self, chats: int, *, minutes: float = 50, name: str = "tickets") -> None:
        """Answered tickets of four weeks, and chats that have waited for some minutes of a promised hour."""
        stamp = "timestamptz" if self.engine.dialect.name == "postgresql" else "text"
        now = datetime.now(UTC).replace(microsecond=0)
        rows = []
        for number in range(60):
            made = now - timedelta(hours=12 * number + 6)
            done = f"'{made + timedelta(minutes=10)}'"
            rows.append(f"('T{number}', 'chat', 'normal', '{made}', {done}, {done}, 'solved', {done})")
        made = now - timedelta(minutes=minutes)
        waits = f"'{made}', null, null, 'open', '{made}')"
        rows += [f"('W{number}', 'chat', 'normal', {waits}" for number in range(chats)]
        self.do(
            f"drop table if exists {name}",
            f"create table {name} ({COLUMNS.format(stamp=stamp)})",
            f"insert into {name} values {', '.join(rows)}",
        )

    def wait(self, number: int, minutes: float = 50) -> None:
        """One more chat that waits."""
        made = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=minutes)
        waits = f"'{made}', null, null, 'open', '{made}'"
        self.do(f"insert into tickets values ('X{number}', 'chat', 'normal', {waits})")


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(watcher, "AT_MOST_EVERY_S", 0.0)
    if request.param == "sqlite":
        yield from _watched(f"sqlite:///{tmp_path / 'desk.db'}", "sqlite", monkeypatch)
    else:
        server: Server = request.getfixturevalue("postgresql")
        with server.database() as url:
            secret = url.replace("kpi@", "kpi:s3cret-word@")
            yield from _watched(secret, "postgresql", monkeypatch)


def _watched(url: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("KPI_WATCH", url)
    monkeypatch.setenv("KPI_WATCH_TABLES", "tickets")
    watching._database_watcher.clear()  # type: ignore[attr-defined]
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    yield Desk(engine)
    one = watching.watcher()
    watching._database_watcher.clear()  # type: ignore[attr-defined]
    if one is not None and (kept := store.workspace().find(one.label)) is not None:
        uploads.delete(kept)


def at_once() -> DatabaseWatcher:
    """The watcher, that no longer rests after a reading."""
    one = watching.watcher()
    assert isinstance(one, DatabaseWatcher)
    one._watch._rest = 0.0
    return one


def near(at: AppTest) -> str:
    return next(str(each.value).replace("\\", "") for each in at.markdown if "out soon" in str(each.value))


def opened(visit: Open, page: str = "targets") -> AppTest:
    at_once()
    return visit(page, data=store.WATCHED_DATABASE)


def test_what_is_in_the_table_is_a_data_set_that_counts_up_to_now(visit: Open, desk: Desk) -> None:
    desk.fill(2)
    at = opened(visit)
    assert near(at).startswith("**2 open promises run out soon, the first in ")
    said = words(at)
    assert re.search(
        r"As of \d\d:\d\d \(UTC\) by the clock of this machine; the newest stamp in the data", said
    )
    assert re.search(r", the tables were read at \d\d:\d\d\. What was answered", said)
    rows = next(each.value for each in at.dataframe if "left_h" in each.value.columns)
    assert rows["waited_h"].between(49 / 60, 55 / 60).all()


def test_a_change_is_followed_and_no_change_is_not_read_again(
    visit: Open, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.fill(2)
    at = opened(visit)
    one = at_once()
    reads: list[int] = []
    real = one._watch.read
    monkeypatch.setattr(one._watch, "read", lambda folder: (reads.append(1), real(folder))[1])
    at.run()
    at.run()
    assert reads == []
    desk.wait(1)
    at.run()
    assert sound(at)
    assert near(at).startswith("**3 open promises run out soon")
    assert len(reads) == 1
    stamp = datetime.now(UTC).replace(microsecond=0)
    desk.do(
        f"update tickets set first_response_at = '{stamp}', status = 'pending', updated_at = '{stamp}' "
        "where ticket_id in ('W0', 'X1')"
    )
    at.run()
    assert near(at).startswith("**1 open promise runs out soon")
    assert [each.label for each in store.kept()].count(store.WATCHED_DATABASE) == 1


def test_trouble_takes_nothing_away_and_goes_when_it_is_over(visit: Open, desk: Desk) -> None:
    desk.fill(2)
    at = opened(visit)
    desk.do("alter table tickets rename to away")
    at.run()
    assert sound(at)
    assert near(at).startswith("**2 open promises run out soon")
    (warning,) = at.warning
    said = str(warning.value).replace("\\", "")
    assert "tickets: there is no such table or view; the database holds away" in said
    assert "what was read before stays" in said
    desk.do("alter table away rename to tickets")
    desk.wait(1)
    at.run()
    assert near(at).startswith("**3 open promises run out soon")
    assert not at.warning


def test_a_table_that_is_emptied_or_gives_nothing_takes_nothing_away(visit: Open, desk: Desk) -> None:
    desk.fill(2)
    at = opened(visit)
    desk.do("delete from tickets")
    at.run()
    assert "tickets: it holds no row; what was read before stays" in words(at)
    assert near(at).startswith("**2 open promises run out soon")
    desk.do(
        "drop table tickets", "create table tickets (colour varchar(9))", "insert into tickets values ('x')"
    )
    at.run()
    assert sound(at)
    assert near(at).startswith("**2 open promises run out soon")
    assert len(at.warning) == 1


def test_a_server_that_goes_away_takes_nothing_away_and_shows_no_password(
    visit: Open, desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk.fill(2)
    at = opened(visit)
    one = at_once()
    engine = one._watch._engine
    away = replace(one._watch.address, url=one._watch.address.url.set(database="not-there-at-all"))
    one._watch.address, one._watch._engine = away, None
    at.run()
    assert sound(at)
    assert near(at).startswith("**2 open promises run out soon")
    (warning,) = at.warning
    said = str(warning.value).replace("\\", "")
    assert re.search(r"cannot be reached|there is no file", said)
    one._watch._engine = engine
    at.run()
    assert not at.warning
    for page in ("data", "targets", "summary"):
        shown = opened(visit, page)
        every = words(shown) + repr(shown.main) + repr(shown.session_state)
        assert "s3cret" not in every
    assert "s3cret" not in caplog.text + said
    kept = watching.dataset()
    assert kept is not None
    assert "s3cret" not in repr(kept) + repr(one.state)
    assert not [each for each in store.workspace().path.rglob("*") if _holds(each, b"s3cret")]


def _holds(path: Path, text: bytes) -> bool:
    with suppress(OSError):
        return path.is_file() and text in path.read_bytes()
    return False


def test_the_page_data_tells_the_account_as_of_a_file(visit: Open, desk: Desk) -> None:
    desk.fill(2)
    # A ticket that was solved before it was made: told as in an upload, not dropped.
    desk.do("update tickets set solved_at = '2020-01-01 10:00:00+00' where ticket_id = 'T7'")
    said = words(opened(visit, "data"))
    assert "The watched database" in said
    assert re.search(r"tickets: 1 table read at \d\d:\d\d\.", said)
    assert "updated_at" in said
    account = store.imported(watching.dataset().key).files[0]  # type: ignore[union-attr]
    assert (account.name, account.rows_read, account.rows_kept) == ("tickets", 62, 62)
    assert ("solved_at", 1) in [(each.column, each.count) for each in account.findings]


def test_another_page_offers_the_way(visit: Open, desk: Desk) -> None:
    desk.fill(2)
    at = visit("targets")
    assert "A database is watched, but this page shows other data." in words(at)
    assert "not as of now: these data are not those of the watched database" in words(at)
    at.button(key="show-watched").click().run()
    assert near(at).startswith("**2 open promises run out soon")


def test_no_table_named_says_what_there_is(visit: Open, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.fill(2)
    monkeypatch.setenv("KPI_WATCH_TABLES", " ")
    said = words(visit("targets"))
    assert "KPI_WATCH_TABLES names no table or view to read; the database holds tickets" in said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://me:s3cret@host:no/desk", "KPI_WATCH is no address of a database"),
        ("postgresql://me:s3cret@127.0.0.1:1/desk", "cannot be reached"),
        ("mysql+pymysql://me:s3cret@127.0.0.1/desk", "the driver for 'mysql+pymysql' is not installed"),
    ],
)
def test_an_address_that_is_wrong_is_said_on_every_page(
    visit: Open, monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    monkeypatch.setenv("KPI_WATCH", url)
    monkeypatch.setenv("KPI_WATCH_TABLES", "tickets")
    for page in ("targets", "data"):
        shown = words(visit(page))
        assert said in shown
        assert "s3cret" not in shown
    assert "Nothing has been read from it yet." in words(visit("data"))


def test_a_second_server_does_not_read_the_same_rows_anew(visit: Open, desk: Desk) -> None:
    desk.fill(2)
    opened(visit)
    kept = watching.dataset()
    assert kept is not None
    watching._database_watcher.clear()  # type: ignore[attr-defined]
    state = at_once().look()
    assert (state.files, state.read, state.problems) == (1, kept.created_at, ())
    assert watching.dataset() == kept


def test_an_upload_of_that_name_is_never_taken_for_the_database() -> None:
    assert uploads.label_for(("Watched database.csv",)) == "Watched database (own)"
