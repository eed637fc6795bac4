"""Word maps that only whole tables need: call outcomes, sentiments, sides of an SLA, totals, nobody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_BLANKS = re.compile(r"\s+")


def folded(text: str) -> str:
    """Text made ready for look-up: outer blanks off, inner blanks single, case folded.

    >>> folded("  Web  Form ")
    'web form'
    """
    return _BLANKS.sub(" ", text.strip()).casefold()


OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "y",
                "yes",
                "true",
                "1",
                "answered",
                "handled",
                "completed",
                "connected",
                "ja",
                "oui",
                "sí",
                "si",
                "angenommen",
                "beantwortet",
                "answer",
                "accepted",
                "picked up",
            ),
            "answered",
        ),
        **dict.fromkeys(
            (
                "n",
                "no",
                "false",
                "0",
                "abandoned",
                "unanswered",
                "not answered",
                "nein",
                "non",
                "abandon",
                "hung up",
                "aufgelegt",
                "nicht angenommen",
                "nicht beantwortet",
                "abandonnée",
                "abandonada",
                "perdue",
                "lost",
            ),
            "abandoned",
        ),
        **dict.fromkeys(("missed", "verpasst", "manqué", "perdida"), "missed"),
        **dict.fromkeys(("voicemail", "voice mail", "mailbox"), "voicemail"),
        **dict.fromkeys(("timeout", "timed out"), "timeout"),
        **dict.fromkeys(("transferred", "redirected", "forwarded"), "transferred_out"),
        **dict.fromkeys(("no answer", "noanswer"), "no_answer"),
        "busy": "busy",
        "failed": "failed",
    }
)

DIRECTIONS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("inbound", "incoming", "in", "eingehend", "entrant", "entrante"), "inbound"),
        **dict.fromkeys(("outbound", "outgoing", "out", "ausgehend", "sortant", "saliente"), "outbound"),
        **dict.fromkeys(("internal", "intern", "interne", "interno"), "internal"),
    }
)

SENTIMENTS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("positive", "very positive", "pos", "positiv", "sehr positiv", "positif", "positivo"), "positive"
        ),
        **dict.fromkeys(("neutral", "mixed", "neutre", "neutro"), "neutral"),
        **dict.fromkeys(
            ("negative", "very negative", "neg", "negativ", "sehr negativ", "négatif", "negativo"), "negative"
        ),
    }
)

SURVEY_TYPES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("csat", "satisfaction", "csat3", "five_stars", "thumbs", "smileys"), "csat"),
        "nps": "nps",
        **dict.fromkeys(("ces", "ces7", "effort"), "ces"),
    }
)

SLA_SIDES: frozenset[str] = frozenset({"below sla", "above sla", "below", "above", "under sla", "over sla"})
"""SLA words that do not say which side is good."""

STATUSES_TOO: Mapping[str, str] = MappingProxyType({"logged": "new", "raised": "new", "reported": "new"})
"""Status words beside the general vocabulary."""

TOTALS: frozenset[str] = frozenset(
    {
        "total",
        "totals",
        "grand total",
        "sum",
        "subtotal",
        "average",
        "avg",
        "mean",
        "summe",
        "gesamt",
        "gesamtsumme",
        "insgesamt",
        "zwischensumme",
        "durchschnitt",
        "totaux",
        "total général",
        "somme",
        "moyenne",
        "suma",
        "total general",
        "promedio",
        "totale",
        "media",
        "totaal",
    }
)

NOBODY: frozenset[str] = frozenset(
    {
        "no agent",
        "unassigned",
        "not assigned",
        "nobody",
        "none",
        "[no associated user]",
        "awaiting resource",
        "customer",
        "closed",
        "nicht zugewiesen",
        "niemand",
        "non assigné",
        "sin asignar",
        "non assegnato",
        "n/a",
        "-",
    }
)
"""Cells of an agent column that name no agent."""

BOTS = re.compile(
    r"\b(?:bot|chatbot|voicebot|automation|auto[- ]?responder|virtual (?:agent|assistant)|system)\b",
    re.IGNORECASE,
)
TEST_ROWS: frozenset[str] = frozenset({"survey preview", "preview", "test"})
"""Kinds of a survey answer that are trials, not answers."""

MONTHS: Mapping[str, int] = MappingProxyType(
    {
        name: number
        for names, number in (
            ("jan january januar jänner janvier enero gennaio", 1),
            ("feb february februar février fevr febrero febbraio", 2),
            ("mar march mär märz mars marzo", 3),
            ("apr april avr avril abr abril aprile", 4),
            ("may mai mayo maggio", 5),
            ("jun june juni juin junio giugno", 6),
            ("jul july juli juil juillet julio luglio", 7),
            ("aug august août ago agosto", 8),
            ("sep sept september septembre septiembre settembre", 9),
            ("oct october okt oktober octobre octubre ottobre", 10),
            ("nov november novembre noviembre", 11),
            ("dec december dez dezember déc décembre dic diciembre dicembre", 12),
        )
        for name in names.split()
    }
)

WEEKDAYS: Mapping[str, int] = MappingProxyType(
    {
        name: number
        for names, number in (
            ("mon monday mo montag lundi lun lunes lunedì", 0),
            ("tue tues tuesday di dienstag mardi martes martedì", 1),
            ("wed wednesday mi mittwoch mercredi mer miércoles mercoledì", 2),
            ("thu thur thurs thursday do donnerstag jeudi jueves giovedì", 3),
            ("fri friday fr freitag vendredi ven viernes venerdì", 4),
            ("sat saturday sa samstag samedi sam sábado sabato", 5),
            ("sun sunday so sonntag dimanche dim domingo domenica", 6),
        )
        for name in names.split()
    }
)
