"""Columns of a recognised export that its record does not name: own fields of the team that made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kpi.ingest.content import fit
from kpi.ingest.fields import TABLES, kind_of
from kpi.ingest.mapping import CUSTOM, Column, Plan, options_of
from kpi.ingest.profile import Profile
from kpi.ingest.questions import Asking
from kpi.ingest.reading import RawTable
from kpi.ingest.role_answers import answered_role
from kpi.ingest.roles import name_fit
from kpi.ingest.sources import Source, load_aliases

OWN_FIELDS = ("category", "subcategory", "product", "brand", "language", "country", "escalated")
"""What teams keep in own fields, and what no export means otherwise by these names."""

LONGEST_VALUE = 40
"""Values that are longer on average are sentences, not the values of a list."""


def place_leftovers(plan: Plan, source: Source, raw: RawTable, asking: Asking) -> Plan:
    """The plan with own fields ("Issue [list]", "Escalated [flag]") in the roles that their names say.

    The type in brackets is taken off; the rest must be an alias of the generic path word for word, the cells
    must suit it, and no column that the record names may feed the role already. Everything else stays custom.
    """
    left = [column for column in plan.columns if options_of(source, column.header) is None]
    roles = {column.header: answered_role(column, asking) for column in left}
    free = [column for column in left if f"role:{column.header}" not in asking.used]
    held = {(column.table, column.field) for column in plan.columns if column not in left}
    held |= {(column.table, column.field) for column in roles.values() if column.field != CUSTOM}
    for field in OWN_FIELDS:
        if field not in TABLES[plan.table] or (plan.table, field) in held:
            continue
        best = _best(free, plan.table, field, raw)
        if best is not None:
            roles[best.header] = replace(best, field=field)
            free.remove(best)
    return replace(plan, columns=tuple(roles.get(column.header, column) for column in plan.columns))


def _best(columns: Sequence[Column], table: str, field: str, raw: RawTable) -> Column | None:
    """The column whose name is the best alias of a field and whose cells suit it."""
    aliases = [name for name in load_aliases()[table].get(field, ()) if not name.startswith("!")]
    ranked: list[tuple[int, int]] = []
    for place, column in enumerate(columns):
        _, tier, rank, _ = name_fit(column.header, aliases)
        if tier == 0 and _suits(raw, column.header, table, field):
            ranked.append((rank, place))
    return columns[min(ranked)[1]] if ranked else None


def _suits(raw: RawTable, header: str, table: str, field: str) -> bool:
    profile = Profile(header, raw.cells[header], len(raw.cells))
    if kind_of(table, field) == "flag":
        return fit(profile, table, field) == 1.0
    short = len(profile.sample) > 0 and float(profile.sample.str.len().mean()) <= LONGEST_VALUE
    return short and fit(profile, "tickets", "category") == 1.0
