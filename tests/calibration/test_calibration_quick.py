"""The quick tier: every row with quick rounds, by our methods, against its band widened by Monte-Carlo error.

The widening is three standard errors of a process that lies on the edge of the band
(:func:`calibration.record.edge_error`), so a method that keeps its word fails about once in a thousand rows,
and seeds are fixed: a failure is a change of the method, not of luck.
"""

from __future__ import annotations

from typing import Any

import pytest

from calibration import table
from calibration.record import SIGMAS, Row
from calibration.rows import ROWS
from calibration.running import run_row

QUICK = [row for row in ROWS if row.quick]


@pytest.mark.parametrize("row", QUICK, ids=[row.key for row in QUICK])
def test_keeps_its_word(row: Row[Any]) -> None:
    found = run_row(row, row.quick, only_ours=True)
    assert found.passes(SIGMAS) is not False, table.misses([found], SIGMAS)
