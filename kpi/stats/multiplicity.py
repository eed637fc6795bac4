"""Adjusting p-values for how many questions were asked.

Missing p-values (None) stay missing and are not counted.
"""

from __future__ import annotations

from collections.abc import Sequence


def benjamini_hochberg(p: Sequence[float | None]) -> list[float | None]:
    """Adjusted p-values that control the share of false discoveries, in the order given.

    Source: Benjamini & Hochberg (1995), JRSS B 57:289-300.

    >>> benjamini_hochberg([0.01, None, 0.04, 0.03])
    [0.03, None, 0.04, 0.04]
    """
    ranked = sorted((value, place) for place, value in enumerate(p) if value is not None)
    adjusted: list[float | None] = [None] * len(p)
    smallest = 1.0
    for rank, (value, place) in reversed(list(enumerate(ranked, start=1))):
        smallest = min(smallest, value * (len(ranked) / rank))
        adjusted[place] = smallest
    return adjusted


def holm(p: Sequence[float | None]) -> list[float | None]:
    """Adjusted p-values that control the chance of any false discovery, in the order given.

    Source: Holm (1979), Scandinavian Journal of Statistics 6:65-70.

    >>> [value if value is None else round(value, 10) for value in holm([0.01, None, 0.04, 0.03])]
    [0.03, None, 0.06, 0.06]
    """
    ranked = sorted((value, place) for place, value in enumerate(p) if value is not None)
    adjusted: list[float | None] = [None] * len(p)
    largest = 0.0
    for rank, (value, place) in enumerate(ranked):
        largest = max(largest, min(1.0, value * (len(ranked) - rank)))
        adjusted[place] = largest
    return adjusted
