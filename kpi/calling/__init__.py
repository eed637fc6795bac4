"""When do we say better? The rules of verdicts with worked examples, and how often we would call a change."""

from kpi.calling.rules import CASES, Case, WorkedExample, absent_example, worked_examples
from kpi.calling.simulating import PowerPoint, Rates, Simulation, plain_power, simulate
from kpi.calling.worlds import Kind, World

__all__ = [
    "CASES",
    "Case",
    "Kind",
    "PowerPoint",
    "Rates",
    "Simulation",
    "WorkedExample",
    "World",
    "absent_example",
    "plain_power",
    "simulate",
    "worked_examples",
]
