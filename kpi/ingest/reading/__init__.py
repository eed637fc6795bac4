"""Reading: bytes of a hostile file become raw tables of text, with an exact account of what was not kept."""

from kpi.ingest.reading.nouns import (
    OUTSIDE,
    FileFacts,
    Finding,
    Limits,
    Problem,
    RawTable,
    Refused,
    Reject,
    rejected_records,
)
from kpi.ingest.reading.read import read_tables

__all__ = [
    "OUTSIDE",
    "FileFacts",
    "Finding",
    "Limits",
    "Problem",
    "RawTable",
    "Refused",
    "Reject",
    "read_tables",
    "rejected_records",
]
