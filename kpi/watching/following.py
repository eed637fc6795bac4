"""Something done anew each time a watched folder or database changes, until somebody ends it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from kpi.ingest import Import, Limits, Refused
from kpi.watching.address import NotADatabase
from kpi.watching.database import Reading, WatchedDatabase
from kpi.watching.folder import Entry, Look, Moved, Watch, chunks
from kpi.watching.whole import LINE_CUT, ends_a_line, may_grow, why_broken

Files = Sequence[tuple[str, Path]]
Turn = Callable[[], tuple[str, bool]]
"""One look: what is to be told, and whether it is told although it was told before."""


def follow(
    watch: Watch | WatchedDatabase,
    read: Callable[[Files], Import],
    act: Callable[[Import], str],
    tell: Callable[[str], None],
    *,
    every_s: float = 10.0,
    looks: int | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Look at a folder or a database, and act on it each time it has changed and can be used wholly.

    Parameters
        read: the import of copies of the files, or of the tables as files; may raise Refused.
        act: what is done with it; says in words what came of it.
        tell: hears a line for each change, and once for each problem.
        looks: how many there are; without end when None. Ends quietly when it is interrupted.
    """
    turn = _turns_of_a_folder(watch, read, act) if isinstance(watch, Watch) else _turns(watch, read, act)
    told = ""
    count = 0
    try:
        while looks is None or count < looks:
            if count:
                sleep(every_s)
            count += 1
            said, anew = turn()
            if said and (anew or said != told):
                tell(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {said}")
                told = said
    except KeyboardInterrupt:
        return


def _turns_of_a_folder(watch: Watch, read: Callable[[Files], Import], act: Callable[[Import], str]) -> Turn:
    handled: tuple[Entry, ...] | None = None
    ended: dict[str, bool] = {}

    def turn() -> tuple[str, bool]:
        nonlocal handled
        found = watch.look()
        if found.problem:
            return found.problem, False
        if found.files == handled or not found.settled:
            return "", False
        try:
            said = _turn(watch.folder, found, read, act, ended)
        except Moved:
            return "", False
        handled = found.files
        return said, True

    return turn


def _turns(watch: WatchedDatabase, read: Callable[[Files], Import], act: Callable[[Import], str]) -> Turn:
    handled: object = None

    def turn() -> tuple[str, bool]:
        nonlocal handled
        glance = watch.look()
        if not glance.due:
            return glance.problem, False
        with tempfile.TemporaryDirectory() as copies:
            try:
                taken = watch.read(Path(copies))
            except NotADatabase as error:
                return str(error), False
            if taken.mark == handled:
                return "", False
            handled = taken.mark
            begun = time.monotonic()
            said = _acted(taken, read, act)
            watch.took(time.monotonic() - begun)
        return said, True

    return turn


def _acted(taken: Reading, read: Callable[[Files], Import], act: Callable[[Import], str]) -> str:
    broken = dict(taken.broken)
    if not broken:
        try:
            imported = read([(name, each.path) for name, each in taken.drawn.items()])
        except Refused as refused:
            return "nothing was written: " + _problems(refused)
        broken = {name: why for name in taken.drawn if (why := why_broken(name, imported.files))}
    if broken:
        return "nothing was written: " + "; ".join(f"{name}: {why}" for name, why in broken.items())
    return "; ".join(
        [act(imported), *(f"{name}: {each.strange}" for name, each in taken.drawn.items() if each.strange)]
    )


def _problems(refused: Refused) -> str:
    return "; ".join(f"{each.file}: {each.message}" for each in refused.problems)


def _turn(
    folder: Path,
    found: Look,
    read: Callable[[Files], Import],
    act: Callable[[Import], str],
    ended: dict[str, bool],
) -> str:
    """What came of a change; ``ended``: whether the version of each file that was acted on ended a line."""
    if not found.files:
        return "the folder holds no export; nothing was written"
    most = Limits().file_bytes
    large = [f"{entry.name} is larger than {most:,} bytes" for entry in found.files if entry.size > most]
    if large:
        return f"nothing was written: {'; '.join(large)}"
    with tempfile.TemporaryDirectory() as copies:
        files = []
        for number, entry in enumerate(found.files):
            copy = Path(copies) / str(number)
            with copy.open("xb") as file:
                file.writelines(chunks(folder, entry))
            files.append((entry.name, copy))
        for entry, (name, copy) in zip(found.files, files, strict=True):
            if ended.get(name) is not True and may_grow(name, copy, entry.changed_ns, time.time()):
                raise Moved(f"'{name}' stops inside a line")
        ends = {name: ends_a_line(name, copy) for name, copy in files}
        broken = {name: LINE_CUT for name, whole in ends.items() if ended.get(name) and not whole}
        try:
            imported = read(files)
        except Refused as refused:
            return f"nothing was written: {_problems(refused)}"
        broken |= {name: why for name, _ in files if (why := why_broken(name, imported.files))}
        if broken:
            return "nothing was written: " + "; ".join(f"{name}: {why}" for name, why in broken.items())
        said = act(imported)
        ended.update(ends)
        return said
