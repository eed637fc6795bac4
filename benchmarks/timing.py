"""Seconds of one call, with the garbage of earlier calls cleared away first."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def timed(act: Callable[[], Result]) -> tuple[float, Result]:
    """Seconds that a call took, and what it gave."""
    gc.collect()
    begun = time.perf_counter()
    result = act()
    return time.perf_counter() - begun, result


def timed_twice(act: Callable[[], Result]) -> tuple[float, float, Result]:
    """Seconds by the clock, seconds of the processor (all threads of this process), and what the call gave.

    The second says more where other programs were running at the same time.
    """
    gc.collect()
    begun, used = time.perf_counter(), time.process_time()
    result = act()
    return time.perf_counter() - begun, time.process_time() - used, result
