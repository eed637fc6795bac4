"""Keys and names."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.ingest.cells import clean_keys, hash_text, looks_like_ids, mangled_keys, names


def column(*cells: str | None) -> pd.Series:
    return pd.Series(list(cells), dtype="str")


def plain(values: pd.Series) -> list[object]:
    return [None if pd.isna(value) else value for value in values]


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("#T-0001", "T-0001"),
        ("# 42", "42"),
        ("00074659", "00074659"),
        ("INC0012", "INC0012"),
        ("HDX-101", "HDX-101"),
        ("5 732 943", "5732943"),
        ("5\u202f732\u202f943", "5732943"),
        ("\u00a012\u00a0", "12"),
        ("1,234", "1234"),
        ("12.0", "12"),
        ('="0042"', "0042"),
        ("'0042", "0042"),
        ("1.23E+11", None),
        ("1,23457E+11", None),
        ("12E4", "12E4"),
        ("-", None),
        ("", None),
        ("1.2", "1.2"),
        ("a b", "a b"),
    ],
)
def test_one_key(cell: str, key: str | None) -> None:
    assert plain(clean_keys(column(cell))) == [key]


def test_the_index_is_kept() -> None:
    keys = clean_keys(pd.Series(["#1", "2.0"], index=[7, 0], dtype="str"))
    assert keys.to_dict() == {7: "1", 0: "2"}


def test_full_stops_are_thousands_marks_only_when_every_long_number_has_them() -> None:
    assert plain(clean_keys(column("1.234", "12.345.678", "999"))) == ["1234", "12345678", "999"]
    assert plain(clean_keys(column("1.234", "1234"))) == ["1.234", "1234"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(alphabet="#0123456789.,E+- abZ\u00a0'", max_size=12), max_size=20))
def test_cleaning_twice_changes_nothing_more(cells: list[str]) -> None:
    once = clean_keys(column(*cells))
    mixed = once[~once.fillna("").str.contains(r"[.,#' ]", regex=True)]
    assert plain(clean_keys(mixed)) == plain(mixed)


def test_mangled() -> None:
    assert mangled_keys(column("1.23E+11", "#2E+10", "E+1", "12")).tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("cells", "low", "high"),
    [
        ([f"INC{n:05d}" for n in range(50)], 1, 1),
        ([str(n) for n in range(1000, 1050)], 1, 1),
        (["1234"] * 50, 0, 0.1),
        (["2025-11-03", "2025-11-04"], 0, 0),
        (["0:02:23", "0:02:24"], 0, 0),
        (["1.5", "2.25"], 0, 0),
        (["a1@x.com", "b2@x.com"], 0, 0),
        (["Ann", "Bob"], 0, 0),
        (["", "-"], 0, 0),
    ],
)
def test_looks_like_ids(cells: list[str], low: float, high: float) -> None:
    assert low <= looks_like_ids(column(*cells)) <= high


def test_last_first_is_turned_round() -> None:
    read = names(column("Kowal, Marta", "Weber,Jonas", "No Agent", "Li", None))
    assert read.turned
    assert plain(read.names) == ["Marta Kowal", "Jonas Weber", None, "Li", None]


def test_names_with_an_address_or_an_extension() -> None:
    read = names(column("Marta Kowal (MK@x.de)", "Jonas Weber <jw@x.de>", "Aisha Rahman (117)", "a@b.co"))
    assert not read.turned
    assert plain(read.names) == ["Marta Kowal", "Jonas Weber", "Aisha Rahman", "a@b.co"]
    assert plain(read.emails) == ["mk@x.de", "jw@x.de", None, "a@b.co"]
    assert plain(read.extensions) == [None, None, "117", None]


def test_extensions_of_turned_names() -> None:
    assert plain(names(column("Kowal, Marta (117)")).names) == ["Marta Kowal"]


def test_lists_and_rare_commas_are_left_alone() -> None:
    assert plain(names(column("Ann Lee, Bob Ray", "Cy Fox, Di Roe")).names) == [
        "Ann Lee, Bob Ray",
        "Cy Fox, Di Roe",
    ]
    assert not names(column("Ann Lee", "Bob Ray", "Fox, Cy")).turned


def test_hashes() -> None:
    hashed = hash_text(column("A@x.com", "a@X.com ", "b@x.com", "", None), salt="one")
    assert hashed[0] == hashed[1] != hashed[2]
    assert plain(hashed)[3:] == [None, None]
    assert hashed[:3].str.fullmatch("[0-9a-f]{32}").all()
    assert hash_text(column("a@x.com"), salt="two")[0] != hashed[0]


def test_a_placeholder_behind_a_quote_is_no_key() -> None:
    assert plain(clean_keys(column("'-", "#n/a", "#12", "'A1"))) == [None, None, "12", "A1"]
