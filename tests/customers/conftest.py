"""The customers of the sample, known once."""

from __future__ import annotations

import pytest

from kpi import customers
from kpi.customers import Known
from kpi.facts import Facts


@pytest.fixture(scope="session")
def known(sample: Facts) -> Known:
    return customers.know(sample)
