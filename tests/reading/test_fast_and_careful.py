"""The fast and the careful way give the same records; what is written is read; nothing gets lost."""

from __future__ import annotations

import csv
import io
import random

import hostile_files as hostile
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kpi.ingest.reading import Problem, Refused, read_tables, rejected_records
from kpi.ingest.reading.body import Body
from kpi.ingest.reading.delimited import read_carefully, read_fast

PIECES = st.sampled_from(
    ['"', '""', ",", "\n", "\r\n", "\r", "a", "bc", "1", " ", "é", "日", "\x00", "x,y\n", '"q",', "\t", ";"]
)


def rows_of(body: Body) -> dict[int, tuple[str, ...]]:
    rows = zip(*(column.to_pylist() for column in body.columns), strict=True)
    return dict(zip(body.records.tolist(), rows, strict=True))


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join), st.integers(1, 4))
@example('a,b\n"c\nd",e\n\n,\n', 2)
@example('a,"b"c,d\n"x"y"z,1\n', 2)
@example('a,5" disk\nb,"c', 2)
def test_both_ways_give_the_same_records(text: str, width: int) -> None:
    utf8 = text.encode()
    fast = read_fast(utf8, 0, ",", width)
    if fast is None:
        return
    careful = read_carefully(utf8, 0, ",", width, [], odd_lines={})
    assert fast.total == careful.total
    assert rows_of(fast) == rows_of(careful)
    assert [(odd.record, odd.cells, odd.raw) for odd in fast.odd] == [
        (odd.record, odd.cells, odd.raw) for odd in careful.odd
    ]


def test_ordinary_files_go_the_fast_way() -> None:
    for data in (hostile.sound(), hostile.ragged(), hostile.formulas(), hostile.markup_in_names()):
        assert read_fast(data, 0, ",", 4) is not None
    for data in (hostile.stray_quote(), hostile.cut_inside_quotes()):
        assert read_fast(data, 0, ",", 4) is None


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n\r",;'), max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=2, max_size=12), st.sampled_from([",", ";", "\t", "|"]))
def test_what_is_written_is_what_is_read(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    """Any cells at all, written by Python's csv writer with quotes, come back as they were."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["Key", "First column", "Second column", "Third column"])
    writer.writerows([(f"K-{number}", *row) for number, row in enumerate(rows)])
    (table,) = read_tables("t.csv", out.getvalue().encode())
    assert table.cells.to_numpy().tolist() == [[f"K-{number}", *row] for number, row in enumerate(rows)]
    assert table.rejects == ()


SEEDS = [
    hostile.sound(), hostile.ragged(), hostile.stray_quote(), hostile.cut_inside_quotes(),
    hostile.mixed_encodings(40), hostile.nul_bytes(), hostile.invisible_headers(), hostile.typed_workbook(),
    b'{"id":1,"a":{"b":[1,2]}}\n{"id":2}\n',
    b'[{"id":1},{"id":2,"x":"y"}]',
]  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_any_damage_is_accounted_for(seed: int) -> None:
    """Random damage: a file is refused with words, or every record is kept or rejected exactly once."""
    chance = random.Random(seed)
    unsaid: list[Problem] = []
    for _ in range(120):
        data = bytearray(chance.choice(SEEDS))
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(data) + 1)
            match chance.randrange(5):
                case 0:
                    data[place : place + 1] = bytes([chance.choice(b'",;\t|\n\r\x00 =x{}[]\xff\xe9')])
                case 1:
                    del data[place : place + chance.randint(1, 40)]
                case 2:
                    data[place:place] = bytes([chance.choice(b'",;\n\r" \xc3')])
                case 3:
                    data = data[: place + 1]
                case _:
                    data[place:place] = b"\n" * chance.randint(1, 5)
        try:
            tables = read_tables("damaged", bytes(data))
        except Refused as refused:
            tables = ()
            unsaid += [problem for problem in refused.problems if not problem.message]
        for table in tables:
            numbers = [*table.records.tolist(), *(reject.record for reject in rejected_records(table))]
            assert sorted(numbers) == list(range(1, table.rows_read + 1))
            assert tuple(table.cells.columns) == table.headers
            assert len(set(table.headers)) == len(table.headers)
            assert not table.cells.isna().any(axis=None)
            assert all(len(values) == len(table.cells) for values in table.typed.values())
    assert unsaid == []
