"""Personal data out of a frame: names become stable pseudonyms, free text becomes a note of its length."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from kpi.export.free_text import EMAIL, PHONE, Names
from kpi.export.writing import holds_text

CUSTOMER, AGENT, ORGANISATION, NUMBER, TEXT, LINK = (
    "Customer",
    "Agent",
    "Organisation",
    "Number",
    "text",
    "link",
)

PERSONAL_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "requester_id": CUSTOMER,
        "requester_name": CUSTOMER,
        "requester_email": CUSTOMER,
        "requester": CUSTOMER,
        "customer": CUSTOMER,
        "agent_id": AGENT,
        "agent_name": AGENT,
        "agent_email": AGENT,
        "agent_names_all": AGENT,
        "agent": AGENT,
        "aliases": AGENT,
        "actor": AGENT,
        "organization": ORGANISATION,
        "from_number": NUMBER,
        "to_number": NUMBER,
        "subject": TEXT,
        "description": TEXT,
        "comment": TEXT,
        "csat_comment": TEXT,
        "recording_url": LINK,
    }
)
"""Canonical columns with personal data, and what stands for their cells: a stable name, or a note."""

_UNTOUCHED = frozenset(
    {"source", "status", "priority", "channel", "direction", "language", "outcome", "survey_type",
     "scope_kind", "csat_label", "nps_bucket", "agent_kind", "created_at_precision", "ticket_id", "call_id",
     "parent_call_id", "survey_id"}
)  # fmt: skip
"""Columns whose words are our own or keys, so no person's."""

_DIGITS = {CUSTOMER: 12, AGENT: 8, ORGANISATION: 10, NUMBER: 12}
_HEADER_HINTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (NUMBER, r"phone|telefon|t[eé]l[eé]phone|mobil|handy|\bfax\b|caller id|msisdn|iban|\bip\b"),
        (CUSTOMER, r"e-?mail|customer name|client name|contact name|requester|submitter|first name|last name|"
                   r"surname|vorname|nachname|kundenname|full name|nom du client|address|anschrift|adresse"),
        (TEXT, r"comment|kommentar|commentaire|remark|bemerkung|description|beschreibung|message|nachricht|"
               r"feedback|verbatim|transcript|\bnotes?\b|notiz"),
    )
)  # fmt: skip
"""Headers of custom columns that say what is personal in them."""


def new_key() -> bytes:
    """A random key. Frames masked with the same key can still be joined; another key gives other names."""
    return secrets.token_bytes(32)


def mask(
    frame: pd.DataFrame, personal: Mapping[str, str] = PERSONAL_COLUMNS, *, key: bytes | None = None
) -> pd.DataFrame:
    """A copy without personal data.

    ``personal`` says by column what stands for its cells: a word such as "Customer" or "Agent" gives each
    value a stable name ("Agent 3f2a91c0", by keyed hash, so that joins inside one export still work), "text"
    gives "[text, 120 characters]" and "link" gives "[link]". Custom columns whose header says that they hold
    names, addresses, numbers or comments are treated likewise. In all other columns of text, cells that hold
    an e-mail address, a telephone number, or a name found in a personal column are masked too, lists entry by
    entry. Empty cells stay empty, numbers and dates of other columns stay as they are. An index with names
    becomes columns first; e-mail addresses in headers are taken out.

    ``key`` None takes a new random key, so that the names of two exports cannot be matched.

    >>> frame = pd.DataFrame({"agent_name": ["Ana", None], "comment": ["Thanks!", ""]})
    >>> mask(frame, key=b"1").to_dict("list")
    {'agent_name': ['Agent e188cb21', None], 'comment': ['[text, 7 characters]', '']}
    """
    secret = new_key() if key is None else key
    named = (
        frame
        if isinstance(frame.index, pd.RangeIndex)
        else frame.reset_index(drop=frame.index.names == [None])
    )
    kinds = _kinds(named, personal)
    known = Names()
    _add_names(known, named, kinds)
    masked = [
        named.iloc[:, place]
        if _plain(column) in _UNTOUCHED
        else _mask_column(named.iloc[:, place], kinds[place], known, secret)
        for place, column in enumerate(named.columns)
    ]
    result = pd.concat(masked, axis=1) if masked else named.copy(deep=False)
    result.columns = pd.Index(
        [EMAIL.sub("[e-mail]", column) if isinstance(column, str) else column for column in named.columns]
    )
    return result


