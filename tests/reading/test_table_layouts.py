"""Preambles, footers, headers in odd places, label rows, delimiters, line ends."""

from __future__ import annotations

import pytest

from kpi.ingest.reading import RawTable, Refused, read_tables, rejected_records


def read_text(text: str, encoding: str = "utf-8") -> RawTable:
    (table,) = read_tables("t.csv", text.encode(encoding))
    assert table.rows_read == len(table.cells) + len(rejected_records(table))
    return table


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, end: str) -> None:
    records = [["ID", "Text", "Amount"], ["1", f'"a{delimiter} ""b""{end}c"', "1.5"], ["2", "x", ""]]
    table = read_text(end.join(delimiter.join(record) for record in records) + end)
    assert table.facts.delimiter == delimiter
    assert table.cells.to_numpy().tolist() == [["1", f'a{delimiter} "b"{end}c', "1.5"], ["2", "x", ""]]


def test_decimal_commas_do_not_win_against_semicolons() -> None:
    table = read_text("ID;Cost;Time\n" + "".join(f"{n};{n},50;1,5\n" for n in range(1, 9)))
    assert table.facts.delimiter == ";"
    assert table.cells["Cost"][0] == "1,50"


def test_many_tags_in_a_cell_do_not_win_against_the_columns() -> None:
    tags = "chat;vip;refund;german;macro"
    table = read_text("Id,Tags,Created at\n" + "".join(f"{n},{tags},2026-01-0{n}\n" for n in range(1, 9)))
    assert table.facts.delimiter == ","
    assert table.headers == ("Id", "Tags", "Created at")
    assert set(table.cells["Tags"]) == {tags}


def test_declared_delimiter() -> None:
    table = read_text("sep=;\nID;Name, first\n1;Ana, B\n2;Eva, C\n")
    assert (table.facts.delimiter, table.facts.header_row) == (";", 2)
    assert table.headers == ("ID", "Name, first")


def test_preamble_and_footer_are_listed_and_not_counted() -> None:
    text = (
        "Report: Tickets\n\nPeriod: 2026-01-01 to 2026-01-31\n"
        "Case Number,Status,Opened,Owner\n"
        "00074659,New,1/2/2026,Ana\n00074660,Closed,1/3/2026,Eva\n00074661,New,1/4/2026,Ana\n"
        "\nGrand Totals (3 records)\nConfidential Information - Do Not Distribute\n"
        "Copyright (c) 2000-2026 example.com\n"
    )
    table = read_text(text)
    assert table.facts.header_row == 4
    assert table.facts.preamble == ("Report: Tickets", "Period: 2026-01-01 to 2026-01-31")
    assert table.facts.footer[0] == "Grand Totals (3 records)"
    assert len(table.facts.footer) == 3
    assert table.rows_read == 3
    outside = [(reject.reason, reject.record) for reject in table.rejects]
    assert outside == [
        ("R_PREAMBLE", 1),
        ("R_PREAMBLE", 3),
        ("R_FOOTER", 9),
        ("R_FOOTER", 10),
        ("R_FOOTER", 11),
    ]


def test_a_totals_row_of_the_same_width_is_left_to_the_import() -> None:
    table = read_text("Team;Nr;Cost\nNord;1;2,5\nSüd;2;3,5\nSumme;;6,0\n")
    assert table.cells["Team"].tolist() == ["Nord", "Süd", "Summe"]


def test_key_value_preamble_above_a_wide_table() -> None:
    header = ",".join(f"Field {letter}" for letter in "ABCDEFGH")
    table = read_text(
        "Report,Tickets\nFrom,2026-01-01\nTo,2026-01-31\n\n" + header + "\n" + "1,2,3,4,5,6,7,x\n" * 3
    )
    assert table.facts.header_row == 5
    assert table.facts.preamble == ("Report Tickets", "From 2026-01-01", "To 2026-01-31")
    assert len(table.cells) == 3


def test_blank_records_are_counted_inside_and_not_below() -> None:
    table = read_text("ID,Name\n1,a\n\n,\n2,b\n,\n\n")
    assert [(reject.reason, reject.record) for reject in table.rejects] == [("R_BLANK", 2), ("R_BLANK", 3)]
    assert table.records.tolist() == [1, 4]
    (finding,) = table.findings
    assert (finding.code, finding.count) == ("C_BLANK_TAIL", 2)


def test_repeated_headers_of_joined_files_are_subheaders() -> None:
    table = read_text("ID,Name,Score\n1,a,5\nID,Name,Score\n2,b,4\n")
    assert [(reject.reason, reject.record) for reject in table.rejects] == [("R_SUBHEADER", 2)]
    assert table.cells["ID"].tolist() == ["1", "2"]


