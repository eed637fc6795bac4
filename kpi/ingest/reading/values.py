"""One stored value of a workbook cell as text, and as the real value behind it."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import numpy as np
from openpyxl.utils.datetime import to_excel

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]hmsHMS][^\]]*\]|_.|\*.')
Value = str | bool | int | float | datetime | date | time | timedelta


def value_text(value: object, number_format: str, epoch: datetime) -> tuple[str, Value | None]:
    """The text of a cell and its typed value (None for texts and empty cells).

    Dates are ISO (without time when the format shows none), times H:MM:SS, durations H:MM:SS with hours
    beyond 24. A clock format over a span of a day or more is a duration, which Excel would show without its
    days.

    >>> base = datetime(1899, 12, 30)
    >>> value_text(datetime(2025, 11, 3, 9, 5), "dd.mm.yyyy hh:mm", base)[0]
    '2025-11-03 09:05:00'
    >>> value_text(datetime(2025, 11, 3), "m/d/yy", base)[0]
    '2025-11-03'
    >>> value_text(timedelta(hours=37), "[h]:mm:ss", base)[0]
    '37:00:00'
    >>> value_text(3.0, "0.00", base), value_text(True, "", base)
    (('3', 3.0), ('true', True))
    """
    if value is None:
        return "", None
    if isinstance(value, str):
        return unescape(value), None
    if isinstance(value, bool):
        return ("true" if value else "false"), value
    if isinstance(value, int):
        return str(value), value
    if isinstance(value, float):
        return number_text(value), value if np.isfinite(value) else None
    if isinstance(value, timedelta):
        return span_text(value), value
    if isinstance(value, datetime):
        shown = _LITERAL.sub("", number_format).lower()
        if value.year <= 1904 and "y" not in shown and "d" not in shown and "h" in shown:
            days = float(to_excel(value, epoch))  # type: ignore[no-untyped-call]
            span = timedelta(seconds=round(days * 86_400, 3))
            return span_text(span), span
        if (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0) and not set(
            "hs"
        ) & set(shown):
            return value.date().isoformat(), value
        return value.isoformat(sep=" "), value
    if isinstance(value, date | time):
        return value.isoformat(), value
    return unescape(str(value)), None


def number_text(value: float) -> str:
    """A number with the 15 digits that a workbook keeps, without exponent and without trailing ".0".

    >>> number_text(0.1 + 0.2), number_text(1e21), number_text(-5.0), number_text(float("nan"))
    ('0.3', '1000000000000000000000', '-5', '')
    """
    if not np.isfinite(value):
        return ""
    return str(np.format_float_positional(float(f"{value:.15g}"), trim="-"))


def span_text(span: timedelta) -> str:
    """A duration as H:MM:SS, hours not cut at 24, with a fraction only where there is one.

    >>> span_text(timedelta(days=2, minutes=5)), span_text(-timedelta(seconds=90.5))
    ('48:05:00', '-0:01:30.5')
    """
    sign = "-" if span < timedelta() else ""
    micros = abs(span) // timedelta(microseconds=1)
    seconds, rest = divmod(micros, 1_000_000)
    fraction = f".{rest:06d}".rstrip("0") if rest else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{fraction}"


def unescape(text: str) -> str:
    """Undo the escapes of control characters in workbook texts; carriage returns vanish before line feeds.

    >>> unescape("a_x000D_\\nb_x0009_c")
    'a\\nb\\tc'
    """
    if "_x" not in text:
        return text
    return _ESCAPE.sub(_one_character, text).replace("\r\n", "\n")


def _one_character(match: re.Match[str]) -> str:
    number = int(match.group(1), 16)
    return match.group() if 0xD800 <= number <= 0xDFFF else chr(number)
