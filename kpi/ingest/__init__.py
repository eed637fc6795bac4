"""Import: exports of help desks, telephony and surveys → canonical tables, an exact account of each file."""

from kpi.ingest.imports import import_files
from kpi.ingest.nouns import Account, Import, Question, Tables
from kpi.ingest.reading import Finding, Limits, Problem, Refused, Reject

__all__ = [
    "Account",
    "Finding",
    "Import",
    "Limits",
    "Problem",
    "Question",
    "Refused",
    "Reject",
    "Tables",
    "import_files",
]
