"""``exceptions --watch``: the alerts file is written anew each time the folder changes."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kpi import cli
from kpi.watching import Watch, following

HEAD = "ticket_id,channel,created_at,first_response_at,solved_at,status,updated_at\n"
Step = Callable[[], None]


def export(chats: int) -> str:
    now = datetime.now(UTC)
    rows = []
    for number in range(40):
        made = now - timedelta(hours=12 * number + 6)
        done = made + timedelta(minutes=10)
        rows.append(f"T{number},chat,{made:%FT%TZ},{done:%FT%TZ},{done:%FT%TZ},solved,{done:%FT%TZ}")
    made = now - timedelta(minutes=50)
    rows += [f"W{number},chat,{made:%FT%TZ},,,open,{made:%FT%TZ}" for number in range(chats)]
    return HEAD + "\n".join(rows) + "\n"


def put(folder: Path, text: str, name: str = "tickets.csv") -> None:
    (folder / ".part").write_text(text)
    os.replace(folder / ".part", folder / name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "exports"
    made.mkdir()
    return made


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, out: Path, steps: list[Step]) -> int:
    """The command with one step between each two looks; Ctrl-C after the last."""
    left = list(steps)

    def sleep(_: float) -> None:
        if not left:
            raise KeyboardInterrupt
        left.pop(0)()

    real = following.follow

    def follow(watch: Watch, *given: Any, **more: Any) -> None:
        real(Watch(watch.folder, settle_s=0.0), *given, **{**more, "sleep": sleep})

    monkeypatch.setattr(following, "follow", follow)
    asked = ["exceptions", "--watch", str(folder), "--out", str(out), "--set", "timezone=UTC"]
    return cli.main(asked)


def soon(out: Path) -> int:
    return int(json.loads(out.read_text())["open_promises"]["counts"]["runs_out_soon"])


def test_the_file_is_written_anew_when_the_folder_changes(
    monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "alerts.json"
    seen: list[int] = []
    whole = export(4)
    assert (
        run(
            monkeypatch,
            folder,
            out,
            [
                lambda: put(folder, export(2)),
                lambda: (seen.append(soon(out)), put(folder, whole)),  # type: ignore[list-item,return-value]
                lambda: (seen.append(soon(out)), put(folder, export(9)[:-4])),  # type: ignore[list-item,return-value]
                lambda: (seen.append(soon(out)), put(folder, "nothing\n")),  # type: ignore[list-item,return-value]
                lambda: (seen.append(soon(out)), put(folder, export(1))),  # type: ignore[list-item,return-value]
                lambda: seen.append(soon(out)),
            ],
        )
        == 0
    )
    assert seen == [2, 4, 4, 4, 1]
    said = capsys.readouterr().out
    assert said.count("nothing was written") == 3
    assert "the folder holds no export" in said
    assert "tickets.csv: its last line has no end" in said
    assert [each.name for each in tmp_path.iterdir() if each.name != "exports"] == ["alerts.json"]
    told = json.loads(out.read_text())
    waited = datetime.fromisoformat(told["as_of"]) - datetime.fromisoformat(told["newest_stamp"])
    assert timedelta(minutes=49) < waited < timedelta(minutes=55)


def test_nothing_is_said_twice_and_nothing_is_written_without_a_change(
    monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "alerts.json"
    put(folder, export(2))
    stamps: list[int] = []
    step = lambda: stamps.append(out.stat().st_mtime_ns)  # noqa: E731
    assert run(monkeypatch, folder, out, [step, step, step]) == 0
    assert len(set(stamps)) == 1
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_folder_that_is_not_there_is_waited_for_and_said_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing = lambda: None  # noqa: E731
    assert run(monkeypatch, tmp_path / "none", tmp_path / "a.json", [nothing, nothing]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert "there is no folder" in line


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ([], "name the files, or a folder with --watch"),
        (["x.csv", "--watch", "y", "--out", "z.json"], "stands in the place of files"),
        (["--watch", "y"], "--watch needs --out"),
        (["--watch", "y", "--out", "y/z.json"], "lies in the watched folder"),
        (["--watch", "--out", "z.json"], "KPI_WATCH names neither a folder nor a database"),
        (["--watch", "postgresql://me:s3cret@h/d", "--out", "z.json"], "KPI_WATCH names a database"),
    ],
)
def test_words_that_do_not_go_together(
    more: list[str], why: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KPI_WATCH", raising=False)
    assert cli.main(["exceptions", *more]) == 2
    said = capsys.readouterr().err
    assert why in said
    assert "s3cret" not in said


def test_a_watched_database_is_named_by_the_environment_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(tmp_path / "desk.db")) as desk:
        head, *rows = export(3).splitlines()
        desk.execute(f"create table tickets ({head})")
        for row in rows:
            cells = [cell or None for cell in row.split(",")]
            desk.execute(f"insert into tickets values ({', '.join('?' * len(cells))})", cells)
        desk.commit()
    monkeypatch.setenv("KPI_WATCH", f"sqlite:///{tmp_path / 'desk.db'}")
    monkeypatch.setenv("KPI_WATCH_TABLES", "tickets")
    real = following.follow
    monkeypatch.setattr(following, "follow", lambda *given, **more: real(*given, **{**more, "looks": 1}))
    out = tmp_path / "alerts.json"
    assert cli.main(["exceptions", "--watch", "--out", str(out), "--set", "timezone=UTC"]) == 0
    assert soon(out) == 3
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_file_that_cannot_be_written_is_said(
    monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, export(2))
    assert run(monkeypatch, folder, tmp_path / "none" / "a.json", []) == 2
    assert "cannot be written" in capsys.readouterr().err
