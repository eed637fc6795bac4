"""What an import gives back: questions, exact accounts, canonical tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from kpi.ingest.reading import Finding, Reject

NO_WORDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Question:
    """Something that no test settles and that changes a KPI.

    ``id`` is stable (``timezone``, ``status:<value>``, ``scale:<header>`` …) and is the key under which an
    answer is given. ``default`` None means that nothing is assumed: the column is left out until answered.
    An empty ``choices`` accepts any answer that can be read (an IANA zone).
    """

    id: str
    about: str
    default: str | None
    choices: tuple[str, ...] = ()
    column: str | None = None
    examples: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Account:
    """The exact account of one file (or sheet): ``rows_read == rows_kept + len(rejects)``.

    ``mapping`` gives the target ("table.field") of each header; ``settings`` holds ``timezone``,
    ``timezone_origin`` (declared, asked, assumed, none), ``date_order``, ``decimal``, ``encoding``,
    ``delimiter`` and the like. ``assumed`` has one sentence per default taken.
    """

    name: str
    source: str
    confidence: float
    rows_read: int
    rows_kept: int
    rejects: tuple[Reject, ...] = ()
    findings: tuple[Finding, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=lambda: NO_WORDS)
    settings: Mapping[str, str] = field(default_factory=lambda: NO_WORDS)
    questions: tuple[Question, ...] = ()
    assumed: tuple[str, ...] = ()
    fingerprint: str = ""

    @property
    def rejected(self) -> Mapping[str, int]:
        """Number of rejected records by reason code, in the order of the records."""
        counts: dict[str, int] = {}
        for reject in self.rejects:
            counts[reject.reason] = counts.get(reject.reason, 0) + 1
        return counts


@dataclass(frozen=True)
class Tables:
    """Canonical tables: the columns of the schema that the data feed, plus ``custom:<header>`` ones.

    Times are ``datetime64[ns, UTC]``, durations float seconds, counts ``Int64``, flags ``boolean``, texts
    ``str`` with missing values; ``source``, ``source_file`` and ``source_record`` say where a row came from.
    None where the data feed no row of a table.
    """

    tickets: pd.DataFrame | None = None
    surveys: pd.DataFrame | None = None
    calls: pd.DataFrame | None = None
    agents: pd.DataFrame | None = None
    agent_days: pd.DataFrame | None = None
    agent_periods: pd.DataFrame | None = None
    customers: pd.DataFrame | None = None

    def items(self) -> tuple[tuple[str, pd.DataFrame], ...]:
        """(name, table) of the tables that are there, in a fixed order."""
        named = ((f.name, getattr(self, f.name)) for f in fields(self))
        return tuple((name, table) for name, table in named if table is not None)

    def sizes(self) -> dict[str, int]:
        """Rows by table.

        >>> Tables().sizes()
        {}
        """
        return {name: len(table) for name, table in self.items()}


@dataclass(frozen=True)
class Import:
    """Everything that came out of a set of files, and the answers that were used."""

    tables: Tables
    files: tuple[Account, ...]
    answers: Mapping[str, str] = field(default_factory=lambda: NO_WORDS)

    @property
    def zone(self) -> str | None:
        """The IANA zone in which all files were read; None when they name none or do not agree."""
        zones = {
            account.settings.get("timezone", "")
            for account in self.files
            if account.settings.get("timezone_origin", "none") != "none"
        }
        zone = zones.pop() if len(zones) == 1 else ""
        return zone if "/" in zone else None
