"""What is printed: one line per thing measured, ours beside the peer, ratios within the same round."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

HEAD = ("what", "ours", "peer", "peer", "ratio")
UNITS = {"s": 1.0, "ms": 1e3}
MB = 1e6


@dataclass(frozen=True)
class Line:
    """One thing measured in several rounds: seconds or bytes, ours and those of the peer, round by round."""

    key: str
    what: str
    ours: tuple[float, ...]
    peer: str
    theirs: tuple[float, ...]
    bytes: bool = False

    @property
    def ratios(self) -> tuple[float, ...]:
        """Ours ÷ the peer's of the same round."""
        return tuple(one / other for one, other in zip(self.ours, self.theirs, strict=True) if other > 0)

    def cells(self) -> tuple[str, ...]:
        """Texts of the table: minimum / median / maximum where there are several rounds."""
        return (
            self.what,
            _amounts(self.ours, self.bytes),
            self.peer,
            _amounts(self.theirs, self.bytes),
            _three(self.ratios, "x") if self.ratios else "",
        )

    def as_plain(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "key": self.key,
            "what": self.what,
            "unit": "bytes" if self.bytes else "seconds",
            "ours": list(self.ours),
            "peer": self.peer,
            "theirs": list(self.theirs),
            "ratios": list(self.ratios),
        }


def table(lines: Sequence[Line]) -> str:
    """The lines under their heads, in columns.

    >>> print(table([Line("import", "import", (2.0,), "pandas.read_csv", (0.5,))]).splitlines()[-1].split())
    ['import', '2.0', 's', 'pandas.read_csv', '500', 'ms', '4.0', 'x']
    """
    rows = [HEAD, *(line.cells() for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    texts = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    rule = "  ".join("-" * width for width in widths)
    return "\n".join(text.rstrip() for text in (texts[0], rule, *texts[1:]))


def _amounts(values: Sequence[float], as_bytes: bool) -> str:
    if as_bytes:
        return _three([value / MB for value in values], "MB")
    unit = "s" if statistics.median(values) >= 1 else "ms"
    return _three([value * UNITS[unit] for value in values], unit)


def _three(values: Sequence[float], unit: str) -> str:
    shown = (min(values), statistics.median(values), max(values)) if len(values) > 1 else tuple(values)
    return f"{' / '.join(map(_digits, shown))} {unit}"


def _digits(value: float) -> str:
    """Three figures, which is more than a timing deserves.

    >>> [_digits(value) for value in (0.01234, 4.0, 41.26, 1234.5)]
    ['0.012', '4.0', '41.3', '1,234']
    """
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 1:
        return f"{value:.1f}"
    return f"{value:.2g}" if value < 0.1 else f"{value:.2f}"
