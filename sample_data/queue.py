"""The queue of the phone: how long callers wait and when they hang up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sample_data.chance import Floats
from sample_data.clock import Ints

Bools = NDArray[np.bool_]
WAIT_MEDIAN_SECONDS = 50.0
WAIT_SPREAD = 1.1
PATIENCE_SECONDS = 1500.0


@dataclass(frozen=True)
class Waits:
    """Seconds in the queue and whether the caller hung up first; the same with the usual wait."""

    seconds: Ints
    usual: Ints
    hung_up: Bools
    would_hang_up: Bools

    def take(self, rows: Bools) -> Waits:
        """These callers only."""
        return Waits(self.seconds[rows], self.usual[rows], self.hung_up[rows], self.would_hang_up[rows])


def draw_waits(rng: np.random.Generator, factor: Floats) -> Waits:
    """Waits of callers, one per ``factor`` on the usual wait; the same law over the whole time."""
    size = len(factor)
    usual = WAIT_MEDIAN_SECONDS * np.exp(WAIT_SPREAD * rng.standard_normal(size))
    patience = rng.exponential(PATIENCE_SECONDS, size)
    waited, without = (
        np.maximum(np.rint(np.minimum(offered, patience)), 1).astype(np.int64)
        for offered in (usual * factor, usual)
    )
    return Waits(waited, without, patience < usual * factor, patience < usual)
