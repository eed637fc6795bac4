"""Frozen dataclasses to plain JSON values and back, led by their type hints."""

from __future__ import annotations

import types
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import pandas as pd

from kpi.ingest.nouns import Account
from kpi.ingest.reading.nouns import Finding, Reject

T = TypeVar("T")
_NAMES = {"Finding": Finding, "Reject": Reject, "pd": pd, "Mapping": Mapping}


def as_plain(value: Any) -> Any:
    """JSON values of a dataclass, mapping, sequence or scalar."""
    if is_dataclass(value):
        return {field.name: as_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): as_plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"a {type(value).__name__} cannot be kept as JSON")


def frozen(plain: Mapping[str, Any]) -> Mapping[str, Any]:
    """A mapping, and those inside it, that cannot be changed."""
    items = ((name, frozen(item) if isinstance(item, Mapping) else item) for name, item in plain.items())
    return MappingProxyType(dict(items))


def accounts_from_plain(plain: list[Any]) -> tuple[Account, ...]:
    """The accounts that :func:`as_plain` wrote."""
    return tuple(_typed(item, Account) for item in plain)


def record_from_plain(plain: Mapping[str, Any], kind: type[T]) -> T:
    """The dataclass that :func:`as_plain` wrote.

    Raises:
        ValueError, KeyError, TypeError: it has other fields, or values that cannot be read.
    """
    return _record(plain, kind)


def _typed(plain: Any, hint: Any) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return _record(plain, hint)
    if hint is date:
        return date.fromisoformat(plain)
    if origin in (Union, types.UnionType):
        return None if plain is None else _typed(plain, next(a for a in inner if a is not type(None)))
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_typed(item, inner[0]) for item in plain)
        return tuple(_typed(item, kind) for item, kind in zip(plain, inner, strict=True))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return MappingProxyType({name: _typed(item, inner[1]) for name, item in plain.items()})
    return plain


@cache
def _hints(kind: Hashable) -> Mapping[str, Any]:
    return MappingProxyType(get_type_hints(kind, localns=_NAMES))


def _record(plain: Mapping[str, Any], kind: type[T]) -> T:
    """A dataclass; fields that an older file does not have take their defaults, unknown ones are refused."""
    hints = _hints(cast(Hashable, kind))
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(plain) - set(known))
    required = {
        name for name, field in known.items() if field.default is MISSING and field.default_factory is MISSING
    }
    missing = sorted(required - set(plain))
    if unknown or missing:
        raise ValueError(f"{kind.__name__}: unknown {unknown or 'none'}, missing {missing or 'none'}")
    return kind(**{name: _typed(item, hints[name]) for name, item in plain.items()})
