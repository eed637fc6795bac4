"""Canonical tables as Parquet, with every dtype and every list coming back as it went in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from kpi.workspace.nouns import WorkspaceError

LISTS = "lists"


def write_frame(table: pd.DataFrame, path: Path) -> dict[str, Any]:
    """Writes a table and returns its shape: dtype by column, and which columns hold lists.

    Raises:
        WorkspaceError: naming the columns whose values no Parquet column can hold.
    """
    lists = [name for name in table.columns if table[name].dtype == object and _holds_lists(table[name])]
    try:
        arrow = pa.Table.from_pandas(table, preserve_index=None)
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError, ValueError) as error:
        raise WorkspaceError(
            f"the table '{path.stem}' cannot be kept: {_failing(table)} ({error})"
        ) from error
    with path.open("wb") as file:
        pq.write_table(arrow, file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())
    return {"dtypes": {str(name): str(dtype) for name, dtype in table.dtypes.items()}, LISTS: lists}


def read_frame(path: Path, shape: Mapping[str, Any]) -> pd.DataFrame:
    """The table that :func:`write_frame` wrote."""
    table = pq.read_table(path).to_pandas()
    for name in shape[LISTS]:
        table[name] = pd.Series(
            [item.tolist() if isinstance(item, np.ndarray) else item for item in table[name]],
            index=table.index,
            dtype=object,
        )
    for name, dtype in shape["dtypes"].items():
        if str(table[name].dtype) != dtype:
            table[name] = _as_object(table[name]) if dtype == "object" else table[name].astype(dtype)
    return table


def _as_object(column: pd.Series) -> pd.Series:
    """Text kept as objects: missing is None again."""
    values = column.astype(object)
    return values.where(column.notna(), None)


def _holds_lists(column: pd.Series) -> bool:
    return any(isinstance(item, list | tuple | np.ndarray) for item in column)


def _failing(table: pd.DataFrame) -> str:
    """Names of the columns that cannot be converted, each tried alone."""
    failing = []
    for name in table.columns:
        try:
            pa.Array.from_pandas(table[name])
        except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError, ValueError):
            failing.append(str(name))
    return "columns " + ", ".join(failing) if failing else "its columns do not fit together"
