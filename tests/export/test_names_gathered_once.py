"""Names of persons are gathered once for the same tables, and anew for others."""

from __future__ import annotations

from dataclasses import replace

from kpi.facts import Facts
from kpi.issues import sort
from kpi.model import Grain
from kpi.persons import names_of, quoted
from kpi.resolutions import Kept, prepare


def test_facts_made_of_others_share_their_names(sample: Facts) -> None:
    kept = prepare(sample)
    assert isinstance(kept, Kept)
    assert names_of(kept.facts) is names_of(sample)
    assert names_of(sort(sample, ()).facts) is names_of(sample)


def test_other_tables_have_names_of_their_own(sample: Facts) -> None:
    table = sample.tables[Grain.TICKETS]
    source = table.source.assign(requester_name="Zerlina Quist")
    other = replace(sample, tables={**sample.tables, Grain.TICKETS: replace(table, source=source)})
    said = "Thank you from Zerlina Quist"
    assert names_of(other) is not names_of(sample)
    assert "Zerlina" not in quoted(other, said)
    assert quoted(sample, said) == said
    fewer = replace(sample, tables={Grain.TICKETS: table})
    assert names_of(fewer) is not names_of(sample)
