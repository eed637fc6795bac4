"""What every number is computed under: targets, calendars, windows, thresholds, exclusions.

One frozen value travels with the facts, is kept by the workspace, and is part of every cache key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from zoneinfo import available_timezones

Interval = tuple[int, int]
"""Open from minute of the day to minute of the day, e.g. ``(540, 1020)`` for 09:00 to 17:00."""

NINE_TO_FIVE: tuple[tuple[Interval, ...], ...] = (((540, 1020),),) * 5 + ((), ())


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    """Every zone that the system knows; looked up in its files once."""
    return frozenset(available_timezones())


@dataclass(frozen=True)
class Calendar:
    """Business hours of a team: seven tuples of open intervals (Monday first), zone and holidays.

    ``country`` and ``subdivision`` are codes of the ``holidays`` library ("" for none);
    ``closed`` are further closed dates.
    """

    zone: str = "UTC"
    weekly: tuple[tuple[Interval, ...], ...] = NINE_TO_FIVE
    country: str = ""
    subdivision: str = ""
    closed: tuple[date, ...] = ()


def _frozen(pairs: Mapping[str, float]) -> Mapping[str, float]:
    return MappingProxyType(dict(pairs))


@dataclass(frozen=True)
class Definitions:
    """Choices a lead can make. Units stand in the names; shares are 0-1."""

    timezone: str = "UTC"
    """IANA zone in which days, weeks and hours are cut; also the zone of times that declare none."""
    first_weekday: int = 0
    """0 Monday … 6 Sunday."""
    fiscal_year_start: int = 1
    """Month in which the fiscal year (and its first quarter) begins."""
    calendar: Calendar = Calendar()
    business_hours: bool = False
    """Show response and resolution in business hours instead of clock time."""

    fcr_window_days: int = 7
    repeat_window_days: int = 7
    reopen_window_days: int = 7
    survey_window_days: int = 3
    """Days a survey needs to come back before its ticket counts in the response rate."""
    short_abandon_s: int = 10
    wait_target_s: int = 300
    csat_positive_of_5: int = 4
    csat_positive_of_10: int = 8
    frt_target_minutes: Mapping[str, float] = field(
        default_factory=lambda: _frozen(
            {
                "chat": 60.0,
                "messaging": 60.0,
                "email": 1440.0,
                "web_form": 1440.0,
                "portal": 1440.0,
                "social": 1440.0,
            }
        )
    )
    """First-response target by channel; ``"*"`` is the target of every other channel."""
    ttr_target_hours: Mapping[str, float] = field(default_factory=lambda: _frozen({}))
    """Resolution target by priority; ``"*"`` for every other priority."""

    exclude_spam: bool = True
    exclude_merged: bool = True
    exclude_deleted: bool = True
    exclude_bots: bool = True
    exclude_outbound: bool = True

    targets: Mapping[str, float] = field(
        default_factory=lambda: _frozen({"csat": 0.80, "abandonment": 0.05, "queue_wait": 5.0})
    )
    """Target by metric key, in the metric's own unit (shares 0-1)."""
    matters: Mapping[str, float] = field(default_factory=lambda: _frozen({}))
    """Smallest difference that matters by metric key; absent keys take the metric's own default."""
    confidence: float = 0.95
    minimum_n: int = 10
    """Fewer observations on either side than this and a comparison says "too few"."""
    minimum_agent_answers: int = 5
    """ASAT is not shown for fewer answers than this."""

    def with_settings(self, pairs: Mapping[str, str]) -> Definitions:
        """A copy with settings given as text, as ``--set NAME=VALUE`` does.

        Dotted names reach into mappings: ``targets.csat=0.85``, ``frt_target_minutes.chat=2``,
        ``matters.csat=0.02``, ``calendar.zone=Europe/Berlin``, ``calendar.country=DE``.

        Raises:
            ValueError: with every unknown name and every value that cannot be read, all at once.

        >>> Definitions().with_settings({"fcr_window_days": "3", "targets.csat": "0.85"}).targets["csat"]
        0.85
        """
        changed: dict[str, Any] = {}
        problems: list[str] = []
        known = {f.name: getattr(self, f.name) for f in fields(self)}
        calendar_known = {f.name: getattr(self.calendar, f.name) for f in fields(self.calendar)}
        for name, text in pairs.items():
            head, _, tail = name.partition(".")
            try:
                if head == "calendar" and tail in calendar_known:
                    calendar = changed.get("calendar", self.calendar)
                    changed["calendar"] = replace(calendar, **{tail: _read_calendar(tail, text)})
                elif tail and isinstance(known.get(head), Mapping):
                    changed[head] = _frozen({**changed.get(head, known[head]), tail: float(text)})
                elif not tail and head in known and not isinstance(known[head], Mapping | Calendar):
                    changed[head] = _read_plain(known[head], text)
                else:
                    problems.append(f"unknown setting '{name}'; known: {', '.join(sorted(known))}")
            except ValueError as error:
                problems.append(f"setting '{name}': '{text}' cannot be read ({error})")
        if problems:
            raise ValueError("; ".join(problems))
        return replace(self, **changed).checked()

    def settled(self, zone: str | None) -> Definitions:
        """Days and opening hours in the zone of the files, where no other zone was chosen.

        >>> Definitions().settled("Europe/Berlin").calendar.zone
        'Europe/Berlin'
        """
        usual = Definitions.timezone
        timezone = zone if zone and self.timezone == usual else self.timezone
        calendar = self.calendar
        if calendar.zone == usual:
            calendar = replace(calendar, zone=timezone)
        return replace(self, timezone=timezone, calendar=calendar)

    def checked(self) -> Definitions:
        """Itself when every value is in its range; else ValueError naming all that are not."""
        problems: list[str] = []
        zones = _zones()
        for label, zone in (("timezone", self.timezone), ("calendar.zone", self.calendar.zone)):
            if zone not in zones:
                problems.append(f"{label} '{zone}' is not an IANA zone such as Europe/Berlin")
        for name, low, high in (
            ("first_weekday", 0, 6),
            ("fiscal_year_start", 1, 12),
            ("fcr_window_days", 1, 30),
            ("repeat_window_days", 1, 30),
            ("reopen_window_days", 0, 30),
            ("survey_window_days", 0, 60),
            ("short_abandon_s", 0, 60),
            ("wait_target_s", 1, 86_400),
            ("csat_positive_of_5", 2, 5),
            ("csat_positive_of_10", 2, 10),
            ("minimum_n", 1, 10_000),
            ("minimum_agent_answers", 1, 1_000),
        ):
            if not low <= getattr(self, name) <= high:
                problems.append(f"{name} must lie between {low} and {high}, is {getattr(self, name)}")
        if not 0.5 <= self.confidence <= 0.999:
            problems.append(f"confidence must lie between 0.5 and 0.999, is {self.confidence}")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def fingerprint(self) -> str:
        """Short hash of every choice; part of each cache key."""
        text = json.dumps(self.as_plain(), sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def __hash__(self) -> int:
        return hash(self.fingerprint())

    def as_plain(self) -> dict[str, Any]:
        """Plain values for JSON, the inverse of :func:`definitions_from_plain`."""
        plain: dict[str, Any] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, Calendar):
                plain[f.name] = {
                    "zone": value.zone,
                    "weekly": [[list(interval) for interval in day] for day in value.weekly],
                    "country": value.country,
                    "subdivision": value.subdivision,
                    "closed": [day.isoformat() for day in value.closed],
                }
            else:
                plain[f.name] = dict(value) if isinstance(value, Mapping) else value
        return plain


