"""Rows that go through every outcome: probabilities, not simulated shares."""

from __future__ import annotations

from typing import Any

from calibration.record import Method, Row, World


def exact(
    key: str,
    claim: str,
    world: World[Any],
    methods: tuple[Method[Any], ...],
    naive: int,
    band: tuple[float | None, float | None],
    *,
    least: bool = False,
    quick: bool = True,
    note: str = "",
) -> Row[Any]:
    """A row of an enumeration; the first ``naive`` methods are the usual ones."""
    return Row(
        key, claim, world, methods[:naive], methods[naive:], band[0], band[1], int(quick), 1, 1,
        least=least, exact=True, note=note,
    )  # fmt: skip
