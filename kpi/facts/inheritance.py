"""Dimensions that surveys and calls take from the ticket (or call) they belong to."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kpi.facts.columns import places
from kpi.facts.dimensions import dimensions_of, filled, taken_from

OWN = frozenset({"source", "source_file", "csat_raw", "nps_raw", "survey_type", "tags", "fcr"})
"""Dimensions that say something about the row itself and are never inherited."""


def inherited(
    rows: pd.DataFrame,
    own: Mapping[str, pd.Categorical],
    parents: tuple[tuple[str, pd.DataFrame | None], ...],
) -> dict[str, pd.Categorical]:
    """``own`` dimensions, filled from each parent table in turn, joined by its key column.

    Parameters
        parents: (key column, canonical table), nearest first.
    """
    found = dict(own)
    for key, parent in parents:
        if parent is None or key not in rows.columns or key not in parent.columns:
            continue
        place = places(rows[key], parent[key])
        if not (place >= 0).any():
            continue
        for name, dimension in dimensions_of(parent).items():
            if name not in OWN:
                filling = filled(found.get(name), taken_from(dimension, place))
                if filling is not None:
                    found[name] = filling
    return found
