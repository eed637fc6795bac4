"""Persons out of free text: the one place that knows names, addresses and numbers in words.

Exports replace whole cells (:mod:`kpi.export.masking`); quotes keep the rest of what was written
(:func:`masked`); what a team tells its customers keeps its own dates and counts (:data:`OWN_WORDS`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

PERSON = "Person"
EMAIL = re.compile(r"[^\s@<>()\[\],;:\"']+@[^\s@<>()\[\],;:\"']+\.\w{2,}")
PHONE = re.compile(
    r"(?<![\w.,:/-])(?:\+|00)\d(?:[ \-./()]{0,2}\d){7,13}(?![\w:])"
    r"|(?<![\w.,:/-])\(?0\d{2,5}\)?[ \-/]\d(?:[ \-]?\d){4,10}(?![\w:])"
)
"""A telephone number in a cell that may as well hold a date, an amount or an order."""
WORD = re.compile(r"\w+(?:[.'’-]\w+)*")
_WEB = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_NUMBER = re.compile(r"(?<!\w)[+(]?\d(?:[ \-./()]{0,2}\d){4,}(?!\w)")
_CODE = re.compile(r"\b(?=\w*\d)(?=\w*[^\W\d_])\w{5,}\b")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
ADDRESS, NUMBER, LINK = "[e-mail]", "[number]", "[link]"
_LONGEST_NAME = 6
"""Words of a name that is looked for inside a text."""
_SHORTEST_PART = 3


class Names:
    """Names of persons: whole ones, and those of which each part alone gives somebody away."""

    def __init__(self) -> None:
        self._whole: dict[tuple[str, ...], str] = {}
        self._lengths: dict[str, set[int]] = {}
        self._parts: dict[str, set[str]] = {}

    def add(self, name: str, kind: str = PERSON, *, parts: bool = False) -> None:
        """A name, also with its first or last word at the other end; ``parts``: each word of it as well."""
        words = tuple(WORD.findall(name.casefold()))
        if sum(map(len, words)) < 2:
            return
        length = len(words)
        for turned in {words, (*words[1:], words[0]), (words[-1], *words[:-1])}:
            self._whole.setdefault(turned, kind)
            if length <= _LONGEST_NAME:
                known = self._lengths.get(turned[0])
                if known is None:
                    self._lengths[turned[0]] = {length}
                else:
                    known.add(length)
        if not parts:
            return
        spelled: list[str] = WORD.findall(name)
        capital = [part for part in spelled if part[0].isupper()]
        # "van der Berg": the small ones are words of the language.
        for part in capital or spelled:
            if len(part) >= _SHORTEST_PART and not part.isdigit():
                self._parts.setdefault(part.casefold(), set()).add(part)

    def kind(self, text: str) -> str | None:
        """Whose name the whole text is; None when it is none."""
        return self._whole.get(tuple(WORD.findall(text.casefold())))

    def mentions(self, text: str, fewest: int = 1) -> bool:
        """Whether a whole name of so many words or more stands in the text."""
        words = WORD.findall(text.casefold())
        return any(self._length(words, place, fewest) for place in range(len(words)))

    def at(self, words: Sequence[str], place: int, *, as_written: bool = False) -> int:
        """How many words from a place on name somebody; parts of names only as they are spelled if asked."""
        found = self._length([word.casefold() for word in words[place : place + _LONGEST_NAME]], 0, 1)
        if found > 1:
            return found
        word = words[place]
        written = self._parts.get(word.casefold(), set())
        if as_written:
            return int(word in written)
        return int(bool(written) or (found == 1 and len(word) >= _SHORTEST_PART))

    def _length(self, words: Sequence[str], place: int, fewest: int) -> int:
        """Of the longest whole name that begins at a place; the words in small letters."""
        for length in sorted(self._lengths.get(words[place], ()), reverse=True):
            if length >= fewest and tuple(words[place : place + length]) in self._whole:
                return length
        return 0


@dataclass(frozen=True)
class Care:
    """What is taken out of a text besides names and e-mail addresses.

    Attributes:
        name: what stands for a name.
        digits: numbers of at least so many digits go.
        dates: dates go as well (of birth, say); codes: words of letters and digits, and links.
        as_written: parts of names go only as they are spelled, so that "may" stays and "May" goes.
    """

    name: str = "[name]"
    digits: int = 5
    dates: bool = True
    codes: bool = True
    as_written: bool = False


QUOTED = Care()
"""What a customer or an agent wrote."""
OWN_WORDS = Care("a colleague", 7, dates=False, codes=False, as_written=True)
"""What a team writes for its customers."""


NOBODY = Names()


def masked(text: str, names: Names, care: Care = QUOTED, also: Names = NOBODY) -> str:
    """The text without persons, addresses and numbers; ``also``: names that only this text may hold.

    >>> names = Names()
    >>> names.add("Ana Lopez", parts=True)
    >>> masked("Thanks ana! Order 48213377, ana.b@c.de", names)
    'Thanks [name]! Order [number], [e-mail]'
    >>> masked("Ask Ana Lopez or 0171 2345678; 12000 orders since 2026-06-15", names, OWN_WORDS)
    'Ask a colleague or [number]; 12000 orders since 2026-06-15'
    """
    text = _WEB.sub(LINK, text) if care.codes else text
    text = _NUMBER.sub(lambda found: _numbered(found.group(), care), EMAIL.sub(ADDRESS, text))
    text = _CODE.sub(NUMBER, text) if care.codes else text
    spans = list(WORD.finditer(text))
    words = [span.group() for span in spans]
    pieces: list[str] = []
    at = place = 0
    after = False
    while place < len(spans):
        length = max(each.at(words, place, as_written=care.as_written) for each in (names, also))
        if length:
            between = text[at : spans[place].start()]
            # Names beside each other are one person, or as good as one.
            if not (after and (care.as_written or not between.strip())):
                pieces += [between, care.name]
            at = spans[place + length - 1].end()
        after = bool(length)
        place += length or 1
    return "".join([*pieces, text[at:]])


def _numbered(text: str, care: Care) -> str:
    few = sum(letter.isdigit() for letter in text) < care.digits
    return text if few or (not care.dates and _DATE.fullmatch(text)) else NUMBER
