"""Downloads: personal data masked, text that a spreadsheet could run made harmless, dates in ISO form.

Every writer takes a frame and gives bytes; the index is not written.
"""

from kpi.export.masking import PERSONAL_COLUMNS, mask, new_key, pseudonym
from kpi.export.writing import disarm, write_csv, write_parquet, write_xlsx

__all__ = [
    "PERSONAL_COLUMNS",
    "disarm",
    "mask",
    "new_key",
    "pseudonym",
    "write_csv",
    "write_parquet",
    "write_xlsx",
]