def _kinds(frame: pd.DataFrame, personal: Mapping[str, str]) -> list[str | None]:
    """By place: what stands for the cells of a column, None when it is not personal by its name."""
    personal = {_plain(name): kind for name, kind in personal.items()}
    plain = [_plain(column) for column in frame.columns]
    whose = AGENT if "agent_id" in plain else CUSTOMER if {"requester_id", "email"} & set(plain) else None
    kinds: list[str | None] = []
    for name in plain:
        kind = personal.get(name)
        if kind is None and name in ("name", "email"):
            kind = whose
        if kind is None and name.startswith("custom:"):
            kind = next((kind for kind, hint in _HEADER_HINTS if hint.search(name)), None)
        kinds.append(kind)
    return kinds


def _plain(column: object) -> str:
    """The canonical name in "tickets.agent_name" or "Agent name"; custom columns keep their own."""
    name = str(column)
    return (
        name if name.startswith("custom:") else name.rpartition(".")[2].strip().casefold().replace(" ", "_")
    )


def names_in(frames: Iterable[pd.DataFrame], personal: Mapping[str, str] = PERSONAL_COLUMNS) -> Names:
    """The names in the personal columns of tables; of agents each part of a name as well."""
    names = Names()
    for frame in frames:
        _add_names(names, frame, _kinds(frame, personal), parts=True)
    return names


def _add_names(
    names: Names, frame: pd.DataFrame, kinds: Sequence[str | None], *, parts: bool = False
) -> None:
    for place, kind in enumerate(kinds):
        if kind not in (CUSTOMER, AGENT) or _plain(frame.columns[place]).endswith("_id"):
            continue
        for value in _uniques(frame.iloc[:, place]):
            for text in value if isinstance(value, list | tuple | set | np.ndarray) else (value,):
                if isinstance(text, str):
                    names.add(text, kind, parts=parts and kind == AGENT)


def _uniques(column: pd.Series) -> list[Any]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return list(column.cat.categories)
    try:
        return list(pd.unique(column.dropna()))
    except TypeError:
        return [value for value in column if value is not None]


def _mask_column(column: pd.Series, kind: str | None, known: Names, key: bytes) -> pd.Series:
    if kind is None and not holds_text(column):
        return column

    def replace(value: Any) -> Any:
        if isinstance(value, list | tuple | set | np.ndarray):
            return [replace(each) for each in value]
        if isinstance(value, Mapping):
            return replace(json.dumps(value, ensure_ascii=False, default=str))
        if (
            value is None
            or value is pd.NaT
            or value is pd.NA
            or (isinstance(value, float) and np.isnan(value))
        ):
            return None
        if kind is not None:
            return _stand_in(str(value), kind, key)
        return _mask_text(value, known, key) if isinstance(value, str) else value

    values = column.astype(object)
    try:
        codes, uniques = pd.factorize(values, use_na_sentinel=True)
        mapped = np.empty(len(uniques) + 1, dtype=object)
        mapped[:-1] = [replace(value) for value in uniques]
        mapped[-1] = None
        return pd.Series(mapped[codes], index=column.index, name=column.name, dtype=object)
    except TypeError:
        return pd.Series(
            [replace(value) for value in values], index=column.index, name=column.name, dtype=object
        )


def _stand_in(text: str, kind: str, key: bytes) -> str:
    if not text.strip():
        return ""
    if kind == TEXT:
        return f"[text, {len(text)} characters]"
    if kind == LINK:
        return "[link]"
    return pseudonym(text, kind, key)


def pseudonym(text: str, kind: str, key: bytes) -> str:
    """A stable name for ``text``: the kind and a keyed hash (HMAC-SHA-256) of it, case and blanks aside.

    The hash is long enough that among a million customers or ten thousand agents no two are likely to share
    one.
    """
    digest = hmac.new(
        key, f"{kind}\x1f{' '.join(text.split()).casefold()}".encode(), hashlib.sha256
    ).hexdigest()
    return f"{kind} {digest[: _DIGITS.get(kind, 12)]}"


def _mask_text(text: str, known: Names, key: bytes) -> str:
    """A cell of a column that is not personal by itself."""
    if not text or text.isspace():
        return text
    if kind := known.kind(text):
        return pseudonym(text, kind, key)
    if match := EMAIL.fullmatch(text.strip()):
        return pseudonym(match.group(), CUSTOMER, key)
    if PHONE.fullmatch(text.strip()):
        return pseudonym(text, NUMBER, key)
    if EMAIL.search(text) or PHONE.search(text) or known.mentions(text):
        return _stand_in(text, TEXT, key)
    return text
