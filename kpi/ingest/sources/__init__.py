"""Sources as records: one JSON file per export format, read once.

A record holds facts only. Adding a format means adding a file; no code knows a source by name.

==================  ====================================================================================
member              meaning
==================  ====================================================================================
``key``             the name shown in the account
``name``            the name for people
``table``           the canonical table of one row
``signature``       headers that only this format has (``*`` matches anything)
``columns``         header (``*`` allowed) → target, as text ("tickets.created_at", "tickets.custom",
                    "ignored") or as an object with ``to`` and the options below
``words``           value maps by kind: ``status``, ``priority``, ``channel``, ``csat``, ``sla`` …
                    (lower case; null: no value)
``placeholders``    texts that mean "no value" in every column of this format
``ask_status``      status words whose meaning is asked, with the suggestion
``tag_status``      tags that say the status of a solved or closed ticket ("closed_by_merge": "merged")
``zone``            IANA zone of its times, or null: the file does not say
``header_rows``     rows after the header that are not data (2 in Qualtrics)
``split_by``        separator inside category cells
==================  ====================================================================================

Options of a column: ``unit`` ("seconds", "minutes", "hours" …), ``separator`` of a list, ``words`` (name of
the value map), ``placeholders`` of this column, ``none_if`` (texts that mean "none"), ``none_unless`` (header
that must be filled for ``none_if`` to be a value), ``also`` (a second target with its own value map),
``scale`` ([low, high, higher is better]), ``inverse`` (a flag that says the opposite).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

GENERIC = "generic_flat"
"""Key of the record that holds the aliases of the generic path."""


@dataclass(frozen=True)
class Source:
    """One export format."""

    key: str
    name: str
    table: str
    signature: tuple[str, ...]
    columns: Mapping[str, Mapping[str, Any]]
    words: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))
    placeholders: tuple[str, ...] = ()
    ask_status: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    tag_status: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    zone: str | None = None
    header_rows: int = 0
    split_by: str = ""


def read_source(record: Mapping[str, Any]) -> Source:
    """A source from its record.

    Raises:
        ValueError: with every member that is unknown or missing.
    """
    known = set(Source.__dataclass_fields__)
    problems = [f"unknown member '{name}'" for name in record if name not in known]
    problems += [f"member '{name}' is missing" for name in ("key", "name", "table") if name not in record]
    if problems:
        raise ValueError(f"source record {record.get('key', '?')}: {'; '.join(problems)}")
    columns = {
        header: MappingProxyType({"to": target} if isinstance(target, str) else dict(target))
        for header, target in record.get("columns", {}).items()
    }
    return Source(
        key=record["key"],
        name=record["name"],
        table=record["table"],
        signature=tuple(record.get("signature", ())),
        columns=MappingProxyType(columns),
        words=MappingProxyType(
            {kind: MappingProxyType(dict(w)) for kind, w in record.get("words", {}).items()}
        ),
        placeholders=tuple(record.get("placeholders", ())),
        ask_status=MappingProxyType(dict(record.get("ask_status", {}))),
        tag_status=MappingProxyType(dict(record.get("tag_status", {}))),
        zone=record.get("zone"),
        header_rows=int(record.get("header_rows", 0)),
        split_by=record.get("split_by", ""),
    )


@cache
def load_sources() -> tuple[Source, ...]:
    """Every recognised source by key (the aliases of the generic path are not among them)."""
    folder = files(__name__)
    records = [
        json.loads(entry.read_text(encoding="utf-8"))
        for entry in folder.iterdir()
        if entry.name.endswith(".json") and entry.name != f"{GENERIC}.json"
    ]
    return tuple(sorted((read_source(record) for record in records), key=lambda source: source.key))


@cache
def load_aliases() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Header aliases of the generic path: table → field → names, best first ("!": the opposite)."""
    record = json.loads((files(__name__) / f"{GENERIC}.json").read_text(encoding="utf-8"))
    shared = record["shared"]
    tables: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for table, roles in record["tables"].items():
        merged = {
            role: tuple(names) if isinstance(names, list) else tuple(shared[names])
            for role, names in roles.items()
        }
        tables[table] = MappingProxyType(merged)
    return MappingProxyType(tables)
