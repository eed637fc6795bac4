"""Dimensions: what rows can be split and filtered by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi.facts.nouns import NONE

MOST_VALUES = 1_000
"""A custom column with more distinct values than this is no dimension."""
CUSTOM = "custom:"

NAMES: Mapping[str, str] = {
    "group": "team",
    "agent_name": "agent",
}
"""Canonical column → name of its dimension, where the two differ."""

PLAIN: tuple[str, ...] = (
    "channel",
    "channel_raw",
    "group",
    "agent_name",
    "category",
    "subcategory",
    "priority",
    "priority_raw",
    "product",
    "type",
    "country",
    "language",
    "brand",
    "organization",
    "status",
    "status_raw",
    "resolution_code",
    "sla_policy",
    "sentiment",
    "tags",
    "queue",
    "campaign",
    "direction",
    "outcome",
    "wrapup_code",
    "survey_type",
    "reason",
    "segment",
    "region",
    "csat_raw",
    "nps_raw",
    "source",
    "source_file",
)
FLAGS: tuple[str, ...] = (
    "resolved",
    "transferred",
    "voicemail",
    "escalated",
    "fcr",
    "sla_first_response_met",
    "sla_resolution_met",
    "bot_involved",
    "within_business_hours",
    "churned",
)
NEVER_LIMITED = frozenset({"agent_name", "group", "category", "channel", "status", "priority", "product"})


def dimensions_of(rows: pd.DataFrame, more: Iterable[str] = ()) -> dict[str, pd.Categorical]:
    """Every dimension of a canonical table: known columns, yes/no flags, and custom columns under their own
    header.

    A custom header that is also the name of a known dimension keeps its "custom:" in front.
    """
    found: dict[str, pd.Categorical] = {}
    for column in (*PLAIN, *more):
        if column in rows.columns:
            made = categories(rows[column], None if column in NEVER_LIMITED else MOST_VALUES)
            if made is not None:
                found[NAMES.get(column, column)] = made
    for column in FLAGS:
        if column in rows.columns and bool(rows[column].notna().any()):
            found[column] = yes_no(rows[column])
    taken = {name.casefold() for name in (*NAMES, *NAMES.values(), *PLAIN, *FLAGS)}
    for column in map(str, rows.columns):
        if column.startswith(CUSTOM):
            made = categories(rows[column], MOST_VALUES)
            if made is not None:
                header = column.removeprefix(CUSTOM)
                found[column if header.casefold() in taken else header] = made
    return found


def categories(values: pd.Series, most: int | None = None) -> pd.Categorical | None:
    """Text categories in natural order with "(none)" for missing values; None when no value is there, or
    more than ``most`` categories."""
    if values.dtype == object:
        values = values.map(_words)
    codes, names = pd.factorize(values, use_na_sentinel=True)
    if not len(names):
        return None
    texts = [_text(name) for name in names]
    # Names of customers and subjects are many, and putting them in order takes longer than all the rest.
    if most is not None and len({*texts} - {NONE}) > most:
        return None
    made = _ordered(codes.astype(np.int64), texts)
    return made if most is None or len(made.categories) <= most else None


def yes_no(values: pd.Series) -> pd.Categorical:
    """A flag as the categories yes, no and "(none)"."""
    known = values.notna().to_numpy(dtype=bool)
    true = values.astype("boolean").fillna(False).to_numpy(dtype=bool)
    codes = np.where(known, np.where(true, 1, 0), -1).astype(np.int64)
    return _ordered(codes, ["no", "yes"])


def filled(own: pd.Categorical | None, other: pd.Categorical | None) -> pd.Categorical | None:
    """``own`` where it has a value, else ``other`` (both of equal length)."""
    if own is None or other is None:
        return own if other is None else other
    lacking = own.codes == _none_code(own)
    if not lacking.any():
        return own
    names = list(dict.fromkeys([*map(str, own.categories), *map(str, other.categories)]))
    place = {name: code for code, name in enumerate(names)}
    left = np.array([place[str(name)] for name in own.categories], np.int64)[own.codes]
    right = np.array([place[str(name)] for name in other.categories], np.int64)[other.codes]
    return _ordered(np.where(lacking, right, left), names)


def taken_from(dimension: pd.Categorical, rows: NDArray[np.int64]) -> pd.Categorical:
    """The dimension of other rows, by row number; "(none)" where the number is −1."""
    names = list(map(str, dimension.categories))
    codes = np.append(dimension.codes.astype(np.int64), -1)[rows]
    return _ordered(codes, names)


def _none_code(dimension: pd.Categorical) -> int:
    place = dimension.categories.get_indexer([NONE])[0]
    return int(place) if place >= 0 else -2


def _ordered(codes: NDArray[np.int64], names: list[str]) -> pd.Categorical:
    """Used names only, in natural order, "(none)" last; equal texts become one category."""
    used = np.flatnonzero(np.bincount(codes[codes >= 0]))
    merged = sorted({names[code] for code in used if names[code] != NONE}, key=_natural)
    none = bool((codes < 0).any()) or any(names[code] == NONE for code in used)
    final = [*merged, NONE] if none or not merged else merged
    place = {name: code for code, name in enumerate(final)}
    lookup = np.array(
        [place.get(name, place.get(NONE, 0)) for name in names] + [place.get(NONE, 0)], np.int64
    )
    return pd.Categorical.from_codes(lookup[codes], categories=pd.Index(final, dtype=object))


def _natural(name: str) -> tuple[int, float, str]:
    try:
        return (0, float(name), name)
    except ValueError:
        return (1, 0.0, name.casefold())


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or NONE


def _words(value: object) -> object:
    if isinstance(value, list | tuple | set | np.ndarray):
        return ", ".join(map(str, value)) or None
    return value
