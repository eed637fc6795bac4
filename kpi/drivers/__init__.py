"""Why a metric moved: mix against performance by a dimension, and a scan over many segments."""

from kpi.drivers.dimensions import Ranked, dimensions, rank
from kpi.drivers.explaining import explain, split_of
from kpi.drivers.nouns import Drivers, Finding, Part, Presence, Scan, Segment, Split
from kpi.drivers.scanning import scan
from kpi.drivers.steps import Step, steps

__all__ = [
    "Drivers",
    "Finding",
    "Part",
    "Presence",
    "Ranked",
    "Scan",
    "Segment",
    "Split",
    "Step",
    "dimensions",
    "explain",
    "rank",
    "scan",
    "split_of",
    "steps",
]
