"""Single answers of a satisfaction question as they are written: numbers, fractions, stars, numbers with a
label, words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kpi.ingest.cells.vocabulary import CSAT, fold
from kpi.ingest.cells.wordlists import listed

_NUMBER = re.compile(r"-?\d{1,3}(?:[.,]\d+)?")
_OF = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*(?:/|of|out of|von|sur|de|su|van|z)\s*(\d{1,3})")
_STARS = re.compile(r"[★⭐✭✮\ufe0f*]*[☆✩\-–_.○]*")
_LABELLED = re.compile(r"(\d{1,2})\s*(?:[-–:=.)]|\()\s*\D.*")
_COUNTED = re.compile(
    r"(\d(?:[.,]\d)?)\s*(?:stars?|sterne?|étoiles?|estrellas?|stelle|estrelas?|sterren|points?|punkte)"
)

HAPPY: Mapping[str, float] = MappingProxyType(
    {
        "extremely happy": 7,
        "very happy": 6,
        "happy": 5,
        "neutral": 4,
        "unhappy": 3,
        "very unhappy": 2,
        "extremely unhappy": 1,
    }
)
"""The seven steps of Freshdesk."""

BUCKETS: Mapping[str, str] = MappingProxyType(
    {
        word: bucket
        for bucket, words in (
            ("promoter", "promoter promoters promotor promotores promoteur"),
            ("passive", "passive passives neutral pasivo passif passiv indifferent"),
            ("detractor", "detractor detractors detraktor kritiker détracteur detratore"),
        )
        for word in words.split()
    }
)

STRONG: frozenset[str] = frozenset(
    listed(
        "excellent|great|awesome|outstanding|terrible|awful|very good|very bad|very poor|very positive"
        "|very negative|very satisfied|very dissatisfied|very unsatisfied|extremely satisfied"
        "|extremely dissatisfied|sehr gut|sehr schlecht|sehr zufrieden|sehr unzufrieden|très bon"
        "|très mauvais|très satisfait|très insatisfait|muy bueno|muy malo|muy satisfecho|muy insatisfecho"
        "|ottimo|pessimo|molto soddisfatto|molto insoddisfatto|muito satisfeito|muito insatisfeito|zeer goed"
        "|zeer slecht|zeer tevreden|zeer ontevreden|bardzo dobry|bardzo zły|bardzo zadowolony"
        "|bardzo niezadowolony",
        "|",
    )
)
"""Words at an end of a five-step scale. Without one, the words of a column are a scale of two or three steps.
"""


@dataclass(frozen=True)
class Answer:
    """One distinct answer: ``value`` as a number with its top ``of`` (0: not said), or a ``word``."""

    value: float | None = None
    of: int = 0
    word: str = ""
    symbols: bool = False


def read_answer(cell: str) -> Answer | None:
    """An answer, None when the cell is none.

    >>> read_answer("4/5"), read_answer("**---")
    (Answer(value=4.0, of=5, word='', symbols=False), Answer(value=2.0, of=5, word='', symbols=True))
    >>> read_answer("5 - Very satisfied").value, read_answer("Good").word
    (5.0, 'good')
    """
    key = fold(cell)
    if _NUMBER.fullmatch(key):
        return Answer(_float(key))
    for pattern in (_OF, _COUNTED, _LABELLED):
        match = pattern.fullmatch(key)
        if match:
            of = int(match.group(2)) if pattern is _OF else 0
            return Answer(_float(match.group(1)), of)
    if _STARS.fullmatch(key) and key[0] in "★⭐✭✮*☆✩":
        symbols = [sign for sign in key if sign != "\ufe0f"]
        full = sum(sign in "★⭐✭✮*" for sign in symbols)
        return Answer(float(full), len(symbols) if full < len(symbols) else 0, symbols=True)
    if key in CSAT or key in BUCKETS or key in HAPPY:
        return Answer(word=key)
    return None


def _float(text: str) -> float:
    return float(text.replace(",", "."))


def place_words(words: frozenset[str]) -> tuple[dict[str, float], float, float] | None:
    """(places, low, high) of answer words on the scale that they make up together; None when they make none.

    >>> place_words(frozenset({"good", "bad"}))
    ({'bad': 0.0, 'good': 1.0}, 0.0, 1.0)
    """
    if not words:
        return None
    if words <= set(HAPPY) and words != {"neutral"}:
        return {word: float(HAPPY[word]) for word in sorted(words)}, 1.0, 7.0
    if not words <= set(CSAT):
        return None
    sides = {word: {"negative": -1, "neutral": 0, "positive": 1}[CSAT[word]] for word in words}
    strong = any(_strong(word) for word in words)
    if strong:
        return {word: 3.0 + sides[word] * (2 if _strong(word) else 1) for word in sorted(words)}, 1.0, 5.0
    if 0 in sides.values():
        return {word: 2.0 + sides[word] for word in sorted(words)}, 1.0, 3.0
    return {word: (1.0 + sides[word]) / 2 for word in sorted(words)}, 0.0, 1.0


def _strong(word: str) -> bool:
    return word in STRONG or word.startswith(("very ", "extremely "))
