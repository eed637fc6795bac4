"""Hostile and damaged files, made by code; each function gives the bytes of one file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

import openpyxl

HEADER = "Ticket ID,Status,Created at,CSAT"
GOOD = ["1,open,2026-01-05 09:00,5", "2,closed,2026-01-05 10:00,4", "3,open,2026-01-06 09:00,"]


def lines(*records: str, end: str = "\r\n", header: str = HEADER) -> bytes:
    """A small sound file with these records."""
    return (end.join([header, *records]) + end).encode()


def sound() -> bytes:
    """Three good records."""
    return lines(*GOOD)


def ragged() -> bytes:
    """A surplus cell in record 2, a missing one inside record 4, an empty last one left out in record 5."""
    return lines(
        GOOD[0],
        "2,closed,2026-01-05 10:00,4,what",
        GOOD[2],
        "4,2026-01-06 10:00,3",
        "5,open,2026-01-06 11:00",
        "6,open,2026-01-07 11:00,2",
    )


def stray_quote() -> bytes:
    """Record 2 opens a quote that is never closed; record 4 has sound quotes."""
    return lines(
        GOOD[0],
        '2,"closed,2026-01-05 10:00,4',
        GOOD[2],
        '4,"open",2026-01-06 10:00,3',
        "5,open,2026-01-07 11:00,2",
    )


def cut_inside_quotes() -> bytes:
    """The file ends inside the quotes of record 3."""
    return (
        lines(*GOOD[:2], header="Ticket ID,Status,Created at,Comment")
        + b'3,open,2026-01-06 09:00,"It does not wo'
    )


def cut_inside_record() -> bytes:
    """The file ends inside record 3, without quotes."""
    return lines(*GOOD[:2]) + b"3,open,2026-01"


def mixed_encodings(records: int = 300) -> bytes:
    """UTF-8 with two records (10 and 20) in Windows-1252."""
    out = [b"Ticket;Team;Note"]
    for number in range(1, records + 1):
        text = f"{number};Süd;Grüße {number}"
        out.append(text.encode("cp1252" if number in (10, 20) else "utf-8"))
    return b"\n".join(out) + b"\n"


def many_columns(count: int = 10_000) -> bytes:
    """A header and one record of ``count`` cells."""
    return (
        ",".join(f"c{n}" for n in range(count)) + "\n" + ",".join("1" for _ in range(count)) + "\n"
    ).encode()


def huge_cell(characters: int = 5_000_000) -> bytes:
    """A quoted cell of millions of characters in record 2."""
    return lines(GOOD[0], f'2,"{"x" * characters}",2026-01-05 10:00,4', GOOD[2])


def nul_bytes() -> bytes:
    """NUL characters inside a cell of record 2."""
    return lines(GOOD[0], "2,clo\x00sed\x00,2026-01-05 10:00,4", GOOD[2])


def invisible_headers() -> bytes:
    """Invisible characters, a line break, repeats and an empty name in the header."""
    header = '\ufeff\u200bTicket\u00a0ID,"Created\nat\u202e",Comment,,Comment,comment'
    return (header + "\n1,2026-01-05,a,b,c,d\n2,2026-01-06,e,f,g,h\n").encode("utf-8-sig")


def markup_in_names() -> bytes:
    """HTML, Markdown and right-to-left text in cells and headers."""
    return lines(
        "1,<script>alert(1)</script>,2026-01-05 09:00,5",
        "2,![x](http://x.example/a.png) **b**,2026-01-05 09:00,5",
        "3,\u202etxt.exe שלום,2026-01-05 09:00,5", header="Ticket ID,<b>Name</b>,Created at,CSAT",
    )  # fmt: skip


def formulas() -> bytes:
    """Cells that a spreadsheet would run."""
    return lines(
        "1,=1+1,2026-01-05 09:00,5",
        "2,\"=cmd|' /C calc'!A0\",2026-01-05 10:00,4",
        "3,@SUM(A1),2026-01-06 09:00,-3",
    )


def workbook(rows: Sequence[Sequence[object]], title: str = "Sheet") -> bytes:
    """A workbook of one sheet with these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return save(book)


def save(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def typed_workbook() -> bytes:
    """Title, header in row 3, real dates, durations over 24 hours, numbers, truth values, footer."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Tickets of January"])
    sheet.merge_cells("A1:G1")
    sheet.append([])
    sheet.append(["Ticket", "Created", "Day", "Resolution", "Clock", "Score", "Reopened"])
    sheet.append(
        [
            1,
            datetime(2026, 1, 5, 9, 0),
            date(2026, 1, 5),
            timedelta(hours=37, minutes=12, seconds=45),
            time(9, 5),
            4.0,
            True,
        ]
    )
    sheet.append(["0042", datetime(2026, 1, 6), date(2026, 1, 6), timedelta(minutes=5), 1.5, 3.25, False])
    sheet.append([3, None, None, None, None, None, None])
    sheet["D4"].number_format = "[h]:mm:ss"
    sheet["D5"].number_format = "[h]:mm:ss"
    sheet["E4"].number_format = sheet["E5"].number_format = "hh:mm:ss"
    sheet["B4"].number_format = sheet["B5"].number_format = "yyyy-mm-dd hh:mm"
    sheet["C4"].number_format = sheet["C5"].number_format = "dd.mm.yyyy"
    sheet.append([])
    sheet.append(["Timezone: Europe/Berlin"])
    return save(book)


def rewrite(data: bytes, part: str, change: Callable[[bytes], bytes], *, add: bool = False) -> bytes:
    """A workbook with one part of its archive changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            new.writestr(member.filename, change(content) if member.filename == part else content)
        if add:
            new.writestr(part, change(b""))
    return out.getvalue()


def zip_bomb(megabytes: int = 64) -> bytes:
    """A workbook with a part that unpacks to a thousand times its size."""
    return rewrite(
        workbook([["a", "b"], [1, 2]]),
        "xl/media/big.xml",
        lambda _: b"<x>" + b"0" * (megabytes << 20),
        add=True,
    )


def lying_zip(megabytes: int = 32) -> bytes:
    """A bomb whose directory declares a small size."""
    data = bytearray(zip_bomb(megabytes))
    real = (megabytes << 20) + 3
    at = 0
    while (at := data.find(real.to_bytes(4, "little"), at)) >= 0:
        data[at : at + 4] = (1000).to_bytes(4, "little")
        at += 4
    return bytes(data)


def entity_bomb() -> bytes:
    """Nested entities in the sheet, which would expand to billions of characters."""
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )

    def change(content: bytes) -> bytes:
        return f"<!DOCTYPE x [{entities}]>".encode() + content.replace(
            b"</sheetData>", b"</sheetData><x>&j;</x>"
        )

    return rewrite(workbook([["a", "b"], [1, 2]]), "xl/worksheets/sheet1.xml", change)


