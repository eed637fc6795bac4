"""The sample as other desks have it: tickets alone, or times in working hours."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kpi.definitions import Calendar, Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import Import

ZONE = "Europe/Berlin"
DESK_HOURS = (((480, 1200),),) * 5 + (((540, 900),), ())
"""When the sample's desk is open, Monday first."""


@pytest.fixture(scope="session")
def tickets_only(sample_import: Import) -> Facts:
    """The sample as a desk has it that exports nothing but tickets; other formulas stand in then."""
    tables = replace(
        sample_import.tables,
        **dict.fromkeys(("surveys", "calls", "agents", "agent_days", "agent_periods", "customers")),
    )
    return build_facts(tables, Definitions(timezone=ZONE))


@pytest.fixture(scope="session")
def sample_in_open_hours(sample_import: Import) -> Facts:
    """The same with response and resolution measured while the desk is open."""
    calendar = Calendar(zone=ZONE, weekly=DESK_HOURS, country="DE")
    definitions = replace(Definitions(timezone=ZONE), business_hours=True, calendar=calendar)
    return build_facts(sample_import.tables, definitions)
