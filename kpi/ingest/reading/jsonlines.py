"""JSON lines, arrays of objects, objects back to back: nested objects become dotted columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kpi.ingest.reading.assemble import assemble
from kpi.ingest.reading.body import Body, ColumnBuilder, OddRecord, shorten
from kpi.ingest.reading.layout import Layout
from kpi.ingest.reading.nouns import FileFacts, Finding, Limits, RawTable
from kpi.ingest.reading.refusals import check_columns, check_kept, check_rows, too_large

DEPTH = 8
"""Levels of nesting that become columns of their own; what lies deeper is kept as JSON text."""
_BLANKS = " \t\r\n,"


@dataclass(frozen=True)
class _Broken:
    raw: str
    why: str
    at_end: bool


def read_json(
    shown: str, text: str, facts: FileFacts, limits: Limits, noted: Sequence[Finding]
) -> RawTable | None:
    """A table of the objects in the text, or None when it is not JSON.

    Numbers keep their digits as written (ids beyond 2^53 stay exact). Lists of plain values are joined by
    ", ", other lists kept as JSON text. An object that cannot be read is a reject R_JSON, or R_TRUNCATED at
    the end.
    """
    items = _objects(text.lstrip("\ufeff"))
    first = next(items, None)
    if first is None or isinstance(first, _Broken):
        return None
    places: dict[tuple[str, ...], int] = {}
    rows: list[dict[int, str]] = []
    numbers: list[int] = []
    odd: list[OddRecord] = []
    total = 0
    for item in _chain(first, items):
        total += 1
        check_rows(shown, total, limits)
        if isinstance(item, _Broken):
            reason = "R_TRUNCATED" if item.at_end else "R_JSON"
            odd.append(OddRecord(total, (item.raw,), shorten(item.raw), item.why, reason))
            continue
        cells: dict[int, str] = {}
        for key, value in _flatten(item):
            place = places.setdefault(key, len(places))
            if place >= limits.columns:
                check_columns(shown, len(places), limits)
            cells[place] = value
        rows.append(cells)
        numbers.append(total)
    if len(places) * len(rows) > 40 * limits.rows:
        raise too_large(
            shown, f"has {len(rows):,} objects with {len(places):,} different keys", "Export fewer fields."
        )
    width = len(places)
    builder = ColumnBuilder(width, block=4_096)
    for cells in rows:
        builder.add([cells.get(place, "") for place in range(width)])
    body = Body(builder.columns(), np.array(numbers, np.int64), tuple(odd), total)
    layout = Layout(tuple(".".join(path) for path in places), 1, 0, width)
    table = assemble(shown, facts, layout, body, limits, joiner=" ", findings=noted)
    check_kept(table, layout)
    return table


def _chain(
    first: dict[str, object], rest: Iterator[dict[str, object] | _Broken]
) -> Iterator[dict[str, object] | _Broken]:
    yield first
    yield from rest


def _objects(text: str) -> Iterator[dict[str, object] | _Broken]:
    """Objects one after the other, with or without line breaks, commas and an array around them.

    An object whose longest list holds objects (an answer of a web service: {"tickets": [...], "count": 2})
    gives the objects of that list.
    """
    decoder = json.JSONDecoder(
        object_pairs_hook=_keep_all, parse_float=str, parse_int=_whole_number, parse_constant=str
    )
    at = _skip(text, 0)
    if text[at : at + 1] == "[":
        at += 1
    only = True
    while (at := _skip(text, at)) < len(text):
        if text[at] == "]":
            at += 1
            continue
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            end = _next_object(text, at)
            why = "nested too deeply" if isinstance(error, RecursionError) else "not valid JSON"
            yield _Broken(text[at:end].strip(), why, end >= len(text) and isinstance(error, ValueError))
        else:
            inner = _listed(value) if only and not text[end:].strip(_BLANKS + "]") else None
            if inner is not None:
                yield from inner
            elif isinstance(value, dict):
                yield value
            else:
                yield _Broken(text[at:end], "not an object", False)
        only = False
        at = end


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANKS:
        at += 1
    return at


def _next_object(text: str, at: int) -> int:
    """Where reading goes on after a broken object: at the next line that begins an object."""
    while (at := text.find("\n", at)) >= 0:
        at = _skip(text, at)
        if text[at : at + 1] == "{":
            return at
        at += 1
    return len(text)


def _listed(value: object) -> list[dict[str, object]] | None:
    if not isinstance(value, dict):
        return None
    lists = [
        each
        for each in value.values()
        if isinstance(each, list) and each and all(isinstance(one, dict) for one in each)
    ]
    plain = sum(1 for each in value.values() if not isinstance(each, list | dict))
    if not lists or plain > 6:
        return None
    return max(lists, key=len)


def _flatten(value: dict[str, object], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, inner in value.items():
        path = (*above, key)
        if isinstance(inner, dict) and inner and len(path) < DEPTH:
            yield from _flatten(inner, path)
        else:
            yield path, _as_text(inner)


def _keep_all(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object in which a repeated key is numbered, as repeated headers are."""
    kept = dict(pairs)
    if len(kept) == len(pairs):
        return kept
    kept = {}
    for key, value in pairs:
        name, number = key, 2
        while name in kept:
            name, number = f"{key} ({number})", number + 1
        kept[name] = value
    return kept


def _whole_number(digits: str) -> int | str:
    """Ids longer than 18 digits stay text, so that no digit and no time is lost."""
    return int(digits) if len(digits) <= 18 else digits


def _as_text(value: object) -> str:
    if value is None or value == {} or value == []:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _without_surrogates(value)
    if isinstance(value, list) and all(isinstance(one, str) and "," not in one for one in value):
        return _without_surrogates(", ".join(value))
    try:
        return _without_surrogates(json.dumps(value, ensure_ascii=False))
    except RecursionError:
        return ""


def _without_surrogates(text: str) -> str:
    """Half a surrogate pair (written as an escape) is no character."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
