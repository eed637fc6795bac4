"""A plan: what each column of one file becomes. Recognised sources and the generic path both end in one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from kpi.ingest.fields import TABLES, kind_of
from kpi.ingest.headers import matches
from kpi.ingest.sources import Source

CUSTOM = "custom"
IGNORED = "ignored"


@dataclass(frozen=True)
class Column:
    """One header and its target.

    ``field`` is a canonical field, ``custom`` or ``ignored``; ``note`` says why a column is ignored.
    ``time_of_day`` is the header of a second column that holds the time of this date.
    """

    header: str
    table: str
    field: str
    confidence: float = 1.0
    note: str = ""
    unit: str | None = None
    separator: str = ","
    words: str = ""
    placeholders: tuple[str, ...] = ()
    none_if: tuple[str, ...] = ()
    none_unless: str = ""
    scale: tuple[float, float, bool] | None = None
    inverse: bool = False
    also: Mapping[str, Any] | None = None
    time_of_day: str | None = None

    @property
    def target(self) -> str:
        """ "table.field" as shown in the account."""
        return IGNORED if self.field == IGNORED else f"{self.table}.{self.field}"

    @property
    def kind(self) -> str:
        """The kind of the canonical field; ``custom`` and ``ignored`` are their own kinds."""
        return self.field if self.field in (CUSTOM, IGNORED) else kind_of(self.table, self.field)


@dataclass(frozen=True)
class Plan:
    """What one file becomes.

    ``table`` is the table of one row; answers inside it (CSAT, NPS …) are split off later. ``grain`` is
    ``row`` or ``event`` (several rows per key, folded by time).
    """

    source: str
    confidence: float
    table: str
    columns: tuple[Column, ...]
    words: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))
    placeholders: tuple[str, ...] = ()
    ask_status: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    tag_status: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    zone: str | None = None
    grain: str = "row"

    def of(self, table: str, name: str) -> Column | None:
        """The column that feeds a field, if any."""
        found = [column for column in self.columns if column.table == table and column.field == name]
        return found[0] if found else None

    def feeding(self, *kinds: str) -> tuple[Column, ...]:
        """Columns of these kinds, in file order."""
        return tuple(column for column in self.columns if column.kind in kinds)

    def header_of(self, name: str) -> str | None:
        """The header that feeds a field of any table."""
        for column in self.columns:
            if column.field == name:
                return column.header
        return None

    def mapping(self) -> dict[str, str]:
        """Header → target, as shown in the account."""
        shown = {column.header: column.target for column in self.columns}
        for column in self.columns:
            if column.time_of_day:
                shown[column.time_of_day] = column.target
        return shown


def plan_source(source: Source, headers: tuple[str, ...], confidence: float) -> Plan:
    """The plan of a recognised file. Headers that the record does not know become custom columns; when two
    headers feed one field, the second is kept as custom."""
    columns: list[Column] = []
    taken: set[tuple[str, str]] = set()
    for header in headers:
        options = options_of(source, header)
        if options is None:
            columns.append(Column(header, source.table, CUSTOM))
            continue
        column = read_column(header, options)
        if column.field not in (CUSTOM, IGNORED) and (column.table, column.field) in taken:
            column = Column(header, source.table, CUSTOM)
        taken.add((column.table, column.field))
        columns.append(column)
    return Plan(
        source=source.key,
        confidence=confidence,
        table=source.table,
        columns=tuple(columns),
        words=source.words,
        placeholders=source.placeholders,
        ask_status=source.ask_status,
        tag_status=source.tag_status,
        zone=source.zone,
    )


def without_role(plan: Plan, column: Column) -> Plan:
    """The plan with one column kept as custom only."""
    custom = Column(column.header, plan.table, CUSTOM)
    return replace(plan, columns=tuple(custom if other is column else other for other in plan.columns))


def options_of(source: Source, header: str) -> Mapping[str, Any] | None:
    """What a record says about a header, None when it does not name it."""
    exact = [name for name in source.columns if "*" not in name and matches(name, header)]
    starred = [name for name in source.columns if "*" in name and matches(name, header)]
    for name in exact + starred:
        return source.columns[name]
    return None


def read_column(header: str, options: Mapping[str, Any]) -> Column:
    """A column from the options of a source record.

    Raises:
        ValueError: for a target or an option that does not exist.
    """
    options = dict(options)
    table, field_name = split_target(options.pop("to"))
    names = set(Column.__dataclass_fields__) - {"header", "table", "field", "confidence", "note"}
    unknown = sorted(set(options) - names)
    if unknown:
        raise ValueError(f"column '{header}': unknown options {', '.join(unknown)}")
    for name in ("placeholders", "none_if", "scale"):
        if name in options:
            options[name] = tuple(options[name])
    return replace(Column(header, table, field_name), **options)


def split_target(target: str) -> tuple[str, str]:
    """ "tickets.created_at" → ("tickets", "created_at"); "ignored" → ("", "ignored").

    Raises:
        ValueError: when there is no such column.
    """
    if target in (IGNORED, "ignore"):
        return "", IGNORED
    table, _, name = target.partition(".")
    if table not in TABLES or (name != CUSTOM and name not in TABLES[table]):
        raise ValueError(f"'{target}' is not a column of the canonical tables")
    return table, name