def test_three_header_lines_of_a_survey() -> None:
    """Ids, question texts, import ids with the zone: the layout of Qualtrics exports."""
    text = (
        "StartDate,ResponseId,Finished,Q1,Q2_NPS\n"
        'Start Date,Response ID,Finished,"How was it?\nPlease rate",How likely\n'
        '"{""ImportId"":""startDate"",""timeZone"":""America/Denver""}","{""ImportId"":""_recordId""}",'
        '"{""ImportId"":""finished""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"\n'
        "2026-01-05 09:00:00,R_1,1,5,9\n2026-01-06 09:00:00,R_2,1,4,10\n2026-01-07 09:00:00,R_3,0,,\n"
    )
    table = read_text(text)
    assert [(reject.reason, reject.record) for reject in table.rejects] == [
        ("R_SUBHEADER", 1),
        ("R_SUBHEADER", 2),
    ]
    assert "America/Denver" in table.facts.subheaders[1][0]
    assert table.records.tolist() == [3, 4, 5]


def test_second_line_of_answer_options() -> None:
    """Empty header cells and "Response" below: the layout of SurveyMonkey exports."""
    text = (
        "Respondent ID,Start Date,How satisfied?,,Why?\n"
        ",,Response,Other (please specify),Open-Ended Response\n"
        "11223344556,01/05/2026 09:00:00 AM,5,,good\n11223344557,01/06/2026 09:00:00 AM,4,7,ok\n"
        "11223344558,01/07/2026 09:00:00 AM,3,8,meh\n"
    )
    table = read_text(text)
    assert table.facts.subheaders == (("", "", "Response", "Other (please specify)", "Open-Ended Response"),)
    assert table.headers == ("Respondent ID", "Start Date", "How satisfied?", "column 4", "Why?")
    assert len(table.cells) == 3


def test_a_first_record_of_placeholders_is_data() -> None:
    table = read_text("ID,Score,Minutes\nT-1,n/a,-\nT-2,5,10\nT-3,4,12\n")
    assert len(table.cells) == 3


def test_event_log_without_header() -> None:
    text = (
        "1762160400|NONE|NONE|NONE|QUEUESTART|\n1762160460|1.10|sales|NONE|ENTERQUEUE||+49|1\n" * 5
        + "no pipes here\n"
    )
    table = read_text(text)
    assert table.facts.header_row == 0
    assert table.headers[:2] == ("column 1", "column 2")
    assert [(reject.reason, reject.record) for reject in table.rejects] == [("R_COLCOUNT", 11)]
    assert "C_NO_HEADER" in [finding.code for finding in table.findings]
    assert len(table.cells) == 10


def test_row_numbers_without_a_name() -> None:
    table = read_text("Ticket,Score\n1,T-9,5\n2,T-8,4\n3,T-7,3\n")
    assert table.headers == ("column 1", "Ticket", "Score")
    assert table.cells["Score"].tolist() == ["5", "4", "3"]


def test_records_wider_than_the_header_are_never_shifted() -> None:
    with pytest.raises(Refused, match="3 cells, the header has 2"):
        read_text("Ticket,Score\nT-9,Ana,5\nT-8,Eva,4\nT-7,Bob,3\n")


def test_trailing_delimiters_are_no_columns() -> None:
    table = read_text("ID,Name,,\n1,a,,\n2,b,,\n")
    assert table.headers == ("ID", "Name")
    table = read_text("ID,Name\n1,a,\n2,b,,\n3,c\n")
    assert table.cells["Name"].tolist() == ["a", "b", "c"]
    assert table.rejects == ()


def test_a_list_of_scores_is_a_table_of_one_column() -> None:
    table = read_text("How likely?\n9\n10\n0\n")
    assert table.headers == ("How likely?",)
    assert table.cells["How likely?"].tolist() == ["9", "10", "0"]


def test_names_of_months_as_header_over_numbers() -> None:
    table = read_text("Team,2026-01,2026-02\nNord,5,6\nSüd,7,8\n")
    assert table.headers == ("Team", "2026-01", "2026-02")


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp1250", "cp1251", "cp932"],
)
def test_encodings(encoding: str) -> None:
    note = {
        "cp1250": "Proszę o pomoc, źle działa; już próbowałem trzy razy – Łódź",
        "cp1251": "Пожалуйста, помогите мне с паролем",
        "cp932": "パスワードを忘れました。ありがとうございます",
    }.get(encoding, "Grüße aus Köln, où ça? – 5 €")
    table = read_text("ID\tNote\n" + "".join(f"{n}\t{note}\n" for n in range(1, 6)), encoding)
    assert table.cells["Note"].tolist() == [note] * 5
    assert table.facts.bom is (encoding in ("utf-8-sig", "utf-16"))
    guessed = encoding in ("cp1250", "cp1251", "cp932")
    assert ("C_ENCODING_GUESSED" in [finding.code for finding in table.findings]) is guessed


def test_few_capitals_with_accents_stay_western() -> None:
    assert read_text("ID;Name\n1;ÀÉÈ\n2;MÜLLER\n3;ÖZGÜR\n", "cp1252").facts.encoding == "cp1252"


def test_two_encodings_in_one_file() -> None:
    from hostile_files import mixed_encodings

    (table,) = read_tables("m.csv", mixed_encodings())
    assert table.facts.encoding == "utf-8"
    assert set(table.cells["Team"]) == {"Süd"}
    (finding,) = table.findings
    assert (finding.code, finding.count) == ("C_ENCODING_MIXED", 2)
    assert [(record, done) for record, _, done in finding.examples] == [
        (10, "read as cp1252"),
        (20, "read as cp1252"),
    ]
