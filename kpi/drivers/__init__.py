"""Why a metric moved: mix against performance by a dimension, and a scan over many segments."""

from kpi.drivers.explaining import explain, split_of
from kpi.drivers.nouns import Drivers, Finding, Part, Presence, Scan, Segment, Split

__all__ = [
    "Drivers",
    "Finding",
    "Part",
    "Presence",
    "Scan",
    "Segment",
    "Split",
    "explain",
    "split_of",
]
