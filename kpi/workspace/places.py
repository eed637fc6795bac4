"""Where the workspace lives: the user's data folder, ``$KPI_WORKSPACE``, or a database given by URL."""

from __future__ import annotations

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
    """Where a workspace is, from a folder or database URL; from ``$KPI_WORKSPACE`` when none is given.

    A folder holds both database and files. The files of an SQLite database lie beside it; those of a database
    server lie in the user's data folder, in one folder per database.

    Raises:
        WorkspaceError: when the URL cannot be read.
    """
    text = given or environment.get("KPI_WORKSPACE", "")
    if "://" not in text:
        folder = Path(text).expanduser() if text else default_folder(environment)
        return Place(URL.create("sqlite", database=str(folder / DATABASE)), folder)
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise WorkspaceError(
            "the address of the workspace is no database URL; expected a folder, sqlite:///file or "
            "postgresql+psycopg://user@host/database"
        ) from error
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            raise WorkspaceError("a workspace needs a file: sqlite:///path/to/workspace.sqlite")
        return Place(url, Path(url.database).expanduser().resolve().parent)
    names = [part for part in (url.host, url.database) if part]
    safe = "-".join("".join(c for c in part if c.isalnum()) for part in names) or "database"
    return Place(url, default_folder(environment) / safe)
