"""The issues page: every widget moved, numbers opened down to one contact, rules kept."""

from __future__ import annotations

from conftest import Open, title, words


def test_the_growing_issue_is_the_title(visit: Open) -> None:
    at = visit("issues", period="Q3 2026")
    assert title(at).startswith(
        "Seller dispute grew: 246 of 1,000 tickets, 68 before; Payment failed grew too"
    )
    assert "Payment failed: 410 of 3,407 tickets, 120 of 1,000" in words(at)
    assert len(at.get("vega_lite_chart")) == 1
