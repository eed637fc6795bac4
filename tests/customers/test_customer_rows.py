"""The number of rows behind every number of the page equals the n that is shown."""

from __future__ import annotations

import pytest
from customer_desk import BEFORE, NOW, Desk, facts_of, tables_of

from kpi import customers
from kpi.customers import GROUPS, REASONS, Follow, Known, rows
from kpi.customers.risk import look
from kpi.model import Filter, Period

WHERES: tuple[tuple[Filter, ...], ...] = ((), (Filter("category", ("payment", "delivery")),))


@pytest.fixture(scope="module")
def desk() -> Known:
    return customers.know(facts_of(tables_of(Desk(customers=500, rate=5.0), 7)))


@pytest.fixture(params=WHERES, ids=["everything", "filtered"])
def where(request: pytest.FixtureRequest) -> tuple[Filter, ...]:
    return tuple(request.param)


def test_contacts_per_customer(desk: Known, where: tuple[Filter, ...]) -> None:
    shared = customers.sharing(desk, NOW, where=where)
    for band in shared.bands:
        assert len(rows.customers_between(desk, NOW, band.first, band.last, where)) == band.customers
        assert len(rows.contacts_between(desk, NOW, band.first, band.last, where)) == band.contacts
    for top in shared.tops:
        assert len(rows.top_customers(desk, NOW, top.customers, where)) == top.customers
        assert len(rows.contacts_of_top(desk, NOW, top.customers, where)) == top.contacts


def test_staying(desk: Known) -> None:
    stays = customers.staying(desk)
    assert stays.listed is not None
    assert stays.whole is not None
    assert len(rows.listed(desk)) == stays.listed.n
    assert len(rows.listed(desk, left=True)) == stays.listed.parts["churned"]
    groups = [("", stays.whole), *((c.dimension, g) for c in stays.contrasts for g in c.groups)]
    assert len(groups) > 3
    for dimension, group in groups:
        value = group.name if dimension else ""
        assert len(rows.watched_customers(desk, dimension, value)) == group.n
        assert len(rows.watched_customers(desk, dimension, value, left=True)) == group.left


def test_answers_and_moves(desk: Known, where: tuple[Filter, ...]) -> None:
    for quarter in customers.quarters(desk, NOW, where=where):
        assert len(rows.answers_of_group(desk, quarter.period, "", where)) == quarter.score.n
        for group in GROUPS:
            count = quarter.shares[group].parts["count"]
            assert len(rows.answers_of_group(desk, quarter.period, group, where)) == count
    moves = customers.moves(desk, NOW, where=where)
    assert moves.n > 10
    assert len(rows.movers(desk, NOW, where=where)) == moves.n
    for place, first in enumerate(GROUPS):
        assert len(rows.movers(desk, NOW, first, "", where)) == moves.table[place].sum()
        for at, second in enumerate(GROUPS):
            assert len(rows.movers(desk, NOW, first, second, where)) == moves.table[place, at]


def test_what_came_after_answers(desk: Known, where: tuple[Filter, ...]) -> None:
    found = customers.relations(desk, where=where)
    assert len(found) == 6
    for relation in found:
        assert not relation.refused
        for side, share in (("bad", relation.bad), ("good", relation.good)):
            behind = rows.followed_answers(desk, relation.asked, relation.after, side, where)
            assert len(behind) == share.n
            yes = "wrote again" if relation.after.value == "Wrote again" else "left"
            assert int((behind[rows.COUNTED] == yes).sum()) == share.parts["count"]


def test_accounts_and_their_reasons(desk: Known, where: tuple[Filter, ...]) -> None:
    risk = customers.risk(desk, NOW, BEFORE, where=where)
    assert len(risk.accounts) > 5
    for account in risk.accounts[:25]:
        assert len(rows.account_contacts(desk, account.code, NOW, where)) == account.contacts
        assert len(rows.account_contacts(desk, account.code, BEFORE, where)) == account.before
        for reason, count in zip(REASONS, account.counts, strict=True):
            assert len(rows.account_reason(desk, account.code, reason, NOW, where)) == count


def test_what_became_of_the_list(desk: Known) -> None:
    proofs = customers.prove(desk, NOW, BEFORE)
    assert len(proofs.proofs) == 3
    for proof in proofs.proofs:
        for on, share in ((True, proof.listed), (False, proof.others)):
            behind = rows.proof_customers(desk, proof.outcome, on, NOW, BEFORE)
            assert len(behind) == share.n
            assert int((behind[rows.COUNTED] == "yes").sum()) == share.parts["count"]
        for many, share in proof.by_reasons:
            behind = rows.proof_customers(desk, proof.outcome, True, NOW, BEFORE, (), many)
            assert len(behind) == share.n


def test_cohorts(desk: Known) -> None:
    for follow in customers.follows(desk):
        for grain in ("quarter", "month"):
            found = customers.cohorts(desk, follow, grain)
            yes = "still there" if follow is Follow.THERE else "wrote"
            for cohort in found.cohorts[-6:]:
                for cell in cohort.cells[:4]:
                    behind = rows.cohort_customers(desk, follow, grain, cohort.name, cell.step)
                    assert len(behind) == cohort.n == cell.share.n
                    if cell.share.value is not None:
                        assert int((behind[rows.COUNTED] == yes).sum()) == cell.share.parts["count"]


def test_kinds(desk: Known) -> None:
    found = customers.segments(desk, NOW, None)
    assert {kind.dimension for kind in found.kinds} == {"segment", "region"}
    for kind in found.kinds:
        arguments = (desk, kind.comparison.metric, found.period, kind.dimension, kind.name)
        assert len(rows.kind_rows(*arguments)) == kind.comparison.now.n
        assert len(rows.kind_rows(*arguments, own=False)) == kind.comparison.before.n


def test_the_story_of_an_account_is_in_order_and_whole(desk: Known) -> None:
    looked = look(desk, NOW)
    assert not isinstance(looked, str)
    code = int(looked.code[looked.contacts.argmax()])
    told = customers.story(desk, code)
    assert [each.at for each in told] == sorted(each.at for each in told)
    assert sum(each.what == "wrote" for each in told) == len(rows.account_contacts(desk, code))
    assert told[0].what == "joined" or any(each.what == "joined" for each in told)


def test_sample_rows_equal_what_is_shown(known: Known) -> None:
    from datetime import date

    now, before = Period(date(2026, 7, 1), date(2026, 9, 30)), Period(date(2026, 4, 1), date(2026, 6, 30))
    shared = customers.sharing(known, now)
    top = shared.top
    assert top is not None
    assert len(rows.contacts_of_top(known, now, top.customers)) == top.contacts
    account = customers.risk(known, now, before).accounts[0]
    assert len(rows.account_contacts(known, account.code, now)) == account.contacts
