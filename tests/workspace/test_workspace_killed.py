"""A process killed at any moment leaves a readable workspace, and its leftovers are swept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from kpi.ingest.nouns import Import, Tables
from kpi.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]

# Kills itself, as the kernel or a power cut would, right before or after one call.
VICTIM = """
import os, signal, sys
import pandas as pd
import pyarrow.parquet
import sqlalchemy.engine
from kpi.ingest.nouns import Import, Tables
from kpi.workspace import Workspace, folder, contents
import kpi.workspace.workspace as room

def die(*_ignored, **_unused):
    os.kill(os.getpid(), signal.SIGKILL)

def after(function):
    def run(*given, **named):
        function(*given, **named)
        die()
    return run

kept = Workspace.open(sys.argv[1])
where = sys.argv[2]
if where == "in the second table":
    write, calls = pyarrow.parquet.write_table, []
    def torn(table, file, **named):
        calls.append(1)
        if len(calls) == 2:
            file.write(b"PAR1 half a fi")
            file.flush()
            die()
        write(table, file, **named)
    pyarrow.parquet.write_table = torn
elif where == "before the account":
    contents.json.dump = die
elif where == "before the rename":
    os.replace = die
elif where == "after the rename":
    os.replace = after(os.replace)
elif where == "before the commit":
    sqlalchemy.engine.default.DefaultDialect.do_commit = die
elif where == "after the commit":
    commit = sqlalchemy.engine.default.DefaultDialect.do_commit
    sqlalchemy.engine.default.DefaultDialect.do_commit = after(commit)
elif where == "in an upload":
    def chunks():
        yield b"half"
        die()
    kept.stage("a.csv", chunks())
elif where == "before deleting files":
    room.Folder.remove = die
    kept.delete(kept.find("old").key)

table = pd.DataFrame({"ticket_id": pd.Series(["new"] * 3, dtype="str")})
kept.save(sys.argv[3], Import(Tables(tickets=table, surveys=table), ()), sys.argv[4])
raise SystemExit("survived")
"""

OLD = "0" * 64
NEW = "1" * 64
DURING_SAVE = (
    "in the second table",
    "before the account",
    "before the rename",
    "after the rename",
    "before the commit",
)


def table(value: str, rows: int) -> pd.DataFrame:
    return pd.DataFrame({"ticket_id": pd.Series([value] * rows, dtype="str")})


def workspace_with_one(folder: Path) -> Workspace:
    kept = Workspace.open(str(folder))
    kept.save("old", Import(Tables(tickets=table("old", 2)), ()), OLD)
    kept.remember("fp", {"timezone": "UTC"})
    kept.close()
    return kept


def kill(folder: Path, where: str, label: str = "new", source: str = NEW) -> None:
    done = subprocess.run(
        [sys.executable, "-c", VICTIM, str(folder), where, label, source],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def grow_old(folder: Path, hours: float) -> None:
    for found in [*folder.glob("datasets/*"), *folder.glob("staging/*")]:
        os.utime(found, (time.time() - hours * 3600,) * 2)


@pytest.mark.parametrize("where", DURING_SAVE)
def test_killed_in_a_save_the_old_is_whole_and_the_new_is_not_there(tmp_path: Path, where: str) -> None:
    workspace_with_one(tmp_path)
    kill(tmp_path, where)
    kept = Workspace.open(str(tmp_path))
    assert [dataset.label for dataset in kept.datasets()] == ["old"]
    pd.testing.assert_frame_equal(kept.load(kept.datasets()[0].key).tables.tickets, table("old", 2))
    assert kept.answers("fp") == {"timezone": "UTC"}
    assert len(list(tmp_path.glob("datasets/*"))) == 2, "a young leftover may belong to a running process"
    grow_old(tmp_path, hours=2)
    again = Workspace.open(str(tmp_path))
    assert len(list(tmp_path.glob("datasets/*"))) == 1
    assert again.load(again.save("new", Import(Tables(tickets=table("new", 3)), ()), NEW).key).tables.sizes()


@pytest.mark.parametrize("where", DURING_SAVE)
def test_killed_while_replacing_the_old_stays(tmp_path: Path, where: str) -> None:
    workspace_with_one(tmp_path)
    kill(tmp_path, where, label="old", source=OLD)
    kept = Workspace.open(str(tmp_path))
    assert [dataset.label for dataset in kept.datasets()] == ["old"]
    pd.testing.assert_frame_equal(kept.load(kept.datasets()[0].key).tables.tickets, table("old", 2))


def test_killed_after_the_commit_the_new_is_whole(tmp_path: Path) -> None:
    workspace_with_one(tmp_path)
    kill(tmp_path, "after the commit")
    kept = Workspace.open(str(tmp_path))
    assert {dataset.label for dataset in kept.datasets()} == {"old", "new"}
    found = kept.find("new")
    assert found is not None
    pd.testing.assert_frame_equal(kept.load(found.key).tables.surveys, table("new", 3))


def test_killed_after_a_replacement_the_new_is_there_and_the_old_files_are_swept(tmp_path: Path) -> None:
    workspace_with_one(tmp_path)
    kill(tmp_path, "after the commit", label="old", source=OLD)
    grow_old(tmp_path, hours=2)
    kept = Workspace.open(str(tmp_path))
    pd.testing.assert_frame_equal(kept.load(kept.datasets()[0].key).tables.tickets, table("new", 3))
    assert len(list(tmp_path.glob("datasets/*"))) == 1


def test_killed_in_an_upload_leaves_a_part_that_is_swept(tmp_path: Path) -> None:
    workspace_with_one(tmp_path)
    kill(tmp_path, "in an upload")
    assert len(list(tmp_path.glob("staging/*"))) == 1
    assert [dataset.label for dataset in Workspace.open(str(tmp_path)).datasets()] == ["old"]
    assert len(list(tmp_path.glob("staging/*"))) == 1
    grow_old(tmp_path, hours=2)
    Workspace.open(str(tmp_path))
    assert list(tmp_path.glob("staging/*")) == []


def test_killed_in_a_deletion_the_data_set_is_gone_and_its_files_are_swept(tmp_path: Path) -> None:
    workspace_with_one(tmp_path)
    kill(tmp_path, "before deleting files")
    grow_old(tmp_path, hours=2)
    assert Workspace.open(str(tmp_path)).datasets() == ()
    assert list(tmp_path.glob("datasets/*")) == []


def test_staged_uploads_live_a_week(tmp_path: Path) -> None:
    kept = Workspace.open(str(tmp_path))
    staged = kept.stage("a.csv", [b"abc"])
    grow_old(tmp_path, hours=6 * 24)
    Workspace.open(str(tmp_path))
    assert staged.path.exists()
    grow_old(tmp_path, hours=8 * 24)
    Workspace.open(str(tmp_path))
    assert not staged.path.exists()
