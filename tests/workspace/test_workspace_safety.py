"""Deleting, limits, damage, hostile names, two processes, other versions."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from homes import Home

from kpi.definitions import Definitions
from kpi.ingest.nouns import Account, Import, Tables
from kpi.workspace import Caps, Workspace, WorkspaceError, default_folder
from kpi.workspace.places import place

HASH = "cd" * 32
ROOT = Path(__file__).resolve().parents[2]


def small(value: str = "secret customer words", fingerprint: str = "fp") -> Import:
    table = pd.DataFrame(
        {"ticket_id": pd.Series(["1"], dtype="str"), "subject": pd.Series([value], dtype="str")}
    )
    return Import(Tables(tickets=table), (Account("a.csv", "generic", 1.0, 1, 1, fingerprint=fingerprint),))


def everything(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def test_deleting_leaves_nothing(kept: Workspace) -> None:
    staged = kept.stage("a.csv", [b"secret customer words"])
    kept.remember("fp", {"status:Geheim": "open"})
    kept.remember("other", {"status:Bleibt": "open"})
    gone = kept.save("Unmistakable label", small(), staged.sha256)
    stays = kept.save("Other", small("words that stay"), HASH)
    kept.delete(gone.key, forget_answers=True)
    assert [dataset.key for dataset in kept.datasets()] == [stays.key]
    assert not staged.path.exists()
    assert kept.answers("fp") == {}
    assert kept.answers("other") == {"status:Bleibt": "open"}
    left = everything(kept.path)
    for trace in (b"Unmistakable label", b"secret customer words", b"Geheim", staged.sha256.encode()):
        assert trace not in left
    assert kept.load(stays.key).tables.tickets is not None
    with pytest.raises(WorkspaceError, match="no such data set any more"):
        kept.load(gone.key)
    kept.delete(gone.key)


def test_deleting_keeps_answers_unless_told(kept: Workspace) -> None:
    kept.remember("fp", {"timezone": "UTC"})
    kept.delete(kept.save("a", small(), HASH).key)
    assert kept.answers("fp") == {"timezone": "UTC"}


def test_the_number_and_size_of_data_sets_are_capped(home: Home) -> None:
    few = home.open(Caps(datasets=2))
    for number in range(2):
        few.save("a", small(), f"{number:064x}")
    with pytest.raises(WorkspaceError, match="2 data sets are kept, the most there may be; delete one"):
        few.save("a", small(), HASH)
    few.save("again", small(), f"{1:064x}")
    tight = home.open(Caps(dataset_bytes=few.size() + 10))
    with pytest.raises(WorkspaceError, match=r"this data set needs .* kB; .* are in use; delete one"):
        tight.save("a", small(), HASH)
    assert len(tight.datasets()) == 2
    assert len(list(home.files.glob("datasets/*"))) == 2


def test_nothing_to_keep_is_said(kept: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="no table to keep"):
        kept.save("a", Import(Tables(), ()), HASH)


def test_a_table_that_cannot_be_kept_names_its_columns_and_leaves_nothing(kept: Workspace) -> None:
    table = pd.DataFrame({"good": [1, 2], "mixed": pd.Series(["a", {1}], dtype=object)})
    with pytest.raises(WorkspaceError, match="the table 'tickets' cannot be kept: columns mixed"):
        kept.save("a", Import(Tables(tickets=table), ()), HASH)
    assert list(kept.path.glob("datasets/*")) == []
    assert kept.datasets() == ()


def test_damaged_files_are_named_and_the_others_stay_readable(kept: Workspace, home: Home) -> None:
    good, bad, gone = (
        kept.save(name, small(), f"{n:064x}") for n, name in enumerate(("good", "bad", "gone"))
    )
    folders = {json.loads((f / "import.json").read_text())["schema"]: f for f in kept.path.glob("datasets/*")}
    assert list(folders) == [1]
    named = {
        str(label): str(folder) for label, folder in home.execute("select label, folder from kpi_datasets")
    }
    (kept.path / "datasets" / named["bad"] / "tickets.parquet").write_bytes(b"PAR1 broken")
    (kept.path / "datasets" / named["gone"] / "tickets.parquet").unlink()
    for dataset in (bad, gone):
        with pytest.raises(
            WorkspaceError, match=f"'{dataset.label}' cannot be read .* delete it, upload it again"
        ):
            kept.load(dataset.key)
    assert kept.load(good.key).tables.sizes() == {"tickets": 1}


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "a\x00b", "C:\\x", "x" * 10_000, "", "con"]
)
def test_no_file_name_ever_becomes_a_path(kept: Workspace, name: str) -> None:
    staged = kept.stage(name, [b"abc"])
    assert staged.path == kept.path / "staging" / hashlib.sha256(b"abc").hexdigest()
    assert staged.path.read_bytes() == b"abc"
    saved = kept.save(name, Import(small().tables, (Account(name, "generic", 1.0, 1, 1),)), HASH)
    assert kept.load(saved.key).files[0].name == name
    inside = {file.relative_to(kept.path).parts[0] for file in kept.path.rglob("*")}
    assert {part.partition("-")[0] for part in inside} <= {"datasets", "staging", "workspace.sqlite"}
    assert kept.find(name) == saved


def test_a_folder_name_changed_from_outside_deletes_nothing(
    kept: Workspace, home: Home, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    saved = kept.save("a", small(), HASH)
    home.execute("update kpi_datasets set folder = '../../precious'")
    with pytest.raises(WorkspaceError, match="changed from outside"):
        kept.delete(saved.key)
    assert precious.is_dir()


def test_staging_hashes_while_writing_and_tells_progress(kept: Workspace) -> None:
    told: list[tuple[float, str]] = []
    staged = kept.stage(
        "a b.csv", (b"x" * 1000 for _ in range(4)), total=4000, progress=lambda *p: told.append(p)
    )
    assert staged.sha256 == hashlib.sha256(b"x" * 4000).hexdigest()
    assert [share for share, _ in told] == [0.25, 0.5, 0.75, 1.0]
    assert told[-1][1] == "3.9 kB of a b.csv"
    assert kept.stage("again", [memoryview(b"x" * 4000)]) == staged
    kept.unstage(staged.sha256)
    kept.unstage(staged.sha256)
    beside = kept.path / "beside"
    beside.touch()
    kept.unstage("../beside")
    assert not staged.path.exists()
    assert beside.exists()


def test_an_upload_that_is_too_large_or_breaks_off_leaves_nothing(home: Home) -> None:
    kept = home.open(Caps(upload_bytes=2500))
    with pytest.raises(WorkspaceError, match=r"'big.csv' is larger than 2.4 kB, the most that is taken"):
        kept.stage("big.csv", (b"x" * 1000 for _ in range(10**9)))

    def broken() -> Iterator[bytes]:
        yield b"x"
        raise ConnectionResetError("gone")

    with pytest.raises(WorkspaceError, match=r"could not be written to .* \(gone\)"):
        kept.stage("b.csv", broken())
    assert list((home.files / "staging").iterdir()) == []


def test_staged_uploads_give_way_to_newer_ones(home: Home) -> None:
    kept = home.open(Caps(staged_bytes=2500))
    names = [kept.stage("a", [bytes([number]) * 1000]).path for number in range(3)]
    assert all(path.exists() for path in names), "uploads of the last hour are in use"
    for age, path in enumerate(reversed(names)):
        os.utime(path, (time.time() - 7200 - age,) * 2)
    newest = kept.stage("a", [b"z" * 1000]).path
    assert [path.exists() for path in (*names, newest)] == [False, False, True, True]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("no folder")
    with pytest.raises(WorkspaceError, match=r"workspace folder .*file cannot be written .* KPI_WORKSPACE"):
        Workspace.open(str(occupied))
    with pytest.raises(WorkspaceError, match="cannot be written"):
        Workspace.open("/proc/kpi" if sys.platform == "linux" else str(occupied / "under"))


def test_a_file_that_is_no_database_is_said_and_not_touched(tmp_path: Path) -> None:
    database = tmp_path / "workspace.sqlite"
    database.write_bytes(b"my holiday photos, no database at all" * 100)
    with pytest.raises(
        WorkspaceError, match=r"workspace database at .* cannot be used \(file is not a database\)"
    ):
        Workspace.open(str(tmp_path))
    assert database.read_bytes().startswith(b"my holiday photos")


def test_a_newer_schema_is_refused_and_kept(kept: Workspace, home: Home) -> None:
    kept.save("a", small(), HASH)
    kept.close()
    home.execute("update kpi_about set value = '3' where name = 'schema'")
    with pytest.raises(
        WorkspaceError, match=r"has schema '3' and this program reads schema 2.*Update the program"
    ):
        home.open()
    assert home.execute("select count(*) from kpi_datasets") == [(1,)]


def test_definitions_that_cannot_be_read_are_said(kept: Workspace, home: Home) -> None:
    kept.keep_definitions(Definitions())
    home.execute("update kpi_about set value = '{\"moon\": 1}' where name = 'definitions'")
    with pytest.raises(WorkspaceError, match=r"kept definitions cannot be read \(unknown settings: moon\)"):
        kept.definitions()


def test_where_the_workspace_is(tmp_path: Path) -> None:
    home = Path.home()
    assert default_folder({"XDG_DATA_HOME": "/d"}, "linux") == Path("/d/service-kpi-notebook")
    assert (
        default_folder({"XDG_DATA_HOME": "relative"}, "linux") == home / ".local/share/service-kpi-notebook"
    )
    assert default_folder({}, "darwin") == home / "Library/Application Support/service-kpi-notebook"
    assert default_folder({"LOCALAPPDATA": "/l"}, "win32") == Path("/l/service-kpi-notebook")
    assert place(None, {"KPI_WORKSPACE": str(tmp_path)}).folder == tmp_path
    assert place(f"sqlite:///{tmp_path}/x.db").folder == tmp_path
    server = place("postgresql+psycopg://u:p@db.example/kpi", {"XDG_DATA_HOME": "/d"})
    assert server.folder.parent == Path("/d/service-kpi-notebook")
    assert server.folder.name.startswith("dbexample-kpi-")
    for wrong, says in (("sqlite://", "needs a file"), ("://", "is no database URL")):
        with pytest.raises(WorkspaceError, match=says):
            place(wrong)


def test_a_missing_driver_is_said_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError) as raised:
        Workspace.open("nosuchdb://user:hunter2@localhost/kpi")
    assert "driver for 'nosuchdb' is not installed" in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_every_statement_is_portable() -> None:
    from sqlalchemy.dialects import mysql, postgresql
    from sqlalchemy.schema import CreateTable

    from kpi.workspace.database import metadata

    for table in metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))
        assert str(CreateTable(table).compile(dialect=mysql.dialect()))


WRITER = """
import sys
import pandas as pd
from kpi.ingest.nouns import Import, Tables
from kpi.workspace import Workspace
kept = Workspace.open()
for number in range(12):
    table = pd.DataFrame({"ticket_id": pd.Series([sys.argv[1], str(number)], dtype="str")})
    kept.save("Same label", Import(Tables(tickets=table), ()), f"{sys.argv[1]}{number:063x}")
    kept.save("Shared", Import(Tables(tickets=table), ()), "f" * 64)
    kept.remember("fp", {f"q{number}": sys.argv[1], "shared": sys.argv[1]})
    kept.datasets()
