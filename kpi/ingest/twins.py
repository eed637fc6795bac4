"""Tables that are given twice, found by a digest so that no cells need to be kept for it."""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa

from kpi.ingest.reading import RawTable


def digest(raw: RawTable) -> str:
    """sha256 of headers and cells; equal for tables with the same cells, however they were written.

    >>> from kpi.ingest.reading import read_tables
    >>> one, = read_tables("a.csv", b"Id,Note\\n1,x\\n2,y\\n")
    >>> two, = read_tables("b.csv", b"Id;Note\\r\\n1;x\\r\\n2;y\\r\\n")
    >>> digest(one) == digest(two)
    True
    """
    state = hashlib.sha256("\x1f".join(raw.headers).encode())
    for header in raw.headers:
        values = pa.array(raw.cells[header], type=pa.large_string())
        chunks = values.chunks if isinstance(values, pa.ChunkedArray) else [values]
        for chunk in chunks:
            state.update(np.diff(_offsets(chunk)).tobytes())
        for chunk in chunks:
            offsets, text = _offsets(chunk), chunk.buffers()[2]
            if text is not None and len(offsets):
                state.update(memoryview(text)[int(offsets[0]) : int(offsets[-1])])
    return state.hexdigest()


def _offsets(chunk: pa.LargeStringArray) -> np.ndarray:
    """Where the texts of a chunk begin and end in its buffer."""
    buffer = chunk.buffers()[1]
    if buffer is None or not len(chunk):
        return np.zeros(0, np.int64)
    return np.frombuffer(buffer, np.int64)[chunk.offset : chunk.offset + len(chunk) + 1]
