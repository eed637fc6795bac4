"""What the reader looks at: one frozen value, rebuilt in each run from the shared filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpi.definitions import Definitions
from kpi.model import Filter, Period

if TYPE_CHECKING:
    from kpi.facts import Facts
    from kpi.ingest import Import
    from kpi.periods import Window


@dataclass(frozen=True)
class View:
    """Data set, definitions, the two periods and the filters of this run.

    ``key`` names the data set in the workspace ("sample" for the sample data), ``label`` is its name.
    """

    key: str
    label: str
    imported: Import
    facts: Facts
    definitions: Definitions
    now: Period
    before: Period
    where: tuple[Filter, ...]
    window: Window

    @property
    def choices(self) -> tuple[str, Period, Period, tuple[Filter, ...]]:
        """What every cached result depends on: facts by fingerprint, periods, filters."""
        return (self.facts.fingerprint, self.now, self.before, self.where)
