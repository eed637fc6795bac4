"""What facts are: compact columns of one grain, their dimensions, and the rows they were made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from kpi.definitions import Definitions
from kpi.model import Grain

NONE = "(none)"
"""The category of a missing value in every dimension."""
WORDLESS: Mapping[str, str] = MappingProxyType({})
UNCOUNTED: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class FactTable:
    """Rows of one grain; never mutated.

    Attributes:
        columns: compact arrays of equal length. Flags are uint8; days int32 (local days since 1970-01-01,
            ``MISSING_DAY`` where there is none); durations int32 seconds (``_s``) or minutes (``_min``);
            scores
            float64. A value means something only where its flag says so; nothing is ever NaN.
        dimensions: what rows can be split and filtered by; a missing value is the category "(none)".
        source: the canonical rows behind, in the same order.
        excluded: rows left out by policy, by reason: ``{"spam": 3, "merged": 12}``.
        notes: fact column → what a reader of any number made from it must know.
        absent: fact column that could not be made → why, in plain words.
    """

    grain: Grain
    columns: Mapping[str, NDArray[Any]]
    dimensions: Mapping[str, pd.Categorical]
    source: pd.DataFrame
    excluded: Mapping[str, int] = field(default_factory=lambda: UNCOUNTED)
    notes: Mapping[str, str] = field(default_factory=lambda: WORDLESS)
    absent: Mapping[str, str] = field(default_factory=lambda: WORDLESS)
    definitions: Definitions = field(default_factory=Definitions)

    def __len__(self) -> int:
        return len(self.source)


@dataclass(frozen=True, eq=False)
class Facts:
    """Every fact table of a data set under one set of definitions.

    Attributes:
        as_of: newest stamp in the data (UTC); "now" for everything that is still open. Never the wall clock.
        first_day, last_day: first and last local day on which anything happened.
        missing: canonical column ("tickets.solved_at") → why it is not there.
        notes: sentences about the data set as a whole.
        dated: whether any row has a date; without, only the period "all" has answers.
        newest_day_whole: False when the export was made in the middle of the newest day.
    """

    tables: Mapping[Grain, FactTable]
    definitions: Definitions
    as_of: datetime
    first_day: int
    last_day: int
    missing: Mapping[str, str]
    notes: tuple[str, ...]
    fingerprint: str
    dated: bool = True
    newest_day_whole: bool = True

    def table(self, grain: Grain) -> FactTable | None:
        """The table of one grain, None when the data feed none."""
        return self.tables.get(grain)
