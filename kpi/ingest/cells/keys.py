"""Keys and names: ids as text, "Last, First" turned round, personal data hashed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class NameReading:
    """Names of one column. ``names``, ``emails``, ``extensions``: dtype str, missing where absent.

    ``turned``: the column was written "Last, First".
    """

    names: pd.Series
    emails: pd.Series
    extensions: pd.Series
    turned: bool


def clean_keys(text: pd.Series) -> pd.Series:
    """Keys as text (dtype str, missing where empty, placeholder or mangled by a spreadsheet)."""
    raise NotImplementedError


def mangled_keys(text: pd.Series) -> np.ndarray:
    """Bool array: cells like "1.23E+11", which cannot be restored (C_EXCEL_MANGLED)."""
    raise NotImplementedError


def looks_like_ids(text: pd.Series) -> float:
    """0 to 1: how much a column looks like an identifier (shape of the cells and share of distinct ones)."""
    raise NotImplementedError


def names(text: pd.Series) -> NameReading:
    """Display names: "Last, First" turned, "Name (mail@x)" and "Name (117)" split, placeholders for nobody nulled."""
    raise NotImplementedError


def hash_text(text: pd.Series, salt: str = "") -> pd.Series:
    """Salted one-way hashes (32 hex digits) of the case-folded text; missing stays missing."""
    raise NotImplementedError
