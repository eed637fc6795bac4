"""Facts: canonical tables under chosen definitions, as compact columns that measures can sum.

One file per grain; every flag and value is derived in exactly one place.
"""

from kpi.facts.build import build_facts
from kpi.facts.nouns import NONE, Facts, FactTable

__all__ = ["NONE", "FactTable", "Facts", "build_facts"]
