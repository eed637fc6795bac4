"""Masked exports hold nobody's name, e-mail or number, and can still be joined."""

from __future__ import annotations

import re

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.export import PERSONAL_COLUMNS, mask, pseudonym, write_csv, write_parquet

KEY = b"k" * 32

TICKETS = pd.DataFrame(
    {
        "ticket_id": ["1", "2", "3"],
        "agent_name": ["Marta Kowal", "Weber, Jonas", None],
        "agent_names_all": [["Marta Kowal", "Jonas Weber"], [], None],
        "requester_id": pd.array([77000001218, 5, None], dtype="Int64"),
        "requester_email": ["ana@example.org", "ANA@example.org ", ""],
        "subject": ["Refund for order #20931", "", None],
        "channel": ["email", "phone", "chat"],
        "group": ["Tier 1", "Tier 2", "Tier 1"],
        "full_resolution_cal_s": [60.0, None, 120.0],
        "custom:Handled with": ["Jonas Weber", "nobody", "asked Marta Kowal yesterday"],
        "custom:Reference": ["see bob@example.com", "+49 151 1234567", "2026-01-05"],
        "custom:Phone": [4915112345678, 4915112345678, 1],
        "custom:Remarks": ["rude", "", "fine"],
        "tags": [["vip", "bob@example.com"], ["login"], None],
    }
)


def test_what_stands_for_personal_data() -> None:
    masked = mask(TICKETS, key=KEY)
    assert masked.columns.tolist() == TICKETS.columns.tolist()
    assert masked["subject"].tolist() == ["[text, 23 characters]", "", None]
    assert masked["agent_name"][0] == pseudonym("Marta Kowal", "Agent", KEY)
    assert masked["agent_names_all"][0][0] == masked["agent_name"][0]
    assert re.fullmatch(r"Customer [0-9a-f]{12}", masked["requester_id"][0])
    assert masked["custom:Handled with"][0] == pseudonym("Jonas Weber", "Agent", KEY)
    assert masked["custom:Handled with"].tolist()[1:] == ["nobody", "[text, 27 characters]"]
    assert masked["custom:Reference"][0] == "[text, 19 characters]"
    assert masked["custom:Reference"][1].startswith("Number ")
    assert masked["custom:Reference"][2] == "2026-01-05"
    assert masked["custom:Phone"][0] == masked["custom:Phone"][1] != masked["custom:Phone"][2]
    assert masked["custom:Remarks"].tolist() == ["[text, 4 characters]", "", "[text, 4 characters]"]
    assert masked["tags"][0][0] == "vip"
    assert masked["tags"][0][1].startswith("Customer ")


def test_what_is_nobodys_stays() -> None:
    masked = mask(TICKETS, key=KEY)
    for column in ("ticket_id", "channel", "group", "full_resolution_cal_s"):
        pd.testing.assert_series_equal(masked[column], TICKETS[column], check_dtype=False)
    assert TICKETS["subject"][0] == "Refund for order #20931", "the frame given is untouched"


def test_joins_work_inside_one_export_and_not_between_two() -> None:
    """Case and blanks aside, one person has one name under one key; a new key gives a new name."""
    masked = mask(TICKETS, key=KEY)
    surveys = mask(pd.DataFrame({"requester_email": ["ana@EXAMPLE.org"], "score": [5]}), key=KEY)
    assert masked["requester_email"][0] == masked["requester_email"][1] == surveys["requester_email"][0]
    assert mask(TICKETS)["agent_name"][0] != mask(TICKETS)["agent_name"][0]


def test_an_index_of_names_and_headers_with_addresses_are_masked() -> None:
    by_agent = pd.DataFrame({"agent_name": ["Ana Silva"], "note from bob@example.com": [3]}).set_index(
        "agent_name"
    )
    masked = mask(by_agent, key=KEY)
    assert masked.columns.tolist() == ["agent_name", "note from [e-mail]"]
    assert masked["agent_name"][0].startswith("Agent ")


def test_names_of_tables_other_than_persons_stay() -> None:
    metrics = pd.DataFrame({"name": ["CSAT"], "value": [0.8]})
    pd.testing.assert_frame_equal(mask(metrics, key=KEY), metrics, check_dtype=False)
    agents = mask(
        pd.DataFrame({"agent_id": ["a@b.example"], "name": ["Ana Silva"], "email": ["a@b.example"]}), key=KEY
    )
    assert agents["name"][0].startswith("Agent ")
    assert agents["email"][0] == agents["agent_id"][0]


def test_every_personal_column_of_the_schema_is_listed() -> None:
    for column in (
        "requester_id", "requester_name", "requester_email", "agent_name", "agent_email", "agent_names_all",
        "subject", "description", "comment", "csat_comment", "from_number", "to_number", "recording_url",
        "organization",
    ):  # fmt: skip
        assert column in PERSONAL_COLUMNS


FIRST = st.sampled_from(["Ana", "José", "Zoë", "Łukasz", "Jean-Luc", "O'Neil", "Nguyễn"])
LAST = st.sampled_from(["Silva", "Ångström", "de la Cruz", "Müller-Lüdenscheidt", "Šimek"])
NAME = st.builds("{} {}".format, FIRST, LAST) | st.builds("{1}, {0}".format, FIRST, LAST)
EMAIL = st.from_regex(r"[a-z]{1,8}[.+_-]?[a-z0-9]{1,6}@[a-z]{2,9}\.(com|example|co\.uk)", fullmatch=True)
AROUND = st.sampled_from(["", "see ", "call me: ", "(", "<", "Re: ", "x;", '"', "\n"])
AFTER = st.sampled_from(["", " please", ")", ">", ", thanks", ".", '"', "\n"])


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_no_masked_export_holds_a_name_or_address_of_its_input(data: st.DataObject) -> None:
    names = data.draw(st.lists(NAME, min_size=1, max_size=5))
    emails = data.draw(st.lists(EMAIL, min_size=len(names), max_size=len(names)))
    texts = [
        data.draw(AROUND) + data.draw(st.sampled_from([*names, *emails])) + data.draw(AFTER) for _ in names
    ]
    frame = pd.DataFrame(
        {
            "ticket_id": range(len(names)), "requester_name": names, "requester_email": emails,
            "agent_name": names[::-1], "agent_names_all": [[name, names[0]] for name in names],
            "comment": texts, "custom:Anything": texts, "category": texts, "custom:Copy": names[::-1],
        }
    )  # fmt: skip
    written = write_csv(mask(frame)).decode("utf-8-sig").casefold()
    stored = write_parquet(mask(frame))
    for private in (*names, *emails):
        assert private.casefold() not in written
        assert private.encode() not in stored


def test_columns_named_as_they_are_shown_are_masked_too() -> None:
    shown = pd.DataFrame({"Agent": ["Ines Duarte", "(none)"], "Same rows as": ["agent Ines Duarte", ""]})
    masked = mask(shown, {"Agent": "Agent", "Same rows as": "Agent"})
    assert "Ines" not in masked.to_string()
