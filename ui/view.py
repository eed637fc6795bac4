"""What the reader looks at: one frozen value, rebuilt in each run from the shared filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpi.attainment import Aim, aim_of
from kpi.definitions import Definitions
from kpi.model import Filter, Metric, Period

if TYPE_CHECKING:
    from datetime import date

    from kpi.facts import Facts
    from kpi.ingest import Import
    from kpi.periods import Window
    from kpi.workspace import Target


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
    kept_targets: tuple[Target, ...] = ()
    """Targets that were set on the page Targets, read once a run; :meth:`aim` says which of them holds."""

    @property
    def choices(self) -> tuple[str, Period, Period, tuple[Filter, ...]]:
        """What every cached result depends on: facts by fingerprint, periods, filters."""
        return (self.facts.fingerprint, self.now, self.before, self.where)

    def aim(self, metric: Metric, where: tuple[Filter, ...] = (), last: date | None = None) -> Aim:
        """The target that holds in these filters and ``where``, on the last day of the period or ``last``."""
        segment = (*self.where, *where)
        return aim_of(metric, self.definitions, self.kept_targets, segment, last or self.now.end)
