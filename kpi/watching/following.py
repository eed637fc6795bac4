"""Something done anew each time a watched folder changes, until somebody ends it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from kpi.ingest import Import, Limits, Refused
from kpi.watching.folder import Entry, Look, Moved, Watch, chunks
from kpi.watching.whole import LINE_CUT, ends_a_line, may_grow, why_broken

Files = Sequence[tuple[str, Path]]


def follow(
    watch: Watch,
    read: Callable[[Files], Import],
    act: Callable[[Import], str],
    tell: Callable[[str], None],
    *,
    every_s: float = 10.0,
    looks: int | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Look at a folder, and act on what lies in it each time it has changed and every file can be used.

    Parameters
        read: the import of copies of the files; may raise Refused.
        act: what is done with it; says in words what came of it.
        tell: hears a line for each change, and once for each problem.
        looks: how many there are; without end when None. Ends quietly when it is interrupted.
    """
    handled: tuple[Entry, ...] | None = None
    ended: dict[str, bool] = {}
    told = ""

    def say(words: str) -> None:
        nonlocal told
        if words != told:
            tell(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {words}")
            told = words

    count = 0
    try:
        while looks is None or count < looks:
            if count:
                sleep(every_s)
            count += 1
            found = watch.look()
            if found.problem:
                say(found.problem)
            elif found.files == handled:
                continue
            elif found.settled:
                try:
                    said = _turn(watch.folder, found, read, act, ended)
                except Moved:
                    continue
                handled, told = found.files, ""
                say(said)
    except KeyboardInterrupt:
        return


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
            problems = "; ".join(f"{each.file}: {each.message}" for each in refused.problems)
            return f"nothing was written: {problems}"
        broken |= {name: why for name, _ in files if (why := why_broken(name, imported.files))}
        if broken:
            return "nothing was written: " + "; ".join(f"{name}: {why}" for name, why in broken.items())
        said = act(imported)
        ended.update(ends)
        return said
