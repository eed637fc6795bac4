"""Who is shown by agent, so that no total gives away the number of somebody who is not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def shown_and_few(rows: Floats, least: int) -> tuple[NDArray[np.bool_], tuple[int, int]]:
    """Which agents are shown, and how many are not with how many rows together.

    An agent with fewer than ``least`` rows is not shown. The total less those shown would tell the number of
    one who is left out alone, so the next smaller one is left out too (complementary suppression), and more
    of them until those left out have ``least`` rows together. Agents without rows are nobody here.

    >>> shown_and_few(np.array([40.0, 12.0, 3.0, 30.0]), 10)
    (array([ True, False, False,  True]), (2, 15))
    """
    shown = rows >= least
    hidden = (rows > 0) & ~shown
    if hidden.any():
        for place in np.argsort(rows, kind="stable").tolist():
            if int(hidden.sum()) >= 2 and rows[hidden].sum() >= least:
                break
            if shown[place]:
                shown[place], hidden[place] = False, True
    return shown, (int(hidden.sum()), round(float(rows[hidden].sum())))
