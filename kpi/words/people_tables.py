"""Tables of agents: each row in words and numbers as they stand on the page and in its downloads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpi.words.people_sentences import BEYOND, PERCENT, Names, interval_of, level_of, two

if TYPE_CHECKING:
    from kpi.people.nouns import Looked, Team
    from kpi.people.own import OwnMonth


def overview_rows(team: Team) -> list[dict[str, object]]:
    """A row for each metric."""
    rows: list[dict[str, object]] = []
    for looked in team.metrics:
        lasting = looked.lasting
        rows.append(
            {
                "Metric": looked.metric.name,
                "Team": level_of(looked.whole, looked.metric),
                "n": looked.whole.n,
                "Agents": len(looked.people) if not looked.refused else "",
                "Raw outside 95 %": sum(p.raw.outside for p in looked.people) if not looked.refused else "",
                "Beyond chance, same kind": len(looked.named)
                if any(p.fair is not None for p in looked.people)
                else "",
                "Lasts": ""
                if lasting.correlation is None or lasting.low is None or lasting.high is None
                else f"{two(lasting.correlation)} [{two(lasting.low)}, {two(lasting.high)}]",
            }
        )
    return rows


def people_rows(looked: Looked, names: Names) -> list[dict[str, object]]:
    """A row for each agent: those who are named, then all others by name, so that no order is a rank."""
    unit = looked.metric.unit
    people = sorted(looked.people, key=lambda p: (not p.named, names[p.agent].casefold()))
    rows: list[dict[str, object]] = []
    for person in people:
        mark = person.fair
        rows.append(
            {
                "Agent": names[person.agent],
                "n": person.n,
                "Seen": level_of(person.observed, looked.metric),
                "Interval": interval_of(person.observed, looked.metric),
                "Colleagues, same kind": unit.level(person.expected) if person.expected is not None else "",
                scale_column(looked): "" if mark is None else PERCENT.level(mark.shrunk),
                "Interval of that": ""
                if mark is None
                else f"{PERCENT.level(mark.own_low)} to {PERCENT.level(mark.own_high)}",
                "Said": BEYOND.get(person.verdict, "not told from chance")
                if mark is not None
                else person.unfair,
            }
        )
    return rows


def scale_column(looked: Looked) -> str:
    """What the shrunk value is called."""
    return (
        "Same kind, pulled to the team"
        if looked.scale.value == "share"
        else "Chance above a colleague, pulled"
    )


def own_rows(team: Team, agent: str) -> list[dict[str, object]]:
    """A row for each metric: one agent against the band of the team."""
    rows: list[dict[str, object]] = []
    for looked in team.compared:
        person = looked.of(agent)
        if person is None:
            continue
        unit, mark = looked.metric.unit, person.fair
        rows.append(
            {
                "Metric": looked.metric.name,
                "n": person.n,
                "Seen": level_of(person.observed, looked.metric),
                "Interval": interval_of(person.observed, looked.metric),
                "Team, same kind": unit.level(person.expected) if person.expected is not None else "",
                "Distance in standard errors": ""
                if mark is None
                else f"{mark.distance:+.1f}".replace("-", "−"),
                "Said": BEYOND.get(person.verdict, "not told from chance")
                if mark is not None
                else person.unfair,
            }
        )
    return rows


def month_rows(looked: Looked, months: Sequence[OwnMonth]) -> list[dict[str, object]]:
    """A row for each month."""
    unit = looked.metric.unit
    return [
        {
            "Month": str(month.period),
            "n": month.estimate.n,
            "Own": level_of(month.estimate, looked.metric) or month.estimate.reason or "",
            "Interval": interval_of(month.estimate, looked.metric),
            "Team, same kind": "" if month.expected is None else unit.level(month.expected),
        }
        for month in months
    ]
