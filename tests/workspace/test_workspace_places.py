"""Which database and which folder a workspace takes, and what is said when it cannot."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from homes import Home

from kpi.ingest.nouns import Import, Tables
from kpi.workspace import Workspace, WorkspaceError
from kpi.workspace.places import place

SERVER = "postgresql://me:hunter2@db.example:5433/kpi"


def test_a_database_server_is_named_beside_the_folder_of_files() -> None:
    named = place(None, {"KPI_WORKSPACE": "/data", "KPI_DATABASE_URL": f" {SERVER}\n"})
    assert named.url.drivername == "postgresql+psycopg"
    assert (named.url.host, named.url.database) == ("db.example", "kpi")
    assert named.folder.parent == Path("/data")
    usual = place(None, {"XDG_DATA_HOME": "/d", "KPI_DATABASE_URL": SERVER})
    assert usual.folder == Path("/d/service-kpi-notebook") / named.folder.name
    assert place(SERVER, {"XDG_DATA_HOME": "/d"}) == usual
    given = place("/elsewhere", {"KPI_DATABASE_URL": SERVER})
    assert given.url.get_backend_name() == "sqlite", "a folder that the caller names is what it asked for"
    assert given.folder == Path("/elsewhere")


def test_an_empty_variable_names_nothing(tmp_path: Path) -> None:
    assert place(None, {"KPI_WORKSPACE": str(tmp_path), "KPI_DATABASE_URL": " "}).folder == tmp_path


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_usual_names_of_postgresql_take_the_driver_that_is_there(scheme: str) -> None:
    found = place(None, {"KPI_DATABASE_URL": f"{scheme}://me@db.example/kpi", "XDG_DATA_HOME": "/d"})
    assert found.url.drivername == "postgresql+psycopg"


def test_no_two_databases_share_a_folder() -> None:
    urls = [
        SERVER,
        "postgresql://me@db.example/kpi",
        "postgresql://me@db.example/kp_i",
        "postgresql://me@db.example/kp-i",
        "postgresql://me@dbexample/kpi",
        "postgresql://me@/kpi?host=/run/db.example",
        "postgresql://me@/kpi?host=/run/db.example&port=5433",
        "postgresql://me@db.example/kpi?options=-csearch_path%3Dteam",
    ]
    folders = {place(url, {"XDG_DATA_HOME": "/d"}).folder for url in urls}
    assert len(folders) == len(urls)
    assert all(folder.parent == Path("/d/service-kpi-notebook") for folder in folders)
    other_user = place(SERVER.replace("me:hunter2", "you:x"), {"XDG_DATA_HOME": "/d"})
    assert other_user.folder in folders


def test_two_databases_named_at_once_are_refused() -> None:
    for workspace in (SERVER, "sqlite:////data/x.sqlite"):
        with pytest.raises(WorkspaceError, match="KPI_WORKSPACE and KPI_DATABASE_URL both name a database"):
            place(None, {"KPI_WORKSPACE": workspace, "KPI_DATABASE_URL": SERVER})


def test_a_server_that_is_not_there_is_said_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KPI_WORKSPACE", str(tmp_path / "home"))
    monkeypatch.setenv("KPI_DATABASE_URL", f"postgresql://me:hunter2@/kpi?host={tmp_path}")
    with pytest.raises(WorkspaceError, match=r"at postgresql.* cannot be used .*KPI_DATABASE_URL") as raised:
        Workspace.open()
    assert "hunter2" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_data_set_whose_files_lie_elsewhere_is_said_and_kept(
    kept: Workspace, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pd.DataFrame({"ticket_id": pd.Series(["1"], dtype="str")})
    saved = kept.save("March", Import(Tables(tickets=table), ()), "ab" * 32)
    if home.backend == "postgresql":
        monkeypatch.setenv("KPI_WORKSPACE", str(tmp_path / "another machine"))
        other = home.open()
    else:
        (home.files / "datasets").rename(tmp_path / "elsewhere")
        other = home.open()
    with pytest.raises(WorkspaceError, match=r"'March' are not in .* KPI_WORKSPACE name the same folder"):
        other.load(saved.key)
    assert other.datasets() == (saved,)
    other.close()
