"""Word maps of several languages, placeholders."""

from __future__ import annotations

import pandas as pd
import pytest

from kpi.ingest.cells import is_placeholder, read_words, vocabulary


def column(*cells: str | None) -> pd.Series:
    return pd.Series(list(cells), dtype="str")


@pytest.mark.parametrize(
    ("words", "cells", "expected"),
    [
        ("STATUS", "Open|offen|En cours (Attribué)|abierto|aperto|aberto|geopend|otwarty", "open"),
        ("STATUS", "Solved|Erledigt |Résolu|resuelto|risolto|resolvido|opgelost|rozwiązany|Done", "solved"),
        ("STATUS", "closed|geschlossen|clos|cerrado|chiuso|fechado|gesloten|zamknięty", "closed"),
        ("STATUS", "Pending|Waiting on Customer|en attente|pendiente|Waiting on\u00a0contact", "pending"),
        ("PRIORITY", "Urgent|Critical|dringend|très haute|crítica|pilny|P1|1 - Critical", "urgent"),
        ("PRIORITY", "LOW|niedrig|basse|baja|bassa|baixa|laag|niski", "low"),
        ("CHANNEL", "E-Mail|email|correo|courriel|poczta|Outbound Email", "email"),
        ("CHANNEL", "Telefon|phone|téléphone|teléfono|telefoon|Call-Center|Voicemail", "phone"),
        ("BOOL", "Y|yes|ja|oui|sí|sì|sim|tak|TRUE|1", True),
        ("BOOL", "N|no|nein|non|não|nee|nie|FALSE|0", False),
        ("SLA", "Within SLA|met|Hit", True),
        ("SLA", "SLA Violated|breached|Missed", False),
        ("CSAT", "Good|gut|satisfait|rated good|Good, I'm satisfied|👍", "positive"),
    ],
)
def test_words(words: str, cells: str, expected: object) -> None:
    values, unknown = read_words(column(*cells.split("|")), getattr(vocabulary, words))
    assert unknown == {}
    assert set(values) == {expected}


def test_unknown_words_are_counted_as_first_written() -> None:
    values, unknown = read_words(column("Limbo", "limbo ", "Open", "-", "", None, "Void"), vocabulary.STATUS)
    assert values.tolist() == [None, None, "open", None, None, None, None]
    assert unknown == {"Limbo": 2, "Void": 1}


@pytest.mark.parametrize("cell", ["Above SLA", "Below SLA"])
def test_above_and_below_are_asked(cell: str) -> None:
    assert read_words(column(cell), vocabulary.SLA)[1] == {cell: 1}


@pytest.mark.parametrize("cell", ["major", "1", "3"])
def test_priorities_whose_order_depends_on_the_source_are_left_open(cell: str) -> None:
    assert read_words(column(cell), vocabulary.PRIORITY)[1] == {cell: 1}


def test_every_key_is_folded() -> None:
    for name in ("STATUS", "PRIORITY", "CHANNEL", "DIRECTION", "BOOL", "SLA", "CSAT", "NOT_ANSWERED"):
        for key in getattr(vocabulary, name):
            assert key == vocabulary.fold(key), f"{key!r} of {name} is never found"
    for key in vocabulary.PLACEHOLDERS | vocabulary.AGENT_PLACEHOLDERS:
        assert key == vocabulary.fold(key)


def test_values_are_those_of_the_schema() -> None:
    assert set(vocabulary.STATUS.values()) == {
        "new",
        "open",
        "pending",
        "on_hold",
        "solved",
        "closed",
        "cancelled",
        "merged",
        "spam",
        "deleted",
    }
    assert set(vocabulary.PRIORITY.values()) == {"low", "normal", "high", "urgent"}
    assert set(vocabulary.CHANNEL.values()) == {
        "email",
        "web_form",
        "portal",
        "phone",
        "chat",
        "messaging",
        "social",
        "sms",
        "api",
        "in_person",
        "bot",
        "internal",
        "other",
    }


def test_placeholders() -> None:
    nothing = [
        "-",
        "--",
        "?",
        "n/a",
        "N/A",
        "null",
        "None",
        "not rated",
        "[None]",
        "(blank)",
        "nan",
        "NaT",
        "keine Angabe",
        " ",
        "",
    ]
    assert is_placeholder(column(*nothing, None)).all()
    nobody = column("No Agent", "unassigned", "[No associated user]", "Nicht zugewiesen")
    assert is_placeholder(nobody, agents=True).all()
    assert not is_placeholder(column("0", "no", "Nona", "unassigned")).any()
