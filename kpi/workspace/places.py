"""Where the workspace lives: the user's data folder, ``$KPI_WORKSPACE``, or a database given by URL."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from kpi.workspace.nouns import WorkspaceError

NAME = "service-kpi-notebook"
DATABASE = "workspace.sqlite"


@dataclass(frozen=True)
class Place:
    """Database and folder of files of one workspace."""

    url: URL
    folder: Path


def default_folder(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The data folder of this user on this kind of machine (XDG base directories, Library, AppData).

    >>> default_folder({"XDG_DATA_HOME": "/data"}, "linux").as_posix()
    '/data/service-kpi-notebook'
    """
    if platform == "win32":
        base = environment.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif platform == "darwin":
        base = str(Path.home() / "Library" / "Application Support")
    else:
        named = environment.get("XDG_DATA_HOME", "")
        # The XDG standard has relative paths ignored.
        base = named if named.startswith("/") else str(Path.home() / ".local" / "share")
    return Path(base) / NAME


def place(given: str | None, environment: Mapping[str, str] = os.environ) -> Place:
    """Where a workspace is, from a folder or database URL.

    When none is given, ``$KPI_WORKSPACE`` is taken (a folder or a URL). ``$KPI_DATABASE_URL`` names a
    database server; the folder is then for the files alone. A folder holds both database and files. The files
    of an SQLite database lie beside it; those of a server lie in the folder, each database's in one of its
    own, so that no workspace takes the files of another for leftovers.

    Raises:
        WorkspaceError: when a URL cannot be read, or both variables name a database.
    """
    text = given or environment.get("KPI_WORKSPACE", "")
    server = "" if given else environment.get("KPI_DATABASE_URL", "").strip()
    if server and "://" in text:
        raise WorkspaceError(
            "KPI_WORKSPACE and KPI_DATABASE_URL both name a database; let KPI_WORKSPACE name a folder for "
            "the files, or unset one of them"
        )
    folder = Path(text).expanduser() if text and "://" not in text else default_folder(environment)
    if not server and "://" not in text:
        return Place(URL.create("sqlite", database=str(folder / DATABASE)), folder)
    try:
        url = make_url(server or text)
    except ArgumentError as error:
        raise WorkspaceError(
            "the address of the workspace is no database URL; expected a folder, sqlite:///file or "
            "postgresql://user@host/database"
        ) from error
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            raise WorkspaceError("a workspace needs a file: sqlite:///path/to/workspace.sqlite")
        return Place(url, Path(url.database).expanduser().resolve().parent)
    return Place(url, folder / _folder_name(url))


def _folder_name(url: URL) -> str:
    """One name for each database of each server, whoever signs in.

    >>> _folder_name(make_url("postgresql://me:secret@db.example:5433/kpi"))
    'dbexample-5433-kpi-a8f9b979'
    """
    asked = [url.host, url.port, *(url.query.get(name) for name in ("host", "port", "options")), url.database]
    parts = [str(part) for part in asked if part]
    readable = ("".join(c for c in part if c.isalnum() and c.isascii())[:40] for part in parts)
    # Two names may read the same without their signs.
    mark = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]
    return "-".join([*(part for part in readable if part), mark])
