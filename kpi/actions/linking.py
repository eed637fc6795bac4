"""An action begun from a finding: its words, metric and segment as parameters of an address, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from kpi.model import Filter

FINDING, METRIC, WHERE, REFERENCE = "finding", "metric", "where", "reference"
LONGEST = 2_000
MOST_VALUES = 50
MOST_FIELDS = 20


@dataclass(frozen=True)
class Draft:
    """What a link says of an action that is not written yet."""

    finding: str = ""
    metric: str = ""
    where: tuple[Filter, ...] = ()
    reference: str = ""

    @property
    def empty(self) -> bool:
        """Whether it says nothing."""
        return self == Draft()


def where_text(where: tuple[Filter, ...]) -> str:
    """Filters as one parameter of an address.

    >>> where_text((Filter("channel", ("chat", "e-mail")), Filter("team", ("A: B",))))
    'channel:chat|e-mail;team:A%3A%20B'
    """
    return ";".join(
        f"{quote(each.field, safe='')}:{'|'.join(quote(value, safe='') for value in each.values)}"
        for each in where
    )


def where_from(text: str) -> tuple[Filter, ...]:
    """The filters again; what cannot be read is left out.

    >>> where_from("channel:chat|e-mail;team:A%3A%20B;;x;:y")
    (Filter(field='channel', values=('chat', 'e-mail')), Filter(field='team', values=('A: B',)))
    """
    found: dict[str, tuple[str, ...]] = {}
    for part in text[:LONGEST].split(";")[:MOST_FIELDS]:
        field, colon, values = part.partition(":")
        kept = tuple(unquote(value) for value in values.split("|")[:MOST_VALUES] if value)
        if colon and field and kept:
            found[unquote(field)] = kept
    return tuple(Filter(field, values) for field, values in found.items())


def parameters(
    finding: str, metric: str = "", where: tuple[Filter, ...] = (), reference: str = ""
) -> dict[str, str]:
    """Parameters of a link to the Actions page that begins an action from a finding.

    >>> parameters("Chat CSAT fell", "csat", (Filter("channel", ("chat",)),))
    {'finding': 'Chat CSAT fell', 'metric': 'csat', 'where': 'channel:chat'}
    """
    said = {
        FINDING: finding[:LONGEST],
        METRIC: metric,
        WHERE: where_text(where),
        REFERENCE: reference[:LONGEST],
    }
    return {name: value for name, value in said.items() if value}


def draft(given: Mapping[str, str]) -> Draft:
    """What the parameters of an address say.

    >>> draft({"finding": "Chat CSAT fell", "where": "channel:chat"}).where
    (Filter(field='channel', values=('chat',)),)
    """
    text = {name: " ".join(given.get(name, "")[:LONGEST].split()) for name in (FINDING, METRIC, REFERENCE)}
    return Draft(text[FINDING], text[METRIC], where_from(given.get(WHERE, "")), text[REFERENCE])
