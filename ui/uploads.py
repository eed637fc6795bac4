"""From dropped files to a kept data set: on disk by hash, read with remembered answers, memory given back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from kpi.ingest import Import, Refused, import_files
from kpi.workspace import Dataset, WorkspaceError
from ui import errors, store
from ui.escape import plain

TYPES = ("csv", "tsv", "txt", "xlsx", "jsonl", "ndjson", "json")
CHUNK = 4 * 2**20
HEAD = 256 * 2**10
Progress = Callable[[float, str], None]
Staged = tuple[tuple[str, str], ...]
"""(display name, sha256) of each file of an upload, in order."""


@dataclass(frozen=True)
class Outcome:
    """What came of the last upload of this visit."""

    dataset: str | None
    problem: Exception | None = None


def receive() -> None:
    """The box for files. What is dropped is read at once and becomes the data set that the page shows."""
    turn = st.session_state.setdefault("upload_turn", 0)
    files = st.file_uploader(
        "Drop the exports of your help desk here, all files of one data set together",
        type=list(TYPES),
        accept_multiple_files=True,
        key=f"upload-{turn}",
        help="Tickets, surveys, calls, agent days, customers. Files stay on this machine.",
    )
    last = st.session_state.get("upload_outcome")
    if not files:
        if isinstance(last, Outcome) and last.problem is not None:
            errors.not_taken(last.problem)
        return
    bar = st.progress(0.0, "Storing the files …")
    try:
        kept = take(files, lambda share, said: bar.progress(min(max(share, 0.0), 1.0), plain(said)))
        outcome = Outcome(kept.label)
        st.session_state["open_dataset"] = kept.label
    except (Refused, WorkspaceError, ValueError) as problem:
        outcome = Outcome(None, problem)
    finally:
        release(files)
    st.session_state["upload_outcome"] = outcome
    st.session_state["upload_turn"] = turn + 1
    st.rerun()


def just_arrived(label: str) -> bool:
    """Whether this data set was uploaded in this visit a moment ago."""
    last = st.session_state.get("upload_outcome")
    return isinstance(last, Outcome) and last.dataset == label


def take(files: list[Any], progress: Progress) -> Dataset:
    """Store, read and keep an upload.

    Raises:
        Refused: no file gives a table.
        WorkspaceError: it cannot be kept.
    """
    workspace = store.workspace()
    staged = []
    for number, file in enumerate(files):
        share = Span(progress, number / len(files) * 0.2, (number + 1) / len(files) * 0.2)
        kept = workspace.stage(file.name, _chunks(file), total=file.size, progress=share)
        staged.append((file.name, kept.sha256))
    return keep(tuple(staged), label_for(tuple(name for name, _ in staged)), Span(progress, 0.2, 1.0))


def keep(staged: Staged, label: str, progress: Progress) -> Dataset:
    """Read staged files with every remembered answer and keep what they give."""
    imported = read(staged, Span(progress, 0.0, 0.85))
    return save(staged, imported, label, Span(progress, 0.85, 1.0))


def save(staged: Staged, imported: Import, label: str, progress: Progress) -> Dataset:
    """Keep what staged files gave, with the list of them."""
    workspace = store.workspace()
    listing = workspace.stage("list of files", [json.dumps(staged).encode()])
    return workspace.save(label, imported, listing.sha256, progress=progress)


def put_in_place(dataset: Dataset | None, staged: Staged, made: Dataset, label: str) -> Dataset:
    """Let a data set made anew stand in the place of the one before, under its label."""
    workspace = store.workspace()
    if dataset is not None and made.key != dataset.key:
        workspace.delete(dataset.key)
        workspace.stage("list of files", [json.dumps(staged).encode()])
    return made if made.label == label else workspace.rename(made.key, label)


def read(staged: Staged, progress: Progress) -> Import:
    """The import of staged files; answers given once for the same headers are used again."""
    zone = store.workspace().definitions().timezone
    paths = [(name, path_of(sha256)) for name, sha256 in staged]
    answers = _remembered(_fingerprints_of_heads(paths))
    imported = import_files(paths, answers, team_zone=zone, progress=progress)
    found = _remembered({account.fingerprint for account in imported.files})
    if found != answers:
        imported = import_files(paths, found, team_zone=zone, progress=progress)
    return imported


def read_again(dataset: Dataset, given: Mapping[str, Mapping[str, str]], progress: Progress) -> Dataset:
    """Remember answers, read the files anew, and put the result in the place of the data set.

    Raises:
        WorkspaceError: the files are no longer on disk, or the result cannot be kept.
    """
    staged = files_of(dataset)
    workspace = store.workspace()
    for fingerprint, answers in given.items():
        workspace.remember(fingerprint, answers)
    return put_in_place(dataset, staged, keep(staged, dataset.label, progress), dataset.label)


def delete(dataset: Dataset) -> None:
    """Delete a data set wholly: tables, account, the uploaded files, the answers to their questions."""
    workspace = store.workspace()
    try:
        staged = files_of(dataset)
    except WorkspaceError:
        staged = ()
    workspace.delete(dataset.key, forget_answers=True)
    for _, sha256 in staged:
        workspace.unstage(sha256)


def files_of(dataset: Dataset) -> Staged:
    """The staged files of a data set.

    Raises:
        WorkspaceError: they were removed (a week after the upload).
    """
    listing = path_of(dataset.source_hash)
    if not listing.is_file():
        raise WorkspaceError(
            "the uploaded files are no longer kept; upload them again, your answers are remembered"
        )
    staged = tuple((str(name), str(sha256)) for name, sha256 in json.loads(listing.read_bytes()))
    if lost := [name for name, sha256 in staged if not path_of(sha256).is_file()]:
        raise WorkspaceError(
            f"no longer kept: {', '.join(lost)}; upload the files again, your answers are remembered"
        )
    return staged


def path_of(sha256: str) -> Path:
    """Where a staged upload lies; its name is its hash, never a name from outside."""
    return store.workspace().path / "staging" / sha256


def label_for(names: tuple[str, ...]) -> str:
    """A data set's first label.

    >>> label_for(("tickets Q3.csv", "calls.csv", "surveys.csv"))
    'tickets Q3 and 2 more'
    """
    stem = plain(PurePath(names[0].replace("\\", "/")).stem, 50) or "Data"
    ours = (store.SAMPLE_LABEL, store.WATCHED_LABEL, store.WATCHED_DATABASE)
    stem = f"{stem} (own)" if stem in ours else stem
    return stem if len(names) == 1 else f"{stem} and {len(names) - 1} more"


def release(files: list[Any]) -> None:
    """Give the bytes of an upload back; a new key of the box alone would keep them in memory."""
    context = get_script_run_ctx()
    if context is not None:
        for file in files:
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


@dataclass(frozen=True)
class Span:
    """A part of a longer progress."""

    whole: Progress
    start: float
    end: float

    def __call__(self, share: float, said: str) -> None:
        self.whole(self.start + (self.end - self.start) * share, said)


def _chunks(file: Any) -> Iterator[bytes]:
    view = file.getbuffer()
    for start in range(0, len(view), CHUNK):
        yield view[start : start + CHUNK]


def _remembered(fingerprints: set[str]) -> dict[str, dict[str, str]]:
    found = {
        fingerprint: dict(store.workspace().answers(fingerprint)) for fingerprint in sorted(fingerprints)
    }
    return {fingerprint: answers for fingerprint, answers in found.items() if answers}


def _fingerprints_of_heads(paths: list[tuple[str, Path]]) -> set[str]:
    """Header fingerprints from the first lines, so that a large file with known answers is read once."""
    found: set[str] = set()
    for name, path in paths:
        with path.open("rb") as file:
            head = file.read(HEAD)
        whole_lines = head[: head.rfind(b"\n") + 1] or head
        try:
            found.update(account.fingerprint for account in import_files([(name, whole_lines)]).files)
        except Refused:
            continue
    return found
