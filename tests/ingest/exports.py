"""Small exports in the layouts that help desks write; people, texts and numbers are made up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

ZENDESK_HEADER = """Summation column;Id;Requester;Requester id;Requester external id;Requester email
Requester domain;Submitter;Assignee;Group;Subject;Tags;Status;Priority;Via;Ticket type;Created at;Updated at
Assigned at;Organization;Due date;Initially assigned at;Solved at;Resolution time;Satisfaction Score
Group stations;Assignee stations;Reopens;Replies;First reply time in minutes
First reply time in minutes within business hours;First resolution time in minutes
First resolution time in minutes within business hours;Full resolution time in minutes
Full resolution time in minutes within business hours;Agent wait time in minutes
Agent wait time in minutes within business hours;Requester wait time in minutes
Requester wait time in minutes within business hours;On hold time in minutes
On hold time in minutes within business hours""".replace("\n", ";").split(";")
"""Column titles of the documented ticket export."""

FRESHDESK_HEADER = """Ticket ID;Subject;Status;Priority;Source;Type;Agent;Group;Created time;Due by Time
Resolved time;Closed time;Last update time;Initial response time;Time tracked;First response time (in hrs)
Resolution time (in hrs);Agent interactions;Customer interactions;Resolution status;First response status
Tags;Survey results;Product""".replace("\n", ";").split(";")
"""Column titles of the documented ticket export."""


def write(
    header: Sequence[str], rows: Iterable[Mapping[str, str]], *, delimiter: str = ",", encoding: str = "utf-8"
) -> bytes:
    """A CSV file; a row names only the cells that it fills."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def lines(*rows: str, encoding: str = "utf-8") -> bytes:
    """A file written out line by line."""
    return ("\n".join(rows) + "\n").encode(encoding)
