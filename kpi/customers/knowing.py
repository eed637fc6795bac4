"""Who wrote: one code for each customer over contacts, answers and the customer list."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi import engine, fields
from kpi.calendars import MISSING_DAY
from kpi.facts import NONE, Facts, FactTable
from kpi.facts.columns import Canonical, places
from kpi.facts.dimensions import taken_from
from kpi.model import Basis, Filter, Grain, Period

Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Unit(StrEnum):
    """Whose contacts are put together."""

    CUSTOMER = "Customers"
    ORGANISATION = "Organisations"


NO_CUSTOMERS = "no column says which customer wrote"
NO_ORGANISATIONS = "no column says which organisation a customer belongs to"
NOT_OF_CUSTOMERS = frozenset({"source", "source_file", "churned", "status", "tags"})
MOST_SEGMENTS = 50
"""A column of the customer list with more values than this says who somebody is, not of which kind."""
KEYS = {
    Grain.TICKETS: ("requester_id", "requester_email"),
    Grain.CALLS: ("requester_id", "requester_email", "from_number"),
}
ORGANISATION = ("organization",)


@dataclass(frozen=True, eq=False)
class Known:
    """Customers of a data set.

    Attributes:
        facts: with what the customer list says of a customer (segment, region …) as dimensions of contacts
            and answers too.
        keys: text of each customer's key; a code is a place in it.
        grain, basis: what a contact is, and the date that puts it in a period.
        who: code of the customer of each contact, −1 unknown; None where nobody is known (``refused``).
        answers: the same for each row of the surveys; listed: for each row of the customer list.
        dimensions: names of what the list says of customers, those of at least two kinds.
        refused: why contacts have no customers, else empty.
    """

    facts: Facts
    unit: Unit
    keys: NDArray[Any]
    grain: Grain
    basis: Basis
    who: Longs | None
    answers: Longs | None
    listed: Longs | None
    dimensions: tuple[str, ...]
    refused: str = ""

    @property
    def contacts(self) -> FactTable:
        """The table of contacts; KeyError where the data hold none."""
        return self.facts.tables[self.grain]

    @property
    def keys_wanted(self) -> bool:
        """There are contacts, and they lack a key of the customer."""
        return self.refused in (NO_CUSTOMERS, NO_ORGANISATIONS)

    @property
    def list(self) -> FactTable | None:
        """The customer list, None when the data hold none."""
        return self.facts.table(Grain.CUSTOMERS)

    @property
    def surveys(self) -> FactTable | None:
        """The answers, None when the data hold none."""
        return self.facts.table(Grain.SURVEYS)

    @property
    def noun(self) -> str:
        """What one of many is called."""
        return "customers" if self.unit is Unit.CUSTOMER else "organisations"

    @property
    def dated(self) -> bool:
        """Whether contacts have dates."""
        days = self.facts.table(self.grain)
        return days is not None and bool((_days(days, self.basis) != MISSING_DAY).any())

    def days(self) -> NDArray[np.int32]:
        """Day of each contact, ``MISSING_DAY`` without one."""
        return _days(self.contacts, self.basis)

    def rows(self, period: Period | None, where: tuple[Filter, ...] = ()) -> NDArray[np.intp]:
        """Row numbers of the contacts of known customers in a period, kept by the filters."""
        if self.who is None:
            return np.zeros(0, np.intp)
        found = engine.select(self.contacts, self.basis, period, where=where).rows
        return found[self.who[found] >= 0]


def know(facts: Facts, unit: Unit = Unit.CUSTOMER) -> Known:
    """Customers (or organisations) of the tickets, else of the calls; answers and the list are joined."""
    grain, basis = Grain.TICKETS, Basis.CREATED
    if facts.table(grain) is None and facts.table(Grain.CALLS) is not None:
        grain, basis = Grain.CALLS, Basis.STARTED
    table = facts.table(grain)
    customers, surveys = facts.table(Grain.CUSTOMERS), facts.table(Grain.SURVEYS)
    columns = ORGANISATION if unit is Unit.ORGANISATION else KEYS[grain]
    contact_keys = _keys(table, columns)
    list_keys = _keys(customers, ORGANISATION if unit is Unit.ORGANISATION else _list_columns(table))
    answer_keys = _answer_keys(surveys, table, contact_keys, columns)
    sides = [contact_keys, answer_keys, list_keys]
    whole = (
        pd.concat([side for side in sides if side is not None], ignore_index=True)
        if any(side is not None for side in sides)
        else pd.Series([], dtype="str")
    )
    codes, names = pd.factorize(whole, use_na_sentinel=True)
    parts: list[Longs | None] = []
    at = 0
    for side in sides:
        if side is None:
            parts.append(None)
            continue
        parts.append(codes[at : at + len(side)].astype(np.int64))
        at += len(side)
    who, answers, listed = parts
    refused = ""
    if table is None:
        refused = "the data hold no contacts: no tickets and no calls"
    elif who is None or not (who >= 0).any():
        refused = NO_ORGANISATIONS if unit is Unit.ORGANISATION else NO_CUSTOMERS
    shown, dimensions = _with_dimensions(facts, grain, who, answers, listed)
    return Known(
        shown,
        unit,
        np.asarray(names, dtype=object),
        grain,
        basis,
        None if refused else who,
        answers,
        listed,
        dimensions,
        refused,
    )


def secret(known: Known, name: str) -> bytes:
    """A key for pseudonyms that only those can make who hold the data, and that is the same in every visit.

    From the keys of all customers, the order in which they wrote, and the name of the data set.
    """
    digest = hashlib.sha256(name.encode())
    digest.update("\0".join(map(str, known.keys)).encode("utf-8", "surrogatepass"))
    for codes in (known.who, known.answers, known.listed):
        if codes is not None:
            digest.update(np.ascontiguousarray(codes).data)
    return digest.digest()


def has_organisations(facts: Facts) -> bool:
    """Whether contacts name at least two organisations."""
    for grain in (Grain.TICKETS, Grain.CALLS):
        table = facts.table(grain)
        if table is not None and ORGANISATION[0] in table.source.columns:
            return int(table.source[ORGANISATION[0]].nunique()) >= 2
    return False


def holds(table: FactTable, where: tuple[Filter, ...]) -> str:
    """Why the filters cannot be put on a table; empty when they can."""
    lacking = [each.field for each in where if fields.resolve(table, each.field) is None]
    noun = table.grain.value.replace("_", " ")
    return f"{noun} have no field {', '.join(map(repr, lacking))}" if lacking else ""


def kept(table: FactTable, where: tuple[Filter, ...]) -> Bools:
    """The rows of a table that filters keep.

    Raises:
        ValueError: for a field that the table does not have.
    """
    mask = np.zeros(len(table), np.bool_)
    mask[engine.select(table, Basis.LISTED, None, where=where).rows] = True
    return mask


def _days(table: FactTable, basis: Basis) -> NDArray[np.int32]:
    found = table.columns.get(basis.value)
    return np.full(len(table), MISSING_DAY, np.int32) if found is None else found


def _keys(table: FactTable | None, columns: tuple[str, ...]) -> pd.Series | None:
    """Key text of each row, missing where there is none; None without the table or the columns."""
    if table is None or not any(column in table.source.columns for column in columns):
        return None
    codes, names = Canonical(table.grain.value, table.source).keys(*columns)
    texts = _with_none(names)
    return pd.Series(texts[codes], dtype="str")


def _with_none(values: NDArray[Any]) -> NDArray[Any]:
    """Values with None at their end, so that −1 is nothing."""
    found = np.empty(len(values) + 1, dtype=object)
    found[:-1] = values
    found[-1] = None
    return found


def _list_columns(table: FactTable | None) -> tuple[str, ...]:
    """The columns of the list that can be the key of the contacts: e-mails where contacts have only those."""
    by_id = table is None or (
        "requester_id" in table.source.columns and bool(table.source["requester_id"].notna().any())
    )
    return (
        ("requester_id", "email", "requester_email")
        if by_id
        else ("email", "requester_email", "requester_id")
    )


def _answer_keys(
    surveys: FactTable | None,
    table: FactTable | None,
    contact_keys: pd.Series | None,
    columns: tuple[str, ...],
) -> pd.Series | None:
    """The customer of each answer: that of its contact, else its own."""
    if surveys is None:
        return None
    own = _keys(surveys, columns)
    found = pd.Series([None] * len(surveys), dtype="str") if own is None else own
    if table is None or contact_keys is None:
        return None if own is None else found
    key = "ticket_id" if table.grain is Grain.TICKETS else "call_id"
    if key in surveys.source.columns and key in table.source.columns:
        place = places(surveys.source[key], table.source[key])
        theirs = _with_none(contact_keys.to_numpy(dtype=object))[place]
        joined = pd.Series(theirs, dtype="str")
        found = joined.where(joined.notna(), found)
    return found if bool(found.notna().any()) else None


def _with_dimensions(
    facts: Facts, grain: Grain, who: Longs | None, answers: Longs | None, listed: Longs | None
) -> tuple[Facts, tuple[str, ...]]:
    """Facts whose contacts and answers have the dimensions of the customer list."""
    customers = facts.table(Grain.CUSTOMERS)
    if customers is None:
        return facts, ()
    own = {
        name: values
        for name, values in customers.dimensions.items()
        if name not in NOT_OF_CUSTOMERS
        and 2 <= len([each for each in values.categories if str(each) != NONE]) <= MOST_SEGMENTS
    }
    if not own or listed is None:
        return facts, tuple(own)
    size = int(max(listed.max(initial=-1), -1 if who is None else who.max(initial=-1),
                   -1 if answers is None else answers.max(initial=-1))) + 2  # fmt: skip
    row_of = np.full(size, -1, np.int64)
    there = np.flatnonzero(listed >= 0)[::-1]
    row_of[listed[there]] = there
    tables = dict(facts.tables)
    for each, codes in ((grain, who), (Grain.SURVEYS, answers)):
        table = facts.table(each)
        if table is None or codes is None:
            continue
        place = np.where(codes >= 0, row_of[codes], -1)
        more = {
            name: taken_from(values, place) for name, values in own.items() if name not in table.dimensions
        }
        tables[each] = replace(table, dimensions={**table.dimensions, **more})
    return replace(facts, tables=MappingProxyType(tables)), tuple(own)