"""


def test_two_processes_write_at_once(home: Home) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, name], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for name in "ab"
    ]
    for process in running:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    kept = home.open()
    found = kept.datasets()
    assert len(found) == 25
    assert len({dataset.label for dataset in found}) == 25
    assert all(kept.load(dataset.key).tables.sizes() == {"tickets": 2} for dataset in found)
    assert len(kept.answers("fp")) == 13
    assert len(list(home.files.glob("datasets/*"))) == 25


def test_threads_share_one_workspace(kept: Workspace) -> None:
    def work(number: int) -> str:
        saved = kept.save("Same", small(), f"{number:064x}")
        kept.remember("fp", {f"q{number}": "a"})
        kept.load(saved.key)
        if number % 2:
            kept.delete(saved.key)
        return saved.label

    with ThreadPoolExecutor(8) as pool:
        labels = list(pool.map(work, range(24)))
    assert len(kept.datasets()) == 12
    assert len(kept.answers("fp")) == 24
    assert len(list(kept.path.glob("datasets/*"))) == 12
    assert all(label.startswith("Same") for label in labels)


def test_a_database_damaged_while_open_is_said(kept: Workspace, home: Home) -> None:
    home.execute("drop table kpi_import_answers")
    says = {
        "sqlite": "no such table: kpi_import_answers",
        "postgresql": 'relation "kpi_import_answers" does not exist',
    }[home.backend]
    with pytest.raises(WorkspaceError, match=rf"could not be read \({says}\)"):
        kept.answers("fp")
    with pytest.raises(WorkspaceError, match=rf"could not be written \({says}\)"):
        kept.remember("fp", {"a": "b"})
