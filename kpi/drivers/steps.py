"""The change as a walk from before to now: levels, parts, and the largest segments of each part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kpi.drivers.nouns import Drivers, Part, Segment, Split

NAMED = 3
"""So many segments of a part are named; the others are one step."""
COUNTED = 7
"""The same where segments are all there is to say."""
ENDS, MIX, PERFORMANCE, LONE, SEGMENT, OTHERS = "level", "mix", "performance", "lone", "segment", "others"


@dataclass(frozen=True)
class Step:
    """One step, in the unit of the metric (per day where the change is).

    Attributes:
        kind: ``level`` (before and now), ``mix``, ``performance``, ``lone``, ``segment`` or ``others``.
        start, end: where it begins and ends; the same for a level.
        part: None for a level.
        segment: the segment it speaks of; None for whole parts.
        inner: whether it shows a share of the step before it and does not move the walk.
        count: how many segments ``others`` holds.
        of: the part that an inner step belongs to.
    """

    kind: str
    start: float
    end: float
    part: Part | None = None
    segment: Segment | None = None
    inner: bool = False
    count: int = 0
    of: str = ""

    @property
    def value(self) -> float:
        """What it adds, or the level."""
        return self.start if self.part is None else self.part.value


def steps(drivers: Drivers) -> tuple[Step, ...]:
    """From the level before over every part to the level now; none where nothing could be taken apart.

    Steps that are not ``inner`` add up to the change; inner steps add up to the step they belong to.
    """
    if drivers.total is None:
        return ()
    first = _level(drivers)
    if first is None:
        return ()
    walk = [Step(ENDS, first, first)]
    if drivers.split is Split.SUM:
        walk += _segments(drivers.segments, lambda s: s.alone, first, COUNTED, drivers.total.value, False, "")
    else:
        at = first
        parts: tuple[tuple[str, Part | None, Callable[[Segment], Part | None]], ...] = (
            (MIX, drivers.mix, lambda s: s.mix),
            (PERFORMANCE, drivers.performance, lambda s: s.performance),
            (LONE, drivers.new_and_vanished, lambda s: s.alone),
        )
        for kind, part, of in parts:
            if part is None:
                continue
            walk.append(Step(kind, at, at + part.value, part))
            walk += _segments(drivers.segments, of, at, NAMED, part.value, True, kind)
            at += part.value
    last = first + drivers.total.value
    return (*walk, Step(ENDS, last, last))


def _level(drivers: Drivers) -> float | None:
    before = drivers.comparison.before
    value = before.parts.get("per_day") if drivers.per else before.value
    if drivers.split is Split.SUM:
        counted = [segment.value_before or 0.0 for segment in drivers.segments]
        return float(sum(counted)) if drivers.per else (None if value is None else float(value))
    return None if value is None else float(value)


def _segments(
    segments: Sequence[Segment],
    part_of: Callable[[Segment], Part | None],
    at: float,
    named: int,
    total: float,
    inner: bool,
    of: str,
) -> list[Step]:
    """The largest segments of a part, and the others together."""
    there = [(segment, part) for segment in segments if (part := part_of(segment)) is not None]
    there.sort(key=lambda pair: (-abs(pair[1].value), pair[0].name))
    shown = there if len(there) <= named + 1 else there[:named]
    found: list[Step] = []
    start = at
    for segment, part in shown:
        found.append(Step(SEGMENT, at, at + part.value, part, segment, inner, of=of))
        at += part.value
    others = len(there) - len(shown)
    if others:
        rest = Part(start + total - at, reason="several segments together, without a test of their own")
        found.append(Step(OTHERS, at, start + total, rest, None, inner, others, of))
    return found
