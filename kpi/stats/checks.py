"""What cannot be a count, a share or a sample is refused with words; nothing here is computed."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
SLACK = 1e-9
"""Effective counts are products; a share may exceed one by so much, and is one then."""


def counts(**given: float) -> None:
    """Raises ValueError unless each is a finite number of 0 or more; names all that are not.

    >>> counts(k=3, n=5)
    >>> counts(k=-1, n=float("nan"))
    Traceback (most recent call last):
    ...
    ValueError: counts must be numbers of 0 or more: k is -1, n is nan
    """
    wrong = [name for name, value in given.items() if not 0 <= value < math.inf]
    if wrong:
        found = ", ".join(f"{name} is {given[name]}" for name in wrong)
        raise ValueError(f"counts must be numbers of 0 or more: {found}")


def parts(k: float, n: float, name: str = "") -> float:
    """``k``, at most ``n``. Raises ValueError when either is no count or k is more than n.

    >>> parts(3, 5)
    3
    >>> parts(6, 5)
    Traceback (most recent call last):
    ...
    ValueError: k is 6 of n 5: there cannot be more hits than rows
    """
    if not (0 <= k <= n < math.inf):
        counts(**{f"k{name}": k, f"n{name}": n})
        if k > n * (1 + SLACK) + 1e-300:
            raise ValueError(f"k{name} is {k} of n{name} {n}: there cannot be more hits than rows")
        return n
    return k


def whole(**given: float) -> None:
    """Raises ValueError unless each is a whole number of 0 or more; exact methods need them."""
    counts(**given)
    wrong = [name for name, value in given.items() if value != int(value)]
    if wrong:
        found = ", ".join(f"{name} is {given[name]}" for name in wrong)
        raise ValueError(f"exact methods need whole numbers: {found}")


def confidence(level: float) -> float:
    """``level``. Raises ValueError unless it lies between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1 (0.95 for 95 %), found {level}")
    return level


def numbers(**given: float) -> None:
    """Raises ValueError for those that are not a number (NaN); infinity is one."""
    wrong = [name for name, value in given.items() if math.isnan(value)]
    if wrong:
        raise ValueError(f"not a number: {', '.join(wrong)}")


def finite(**given: ArrayLike) -> list[Floats]:
    """The arrays as floats, one-dimensional. Raises ValueError for NaN, infinity and unequal lengths."""
    arrays = {name: np.atleast_1d(np.asarray(values, np.float64)) for name, values in given.items()}
    wrong = [
        f"{name} has {np.count_nonzero(~np.isfinite(array)):,} entries that are no finite number"
        for name, array in arrays.items()
        if not np.isfinite(array).all()
    ]
    lengths = {name: array.size for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        wrong.append("unequal lengths: " + ", ".join(f"{name} {size:,}" for name, size in lengths.items()))
    if wrong:
        raise ValueError("; ".join(wrong))
    return list(arrays.values())


def tally(values: ArrayLike, number: ArrayLike, *more: ArrayLike) -> list[Floats]:
    """Distinct ascending values and how often each occurs (and further counts), in whatever order they came.

    Raises:
        ValueError: for NaN, infinity, negative counts or unequal lengths.

    >>> [array.tolist() for array in tally([3, 1, 3], [1, 2, 4])]
    [[1.0, 3.0], [2.0, 5.0]]
    """
    given, *numbers = (np.atleast_1d(np.asarray(each, np.float64)) for each in (values, number, *more))
    # A sum is finite only when all are: one pass instead of three, as this is called thousands of times.
    alike = all(array.size == given.size and math.isfinite(array.sum()) for array in (given, *numbers))
    if not alike:
        finite(values=given, **{f"counts{place}": array for place, array in enumerate(numbers, start=1)})
    if given.size and min(array.min() for array in numbers) < 0:
        negative = sum(int(np.count_nonzero(array < 0)) for array in numbers)
        raise ValueError(f"counts must be 0 or more: {negative:,} are negative")
    if given.size > 1 and not (given[1:] > given[:-1]).all():
        given, place = np.unique(given, return_inverse=True)
        numbers = [np.bincount(place, array, given.size).astype(np.float64) for array in numbers]
    return [given, *numbers]
