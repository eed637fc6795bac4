"""Shares, changes and counts as sentences and tables of customers write them."""

from __future__ import annotations

from collections.abc import Sequence

from kpi.model import Estimate, Unit


def level(estimate: Estimate | None) -> str:
    """A share with its interval.

    >>> level(Estimate(0.1732, 3000, 0.154, 0.194))
    '17.3 % (15.4 to 19.4)'
    """
    if estimate is None or estimate.value is None:
        return "no answer" if estimate is None else (estimate.reason or "no answer")
    said = Unit.PERCENT.level(estimate.value)
    return said + (
        "" if estimate.low is None or estimate.high is None else f" ({span(estimate.low, estimate.high)})"
    )


def span(low: float, high: float) -> str:
    """Bounds of a share in percent.

    >>> span(0.154, 0.194)
    '15.4 to 19.4'
    """
    return f"{low * 100:.1f} to {high * 100:.1f}"


def points(value: float, places: int = 1) -> str:
    """A difference of shares in points.

    >>> points(-0.0123), points(0.0)
    ('−1.2 points', '±0.0 points')
    """
    return Unit.PERCENT.change(value, places)


def score(value: float, places: int = 1) -> str:
    """A change of a score in points with its sign."""
    return Unit.POINTS.change(value, places)


def counted(n: int, one: str) -> str:
    """A count with its noun.

    >>> counted(1, "customer"), counted(2105, "customer")
    ('1 customer', '2,105 customers')
    """
    return f"{n:,} {one}{'' if n == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """Words in a row.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def either(words: Sequence[str]) -> str:
    """Words of which any may hold.

    >>> either(["left", "wrote again"])
    'left or wrote again'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}" if words else ""


def capital(text: str) -> str:
    """The text with a large first letter."""
    return text[:1].upper() + text[1:]


def months(count: int) -> str:
    """So many months in words.

    >>> months(12), months(1), months(24), months(6)
    ('a year', 'a month', '2 years', '6 months')
    """
    if count % 12 == 0:
        return "a year" if count == 12 else f"{count // 12} years"
    return "a month" if count == 1 else f"{count} months"
