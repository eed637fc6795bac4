"""What lies in the folder of one data set: tables, accounts, answers; and how data sets are named."""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kpi.ingest.nouns import Import, Tables
from kpi.workspace.folder import Progress, folder_size
from kpi.workspace.frames import read_frame, write_frame
from kpi.workspace.records import accounts_from_plain, as_plain, frozen

IMPORT_FILE = "import.json"
SCHEMA = 1
"""Version of these files."""
LABEL_LENGTH = 80


def write_contents(folder: Path, imported: Import, progress: Progress | None) -> tuple[dict[str, int], int]:
    """Writes an import into an empty folder; returns rows by table and bytes on disk."""
    tables = imported.tables.items()
    shapes = {}
    for number, (name, table) in enumerate(tables):
        if progress is not None:
            progress(number / len(tables), f"keeping {len(table):,} {name.replace('_', ' ')}")
        shapes[name] = write_frame(table, folder / f"{name}.parquet")
    plain = {
        "schema": SCHEMA,
        "tables": shapes,
        "files": as_plain(imported.files),
        "answers": as_plain(imported.answers),
    }
    with (folder / IMPORT_FILE).open("w", encoding="utf-8") as file:
        json.dump(plain, file)
        file.flush()
        os.fsync(file.fileno())
    if progress is not None:
        progress(1.0, "kept")
    return imported.tables.sizes(), folder_size(folder)


def read_contents(folder: Path) -> Import:
    """The import that :func:`write_contents` wrote."""
    plain = json.loads((folder / IMPORT_FILE).read_text(encoding="utf-8"))
    tables = {name: read_frame(folder / f"{name}.parquet", shape) for name, shape in plain["tables"].items()}
    return Import(Tables(**tables), accounts_from_plain(plain["files"]), frozen(plain["answers"]))


def dataset_key(source_hash: str, given: Mapping[str, Any]) -> str:
    """Key of a data set: a hash of the bytes and of the answers they were read under.

    >>> dataset_key("ab", {"timezone": "UTC"}) == dataset_key("ab", {"timezone": "Europe/Berlin"})
    False
    """
    text = json.dumps([source_hash, as_plain(given)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def clean_label(text: str) -> str:
    """A label that can stand on one line: no control characters, single blanks, at most 80 characters.

    >>> clean_label("  Q2\\texport\\u202e\\n"), clean_label("")
    ('Q2 export', 'Data')
    """
    kept = (c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(kept).split())[:LABEL_LENGTH].strip() or "Data"
