"""Which export is this? Signature columns decide; coverage breaks ties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpi.ingest.headers import matches
from kpi.ingest.sources import GENERIC, Source

ACCEPT = 0.75
ASK = 0.5
LEAD = 0.2
FEWEST_SIGNATURE_COLUMNS = 3


@dataclass(frozen=True)
class Recognition:
    """The best source of a file (None: none was near enough); ``ask``: it must be confirmed."""

    source: Source | None
    confidence: float
    ask: bool = False


def recognise(headers: Sequence[str], sources: Sequence[Source]) -> Recognition:
    """The source whose signature the headers carry.

    Accepted silently at a signature share of 0.75 or more with three signature columns and a lead of 0.2
    in signature + coverage; between 0.5 and 0.75, or without the lead, the source is asked; below that the
    generic path is taken.
    """
    scored: list[tuple[float, float, Source]] = []
    for source in sources:
        if not source.signature:
            continue
        hits = sum(any(matches(name, header) for header in headers) for name in source.signature)
        signature = hits / len(source.signature)
        known = sum(any(matches(name, header) for name in source.columns) for header in headers)
        coverage = known / max(len(headers), 1)
        scored.append((signature, signature + coverage, source))
    if not scored:
        return Recognition(None, 0.0)
    scored.sort(key=lambda entry: (entry[1], entry[0]), reverse=True)
    signature, total, source = scored[0]
    runner_up = scored[1][1] if len(scored) > 1 else 0.0
    hits = round(signature * len(source.signature))
    if signature >= ACCEPT and total - runner_up >= LEAD and hits >= FEWEST_SIGNATURE_COLUMNS:
        return Recognition(source, round(signature, 2))
    if signature >= ASK and hits >= FEWEST_SIGNATURE_COLUMNS:
        return Recognition(source, round(signature, 2), ask=True)
    return Recognition(None, 0.0)


def named(key: str, sources: Sequence[Source]) -> Recognition | None:
    """The source that a person named (``generic_flat``: the generic path); None when there is none such."""
    if key == GENERIC:
        return Recognition(None, 1.0)
    for source in sources:
        if source.key == key:
            return Recognition(source, 1.0)
    return None
