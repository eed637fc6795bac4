"""Numbers of the other issues: as many contacts stand behind them as are counted, none of the issue."""

from __future__ import annotations

from datetime import date

from kpi import issues
from kpi.facts import Facts
from kpi.model import Filter, Period

NOW, BEFORE = Period(date(2026, 7, 1), date(2026, 9, 30)), Period(date(2026, 4, 1), date(2026, 6, 30))
ISSUE = "Payment failed"


def test_phrases_open_the_contacts_of_other_issues_and_of_the_period_before(sample: Facts) -> None:
    kept = issues.sort(sample)
    reading = issues.read(kept, NOW, BEFORE)
    typical = issues.typical_phrases(kept, reading, ISSUE)
    assert len(typical.found) > 3
    for each in typical.found[:4]:
        there = issues.rows(kept, NOW, issue=ISSUE, phrase=each.text, elsewhere=True)
        assert len(there) == each.n_other
        here = issues.rows(kept, NOW, issue=ISSUE, phrase=each.text)
        assert len(here) == each.n
        assert not set(here["ticket_id"]) & set(there["ticket_id"])
        assert len(issues.rows(kept, NOW, phrase=each.text)) == len(here) + len(there)
    new = issues.new_phrases(kept, reading, ISSUE)
    for each in new.found[:3]:
        assert len(issues.rows(kept, BEFORE, issue=ISSUE, phrase=each.text)) == each.n_other


def test_what_comes_together_opens_the_contacts_of_other_issues(sample: Facts) -> None:
    kept = issues.sort(sample)
    found = issues.together(kept, ISSUE, NOW).found
    assert found
    for each in found:
        where = (Filter(each.field, (each.value,)),)
        assert len(issues.rows(kept, NOW, where=where, issue=ISSUE)) == each.n
        assert len(issues.rows(kept, NOW, where=where, issue=ISSUE, elsewhere=True)) == each.n_others
