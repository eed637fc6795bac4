"""Successful resolutions: what went well, what lasted, what came before it, and what is worth repeating."""

from kpi.issues import ISSUE
from kpi.resolutions.counting import Ending, Escalations, Report, escalations, report
from kpi.resolutions.following import RATE, RATING, TIME, fields_of
from kpi.resolutions.lasting import Drop, Lasting, Weeks, lasting, weeks
from kpi.resolutions.preceding import SHORTLY, TAGS, New, Preceded, drop_period, preceded
from kpi.resolutions.preparing import ESCALATED, Kept, Quick, outcome, prepare
from kpi.resolutions.quoting import Praise, Quote, praise
from kpi.resolutions.responding import RESPONDER, responder_header
from kpi.resolutions.rows import (
    ALL,
    AMONG_OF_ENDING,
    CAME,
    GOOD,
    HAPPY,
    JUDGED,
    PART_OF_ENDING,
    PARTS,
    QUICK,
    RATED,
    TIMED,
    WITHOUT,
    contact,
    parts,
    rows,
    tag_names,
)
from kpi.resolutions.sharing import AGENT, PERSONS, Shared, Value, columns_of, renamed, shared
from kpi.resolutions.stepping import Size
from kpi.resolutions.unmatched import without_counterpart

__all__ = [
    "AGENT",
    "ALL",
    "AMONG_OF_ENDING",
    "CAME",
    "ESCALATED",
    "GOOD",
    "HAPPY",
    "ISSUE",
    "JUDGED",
    "PARTS",
    "PART_OF_ENDING",
    "PERSONS",
    "QUICK",
    "RATE",
    "RATED",
    "RATING",
    "RESPONDER",
    "SHORTLY",
    "TAGS",
    "TIME",
    "TIMED",
    "WITHOUT",
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
    "Weeks",
    "columns_of",
    "contact",
    "drop_period",
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
    "responder_header",
    "rows",
    "shared",
    "tag_names",
    "weeks",
    "without_counterpart",
]
