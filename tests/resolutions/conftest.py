"""The resolutions of the sample, prepared once."""

from __future__ import annotations

import pytest

from kpi import resolutions
from kpi.facts import Facts
from kpi.resolutions import Kept


@pytest.fixture(scope="session")
def kept(sample: Facts) -> Kept:
    found = resolutions.prepare(sample)
    assert isinstance(found, Kept)
    return found
