"""Killed during a save of a record of any kind: the workspace opens and nothing confirmed is lost."""

from __future__ import annotations

import os
import random
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from homes import Home, Victims
from victim import CHANGED, EXAMPLES

from kpi.workspace import Fate, new_id

MOMENTS = ("between record and history", "before the commit", "after the commit")


def keep_first(home: Home, name: str) -> Any:
    kept = home.open()
    made = kept.keep(EXAMPLES[name])
    kept.close()
    return made


def lines(said: Path) -> list[str]:
    """What was confirmed so far."""
    return said.read_text().splitlines() if said.exists() else []


@pytest.mark.parametrize("where", MOMENTS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_killed_at_the_worst_moment_all_or_nothing_is_kept(
    home: Home, victims: Victims, name: str, where: str
) -> None:
    first = keep_first(home, name)
    victims.kill("change", kind=name, where=where)
    kept = home.open()
    found = {record.id: record for record in kept.kept(type(first))}
    history = kept.history(type(first), first.id)
    if where == "after the commit":
        assert found[first.id] == replace(first, version=2, **CHANGED[name])
        assert set(found) == {first.id, "f" * 32}
        assert len(history) == 2
    else:
        assert found == {first.id: first}
        assert [change.record for change in history] == [first]
    assert kept.keep(replace(found[first.id], **CHANGED[name])).version == 2
    kept.close()


@pytest.mark.parametrize("name", EXAMPLES)
def test_killed_from_outside_what_was_confirmed_is_there(
    home: Home, victims: Victims, name: str, tmp_path: Path
) -> None:
    first = keep_first(home, name)
    said = tmp_path / "said.txt"
    number = victims.order("change on", kind=name, said=str(said))
    patience = time.monotonic() + 60
    while len(lines(said)) < 4 and time.monotonic() < patience:
        time.sleep(0.002)
    time.sleep(random.Random(name).random() / 50)
    os.kill(number, signal.SIGKILL)
    victims.wait()
    field = next(iter(CHANGED[name]))
    confirmed = {int(version): value for version, _, value in (line.partition(" ") for line in lines(said))}
    kept = home.open()
    # Waits for what a server may still be doing for the dead; it drops nothing.
    kept.drop(type(first), new_id())
    (found,) = kept.kept(type(first))
    history = kept.history(type(first), first.id)
    assert [change.record.version for change in history] == list(range(1, found.version + 1))
    assert {change.fate for change in history} == {Fate.KEPT}
    assert history[-1].record == found
    assert len(confirmed) >= 4
    for version, value in confirmed.items():
        assert str(getattr(history[version - 1].record, field)) == value
    assert found.version - max(confirmed) in (0, 1), "at most the one that was being kept is not confirmed"
    kept.close()
