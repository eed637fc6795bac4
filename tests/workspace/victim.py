"""A process that makes children and waits for them; each child does one thing to a workspace and is killed.

Run as a script. Every line of its input is one order in JSON; it answers with the child's number at once and
with the signal that ended it afterwards. Children are forked, so that only one process pays for the imports.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, NoReturn

import pandas as pd
import pyarrow.parquet
from sqlalchemy.engine.default import DefaultDialect

import kpi.workspace.kept as records
import kpi.workspace.workspace as room
from kpi.ingest.nouns import Import, Tables
from kpi.workspace import Action, CategoryRule, Event, Goal, Note, Target, Workspace, contents

DAY = date(2026, 3, 2)
EXAMPLES: dict[str, Any] = {
    "event": Event("", DAY, "Release 2.4", "release"),
    "target": Target("", "csat", 0.9),
    "goal": Goal("", "csat", 0.82, 0.87, DAY),
    "action": Action("", "Write a macro", "Ann", DAY),
    "category rule": CategoryRule("", ("login",), "Login", "technology"),
    "note": Note("", "csat", "Ask again in May"),
}
"""One record of each kind that people keep."""
CHANGED: dict[str, dict[str, Any]] = {
    "event": {"name": "Release 2.5"},
    "target": {"value": 0.8},
    "goal": {"to_value": 0.9},
    "action": {"title": "Write two macros"},
    "category rule": {"issue": "Sign-in"},
    "note": {"text": "Ask again in June"},
}


def die(*_ignored: object, **_unused: object) -> NoReturn:
    """Ends this process as the kernel or a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("survived")


def after(function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*given: Any, **named: Any) -> None:
        function(*given, **named)
        die()

    return run


def torn_second_table() -> None:
    write, calls = pyarrow.parquet.write_table, []

    def torn(table: Any, file: Any, **named: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            file.write(b"PAR1 half a fi")
            file.flush()
            die()
        write(table, file, **named)

    pyarrow.parquet.write_table = torn


def arm(where: str) -> None:
    """Sets the moment of death."""
    dialect: Any = DefaultDialect
    if where == "in the second table":
        torn_second_table()
    elif where == "before the account":
        contents.json.dump = die  # type: ignore[attr-defined]
    elif where == "before the rename":
        os.replace = die
    elif where == "after the rename":
        os.replace = after(os.replace)
    elif where == "between record and history":
        records._log_change = die
    elif where == "before the commit":
        dialect.do_commit = die
    elif where == "after the commit":
        dialect.do_commit = after(dialect.do_commit)
    else:
        raise ValueError(f"no such moment: {where}")


def save(order: dict[str, Any]) -> None:
    opened = Workspace.open()
    arm(order["where"])
    table = pd.DataFrame({"ticket_id": pd.Series(["new"] * 3, dtype="str")})
    opened.save(order["label"], Import(Tables(tickets=table, surveys=table), ()), order["source"])


def upload(order: dict[str, Any]) -> None:
    def chunks() -> Any:
        yield b"half"
        die()

    Workspace.open().stage("a.csv", chunks())


def delete(order: dict[str, Any]) -> None:
    opened = Workspace.open()
    found = opened.find(order["label"])
    assert found is not None
    room.Folder.remove = die
    opened.delete(found.key)


def change(order: dict[str, Any]) -> None:
    """Changes the one record of a kind and keeps a second one with it."""
    opened = Workspace.open()
    kind = type(EXAMPLES[order["kind"]])
    first = opened.kept(kind)[0]
    second = replace(EXAMPLES[order["kind"]], id="f" * 32)
    if kind is Target:
        second = replace(second, metric="nps")
    arm(order["where"])
    opened.keep_all([replace(first, **CHANGED[order["kind"]]), second])


def change_on(order: dict[str, Any]) -> None:
    """Changes the one record of a kind for ever, and says so each time once it is kept."""
    opened = Workspace.open()
    found = opened.kept(type(EXAMPLES[order["kind"]]))[0]
    said = os.open(order["said"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    name, text = next(iter(CHANGED[order["kind"]].items()))
    number = 0
    while True:
        number += 1
        value = number / 1000 if isinstance(text, float) else f"{text} {number}"
        found = opened.keep(replace(found, **{name: value}))
        os.write(said, f"{found.version} {getattr(found, name)}\n".encode())


ACTS = {"save": save, "upload": upload, "delete": delete, "change": change, "change on": change_on}


def child(order: dict[str, Any]) -> None:
    os.environ.update(order["environment"])
    for name in order["unset"]:
        os.environ.pop(name, None)
    ACTS[order["act"]](order)


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        number = os.fork()
        if number == 0:
            try:
                child(order)
            except BaseException:
                traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        print(number, flush=True)
        _, status = os.waitpid(number, 0)
        print(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, flush=True)


if __name__ == "__main__":
    main()
