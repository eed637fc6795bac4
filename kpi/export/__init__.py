"""What leaves a page: personal data masked, also in quotes; text that a spreadsheet could run made harmless.

Every writer takes a frame and gives bytes; the index is not written.
"""

from kpi.export.free_text import OWN_WORDS, QUOTED, Care, Names, masked
from kpi.export.masking import PERSONAL_COLUMNS, mask, names_in, new_key, pseudonym
from kpi.export.writing import disarm, write_csv, write_parquet, write_xlsx

__all__ = [
    "OWN_WORDS",
    "PERSONAL_COLUMNS",
    "QUOTED",
    "Care",
    "Names",
    "disarm",
    "mask",
    "masked",
    "names_in",
    "new_key",
    "pseudonym",
    "write_csv",
    "write_parquet",
    "write_xlsx",
]
