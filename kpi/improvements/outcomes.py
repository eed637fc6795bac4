"""The outcomes that improving would change, as far as the data feed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from kpi.drill import WORDS
from kpi.facts import Facts
from kpi.improvements.nouns import Outcome
from kpi.measures import Mean, Score, Share
from kpi.metrics import catalogue
from kpi.metrics.feeding import why_not
from kpi.model import Metric, inside

SATISFACTION = ("csat", "ces", "nps", "sentiment")
"""Ways to ask the same; the first that the data have is looked at."""
TIMES = ("ttr", "response_to_resolution")
PROMISES = ("sla", "ttr_within_target", "frt_within_target")
"""Whether each contact kept the time of its own channel or priority."""
BY_NATURE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"ttr": ("channel", "priority"), "response_to_resolution": ("channel", "priority"), "aht": ("channel",)}
)
"""Outcomes whose level a dimension sets by what it is: an e-mail takes longer than a chat, and what is urgent
is meant to be quicker. There the values are no peers, so they are not compared."""
REST = ("fcr", "escalation_rate", "reopen_rate", "repeat_contact", "aht")
HELP = {
    "csat": "a satisfaction answer for each contact",
    "ttr": "the times a contact was created and solved",
    "sla": "whether each contact kept its promised time, or a target on the page Targets,",
    "fcr": "the customer of each contact and the time it was solved",
    "escalation_rate": "whether a contact was escalated",
    "reopen_rate": "how often a contact was reopened",
    "repeat_contact": "the customer of each contact",
    "aht": "the working time of each contact",
}
"""Which column would help where an outcome is missing."""
ADDS = {"ttr": "hours of waiting", "response_to_resolution": "hours of waiting", "aht": "hours of handling"}


def outcomes(facts: Facts) -> tuple[tuple[Outcome, ...], tuple[tuple[str, str], ...]]:
    """The outcomes that the data feed, satisfaction first, and those they do not: (metric, reason)."""
    known = {metric.key: metric for metric in catalogue(facts.definitions, facts)}
    found: list[Outcome] = []
    lacking: list[tuple[str, str]] = []
    for keys in (SATISFACTION, TIMES, PROMISES, *((key,) for key in REST)):
        chosen: Outcome | None = None
        for key in keys:
            if key in known and (chosen := _outcome(known[key], facts)) is not None:
                break
        if chosen is not None:
            found.append(chosen)
        elif keys[0] in known:
            first = known[keys[0]]
            reason = why_not(first, facts) or f"no {inside(first.name)}: the data hold no value"
            lacking.append((first.name, f"{reason}; {HELP[keys[0]]} would help"))
    return tuple(found), tuple(lacking)


def _outcome(metric: Metric, facts: Facts) -> Outcome | None:
    """The metric by a measure that can be taken apart into rows; None where the data do not feed it."""
    part = None
    if metric.key in ("ttr", "response_to_resolution"):
        part = "mean"
    elif metric.key == "sla":
        part = "resolution"
    used = metric
    if part is not None:
        name = {"mean": f"{metric.name} (mean)", "resolution": "Solved within the promised time"}[part]
        basis = metric.part_bases.get(part, metric.basis)
        used = replace(metric, name=name, measure=metric.parts[part], basis=basis)
    if why_not(used, facts) is not None or not isinstance(used.measure, Share | Mean | Score):
        return None
    table = facts.table(used.grain)
    among = used.measure.among
    if table is None or not bool((table.columns[among] != 0).any()):
        return None
    return Outcome(used, metric.name, _short(used), ADDS.get(metric.key, ""))


def _short(metric: Metric) -> str:
    """What a row that fell short is called."""
    if isinstance(metric.measure, Share):
        yes, no = WORDS.get(metric.measure.of, ("yes", "no"))
        return no if metric.better.value > 0 else yes
    if isinstance(metric.measure, Score):
        return "detractor"
    return "worse than the reference"
