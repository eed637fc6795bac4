"""What a file is, judged by its first bytes and never by its name."""

from __future__ import annotations

import re

from kpi.ingest.reading.nouns import Problem

WHAT_TO_DO = "Export the data again as CSV or XLSX and upload that."

_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a Linux program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound file"),
    (b"RIFF", "a sound or video file"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_MARKUP = re.compile(rb"\s*(?:<!doctype|<html|<head|<body|<table|<\?xml|<script|<svg)", re.IGNORECASE)
_CONTENT = re.compile(rb"[^ \t\r\n\x00\x1a\xef\xbb\xbf\xff\xfe]")
_CONTROL = bytes(set(range(32)) - {0, 9, 10, 12, 13, 26, 27})


def recognise_kind(data: bytes, name: str) -> str | Problem:
    """ "xlsx", "json" or "text", or the problem when the file is something that cannot be read.

    "text" may still turn out to hold no table; "json" may still turn out to be delimited text.

    >>> [recognise_kind(data, "a.csv") for data in (b"PK\\x03\\x04...", b"id;name", b'{"id": 1}')]
    ['xlsx', 'text', 'json']
    >>> recognise_kind(b"%PDF-1.7", "report.csv").message
    "'report.csv' is a PDF document. Export the data again as CSV or XLSX and upload that."
    """
    if not _CONTENT.search(data):
        return Problem(
            "F_EMPTY",
            f"'{name}' is empty ({len(data)} bytes). Check that the export has finished and has records.",
            name,
        )
    if data.startswith(_OLE):
        return _recognise_ole(data, name)
    if data.startswith(_ZIP):
        return "xlsx"
    for magic, what in _FOREIGN:
        if data.startswith(magic) and not _reads_as_text(magic, data):
            return Problem("F_TYPE", f"'{name}' is {what}. {WHAT_TO_DO}", name)
    start = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if _MARKUP.match(start.replace(b"\x00", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")):
        return Problem(
            "F_TYPE",
            f"'{name}' is a web page or XML (perhaps an .xls that is really HTML, or a sign-in page that was "
            f"saved instead of the export). {WHAT_TO_DO}",
            name,
        )
    sample = data[: 64 * 1024]
    if len(sample.translate(None, _CONTROL)) < 0.98 * len(sample):
        return Problem(
            "F_TYPE", f"'{name}' is not text and not a workbook: it holds control codes. {WHAT_TO_DO}", name
        )
    return "json" if start.lstrip()[:1] in (b"{", b"[") else "text"


def _reads_as_text(magic: bytes, data: bytes) -> bool:
    """Short magics of letters ("MZ", "ID3") also begin honest headers such as "ID3,Name"."""
    return magic.isalnum() and not data[:1024].translate(None, bytes(range(9, 256))) and b"\n" in data[:65536]


def _recognise_ole(data: bytes, name: str) -> Problem:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        return Problem(
            "F_PASSWORD",
            f"'{name}' is a workbook protected with a password. Open it, take the password off (File, Info, "
            "Protect Workbook), save it and upload it again.",
            name,
        )
    if holds("Workbook") or holds("Book"):
        return Problem(
            "F_TYPE",
            f"'{name}' is a workbook in the old .xls format. Save it as .xlsx or CSV and upload that.",
            name,
        )
    return Problem("F_TYPE", f"'{name}' is an old Office document, not a table. {WHAT_TO_DO}", name)
