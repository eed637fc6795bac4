"""Checks the fields of one record and says everything that is wrong at once."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from kpi.model import Filter
from kpi.workspace.nouns import Invalid, Wrong

LINE = 80
TEXT = 4000
FILTERS = 20
FILTER_VALUES = 1000
EARLIEST, LATEST = date(1970, 1, 1), date(2200, 12, 31)
# Characters that turn the direction of what stands around them: a name could show as something it is not.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass
class Form:
    """What was given for the fields of one record. ``noun`` begins the message: "this event"."""

    noun: str
    wrongs: list[Wrong] = field(default_factory=list)

    def wrong(self, name: str, says: str) -> None:
        """Notes one thing that is wrong with a field."""
        self.wrongs.append(Wrong(name, says))

    def line(self, name: str, given: object, *, needed: bool = True, most: int = LINE) -> str:
        """Text on one line, without blanks around it.

        >>> Form("this event").line("name", " Release\\t2.4 \\u202e")
        'Release 2.4'
        """
        text = " ".join(_shown(given).split())
        return self._length(name, text, needed, most)

    def text(self, name: str, given: object, *, needed: bool = False, most: int = TEXT) -> str:
        """Text on several lines."""
        text = "\n".join(line.rstrip() for line in _shown(given).splitlines()).strip()
        return self._length(name, text, needed, most)

    def reference(self, name: str, given: object) -> str:
        """A page of the app with its choices, or a web address: nothing that a click could run.

        >>> Form("this action").reference("reference", "compare?metric=csat")
        'compare?metric=csat'
        """
        text = self.line(name, given, needed=False, most=2000)
        if text and not re.fullmatch(r"https?://\S+|/?[A-Za-z0-9_-]+([/?#]\S*)?", text):
            self.wrong(name, f"'{text[:LINE]}' is neither a page of the app nor an http address")
        return text

    def choice(self, name: str, given: object, choices: Iterable[str]) -> str:
        """One of some words."""
        known = [str(choice) for choice in choices]
        text = str(given).strip().lower()
        if text not in known:
            self.wrong(name, f"'{_shown(given)[:LINE]}' is none of {', '.join(known)}")
        return text

    def day(self, name: str, given: object, *, needed: bool = True) -> date | None:
        """A day of the calendar."""
        if given is None or given == "":
            if needed:
                self.wrong(name, "missing")
            return None
        # A datetime is a date to Python; its time of day would be lost without a word.
        if type(given) is not date:
            self.wrong(name, f"'{_shown(given)[:LINE]}' is no date")
            return None
        if not EARLIEST <= given <= LATEST:
            self.wrong(name, f"{given.isoformat()} lies outside {EARLIEST.year} to {LATEST.year}")
        return given

    def order(self, first_name: str, first: date | None, last_name: str, last: date | None) -> None:
        """Two days of which the second must not come before the first."""
        if first is not None and last is not None and last < first:
            self.wrong(
                last_name, f"{last.isoformat()} is before the {_words(first_name)}, {first.isoformat()}"
            )

    def number(
        self, name: str, given: object, *, needed: bool = True, low: float = -1e12, high: float = 1e12
    ) -> float | None:
        """A finite number between two bounds."""
        if given is None:
            if needed:
                self.wrong(name, "missing")
            return None
        if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
            self.wrong(name, f"'{_shown(given)[:LINE]}' is no number")
            return None
        if not low <= given <= high:
            self.wrong(name, f"{given:g} is not between {low:g} and {high:g}")
        return float(given)

    def whole(self, name: str, given: object, *, low: int, high: int) -> int:
        """A whole number between two bounds."""
        found = self.number(name, given, low=low, high=high)
        if found is not None and found != int(found):
            self.wrong(name, f"{found:g} is not whole")
        return int(found or 0)

    def where(self, name: str, given: object) -> tuple[Filter, ...]:
        """Filters of a segment: every field once, in the order of their names, values without repeats."""
        if not isinstance(given, list | tuple) or not all(isinstance(item, Filter) for item in given):
            self.wrong(name, "no list of filters")
            return ()
        found: dict[str, tuple[str, ...]] = {}
        for item in given:
            asked = self.line(name, item.field, most=200)
            values = tuple(dict.fromkeys(self.line(name, value, most=500) for value in item.values))
            if asked in found:
                self.wrong(name, f"'{asked}' is filtered twice")
            if not 1 <= len(values) <= FILTER_VALUES:
                self.wrong(name, f"'{asked}' has {len(values)} values; expected 1 to {FILTER_VALUES}")
            found[asked] = values
        if len(found) > FILTERS:
            self.wrong(name, f"{len(found)} filters; expected at most {FILTERS}")
        return tuple(Filter(asked, found[asked]) for asked in sorted(found))

    def check(self) -> None:
        """Ends the form.

        Raises:
            Invalid: with everything that is wrong.
        """
        if self.wrongs:
            raise Invalid(self.noun, tuple(self.wrongs))

    def _length(self, name: str, text: str, needed: bool, most: int) -> str:
        if needed and not text:
            self.wrong(name, "missing")
        if len(text) > most:
            self.wrong(name, f"{len(text)} characters; expected at most {most}")
        return text


def _words(name: str) -> str:
    return name.replace("_", " ")


def _shown(given: object) -> str:
    """Text without control characters, halves of characters and marks that turn its direction."""
    return "".join(
        c
        for c in ("" if given is None else str(given))
        if c.isspace() or (unicodedata.category(c) not in {"Cc", "Cs"} and c not in TURNING)
    )
