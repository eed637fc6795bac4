"""What the workspace speaks in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple


class WorkspaceError(Exception):
    """Something cannot be kept or found; the message says what, why, and what to do."""


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
