"""What is watched becomes a data set; what cannot be used never takes the place of what was read before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kpi.ingest import Import, Refused
from kpi.watching import why_broken
from kpi.workspace import Dataset, WorkspaceError
from ui import store, uploads

STAYS = "what was read before stays"


@dataclass(frozen=True)
class Taken:
    """How many files stand in the data set, since when (None: it stays as it was), and what is wrong."""

    files: int = 0
    read: datetime | None = None
    problems: tuple[str, ...] = ()


def take(label: str, names: Sequence[str], good: dict[str, str], broken: dict[str, str], empty: str) -> Taken:
    """Keep what is watched under its label.

    Parameters
        names: files or tables that are there, in order; good: hash of what was staged of those that can be
            read; broken: why others cannot. What turns out not to be usable goes from one to the other.
        empty: what is said when there are no names and something was read before.
    """
    kept = store.workspace().find(label)
    before = files_of(kept)
    if kept is not None and good == before and not broken:
        return Taken(len(good), kept.created_at)
    staged, imported = _readable(names, good, before, broken)
    problems = tuple(f"{name}: {why}; {STAYS}" for name, why in broken.items())
    if not names and kept is not None:
        problems = (f"{empty}; {STAYS}",)
    if imported is None or dict(staged) == before or _lost(kept, staged, broken):
        return Taken(problems=problems)
    made = uploads.save(staged, imported, label, lambda share, said: None)
    uploads.put_in_place(kept, staged, made, label)
    forget({*before.values()} - {sha for _, sha in staged})
    return Taken(len(staged), datetime.now(UTC), problems)


def _readable(
    names: Sequence[str], good: dict[str, str], before: Mapping[str, str], broken: dict[str, str]
) -> tuple[uploads.Staged, Import | None]:
    """The import of the files that can be used, with the version before of those that cannot.

    What turns out not to be usable goes from ``good`` to ``broken``, until all that is left can be used.
    """
    while True:
        wanted = [(name, good.get(name) or before.get(name)) for name in names]
        staged = tuple((name, sha) for name, sha in wanted if sha and uploads.path_of(sha).is_file())
        if not staged:
            return (), None
        try:
            imported = uploads.read(staged, lambda share, said: None)
            fresh = [name for name, _ in staged if name in good]
            new = {name: why for name in fresh if (why := why_broken(name, imported.files))}
        except Refused as refused:
            imported, new = None, {name: _why_refused(name, refused) for name, _ in staged if name in good}
        if not new:
            return staged, imported
        for name, why in new.items():
            broken[name] = why
            del good[name]


def _why_refused(name: str, refused: Refused) -> str:
    told = [problem.message for problem in refused.problems if problem.file == name]
    return told[0].rstrip(".") if told else "it gives no table"


def _lost(kept: Dataset | None, staged: uploads.Staged, broken: Mapping[str, str]) -> bool:
    """Whether a broken file was in the data set and its version before is no longer at hand."""
    there = {name for name, _ in staged}
    files = () if kept is None else kept.files
    return any(
        name not in there and (name == file or file.startswith(f"{name} ["))
        for name in broken
        for file in files
    )


def files_of(kept: Dataset | None) -> dict[str, str]:
    """The hash of each file of a data set; none where they are no longer at hand."""
    if kept is None:
        return {}
    try:
        return dict(uploads.files_of(kept))
    except (WorkspaceError, ValueError):
        return {}


def forget(hashes: Iterable[str]) -> None:
    """Remove copies that no data set needs any more."""
    if not (given := set(hashes)):
        return
    needed = {sha for each in store.kept() for sha in files_of(each).values()}
    for sha in given - needed:
        store.workspace().unstage(sha)
