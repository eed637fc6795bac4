"""Roles that a person gives to columns without being asked."""

from __future__ import annotations

from dataclasses import replace

from kpi.ingest.mapping import Column, split_target
from kpi.ingest.questions import Asking


def answered_role(column: Column, asking: Asking) -> Column:
    """The column with the role of the answer ``role:<header>``, if there is one that can be used."""
    key = f"role:{column.header}"
    if key in asking.used or asking.given(key) is None:
        return column
    answer = asking.volunteered(
        key, _is_target, "a column such as tickets.created_at, tickets.custom or ignored"
    )
    if answer is None:
        return column
    home, field = split_target(answer)
    return replace(column, table=home or column.table, field=field)


def _is_target(answer: str) -> bool:
    try:
        split_target(answer)
    except ValueError:
        return False
    return True
