"""Header names made comparable: case, punctuation, camel case, units and filler words."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from fnmatch import translate
from functools import lru_cache

FILLERS = frozenset(
    {"of", "the", "in", "a", "an", "to", "for", "is", "was", "at", "on", "de", "der", "la", "le", "el"}
)
UNIT_WORDS = """
seconds second secs sec s minutes minute mins min m hours hour hrs hr h days day d milliseconds ms hh mm ss
sekunden minuten stunden tage secondes heures jours segundos minutos horas días utc gmt y n yes no %
"""
UNITS = frozenset(UNIT_WORDS.split())
ENTITIES = frozenset({"ticket", "case", "issue", "incident", "conversation", "request"})
"""Words that only say what the row is; "Ticket Status" is "Status"."""


@lru_cache(maxsize=8192)
def plain(header: str) -> str:
    """A header in lower case with words parted by single blanks.

    >>> plain("AvgTalkDuration"), plain("First_Response_Time"), plain(" Ticket nr. ")
    ('avg talk duration', 'first response time', 'ticket nr')
    >>> plain("CustomerID"), plain("#"), plain("Custom field (Request Type)")
    ('customer id', '#', 'request type')
    """
    text = _unwrapped(unicodedata.normalize("NFKC", header).strip())
    text = re.sub(r"(?<=[a-zà-ÿ0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-zà-ÿ])", " ", text)
    words = re.sub(r"[^\w'%#]+|_", " ", text).casefold().split()
    return " ".join(words)


def _unwrapped(header: str) -> str:
    """The name of an own field in an export that says so ("Custom field (Request Type)")."""
    found = re.fullmatch(r"custom field \((.+)\)", header, re.IGNORECASE)
    return found[1] if found else header


@lru_cache(maxsize=8192)
def bare(header: str) -> str:
    """The plain header without units, brackets and the scale that it may name.

    >>> bare("Speed of answer in seconds"), bare("FRT (hh:mm)"), bare("Would recommend 0-10")
    ('speed of answer', 'frt', 'would recommend')
    """
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]|\b\d+\s*[-–]\s*\d+\b", " ", _unwrapped(header.strip()))
    words = [word for word in plain(text).split() if word not in UNITS]
    while words and words[-1] in FILLERS:
        words.pop()
    return " ".join(words) or plain(header)


@lru_cache(maxsize=8192)
def tokens(header: str) -> frozenset[str]:
    """The words of a header that carry meaning."""
    return frozenset(word for word in bare(header).split() if word not in FILLERS)


def without_entity(header: str) -> str:
    """The bare header without the word for the row.

    >>> without_entity("Ticket Priority"), without_entity("Ticket")
    ('priority', 'ticket')
    """
    words = bare(header).split()
    kept = [word for word in words if word not in ENTITIES]
    return " ".join(kept) if kept else " ".join(words)


@lru_cache(maxsize=4096)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(translate(name.strip().casefold()), re.DOTALL)


def matches(name: str, header: str) -> bool:
    """Whether a header is meant by a name of a source record (case ignored, ``*`` matches anything).

    >>> matches("Started at (*)", "started at (Europe/Berlin)"), matches("Id", "ID ")
    (True, True)
    """
    if "*" not in name:
        return name.strip().casefold() == header.strip().casefold()
    literal = name.replace("[", "[[]")
    return _pattern(literal).match(header.strip().casefold()) is not None


def fingerprint(headers: Iterable[str]) -> str:
    """sha256 of the sorted lower-case header names; the same layout gives the same fingerprint.

    >>> fingerprint(["B", "a"]) == fingerprint(["A", "b "])
    True
    """
    names = sorted(header.strip().casefold() for header in headers)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()
