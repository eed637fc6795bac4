"""The contacts, answers or customers behind a number, and the story of one account."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi import drill
from kpi.customers.cohorts import Follow, cell_rows
from kpi.customers.knowing import Known, Longs, Unit, kept
from kpi.customers.moving import GROUPS, groups_of, pairs
from kpi.customers.proving import MOST_STEPS, Outcome, happened
from kpi.customers.relating import After, Asked, follow, sides_of
from kpi.customers.risk import LISTED, Reason, look
from kpi.customers.segments import kinds_of
from kpi.customers.sharing import per_customer
from kpi.customers.staying import watched
from kpi.facts import FactTable
from kpi.model import Filter, Metric, Period

COUNTED = "counted as"
CONTACTS = "contacts"


# ---------------------------------------------------------------- contacts per customer


def customers_between(
    known: Known, period: Period | None, first: int, last: int | None, where: tuple[Filter, ...] = ()
) -> pd.DataFrame:
    """Customers with ``first`` to ``last`` contacts in a period, those with most first."""
    counts = per_customer(known, known.rows(period, where))
    found = (counts >= max(first, 1)) & (counts <= last if last is not None else True)
    return _customers(known, np.flatnonzero(found), counts)


def top_customers(
    known: Known, period: Period | None, many: int, where: tuple[Filter, ...] = ()
) -> pd.DataFrame:
    """The ``many`` customers with most contacts in a period."""
    counts = per_customer(known, known.rows(period, where))
    return _customers(known, _top(counts, many), counts)


def contacts_of_top(
    known: Known, period: Period | None, many: int, where: tuple[Filter, ...] = ()
) -> pd.DataFrame:
    """Their contacts, the newest first."""
    rows = known.rows(period, where)
    chosen = np.zeros(known.keys.size, np.bool_)
    chosen[_top(per_customer(known, rows), many)] = True
    return _contacts(known, rows[chosen[_who(known)[rows]]])


def contacts_between(
    known: Known, period: Period | None, first: int, last: int | None, where: tuple[Filter, ...] = ()
) -> pd.DataFrame:
    """Contacts of customers with so many of them, the newest first."""
    rows = known.rows(period, where)
    counts = per_customer(known, rows)[_who(known)[rows]]
    return _contacts(known, rows[(counts >= first) & (counts <= last if last is not None else True)])


def _top(counts: Longs, many: int) -> NDArray[np.intp]:
    order = np.lexsort((np.arange(counts.size), -counts))
    return order[: min(many, int((counts > 0).sum()))]


# ---------------------------------------------------------------- the customer list


def listed(known: Known, where: tuple[Filter, ...] = (), *, left: bool = False) -> pd.DataFrame:
    """The customer list, or those of it who have left."""
    table = known.list
    if table is None:
        return pd.DataFrame()
    mask = kept(table, where) & (table.columns["loss_known"] != 0)
    return _list_rows(table, np.flatnonzero(mask), left)


def watched_customers(
    known: Known, dimension: str = "", value: str = "", where: tuple[Filter, ...] = (), *, left: bool = False
) -> pd.DataFrame:
    """Customers behind a curve, or those of them who left."""
    table = known.list
    if table is None:
        return pd.DataFrame()
    found = watched(table, known.facts.last_day, where)
    if isinstance(found, str):
        return pd.DataFrame()
    use = found.exit > found.entry
    if dimension:
        values = table.dimensions[dimension]
        codes = {str(name): code for code, name in enumerate(values.categories)}
        use &= values.codes[found.rows] == codes.get(value, -2)
    return _list_rows(table, found.rows[use], left)


def _list_rows(table: FactTable, rows: NDArray[np.intp], left: bool) -> pd.DataFrame:
    lost = table.columns["lost"][rows] != 0
    rows, lost = (rows[lost], lost[lost]) if left else (rows, lost)
    found = table.source.iloc[rows].reset_index(drop=True)
    found.insert(0, COUNTED, np.where(lost, "left", "stayed").astype(object))
    return found.sort_values(COUNTED, kind="stable").reset_index(drop=True)


def cohort_customers(
    known: Known, follow_: Follow, grain: str, cohort: str, step: int, where: tuple[Filter, ...] = ()
) -> pd.DataFrame:
    """Customers of a cohort with how each counts at a step; those who count come first."""
    found = cell_rows(known, follow_, grain, cohort, step, where)
    if found is None:
        return pd.DataFrame()
    codes, hits = found
    yes, no = ("still there", "gone") if follow_ is Follow.THERE else ("wrote", "did not write")
    words = np.where(hits, yes, no).astype(object)
    order = np.argsort(~hits, kind="stable")
    table = known.list
    if follow_ is Follow.THERE and table is not None:
        shown = table.source.iloc[codes[order]].reset_index(drop=True)
    else:
        shown = _customers(known, codes[order].astype(np.intp), None)
    shown.insert(0, COUNTED, words[order])
    return shown


# ---------------------------------------------------------------- answers


def answers_of_group(
    known: Known, period: Period, group: str = "", where: tuple[Filter, ...] = ()
) -> pd.DataFrame:
    """The 0-10 answers of a period, or those of one group."""
    table = known.surveys
    if table is None or "nps_answered" not in table.columns:
        return pd.DataFrame()
    day = table.columns["answered_day"]
    use = kept(table, where) & (table.columns["nps_answered"] != 0)
    use &= (day >= period.first_day) & (day <= period.last_day)
    place = groups_of(known)
    if group:
        use &= place == GROUPS.index(group)
    return _answers(known, np.flatnonzero(use), np.array([*GROUPS, ""], dtype=object)[place])


def movers(
    known: Known, period: Period, first: str = "", second: str = "", where: tuple[Filter, ...] = ()
) -> pd.DataFrame:
    """Customers with a pair of answers: a row each, with both answers; of one move where asked."""
    found = pairs(known, period, where=where)
    table = known.surveys
    if isinstance(found, str) or table is None or known.answers is None:
        return pd.DataFrame()
    group = groups_of(known)
    use = np.ones(found.first.size, np.bool_)
    if first:
        use &= group[found.first] == GROUPS.index(first)
    if second:
        use &= group[found.second] == GROUPS.index(second)
    one, two = found.first[use], found.second[use]
    names = np.array(GROUPS, dtype=object)
    source = table.source
    made: dict[str, Any] = {
        "requester_id": known.keys[known.answers[two]],
        "from": names[group[one]],
        "to": names[group[two]],
    }
    for column in ("survey_id", "ticket_id", "nps_raw", "responded_at", "comment"):
        if column in source.columns:
            made[f"first {column}"] = source[column].iloc[one].to_numpy()
            made[column] = source[column].iloc[two].to_numpy()
    order = np.argsort(group[two] - group[one], kind="stable")
    return pd.DataFrame(made).iloc[order].reset_index(drop=True)


def followed_answers(
    known: Known, asked: Asked, after: After, side: str, where: tuple[Filter, ...] = ()
) -> pd.DataFrame:
    """Answers on one side ("bad", "good") of a question that could be followed, with what came after each."""
    table = known.surveys
    if table is None:
        return pd.DataFrame()
    found = follow(known)
    bad, good = sides_of(known, asked)
    period = (table.columns["answered_day"] >= known.facts.first_day) & (
        table.columns["answered_day"] <= known.facts.last_day
    )
    use = found.known[after] & (bad if side == "bad" else good) & kept(table, where) & period
    yes, no = ("wrote again", "did not") if after is After.AGAIN else ("left", "stayed")
    words = np.where(found.came[after], yes, no).astype(object)
    rows = np.flatnonzero(use)
    return _answers(known, rows[np.argsort(~found.came[after][rows], kind="stable")], words)


def _answers(known: Known, rows: NDArray[np.intp], words: NDArray[Any]) -> pd.DataFrame:
    table = known.surveys
    if table is None:
        return pd.DataFrame()
    found = table.source.iloc[rows].reset_index(drop=True)
    if known.answers is not None and "requester_id" not in found.columns:
        found.insert(0, "requester_id", np.append(known.keys, "")[known.answers[rows]])
    found.insert(0, COUNTED, words[rows])
    return found


# ---------------------------------------------------------------- accounts


def account_contacts(
    known: Known, code: int, period: Period | None = None, where: tuple[Filter, ...] = ()
) -> pd.DataFrame:
    """The contacts of one account, the newest first; all that are known without a period."""
    if known.who is None:
        return pd.DataFrame()
    rows = known.rows(period, where)
    return _contacts(known, rows[known.who[rows] == code])


def account_reason(
    known: Known, code: int, reason: Reason, period: Period, where: tuple[Filter, ...] = ()
) -> pd.DataFrame:
    """The contacts or answers behind one reason of an account."""
    looked = look(known, period, where=where)
    if isinstance(looked, str) or known.who is None:
        return pd.DataFrame()
    rows = looked.flagged[reason]
    if reason in (Reason.UNHAPPY, Reason.FELL):
        if known.answers is None:
            return pd.DataFrame()
        mine = rows[known.answers[rows] == code]
        words = np.full(0 if known.surveys is None else len(known.surveys), reason.value, dtype=object)
        return _answers(known, mine, words)
    return _contacts(known, rows[known.who[rows] == code])


def proof_customers(
    known: Known,
    outcome: Outcome,
    listed_: bool,
    later: Period,
    earlier: Period,
    where: tuple[Filter, ...] = (),
    reasons: int | None = None,
) -> pd.DataFrame:
    """Accounts on the earlier list (or not on it) that could be looked at, with what became of each."""
    looked = look(known, earlier, where=where)
    if isinstance(looked, str):
        return pd.DataFrame()
    found = happened(known, looked, outcome, earlier, later, where)
    if isinstance(found, str):
        return pd.DataFrame()
    can, has = found
    many = looked.reasons
    mask = can & ((many >= LISTED) if listed_ else (many < LISTED))
    if reasons is not None:
        mask = can & ((many >= reasons) if reasons >= MOST_STEPS else (many == reasons))
    rows = np.flatnonzero(mask)
    rows = rows[np.argsort(~has[rows], kind="stable")]
    made = _customers(known, looked.code[rows].astype(np.intp), None)
    made.insert(1, f"contacts in {earlier}", looked.contacts[rows])
    made.insert(2, "reasons", many[rows])
    made.insert(0, COUNTED, np.where(has[rows], "yes", "no").astype(object))
    return made


def kind_rows(
    known: Known,
    metric: Metric,
    period: Period | None,
    dimension: str,
    value: str,
    where: tuple[Filter, ...] = (),
    *,
    own: bool = True,
) -> pd.DataFrame:
    """The rows behind a number of one kind of customers, or of all others of the same column."""
    others = kinds_of(known, dimension)
    chosen = (value,) if own else tuple(each for each in others if each != value)
    return drill.rows(known.facts, metric, period, where=(*where, Filter(dimension, chosen)))


def _who(known: Known) -> Longs:
    if known.who is None:
        raise ValueError(known.refused)
    return known.who


def _contacts(known: Known, rows: NDArray[np.intp]) -> pd.DataFrame:
    """Rows of the contacts, the newest first."""
    days = known.days()[rows]
    order = np.argsort(days, kind="stable")[::-1]
    return known.contacts.source.iloc[rows[order]].reset_index(drop=True)


def _customers(known: Known, codes: NDArray[np.intp], counts: Longs | None) -> pd.DataFrame:
    """A row for each customer: key, name where contacts say one, contacts, what the list says."""
    column = "requester_id" if known.unit is Unit.CUSTOMER else "organization"
    if counts is not None:
        codes = codes[np.argsort(-counts[codes], kind="stable")]
    made = pd.DataFrame({column: known.keys[codes]})
    if counts is not None:
        made[CONTACTS] = counts[codes]
    table = known.list
    if table is not None and known.listed is not None:
        row_of = np.full(known.keys.size, -1, np.int64)
        there = np.flatnonzero(known.listed >= 0)[::-1]
        row_of[known.listed[there]] = there
        place = row_of[codes]
        for name in table.source.columns:
            if name in made.columns or name.startswith("source"):
                continue
            values = table.source[name].iloc[np.maximum(place, 0)].reset_index(drop=True)
            made[str(name)] = values.where(place >= 0)
    return made
