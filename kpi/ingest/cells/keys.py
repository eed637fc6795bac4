"""Keys and names: ids as text, "Last, First" turned round, personal data hashed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from kpi.ingest.cells.layouts import distinct
from kpi.ingest.cells.vocabulary import is_nothing

_SPECIAL_BLANKS = r"[\x{a0}\x{2000}-\x{200b}\x{202f}\x{205f}\x{3000}\x{feff}]"
_MANGLED = r"^#?[0-9](?:[.,][0-9]+)?[eE]\+[0-9]+$"
_GROUPED = r"^[0-9]{1,3}(?:[ ,'’][0-9]{3})+(?:\.0+)?$"
_DOTTED = r"^[0-9]{1,3}(?:\.[0-9]{3})+$"


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
    """Keys as text (dtype str), missing where empty, placeholder or mangled by a spreadsheet.

    Outer blanks, a leading "#", no-break and thin spaces, thousands marks and a trailing ".0" go; leading
    zeros and prefixes stay. Full stops are thousands marks only in columns where every number above 999 has
    them.

    >>> written = ["#T-0001", " 00074659 ", "5 732 943", "1,234", "12.0", "1.23E+11"]
    >>> clean_keys(pd.Series(written, dtype="str")).tolist()
    ['T-0001', '00074659', '5732943', '1234', '12', nan]
    """
    column = distinct(text)
    cells = pc.utf8_trim_whitespace(pc.replace_substring_regex(column.values, _SPECIAL_BLANKS, ""))
    wrapped = pc.match_substring_regex(cells, '^(=".*"|\'|#)')
    if pc.any(wrapped).as_py():
        cells = pc.replace_substring_regex(cells, '^="(.*)"$', r"\1")
        cells = pc.utf8_trim_whitespace(pc.replace_substring_regex(cells, "^['#]+", ""))
    gone = pc.or_(pc.match_substring_regex(cells, _MANGLED), pc.equal(cells, ""))
    if pc.any(wrapped).as_py():
        bare = distinct(_text(cells, pd.RangeIndex(len(cells))))
        gone = pc.or_(gone, pa.array(bare.spread(is_nothing(bare))))
    grouped = pc.match_substring_regex(cells, _GROUPED)
    if pc.any(grouped).as_py():
        cells = pc.if_else(grouped, pc.replace_substring_regex(cells, "[ ,'’]", ""), cells)
    dotted = pc.match_substring_regex(cells, _DOTTED)
    if pc.any(dotted).as_py():
        plain = pc.match_substring_regex(cells, r"^[0-9]{1,3}$")
        if pc.all(pc.or_(pc.or_(dotted, plain), gone)).as_py():
            cells = pc.if_else(dotted, pc.replace_substring_regex(cells, r"\.", ""), cells)
    if pc.any(pc.match_substring_regex(cells, r"^[0-9]+\.0+$")).as_py():
        cells = pc.replace_substring_regex(cells, r"^([0-9]+)\.0+$", r"\1")
    gone = pc.or_(gone, pa.array(is_nothing(column)))
    kept = pc.if_else(gone, pa.scalar(None, type=cells.type), cells)
    return _text(kept.take(pa.array(column.codes)), text.index)


def _text(cells: pa.Array, index: pd.Index) -> pd.Series:
    return pd.Series(cells.to_pandas().array, index=index).astype("str")


def mangled_keys(text: pd.Series) -> np.ndarray:
    """Bool array: cells like "1.23E+11", which cannot be restored (C_EXCEL_MANGLED).

    >>> mangled_keys(pd.Series(["1.23E+11", "12E4", "7"], dtype="str")).tolist()
    [True, False, False]
    """
    column = distinct(text)
    hits = pc.match_substring_regex(column.values, _MANGLED).to_numpy(zero_copy_only=False)
    found: np.ndarray = column.spread(np.asarray(hits, dtype=bool))
    return found


def looks_like_ids(text: pd.Series) -> float:
    """0 to 1: how much a column looks like an identifier.

    The share of filled cells shaped like one (a digit, no inner blank, no decimals, date, clock, percent or
    mail address) times the share of distinct ones among them.

    >>> looks_like_ids(pd.Series(["INC0012", "INC0013"], dtype="str"))
    1.0
    >>> looks_like_ids(pd.Series(["Late parcel", "Refund"], dtype="str"))
    0.0
    """
    column = distinct(text)
    filled = ~is_nothing(column)
    rows = int(column.weights[filled].sum())
    if rows == 0:
        return 0.0
    cells = column.values
    shaped = pc.match_substring_regex(cells, r"^#? ?[\w.\-/:|]*[0-9][\w.\-/:|]*$|" + _GROUPED)
    other = pc.match_substring_regex(
        cells, r"^-?[0-9]*[.,][0-9]{1,2}$|^-|^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}|[0-9]:[0-9]{2}|@|%"
    )
    good = filled & (pc.and_(shaped, pc.invert(other)).to_numpy(zero_copy_only=False).astype(bool))
    return float(column.weights[good].sum() / rows * (good.sum() / rows)) if good.any() else 0.0


def names(text: pd.Series) -> NameReading:
    """Display names: "Last, First" turned, "Name (mail@x)" and "Name (117)" split, words for nobody nulled.

    A column is "Last, First" when more than half of its filled cells have exactly one comma and these are not
    mostly lists of full names ("Ann Lee, Bob Ray"). Cells that list several people must be split before.

    >>> read = names(pd.Series(["Kowal, Marta", "Weber, Jonas (117)", "No Agent"], dtype="str"))
    >>> read.names.tolist(), read.extensions.tolist(), read.turned
    (['Marta Kowal', 'Jonas Weber', nan], [nan, '117', nan], True)
    """
    column = distinct(text)
    nothing = is_nothing(column, agents=True)
    cells = pd.Series(column.values.to_pandas(), dtype="str").mask(nothing)
    mail = cells.str.extract(r"^(.*?)\s*[<(\[]?\s*([^\s<>()\[\]]+@[^\s<>()\[\]]+\.[^\s<>()\[\]]+)\s*[>)\]]?$")
    has_mail = mail[1].notna()
    emails = mail[1].str.lower()
    plain = cells.mask(has_mail, mail[0].where(mail[0] != "", mail[1]))
    phone = plain.str.extract(r"^(.*\S)\s*\((\d{1,6})\)$")
    plain = plain.mask(phone[1].notna(), phone[0])
    weights = np.where(nothing, 0, column.weights)
    sides = plain.str.extract(r"^\s*([^,]+?)\s*,\s*([^,]+?)\s*$")
    one = sides[0].notna().to_numpy()
    both = (
        one
        & sides[0].str.contains(" ", na=False).to_numpy()
        & sides[1].str.contains(" ", na=False).to_numpy()
    )
    comma = int(weights[one].sum())
    turned = comma * 2 > int(weights.sum()) and int(weights[both].sum()) * 2 <= comma
    if turned:
        plain = plain.mask(one, sides[1] + " " + sides[0])

    def spread(values: pd.Series) -> pd.Series:
        return pd.Series(values.array.take(column.codes), index=text.index).astype("str")

    return NameReading(spread(plain), spread(emails), spread(phone[1]), turned)


def hash_text(text: pd.Series, salt: str = "") -> pd.Series:
    """Salted one-way hashes (BLAKE2b, 32 hex digits) of the case-folded text; empty and missing cells stay
    missing.

    >>> hash_text(pd.Series(["A@x.com", "a@x.com ", ""], dtype="str"), "s").nunique()
    1
    """
    column = distinct(text)
    key = hashlib.sha256(salt.encode()).digest()
    hashes = [
        hashlib.blake2b(cell.casefold().encode(), digest_size=16, key=key).hexdigest() if cell else None
        for cell in column.values.to_pylist()
    ]
    found = pd.Series(hashes, dtype="str")
    return pd.Series(found.array.take(column.codes), index=text.index).astype("str")
