"""Names as people see them: of files and of columns, without marks that cannot be seen."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

NAME_CHARS = 120
HEADER_CHARS = 1_000


def display_name(name: str) -> str:
    """The name of a file for showing: no folders, control characters or writing-direction marks.

    Never use it as a path.

    >>> [display_name(name) for name in ("../../etc/pass\\u202ewd\\x00.csv", "C:\\\\x\\\\März.xlsx", "")]
    ['passwd.csv', 'März.xlsx', 'upload']
    """
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    seen = " ".join(_visible(last).split())
    if len(seen) > NAME_CHARS:
        seen = seen[: NAME_CHARS - 21] + "…" + seen[-20:]
    return seen if seen.strip(".") else "upload"


def clean_header(text: str) -> str:
    """A column name in one line, without invisible characters, at most 1 000 characters long.

    >>> clean_header("\\ufeff Created\\u00a0at\\u200b\\n(UTC) ")
    'Created at (UTC)'
    """
    return " ".join(_visible(text[: 2 * HEADER_CHARS]).split())[:HEADER_CHARS]


def name_columns(cells: Sequence[str]) -> tuple[str, ...]:
    """Unique column names from header cells: "column 3" for an empty one, " (2)", " (3)" for repeated ones.

    >>> name_columns(["Comment", "", "Comment", "comment", "Comment"])
    ('Comment', 'column 2', 'Comment (2)', 'comment', 'Comment (3)')
    """
    names: list[str] = []
    taken = {clean_header(cell) for cell in cells}
    seen: dict[str, int] = {}
    for place, cell in enumerate(cells, start=1):
        wanted = clean_header(cell) or f"column {place}"
        seen[wanted] = seen.get(wanted, 0) + 1
        name = wanted
        if seen[wanted] > 1 or (not clean_header(cell) and wanted in taken):
            number = max(seen[wanted], 2)
            while (name := f"{wanted} ({number})") in taken:
                number += 1
            seen[wanted] = number
        taken.add(name)
        names.append(name)
    return tuple(names)


def _visible(text: str) -> str:
    return "".join(
        " " if character in "\t\n\r\x0b\x0c" else character
        for character in text
        if character in "\t\n\r\x0b\x0c" or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )
