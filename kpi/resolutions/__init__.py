"""Successful resolutions: what went well, what lasted, what came before it, and what is worth repeating."""

from kpi.resolutions.counting import Ending, Escalations, Report, escalations, report
from kpi.resolutions.lasting import RATE, RATING, TIME, Drop, Lasting, Size, fields_of, lasting
from kpi.resolutions.preceding import SHORTLY, New, Preceded, preceded
from kpi.resolutions.preparing import ESCALATED, Kept, Quick, outcome, prepare
from kpi.resolutions.quoting import Praise, Quote, praise
from kpi.resolutions.rows import ALL, CAME, GOOD, PARTS, parts, rows
from kpi.resolutions.sharing import AGENT, Shared, Value, renamed, shared

__all__ = [
    "AGENT",
    "ALL",
    "CAME",
    "ESCALATED",
    "GOOD",
    "PARTS",
    "RATE",
    "RATING",
    "SHORTLY",
    "TIME",
    "Drop",
    "Ending",
    "Escalations",
    "Kept",
    "Lasting",
    "New",
    "Praise",
    "Preceded",
    "Quick",
    "Quote",
    "Report",
    "Shared",
    "Size",
    "Value",
    "escalations",
    "fields_of",
    "lasting",
    "outcome",
    "parts",
    "praise",
    "preceded",
    "prepare",
    "renamed",
    "report",
    "rows",
    "shared",
]
