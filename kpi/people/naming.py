"""What agents are called where they are shown: by name, by initials, by pseudonym."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kpi.export import pseudonym

if TYPE_CHECKING:
    from kpi.ingest.nouns import Tables

COLUMNS = ("ticket_id", "survey_id", "call_id", "date", "agent_name")
TABLES = ("tickets", "surveys", "calls", "agents", "agent_days", "agent_periods", "customers")


class Called(Enum):
    """How agents are called on a page."""

    NAMES = "Names"
    INITIALS = "Initials"
    PSEUDONYMS = "Pseudonyms"


def called(agents: Sequence[str], how: Called, key: bytes) -> Mapping[str, str]:
    """Name → what stands for it; no two agents are called the same.

    Args:
        key: of the data set (:func:`data_key`); with it a pseudonym is the same in every visit.

    >>> list(called(["Ana Silva", "Abel Stone"], Called.INITIALS, b"").values())
    ['A. S.', 'A. S. (2)']
    """
    if how is Called.NAMES:
        return {name: name for name in agents}
    made: dict[str, str] = {}
    used: dict[str, int] = {}
    for name in agents:
        word = pseudonym(name, "Agent", key) if how is Called.PSEUDONYMS else _initials(name)
        used[word] = used.get(word, 0) + 1
        made[name] = word if used[word] == 1 else f"{word} ({used[word]})"
    return made


def data_key(tables: Tables, name: str) -> bytes:
    """A key that only those can make who hold the data: from the keys and agents of all rows, and the name
    of the data set.

    Whoever knows all names of a team and reads a pseudonym cannot tell whose it is without the data.
    """
    digest = hashlib.sha256(name.encode())
    for table in TABLES:
        frame: pd.DataFrame | None = getattr(tables, table)
        if frame is None:
            continue
        columns = [column for column in COLUMNS if column in frame.columns]
        digest.update(f"{table} {len(frame)}".encode())
        if columns:
            rows = pd.util.hash_pandas_object(frame[columns].astype(str), index=False).to_numpy()
            digest.update(np.sort(rows).tobytes())
    return digest.digest()


def _initials(name: str) -> str:
    words = [word for word in name.replace("-", " ").split() if word]
    return " ".join(f"{word[0].upper()}." for word in words) or "?"
