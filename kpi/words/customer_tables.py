"""Tables of customers: each row in words and numbers as they stand on the page and in its downloads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kpi.customers.risk import REASONS, Reason
from kpi.model import Comparison, Estimate, Unit
from kpi.words.customer_figures import capital, level, months, points, span
from kpi.words.customer_sentences import band_name
from kpi.words.driver_sentences import dimension_words
from kpi.words.figures import between, numbers_of, probability

if TYPE_CHECKING:
    from kpi.customers import Account, Cohorts, Group, Kinds, Moves, Proofs, Quarter, Relation, Risk, Sharing
    from kpi.customers.stories import Happening

Record = dict[str, object]
VERDICTS = {
    "better": "better",
    "worse": "worse",
    "changed": "changed",
    "unclear": "no clear change",
    "too few": "cannot be judged",
}


def metric_row(comparison: Comparison) -> Record:
    """A catalogue metric now against before."""
    figures, unit = numbers_of(comparison), comparison.metric.unit
    now, before = comparison.now, comparison.before
    return {
        "Number": comparison.metric.name,
        "Now": figures.now or now.reason or "no answer",
        "Interval": _bounds(now, unit),
        "n now": now.n,
        "Before": figures.before or before.reason or "no answer",
        "n before": before.n,
        "Change": figures.change or "",
        "Interval of the change": figures.interval or "",
        "Said": VERDICTS[comparison.verdict.value]
        if comparison.difference is not None
        else comparison.reason,
    }


def _bounds(estimate: Estimate, unit: Unit) -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    return f"{unit.level(estimate.low)} to {unit.level(estimate.high)}"


def band_rows(shared: Sharing) -> list[Record]:
    """Customers by their number of contacts."""
    return [
        {
            "Contacts each": band_name(band.first, band.last),
            "Customers": band.customers,
            "If all were alike": f"{band.expected:,.1f}",
            "Contacts": band.contacts,
            "Of all contacts": Unit.PERCENT.level(band.contacts / shared.contacts) if shared.contacts else "",
        }
        for band in shared.bands
    ]


def top_rows(shared: Sharing) -> list[Record]:
    """What the few make of the volume."""
    return [
        {
            "Customers who write most": f"top {top.share * 100:.0f} %",
            "Customers": top.customers,
            "At least": top.least,
            "Contacts": top.contacts,
            "Of all contacts": Unit.PERCENT.level(top.part),
            "If all were alike": f"{Unit.PERCENT.level(top.chance)} ({span(top.low, top.high)})",
        }
        for top in shared.tops
    ]


def group_rows(groups: Sequence[Group]) -> list[Record]:
    """Curves as a table: share still there at each mark."""
    rows: list[Record] = []
    for group in groups:
        row: Record = {"Customers": group.name, "Watched": group.n, "Left": group.left}
        for mark in group.marks:
            low, high = mark.interval
            row[f"After {months(mark.months)}"] = f"{Unit.PERCENT.level(mark.share)} ({span(low, high)})"
        rows.append(row)
    return rows


def quarter_rows(found: Sequence[Quarter]) -> list[Record]:
    """Groups by quarter with intervals."""
    rows: list[Record] = []
    for quarter in found:
        score_of = quarter.score
        bounds = (
            ""
            if score_of.low is None or score_of.high is None
            else f" ({Unit.POINTS.level(score_of.low)} to {Unit.POINTS.level(score_of.high)})"
        )
        row: Record = {
            "Period": str(quarter.period),
            "Answers": score_of.n,
            "NPS": f"{Unit.POINTS.level(score_of.value)}{bounds}",
        }
        for name in ("promoter", "passive", "detractor"):
            share = quarter.shares[name]
            row[f"{name.capitalize()}s"] = _count(share)
            row[f"{name.capitalize()}s, share"] = level(share)
        rows.append(row)
    return rows


def _count(share: Estimate) -> int:
    return int(share.parts.get("count") or 0)


def move_rows(moves: Moves) -> list[Record]:
    """From group (rows) to group (columns)."""
    names = ("detractor", "passive", "promoter")
    rows: list[Record] = []
    for place, name in enumerate(names):
        row: Record = {"Before": name}
        row |= {f"now {other}": int(moves.table[place, at]) for at, other in enumerate(names)}
        row["together"] = int(moves.table[place].sum())
        rows.append(row)
    total: Record = {"Before": "together"}
    total |= {f"now {other}": int(moves.table[:, at].sum()) for at, other in enumerate(names)}
    total["together"] = moves.n
    return [*rows, total]


def relation_rows(relations: Sequence[Relation]) -> list[Record]:
    """What came after bad and good answers."""
    rows: list[Record] = []
    for each in relations:
        d, odds = each.difference, each.within
        has_bounds = d is not None and d.low is not None and d.high is not None
        rows.append(
            {
                "Question": each.asked.value,
                "What came": f"{each.after.value.lower()} within {each.days} days",
                "After a bad answer": level(each.bad) if not each.refused else each.refused,
                "n bad": each.bad.n,
                "After a good answer": level(each.good) if not each.refused else "",
                "n good": each.good.n,
                "Difference": ""
                if d is None or not has_bounds or d.low is None or d.high is None
                else f"{points(d.value)} ({between(Unit.PERCENT, d.low, d.high)})",
                "p, adjusted": "" if d is None or d.p_adjusted is None else probability(d.p_adjusted),
                "Odds within the same category": ""
                if odds is None or odds.odds_ratio is None or odds.low is None or odds.high is None
                else f"{odds.odds_ratio:.2f} ({odds.low:.2f} to {odds.high:.2f})",
            }
        )
    return rows


SHORT: Mapping[str, Reason] = {
    "Often": Reason.MANY,
    "Unhappy": Reason.UNHAPPY,
    "Fell": Reason.FELL,
    "Reopened": Reason.REOPENED,
    "Escalated": Reason.ESCALATED,
    "Waits": Reason.WAITING,
}
"""Column of the table of accounts → the reason whose contacts or answers it counts."""


def account_rows(risk: Risk, names: Mapping[int, str]) -> list[Record]:
    """The accounts, those with most reasons first; empty where a reason does not hold."""
    one = capital(risk.unit[:-1])
    rows: list[Record] = []
    for account in risk.accounts:
        row: Record = {
            one: names.get(account.code, ""),
            "Reasons": len(account.reasons),
            "Why": why(account),
            "Contacts": account.contacts,
        }
        if account.before is not None:
            row["Before"] = account.before
        counts = dict(zip(REASONS, account.counts, strict=True))
        row |= {label: counts[reason] or None for label, reason in SHORT.items()}
        row["p if all were alike"] = probability(account.p_adjusted)
        row["p if they differ as usual"] = probability(account.p_usual)
        rows.append(row)
    return rows


def why(account: Account) -> str:
    """The reasons of an account in a few words."""
    counts = dict(zip(REASONS, account.counts, strict=True))
    said = []
    for reason in account.reasons:
        count = counts[reason]
        if reason is Reason.MANY:
            said.append(f"{account.contacts} contacts, alike ones {account.expected:.1f}")
        elif reason is Reason.FELL and account.fall is not None:
            question, before, now = account.fall
            said.append(f"{question} fell from {before:.0f} to {now:.0f} of 100")
        elif reason is Reason.WAITING and account.waiting is not None:
            said.append(f"{count} open, the oldest {account.waiting:.0f} days")
        else:
            said.append(f"{count} {WORD.get(reason, reason.value.lower())}")
    return "; ".join(said)


WORD: Mapping[Reason, str] = {
    Reason.UNHAPPY: "unhappy",
    Reason.REOPENED: "reopened",
    Reason.ESCALATED: "escalated",
}


def proof_rows(proofs: Proofs) -> list[Record]:
    """What became of those on the earlier list and of the others."""
    rows: list[Record] = []
    for proof in proofs.proofs:
        gap = (
            ""
            if proof.gap is None or proof.low is None or proof.high is None
            else f"{points(proof.gap)} ({between(Unit.PERCENT, proof.low, proof.high)})"
        )
        said = (
            proof.refused
            or ("better than chance" if proof.helps else "")
            or ("rarer than chance" if proof.misleads else "not shown to be better than chance")
        )
        rows.append(
            {
                "What came": proof.outcome.value,
                "Listed": level(proof.listed) if proof.listed.value is not None else "",
                "n listed": proof.listed.n,
                "Others": level(proof.others) if proof.others.value is not None else "",
                "n others": proof.others.n,
                "Difference": gap,
                "p, adjusted": "" if proof.p_adjusted is None else probability(proof.p_adjusted),
                "Said": said,
            }
        )
    return rows


def step_rows(proofs: Proofs) -> list[Record]:
    """The same outcomes by number of reasons."""
    steps = sorted({many for proof in proofs.proofs for many, _ in proof.by_reasons})
    rows: list[Record] = []
    for many in steps:
        row: Record = {"Reasons": f"{many} or more" if many == steps[-1] and many >= 4 else f"{many}"}
        for proof in proofs.proofs:
            share = dict(proof.by_reasons).get(many)
            if share is not None:
                row[proof.outcome.value] = level(share)
                row[f"n ({proof.outcome.value.lower()})"] = share.n
        rows.append(row)
    return rows


def cohort_rows(found: Cohorts) -> list[Record]:
    """The table of cohorts; empty cells are not observable or too few."""
    rows: list[Record] = []
    step = "quarter" if found.grain == "quarter" else "month"
    shown = max(
        (cell.step for c in found.cohorts for cell in c.cells if cell.share.value is not None), default=0
    )
    for cohort in found.cohorts:
        row: Record = {"Cohort": cohort.name, "Customers": cohort.n}
        for cell in cohort.cells[:shown]:
            row[f"{step} {cell.step}"] = (
                ""
                if cell.share.value is None
                else f"{_count(cell.share):,} ({Unit.PERCENT.level(cell.share.value)})"
            )
        if any(c.note for c in found.cohorts):
            row["Note"] = cohort.note
        rows.append(row)
    return rows


def kind_rows(found: Kinds) -> list[Record]:
    """Kinds of customers against the others."""
    rows: list[Record] = []
    for kind in found.kinds:
        figures, d = numbers_of(kind.comparison), kind.comparison.difference
        rows.append(
            {
                "Column": dimension_words(kind.dimension),
                "Customers": kind.name,
                "Number": kind.comparison.metric.name,
                "Value": figures.now or "",
                "n": kind.comparison.now.n,
                "Others": figures.before or "",
                "n others": kind.comparison.before.n,
                "Difference": (figures.change or "") + (f" ({figures.interval})" if figures.interval else ""),
                "p, adjusted": "" if d is None or d.p_adjusted is None else probability(d.p_adjusted),
                "Said": "differs beyond chance" if kind.differs else "no difference beyond chance",
            }
        )
    return rows


def story_rows(story: Sequence[Happening], zone: str) -> list[Record]:
    """What happened to an account, in order of time."""
    local = ZoneInfo(zone)
    return [
        {
            "When": f"{each.at.astimezone(local):%Y-%m-%d %H:%M}",
            "What": each.what,
            "Contact": each.contact,
            "Detail": each.detail,
        }
        for each in story
    ]
