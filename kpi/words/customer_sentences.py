"""What may be said of customers: who comes back, who leaves, who is at risk, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpi.model import Comparison, Unit, Verdict
from kpi.words.customer_figures import capital, counted, level, listed, months, span
from kpi.words.customer_findings import (
    REGRESSION,
    TOGETHER,
    among_sentence,
    cohort_alt,
    cohort_note,
    cohort_title,
    customer_method,
    effort_title,
    kinds_title,
    moves_note,
    moves_title,
    proof_sentence,
    quarters_title,
    relation_sentence,
    risk_note,
    risk_title,
    unit_of,
    within_words,
    worth_sentence,
)
from kpi.words.driver_sentences import dimension_words
from kpi.words.figures import probability

if TYPE_CHECKING:
    from kpi.customers import Contrast, Group, Known, Risk, Sharing, Staying

__all__ = [
    "REGRESSION",
    "TOGETHER",
    "among_sentence",
    "band_name",
    "capital",
    "clear",
    "cohort_alt",
    "cohort_note",
    "cohort_title",
    "contrast_sentence",
    "counted",
    "customer_method",
    "customer_title",
    "effort_title",
    "kinds_title",
    "level",
    "missing_sentences",
    "moved",
    "moves_note",
    "moves_title",
    "proof_sentence",
    "quarters_title",
    "relation_sentence",
    "risk_note",
    "risk_title",
    "shared_key_warning",
    "sharing_alt",
    "sharing_note",
    "sharing_title",
    "staying_alt",
    "staying_note",
    "staying_title",
    "told_mark",
    "unit_of",
    "within_words",
    "worth_sentence",
]

HELPS = {
    "tickets": "a file of tickets or calls with the customer's number or e-mail address",
    "contacts": "a column with the customer's number or e-mail address on every contact",
    "list": "a customer list with the customer's key, the date of joining and the date of leaving",
    "surveys": "survey answers with the ticket's number or the customer's key",
}

# ---------------------------------------------------------------- the title


def customer_title(
    known: Known,
    comparisons: Sequence[Comparison],
    shared: Sharing,
    stays: Staying,
    risk: Risk,
) -> str:
    """Who comes back, who leaves, who is at risk: the answer in one sentence."""
    if known.refused and stays.listed is None:
        return f"Customers cannot be followed: {known.refused}"
    said = [*_back(known, comparisons, shared), *_leaving(comparisons, stays)]
    if risk.accounts:
        need = "needs" if len(risk.accounts) == 1 else "need"
        said.append(f"{counted(len(risk.accounts), risk.unit[:-1])} {need} a look")
    elif not risk.refused:
        said.append(f"no {risk.unit[:-1]} has two reasons to be looked at")
    return capital("; ".join(said)) if said else "Nothing can be said of these customers"


def _back(known: Known, comparisons: Sequence[Comparison], shared: Sharing) -> list[str]:
    if known.refused:
        return []
    repeat = _of(comparisons, "repeat_contact")
    if repeat is not None and repeat.now.value is not None:
        what = f"contacts followed by another {moved(repeat)}" if clear(repeat) else ""
        if what:
            return [f"{what} to {Unit.PERCENT.level(repeat.now.value)}"]
        change = "" if repeat.before.value is None else ", no clear change"
        return [f"{Unit.PERCENT.level(repeat.now.value)} of contacts are followed by another{change}"]
    if shared.customers and shared.contacts == shared.customers:
        return [f"each of {shared.customers:,} customers wrote once: nobody comes back under the same key"]
    if shared.customers:
        again = shared.customers - next((b.customers for b in shared.bands if b.first == 1), 0)
        share = Unit.PERCENT.level(again / shared.customers)
        return [f"{share} of {shared.customers:,} customers wrote more than once"]
    return [f"nothing can be said of coming back: {shared.refused}"] if shared.refused else []


def _leaving(comparisons: Sequence[Comparison], stays: Staying) -> list[str]:
    churn = _of(comparisons, "churn")
    if stays.no_rate:
        if stays.listed is not None and stays.listed.value is not None:
            share = Unit.PERCENT.level(stays.listed.value)
            return [f"{share} of the {stays.listed.n:,} customers listed have left, over an unknown time"]
        return ["who leaves is not in the data"]
    if churn is not None and churn.now.value is not None:
        left = f"{Unit.PERCENT.level(churn.now.value)} of customers left"
        if clear(churn):
            return [f"{left}, {'more' if moved(churn) == 'rose' else 'fewer'} than before"]
        return [left + ("" if churn.before.value is None else ", no clear change")]
    return [] if stays.refused else ["nothing can be said of leaving in this period"]


def _of(comparisons: Sequence[Comparison], key: str) -> Comparison | None:
    return next((each for each in comparisons if each.metric.key == key), None)


def clear(comparison: Comparison) -> bool:
    """Whether a change is beyond chance and large enough to matter."""
    return comparison.verdict in (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED)


def moved(comparison: Comparison) -> str:
    """Rose or fell."""
    return "rose" if comparison.difference is not None and comparison.difference.value > 0 else "fell"


# ---------------------------------------------------------------- what stands below the title


def missing_sentences(known: Known, stays: Staying, risk: Risk) -> tuple[str, ...]:
    """What cannot be shown, and what would help."""
    said = []
    if known.refused:
        which = "contacts" if known.keys_wanted else "tickets"
        said.append(
            f"Coming back, accounts at risk and cohorts of contacts cannot be shown: {known.refused}. "
            f"{capital(HELPS[which])} would help."
        )
    elif not known.dated:
        said.append(
            "Contacts have no dates: coming back within days, accounts at risk and cohorts cannot be "
            "shown. "
            "A column with the time a contact came would help."
        )
    if stays.no_rate and stays.listed is not None:
        said.append(
            f"No churn rate over time: {stays.no_rate}. What is shown is a share of the list as it "
            "stands, not "
            "a rate per month, and it cannot be compared between periods. A column with the date of "
            "leaving "
            "would help."
        )
    elif stays.refused:
        said.append(
            f"Churn and staying cannot be shown: {stays.refused}. {capital(HELPS['list'])} would help."
        )
    elif stays.no_curve:
        said.append(
            f"No curve since joining: {stays.no_curve}. A column with the date of joining would help."
        )
    if known.surveys is None or known.answers is None:
        said.append(
            "Effort, NPS moves and unhappy answers of customers cannot be shown: there are no answers "
            "that can "
            f"be put to customers. {capital(HELPS['surveys'])} would help."
        )
    elif risk.lacking:
        said.append(f"Not known in these data: {listed(list(risk.lacking))}; those reasons are left out.")
    return tuple(said)


def shared_key_warning(shared: Sharing) -> str:
    """One customer with a large part of everything; empty without."""
    if not shared.dominated:
        return ""
    return (
        f"One customer alone makes {shared.largest:,} of {shared.contacts:,} contacts "
        f"({Unit.PERCENT.level(shared.largest / shared.contacts)}): that may be a shared or anonymous "
        "key. Everything "
        "here counts it as one customer; the file would need a key for each person."
    )


# ---------------------------------------------------------------- contacts per customer


def sharing_title(shared: Sharing) -> str:
    """How unevenly contacts are spread."""
    top = shared.top
    if shared.refused and not shared.customers:
        return f"Contacts per customer cannot be shown: {shared.refused}"
    if shared.contacts == shared.customers:
        return f"Each of {shared.customers:,} customers wrote once"
    if top is None:
        return f"{shared.customers:,} customers made {shared.contacts:,} contacts; {shared.refused}"
    part = Unit.PERCENT.level(top.part)
    said = f"The {top.customers:,} customers who write most (10 %) make {part} of the contacts"
    chance = f"equal customers would make {span(top.low, top.high)} % by chance"
    return f"{said}; {chance}" + ("" if shared.uneven else ", so this is no more than chance")


def sharing_note(shared: Sharing) -> str:
    """What the comparison is with."""
    unknown = f" {counted(shared.unknown, 'contact')} without a customer left out." if shared.unknown else ""
    if shared.top is None:
        return unknown.strip()
    return (
        f"{shared.customers:,} customers with {shared.contacts:,} contacts, {shared.mean:.2f} each. By "
        "chance: "
        f"{shared.rounds:,} samples of as many customers who are all alike and write at least once "
        f"(zero-truncated Poisson); tested is the top 10 % only.{unknown}"
    )


def band_name(first: int, last: int | None) -> str:
    """Contacts per customer in words.

    >>> band_name(1, 1), band_name(6, 10), band_name(21, None)
    ('1', '6–10', '21 or more')
    """
    return f"{first} or more" if last is None else f"{first}" if first == last else f"{first}–{last}"


def sharing_alt(shared: Sharing) -> str:
    """The picture in words."""
    each = "; ".join(f"{band_name(b.first, b.last)}: {b.customers:,}" for b in shared.bands)
    return f"Bars: customers by their number of contacts, with what equal customers would be. {each}."


# ---------------------------------------------------------------- staying


def staying_title(stays: Staying) -> str:
    """How many are still there so long after joining."""
    if stays.whole is None:
        if stays.listed is not None and stays.listed.value is not None:
            n = stays.listed.n
            return f"{level(stays.listed)} of {n:,} customers on the list have left, over an unknown time"
        return f"Staying cannot be shown: {stays.refused or stays.no_curve}"
    mark = told_mark(stays.whole)
    if mark is None:
        return f"{stays.whole.left:,} of {stays.whole.n:,} customers left"
    return (
        f"{Unit.PERCENT.level(mark[1])} of customers are still there {months(mark[0])} after joining "
        f"({span(mark[2], mark[3])})"
    )


def told_mark(group: Group) -> tuple[int, float, float, float] | None:
    """The mark that is told first: a year, else the latest before it, else the first."""
    if not group.marks:
        return None
    early = [mark for mark in group.marks if mark.months <= 12]
    mark = early[-1] if early else group.marks[0]
    return mark.months, mark.share, *mark.interval


def staying_note(stays: Staying) -> str:
    """What the curve is made from."""
    if stays.whole is None:
        return ""
    late = ""
    if stays.late:
        late = (
            f" {stays.late:,} joined before {stays.since}, when the first leaving is recorded: who had "
            "left by then "
            "is not on the list, so these count from that day on."
        )
    out = f" {stays.unwatched:,} without usable dates left out." if stays.unwatched else ""
    return (
        f"{stays.whole.n:,} customers, {stays.whole.left:,} left by {stays.until}; all data, whatever the "
        "periods "
        f"above. Kaplan-Meier; band: 95 %.{late}{out}"
    )


def contrast_sentence(contrast: Contrast) -> str:
    """Whether kinds of customers leave at the same rate."""
    many = dimension_words(contrast.dimension, many=True)
    if contrast.p_adjusted is None:
        return f"Whether {many} differ cannot be said: {contrast.test.reason}."
    p = f"log-rank, adjusted p {probability(contrast.p_adjusted)}"
    few = f" {contrast.too_few:,} customers of too small kinds are left out." if contrast.too_few else ""
    if not contrast.differ:
        return f"No difference in leaving between {many} beyond chance ({p}).{few}"
    ratios = [
        o / e if e else 0.0 for o, e in zip(contrast.test.observed, contrast.test.expected, strict=True)
    ]
    place = max(range(len(ratios)), key=lambda at: ratios[at])
    seen, due = contrast.test.observed[place], contrast.test.expected[place]
    return (
        f"{capital(many)} leave at different rates ({p}): of {contrast.groups[place].name}, {seen:,.0f} "
        "left where "
        f"{due:,.0f} would if all were alike.{few}"
    )


def staying_alt(stays: Staying) -> str:
    """The picture in words."""
    if stays.whole is None:
        return ""
    each = "; ".join(f"{months(m.months)}: {Unit.PERCENT.level(m.share)}" for m in stays.whole.marks)
    return f"Curve of the share still there by time since joining. {each}."
