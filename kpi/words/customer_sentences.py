"""What may be said of customers: who comes back, who leaves, who is at risk, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpi.model import Claim, Comparison, Estimate, Period, Unit, Verdict, inside
from kpi.words.driver_sentences import dimension_words
from kpi.words.figures import numbers_of, probability

if TYPE_CHECKING:
    from kpi.customers import (
        Cohorts,
        Contrast,
        Group,
        Kinds,
        Known,
        Moves,
        Proof,
        Proofs,
        Quarter,
        Relation,
        Risk,
        Sharing,
        Staying,
    )

HELPS = {
    "tickets": "a file of tickets or calls with the customer's number or e-mail address",
    "contacts": "a column with the customer's number or e-mail address on every contact",
    "list": "a customer list with the customer's key, the date of joining and the date of leaving",
    "surveys": "survey answers with the ticket's number or the customer's key",
}
GONE = {"Left": "left", "Gave an unhappy answer": "gave an unhappy answer", "Wrote again": "wrote again"}
REGRESSION = (
    "Who stood at an end of the scale moves towards its middle by chance alone, so single cells of this "
    "table "
    "say little; only the balance of moves up and down does. Those who answer twice are not everybody."
)
TOGETHER = (
    "What goes together need not cause each other: hard issues are both unhappy and written about twice."
)


def level(estimate: Estimate | None) -> str:
    """A share with its interval.

    >>> level(Estimate(0.1732, 3000, 0.154, 0.194))
    '17.3 % (15.4 to 19.4)'
    """
    if estimate is None or estimate.value is None:
        return "no answer" if estimate is None else (estimate.reason or "no answer")
    said = Unit.PERCENT.level(estimate.value)
    return said + (
        "" if estimate.low is None or estimate.high is None else f" ({span(estimate.low, estimate.high)})"
    )


def span(low: float, high: float) -> str:
    """Bounds of a share in percent.

    >>> span(0.154, 0.194)
    '15.4 to 19.4'
    """
    return f"{low * 100:.1f} to {high * 100:.1f}"


def points(value: float, places: int = 1) -> str:
    """A difference of shares in points.

    >>> points(-0.0123), points(0.0)
    ('−1.2 points', '±0.0 points')
    """
    return Unit.PERCENT.change(value, places)


def score(value: float, places: int = 1) -> str:
    """A change of a score in points with its sign."""
    return Unit.POINTS.change(value, places)


def counted(n: int, one: str) -> str:
    """A count with its noun.

    >>> counted(1, "customer"), counted(2105, "customer")
    ('1 customer', '2,105 customers')
    """
    return f"{n:,} {one}{'' if n == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """Words in a row.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def either(words: Sequence[str]) -> str:
    """Words of which any may hold.

    >>> either(["left", "wrote again"])
    'left or wrote again'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}" if words else ""


def capital(text: str) -> str:
    """The text with a large first letter."""
    return text[:1].upper() + text[1:]


# ---------------------------------------------------------------- the title


def customer_title(
    known: Known,
    comparisons: Sequence[Comparison],
    shared: Sharing,
    stays: Staying,
    risk: Risk,
    proofs: Proofs | None = None,
) -> str:
    """Who comes back, who leaves, who is at risk: the answer in one sentence."""
    if known.refused and stays.listed is None:
        return f"Customers cannot be followed: {known.refused}"
    said = [*_back(known, comparisons, shared), *_leaving(comparisons, stays)]
    if risk.accounts:
        need = "needs" if len(risk.accounts) == 1 else "need"
        said.append(f"{counted(len(risk.accounts), risk.unit[:-1])} {need} a look{_hedge(proofs)}")
    elif not risk.refused:
        said.append(f"no {risk.unit[:-1]} has two reasons to be looked at")
    return capital("; ".join(said)) if said else "Nothing can be said of these customers"


def _hedge(proofs: Proofs | None) -> str:
    """What such a list was worth on the past, in a few words; empty where that is not known."""
    told = {} if proofs is None else {p.outcome.value: p for p in proofs.proofs if not p.refused}
    left = told.get("Left")
    if left is not None:
        return ", a list that foretold who left" if left.helps else ", a list that did not foretell who left"
    if told and not any(proof.helps for proof in told.values()):
        return ", a list that foretold nothing so far"
    return ""


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


def metric_sentence(claim: Claim) -> str:
    """One catalogue metric in a line: the words of the other pages."""
    from kpi.words.sentences import sentence

    return sentence(claim)


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


def months(count: int) -> str:
    """So many months in words.

    >>> months(12), months(1), months(24), months(6)
    ('a year', 'a month', '2 years', '6 months')
    """
    if count % 12 == 0:
        return "a year" if count == 12 else f"{count // 12} years"
    return "a month" if count == 1 else f"{count} months"


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


# ---------------------------------------------------------------- effort and NPS


def relation_sentence(relation: Relation) -> str:
    """What came after bad and good answers."""
    words = {
        "Effort (CES)": ("a hard contact", "an easy one"),
        "Satisfaction (CSAT)": ("an unsatisfied answer", "a satisfied one"),
        "Recommendation (NPS)": ("a detractor's answer", "a promoter's"),
    }[relation.asked.value]
    what = "wrote again" if relation.after.value == "Wrote again" else "left"
    if relation.refused:
        return f"{relation.asked.value}, {what}: {relation.refused}."
    d = relation.difference
    bad, good = level(relation.bad), level(relation.good)
    said = f"Within {relation.days} days of {words[0]} {bad} {what}, of {words[1]} {good}"
    if d is None or d.low is None or d.high is None:
        return f"{said}."
    change = f"{points(d.value)} ({points(d.low)} to {points(d.high)})"
    if relation.clear:
        return f"{said}: {change}, beyond chance.{within_words(relation)}"
    return f"{said}: {change}, which may be chance.{within_words(relation)}"


def within_words(relation: Relation) -> str:
    """The same within the same issue; empty where that is not known."""
    odds = relation.within
    if odds is None or odds.odds_ratio is None or odds.low is None or odds.high is None:
        return ""
    if odds.low <= 1 <= odds.high:
        tail = "no difference beyond chance"
    else:
        tail = "more" if odds.odds_ratio > 1 else "less"
    times = f"{odds.odds_ratio:.2f} times ({odds.low:.2f} to {odds.high:.2f})"
    return f" Within the same category the odds are {times}: {tail}."


def effort_title(relations: Sequence[Relation]) -> str:
    """Whether what customers answer goes with what they do."""
    told = [each for each in relations if not each.refused and each.difference is not None]
    found = [each for each in told if each.clear]
    if not told:
        return "What comes after an answer cannot be told"
    if not found:
        looks = f"{len(told)} comparisons"
        return (
            f"Neither effort nor the other answers go with writing again or leaving beyond chance ({looks})"
        )
    first = found[0]
    more = first.difference is not None and first.difference.value > 0
    what = "write again" if first.after.value == "Wrote again" else "leave"
    often = "more" if more else "less"
    odds, tail = first.within, ""
    if odds is not None and odds.low is not None and odds.high is not None and odds.low <= 1 <= odds.high:
        tail = ", but not within the same category"
    return f"After a bad answer on {inside(first.asked.value)} customers {what} {often} often{tail}"


def moves_title(moves: Moves, period: Period) -> str:
    """How those who answered again moved."""
    if moves.refused:
        return f"Moves between NPS groups cannot be shown: {moves.refused}"
    if moves.net is None or moves.low is None or moves.high is None:
        return "Moves between NPS groups cannot be shown"
    said = (
        f"Of {moves.n:,} customers who answered again, {moves.up:,} moved to a better group and "
        f"{moves.down:,} to a worse one"
    )
    net = f"net {score(moves.net)} ({score(moves.low)} to {score(moves.high)})"
    return f"{said}: {net}, {'beyond chance' if moves.clear else 'which may be chance'}"


def moves_note(moves: Moves, period: Period) -> str:
    """How the moves were tested, and who they are."""
    if moves.refused or moves.p is None:
        return ""
    tests = [f"exact test of moves up against down: p {probability(moves.p)}"]
    if moves.symmetry is not None:
        tests.append(f"Bowker p {probability(moves.symmetry)}")
    if moves.margins is not None:
        tests.append(f"Stuart-Maxwell p {probability(moves.margins)}")
    said = f"Newest answer before {period} → newest in it. {capital(listed(tests))}."
    if moves.other is not None:
        gap, low, high = moves.other
        same = low <= 0 <= high
        said += (
            f" Before, their score was {score(gap)} ({score(low)} to {score(high)}) from that of the "
            f"{moves.others:,} customers who answered once"
            f"{', no difference beyond chance' if same else ': they are not like everybody'}."
        )
    return said


def quarters_title(found: Sequence[Quarter]) -> str:
    """The newest score in words."""
    if not found:
        return "No NPS answers with a date"
    last = found[-1]
    promoters, detractors = last.shares["promoter"], last.shares["detractor"]
    return (
        f"{last.period}: {level(promoters)} promoters, {level(detractors)} detractors, "
        f"NPS {Unit.POINTS.level(last.score.value)}"
    )


# ---------------------------------------------------------------- at risk


def risk_title(risk: Risk) -> str:
    """How many accounts there are to look at."""
    if risk.refused:
        return f"Accounts at risk cannot be shown: {risk.refused}"
    if not risk.accounts:
        return f"None of {counted(risk.every, risk.unit[:-1])} has two or more reasons to be looked at"
    many = f"{risk.many:,} {'writes' if risk.many == 1 else 'write'} more often than chance"
    if risk.many and risk.outliers < risk.many:
        many += f", {risk.outliers or 'none'} of them even if customers differ as these do"
    listed_of = f"{len(risk.accounts):,} of {risk.every:,} {risk.unit}"
    return f"{listed_of} have two or more reasons to be looked at; {many}"


def worth_sentence(proofs: Proofs) -> str:
    """How good such a list was on the past, in one sentence."""
    if proofs.refused:
        return f"How good the list is cannot be tried on the past: {proofs.refused}."
    told = [proof for proof in proofs.proofs if not proof.refused]
    if not told:
        return f"How good the list is cannot be tried on the past: {proofs.proofs[0].refused}."
    helps, misleads = [p for p in told if p.helps], [p for p in told if p.misleads]
    rest = [p for p in told if p not in helps and p not in misleads]
    did = [GONE[proof.outcome.value] for proof in helps]
    did_not = [GONE[proof.outcome.value] for proof in rest]
    start = f"Made at the end of {proofs.earlier}, such a list"
    if did and did_not:
        said = f"{start} foretold who {listed(did)}, but not who {either(did_not)}"
    elif did:
        said = f"{start} foretold who {listed(did)}"
    elif did_not:
        said = f"{start} was no better than chance at who {either(did_not)}"
    else:
        said = f"{start} foretold nothing"
    if misleads:
        said += f"; those on it {either([GONE[p.outcome.value] for p in misleads])} less often than others"
    return f"{said}."


def proof_sentence(proof: Proof, unit: str) -> str:
    """One outcome with hit rate and base rate."""
    if proof.refused or proof.gap is None or proof.low is None or proof.high is None:
        return f"{proof.outcome.value}: {proof.refused}."
    if proof.helps:
        tail = "better than chance"
    elif proof.misleads:
        tail = "rarer among those listed, beyond chance"
    else:
        tail = "no better than chance"
    return (
        f"{proof.outcome.value}: {level(proof.listed)} of {proof.listed.n:,} listed {unit}, "
        f"{level(proof.others)} of "
        f"{proof.others.n:,} others; {points(proof.gap)} ({points(proof.low)} to {points(proof.high)}), "
        f"{tail}."
    )


def risk_note(risk: Risk) -> str:
    """How reasons are made."""
    if risk.refused:
        return ""
    wait = ""
    if risk.long_wait is not None:
        long = Unit.MINUTES.level(risk.long_wait)
        wait = f" Waits unusually long: open for more than {long}, longer than 9 of 10 solved contacts took."
    alike = f"{risk.rate:.2f} contacts each, Poisson, given one"
    return (
        f"Known at the end of {risk.period}. Writes more often than chance: against {risk.unit} who are all "
        f"alike ({alike}), adjusted for {risk.looked_at:,} {risk.unit}, so about 5 % of those named so are "
        "named without cause at most; beside it the same against a negative binomial spread between them."
        f"{wait} Score fell: the newest answer lies a quarter of the scale or more below the one before and "
        "is not unhappy itself. Every reason counts one."
    )


# ---------------------------------------------------------------- cohorts, kinds


def cohort_title(found: Cohorts) -> str:
    """What the table of cohorts shows."""
    if found.refused:
        return f"Cohorts cannot be shown: {found.refused}"
    if not found.cohorts:
        return "No cohort can be shown"
    what = "are still there" if found.follow.value == "Still there" else "write"
    clear_age = found.differ
    if clear_age is None:
        tested = [age for age in found.ages if age.p_adjusted is not None]
        if not tested:
            return f"How many customers {what} later on; too few cohorts to compare"
        return f"Cohorts do not differ beyond chance in how many {what}"
    values = [
        c.cells[clear_age.step - 1].share.value
        for c in found.cohorts
        if c.cells[clear_age.step - 1].share.value is not None
    ]
    seen = [value for value in values if value is not None]
    when = f"{unit_of(found)} {clear_age.step}"
    return f"Cohorts differ in how many {what} in {when}: {min(seen):.0%} to {max(seen):.0%}"


def unit_of(found: Cohorts) -> str:
    """What a step is called."""
    return "quarter" if found.grain == "quarter" else "month"


def cohort_note(found: Cohorts) -> str:
    """How to read the table."""
    if found.refused:
        return ""
    by = "date of joining" if found.since.value == "joined" else "first contact that the data hold"
    what = (
        "share still there at its end"
        if found.follow.value == "Still there"
        else "share with a contact in it" + ("" if by == "date of joining" else ", the first one not counted")
    )
    out = " ".join(f"{n:,} customers {why}." for n, why in found.left_out)
    p = (
        ""
        if found.differ is None or found.differ.p_adjusted is None
        else f" Adjusted p {probability(found.differ.p_adjusted)}."
    )
    notes = {c.note for c in found.cohorts if c.note}
    marked = f" First cohorts: {'; '.join(sorted(notes))}." if notes else ""
    return (
        f"Cohorts by {by}; {unit_of(found)} 1 begins on that day; {what}. Grey: not yet observable for "
        "everybody, "
        f"or too few customers. {out}{p}{marked}"
    )


def cohort_alt(found: Cohorts) -> str:
    """The picture in words."""
    return f"Table of {len(found.cohorts)} cohorts by {unit_of(found)}s since: {cohort_title(found)}."


def kinds_title(found: Kinds) -> str:
    """Whether kinds of customers differ."""
    if found.refused:
        return f"Kinds of customers cannot be compared: {found.refused}"
    apart = [kind for kind in found.kinds if kind.differs]
    if not apart:
        return f"No kind of customer differs from the others beyond chance ({found.looks:,} comparisons)"
    first, figures = apart[0], numbers_of(apart[0].comparison)
    column = capital(dimension_words(first.dimension))
    more = f"; {len(apart) - 1:,} more differ" if len(apart) > 1 else ""
    values = f"{figures.now} against {figures.before} of the others"
    return f"{column} {first.name}: {inside(first.comparison.metric.name)} {values}{more}"


def customer_method(known: Known) -> tuple[str, ...]:
    """How all this was computed."""
    window = known.facts.definitions.repeat_window_days
    return (
        f"A customer is whoever has the same key; a contact is a "
        f"{'ticket' if known.grain.value == 'tickets' else 'call'}. Repeat contact: another contact within "
        f"{window} days, whatever it is about.",
        "Numbers of the catalogue are judged as on the other pages, adjusted for everything compared there.",
        "Every list on this page is a family of its own: p-values are adjusted by Benjamini-Hochberg, so "
        "about 5 % of "
        "what is named in a list is named without cause at most.",
        "Survival: Kaplan-Meier with delayed entry and log(−log) intervals, log-rank test (Mantel 1966). "
        "Shares: "
        "Wilson; differences of shares: Miettinen-Nurminen.",
        "NPS moves: exact test under symmetry; the interval of the net move adds two pairs over all "
        "kinds of moves.",
        "The list of accounts at risk is made of reasons, each worth one; it is tried on the period "
        "before: what "
        "was known then against what happened since.",
    )
