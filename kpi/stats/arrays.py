"""Numbers as arrays: what cannot be meant is refused with words, what is handed out cannot be changed."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def as_floats(values: ArrayLike) -> Floats:
    """A one-dimensional copy as float64; a single number becomes an array of one."""
    return np.atleast_1d(np.array(values, dtype=np.float64)).ravel()


def frozen(values: ArrayLike) -> Floats:
    """The same numbers as a read-only array."""
    array = as_floats(values)
    array.setflags(write=False)
    return array


def frozen_flags(values: ArrayLike) -> Bools:
    """The same truth values as a read-only array."""
    array = np.array(values, dtype=np.bool_).ravel()
    array.setflags(write=False)
    return array


def series(values: ArrayLike, name: str = "values") -> Floats:
    """A series in order of time; NaN stands for a period without a value.

    Raises:
        ValueError: when a value is infinite.

    >>> series([1, float("nan"), 3]).size
    3
    """
    array = as_floats(values)
    refuse(infinite(name, array))
    return array


def infinite(name: str, array: Floats) -> str | None:
    """What is wrong when values are infinite; None when none is."""
    wrong = np.flatnonzero(np.isinf(array))
    return _at(name, "must be finite or missing (NaN)", array, wrong)


def not_finite(name: str, array: Floats) -> str | None:
    """What is wrong when values are NaN or infinite; None when none is."""
    wrong = np.flatnonzero(~np.isfinite(array))
    return _at(name, "must be numbers", array, wrong)


def not_counts(name: str, array: Floats) -> str | None:
    """What is wrong when values are negative, NaN or infinite; None when none is."""
    wrong = np.flatnonzero(~(np.isfinite(array) & (array >= 0)))
    return _at(name, "must be numbers of at least 0", array, wrong)


def above(name: str, array: Floats, limit_name: str, limit: Floats) -> str | None:
    """What is wrong when values are above those of another array; None when none is."""
    if array.shape != limit.shape:
        return None
    wrong = np.flatnonzero(array > limit)
    return _at(name, f"must not be more than {limit_name}", array, wrong)


def unequal(**arrays: Floats) -> str | None:
    """What is wrong when arrays that belong together differ in length; None when they do not."""
    sizes = {name: array.size for name, array in arrays.items()}
    if len(set(sizes.values())) <= 1:
        return None
    listed = ", ".join(f"{name} has {size}" for name, size in sizes.items())
    return f"the arrays must be equally long, but {listed}"


def refuse(*problems: str | None) -> None:
    """Raise all problems at once.

    Raises:
        ValueError: when at least one problem is not None.

    >>> refuse(None, "totals must be numbers of at least 0, but number 1 is -3")
    Traceback (most recent call last):
    ValueError: totals must be numbers of at least 0, but number 1 is -3
    """
    found: Iterable[str] = [problem for problem in problems if problem]
    text = "; ".join(found)
    if text:
        raise ValueError(text)


def _at(name: str, must: str, array: Floats, wrong: NDArray[np.intp]) -> str | None:
    if not wrong.size:
        return None
    first = int(wrong[0])
    others = f" and {wrong.size - 1} more are wrong" if wrong.size > 1 else ""
    return f"{name} {must}, but number {first + 1} is {array[first]:g}{others}"
