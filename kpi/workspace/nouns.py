"""What the workspace speaks in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple


class WorkspaceError(Exception):
    """Something cannot be kept or found; the message says what, why, and what to do."""


class Wrong(NamedTuple):
    """One thing that is wrong with a field of a record."""

    field: str
    says: str

    def __str__(self) -> str:
        return f"{self.field.replace('_', ' ')}: {self.says}"


class Invalid(WorkspaceError):
    """A record that cannot be kept as it is; ``wrongs`` are all the things to put right."""

    def __init__(self, noun: str, wrongs: tuple[Wrong, ...]) -> None:
        self.noun = noun
        self.wrongs = wrongs
        super().__init__(f"{noun} cannot be kept; " + "; ".join(map(str, wrongs)))


@dataclass(frozen=True)
class Caps:
    """How much is kept at most."""

    datasets: int = 200
    dataset_bytes: int = 20 * 2**30
    """All data sets together, as stored."""
    upload_bytes: int = 1 * 2**30
    """One staged upload."""
    staged_bytes: int = 5 * 2**30
    """All staged uploads together; the oldest give way."""
    records: int = 5_000
    """Of each kind that people keep: events, targets, goals ..."""


@dataclass(frozen=True)
class Dataset:
    """One kept data set, without its rows.

    ``key`` is a hash of the uploaded bytes and the answers given, so the same upload is kept once. ``label``
    is unique and made for people; it stands in links.
    """

    key: str
    label: str
    created_at: datetime
    """UTC."""
    source_hash: str
    rows: Mapping[str, int]
    """Rows by canonical table."""
    files: tuple[str, ...]
    """Display names of the files it came from."""
    fingerprints: tuple[str, ...]
    """Header fingerprints of those files: where their answers are remembered."""
    size: int
    """Bytes on disk."""


class Staged(NamedTuple):
    """An upload on disk."""

    path: Path
    sha256: str
