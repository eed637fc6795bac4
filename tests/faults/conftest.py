"""Readers and cases that the tests of words and of comparisons have, used here on whole results."""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
for room in ("words", "compare", "evidence"):
    sys.path.append(str(TESTS / room))
