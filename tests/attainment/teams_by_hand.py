"""Small teams made by hand: every number in the tests can be counted on paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files

AS_OF = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)
Row = tuple[str, str, str, float, float | None]
"""Ticket, channel, priority, hours before AS_OF at which it was made, hours until answered and solved."""
Team = Callable[..., Facts]


@pytest.fixture(scope="session")
def team() -> Team:
    def made(rows: Sequence[Row], definitions: Definitions | None = None) -> Facts:
        lines = ["ticket_id,channel,priority,created_at,first_response_at,solved_at,status,updated_at"]
        for name, channel, priority, ago, hours in rows:
            created = AS_OF - timedelta(hours=ago)
            done = "" if hours is None else _stamp(created + timedelta(hours=hours))
            state = "solved" if done else "open"
            lines.append(
                f"{name},{channel},{priority},{_stamp(created)},{done},{done},{state},{_stamp(AS_OF)}"
            )
        data = "\n".join(lines).encode()
        return build_facts(
            import_files([("team.csv", data)], {"timezone": "UTC"}).tables, definitions or Definitions()
        )

    return made


@pytest.fixture(scope="session")
def rows() -> list[Row]:
    """41 chats: 36 in 10 min, 4 in 90 min, 1 waits for 5 h. 12 e-mails: 8 in 2 h, 2 in 30 h, 1 waits for 3 h,
    1 for 40 h."""
    found: list[Row] = []
    for number in range(36):
        found.append((f"C{number}", "chat", "normal", 24.0 * (2 + number % 28), 1 / 6))
    for number in range(4):
        found.append((f"L{number}", "chat", "high", 24.0 * (3 + 7 * number), 1.5))
    found.append(("W1", "chat", "high", 5.0, None))
    for number in range(8):
        found.append((f"E{number}", "email", "normal", 24.0 * (2 + 3 * number), 2.0))
    found += [("E8", "email", "high", 24.0 * 6, 30.0), ("E9", "email", "high", 24.0 * 13, 30.0)]
    found += [("W2", "email", "normal", 3.0, None), ("W3", "email", "urgent", 40.0, None)]
    return found


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
