"""Findings of one column from masks of its rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from kpi.ingest.reading.nouns import Finding

EXAMPLES = 20


class Ledger:
    """Collects what was noticed in one column: masks by code, and the findings made of them."""

    def __init__(self, text: pd.Series, records: np.ndarray | None, column: str | None) -> None:
        self._text = text
        self._records = np.arange(1, len(text) + 1) if records is None else records
        self._column = column
        self.masks: dict[str, np.ndarray] = {}
        self._findings: list[Finding] = []

    def note(self, code: str, mask: np.ndarray, action: str | Callable[[int], str], detail: str = "") -> None:
        """Note the rows of a mask under a code (nothing when there are none).

        ``action`` says what was done, for all or by position.
        """
        mask = np.asarray(mask, dtype=bool)
        count = int(mask.sum())
        if count == 0:
            return
        self.masks[code] = mask | self.masks[code] if code in self.masks else mask
        examples = tuple(
            (
                int(self._records[at]),
                str(self._text.iloc[at]),
                action if isinstance(action, str) else action(int(at)),
            )
            for at in np.flatnonzero(mask)[:EXAMPLES]
        )
        self._findings.append(Finding(code, self._column, count, examples, detail))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings so far, in the order they were noted."""
        return tuple(self._findings)
