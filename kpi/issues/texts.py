"""The texts of contacts, made alike: small letters, no numbers, no addresses, no greetings of machines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

COLUMNS = ("subject", "description", "tags", "reason", "comment")
"""Canonical columns with words about what a contact is about, the most telling first."""
LONGEST = 2_000
"""Letters of one text that are read."""
SHORTEST = 3
"""Texts with fewer letters than this say nothing."""
_NOISE = re.compile(
    r"https?://\S+|www\.\S+|[^\s@]+@[^\s@]+\.\w+|\{[^{}]{0,60}\}|\[[^\[\]]{0,60}\]\(\S*\)|<[^<>]{0,200}>"
)
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

_STOP_WORDS = """
a an the and or but if then than so of to in on at by for from with about into over under is am are was were
be been being it its this that these those i me my we our you your he she they them their his her what which
who when where why how not no nor do does did done have has had will would can could should may might must
just also there here all any some more most please hello hi dear thanks thank regards assist help issue i'm
i've it's don't doesn't can't haven't isn't didn't won't re fw fwd der die das den dem des ein eine einer
eines einem einen und oder aber wenn dann als von zu zum zur im auf bei für mit über unter ist bin sind war
waren sein es dies diese dieser ich mir mich mein meine wir uns unser sie ihr ihre er nicht kein keine haben
hat hatte wird werden kann können bitte hallo danke wie wo wann warum auch noch nur sehr wg aw le la les un
une et ou mais si de du au aux dans sur par pour avec est sont été être ce cette ces je mon ma mes nous
notre vous votre il elle ils elles ne pas plus qui que quoi où quand comment bonjour merci el los las una
unos unas y o pero del al en con por para son era ser esto este esta yo mi mis nosotros su sus más cómo
cuándo dónde hola gracias favor se lo gli uno e di da nel per è sono questo questa mio mia noi voi non come
quando dove ciao grazie os as um uma em na dos seu sua não como onde olá obrigado het een maar van naar op
met voor zijn dit deze ik mijn wij ons u uw niet geen wat hoe dank
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""Words that say nothing about an issue: English, German, French, Spanish, Italian, Portuguese, Dutch."""


@dataclass(frozen=True, eq=False)
class Texts:
    """The different texts of a table, and which row has which.

    Attributes:
        shown: each different text once, as written first, cut at 2,000 letters.
        clean: the same made alike: words in small letters, parted by blanks.
        place: int64[n], position of the text of each row; −1 where it says nothing.
        columns: where the words come from.
    """

    shown: tuple[str, ...]
    clean: tuple[str, ...]
    place: NDArray[np.int64]
    columns: tuple[str, ...]

    @property
    def empty(self) -> int:
        """Rows without words."""
        return int((self.place < 0).sum())


def cleaned(text: str) -> str:
    """The words of a text in small letters, without numbers, addresses and placeholders.

    >>> cleaned("Re: Order #88211 damaged 😡 {product} see https://a.example/x")
    're order damaged see'
    """
    return " ".join(_LETTERS.findall(_NOISE.sub(" ", text[:LONGEST]).lower().replace("’", "'")))


def words_of(clean: str) -> list[str]:
    """The words that may say something."""
    return [word for word in clean.split() if len(word) > 1 and word not in STOP_WORDS]


def text_columns(rows: pd.DataFrame) -> tuple[str, ...]:
    """Columns with words, those that hold at least one."""
    return tuple(name for name in COLUMNS if name in rows.columns and bool(rows[name].notna().any()))


def as_written(text: str) -> str:
    """A text in small letters with its numbers, for rules.

    >>> as_written("Error  500 at Checkout")
    'error 500 at checkout'
    """
    return " ".join(text[:LONGEST].lower().replace("’", "'").split())


def texts_of(
    rows: pd.DataFrame, columns: Iterable[str] | None = None, read: Callable[[str], str] = cleaned
) -> Texts:
    """The texts of the rows of a canonical table, those alike after ``read`` taken as one."""
    names = text_columns(rows) if columns is None else tuple(columns)
    if not names:
        return Texts((), (), np.full(len(rows), -1, np.int64), ())
    parts = [_as_text(rows[name]) for name in names]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.str.cat(part, sep="\n")
    codes, different = pd.factorize(joined.str.slice(0, LONGEST))
    clean = [read(str(text)) for text in different]
    shown: list[str] = []
    alike: list[str] = []
    numbers: dict[str, int] = {}
    place = np.full(len(different), -1, np.int64)
    for at, (text, made) in enumerate(zip(different, clean, strict=True)):
        if len(made) < SHORTEST:
            continue
        if made not in numbers:
            numbers[made] = len(alike)
            alike.append(made)
            shown.append(" ".join(str(text).split()))
        place[at] = numbers[made]
    return Texts(tuple(shown), tuple(alike), place[codes] if len(different) else place, names)


def _as_text(values: pd.Series) -> pd.Series:
    if values.dtype == object:
        values = values.map(_words)
    return values.fillna("").astype(str)


def _words(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple | np.ndarray):
        return " ".join(map(str, value))
    return ""