def wrong_dimension() -> bytes:
    """A sheet whose dimension tag says A1."""
    data = workbook([["Ticket", "Score", "Team"], [1, 5, "a"], [2, 4, "b"]])
    import re

    return rewrite(
        data,
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', xml),
    )


def password_workbook() -> bytes:
    """The container of an encrypted workbook: an OLE file with the stream EncryptedPackage."""
    names = b"".join(
        name.encode("utf-16-le").ljust(128, b"\0")
        for name in ("Root Entry", "EncryptionInfo", "EncryptedPackage")
    )
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + names + b"\x8f" * 4096


def old_workbook() -> bytes:
    """The container of an .xls file."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 504
        + "Workbook".encode("utf-16-le").ljust(128, b"\0")
        + b"\0" * 4096
    )


def deep_json(depth: int = 100_000) -> bytes:
    """Three objects; the second is nested deeper than any parser follows."""
    deep = '{"a":' * depth + "1" + "}" * depth
    return ('{"id": 1, "x": "a"}\n' + deep + '\n{"id": 3, "x": "c"}\n').encode()


def plain_zip() -> bytes:
    """A zip archive with a CSV file in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("tickets.csv", sound())
    return out.getvalue()


PROSE = (
    b"Dear all,\n\nplease find the numbers below.\nThey look good, better than ever, I think.\nBest\nAna\n"
)
PICKLE = b"\x80\x04\x95\x1f\x00\x00\x00\x00\x00\x00\x00\x8c\x08builtins\x94\x8c\x04exec\x94\x93\x94."

REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "empty": (lambda: b"", "F_EMPTY", "0 bytes"),
    "blank": (lambda: b"\r\n \r\n\r\n", "F_EMPTY", "7 bytes"),
    "byte order mark only": (lambda: b"\xef\xbb\xbf", "F_EMPTY", "3 bytes"),
    "header only": (lambda: b"Ticket ID,Status,Created at\r\n", "F_EMPTY", "no records below"),
    "workbook with a header only": (
        lambda: workbook([["ID", "Status", "Created"]]),
        "F_EMPTY",
        "no records below",
    ),
    "workbook of empty sheets": (lambda: save(openpyxl.Workbook()), "F_EMPTY", "is empty"),
    "prose": (lambda: PROSE, "F_NO_TABLE", "beginning 'Dear all'"),
    "one word": (lambda: b"hello", "F_NO_TABLE", "beginning 'hello'"),
    "one column of text": (
        lambda: b"Comment\nIt is fine\nNot good at all\nWhy me\n",
        "F_NO_TABLE",
        "4 with 1",
    ),
    "no record of the right width": (
        lambda: b"a,b,c,d\n1,2,3\n1,2,3\n",
        "F_NO_TABLE",
        "none of the 2 records",
    ),
    "pdf": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "F_TYPE", "PDF"),
    "png": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "F_TYPE", "PNG"),
    "gzip": (lambda: b"\x1f\x8b\x08\x00" + b"\x01" * 50, "F_TYPE", "gzip"),
    "program": (lambda: b"MZ\x90\x00\x03" + b"\0" * 200, "F_TYPE", "program"),
    "web page": (lambda: b"<!DOCTYPE html><html><table><tr><td>1</td></tr></table>", "F_TYPE", "web page"),
    "xml": (lambda: b"<?xml version='1.0'?><Workbook><Row/></Workbook>", "F_TYPE", "XML"),
    "web page in UTF-16": (lambda: "<html><table>".encode("utf-16"), "F_TYPE", "web page"),
    "pickle": (lambda: PICKLE, "F_TYPE", "control codes"),
    "password workbook": (password_workbook, "F_PASSWORD", "password"),
    "old workbook": (old_workbook, "F_TYPE", ".xls"),
    "zip of a CSV": (plain_zip, "F_TYPE", "Unpack it"),
    "cut-off workbook": (lambda: typed_workbook()[:3000], "F_TRUNCATED", "damaged or cut off"),
    "zip bomb": (zip_bomb, "F_TOO_LARGE", "times its size"),
    "zip bomb that lies": (lying_zip, "F_TRUNCATED", "damaged"),
    "entity bomb": (entity_bomb, "F_TYPE", "declares entities"),
    "10,000 columns": (many_columns, "F_TOO_LARGE", "10,000 columns"),
    "10,000 columns in a workbook": (
        lambda: workbook([range(10_000), range(10_000)]),
        "F_TOO_LARGE",
        "2,001 columns",
    ),
}
"""Files that give no table: the bytes, the code of the refusal, and words its message must hold."""
