"""Which database is watched, told without its password.

Only whoever starts the program names it, by two settings: ``KPI_WATCH`` holds its address and
``KPI_WATCH_TABLES`` the names of tables or views in it. Nothing of them is ever run as SQL.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from kpi.watching.folder import VARIABLE

TABLES = "KPI_WATCH_TABLES"
SIGN = "://"
MOST_TABLES = 20
MOST_SAID = 200
EXPECTED = "expected postgresql://user@host/database or sqlite:////path/to/file"


class NotADatabase(Exception):
    """What is to be watched cannot be; the message says why and what to do, and holds no password."""


@dataclass(frozen=True)
class Address:
    """A database and the tables or views of it that are read. Its text holds neither password nor options."""

    url: URL = field(repr=False)
    tables: tuple[str, ...]

    def __str__(self) -> str:
        """Without the password, and without options, some of which hold one too.

        >>> str(named("postgresql://me:secret@db.example:5433/desk?sslpassword=secret", "tickets"))
        'postgresql://me@db.example:5433/desk'
        """
        url = self.url
        shown = URL.create(url.drivername, url.username, None, url.host, url.port, url.database)
        return shown.render_as_string().replace("+psycopg://", SIGN)

    def said(self, error: BaseException) -> str:
        """The first line of what a driver says; nothing of it where it holds a secret.

        >>> address = named("postgresql://me:s3cret@db/desk", "tickets")
        >>> address.said(ValueError("no route to db")), address.said(ValueError("cannot parse s3cret@db"))
        ('no route to db', 'ValueError')
        """
        text = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
        secrets = [str(self.url.password or "")]
        for value in self.url.query.values():
            secrets += [value] if isinstance(value, str) else value
        hidden = any(
            secret and form(secret) in str(error) for secret in secrets for form in (str, quote, quote_plus)
        )
        return text[:MOST_SAID] if text and not hidden else type(error).__name__


def is_database(text: str) -> bool:
    """Whether a setting names a database rather than a folder.

    >>> is_database("sqlite:///desk.db"), is_database("/srv/exports"), is_database("C:\\\\exports")
    (True, False, False)
    """
    return SIGN in text


def named(text: str, tables: str) -> Address:
    """The address that a database URL and a list of tables, with commas between them, name.

    Raises:
        NotADatabase: the one cannot be read, or the other is empty or too long.
    """
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise NotADatabase(f"{VARIABLE} is no address of a database; {EXPECTED}") from None
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and (not url.database or url.database == ":memory:"):
        raise NotADatabase(f"{VARIABLE} names no file; expected sqlite:////path/to/file")
    wanted = tuple(dict.fromkeys(name.strip() for name in tables.split(",") if name.strip()))
    if len(wanted) > MOST_TABLES:
        raise NotADatabase(f"{TABLES} names {len(wanted)} tables; at most {MOST_TABLES} are read")
    return Address(url, wanted)


def watched_database(environment: Mapping[str, str] = os.environ) -> Address | None:
    """The database that ``$KPI_WATCH`` names, with the tables of ``$KPI_WATCH_TABLES``; None without one.

    Raises:
        NotADatabase: it cannot be read as an address.

    >>> watched_database({"KPI_WATCH": "/srv/exports"}) is None
    True
    >>> watched_database({"KPI_WATCH": "sqlite:///desk.db", "KPI_WATCH_TABLES": "tickets, surveys"}).tables
    ('tickets', 'surveys')
    """
    text = environment.get(VARIABLE, "").strip()
    return named(text, environment.get(TABLES, "")) if is_database(text) else None


def file_of(url: URL) -> Path:
    """The file of an SQLite database."""
    return Path(url.database or "").expanduser()