def definitions_from_plain(plain: Mapping[str, Any]) -> Definitions:
    """Definitions from what :meth:`Definitions.as_plain` writes; unknown keys are refused."""
    names = {f.name for f in fields(Definitions)}
    unknown = sorted(set(plain) - names)
    if unknown:
        raise ValueError(f"unknown settings: {', '.join(unknown)}")
    values: dict[str, Any] = {}
    for name, value in plain.items():
        if name == "calendar":
            values[name] = Calendar(
                zone=value["zone"],
                weekly=tuple(tuple((int(a), int(b)) for a, b in day) for day in value["weekly"]),
                country=value["country"],
                subdivision=value["subdivision"],
                closed=tuple(date.fromisoformat(day) for day in value["closed"]),
            )
        else:
            values[name] = _frozen(value) if isinstance(value, Mapping) else value
    return Definitions(**values).checked()


def _read_plain(now: object, text: str) -> object:
    if isinstance(now, bool):
        words = {
            "true": True,
            "yes": True,
            "1": True,
            "on": True,
            "false": False,
            "no": False,
            "0": False,
            "off": False,
        }
        if text.strip().lower() not in words:
            raise ValueError("expected yes or no")
        return words[text.strip().lower()]
    return type(now)(text)  # type: ignore[call-arg]


def _read_calendar(name: str, text: str) -> object:
    if name == "closed":
        return tuple(date.fromisoformat(part.strip()) for part in text.split(",") if part.strip())
    if name == "weekly":
        return read_weekly_hours(text)
    return text


def read_weekly_hours(text: str) -> tuple[tuple[Interval, ...], ...]:
    """Opening hours from text: seven days parted by ``;``, Monday first, split shifts by ``,``.

    >>> read_weekly_hours("9:00-12:00,13:00-17:30;9-17;9-17;9-17;9-17;;")[0]
    ((540, 720), (780, 1050))
    """
    days = text.split(";")
    if len(days) != 7:
        raise ValueError(f"expected seven days parted by ';', found {len(days)}")
    return tuple(tuple(_read_shift(shift) for shift in day.split(",") if shift.strip()) for day in days)


def _read_shift(text: str) -> Interval:
    start, dash, end = text.partition("-")
    try:
        minutes = [_minute_of_day(start), _minute_of_day(end)]
    except ValueError:
        minutes = [-1, -1]
    if not dash or not 0 <= minutes[0] < minutes[1] <= 1440:
        raise ValueError(f"'{text}' is not a shift such as 9:00-17:00")
    return minutes[0], minutes[1]


def _minute_of_day(text: str) -> int:
    hours, _, minutes = text.strip().partition(":")
    return int(hours) * 60 + int(minutes or 0)
